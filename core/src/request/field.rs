/// A field that a body may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `insuredId`
    InsuredId,
    /// `countryISO`
    CountryIso,
    /// `dateSchedule`
    DateSchedule,
    /// `scheduleId`
    ScheduleId,
    /// `centerId`
    CenterId,
    /// `specialtyId`
    SpecialtyId,
    /// `medicId`
    MedicId,
    /// `comments`
    Comments,
}

impl Field {
    /// Every field, in the order in which answers have them.
    pub const ALL: [Self; 8] = [
        Self::InsuredId,
        Self::CountryIso,
        Self::DateSchedule,
        Self::ScheduleId,
        Self::CenterId,
        Self::SpecialtyId,
        Self::MedicId,
        Self::Comments,
    ];

    /// Its name in the body.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InsuredId => "insuredId",
            Self::CountryIso => "countryISO",
            Self::DateSchedule => "dateSchedule",
            Self::ScheduleId => "scheduleId",
            Self::CenterId => "centerId",
            Self::SpecialtyId => "specialtyId",
            Self::MedicId => "medicId",
            Self::Comments => "comments",
        }
    }

    /// Whether a body must have it.
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(self, Self::InsuredId | Self::CountryIso | Self::DateSchedule)
    }

    /// The field that `name` spells but for capitals and separators: `insured_id` and `InsuredID` are `insuredId`.
    #[must_use]
    pub fn meant_by(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|field| letters(field.name()).eq(letters(name)))
    }
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|character| !matches!(character, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
}

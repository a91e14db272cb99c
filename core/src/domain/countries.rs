use super::Country;

/// Some of the countries that are served: those that somebody may act for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Countries {
    contained: [bool; Country::ALL.len()],
}

impl Countries {
    /// Every country that is served.
    pub const ALL: Self = Self {
        contained: [true; Country::ALL.len()],
    };
    /// No country.
    pub const NONE: Self = Self {
        contained: [false; Country::ALL.len()],
    };

    /// Whether the country is one of them.
    #[must_use]
    pub fn contains(self, country: Country) -> bool {
        self.iter().any(|contained| contained == country)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// Whether no country that is served is missing.
    #[must_use]
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// They, in the order of [`Country::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Country> {
        Country::ALL
            .into_iter()
            .zip(self.contained)
            .filter_map(|(country, contained)| contained.then_some(country))
    }
}

impl FromIterator<Country> for Countries {
    fn from_iter<I: IntoIterator<Item = Country>>(countries: I) -> Self {
        let mut some = Self::NONE;
        for country in countries {
            for (place, known) in some.contained.iter_mut().zip(Country::ALL) {
                *place |= known == country;
            }
        }
        some
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        let one = Countries::from_iter([Country::CL, Country::CL]);
        assert_eq!(one.iter().collect::<Vec<_>>(), [Country::CL]);
        assert!(one.contains(Country::CL) && !one.contains(Country::PE));
        assert!(!one.is_all() && !one.is_empty());
        assert!(Countries::from_iter(Country::ALL).is_all());
        assert!(Countries::from_iter([]).is_empty());
    }
}

use serde::Serialize;

/// A length of time in whole seconds, the unit of every CloudFormation property that uses this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Seconds(pub u32);

impl Seconds {
    /// So many days.
    pub const fn days(days: u32) -> Self {
        Self(days * 24 * 60 * 60)
    }

    /// So many times this length.
    #[must_use]
    pub const fn times(self, factor: u32) -> Self {
        Self(self.0 * factor)
    }
}

/// An amount of memory in MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mebibytes(pub u32);

/// How many days CloudWatch keeps a log event: one of [`RetentionDays::ALLOWED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RetentionDays(u16);

impl RetentionDays {
    /// What CloudWatch Logs takes (`PutRetentionPolicy`, `retentionInDays`); every other number is refused.
    pub const ALLOWED: [u16; 22] = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
        3653,
    ];

    /// The retention, if CloudWatch allows that many days.
    pub fn new(days: u16) -> Option<Self> {
        Self::ALLOWED.contains(&days).then_some(Self(days))
    }

    /// The number of days.
    pub fn days(self) -> u16 {
        self.0
    }
}

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{AppointmentId, Moment};

/// The longest time between two announcements.
const LONGEST_DELAY: SignedDuration = SignedDuration::from_secs(3600);
/// The last instant of the calendar in whole days: the due time of what is not announced again by itself.
const NEVER: Timestamp = Timestamp::constant(253_402_128_000, 0);

/// That a pending appointment still has to be announced, and when that is due.
///
/// It is stored with the appointment in the write that creates it, and goes with the one that completes it, so that
/// no crash between the table and the topic can strand an appointment. Its fields are the key of a sparse index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The part of the index that the appointment is in.
    #[serde(rename = "announceShard")]
    pub shard: AnnounceShard,
    /// When it is due to be announced again.
    #[serde(rename = "announceAfter")]
    pub after: Moment,
    /// How often it was announced again.
    #[serde(rename = "announcements", default)]
    pub count: u32,
}

impl Announcement {
    /// After so many announcements only a person starts it again: about a day of them changed nothing.
    pub const MOST: u32 = 24;
    /// How long a country may take before its appointment is announced to it again, and a run before another one takes over
    /// what it has claimed.
    pub const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(120);

    /// The first: due where the announcement that follows the creation was lost.
    #[must_use]
    pub fn first(id: &AppointmentId, created: Timestamp) -> Self {
        Self {
            shard: AnnounceShard::of(id),
            after: later(created, Self::FIRST_DELAY),
            count: 0,
        }
    }

    /// What it is for the run that announces it now: due again if that run does not come to its end.
    #[must_use]
    pub fn claimed(&self, now: Timestamp) -> Self {
        Self {
            after: later(now, Self::FIRST_DELAY),
            ..self.clone()
        }
    }

    /// What it is once announced: due after twice the time of before, up to an hour; never after the last one.
    #[must_use]
    pub fn announced(&self, now: Timestamp) -> Self {
        let count = self.count.saturating_add(1);
        let doublings = count.min(5);
        let delay = SignedDuration::from_secs(Self::FIRST_DELAY.as_secs() << doublings).min(LONGEST_DELAY);
        let after = if count >= Self::MOST {
            Moment::new(NEVER)
        } else {
            later(now, delay)
        };
        Self {
            shard: self.shard,
            after,
            count,
        }
    }

    /// The moment before which an appointment must have been created to count as waiting at `now`.
    #[must_use]
    pub fn waiting_since(now: Timestamp) -> Moment {
        Moment::new(now.checked_sub(Self::FIRST_DELAY).unwrap_or(Timestamp::MIN))
    }
}

// An instant that the calendar does not have is due at once, which is safe: announcing may be repeated.
fn later(instant: Timestamp, delay: SignedDuration) -> Moment {
    Moment::new(instant.checked_add(delay).unwrap_or(instant))
}

/// A part of the index over what has to be announced: `0` to `7`, by the appointment's id.
///
/// One key for all would be one partition, and take no more writes than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AnnounceShard {
    /// The first.
    #[serde(rename = "0")]
    S0,
    /// The second.
    #[serde(rename = "1")]
    S1,
    /// The third.
    #[serde(rename = "2")]
    S2,
    /// The fourth.
    #[serde(rename = "3")]
    S3,
    /// The fifth.
    #[serde(rename = "4")]
    S4,
    /// The sixth.
    #[serde(rename = "5")]
    S5,
    /// The seventh.
    #[serde(rename = "6")]
    S6,
    /// The eighth.
    #[serde(rename = "7")]
    S7,
}

impl AnnounceShard {
    /// Every shard.
    pub const ALL: [Self; 8] = [
        Self::S0,
        Self::S1,
        Self::S2,
        Self::S3,
        Self::S4,
        Self::S5,
        Self::S6,
        Self::S7,
    ];

    /// The shard of an appointment. The last byte of its id is random in every kind of UUID that is used.
    #[must_use]
    pub fn of(id: &AppointmentId) -> Self {
        let last = id.as_uuid().as_bytes()[15];
        Self::ALL[usize::from(last) % Self::ALL.len()]
    }

    /// The text that is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S0 => "0",
            Self::S1 => "1",
            Self::S2 => "2",
            Self::S3 => "3",
            Self::S4 => "4",
            Self::S5 => "5",
            Self::S6 => "6",
            Self::S7 => "7",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    #[test]
    fn delays_double_from_four_minutes_to_an_hour_and_end_after_the_last() {
        let id = AppointmentId::new(uuid::Uuid::from_u128(13));
        let mut announcement = Announcement::first(&id, now());
        assert_eq!(announcement.shard, AnnounceShard::S5);
        let mut minutes = vec![announcement.after.as_timestamp().as_second() / 60];
        for _ in 0..7 {
            announcement = announcement.claimed(now()).announced(now());
            minutes.push(announcement.after.as_timestamp().as_second() / 60);
        }
        assert_eq!(minutes, [2, 4, 8, 16, 32, 60, 60, 60]);
        announcement.count = Announcement::MOST - 1;
        let last = announcement.announced(now());
        assert_eq!(last.after.to_string(), "9999-12-30T00:00:00.000Z");
    }
}

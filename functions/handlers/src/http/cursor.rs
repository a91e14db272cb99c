//! The places of a list as texts that a client can keep and cannot make.
//!
//! A cursor holds a version, when it expires, and the place, in base64url; and an HMAC-SHA256 over these and over what
//! it must be used with: the insured, the filter, and the countries that the caller may see. The insured is not in it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use schedule_core::{
    AppointmentId, Country,
    authorization::MayRead,
    ports::{AppointmentFilter, CursorKey, Position},
};
use sha2::Sha256;

const VERSION: u8 = 1;
/// How long a cursor is good for: a day's work on a list.
const LIFE: SignedDuration = SignedDuration::from_hours(24);
const TAG_BYTES: usize = 32;
/// Longer than any cursor that was given out.
const MAX_CHARACTERS: usize = 256;

/// What a cursor must be used with.
#[derive(Clone, Copy)]
pub(super) struct Binding<'a> {
    pub(super) permitted: &'a MayRead,
    pub(super) filter: &'a AppointmentFilter,
}

/// The cursor of a place; none if the key is none.
pub(super) fn seal(
    place: &Position,
    binding: Binding<'_>,
    now: Timestamp,
    key: &CursorKey,
) -> Option<String> {
    let expires = now.checked_add(LIFE).unwrap_or(Timestamp::MAX).as_second();
    let mut bytes = vec![VERSION];
    bytes.extend(expires.to_be_bytes());
    bytes.extend(place.appointment_id.as_uuid().as_bytes());
    bytes.extend(place.date_schedule.as_bytes());
    let tag = signature(&bytes, binding, key)?.finalize().into_bytes();
    bytes.extend(tag);
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// The place of a cursor, if it was sealed with the same key and binding and has not expired.
pub(super) fn open(text: &str, binding: Binding<'_>, now: Timestamp, key: &CursorKey) -> Option<Position> {
    if text.len() > MAX_CHARACTERS {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (signed, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG_BYTES)?)?;
    // In constant time.
    signature(signed, binding, key)?.verify_slice(tag).ok()?;
    let (&version, rest) = signed.split_first()?;
    let (expires, rest) = rest.split_first_chunk::<8>()?;
    let (id, date_schedule) = rest.split_first_chunk::<16>()?;
    if version != VERSION || i64::from_be_bytes(*expires) < now.as_second() {
        return None;
    }
    Some(Position {
        date_schedule: String::from_utf8(date_schedule.to_vec()).ok()?,
        appointment_id: AppointmentId::from_bytes(*id),
    })
}

fn signature(signed: &[u8], binding: Binding<'_>, key: &CursorKey) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    let AppointmentFilter { from, to, status } = binding.filter;
    let text = |part: Option<String>| part.unwrap_or_default();
    let countries: Vec<_> = binding
        .permitted
        .countries()
        .iter()
        .map(Country::as_str)
        .collect();
    for part in [
        b"medical-schedule cursor",
        signed,
        binding.permitted.insured_id().as_str().as_bytes(),
        text(from.map(|date| date.to_string())).as_bytes(),
        text(to.map(|date| date.to_string())).as_bytes(),
        text(status.map(|status| status.to_string())).as_bytes(),
        countries.join(" ").as_bytes(),
    ] {
        // With its length before it, no two lists of parts are the same sequence of bytes.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    Some(mac)
}

#[cfg(test)]
mod tests {
    use schedule_core::{
        InsuredId, Status,
        authorization::{Caller, Claims},
        doubles::sample_appointment,
    };

    use super::*;

    fn key() -> CursorKey {
        CursorKey::new(&[7; 32]).expect("a key")
    }

    fn reading(insured: &str, countries: Option<&str>) -> MayRead {
        let claims = Claims::read(["appointments:read"], Some(insured), countries);
        let insured_id = InsuredId::new(insured).expect("an insured id");
        Caller::bearer(claims).may_read(insured_id).expect("its own")
    }

    fn now() -> Timestamp {
        "2030-01-01T00:00:00Z".parse().expect("an instant")
    }

    fn place() -> Position {
        Position::from(&sample_appointment(1, Country::PE))
    }

    #[test]
    fn a_cursor_opens_for_a_day_with_what_it_was_made_for_and_with_nothing_else() {
        let permitted = reading("00123", None);
        let filter = AppointmentFilter {
            from: Some(sample_appointment(0, Country::PE).date_schedule),
            to: None,
            status: Some(Status::Pending),
        };
        let binding = Binding {
            permitted: &permitted,
            filter: &filter,
        };
        let text = seal(&place(), binding, now(), &key()).expect("a cursor");
        assert_eq!(open(&text, binding, now(), &key()), Some(place()));
        assert_eq!(open(&text, binding, now() + LIFE, &key()), Some(place()));
        let second = SignedDuration::from_secs(1);
        assert_eq!(open(&text, binding, now() + LIFE + second, &key()), None);

        let other_key = CursorKey::new(&[8; 32]).expect("a key");
        assert_eq!(open(&text, binding, now(), &other_key), None);
        for permitted in [reading("0012", None), reading("00123", Some("PE"))] {
            let other = Binding {
                permitted: &permitted,
                ..binding
            };
            assert_eq!(open(&text, other, now(), &key()), None);
        }
        for filter in [
            AppointmentFilter {
                status: None,
                ..filter
            },
            AppointmentFilter {
                from: None,
                to: filter.from,
                ..filter
            },
            AppointmentFilter {
                to: filter.from,
                ..filter
            },
        ] {
            let other = Binding {
                filter: &filter,
                ..binding
            };
            assert_eq!(open(&text, other, now(), &key()), None);
        }
    }

    #[test]
    fn a_cursor_with_any_byte_changed_or_cut_opens_nothing_and_none_shows_the_insured() {
        let permitted = reading("00123", None);
        let binding = Binding {
            permitted: &permitted,
            filter: &AppointmentFilter::default(),
        };
        let text = seal(&place(), binding, now(), &key()).expect("a cursor");
        let bytes = URL_SAFE_NO_PAD.decode(&text).expect("base64url");
        assert!(!bytes.windows(5).any(|window| window == b"00123"));
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let changed = URL_SAFE_NO_PAD.encode(changed);
            assert_eq!(open(&changed, binding, now(), &key()), None, "byte {place}");
            let cut = URL_SAFE_NO_PAD.encode(&bytes[..place]);
            assert_eq!(open(&cut, binding, now(), &key()), None, "{place} bytes");
        }
        for text in ["", "=", "ñ", &"A".repeat(5_000), &format!("{text}=")] {
            assert_eq!(open(text, binding, now(), &key()), None, "{text}");
        }
    }
}

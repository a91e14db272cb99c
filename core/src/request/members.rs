use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{BodyError, Fault, FaultKind, JsonType};
use crate::json_fault::JsonFault;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The members of a JSON object as they were written, repeated names included.
pub(super) struct Members(pub(super) Vec<(String, Found)>);

/// The value of a member, as far as it matters: only a text can be right.
///
/// What else there is is passed over as it stands, so that lists within lists cost no stack, and a number that is too
/// large for any type is a number in the wrong place and nothing worse.
pub(super) enum Found {
    Text(String),
    /// A text with half of a surrogate pair in it.
    NotUnicode,
    Other(JsonType),
}

/// The members of a body.
pub(super) fn read(body: &[u8]) -> Result<Members, BodyError> {
    if body.starts_with(BYTE_ORDER_MARK) {
        return Err(BodyError::NotJson(JsonFault::BYTE_ORDER_MARK));
    }
    serde_json::from_slice(body).map_err(|error| {
        // The only data error is a body that is no object, and it comes before the rest has been read.
        match error.is_data().then(|| serde_json::from_slice::<&RawValue>(body)) {
            Some(Ok(_)) => BodyError::Refused(vec![Fault::of_body(FaultKind::NotAnObject {
                found: json_type(body.trim_ascii_start()),
            })]),
            Some(Err(error)) => BodyError::NotJson(JsonFault::of(&error, body)),
            None => BodyError::NotJson(JsonFault::of(&error, body)),
        }
    })
}

impl From<&RawValue> for Found {
    fn from(value: &RawValue) -> Self {
        match json_type(value.get().as_bytes()) {
            JsonType::Text => serde_json::from_str(value.get()).map_or(Self::NotUnicode, Self::Text),
            other => Self::Other(other),
        }
    }
}

/// The type of a JSON value, which its first character tells.
fn json_type(json: &[u8]) -> JsonType {
    match json.first() {
        Some(b'"') => JsonType::Text,
        Some(b'{') => JsonType::Object,
        Some(b'[') => JsonType::List,
        Some(b't' | b'f') => JsonType::Boolean,
        Some(b'n') => JsonType::Null,
        _ => JsonType::Number,
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            members.push((name, Found::from(value)));
        }
        Ok(Members(members))
    }
}

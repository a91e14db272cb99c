use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

use super::{BodyError, Fault, FaultKind, JsonType};

/// The members of a JSON object as they were written, repeated names included.
pub(super) struct Members(pub(super) Vec<(String, Value)>);

/// The members of a body.
pub(super) fn read(body: &[u8]) -> Result<Members, BodyError> {
    serde_json::from_slice(body).map_err(|error| {
        // The only data error is a body that is no object, and it comes before the rest has been read.
        match error.is_data().then(|| serde_json::from_slice::<Value>(body)) {
            Some(Ok(value)) => BodyError::Refused(vec![Fault::of_body(FaultKind::NotAnObject {
                found: JsonType::from(&value),
            })]),
            Some(Err(error)) => BodyError::NotJson(error.into()),
            None => BodyError::NotJson(error.into()),
        }
    })
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
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

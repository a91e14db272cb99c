use std::{fmt, marker::PhantomData};

use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::kind::{AccountId, AnyArn, Arn, Text};

/// A literal or an intrinsic function, typed by what it names.
///
/// `Value<QueueArn>` and `Value<TopicArn>` are different types, so one cannot stand where the other is wanted.
/// [`Handle`](crate::Handle)s give the values of what a stack declares. The constructors here are for what is
/// outside the stack; they take the caller's word for the kind.
pub struct Value<T> {
    json: Json,
    kind: PhantomData<fn() -> T>,
}

impl<T> Value<T> {
    /// The text itself.
    pub fn literal(text: impl Into<String>) -> Self {
        Self::from_json(Json::String(text.into()))
    }

    /// `Fn::Sub`: each `${Name}`, `${Name.Attribute}` and `${AWS::Pseudo}` in the text is replaced.
    /// [`Stack::synth`](crate::Stack::synth) refuses a name that the stack does not declare.
    pub fn sub(text: impl Into<String>) -> Self {
        Self::from_json(json!({ "Fn::Sub": text.into() }))
    }

    /// `Fn::Join`: the parts with the delimiter between them.
    pub fn join(delimiter: &str, parts: &[Value<Text>]) -> Self {
        let parts: Vec<&Json> = parts.iter().map(|part| &part.json).collect();
        Self::from_json(json!({ "Fn::Join": [delimiter, parts] }))
    }

    /// The same value with its kind forgotten, for places that take any text (an environment variable, an output).
    pub fn text(&self) -> Value<Text> {
        Value::from_json(self.json.clone())
    }

    pub(crate) fn reference(logical_id: &str) -> Self {
        Self::from_json(json!({ "Ref": logical_id }))
    }

    pub(crate) fn attribute(logical_id: &str, name: &str) -> Self {
        Self::from_json(json!({ "Fn::GetAtt": [logical_id, name] }))
    }

    /// The value as a piece of a text that `Fn::Sub` completes.
    pub(crate) fn in_sub(&self) -> String {
        in_sub(&self.json)
    }

    fn from_json(json: Json) -> Self {
        Self {
            json,
            kind: PhantomData,
        }
    }
}

/// Every shape that a [`Value`] may have.
fn in_sub(json: &Json) -> String {
    if let Json::String(id) = &json["Ref"] {
        format!("${{{id}}}")
    } else if let Json::Array(parts) = &json["Fn::GetAtt"] {
        let parts: Vec<&str> = parts.iter().filter_map(Json::as_str).collect();
        format!("${{{}}}", parts.join("."))
    } else if let Json::String(text) = &json["Fn::Sub"] {
        text.clone()
    } else if let [delimiter, Json::Array(parts)] = json["Fn::Join"].as_array().map_or(&[][..], Vec::as_slice)
    {
        let parts: Vec<String> = parts.iter().map(in_sub).collect();
        parts.join(&in_sub(delimiter))
    } else {
        // `${!` is how `Fn::Sub` is told to leave `${` alone.
        json.as_str().unwrap_or_default().replace("${", "${!")
    }
}

impl<T: Arn> Value<T> {
    /// The ARN of something in the stack's own partition, region and account: `arn:…:<service>:…:<resource>`.
    ///
    /// For the few places where `Fn::GetAtt` would close a circle, because two resources name each other.
    pub fn arn_here(service: &str, resource: &str) -> Self {
        Self::sub(format!(
            "arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{resource}"
        ))
    }

    /// The same ARN, of no particular kind.
    pub fn any(&self) -> Value<AnyArn> {
        Value::from_json(self.json.clone())
    }
}

impl Value<AccountId> {
    /// The account that the stack is deployed to (`AWS::AccountId`).
    pub fn account_id() -> Self {
        Self::reference("AWS::AccountId")
    }
}

impl From<&str> for Value<Text> {
    fn from(text: &str) -> Self {
        Self::literal(text)
    }
}

impl From<String> for Value<Text> {
    fn from(text: String) -> Self {
        Self::literal(text)
    }
}

// Derives would ask `T` for each trait, and `T` is never a value.
impl<T> Clone for Value<T> {
    fn clone(&self) -> Self {
        Self::from_json(self.json.clone())
    }
}

impl<T> PartialEq for Value<T> {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

impl<T> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.json, f)
    }
}

impl<T> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_can_be_a_piece_of_a_sub() {
        let parts = [
            Value::literal("a ${b}"),
            Value::reference("Queue"),
            Value::attribute("Queue", "Arn"),
            Value::sub("${AWS::Region}"),
        ];
        let joined = Value::<Text>::join("/${x}/", &parts);
        assert_eq!(
            joined.in_sub(),
            "a ${!b}/${!x}/${Queue}/${!x}/${Queue.Arn}/${!x}/${AWS::Region}"
        );
    }
}

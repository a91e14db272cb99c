//! How the faults of a body are said in English. No text repeats what the client sent.

use super::{Fault, FaultKind, Field, JsonType};
use crate::domain::{Comments, CommentsError, InsuredId, InsuredIdError, Reference, ReferenceError};

/// Says what is wrong and what is expected, as a sentence for the person who sent the body.
#[must_use]
pub fn detail(fault: &Fault) -> String {
    match fault.kind {
        FaultKind::NotAnObject { found } => {
            format!("The body must be a JSON object; received {}.", json_type(found))
        }
        FaultKind::UnknownField { meant: Some(field) } => {
            format!("Unknown field; did you mean \"{}\"?", field.name())
        }
        FaultKind::UnknownField { meant: None } => {
            let names = Field::ALL.map(Field::name).join(", ");
            format!("Unknown field; the fields that may be sent are: {names}.")
        }
        FaultKind::Repeated(_) => "The field appears more than once; send it once.".to_owned(),
        FaultKind::Missing(field) => format!("This required field is missing: {}.", expected(field)),
        FaultKind::NotText {
            field: Field::InsuredId,
            found: JsonType::Number,
        } => format!(
            "Send it as text in quotes, not as a number, so that leading zeros are kept: {}.",
            expected(Field::InsuredId)
        ),
        FaultKind::NotText {
            field,
            found: JsonType::Null,
        } if !field.is_required() => {
            format!("Received null; leave the field out or send {}.", expected(field))
        }
        FaultKind::NotText { field, found } => {
            format!("Received {}; expected {}.", json_type(found), expected(field))
        }
        FaultKind::InsuredId(InsuredIdError::Empty) => {
            format!("It must not be empty; expected {}.", expected(Field::InsuredId))
        }
        FaultKind::InsuredId(InsuredIdError::TooLong) => {
            format!("It is too long; expected {}.", expected(Field::InsuredId))
        }
        FaultKind::InsuredId(InsuredIdError::Characters) => {
            format!(
                "It has characters that are not allowed; expected {}.",
                expected(Field::InsuredId)
            )
        }
        FaultKind::UnknownCountry => {
            format!(
                "The country is not served; expected {}.",
                expected(Field::CountryIso)
            )
        }
        FaultKind::NotADateTime => {
            format!(
                "It is not a valid date and time; expected {}.",
                expected(Field::DateSchedule)
            )
        }
        FaultKind::NotInFuture => {
            "The date and time of the appointment must be later than the present moment.".to_owned()
        }
        FaultKind::Reference(ReferenceError::Empty) => format!(
            "It must not be empty; leave the field out or send text of 1 to {} characters.",
            Reference::MAX_CHARACTERS
        ),
        FaultKind::Reference(ReferenceError::TooLong) => {
            format!(
                "It is too long; expected text of 1 to {} characters.",
                Reference::MAX_CHARACTERS
            )
        }
        FaultKind::Reference(ReferenceError::ControlCharacter) => {
            "It has control characters, which are not allowed.".to_owned()
        }
        FaultKind::Comments(CommentsError::ControlCharacter) => {
            "It has control characters; only tabs and ends of lines are allowed.".to_owned()
        }
        FaultKind::NotUnicode(field) => format!(
            "It has half of a Unicode surrogate pair (\\ud800 to \\udfff); expected {}.",
            expected(field)
        ),
        FaultKind::Comments(CommentsError::TooLong) => {
            format!("It is too long; expected {}.", expected(Field::Comments))
        }
    }
}

/// What a field must hold, as the end of a sentence.
#[must_use]
pub fn expected(field: Field) -> String {
    match field {
        Field::InsuredId => format!(
            "text of 1 to {} characters, only letters from A to Z without accents, digits or hyphens (-)",
            InsuredId::MAX_CHARACTERS
        ),
        Field::CountryIso => "\"PE\" (Peru) or \"CL\" (Chile)".to_owned(),
        Field::DateSchedule => "a future date and time in RFC 3339 format with a UTC offset, \
             for example 2030-05-20T15:30:00-05:00"
            .to_owned(),
        Field::ScheduleId | Field::CenterId | Field::SpecialtyId | Field::MedicId => {
            format!("text of 1 to {} characters", Reference::MAX_CHARACTERS)
        }
        Field::Comments => format!("text of at most {} characters", Comments::MAX_CHARACTERS),
    }
}

const fn json_type(found: JsonType) -> &'static str {
    match found {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Number => "a number",
        JsonType::Text => "a string",
        JsonType::List => "an array",
        JsonType::Object => "an object",
    }
}

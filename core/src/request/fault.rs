use std::fmt;

use super::{Field, english, spanish};
use crate::{
    domain::{CommentsError, InsuredIdError, ReferenceError},
    language::Language,
};

/// One thing that is wrong with a body, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place as a JSON Pointer (RFC 6901); empty for the body as a whole.
    pub pointer: String,
    /// What is wrong there.
    pub kind: FaultKind,
}

impl Fault {
    /// Says what is wrong and what is expected, as a sentence for the person who sent the body.
    #[must_use]
    pub fn detail(&self, language: Language) -> String {
        match language {
            Language::Spanish => spanish::detail(self),
            Language::English => english::detail(self),
        }
    }

    /// A fault of the body as a whole.
    pub(super) const fn of_body(kind: FaultKind) -> Self {
        Self {
            pointer: String::new(),
            kind,
        }
    }

    /// A fault of the member with this name.
    pub(super) fn of_member(name: &str, kind: FaultKind) -> Self {
        Self {
            pointer: format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            kind,
        }
    }
}

// The name of an unknown member is the client's text and may say anything about a patient.
impl fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = match self.kind {
            FaultKind::UnknownField { .. } => "/(hidden)",
            _ => &self.pointer,
        };
        formatter
            .debug_struct("Fault")
            .field("pointer", &pointer)
            .field("kind", &self.kind)
            .finish()
    }
}

/// What can be wrong with a body. How it is said to a person is in the module of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The body is JSON, but no object.
    NotAnObject {
        /// What it is instead.
        found: JsonType,
    },
    /// There is no such field.
    UnknownField {
        /// The field that was probably meant.
        meant: Option<Field>,
    },
    /// The field is there more than once.
    Repeated(Field),
    /// The field is needed, and absent.
    Missing(Field),
    /// The value is not a string.
    NotText {
        /// The field.
        field: Field,
        /// What the value is instead.
        found: JsonType,
    },
    /// The value is a string, but no text: half of a surrogate pair is in it.
    NotUnicode(Field),
    /// The text is no insured id.
    InsuredId(InsuredIdError),
    /// The text is no country that is served.
    UnknownCountry,
    /// The text is no RFC 3339 date-time with offset, or no date of the calendar.
    NotADateTime,
    /// The date is the present or lies in the past.
    NotInFuture,
    /// The text is no reference.
    Reference(ReferenceError),
    /// The text is no comments.
    Comments(CommentsError),
}

/// The types of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// An object.
    Object,
}

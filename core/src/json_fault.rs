//! Says what is wrong with a JSON text without repeating any of it.
//!
//! A message of `serde_json` quotes the value that it stumbled over, and here that value may belong to a patient's
//! record. This type keeps the kind and the place, and drops the rest.

use std::fmt;

/// What was wrong with a JSON text, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonFault {
    kind: JsonFaultKind,
    line: usize,
    column: usize,
}

/// The ways in which a JSON text can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonFaultKind {
    /// It is not JSON.
    Syntax,
    /// It ends before it is complete.
    Incomplete,
    /// It begins with a byte order mark, which JSON must not have (RFC 8259, section 8.1).
    ByteOrderMark,
    /// It is JSON, but a value is missing, or is not of the expected type or form.
    Shape,
}

impl JsonFault {
    /// The fault of a text that begins with a byte order mark.
    pub(crate) const BYTE_ORDER_MARK: Self = Self {
        kind: JsonFaultKind::ByteOrderMark,
        line: 1,
        column: 1,
    };

    /// The kind of fault.
    #[must_use]
    pub const fn kind(&self) -> JsonFaultKind {
        self.kind
    }

    /// The line of the text, from 1; 0 if the place is not known.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column of the line, from 1; 0 if the line has nothing at all.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }
}

impl From<&serde_json::Error> for JsonFault {
    fn from(error: &serde_json::Error) -> Self {
        use serde_json::error::Category;
        let kind = match error.classify() {
            Category::Eof => JsonFaultKind::Incomplete,
            Category::Data => JsonFaultKind::Shape,
            Category::Syntax | Category::Io => JsonFaultKind::Syntax,
        };
        Self {
            kind,
            line: error.line(),
            column: error.column(),
        }
    }
}

impl From<serde_json::Error> for JsonFault {
    fn from(error: serde_json::Error) -> Self {
        Self::from(&error)
    }
}

impl fmt::Display for JsonFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.kind {
            JsonFaultKind::Syntax => "not JSON",
            JsonFaultKind::ByteOrderMark => "JSON after a byte order mark",
            JsonFaultKind::Incomplete => "JSON that ends too early",
            JsonFaultKind::Shape => "JSON of another shape than expected",
        };
        match self.line {
            0 => formatter.write_str(fault),
            line => write!(formatter, "{fault}, at line {line} column {}", self.column),
        }
    }
}

impl std::error::Error for JsonFault {}

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

    /// The fault of a text, with its place as who wrote the text counts it: in characters, and not behind the end of a line.
    pub(crate) fn of(error: &serde_json::Error, text: &[u8]) -> Self {
        let fault = Self::from(error);
        if text.trim_ascii().is_empty() {
            return Self {
                line: 1,
                column: 0,
                ..fault
            };
        }
        let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        let characters = |bytes: &[u8]| bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        let line_at = |line: usize| line.checked_sub(1).and_then(|place| lines.get(place).copied());
        match (fault.column, line_at(fault.line)) {
            // The line's end itself is at fault.
            (0, _) if fault.line > 1 => Self {
                line: fault.line - 1,
                column: line_at(fault.line - 1).map_or(0, characters) + 1,
                ..fault
            },
            (column, Some(line)) => Self {
                column: line.get(..column).map_or(column, characters),
                ..fault
            },
            (_, None) => fault,
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, place: (usize, usize)) {
        let error = serde_json::from_str::<serde_json::Value>(text).expect_err("no JSON");
        let fault = JsonFault::of(&error, text.as_bytes());
        assert_eq!((fault.line(), fault.column()), place, "{text:?}");
    }

    #[test]
    fn a_place_is_counted_in_characters() {
        check("{\"a\": x}", (1, 7));
        check("{\"insuredId\": \"ñandú ñandú\", x}", (1, 30));
        check("{\n  \"ñ\": }", (2, 8));
    }

    #[test]
    fn a_lines_end_that_is_at_fault_is_on_its_line() {
        check("{\"a\n\":1}", (1, 4));
    }

    #[test]
    fn a_body_of_blanks_is_as_empty_as_none() {
        for text in ["", "   ", "\n\t\n"] {
            check(text, (1, 0));
        }
    }
}

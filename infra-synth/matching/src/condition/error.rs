use thiserror::Error;

/// Why a pattern or a filter policy was refused; every variant carries the JSON pointer of the fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "a field is what the message says of it")]
pub enum PatternError {
    /// A pattern, or a level of it, is not a JSON object.
    #[error("`{path}` is {found}, expected an object of field names")]
    NotAnObject { path: String, found: &'static str },

    /// A field's condition is neither a list nor, where nesting is allowed, an object.
    #[error("`{path}` is {found}, expected {expected}")]
    NotAList {
        path: String,
        found: &'static str,
        expected: &'static str,
    },

    /// An empty object or list, which could never match.
    #[error("`{path}` is empty; name at least one {expected}")]
    Empty { path: String, expected: &'static str },

    /// A list among the values of a list.
    #[error("`{path}` is a list inside a list, expected a string, a number, a boolean, null or an operator")]
    NestedList { path: String },

    /// An operator that exists in AWS but not here, or in neither.
    #[error("`{path}` uses `{operator}`, which is not supported here; use {supported}")]
    UnsupportedOperator {
        path: String,
        operator: String,
        supported: &'static str,
    },

    /// An operator object with no operator, or with several.
    #[error("`{path}` holds {count} operators, expected exactly one")]
    OperatorCount { path: String, count: usize },

    /// An operator whose operand is of the wrong shape.
    #[error("`{path}` is not a valid operand of `{operator}`: expected {expected}")]
    Operand {
        path: String,
        operator: &'static str,
        expected: &'static str,
    },

    /// A bound that the service does not take.
    #[error("`{path}` holds the number `{number}`, outside the range {lowest} to {highest} that is compared")]
    NumberOutOfRange {
        path: String,
        number: String,
        lowest: i64,
        highest: i64,
    },

    /// More attribute names than a filter policy may have.
    #[error("the filter policy names {count} attributes, at most {limit} are allowed")]
    TooManyKeys { count: usize, limit: usize },

    /// More combinations of values than a filter policy may have.
    #[error("the filter policy has {count} combinations of values, at most {limit} are allowed")]
    TooManyCombinations { count: usize, limit: usize },
}

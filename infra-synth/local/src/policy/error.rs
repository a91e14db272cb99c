use thiserror::Error;

/// Why a policy was refused; every variant carries the JSON pointer of the fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum PolicyError {
    /// A part of the policy is not of the shape that its element takes.
    #[error("`{path}` is not {expected}")]
    Shape { path: String, expected: &'static str },

    /// An element that a statement or a document needs.
    #[error("`{path}` has no `{element}`")]
    Missing { path: String, element: &'static str },

    /// An element that is not evaluated here, or that does not exist.
    #[error("`{path}` has the element `{element}`, which is not supported here; {instead}")]
    UnsupportedElement {
        path: String,
        element: String,
        instead: &'static str,
    },

    /// An element whose value AWS does not know, or which is not evaluated here.
    #[error("`{path}` is `{value}`, expected {expected}")]
    Value {
        path: String,
        value: String,
        expected: &'static str,
    },

    /// `${aws:username}` and the like.
    #[error(
        "`{path}` holds a policy variable in `{value}`, which is not supported here; write the value out"
    )]
    Variable { path: String, value: String },

    /// A condition operator that is not evaluated here.
    #[error(
        "`{path}` uses the condition operator `{operator}`, which is not supported here; use {supported}"
    )]
    UnsupportedOperator {
        path: String,
        operator: String,
        supported: &'static str,
    },

    /// A context key that no call here carries.
    #[error("`{path}` tests the context key `{key}`, which is not known here; use one of {known}")]
    UnknownContextKey {
        path: String,
        key: String,
        known: String,
    },
}

//! The HTTP API as an OpenAPI 3.1 document.
//!
//! [`DOCUMENT`] is the committed one, and costs nothing to have. With the feature `generate`, `document` makes it from
//! the types that parse requests and write answers, so that it cannot say what they do not do; a test compares the two.
#![warn(missing_docs)]

#[cfg(feature = "generate")]
mod document;
#[cfg(feature = "generate")]
pub use document::document;

/// The document, as JSON.
pub const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

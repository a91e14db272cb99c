//! Reads the body of `POST /appointments`.

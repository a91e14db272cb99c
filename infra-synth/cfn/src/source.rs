use std::{fmt, panic::Location};

/// The line that declared a resource, as the compiler names it: `stacks/src/storage.rs:12`.
///
/// Kept beside a template and never in it, so that moving a line changes no template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLine {
    /// The file, relative to the workspace for a member of it.
    pub file: &'static str,
    /// The line in that file, from 1.
    pub line: u32,
}

impl From<&'static Location<'static>> for SourceLine {
    fn from(location: &'static Location<'static>) -> Self {
        Self {
            file: location.file(),
            line: location.line(),
        }
    }
}

impl fmt::Display for SourceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

use crate::SourceLine;

/// A rule that a resource does not keep, and why that is right.
///
/// Kept beside a template and never in it, like the source lines: what a reviewer was told is no business of
/// CloudFormation's, and a better reason must not be a change of the deployed stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The resource.
    pub logical_id: String,
    /// The rule's id, for example `tracing`.
    pub rule: &'static str,
    /// Why the rule need not be kept here.
    pub reason: &'static str,
    /// The line that declared the exception.
    pub at: SourceLine,
}

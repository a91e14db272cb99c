use super::principal::account_of;
use super::wildcard::Wildcard;
use super::{Principal, Request};

/// One key of a `Condition` block under its operator; a statement applies when all of them hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) key: &'static str,
    pub(super) operator: Operator,
    /// Without any of them the operator accepts nothing, and its negation everything.
    pub(super) accepted: Vec<Accepted>,
}

/// A condition operator, taken apart: `ArnNotLikeIfExists` negates and tolerates absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) comparison: Comparison,
    pub(super) negated: bool,
    pub(super) if_exists: bool,
}

/// How a value of the request is compared with one of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    StringEquals,
    StringLike,
    /// `ArnEquals` and `ArnLike`, which AWS evaluates alike.
    Arn,
    Bool,
}

/// A value of the policy, prepared for its comparison.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Accepted {
    Text(String),
    Like(Wildcard),
    /// The six parts of an ARN; no wildcard reaches from one into the next.
    Arn([Wildcard; 6]),
    Bool(bool),
}

/// The context keys that calls carry here. AWS ignores the case of a key.
pub(super) const CONTEXT_KEYS: [&str; 6] = [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "lambda:SourceFunctionArn",
];

/// The operators that are evaluated, each also with `IfExists` behind it.
pub(super) const OPERATORS: &str = "`StringEquals`, `StringNotEquals`, `StringLike`, `StringNotLike`, `ArnEquals`, \
     `ArnNotEquals`, `ArnLike`, `ArnNotLike` or `Bool`, each also with `IfExists`";

impl Operator {
    pub(super) fn parse(name: &str) -> Option<Operator> {
        let (base, if_exists) = match name.strip_suffix("IfExists") {
            Some(base) => (base, true),
            None => (name, false),
        };
        let (comparison, negated) = match base {
            "StringEquals" => (Comparison::StringEquals, false),
            "StringNotEquals" => (Comparison::StringEquals, true),
            "StringLike" => (Comparison::StringLike, false),
            "StringNotLike" => (Comparison::StringLike, true),
            "ArnEquals" | "ArnLike" => (Comparison::Arn, false),
            "ArnNotEquals" | "ArnNotLike" => (Comparison::Arn, true),
            "Bool" => (Comparison::Bool, false),
            _ => return None,
        };
        Some(Operator {
            comparison,
            negated,
            if_exists,
        })
    }
}

impl Comparison {
    /// Prepares a value of the policy; the error says what is expected of it.
    pub(super) fn accept(self, value: &str) -> Result<Accepted, &'static str> {
        match self {
            Comparison::StringEquals => Ok(Accepted::Text(value.to_owned())),
            Comparison::StringLike => Ok(Accepted::Like(Wildcard::new(value))),
            Comparison::Arn => parts(value)
                .map(|parts| Accepted::Arn(parts.map(Wildcard::new)))
                .ok_or("an ARN of six parts"),
            Comparison::Bool if value.eq_ignore_ascii_case("true") => Ok(Accepted::Bool(true)),
            Comparison::Bool if value.eq_ignore_ascii_case("false") => Ok(Accepted::Bool(false)),
            Comparison::Bool => Err("true or false"),
        }
    }
}

impl Condition {
    /// A missing key fails a plain operator and passes a negated or an `IfExists` one:
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>.
    pub(super) fn holds(&self, request: &Request<'_>) -> bool {
        match value_of(self.key, request) {
            None => self.operator.negated || self.operator.if_exists,
            Some(value) => {
                self.accepted.iter().any(|accepted| accepted.accepts(value)) != self.operator.negated
            }
        }
    }
}

fn value_of<'a>(key: &str, request: &'a Request<'_>) -> Option<&'a str> {
    match (key, request.principal) {
        ("aws:PrincipalArn", Principal::Role(role)) => Some(role),
        ("aws:PrincipalAccount", Principal::Role(role)) => account_of(role),
        ("aws:PrincipalArn" | "aws:PrincipalAccount", Principal::Service(_)) => None,
        _ => request.context.get(key).map(String::as_str),
    }
}

impl Accepted {
    fn accepts(&self, value: &str) -> bool {
        match self {
            Accepted::Text(text) => text == value,
            Accepted::Like(pattern) => pattern.matches(value),
            Accepted::Arn(patterns) => parts(value).is_some_and(|parts| {
                patterns
                    .iter()
                    .zip(parts)
                    .all(|(pattern, part)| pattern.matches(part))
            }),
            Accepted::Bool(flag) => value.eq_ignore_ascii_case(if *flag { "true" } else { "false" }),
        }
    }
}

/// The six parts of an ARN; the last one keeps the colons in it.
fn parts(arn: &str) -> Option<[&str; 6]> {
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next();
    Some([next()?, next()?, next()?, next()?, next()?, next()?])
}

//! Conditions of policy statements, and whether one holds only where another does.

use std::collections::BTreeSet;
use std::fmt;

use super::cidr::Cidr;
use crate::diff::pattern::{Pattern, Reading};
use crate::diff::value::{Part, Text, Value};

/// What must hold for a statement to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// All of these.
    All(Vec<Clause>),
    /// Something that can only be compared as it is.
    Opaque(Value),
}

/// One key compared with values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    quantifier: Option<&'static str>,
    operator: String,
    if_exists: bool,
    key: String,
    values: BTreeSet<Text>,
    variables: bool,
}

impl Condition {
    pub(crate) fn read(block: Option<&Value>, variables: bool) -> Self {
        let Some(block) = block else {
            return Self::All(Vec::new());
        };
        clauses(block, variables).map_or_else(|| Self::Opaque(block.clone()), Self::All)
    }

    /// Whether this holds only where `wider` holds too. `false` also where that cannot be told.
    pub(crate) fn implies(&self, wider: &Self) -> bool {
        match (self, wider) {
            (_, Self::All(clauses)) if clauses.is_empty() => true,
            (Self::All(ours), Self::All(theirs)) => theirs
                .iter()
                .all(|theirs| ours.iter().any(|ours| ours.implies(theirs))),
            (ours, theirs) => ours == theirs,
        }
    }

    /// What `earlier` asked for and this does not, in words.
    pub(crate) fn without(&self, earlier: &Self) -> String {
        match (self, earlier) {
            (Self::All(ours), Self::All(theirs)) => {
                let lost = theirs
                    .iter()
                    .filter(|theirs| !ours.iter().any(|ours| ours.implies(theirs)));
                lost.map(Clause::to_string).collect::<Vec<_>>().join(" and ")
            }
            (_, earlier) => earlier.shown().unwrap_or_default(),
        }
    }

    /// `None` if it asks for nothing.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            Self::All(clauses) if clauses.is_empty() => None,
            Self::All(clauses) => Some(
                clauses
                    .iter()
                    .map(Clause::to_string)
                    .collect::<Vec<_>>()
                    .join(" and "),
            ),
            Self::Opaque(value) => Some(value.to_string()),
        }
    }
}

fn clauses(block: &Value, variables: bool) -> Option<Vec<Clause>> {
    let mut clauses = Vec::new();
    for (operator, keys) in block.as_map()? {
        for (key, values) in keys.as_map()? {
            let values: Option<BTreeSet<Text>> = values
                .elements()
                .iter()
                .map(|value| value.as_text().cloned())
                .collect();
            clauses.push(Clause::read(operator, key, values?, variables));
        }
    }
    Some(clauses)
}

impl Clause {
    fn read(operator: &str, key: &str, values: BTreeSet<Text>, variables: bool) -> Self {
        let operator = operator.to_ascii_lowercase();
        let (quantifier, operator) = match operator.split_once(':') {
            Some(("forallvalues", operator)) => (Some("for all values: "), operator.to_owned()),
            Some(("foranyvalue", operator)) => (Some("for any value: "), operator.to_owned()),
            _ => (None, operator),
        };
        let (operator, if_exists) = match operator.strip_suffix("ifexists") {
            Some(operator) => (operator.to_owned(), true),
            None => (operator, false),
        };
        // IAM treats the two alike.
        let operator = match operator.as_str() {
            "arnequals" => "arnlike".to_owned(),
            "arnnotequals" => "arnnotlike".to_owned(),
            _ => operator,
        };
        Self {
            quantifier,
            operator,
            if_exists,
            key: key.to_ascii_lowercase(),
            values,
            variables,
        }
    }

    /// Whether a value has what IAM would put something in for, if the policy's version lets it.
    fn has_variables(&self) -> bool {
        let mut parts = self.values.iter().flat_map(Text::parts);
        parts.any(|part| matches!(part, Part::Literal(text) if text.contains("${")))
    }

    fn implies(&self, wider: &Self) -> bool {
        if self.key != wider.key || self.quantifier != wider.quantifier {
            return false;
        }
        if self.variables != wider.variables && (self.has_variables() || wider.has_variables()) {
            return false;
        }
        if self.if_exists && !wider.if_exists {
            return false;
        }
        let (ours, theirs) = (&self.values, &wider.values);
        match (self.operator.as_str(), wider.operator.as_str()) {
            (narrow, wide) if narrow == wide => match narrow {
                "stringequals"
                | "stringequalsignorecase"
                | "numericequals"
                | "dateequals"
                | "binaryequals" => ours.is_subset(theirs),
                "bool" => lowercase(ours).is_subset(&lowercase(theirs)),
                "stringlike" => self.each_within(wider, Reading::Wildcards),
                "arnlike" => self.each_arn_within(wider),
                "ipaddress" => each_address_within(ours, theirs),
                "stringnotequals" | "stringnotequalsignorecase" | "numericnotequals" | "datenotequals" => {
                    theirs.is_subset(ours)
                }
                "stringnotlike" => wider.each_within(self, Reading::Wildcards),
                "arnnotlike" => wider.each_arn_within(self),
                "notipaddress" => each_address_within(theirs, ours),
                _ => ours == theirs,
            },
            ("stringequals", "stringlike") => self.each_within(wider, Reading::Literally),
            // The wider one excludes texts, and each of them must be excluded here as well.
            ("stringnotlike", "stringnotequals") => wider.each_within(self, Reading::Literally),
            _ => false,
        }
    }

    /// Each of our values is taken in by one of theirs. `reading` is how ours are read.
    fn each_within(&self, theirs: &Self, reading: Reading) -> bool {
        let wide: Vec<Pattern> = theirs.patterns();
        self.values
            .iter()
            .map(|text| Pattern::new(text, reading, self.variables))
            .all(|ours| wide.iter().any(|wide| wide.covers(&ours)))
    }

    fn each_arn_within(&self, theirs: &Self) -> bool {
        let wide = theirs.patterns();
        self.patterns()
            .iter()
            .all(|ours| wide.iter().any(|wide| arn_covers(wide, ours)))
    }

    fn patterns(&self) -> Vec<Pattern> {
        self.values
            .iter()
            .map(|text| Pattern::new(text, Reading::Wildcards, self.variables))
            .collect()
    }
}

/// A wildcard in an ARN condition does not reach over a colon of the first five.
fn arn_covers(wide: &Pattern, narrow: &Pattern) -> bool {
    if wide == narrow || wide.is_everything() {
        return true;
    }
    let (wide, narrow) = (wide.arn_parts(), narrow.arn_parts());
    wide.len() == 6 && narrow.len() == 6 && wide.iter().zip(&narrow).all(|(wide, narrow)| wide.covers(narrow))
}

fn each_address_within(ours: &BTreeSet<Text>, theirs: &BTreeSet<Text>) -> bool {
    ours.iter().all(|ours| {
        theirs.contains(ours)
            || ours.as_literal().and_then(Cidr::read).is_some_and(|ours| {
                theirs
                    .iter()
                    .filter_map(|text| Cidr::read(text.as_literal()?))
                    .any(|theirs| theirs.covers(&ours))
            })
    })
}

fn lowercase(values: &BTreeSet<Text>) -> BTreeSet<String> {
    values
        .iter()
        .map(|text| text.to_string().to_ascii_lowercase())
        .collect()
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let relation = match self.operator.as_str() {
            "stringequals" | "bool" | "numericequals" | "dateequals" | "binaryequals" => "=",
            "arnlike" | "stringlike" => "like",
            "stringnotequals" | "numericnotequals" | "datenotequals" => "≠",
            "arnnotlike" | "stringnotlike" => "not like",
            "ipaddress" => "in",
            "notipaddress" => "not in",
            other => other,
        };
        let values: Vec<String> = self.values.iter().map(Text::to_string).collect();
        let exists = if self.if_exists { " (if it exists)" } else { "" };
        write!(
            f,
            "{}{} {relation} {}{exists}",
            self.quantifier.unwrap_or_default(),
            self.key,
            values.join(" or ")
        )
    }
}

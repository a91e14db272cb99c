//! Property values in one notation, so that two spellings of one value are equal.
//!
//! `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::Join` become text with holes, `"x"` and `["x"]` the same list where the
//! policy language says so, and the order of a list counts only where it means something.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

/// A property's value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A text, number or flag, or an intrinsic that gives one.
    Text(Text),
    /// Several values.
    List(Vec<Value>),
    /// Values by name.
    Map(BTreeMap<String, Value>),
}

/// A text whose parts are known, or known by name only.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(Vec<Part>);

/// A part of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Stands there as it is.
    Literal(String),
    /// What CloudFormation puts there: `AppointmentTable.Arn`, `AWS::Region`.
    Hole(String),
    /// What CloudFormation makes of an argument, which may be anything: a whole structure behind `Fn::If`, say.
    Opaque {
        /// The function and its argument, as they are shown.
        shown: String,
        /// The texts of the argument that may come out of it as they are.
        literals: String,
    },
}

impl Value {
    /// A text that is known.
    pub(crate) fn literal(text: &str) -> Self {
        Self::Text(Text::literal(text))
    }

    /// The text, if this is one and no part of it is left to CloudFormation.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        self.as_text().and_then(Text::as_literal)
    }

    pub(crate) fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    pub(crate) fn as_map(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Self::Map(fields) => Some(fields),
            Self::Text(_) | Self::List(_) => None,
        }
    }

    /// A field of a map.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.as_map().and_then(|fields| fields.get(name))
    }

    /// The elements of a list; a single value is a list of one.
    pub(crate) fn elements(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            Self::Text(_) | Self::Map(_) => std::slice::from_ref(self),
        }
    }

    /// The flag, if it is one that is known.
    pub(crate) fn as_flag(&self) -> Option<bool> {
        match self.as_literal()? {
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// The number, if it is one that is known.
    pub(crate) fn as_number(&self) -> Option<f64> {
        self.as_literal()?.parse().ok()
    }

    /// Every text in it.
    pub(crate) fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(items) => items.iter().flat_map(Self::texts).collect(),
            Self::Map(fields) => fields.values().flat_map(Self::texts).collect(),
        }
    }
}

impl Text {
    pub(crate) fn literal(text: &str) -> Self {
        let mut built = Self::default();
        built.push_literal(text);
        built
    }

    pub(crate) fn hole(name: impl Into<String>) -> Self {
        Self(vec![Part::Hole(name.into())])
    }

    pub(crate) fn opaque(shown: String, literals: String) -> Self {
        Self(vec![Part::Opaque { shown, literals }])
    }

    /// Whether a part of it may be anything.
    pub(crate) fn is_opaque(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Opaque { .. }))
    }

    /// What stands in it in plain text.
    pub(crate) fn known(&self) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Literal(text) => text.clone(),
            Part::Hole(name) => format!("${{{name}}}"),
            Part::Opaque { literals, .. } => literals.clone(),
        });
        parts.collect()
    }

    pub(crate) fn push_literal(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Literal(last)) => last.push_str(text),
            _ => self.0.push(Part::Literal(text.to_owned())),
        }
    }

    pub(crate) fn push(&mut self, other: &Text) {
        for part in &other.0 {
            match part {
                Part::Literal(text) => self.push_literal(text),
                Part::Hole(_) | Part::Opaque { .. } => self.0.push(part.clone()),
            }
        }
    }

    /// Its parts; neighbours are never both literal.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }

    pub(crate) fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The name, if this is one hole and nothing else.
    pub(crate) fn as_hole(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Part::Hole(name)] => Some(name),
            _ => None,
        }
    }

    /// The logical ids or pseudo parameters that its holes name.
    pub(crate) fn references(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Hole(name) => Some(name.split(['.', ',']).next().unwrap_or(name)),
            Part::Literal(_) | Part::Opaque { .. } => None,
        })
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Hole(name) | Part::Opaque { shown: name, .. } => write!(f, "${{{name}}}"),
        })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) if text.0.is_empty() => f.write_str("\"\""),
            Self::Text(text) => text.fmt(f),
            Self::List(items) => {
                f.write_str("[")?;
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        f.write_str(", ")?;
                    }
                    item.fmt(f)?;
                }
                f.write_str("]")
            }
            Self::Map(fields) => {
                f.write_str("{")?;
                for (position, (name, value)) in fields.iter().enumerate() {
                    if position > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{name}: {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.collect_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(fields) => serializer.collect_map(fields),
        }
    }
}

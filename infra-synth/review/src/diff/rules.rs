//! CloudFormation's own rules: what an update of a property does to its resource.
//!
//! From "Update requires" of each property in the CloudFormation template reference. A type or property that is not
//! here is not guessed at.

mod api;
mod compute;
mod identity;
mod messaging;
mod network;
mod storage;

use super::review::Effect;

/// The properties of a resource type, as names parted by spaces.
pub(crate) struct TypeRules {
    pub(crate) resource_type: &'static str,
    /// A change makes a new resource.
    pub(crate) replaces: &'static str,
    /// A change may interrupt it.
    pub(crate) interrupts: &'static str,
    /// A change does not interrupt it, opens nothing and loses nothing.
    pub(crate) plain: &'static str,
    /// A change does not interrupt it; what it opens or loses is judged apart.
    pub(crate) judged: &'static str,
}

/// What is known of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PropertyRule {
    pub(crate) effect: Effect,
    /// Whether it bears on access or data.
    pub(crate) judged: bool,
}

/// Whether the type's rules are known.
pub(crate) fn knows(resource_type: &str) -> bool {
    rules_of(resource_type).is_some()
}

/// What is known of a property of a type; `None` if nothing is.
pub(crate) fn rule(resource_type: &str, property: &str) -> Option<PropertyRule> {
    let rules = rules_of(resource_type)?;
    let has = |names: &str| names.split_ascii_whitespace().any(|name| name == property);
    if has(rules.replaces) {
        Some(PropertyRule {
            effect: Effect::Replacement,
            judged: true,
        })
    } else if has(rules.interrupts) {
        Some(PropertyRule {
            effect: Effect::SomeInterruption,
            judged: true,
        })
    } else if has(rules.judged) {
        Some(PropertyRule {
            effect: Effect::NoInterruption,
            judged: true,
        })
    } else if property == "Tags" || has(rules.plain) {
        Some(PropertyRule {
            effect: Effect::NoInterruption,
            judged: false,
        })
    } else {
        None
    }
}

fn rules_of(resource_type: &str) -> Option<&'static TypeRules> {
    all().find(|rules| rules.resource_type == resource_type)
}

fn all() -> impl Iterator<Item = &'static TypeRules> {
    [
        api::RULES,
        compute::RULES,
        identity::RULES,
        messaging::RULES,
        network::RULES,
        storage::RULES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_type_stands_once_and_a_property_in_one_column() {
        let mut types = BTreeSet::new();
        for rules in all() {
            assert!(
                types.insert(rules.resource_type),
                "{} stands twice",
                rules.resource_type
            );
            let mut properties = BTreeSet::new();
            for column in [rules.replaces, rules.interrupts, rules.plain, rules.judged] {
                for property in column.split_ascii_whitespace() {
                    assert!(
                        properties.insert(property),
                        "{}.{property} stands twice",
                        rules.resource_type
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_not_guessed() {
        assert_eq!(rule("AWS::SQS::Queue", "Colour"), None);
        assert_eq!(rule("Custom::Thing", "Name"), None);
    }
}

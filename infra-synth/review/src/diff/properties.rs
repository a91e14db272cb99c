//! Where two values differ, as deep as a reviewer can follow.

use std::collections::{BTreeMap, BTreeSet};

use super::value::{Text, Value};

/// Fields by which the elements of a list are told apart.
const KEYS: [&str; 7] = [
    "IndexName",
    "AttributeName",
    "PolicyName",
    "Id",
    "Key",
    "Sid",
    "Name",
];

/// A place where two values differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) path: String,
    pub(crate) old: Option<Value>,
    pub(crate) new: Option<Value>,
}

impl Difference {
    /// Whether one of the two may be anything.
    pub(crate) fn is_opaque(&self) -> bool {
        let mut sides = self.old.iter().chain(&self.new);
        sides.any(|side| side.texts().into_iter().any(Text::is_opaque))
    }
}

/// Every place where the two differ.
pub(crate) fn differences(path: &str, old: Option<&Value>, new: Option<&Value>) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(path, old, new, &mut found);
    found
}

fn walk(path: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Difference>) {
    match (old, new) {
        (old, new) if old == new => {}
        (Some(Value::Map(old)), Some(Value::Map(new))) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                walk(&format!("{path}.{name}"), old.get(name), new.get(name), found);
            }
        }
        (Some(Value::List(old)), Some(Value::List(new))) => match (by_key(old), by_key(new)) {
            (Some(old), Some(new)) => {
                let keys: BTreeSet<&&str> = old.keys().chain(new.keys()).collect();
                for key in keys {
                    walk(
                        &format!("{path}[{key}]"),
                        old.get(*key).copied(),
                        new.get(*key).copied(),
                        found,
                    );
                }
            }
            _ => found.push(in_lists(path, old, new)),
        },
        (old, new) => found.push(Difference {
            path: path.to_owned(),
            old: old.cloned(),
            new: new.cloned(),
        }),
    }
}

/// What only one of the lists has; the whole lists if only their order or number differs.
fn in_lists(path: &str, old: &[Value], new: &[Value]) -> Difference {
    let only = |ours: &[Value], theirs: &[Value]| -> Vec<Value> {
        ours.iter()
            .filter(|item| !theirs.contains(item))
            .cloned()
            .collect()
    };
    let (mut gone, mut come) = (only(old, new), only(new, old));
    if gone.is_empty() && come.is_empty() {
        (gone, come) = (old.to_vec(), new.to_vec());
    }
    let some = |items: Vec<Value>| (!items.is_empty()).then_some(Value::List(items));
    Difference {
        path: path.to_owned(),
        old: some(gone),
        new: some(come),
    }
}

/// The elements by their key, if each has one of its own.
fn by_key(items: &[Value]) -> Option<BTreeMap<&str, &Value>> {
    let field = KEYS
        .into_iter()
        .find(|key| items.iter().all(|item| item.get(key).is_some()))?;
    let mut keyed = BTreeMap::new();
    for item in items {
        let key = item.get(field).and_then(Value::as_literal)?;
        if keyed.insert(key, item).is_some() {
            return None;
        }
    }
    Some(keyed)
}

/// Every text in a value, by its path.
pub(crate) fn leaves(path: &str, value: &Value) -> BTreeMap<String, Text> {
    let mut found = BTreeMap::new();
    collect(path, value, &mut found);
    found
}

fn collect(path: &str, value: &Value, found: &mut BTreeMap<String, Text>) {
    match value {
        Value::Text(text) => {
            found.insert(path.to_owned(), text.clone());
        }
        Value::Map(fields) => fields
            .iter()
            .for_each(|(name, value)| collect(&format!("{path}.{name}"), value, found)),
        Value::List(items) => {
            let keyed = by_key(items);
            for (position, item) in items.iter().enumerate() {
                let key = keyed
                    .as_ref()
                    .and_then(|keyed| keyed.iter().find(|(_, other)| **other == item));
                let key = key.map_or_else(|| position.to_string(), |(key, _)| (*key).to_owned());
                collect(&format!("{path}[{key}]"), item, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&str]) -> Value {
        Value::List(items.iter().map(|item| Value::literal(item)).collect())
    }

    #[test]
    fn of_two_lists_only_what_differs_is_shown() {
        let found = differences("Origins", Some(&list(&["a", "b"])), Some(&list(&["b", "c"])));
        let [one] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(
            (one.old.clone(), one.new.clone()),
            (Some(list(&["a"])), Some(list(&["c"])))
        );
    }

    #[test]
    fn elements_with_a_name_are_compared_by_it() {
        let target = |arn: &str| {
            Value::List(vec![Value::Map(BTreeMap::from([
                ("Arn".to_owned(), Value::literal(arn)),
                ("Id".to_owned(), Value::literal("queue")),
            ]))])
        };
        let found = differences("Targets", Some(&target("a")), Some(&target("b")));
        assert_eq!(
            found.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(),
            ["Targets[queue].Arn"]
        );
    }
}

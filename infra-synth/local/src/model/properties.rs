//! Reading one resource's properties so that none is passed over.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::evaluate::{Evaluator, scalar};
use crate::policy::PolicyDocument;
use crate::refusal::Refusals;

/// The evaluated properties of a resource that have not been read yet.
///
/// A reader takes what it honours and names what has no local meaning; [`Properties::finish`] refuses the rest.
pub(crate) struct Properties<'r, 't> {
    pub(crate) logical_id: String,
    values: Map<String, Value>,
    refusals: &'r mut Refusals<'t>,
}

impl<'r, 't> Properties<'r, 't> {
    /// Evaluates each property on its own, so that every fault of a resource is found at once.
    pub(crate) fn read(
        logical_id: &str,
        resource: &Value,
        evaluator: &Evaluator<'_>,
        refusals: &'r mut Refusals<'t>,
    ) -> Option<Self> {
        let mut values = Map::new();
        let mut readable = true;
        for (name, value) in resource
            .get("Properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            match evaluator.evaluate(value) {
                Ok(value) => {
                    values.insert(name.clone(), value);
                }
                Err(error) => {
                    readable = false;
                    refusals.add(logical_id, format!("property `{name}`: {error}"));
                }
            }
        }
        readable.then(|| Self {
            logical_id: logical_id.to_owned(),
            values,
            refusals,
        })
    }

    pub(crate) fn refuse(&mut self, reason: impl Into<String>) {
        self.refusals.add(&self.logical_id, reason);
    }

    /// The whole resource cannot be honoured.
    pub(crate) fn unsupported(&mut self, reason: &str) {
        self.refuse(reason);
        self.values.clear();
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.values.shift_remove(name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.take(name)?;
        let text = scalar(&value);
        if text.is_none() {
            self.refuse(format!("property `{name}` should be a string and is {value}"));
        }
        text
    }

    /// A string without which the resource means nothing.
    pub(crate) fn required(&mut self, name: &str) -> Option<String> {
        if !self.values.contains_key(name) {
            self.refuse(format!("property `{name}` is missing"));
            return None;
        }
        self.text(name)
    }

    pub(crate) fn number(&mut self, name: &str) -> Option<u64> {
        let value = self.take(name)?;
        let number = value
            .as_u64()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        if number.is_none() {
            self.refuse(format!(
                "property `{name}` should be a whole number and is {value}"
            ));
        }
        number
    }

    /// A number that AWS takes only within these bounds.
    pub(crate) fn number_within(&mut self, name: &str, bounds: RangeInclusive<u64>) -> Option<u64> {
        let number = self.number(name)?;
        if !bounds.contains(&number) {
            let (least, most) = (bounds.start(), bounds.end());
            self.refuse(format!(
                "property `{name}` is {number}; AWS takes {least} to {most}"
            ));
            return None;
        }
        Some(number)
    }

    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.take(name)?;
        let flag = value
            .as_bool()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        if flag.is_none() {
            self.refuse(format!(
                "property `{name}` should be true or false and is {value}"
            ));
        }
        flag
    }

    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        match self.take(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => {
                let texts = items.iter().filter_map(|item| {
                    let text = scalar(item);
                    if text.is_none() {
                        self.refuse(format!(
                            "property `{name}` should be a list of texts, and {item} is none"
                        ));
                    }
                    text
                });
                texts.collect()
            }
            Some(other) => {
                self.refuse(format!("property `{name}` should be a list and is {other}"));
                Vec::new()
            }
        }
    }

    /// A nested object, to be read with the same care.
    pub(crate) fn object(&mut self, name: &str) -> Option<Properties<'_, 't>> {
        match self.take(name)? {
            Value::Object(values) => Some(Properties {
                logical_id: self.logical_id.clone(),
                values,
                refusals: self.refusals,
            }),
            other => {
                self.refuse(format!("property `{name}` should be an object and is {other}"));
                None
            }
        }
    }

    /// Reads each object of a list with the same care.
    pub(crate) fn each<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Properties<'_, 't>) -> Option<T>,
    ) -> Vec<T> {
        let items = match self.take(name) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.refuse(format!("property `{name}` should be a list and is {other}"));
                return Vec::new();
            }
        };
        let mut results = Vec::with_capacity(items.len());
        for item in items {
            let Value::Object(values) = item else {
                self.refuse(format!("property `{name}` should be a list of objects"));
                continue;
            };
            let mut nested = Properties {
                logical_id: self.logical_id.clone(),
                values,
                refusals: self.refusals,
            };
            results.extend(read(&mut nested));
            nested.finish();
        }
        results
    }

    /// Reads each object of a map with the same care; beside each its key.
    pub(crate) fn entries<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Properties<'_, 't>) -> T,
    ) -> Vec<(String, T)> {
        let Some(mut map) = self.object(name) else {
            return Vec::new();
        };
        let mut results = Vec::new();
        for key in map.values.keys().cloned().collect::<Vec<_>>() {
            if let Some(mut nested) = map.object(&key) {
                results.push((key, read(&mut nested)));
                nested.finish();
            }
        }
        results
    }

    pub(crate) fn policy(&mut self, name: &str) -> Option<PolicyDocument> {
        let Some(document) = self.take(name) else {
            self.refuse(format!("property `{name}` is missing"));
            return None;
        };
        match PolicyDocument::parse(&document) {
            Ok(policy) => Some(policy),
            Err(error) => {
                self.refuse(format!("property `{name}`: {error}"));
                None
            }
        }
    }

    /// Only this value is honoured.
    pub(crate) fn only(&mut self, name: &str, honoured: &str) {
        if let Some(value) = self.take(name)
            && scalar(&value).as_deref() != Some(honoured)
        {
            self.refuse(format!(
                "property `{name}` is {value}; locally only `{honoured}` is honoured"
            ));
        }
    }

    /// Properties that change nothing in what runs on one machine: encryption, tags, memory, tracing and the like.
    pub(crate) fn ignore(&mut self, names: &[&str]) {
        for name in names {
            self.values.shift_remove(*name);
        }
    }

    pub(crate) fn ignore_all(&mut self) {
        self.values.clear();
    }

    /// Refuses every property that nobody took.
    pub(crate) fn finish(&mut self) {
        for (name, _) in std::mem::take(&mut self.values) {
            self.refuse(format!("property `{name}` is not honoured locally"));
        }
    }
}

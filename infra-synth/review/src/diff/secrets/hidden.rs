//! The last look before a review is shown: no secret of either template is in any text of it.

use std::collections::BTreeSet;

use infra_synth_cfn::Template;
use serde_json::Value as Json;

use super::MASK;
use crate::diff::review::{Finding, Review};
use crate::diff::value::Value;
use crate::secret::{is_exposed, looks_secret, walk};

/// Shorter ones that only their name gives away would be found in the midst of words.
const SHORTEST: usize = 6;

/// The secrets that stand in the templates.
pub(crate) struct Hidden(BTreeSet<String>);

impl Hidden {
    pub(crate) fn of(templates: [&Template; 2]) -> Self {
        let mut found = BTreeSet::new();
        for json in templates.map(Template::as_value) {
            let entries = json.as_object().into_iter().flatten();
            for (section, value) in entries {
                // In these a name stands for its entry, whose fields say only what the value is for.
                let named = matches!(section.as_str(), "Parameters" | "Outputs" | "Mappings");
                match value {
                    Json::Object(entries) if named => {
                        for (name, entry) in entries {
                            collect(entry, name, &mut found);
                        }
                    }
                    value => collect(value, section, &mut found),
                }
            }
        }
        Self(found)
    }

    /// Takes them out of every text of a review.
    pub(crate) fn mask(&self, review: &mut Review) {
        if self.0.is_empty() {
            return;
        }
        for resource in &mut review.resources {
            for change in &mut resource.properties {
                self.values([&mut change.old, &mut change.new]);
            }
            self.findings(&mut resource.findings);
        }
        for section in &mut review.sections {
            self.values([&mut section.old, &mut section.new]);
            self.findings(&mut section.findings);
        }
        for route in review.open.iter_mut().flat_map(|api| &mut api.routes) {
            *route = self.without(route);
        }
        for access in &mut review.access {
            for text in [
                &mut access.principal,
                &mut access.action,
                &mut access.resource,
                &mut access.reason,
            ]
            .into_iter()
            .chain(&mut access.condition)
            {
                *text = self.without(text);
            }
        }
    }

    fn findings(&self, findings: &mut [Finding]) {
        for finding in findings {
            finding.reason = self.without(&finding.reason);
        }
    }

    fn values(&self, values: [&mut Option<Value>; 2]) {
        for value in values.into_iter().flatten() {
            self.value(value);
        }
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::Text(text) => {
                let shown = text.to_string();
                if self.without(&shown) != shown {
                    *value = Value::literal(MASK);
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Map(fields) => fields.values_mut().for_each(|field| self.value(field)),
        }
    }

    fn without(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, secret| text.replace(secret, MASK))
    }
}

fn collect(value: &Json, name: &str, found: &mut BTreeSet<String>) {
    walk(value, name, "", &mut |name, _, text| {
        let distinct = looks_secret(text)
            || text.len() >= SHORTEST && !text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_exposed(name, text) && distinct {
            found.insert(text.to_owned());
        }
    });
}

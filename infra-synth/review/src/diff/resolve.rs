//! From a template's JSON to [`Value`]s.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::value::{Text, Value};
use crate::secret::{handed_on, is_exposed};

/// Lists whose order means something, in the resource types that are known.
const ORDERED: [&str; 3] = ["Layers", "Command", "EntryPoint"];
/// Properties whose content tells the number 1 from the text "1", and `null` from nothing.
const PATTERNS: [&str; 2] = ["FilterPolicy", "EventPattern"];
/// Fields of a policy statement where one text and a list of one are the same.
const STATEMENT_LISTS: [&str; 4] = ["Action", "NotAction", "Resource", "NotResource"];

pub(crate) struct Resolver<'t> {
    template: &'t Json,
    other: &'t Json,
}

impl<'t> Resolver<'t> {
    pub(crate) fn new(template: &'t Json, other: &'t Json) -> Self {
        Self { template, other }
    }

    /// `None` where the template says that there is no value. `ordered`: the order of every list counts.
    pub(crate) fn value(&self, json: &Json, ordered: bool) -> Option<Value> {
        match json {
            Json::Null => None,
            Json::Bool(flag) => Some(Value::literal(if *flag { "true" } else { "false" })),
            Json::Number(number) => Some(Value::literal(&number.to_string())),
            Json::String(text) => Some(Value::literal(text)),
            Json::Array(items) => {
                let mut items: Vec<Value> = items
                    .iter()
                    .filter_map(|item| self.value(item, ordered))
                    .collect();
                if !ordered {
                    items.sort();
                }
                Some(Value::List(items))
            }
            Json::Object(fields) => {
                match single(fields).and_then(|(name, argument)| self.intrinsic(name, argument, ordered)) {
                    Some(value) => value,
                    None => Some(self.map(fields, ordered)),
                }
            }
        }
    }

    /// A condition by its name, and by what it says where the two templates differ in that.
    pub(crate) fn condition(&self, name: &Json) -> Value {
        let name = name.as_str().unwrap_or_default();
        Value::Text(Text::hole(self.named_condition(name)))
    }

    fn map(&self, fields: &Map<String, Json>, ordered: bool) -> Value {
        let statement = fields.get("Effect").is_some_and(Json::is_string);
        let mut values = BTreeMap::new();
        for (name, json) in fields {
            if statement && name == "Sid" {
                continue;
            }
            let ordered = ordered || ORDERED.contains(&name.as_str());
            let value = if PATTERNS.contains(&name.as_str()) {
                self.pattern(json)
            } else {
                self.value(json, ordered)
            };
            let Some(mut value) = value else { continue };
            if statement && STATEMENT_LISTS.contains(&name.as_str()) {
                value = listed(value);
            } else if statement && matches!(name.as_str(), "Principal" | "NotPrincipal") {
                value = principal(value);
            } else if statement && name == "Condition" {
                value = condition_block(value);
            } else if name == "Statement" {
                value = listed(value);
            }
            values.insert(name.clone(), value);
        }
        Value::Map(values)
    }

    /// A pattern's numbers, flags and nulls stand under `json`, so that no text equals one of them.
    fn pattern(&self, json: &Json) -> Option<Value> {
        Some(match json {
            Json::Array(items) => {
                let mut items: Vec<Value> = items.iter().filter_map(|item| self.pattern(item)).collect();
                items.sort();
                Value::List(items)
            }
            Json::Object(fields) => {
                if let Some(found) =
                    single(fields).and_then(|(name, argument)| self.intrinsic(name, argument, false))
                {
                    return found;
                }
                Value::Map(
                    fields
                        .iter()
                        .filter_map(|(name, json)| Some((name.clone(), self.pattern(json)?)))
                        .collect(),
                )
            }
            Json::String(text) => Value::literal(text),
            scalar => Value::Map(BTreeMap::from([(
                "json".to_owned(),
                Value::literal(&scalar.to_string()),
            )])),
        })
    }

    /// `None` if it is no intrinsic; `Some(None)` if it is one that gives nothing.
    fn intrinsic(&self, name: &str, argument: &Json, ordered: bool) -> Option<Option<Value>> {
        let text = match name {
            "Ref" if argument == "AWS::NoValue" => return Some(None),
            "Ref" => Text::hole(self.reference(argument.as_str()?)),
            "Fn::GetAtt" => Text::hole(get_att(argument)?),
            "Fn::Sub" => self.sub(argument)?,
            "Fn::Join" => match self.join(argument) {
                Some(text) => text,
                None => opaque("Join", argument),
            },
            "Fn::FindInMap" => match self.find_in_map(argument) {
                Some(found) => return Some(self.value(found, ordered)),
                None => opaque(&format!("FindInMap in {}", self.template["Mappings"]), argument),
            },
            "Fn::If" => {
                let condition = argument.get(0).and_then(Json::as_str).unwrap_or_default();
                let branches = argument.as_array().into_iter().flatten().skip(1);
                Text::opaque(
                    format!("If {} {argument}", self.named_condition(condition)),
                    branches.flat_map(handed_on).collect::<Vec<_>>().join(" "),
                )
            }
            "Fn::ImportValue" | "Fn::GetAZs" | "Fn::Transform" => Text::opaque(
                format!("{} {argument}", name.strip_prefix("Fn::")?),
                String::new(),
            ),
            _ => opaque(name.strip_prefix("Fn::")?, argument),
        };
        Some(Some(Value::Text(text)))
    }

    fn sub(&self, argument: &Json) -> Option<Text> {
        let (template, variables) = match argument {
            Json::String(template) => (template.as_str(), None),
            Json::Array(parts) => (parts.first()?.as_str()?, parts.get(1).and_then(Json::as_object)),
            _ => return None,
        };
        let mut text = Text::default();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            text.push_literal(before);
            let Some((name, after)) = after.split_once('}') else {
                text.push_literal("${");
                rest = after;
                continue;
            };
            if let Some(literal) = name.strip_prefix('!') {
                text.push_literal(&format!("${{{literal}}}"));
            } else if let Some(json) = variables.and_then(|variables| variables.get(name)) {
                match self.value(json, true) {
                    Some(Value::Text(value)) => text.push(&value),
                    _ => text.push(&opaque(name, json)),
                }
            } else {
                text.push(&Text::hole(self.reference(name)));
            }
            rest = after;
        }
        text.push_literal(rest);
        Some(text)
    }

    fn join(&self, argument: &Json) -> Option<Text> {
        let delimiter = argument.get(0)?.as_str()?;
        let mut text = Text::default();
        for (position, item) in argument.get(1)?.as_array()?.iter().enumerate() {
            if position > 0 {
                text.push_literal(delimiter);
            }
            match self.value(item, true)? {
                Value::Text(item) => text.push(&item),
                Value::List(_) | Value::Map(_) => return None,
            }
        }
        Some(text)
    }

    fn find_in_map(&self, argument: &Json) -> Option<&'t Json> {
        let keys: Vec<&str> = argument.as_array()?.iter().filter_map(Json::as_str).collect();
        let [map, first, second] = keys.as_slice() else {
            return None;
        };
        self.template
            .get("Mappings")?
            .get(*map)?
            .get(*first)?
            .get(*second)
    }

    /// A parameter whose default differs says so: what refers to it changes, though it reads the same.
    fn reference(&self, name: &str) -> String {
        let ours = &self.template["Parameters"][name];
        let default = &ours["Default"];
        if *ours == Json::Null || *default == self.other["Parameters"][name]["Default"] {
            return name.to_owned();
        }
        match default {
            _ if ours["NoEcho"] == Json::Bool(true) || ours["NoEcho"] == "true" => {
                format!("{name}, with another default")
            }
            Json::Null => format!("{name}, without a default"),
            default if is_exposed(name, &plain(default)) => format!("{name}, with another default"),
            default => format!("{name}, by default {}", plain(default)),
        }
    }

    fn named_condition(&self, name: &str) -> String {
        let ours = &self.template["Conditions"][name];
        if *ours == self.other["Conditions"][name] {
            name.to_owned()
        } else {
            format!("{name}, that is {ours}")
        }
    }
}

fn single(fields: &Map<String, Json>) -> Option<(&str, &Json)> {
    let mut entries = fields.iter();
    match (entries.next(), entries.next()) {
        (Some((name, argument)), None) => Some((name, argument)),
        _ => None,
    }
}

fn get_att(argument: &Json) -> Option<String> {
    match argument {
        Json::String(text) => Some(text.clone()),
        Json::Array(parts) => {
            let parts: Option<Vec<&str>> = parts.iter().map(Json::as_str).collect();
            Some(parts?.join("."))
        }
        _ => None,
    }
}

fn opaque(function: &str, argument: &Json) -> Text {
    Text::opaque(format!("{function} {argument}"), handed_on(argument).join(" "))
}

fn plain(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

fn listed(value: Value) -> Value {
    match value {
        Value::List(_) => value,
        Value::Text(_) | Value::Map(_) => Value::List(vec![value]),
    }
}

fn principal(value: Value) -> Value {
    match value {
        Value::Text(text) if text.as_literal() == Some("*") => Value::Map(BTreeMap::from([(
            "AWS".to_owned(),
            Value::List(vec![Value::Text(text)]),
        )])),
        Value::Map(kinds) => Value::Map(
            kinds
                .into_iter()
                .map(|(kind, value)| (kind, listed(value)))
                .collect(),
        ),
        other => other,
    }
}

fn condition_block(value: Value) -> Value {
    let Value::Map(operators) = value else {
        return value;
    };
    let keys = |value| match value {
        Value::Map(keys) => Value::Map(
            keys.into_iter()
                .map(|(key, value)| (key, listed(value)))
                .collect(),
        ),
        other => other,
    };
    Value::Map(
        operators
            .into_iter()
            .map(|(operator, value)| (operator, keys(value)))
            .collect(),
    )
}

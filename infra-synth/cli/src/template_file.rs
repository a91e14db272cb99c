//! Templates from files: JSON, or YAML with CloudFormation's short tags.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use infra_synth_cfn::Template;
use serde_json::{Map, Value};
use serde_yaml::Value as Yaml;

pub(crate) fn read(file: &Path) -> Result<Template> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read the template `{}`", file.display()))?;
    from_text(&text, &file.display().to_string())
}

/// A template, or a snapshot of one; `name` tells in an error where it comes from.
pub(crate) fn from_text(text: &str, name: &str) -> Result<Template> {
    let value =
        parse(without_header(text)).with_context(|| format!("`{name}` is no template in JSON or YAML"))?;
    Ok(Template::from_value(value))
}

/// A golden snapshot starts with lines about itself, between two of dashes.
fn without_header(text: &str) -> &str {
    let header = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"));
    match header {
        Some((header, template)) if header.starts_with("source: ") => template,
        _ => text,
    }
}

/// JSON is YAML, so one parser reads both.
fn parse(text: &str) -> Result<Value> {
    let value = plain(serde_yaml::from_str(text)?)?;
    if value.get("Resources").is_none() {
        bail!("it has no section `Resources`");
    }
    Ok(value)
}

fn plain(value: Yaml) -> Result<Value> {
    Ok(match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(flag),
        Yaml::Number(number) => serde_json::to_value(number)?,
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(plain).collect::<Result<_>>()?),
        Yaml::Mapping(entries) => {
            let mut fields = Map::new();
            for (key, value) in entries {
                let key = match key {
                    Yaml::String(key) => key,
                    // Account numbers are keys of mappings, and nobody quotes them.
                    Yaml::Number(key) => key.to_string(),
                    Yaml::Bool(key) => key.to_string(),
                    _ => bail!("a key is not a text"),
                };
                fields.insert(key, plain(value)?);
            }
            Value::Object(fields)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let tag = tag.trim_start_matches('!');
            let argument = match (tag, plain(tagged.value)?) {
                // Only the first dot parts the name from the attribute: attributes may have dots of their own.
                ("GetAtt", Value::String(text)) => match text.split_once('.') {
                    Some((logical_id, attribute)) => Value::from(vec![logical_id, attribute]),
                    None => bail!("`!GetAtt {text}` names no attribute"),
                },
                (_, argument) => argument,
            };
            let name = if matches!(tag, "Ref" | "Condition") {
                tag.to_owned()
            } else {
                format!("Fn::{tag}")
            };
            Value::Object(Map::from_iter([(name, argument)]))
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_tags_are_read_as_the_functions_that_they_stand_for() {
        let text =
            "Resources:\n  A: !Ref B\n  C: !GetAtt D.E.F\n  G: !Sub '${H}'\n  I: !Join [',', [!Ref J]]\n";
        let expected = json!({"Resources": {
            "A": {"Ref": "B"},
            "C": {"Fn::GetAtt": ["D", "E.F"]},
            "G": {"Fn::Sub": "${H}"},
            "I": {"Fn::Join": [",", [{"Ref": "J"}]]},
        }});
        assert_eq!(parse(text).unwrap(), expected);
        assert_eq!(parse(&expected.to_string()).unwrap(), expected);
    }

    #[test]
    fn a_snapshots_header_is_no_part_of_its_template() {
        let text = "---\nsource: stacks/tests/golden.rs\n---\nResources:\n  A: 1\n";
        assert_eq!(
            parse(without_header(text)).unwrap(),
            json!({"Resources": {"A": 1}})
        );
    }

    #[test]
    fn what_is_no_template_is_an_error() {
        assert!(parse("Outputs: {}").is_err());
        assert!(parse("a: [").is_err());
    }
}

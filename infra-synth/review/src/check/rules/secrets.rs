use serde_json::Value as Json;

use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use crate::wiring::{Wiring, text};

mod shape;

use shape::{is_secret_name, looks_secret, without_references};

pub(super) static NO_PLAINTEXT_SECRET: Rule = Rule {
    id: "no-plaintext-secret",
    severity: Severity::Error,
    title: "No value in the template is a secret",
    why: "A template is read by everybody who may look at the stack, and stays in its history and in version control",
    mend: "Sign in with IAM, or refer to Secrets Manager or SSM with `{{resolve:…}}`; then change the secret, which is known",
    also_known_as: &["CKV_AWS_45", "CKV_SECRET_6"],
    look: no_plaintext_secret,
};

fn no_plaintext_secret(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for (id, parameter) in wiring.parameters() {
        let hidden = parameter
            .get("NoEcho")
            .is_some_and(|no_echo| text(no_echo) == "true");
        let default = parameter.get("Default").map(text).unwrap_or_default();
        let exposed = !default.is_empty() && (is_secret_name(id) || looks_secret(&default));
        looks.expect_of(
            !exposed,
            id,
            "Default",
            "the parameter's default is a secret in plain text",
        );
        let shown = is_secret_name(id) && !hidden && !is_reference_parameter(parameter);
        looks.expect_of(
            !shown,
            id,
            "NoEcho",
            "the parameter's value is shown to whoever looks at the stack",
        );
    }
    for resource in wiring.all() {
        let mut walk = Walk {
            resource: resource.id,
            looks,
        };
        if let Some(properties) = resource.body.get("Properties") {
            walk.value(properties, "", "");
        }
        if let Some(metadata) = resource.body.get("Metadata") {
            walk.value(metadata, "", "Metadata");
        }
    }
}

/// A parameter whose value is the name of a secret in SSM is none itself.
fn is_reference_parameter(parameter: &Json) -> bool {
    parameter
        .get("Type")
        .and_then(Json::as_str)
        .is_some_and(|kind| kind.starts_with("AWS::SSM::"))
}

struct Walk<'a> {
    resource: &'a str,
    looks: &'a mut Looks,
}

impl Walk<'_> {
    /// `name` is what the value is called: its key, or, in a list of names and values, the name beside it.
    fn value(&mut self, value: &Json, name: &str, path: &str) {
        match value {
            Json::Object(fields) => {
                if fields.len() == 1 && fields.keys().any(|key| key == "Ref" || key.starts_with("Fn::")) {
                    self.text(&text(value), name, path);
                    return;
                }
                let beside = ["Name", "Key", "ParameterName"]
                    .iter()
                    .find_map(|key| fields.get(*key)?.as_str());
                for (key, field) in fields {
                    let name = if key == "Value" {
                        beside.unwrap_or(key)
                    } else {
                        key
                    };
                    self.value(field, name, &join(path, key));
                }
            }
            Json::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.value(item, name, &join(path, &position.to_string()));
                }
            }
            Json::String(literal) => self.text(literal, name, path),
            Json::Number(number) => self.text(&number.to_string(), name, path),
            Json::Null | Json::Bool(_) => {}
        }
    }

    /// What is found is told by its place and length, never by itself.
    fn text(&mut self, text: &str, name: &str, path: &str) {
        let literal = without_references(text);
        let length = literal.chars().count();
        let is_named = is_secret_name(name) && literal.chars().any(char::is_alphanumeric);
        let why = if is_named { "by its name" } else { "by its looks" };
        let exposed = is_named || (!is_fingerprint(name) && looks_secret(&literal));
        let what = format!("{length} characters in plain text that are a secret {why}");
        self.looks.expect_of(!exposed, self.resource, path, what);
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// Properties that hold hashes of code, which look as random as secrets.
fn is_fingerprint(name: &str) -> bool {
    matches!(
        name,
        "S3Key" | "CodeSha256" | "TemplateURL" | "ImageUri" | "ZipFile"
    )
}

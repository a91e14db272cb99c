use serde_json::Value as Json;

use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use crate::secret::{is_exposed, is_secret_name, looks_secret, walk, without_references};
use infra_synth_wiring::{Wiring, text};

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
        let exposed = !default.is_empty() && (hidden || is_secret_name(id) || looks_secret(&default));
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
        for (section, path) in [("Properties", ""), ("Metadata", "Metadata")] {
            if let Some(value) = resource.body.get(section) {
                values(value, "", path, resource.id, looks);
            }
        }
    }
    let template = wiring.template();
    for section in ["Outputs", "Mappings"] {
        let entries = template.get(section).and_then(Json::as_object);
        for (name, entry) in entries.into_iter().flatten() {
            values(entry, name, section, name, looks);
        }
    }
    for section in ["Metadata", "Description"] {
        if let Some(value) = template.get(section) {
            values(value, section, section, section, looks);
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

/// What is found is told by its place and length, never by itself.
fn values(value: &Json, name: &str, path: &str, holder: &str, looks: &mut Looks) {
    walk(value, name, path, &mut |name, path, text| {
        let length = without_references(text).chars().count();
        let why = if is_secret_name(name) {
            "by its name"
        } else {
            "by its looks"
        };
        let what = format!("{length} characters in plain text that are a secret {why}");
        looks.expect_of(!is_exposed(name, text), holder, path, what);
    });
}

use serde_json::Value as Json;

use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::Wiring;

pub(super) static TEMPLATE_RESOLVED: Rule = Rule {
    id: "template-resolved",
    severity: Severity::Warning,
    title: "No property waits for a condition or a macro to say what it is",
    why: "What is decided at deployment cannot be judged before: the other rules saw such a property as if it were set",
    mend: "Decide it when the template is written, as a stage's settings do",
    also_known_as: &[],
    look: template_resolved,
};

fn template_resolved(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for resource in wiring.all() {
        let conditional = resource.body.get("Condition").map(|_| "Condition");
        let serverless = resource
            .kind
            .starts_with("AWS::Serverless::")
            .then_some("Transform");
        let found = conditional.or(serverless).or_else(|| undecided(resource.body));
        let what = format!("`{}` decides at deployment", found.unwrap_or_default());
        looks.expect(found.is_none(), resource, "", what);
    }
}

/// The first function in a value that only a deployment can resolve.
fn undecided(json: &Json) -> Option<&'static str> {
    const DECIDED_LATER: [&str; 4] = ["Fn::If", "Fn::Transform", "Fn::FindInMap", "Fn::ForEach"];
    match json {
        Json::Object(fields) => fields.iter().find_map(|(name, field)| {
            let known = DECIDED_LATER
                .iter()
                .find(|known| name.starts_with(**known))
                .copied();
            known.or_else(|| undecided(field))
        }),
        Json::Array(items) => items.iter().find_map(undecided),
        _ => None,
    }
}

//! What a change of a template does: to each resource, to its data, and to who may reach what.
//!
//! ```
//! use infra_synth_cfn::Template;
//! use infra_synth_review::diff::{Gate, Verdict, compare};
//! use serde_json::json;
//!
//! let queue = |policy| Template::from_value(json!({"Resources": {
//!     "Orders": {"Type": "AWS::SQS::Queue", "DeletionPolicy": policy},
//! }}));
//! let review = compare(&queue("Retain"), &queue("Delete"));
//! assert!(review.verdicts().contains(&Verdict::Destructive));
//! assert!(Gate::Destructive.offence(&review).is_some());
//! assert!(Gate::Broadening.offence(&review).is_none());
//! ```

mod access;
mod collisions;
mod gate;
mod holdings;
mod judge;
mod model;
mod pattern;
mod properties;
mod report;
mod resolve;
mod resources;
mod review;
mod rules;
mod secrets;
mod sections;
mod value;

use infra_synth_cfn::Template;

pub use gate::{Gate, Offence};
pub use report::{SCHEMA_VERSION, json, markdown, text};
pub use review::{
    AccessChange, CostChange, DataFate, Effect, Finding, Means, OpenApi, PropertyChange, ResourceChange,
    Review, SectionChange, ServiceCost, Turn, Verdict,
};
pub use value::{Part, Text, Value};

use access::Access;
use model::Model;
use resources::Pair;

/// Compares two templates; source lines come from the new one.
///
/// A template that is foreign, or partly malformed, is compared as far as it can be: the rest is
/// [`Verdict::Unjudged`].
pub fn compare(old: &Template, new: &Template) -> Review {
    let (before, after) = (Model::read(old, new), Model::read(new, old));
    let access = Access::read(&before, &after);
    let pair = Pair {
        old: &before,
        new: &after,
        access: &access,
    };

    let staying = after
        .resources
        .values()
        .map(|new| (before.resources.get(&new.id), Some(new)));
    let leaving = before
        .resources
        .values()
        .filter(|old| !after.resources.contains_key(&old.id))
        .map(|old| (Some(old), None));
    let mut resources: Vec<ResourceChange> = staying
        .chain(leaving)
        .filter_map(|(old, new)| resources::compare(&pair, old, new))
        .collect();
    let mut sections = sections::changes(&before, &after);
    for (logical_id, finding) in access.unread() {
        match resources
            .iter_mut()
            .find(|change| change.logical_id == logical_id)
        {
            Some(change) => change.findings.push(finding),
            // What it refers to changes, though it reads the same.
            None => sections.push(SectionChange {
                path: format!("Resources.{logical_id}"),
                old: None,
                new: None,
                source: new.source_of(&logical_id).map(ToString::to_string),
                findings: vec![finding],
            }),
        }
    }
    let mut review = Review {
        resources,
        access: access.changes(),
        sections,
        open: access::open_apis(&after),
        cost: CostChange::between(old, new),
    };
    secrets::Hidden::of([old, new]).mask(&mut review);
    review
}

/// Whether what a resource of the type holds cannot be had again once it is deleted.
pub fn holds_data(resource_type: &str) -> bool {
    matches!(holdings::holding(resource_type), holdings::Holding::Data(_))
}

/// The APIs of a template that anyone who knows their URL can call.
pub fn open_apis(template: &Template) -> Vec<OpenApi> {
    access::open_apis(&Model::read(template, template))
}

//! Templates, and small edits of them.

use std::path::Path;

use infra_synth_cfn::Template;
use infra_synth_review::diff::{Review, compare};
use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::{Value as Json, json};

/// One edit of a template, at a JSON pointer below `Resources` (or from the top, if it starts with two slashes).
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Set(&'static str, Json),
    Remove(&'static str),
    Push(&'static str, Json),
}

pub(crate) use Edit::{Push, Remove, Set};

pub(crate) fn dev() -> Template {
    template("dev")
}

/// The stage whose routes ask for a token.
pub(crate) fn prod() -> Template {
    template("prod")
}

fn template(stage: &str) -> Template {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    appointment_stack(&StageSettings::load(&stages, stage).unwrap()).unwrap()
}

/// The review of these edits of dev's template.
pub(crate) fn review_of(edits: &[Edit]) -> Review {
    review_of_edited(&dev(), edits)
}

pub(crate) fn review_of_edited(old: &Template, edits: &[Edit]) -> Review {
    let old = old.as_value().clone();
    let mut new = old.clone();
    edits.iter().for_each(|edit| edit.apply(&mut new));
    assert_ne!(old, new, "{edits:?} edits nothing");
    compare(&Template::from_value(old), &Template::from_value(new))
}

/// The review of a template with one resource, before and after.
pub(crate) fn review_of_one(old: &Json, new: &Json) -> Review {
    let template = |resource: &Json| Template::from_value(json!({"Resources": {"It": resource}}));
    compare(&template(old), &template(new))
}

impl Edit {
    fn apply(&self, template: &mut Json) {
        match self {
            Self::Set(path, value) => {
                let (parent, name) = parent(template, path);
                match parent {
                    Json::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
                    parent => parent[&name] = value.clone(),
                }
            }
            Self::Remove(path) => {
                let (parent, name) = parent(template, path);
                match parent {
                    Json::Array(items) => drop(items.remove(name.parse().unwrap())),
                    Json::Object(fields) => {
                        drop(fields.shift_remove(&name).unwrap_or_else(|| panic!("no {path}")));
                    }
                    other => panic!("{path} is in {other}"),
                }
            }
            Self::Push(path, value) => {
                let place = template
                    .pointer_mut(&whole(path))
                    .unwrap_or_else(|| panic!("no {path}"));
                place.as_array_mut().unwrap().push(value.clone());
            }
        }
    }
}

fn whole(path: &str) -> String {
    path.strip_prefix("//")
        .map_or_else(|| format!("/Resources/{path}"), |rest| format!("/{rest}"))
}

fn parent<'t>(template: &'t mut Json, path: &'static str) -> (&'t mut Json, String) {
    let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
    let whole = whole(path);
    let (parent, _) = whole.rsplit_once('/').unwrap();
    (
        template
            .pointer_mut(parent)
            .unwrap_or_else(|| panic!("no {parent}")),
        name.replace("~1", "/"),
    )
}

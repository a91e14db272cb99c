use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use crate::{
    Fault, SourceLine,
    references::{Reference, references},
};

/// A fault for every reference to something that is not declared.
pub(super) fn unknown_references(
    entries: &Map<String, Json>,
    sources: &IndexMap<String, SourceLine>,
    declared: &IndexMap<String, SourceLine>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (id, entry) in entries {
        let Some(&at) = sources.get(id) else { continue };
        for Reference { path, target } in references_of(entry) {
            if !declared.contains_key(&target) {
                faults.push(Fault::UnknownReference {
                    id: id.clone(),
                    path,
                    target,
                    at,
                });
            }
        }
    }
    faults
}

/// A fault for the first circle of resources, if there is one.
pub(super) fn circle(resources: &Map<String, Json>, sources: &IndexMap<String, SourceLine>) -> Option<Fault> {
    let needs: HashMap<&str, Vec<String>> = resources
        .iter()
        .map(|(id, resource)| {
            (
                id.as_str(),
                references_of(resource).into_iter().map(|r| r.target).collect(),
            )
        })
        .collect();
    let mut settled = HashSet::new();
    resources.keys().find_map(|id| {
        let ids = circle_from(id, &needs, &mut settled, &mut Vec::new())?;
        let at = *sources.get(ids.first()?)?;
        Some(Fault::Circle { ids, at })
    })
}

/// Depth first; `settled` holds the ids that no circle passes through.
fn circle_from<'a>(
    id: &'a str,
    needs: &'a HashMap<&str, Vec<String>>,
    settled: &mut HashSet<&'a str>,
    path: &mut Vec<&'a str>,
) -> Option<Vec<String>> {
    if settled.contains(id) {
        return None;
    }
    if let Some(start) = path.iter().position(|&earlier| earlier == id) {
        return Some(path[start..].iter().map(|&id| id.to_owned()).collect());
    }
    path.push(id);
    let found = needs.get(id).and_then(|needs_of_id| {
        needs_of_id
            .iter()
            .find_map(|target| circle_from(target, needs, settled, path))
    });
    path.pop();
    settled.insert(id);
    found
}

fn references_of(entry: &Json) -> Vec<Reference> {
    let mut found = references(entry);
    let depends_on = entry.get("DependsOn").and_then(Json::as_array);
    found.extend(
        depends_on
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(|target| Reference {
                path: "DependsOn".to_owned(),
                target: target.to_owned(),
            }),
    );
    found
}

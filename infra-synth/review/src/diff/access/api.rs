//! Who may call an API's routes, and from which pages.

use crate::diff::model::{Model, Resource};
use crate::diff::review::{AccessChange, Means, OpenApi, Turn, Verdict};
use crate::diff::value::{Text, Value};

mod callers;
mod pages;

use callers::Callers;

struct Route {
    api: Text,
    key: String,
    callers: Callers,
    declared_by: String,
}

pub(crate) fn changes(old: &Model<'_>, new: &Model<'_>) -> Vec<AccessChange> {
    let mut changes = routes_that_change(old, new);
    for resource in new.resources.values() {
        let before = old.resources.get(&resource.id);
        changes.extend(pages::changes(before, Some(resource), new));
    }
    for resource in old
        .resources
        .values()
        .filter(|resource| !new.resources.contains_key(&resource.id))
    {
        changes.extend(pages::changes(Some(resource), None, new));
    }
    changes
}

/// The APIs that have routes which ask nobody who is calling.
pub(crate) fn open(model: &Model<'_>) -> Vec<OpenApi> {
    let mut open: Vec<OpenApi> = Vec::new();
    // A browser asks for leave before it signs in.
    let asks_nobody = |route: &Route| route.callers.are_everybody() && !route.key.starts_with("OPTIONS ");
    for route in routes(model).into_iter().filter(asks_nobody) {
        let api = route
            .api
            .as_hole()
            .map_or_else(|| route.api.to_string(), str::to_owned);
        match open.iter_mut().find(|known| known.logical_id == api) {
            Some(known) => known.routes.push(route.key),
            None => open.push(OpenApi {
                logical_id: api,
                routes: vec![route.key],
            }),
        }
    }
    open
}

fn routes_that_change(old: &Model<'_>, new: &Model<'_>) -> Vec<AccessChange> {
    let (before, after) = (routes(old), routes(new));
    let same = |one: &Route, other: &Route| one.api == other.api && one.key == other.key;
    let mut changes = Vec::new();
    for route in &after {
        let key = &route.key;
        let callers = &route.callers;
        let Some(earlier) = before.iter().find(|other| same(route, other)) else {
            changes.push(route.change(Turn::Possible, format!("{key} begins, for {callers}"), new));
            continue;
        };
        if !earlier.callers.cover(callers) {
            let reason = if callers.are_everybody() && !earlier.callers.are_everybody() {
                format!(
                    "{key} loses its authorizer: it answered {}, and answers {callers}",
                    earlier.callers
                )
            } else {
                format!("{key} answered {}, and answers {callers}", earlier.callers)
            };
            changes.push(route.change(Turn::Possible, reason, new));
        }
        if !callers.cover(&earlier.callers) {
            let reason = format!("{key} no longer answers {}, only {callers}", earlier.callers);
            changes.push(earlier.change(Turn::Impossible, reason, new));
        }
    }
    for route in before
        .iter()
        .filter(|route| !after.iter().any(|other| same(route, other)))
    {
        changes.push(route.change(Turn::Impossible, format!("{} ends", route.key), new));
    }
    changes
}

fn routes(model: &Model<'_>) -> Vec<Route> {
    let text = |resource: &Resource, name: &str| resource.property(name).and_then(Value::as_text).cloned();
    let http = model.of_type("AWS::ApiGatewayV2::Route").map(|route| Route {
        api: text(route, "ApiId").unwrap_or_default(),
        key: text(route, "RouteKey").unwrap_or_default().to_string(),
        callers: Callers::read(route, model),
        declared_by: route.id.clone(),
    });
    let rest = model.of_type("AWS::ApiGateway::Method").map(|method| Route {
        api: text(method, "RestApiId").unwrap_or_default(),
        key: format!(
            "{} {}",
            text(method, "HttpMethod").unwrap_or_default(),
            text(method, "ResourceId").unwrap_or_default()
        ),
        callers: Callers::read(method, model),
        declared_by: method.id.clone(),
    });
    http.chain(rest).collect()
}

impl Route {
    fn change(&self, turn: Turn, reason: String, new: &Model<'_>) -> AccessChange {
        AccessChange {
            turn,
            verdict: if turn == Turn::Possible {
                Verdict::Broadening
            } else {
                Verdict::Narrowing
            },
            means: Means::Api,
            principal: self.callers.to_string(),
            action: format!("calls {}", self.key),
            resource: self.api.to_string(),
            condition: None,
            reason,
            logical_id: self.declared_by.clone(),
            source: new.template.source_of(&self.declared_by).map(ToString::to_string),
        }
    }
}

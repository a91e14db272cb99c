//! Who may call an API's routes, and from which pages.

use std::collections::BTreeSet;
use std::fmt;

use crate::diff::model::{Model, Resource};
use crate::diff::pattern::{Pattern, Reading};
use crate::diff::review::{AccessChange, Means, Turn, Verdict};
use crate::diff::value::{Text, Value};

struct Route {
    api: Text,
    key: String,
    callers: Callers,
    declared_by: String,
}

/// Whom a route answers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Callers {
    /// `None` for everybody.
    authorizer: Option<String>,
    /// Any of these is enough; none asks for none.
    scopes: BTreeSet<String>,
    api_key: bool,
}

pub(crate) fn changes(old: &Model<'_>, new: &Model<'_>) -> Vec<AccessChange> {
    let mut changes = routes_that_change(old, new);
    for resource in new.resources.values() {
        let before = old.resources.get(&resource.id);
        changes.extend(pages_that_change(before, Some(resource), new));
    }
    for resource in old
        .resources
        .values()
        .filter(|resource| !new.resources.contains_key(&resource.id))
    {
        changes.extend(pages_that_change(Some(resource), None, new));
    }
    changes
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
            let reason = if callers.authorizer.is_none() && earlier.callers.authorizer.is_some() {
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
        callers: Callers::read(route),
        declared_by: route.id.clone(),
    });
    let rest = model.of_type("AWS::ApiGateway::Method").map(|method| Route {
        api: text(method, "RestApiId").unwrap_or_default(),
        key: format!(
            "{} {}",
            text(method, "HttpMethod").unwrap_or_default(),
            text(method, "ResourceId").unwrap_or_default()
        ),
        callers: Callers::read(method),
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

impl Callers {
    fn read(route: &Resource) -> Self {
        let text = |name: &str| route.property(name).and_then(Value::as_text).map(Text::to_string);
        let authorizer = match text("AuthorizationType") {
            None => None,
            Some(kind) if kind == "NONE" => None,
            Some(kind) => {
                Some(text("AuthorizerId").map_or_else(|| kind.clone(), |id| format!("{kind} {id}")))
            }
        };
        let scopes = route
            .property("AuthorizationScopes")
            .map(Value::texts)
            .unwrap_or_default();
        Self {
            authorizer,
            scopes: scopes.into_iter().map(Text::to_string).collect(),
            api_key: route.property("ApiKeyRequired").and_then(Value::as_flag) == Some(true),
        }
    }

    fn cover(&self, narrower: &Self) -> bool {
        let key = !self.api_key || narrower.api_key;
        let authorized = self.authorizer.is_none() || self.authorizer == narrower.authorizer;
        let scopes =
            self.scopes.is_empty() || !narrower.scopes.is_empty() && narrower.scopes.is_subset(&self.scopes);
        key && authorized && (self.authorizer.is_none() || scopes)
    }
}

impl fmt::Display for Callers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.authorizer {
            None => f.write_str("everybody")?,
            Some(authorizer) => write!(f, "whom {authorizer} admits")?,
        }
        if !self.scopes.is_empty() {
            let scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
            write!(f, " with scope {}", scopes.join(" or "))?;
        }
        if self.api_key {
            f.write_str(" with an API key")
        } else {
            Ok(())
        }
    }
}

/// The pages, methods and headers that a browser lets through.
fn pages_that_change(
    before: Option<&Resource>,
    after: Option<&Resource>,
    new: &Model<'_>,
) -> Vec<AccessChange> {
    let Some(resource) = after.or(before) else {
        return Vec::new();
    };
    let property = match resource.resource_type.as_str() {
        "AWS::ApiGatewayV2::Api" => "CorsConfiguration",
        "AWS::Lambda::Url" => "Cors",
        _ => return Vec::new(),
    };
    let cors = |side: Option<&Resource>| side.and_then(|side| side.property(property)).cloned();
    let (before, after) = (cors(before), cors(after));
    let mut changes = Vec::new();
    let mut change = |turn: Turn, what: &str, action: &str| {
        let (verdict, word) = match turn {
            Turn::Possible => (Verdict::Broadening, "is let through"),
            Turn::Impossible => (Verdict::Narrowing, "is no longer let through"),
        };
        changes.push(AccessChange {
            turn,
            verdict,
            means: Means::Cors,
            principal: what.to_owned(),
            action: action.to_owned(),
            resource: resource.id.clone(),
            condition: None,
            reason: format!("CORS: {what} {word} ({action})"),
            logical_id: resource.id.clone(),
            source: new.template.source_of(&resource.id).map(ToString::to_string),
        });
    };
    for (list, what, action) in [
        ("AllowOrigins", "the origin", "calls from its pages"),
        ("AllowMethods", "the method", "is sent from pages"),
        ("AllowHeaders", "the header", "is sent from pages"),
        ("ExposeHeaders", "the header", "is read by pages"),
    ] {
        let of = |side: &Option<Value>| -> Vec<Text> {
            let list = side.as_ref().and_then(|cors| cors.get(list));
            list.map(|list| list.texts().into_iter().cloned().collect())
                .unwrap_or_default()
        };
        let (old_list, new_list) = (of(&before), of(&after));
        for (turn, ours, theirs) in [
            (Turn::Possible, &new_list, &old_list),
            (Turn::Impossible, &old_list, &new_list),
        ] {
            let wide: Vec<Pattern> = theirs
                .iter()
                .map(|text| Pattern::new(text, Reading::AnyCase, false))
                .collect();
            for text in ours {
                let narrow = Pattern::new(text, Reading::AnyCase, false);
                if !wide.iter().any(|wide| wide.covers(&narrow)) {
                    let shown = if text.as_literal() == Some("*") {
                        "everything".to_owned()
                    } else {
                        text.to_string()
                    };
                    change(turn, &format!("{what} {shown}"), action);
                }
            }
        }
    }
    let credentials = |side: &Option<Value>| {
        side.as_ref()
            .and_then(|cors| cors.get("AllowCredentials"))
            .is_some_and(|flag| flag.as_flag() != Some(false))
    };
    match (credentials(&before), credentials(&after)) {
        (false, true) => change(
            Turn::Possible,
            "a signed-in user's credentials",
            "are sent from pages",
        ),
        (true, false) => change(
            Turn::Impossible,
            "a signed-in user's credentials",
            "are sent from pages",
        ),
        _ => {}
    }
    changes
}

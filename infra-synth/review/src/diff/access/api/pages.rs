use crate::diff::model::{Model, Resource};
use crate::diff::pattern::{Pattern, Reading};
use crate::diff::review::{AccessChange, Means, Turn, Verdict};
use crate::diff::value::{Text, Value};

/// The pages, methods and headers that a browser lets through.
pub(super) fn changes(
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

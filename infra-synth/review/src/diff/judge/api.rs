use std::collections::BTreeSet;

use super::{Change, weigh};
use crate::access_log::telling_variables;
use crate::diff::properties::{Difference, differences};
use crate::diff::review::{Finding, Verdict};
use crate::diff::value::{Text, Value};

pub(super) fn endpoint(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "SecurityGroupIds" => Some(weigh::groups(change, change.old, change.new)),
        "PrivateDnsEnabled" if weigh::is_on(change.old) && !weigh::is_on(change.new) => change.found(
            Verdict::Narrowing,
            "calls from inside the VPC to the service's own name no longer find the endpoint",
        ),
        "PrivateDnsEnabled" => change.harmless(),
        "SubnetIds" => change.found(
            Verdict::Unjudged,
            "which subnets the endpoint is reached from is not in the template",
        ),
        _ => None,
    }
}

pub(super) fn api(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "DisableExecuteApiEndpoint" => {
            let disabled = weigh::guard(
                change,
                Verdict::Broadening,
                "the API answers under its default address again",
            )?;
            if weigh::is_on(change.new) {
                return change.found(
                    Verdict::Destructive,
                    "the API no longer answers under its default address",
                );
            }
            Some(disabled)
        }
        _ => None,
    }
}

pub(super) fn stage(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "AccessLogSettings" => Some(access_log(change)),
        "ClientCertificateId" if change.new.is_none() => change.found(
            Verdict::Broadening,
            "the backend can no longer tell the API by its certificate",
        ),
        "DefaultRouteSettings" | "RouteSettings" => Some(route_settings(change)),
        _ => None,
    }
}

fn access_log(change: &Change<'_>) -> Vec<Finding> {
    if change.new.is_none() {
        return vec![Finding::new(Verdict::Destructive, "calls are no longer logged")];
    }
    let mut findings = Vec::new();
    let (old, new) = change.field("DestinationArn");
    let is_ours = new
        .and_then(Value::as_text)
        .is_some_and(|text| change.is_ours(text));
    if old != new && !is_ours {
        findings.push(Finding::new(
            Verdict::Broadening,
            "calls are logged outside this stack",
        ));
    }
    let format = |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default();
    let (old, new) = change.field("Format");
    let (old, new) = (format(old), format(new));
    let before = telling_variables(&old);
    for variable in telling_variables(&new) {
        if !before.contains(&variable) {
            findings.push(Finding::new(
                Verdict::Broadening,
                format!("`$context.{variable}` puts into the log who called, or about whom"),
            ));
        }
    }
    findings
}

fn route_settings(change: &Change<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // A route without a limit of its own has the stage's.
    let falls_back = change.property == "RouteSettings" && limits_every_route(change);
    for Difference { path, old, new } in differences(change.property, change.old, change.new) {
        let name = path.rsplit('.').next().unwrap_or(&path);
        let gone = old.is_some_and(|old| limits(name, &old)) && new.is_none();
        if gone && !falls_back {
            findings.push(Finding::new(
                Verdict::Broadening,
                format!("`{path}`: calls are no longer held back"),
            ));
        } else if new.as_ref().is_some_and(|new| refuses_all(name, new)) {
            findings.push(Finding::new(
                Verdict::Destructive,
                format!("`{path}`: every call is refused"),
            ));
        } else if traces(name, new.as_ref()) {
            findings.push(Finding::new(
                Verdict::Broadening,
                format!("`{path}`: whole requests and answers are logged"),
            ));
        }
    }
    findings
}

/// Whether the value is a limit, or holds one.
fn limits(name: &str, value: &Value) -> bool {
    let inside = |(name, value): (&String, &Value)| limits(name, value);
    name.starts_with("Throttling") || value.as_map().is_some_and(|fields| fields.iter().any(inside))
}

/// Whether the value is a limit of nothing, or holds one.
fn refuses_all(name: &str, value: &Value) -> bool {
    let inside = |(name, value): (&String, &Value)| refuses_all(name, value);
    name.starts_with("Throttling") && value.as_number() == Some(0.0)
        || value.as_map().is_some_and(|fields| fields.iter().any(inside))
}

fn limits_every_route(change: &Change<'_>) -> bool {
    let settings = change.new_resource.property("DefaultRouteSettings");
    ["ThrottlingRateLimit", "ThrottlingBurstLimit"]
        .iter()
        .all(|name| settings.is_some_and(|settings| settings.get(name).is_some()))
}

/// Whether the value, or the field of that name in it, turns on the log of whole requests.
fn traces(name: &str, value: Option<&Value>) -> bool {
    let flag = if name == "DataTraceEnabled" {
        value
    } else {
        value.and_then(|value| value.get("DataTraceEnabled"))
    };
    flag.is_some_and(|flag| flag.as_flag() != Some(false))
}

pub(super) fn route(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        "Target" => change.found(Verdict::Unjudged, "another integration answers the route"),
        _ => None,
    }
}

pub(super) fn integration(change: &Change<'_>) -> Option<Vec<Finding>> {
    match (change.property, change.new) {
        ("IntegrationUri", Some(new)) if !new.texts().iter().any(|text| change.is_ours(text)) => change
            .found(
                Verdict::Broadening,
                format!("requests go to {new}, outside this stack"),
            ),
        ("IntegrationUri", Some(new)) => change.found(Verdict::Unjudged, format!("requests go to {new}")),
        ("TlsConfig", None) => change.found(
            Verdict::Broadening,
            "the backend's certificate is no longer checked by its name",
        ),
        _ => None,
    }
}

pub(super) fn authorizer(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.property {
        // The access view tells for each route whom it answers from now on.
        "JwtConfiguration" if guards_a_route(change) => change.harmless(),
        "JwtConfiguration" => {
            let audience = |value: Option<&Value>| -> BTreeSet<Value> {
                value
                    .map(|value| value.elements().iter().cloned().collect())
                    .unwrap_or_default()
            };
            let (old, new) = change.field("Audience");
            let (old, new) = (audience(old), audience(new));
            if change.differs("Issuer") {
                change.found(Verdict::Broadening, "tokens of another issuer are accepted")
            } else if new.is_empty() || !new.is_subset(&old) {
                change.found(
                    Verdict::Broadening,
                    "tokens made for another audience are accepted",
                )
            } else {
                change.found(Verdict::Narrowing, "tokens of fewer audiences are accepted")
            }
        }
        "AuthorizerResultTtlInSeconds" => {
            let seconds = |value: Option<&Value>| value.map_or(Some(300.0), Value::as_number);
            match (seconds(change.old)?, seconds(change.new)?) {
                (old, new) if new <= old => change.harmless(),
                _ => change.found(
                    Verdict::Broadening,
                    "whom the authorizer no longer admits is let in for longer",
                ),
            }
        }
        "AuthorizerUri" | "AuthorizerType" => {
            change.found(Verdict::Broadening, "something else decides who may call")
        }
        _ => None,
    }
}

/// Whether a route of the template asks the authorizer.
fn guards_a_route(change: &Change<'_>) -> bool {
    change.new_model.of_type("AWS::ApiGatewayV2::Route").any(|route| {
        let authorizer = route.property("AuthorizerId").and_then(Value::as_text);
        authorizer.and_then(Text::as_hole) == Some(change.new_resource.id.as_str())
    })
}

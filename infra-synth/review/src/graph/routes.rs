use super::drawing::Drawing;
use infra_synth_wiring::{Resource, Wiring, text};

/// Whoever calls; no logical id has an underscore.
pub(super) const CLIENT: &str = "the_client";

/// From the client through each API to the functions that answer.
pub(super) fn routes(wiring: &Wiring<'_>, drawing: &mut Drawing) {
    for api in wiring.of("AWS::ApiGatewayV2::Api") {
        let own = |kind| {
            wiring.of(kind).filter(move |part| {
                part.property("ApiId")
                    .and_then(|id| wiring.target(id))
                    .is_some_and(|found| found.id == api.id)
            })
        };
        let issuers: Vec<String> = own("AWS::ApiGatewayV2::Authorizer")
            .filter_map(|authorizer| authorizer.property("JwtConfiguration.Issuer"))
            .map(|issuer| format!("token of {}", text(issuer)))
            .collect();
        drawing.edge(CLIENT, api.id, issuers.join(" or "));
        for route in own("AWS::ApiGatewayV2::Route") {
            if let Some(function) = function_of(wiring, route) {
                drawing.edge(api.id, function.id, asked(route));
            }
        }
    }
}

/// A route's key, and the scopes that it asks for.
fn asked(route: Resource<'_>) -> String {
    let key = route.text("RouteKey").unwrap_or_default();
    let scopes: Vec<String> = route.list("AuthorizationScopes").into_iter().map(text).collect();
    match scopes.as_slice() {
        [] => key.to_owned(),
        some => format!("{key} for {}", some.join(" or ")),
    }
}

fn function_of<'a>(wiring: &Wiring<'a>, route: Resource<'a>) -> Option<Resource<'a>> {
    let integration = wiring.target(route.property("Target")?)?;
    wiring.target(integration.property("IntegrationUri")?)
}

use serde_json::Value as Json;

use crate::access_log::telling_variables;
use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::{Wiring, text};

pub(super) static AUTHORIZED_ROUTES: Rule = Rule {
    id: "authorized-routes",
    severity: Severity::Error,
    title: "In production every route asks who is calling",
    why: "Whoever finds the URL reads and writes appointments of other people",
    mend: "Give the route an authorizer: `AuthorizationType` JWT, AWS_IAM or CUSTOM",
    also_known_as: &[
        "AwsSolutions-APIG4",
        "CKV_AWS_309",
        "CKV_AWS_59",
        "api-gwv2-authorization-type-configured",
    ],
    look: authorized_routes,
};

pub(super) static TOKENS_FOR_US: Rule = Rule {
    id: "tokens-for-us",
    severity: Severity::Error,
    title: "In production an authorizer takes only tokens that a named issuer made for this API",
    why: "A token that the issuer made for any other of its clients would open the appointments too",
    mend: "Set `JwtConfiguration.Issuer` to an https URL and list the API in `JwtConfiguration.Audience`",
    also_known_as: &[],
    look: tokens_for_us,
};

pub(super) static CORS_NOT_OPEN: Rule = Rule {
    id: "cors-not-open",
    severity: Severity::Error,
    title: "Only pages that are named may call the API from a browser",
    why: "With `*` any page that a person visits can call the API from their network",
    mend: "List the origins in `CorsConfiguration.AllowOrigins`, and in production the methods and headers too",
    also_known_as: &[],
    look: cors_not_open,
};

pub(super) static API_THROTTLED: Rule = Rule {
    id: "api-throttled-and-logged",
    severity: Severity::Error,
    title: "The API limits how often it is called, and logs who called",
    why: "One client can use up the account's limits for all, and nobody could tell which",
    mend: "Set `DefaultRouteSettings.ThrottlingRateLimit` and `AccessLogSettings.DestinationArn` on the stage",
    also_known_as: &["AwsSolutions-APIG1", "CKV_AWS_95", "api-gwv2-access-logs-enabled"],
    look: api_throttled_and_logged,
};

pub(super) static ACCESS_LOG_TELLS_NOBODY: Rule = Rule {
    id: "access-log-tells-nobody",
    severity: Severity::Error,
    title: "The API's access log says what was called, and not by or about whom",
    why: "The insured's number is in the path and in the claims; with the time and the answer it is health data, for all who read logs",
    mend: "Log `$context.routeKey` instead of `$context.path`, and `$context.requestId` to find the rest by",
    also_known_as: &[],
    look: access_log_tells_nobody,
};

fn authorized_routes(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    if !facts.production {
        return;
    }
    for route in wiring
        .of("AWS::ApiGatewayV2::Route")
        .chain(wiring.of("AWS::ApiGateway::Method"))
    {
        // A browser asks for leave before it signs in.
        let is_preflight = route.text("HttpMethod") == Some("OPTIONS")
            || route
                .text("RouteKey")
                .is_some_and(|key| key.starts_with("OPTIONS "));
        if is_preflight {
            continue;
        }
        let kept = route.text("AuthorizationType").is_some_and(|kind| kind != "NONE");
        let name = route
            .text("RouteKey")
            .or(route.text("HttpMethod"))
            .unwrap_or(route.id);
        looks.expect(
            kept,
            route,
            "AuthorizationType",
            format!("anybody may call `{name}`"),
        );
    }
}

fn tokens_for_us(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    if !facts.production {
        return;
    }
    for authorizer in wiring.of("AWS::ApiGatewayV2::Authorizer") {
        if authorizer.text("AuthorizerType") != Some("JWT") {
            continue;
        }
        let path = "JwtConfiguration.Issuer";
        // What only CloudFormation knows is asked of it in the same way: the text begins with the scheme.
        let issuer = authorizer.property(path).map(text).unwrap_or_default();
        looks.expect(
            issuer.starts_with("https://"),
            authorizer,
            path,
            format!("keys of `{issuer}` are not fetched over https"),
        );
        let path = "JwtConfiguration.Audience";
        let named = authorizer
            .list(path)
            .iter()
            .any(|audience| !text(audience).is_empty());
        looks.expect(
            named,
            authorizer,
            path,
            "tokens that the issuer made for others are accepted",
        );
    }
}

fn cors_not_open(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    for api in wiring.of("AWS::ApiGatewayV2::Api") {
        if api.property("CorsConfiguration").is_none() {
            continue;
        }
        let path = "CorsConfiguration.AllowOrigins";
        // `https://*` is as open as `*`.
        let is_open = |origin: &&Json| origin.as_str().is_some_and(|origin| origin.contains('*'));
        let kept = !api.list(path).iter().any(is_open);
        looks.expect(kept, api, path, "pages of any origin may call the API");
        if !facts.production {
            continue;
        }
        for (list, may) in [
            ("AllowMethods", "send any method"),
            ("AllowHeaders", "send any header"),
            ("ExposeHeaders", "read any header"),
        ] {
            let path = format!("CorsConfiguration.{list}");
            let kept = !api.list(&path).iter().any(|one| text(one) == "*");
            looks.expect(kept, api, &path, format!("pages may {may}"));
        }
    }
}

fn api_throttled_and_logged(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for stage in wiring.of("AWS::ApiGatewayV2::Stage") {
        let rate = "DefaultRouteSettings.ThrottlingRateLimit";
        let limited = stage.number(rate).is_some_and(|limit| limit > 0.0);
        looks.expect(limited, stage, rate, "nothing limits how often the API is called");
        let log = "AccessLogSettings.DestinationArn";
        looks.expect(
            stage.property(log).is_some(),
            stage,
            log,
            "the API writes no access log",
        );
    }
}

fn access_log_tells_nobody(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for (kind, path) in [
        ("AWS::ApiGatewayV2::Stage", "AccessLogSettings.Format"),
        ("AWS::ApiGateway::Stage", "AccessLogSetting.Format"),
    ] {
        for stage in wiring.of(kind) {
            let Some(format) = stage.property(path) else {
                continue;
            };
            let format = text(format);
            let found = telling_variables(&format);
            let what = format!("the log takes in `$context.{}`", found.join("`, `$context."));
            looks.expect(found.is_empty(), stage, path, what);
        }
    }
}

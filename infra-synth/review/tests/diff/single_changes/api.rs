use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Narrowing};
use serde_json::json;

use super::all;
use crate::edit::{Push, Remove, Set};

#[test]
fn the_api_stays_as_closed_as_it_was() {
    all(&[
        (
            Set("HttpApi/Properties/CorsConfiguration/AllowOrigins", json!(["*"])),
            &[Broadening],
            "CORS: the origin everything is let through",
        ),
        (
            Set(
                "HttpApi/Properties/CorsConfiguration/AllowCredentials",
                json!(true),
            ),
            &[Broadening],
            "credentials",
        ),
        (
            Push(
                "HttpApi/Properties/CorsConfiguration/AllowHeaders",
                json!("x-client"),
            ),
            &[Broadening],
            "the header x-client",
        ),
        (
            Set("HttpApi/Properties/CorsConfiguration/MaxAge", json!(60)),
            &[Harmless],
            "86400 → 60",
        ),
        (
            Remove("HttpApi/Properties/CorsConfiguration"),
            &[Narrowing],
            "no longer let through",
        ),
        (
            Set("HttpApi/Properties/Name", json!("other")),
            &[Harmless],
            "Name",
        ),
        (
            Set("HttpApi/Properties/ProtocolType", json!("WEBSOCKET")),
            &[Destructive],
            "the URL that clients call",
        ),
        (
            Set("HttpApi/Properties/DisableExecuteApiEndpoint", json!(true)),
            &[Destructive],
            "no longer answers",
        ),
        (
            Set(
                "CreateAppointmentIntegration/Properties/IntegrationUri",
                json!("https://elsewhere.example"),
            ),
            &[Broadening],
            "outside this stack",
        ),
        (
            Set(
                "CreateAppointmentIntegration/Properties/TimeoutInMillis",
                json!(5000),
            ),
            &[Harmless],
            "5000",
        ),
        (
            Set(
                "CreateAppointmentRoute/Properties/RouteKey",
                json!("ANY /appointments"),
            ),
            &[Narrowing, Broadening],
            "ANY /appointments begins, for everybody",
        ),
        (
            Set(
                "CreateAppointmentRoute/Properties/AuthorizationType",
                json!("AWS_IAM"),
            ),
            &[Narrowing],
            "only whom AWS_IAM admits",
        ),
        (
            Remove("CreateAppointmentRoute"),
            &[Narrowing, Destructive],
            "POST /appointments ends",
        ),
        (
            Remove("CreateAppointmentPermission/Properties/SourceArn"),
            &[Broadening],
            "no longer only where aws:sourcearn",
        ),
        (
            Set("CreateAppointmentPermission/Properties/Principal", json!("*")),
            &[Broadening],
            "lambda:InvokeFunction by anyone",
        ),
        (Remove("CreateAppointmentPermission"), &[Narrowing], "ends"),
        (
            Remove("HttpApiStage/Properties/AccessLogSettings"),
            &[Destructive],
            "no longer logged",
        ),
        (
            Remove("HttpApiStage/Properties/DefaultRouteSettings"),
            &[Broadening],
            "no longer held back",
        ),
        (
            Set(
                "HttpApiStage/Properties/DefaultRouteSettings/DataTraceEnabled",
                json!(true),
            ),
            &[Broadening],
            "whole requests and answers are logged",
        ),
        (
            Set(
                "HttpApiStage/Properties/DefaultRouteSettings/ThrottlingRateLimit",
                json!(1),
            ),
            &[Harmless],
            "1000 → 1",
        ),
        (
            Set("HttpApiStage/Properties/StageName", json!("v1")),
            &[Destructive],
            "the URL that clients call",
        ),
    ]);
}

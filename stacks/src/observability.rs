use infra_synth_cfn::{
    Handle, Stack,
    resources::{AccessLogSettings, LogGroup},
};

use crate::StageSettings;

/// What the access log says of a request. The route, never the path: a path holds the insured person's id.
const ACCESS_LOG: [(&str, &str); 10] = [
    ("requestId", "$context.requestId"),
    ("requestTime", "$context.requestTime"),
    ("routeKey", "$context.routeKey"),
    ("status", "$context.status"),
    ("responseLatency", "$context.responseLatency"),
    ("integrationLatency", "$context.integrationLatency"),
    ("responseLength", "$context.responseLength"),
    ("error", "$context.error.message"),
    // The error alone does not say why a function could not be called, or why a token was refused.
    ("integrationError", "$context.integrationErrorMessage"),
    ("authorizerError", "$context.authorizer.error"),
];

/// A log group as the stage keeps it.
pub(crate) fn log_group(settings: &StageSettings, name: String) -> LogGroup {
    LogGroup {
        log_group_name: Some(name.into()),
        retention_in_days: Some(settings.log_retention),
        // Protected, it could not be deleted when the deployment that made it is undone, and the stack would be stuck.
        // What becomes of it later is said by its deletion policy.
        deletion_protection_enabled: None,
    }
}

/// A function of this id that `Stack::add_function` declared is not traced by X-Ray.
#[track_caller]
pub(crate) fn leave_untraced(stack: &mut Stack, id: &str) {
    stack.except(
        &format!("{id}LambdaFunction"),
        "tracing",
        "the function records no segments of its own, so a trace would say no more than the report line that Lambda \
         writes for each call",
    );
}

/// The API's access log: one JSON object a request, with no health data in it.
pub(crate) fn declare_access_log(stack: &mut Stack, settings: &StageSettings) -> AccessLogSettings {
    // Under this prefix one entry in the account's resource policy serves every API; without it each adds its own,
    // until the policy is full.
    let name = format!("/aws/vendedlogs/apigateway/{}", settings.function_name("api"));
    let group: Handle<LogGroup> =
        stack.add_with("ApiAccessLogGroup", log_group(settings, name), settings.removal());
    AccessLogSettings::json(group.arn(), &ACCESS_LOG)
}

use infra_synth_cfn::{
    Handle, Seconds, Stack,
    resources::{self, Cors, HttpApi, RouteAuthorization, RouteSettings},
};
use schedule_core::names;

use crate::{StageSettings, functions::Functions, observability};

/// The HTTP API: two routes, each to its function.
pub(crate) fn declare(stack: &mut Stack, settings: &StageSettings, functions: &Functions) -> Handle<HttpApi> {
    let api = HttpApi {
        description: Some("Medical appointments"),
        cors: cors(settings),
        ..HttpApi::new(settings.function_name("api"))
    };
    let api = stack.add("HttpApi", api);
    let create = stack.add_integration("CreateAppointment", &api, &functions.create_appointment);
    let get = stack.add_integration("GetAppointment", &api, &functions.get_appointment);
    stack.add_route(
        "CreateAppointment",
        names::CREATE_ROUTE,
        &create,
        RouteAuthorization::Anyone,
    );
    stack.add_route(
        "GetAppointment",
        names::GET_ROUTE,
        &get,
        RouteAuthorization::Anyone,
    );

    if settings.production {
        for route in ["CreateAppointmentRoute", "GetAppointmentRoute"] {
            stack.except(
                route,
                "authorized-routes",
                "the API has no sign-in yet: until it has an authorizer, throttling and the access log are all that \
                 guards it",
            );
        }
    }

    let access_log = observability::declare_access_log(stack, settings);
    let stage = resources::Stage {
        access_log_settings: Some(access_log),
        default_route_settings: Some(RouteSettings {
            throttling_rate_limit: settings.api.throttling_rate,
            throttling_burst_limit: settings.api.throttling_burst,
        }),
        ..resources::Stage::default_of(api.id())
    };
    stack.add_stage("HttpApiStage", stage, &[]);
    stack.output("ApiUrl", "Where the API answers", &api.endpoint());
    api
}

fn cors(settings: &StageSettings) -> Option<Cors> {
    let origins = &settings.api.cors_allow_origins;
    (!origins.is_empty()).then(|| Cors {
        allow_origins: origins.clone(),
        allow_methods: vec!["GET", "POST"],
        allow_headers: vec![
            "accept",
            "accept-language",
            "authorization",
            "content-type",
            "idempotency-key",
            "if-none-match",
        ],
        expose_headers: vec!["etag", "link", "location", "retry-after", "x-request-id"],
        max_age: Some(Seconds::days(1)),
    })
}

use infra_synth_cfn::{
    Handle, Seconds, Stack,
    constructs::DeclaredRoute,
    resources::{self, Cors, HttpApi, JwtAuthorizer, RouteAuthorization},
};
use schedule_core::names;

use crate::{AuthSettings, StageSettings, functions::Functions, observability};

/// The HTTP API: its routes, each to its function and each with its limit, and who may call them.
pub(crate) fn declare(stack: &mut Stack, settings: &StageSettings, functions: &Functions) -> Handle<HttpApi> {
    let api = HttpApi {
        description: Some("Medical appointments"),
        cors: cors(settings),
        ..HttpApi::new(settings.function_name("api"))
    };
    let api = stack.add("HttpApi", api);
    let routes = routes(stack, settings, functions, &api);

    let throttling = &settings.api.throttling;
    let stage = resources::Stage {
        access_log_settings: Some(observability::declare_access_log(stack, settings)),
        default_route_settings: Some(throttling.other),
        ..resources::Stage::default_of(api.id())
    };
    let mut limits = vec![
        (&routes.create, throttling.create),
        (&routes.list, throttling.list),
        (&routes.read, throttling.read),
    ];
    // A page asks before its first request, and then for a day no more.
    limits.extend(routes.preflight.iter().map(|route| (route, throttling.read)));
    stack.add_stage("HttpApiStage", stage, &limits);
    stack.output("ApiUrl", "Where the API answers", &api.endpoint());
    api
}

/// The routes that have limits of their own.
struct Routes {
    create: DeclaredRoute,
    list: DeclaredRoute,
    read: DeclaredRoute,
    preflight: Option<DeclaredRoute>,
}

fn routes(
    stack: &mut Stack,
    settings: &StageSettings,
    functions: &Functions,
    api: &Handle<HttpApi>,
) -> Routes {
    let callers = callers(stack, settings, api);
    let create = stack.add_integration("CreateAppointment", api, &functions.create_appointment);
    let get = stack.add_integration("GetAppointment", api, &functions.get_appointment);
    let (writers, readers) = (
        callers.with(&[names::WRITE_SCOPE]),
        callers.with(&[names::READ_SCOPE]),
    );
    let routes = Routes {
        create: stack.add_route("CreateAppointment", names::CREATE_ROUTE, &create, writers),
        list: stack.add_route("GetAppointment", names::GET_ROUTE, &get, readers.clone()),
        read: stack.add_route("GetOneAppointment", names::GET_ONE_ROUTE, &get, readers),
        preflight: match settings.api.cors_allow_origins.is_empty() {
            true => None,
            false => Some(stack.add_route(
                "Preflight",
                names::PREFLIGHT_ROUTE,
                &get,
                RouteAuthorization::Anyone,
            )),
        },
    };
    // So that a wrong path or method is answered as every other mistake is; only to whom the API knows.
    stack.add_route("Default", names::DEFAULT_ROUTE, &get, callers.with(&[]));
    routes
}

/// Whom the API answers.
struct Callers(RouteAuthorization);

fn callers(stack: &mut Stack, settings: &StageSettings, api: &Handle<HttpApi>) -> Callers {
    let AuthSettings::Jwt(jwt) = &settings.auth else {
        return Callers(RouteAuthorization::Anyone);
    };
    let authorizer = JwtAuthorizer {
        api_id: api.id(),
        name: settings.function_name("callers").into(),
        issuer: jwt.issuer.as_str().into(),
        audience: jwt.audience.clone(),
    };
    Callers(RouteAuthorization::Jwt {
        authorizer: stack.add("HttpApiAuthorizer", authorizer).id(),
        scopes: Vec::new(),
    })
}

impl Callers {
    /// Those of them who may do this.
    fn with(&self, scopes: &[&'static str]) -> RouteAuthorization {
        match &self.0 {
            RouteAuthorization::Anyone => RouteAuthorization::Anyone,
            RouteAuthorization::Jwt { authorizer, .. } => RouteAuthorization::Jwt {
                authorizer: authorizer.clone(),
                scopes: scopes.to_vec(),
            },
        }
    }
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

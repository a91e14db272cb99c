use crate::{
    Attributes, Handle, Stack, Value,
    constructs::LambdaFunction,
    kind::{FunctionArn, IntegrationId, RouteArn},
    resources::{self, HttpApi, Integration, Permission, Route, RouteAuthorization, RouteSettings},
};

/// A function that answers routes of an API: what [`Stack::add_integration`] returns.
#[derive(Debug, Clone)]
pub struct ApiFunction {
    api: Handle<HttpApi>,
    integration: Value<IntegrationId>,
    function: Value<FunctionArn>,
}

/// A route that was declared: what [`Stack::add_route`] returns.
#[derive(Debug, Clone)]
pub struct DeclaredRoute {
    key: String,
    route: Handle<Route>,
}

impl Stack {
    /// Declares `<id>Integration`, by which a function can answer routes of this API.
    #[track_caller]
    pub fn add_integration(
        &mut self,
        id: &str,
        api: &Handle<HttpApi>,
        function: &LambdaFunction,
    ) -> ApiFunction {
        let integration = Integration {
            api_id: api.id(),
            function: function.arn(),
        };
        ApiFunction {
            api: api.clone(),
            integration: self.add(&format!("{id}Integration"), integration).id(),
            function: function.arn(),
        }
    }

    /// Declares a route that a function answers: `<id>Route`, and `<id>Permission` for API Gateway to call the
    /// function for this route and no other.
    ///
    /// `route_key` is a method and a path, `GET /appointments/{insuredId}`, or `$default` for what no other takes.
    #[track_caller]
    pub fn add_route(
        &mut self,
        id: &str,
        route_key: &str,
        answered_by: &ApiFunction,
        authorization: RouteAuthorization,
    ) -> DeclaredRoute {
        let api = &answered_by.api;
        let route = Route {
            api_id: api.id(),
            route_key: route_key.to_owned(),
            integration: answered_by.integration.clone(),
            authorization,
        };
        let route = self.add(&format!("{id}Route"), route);
        let permission = Permission::for_route(answered_by.function.clone(), &api.route_arn(route_key));
        self.add(&format!("{id}Permission"), permission);
        DeclaredRoute {
            key: route_key.to_owned(),
            route,
        }
    }

    /// Declares a stage in which these routes have limits of their own.
    ///
    /// It waits for them: API Gateway refuses limits for a route that is not there yet.
    #[track_caller]
    pub fn add_stage(
        &mut self,
        id: &str,
        stage: resources::Stage,
        limits: &[(&DeclaredRoute, RouteSettings)],
    ) -> Handle<resources::Stage> {
        let ids: Vec<&str> = limits.iter().map(|(route, _)| route.route.logical_id()).collect();
        let stage = resources::Stage {
            route_settings: limits
                .iter()
                .map(|(route, settings)| (route.key.clone(), *settings))
                .collect(),
            ..stage
        };
        self.add_with(id, stage, Attributes::depends_on(&ids))
    }
}

impl Handle<HttpApi> {
    /// What API Gateway calls itself for one route, in whichever stage: `…:<api>/*/<method>/<path>`, where a path
    /// parameter may be any text, or `…:<api>/*/$default`.
    fn route_arn(&self, route_key: &str) -> Value<RouteArn> {
        let any = |segment: &str| {
            if segment.starts_with('{') {
                "*".to_owned()
            } else {
                segment.to_owned()
            }
        };
        let path = route_key
            .replacen(' ', "", 1)
            .split('/')
            .map(any)
            .collect::<Vec<_>>()
            .join("/");
        Value::arn_here("execute-api", &format!("${{{}}}/*/{path}", self.logical_id()))
    }
}

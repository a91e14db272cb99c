use crate::{
    Handle, Stack, Value,
    constructs::LambdaFunction,
    kind::RouteArn,
    resources::{HttpApi, Integration, Permission, Route},
};

impl Stack {
    /// Declares a route that a function answers: `<id>Integration`, `<id>Route`, and `<id>Permission` for API
    /// Gateway to call the function for this route and no other.
    ///
    /// `route_key` is a method and a path: `GET /appointments/{insuredId}`.
    #[track_caller]
    pub fn add_route(&mut self, id: &str, api: &Handle<HttpApi>, route_key: &str, function: &LambdaFunction) {
        let integration = Integration {
            api_id: api.id(),
            function: function.arn(),
        };
        let integration = self.add(&format!("{id}Integration"), integration);
        let route = Route {
            api_id: api.id(),
            route_key: route_key.to_owned(),
            integration: integration.id(),
        };
        self.add(&format!("{id}Route"), route);
        let permission = Permission::for_route(function.arn(), &api.route_arn(route_key));
        self.add(&format!("{id}Permission"), permission);
    }
}

impl Handle<HttpApi> {
    /// What API Gateway calls itself for one route, in whichever stage: `…:<api>/*/<method>/<path>`, where a path
    /// parameter may be any text.
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

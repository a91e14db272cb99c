//! What no route takes: a path that is not there, or another method than the path has.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use schedule_core::names::{CREATE_ROUTE, GET_ONE_ROUTE, GET_ROUTE};

use super::problem::Problem;

const ROUTES: [&str; 3] = [CREATE_ROUTE, GET_ROUTE, GET_ONE_ROUTE];

/// Why a request has no route.
pub(super) fn problem(event: &ApiGatewayV2httpRequest) -> Problem {
    let path = event.raw_path.as_deref().unwrap_or_default();
    let method = event.request_context.http.method.as_str();
    match allowed_method(path) {
        Some(allowed) if allowed != method => Problem::MethodNotAllowed { allowed },
        _ => Problem::NoSuchPath,
    }
}

/// The method of the route that has this path; no path has two.
fn allowed_method(path: &str) -> Option<&'static str> {
    ROUTES
        .iter()
        .filter_map(|route| route.split_once(' '))
        .find(|(_, template)| matches(template, path))
        .map(|(method, _)| method)
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(expected, segment)| {
            let is_parameter = expected.starts_with('{');
            if is_parameter {
                !segment.is_empty()
            } else {
                expected == segment
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_route_has_the_routes_method_and_another_has_none() {
        for (path, expected) in [
            ("/appointments", Some("POST")),
            ("/appointments/00123", Some("GET")),
            ("/appointments/00123/7", Some("GET")),
            ("/appointments/", None),
            ("/appointments//7", None),
            ("/appointments/00123/", None),
            ("/appointments/00123/7/8", None),
            ("/Appointments", None),
            ("//appointments", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(allowed_method(path), expected, "{path}");
        }
    }
}

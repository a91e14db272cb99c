use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    http::{HeaderName, HeaderValue},
};
use schedule_core::RequestId;

use crate::Invocation;

/// The header that tells a client under which id everything about its request is found.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, which its event then also has: the gateway's, or else that of the run.
pub(super) fn identify(event: &mut ApiGatewayV2httpRequest, invocation: &Invocation) -> Option<RequestId> {
    let given = event.request_context.request_id.take();
    let id = given
        .and_then(RequestId::new)
        .or_else(|| RequestId::new(invocation.request_id.as_str()));
    event.request_context.request_id = id.as_ref().map(ToString::to_string);
    id
}

/// Says the id to the client.
pub(super) fn tell(response: &mut ApiGatewayV2httpResponse, event: &ApiGatewayV2httpRequest) {
    let id = event.request_context.request_id.as_deref();
    if let Some(value) = id.and_then(|id| HeaderValue::from_str(id).ok()) {
        response.headers.insert(REQUEST_ID, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: Option<&str>, expected: &str) {
        let mut event = ApiGatewayV2httpRequest::default();
        event.request_context.request_id = given.map(str::to_owned);
        let invocation = Invocation {
            request_id: "the-run".to_owned(),
            deadline: jiff::Timestamp::MAX,
        };
        let id = identify(&mut event, &invocation);
        assert_eq!(id.as_ref().map(RequestId::as_str), Some(expected));
        let mut response = ApiGatewayV2httpResponse::default();
        tell(&mut response, &event);
        assert_eq!(response.headers[REQUEST_ID], expected);
    }

    #[test]
    fn a_request_without_a_sound_id_has_that_of_the_run() {
        check(Some("Bz7aXjPqIAMEVqQ="), "Bz7aXjPqIAMEVqQ=");
        for given in [None, Some(""), Some("a\nb")] {
            check(given, "the-run");
        }
    }
}

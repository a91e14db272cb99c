//! What an API's access log takes in of the requests: an insured's number stands in the path and in the claims.

/// Variables of API Gateway's access log that say who called, or about whom. `$context.resourcePath` and
/// `$context.routeKey` are not among them: they hold the route as it is declared.
///
/// From the lists of `$context` variables for HTTP and REST APIs in the API Gateway developer guide.
const TELLING: [&str; 7] = [
    "path",
    "authorizer",
    "requestOverride.path",
    "requestOverride.querystring",
    "responseOverride",
    "identity.cognitoIdentityId",
    "identity.user",
];

/// Why an authorizer let somebody not in: that a token has expired, and nothing of what is in it.
const WHY_REFUSED: &str = "authorizer.error";

/// The variables in the format that hold a path as called, or claims of the caller.
pub(crate) fn telling_variables(format: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for rest in format.split("$context.").skip(1) {
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_' || c == '-'))
            .unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('.');
        let tells = name != WHY_REFUSED
            && TELLING.iter().any(|telling| {
                name.strip_prefix(telling)
                    .is_some_and(|more| more.is_empty() || more.starts_with('.'))
            });
        if tells && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::telling_variables;

    #[test]
    fn the_path_as_called_tells_and_the_route_as_declared_does_not() {
        assert_eq!(
            telling_variables(r#"{"p":"$context.path","q":"$context.authorizer.claims.sub"}"#),
            ["path", "authorizer.claims.sub"]
        );
        assert_eq!(
            telling_variables(
                "$context.requestId $context.routeKey $context.resourcePath $context.pathology $context.authorizer.error"
            ),
            [""; 0]
        );
    }
}

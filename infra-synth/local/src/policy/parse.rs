use serde_json::{Map, Value};

use super::condition::{CONTEXT_KEYS, Condition, OPERATORS, Operator};
use super::error::PolicyError;
use super::principal::{Listed, Principals};
use super::wildcard::Wildcard;
use super::{Effect, PolicyDocument, Statement};

pub(super) fn parse_document(document: &Value) -> Result<PolicyDocument, PolicyError> {
    let document = object(document, "/", "a policy object")?;
    for (element, value) in document {
        match element.as_str() {
            "Version" => match value.as_str() {
                Some("2012-10-17" | "2008-10-17") => {}
                _ => {
                    return Err(PolicyError::Value {
                        path: "/Version".to_owned(),
                        value: plain(value),
                        expected: "`2012-10-17`",
                    });
                }
            },
            "Id" | "Statement" => {}
            _ => {
                return Err(unsupported(
                    "/",
                    element,
                    "a policy has `Version`, `Id` and `Statement`",
                ));
            }
        }
    }
    let statements = match document.get("Statement") {
        None => {
            return Err(PolicyError::Missing {
                path: "/".to_owned(),
                element: "Statement",
            });
        }
        Some(Value::Array(statements)) => statements
            .iter()
            .enumerate()
            .map(|(index, statement)| parse_statement(statement, &format!("/Statement/{index}"), index))
            .collect::<Result<_, _>>()?,
        Some(statement) => vec![parse_statement(statement, "/Statement", 0)?],
    };
    Ok(PolicyDocument { statements })
}

fn parse_statement(statement: &Value, path: &str, index: usize) -> Result<Statement, PolicyError> {
    let statement = object(statement, path, "a statement object")?;
    for element in statement.keys() {
        let instead = match element.as_str() {
            "Sid" | "Effect" | "Principal" | "Action" | "Resource" | "Condition" => continue,
            "NotAction" => "list the actions in `Action`",
            "NotResource" => "list the resources in `Resource`",
            "NotPrincipal" => "use `Principal` with a condition on `aws:PrincipalArn`",
            _ => "a statement has `Sid`, `Effect`, `Principal`, `Action`, `Resource` and `Condition`",
        };
        return Err(unsupported(path, element, instead));
    }
    let required = |element| {
        statement.get(element).ok_or_else(|| PolicyError::Missing {
            path: path.to_owned(),
            element,
        })
    };
    let name = match statement.get("Sid") {
        None => format!("#{}", index + 1),
        Some(sid) => text(sid, &format!("{path}/Sid"))?.to_owned(),
    };
    let effect = match required("Effect")? {
        Value::String(effect) if effect == "Allow" => Effect::Allow,
        Value::String(effect) if effect == "Deny" => Effect::Deny,
        other => {
            let expected = "`Allow` or `Deny`";
            return Err(PolicyError::Value {
                path: format!("{path}/Effect"),
                value: plain(other),
                expected,
            });
        }
    };
    let actions = texts(required("Action")?, &format!("{path}/Action"))?;
    let trust = actions.iter().all(|(action, _)| action.starts_with("sts:"));
    let principals = match statement.get("Principal") {
        Some(principal) => Some(parse_principals(principal, &format!("{path}/Principal"))?),
        None => None,
    };
    let resources = match statement.get("Resource") {
        None if trust && principals.is_some() => Vec::new(),
        Some(_) if trust && principals.is_some() => {
            let instead = "leave it away: a trust policy speaks of the role that it stands in";
            return Err(unsupported(path, "Resource", instead));
        }
        _ => texts(required("Resource")?, &format!("{path}/Resource"))?,
    };
    let conditions = match statement.get("Condition") {
        Some(condition) => parse_conditions(condition, &format!("{path}/Condition"))?,
        None => Vec::new(),
    };
    Ok(Statement {
        name,
        effect,
        principals,
        actions: actions.into_iter().map(parse_action).collect::<Result<_, _>>()?,
        resources: resources
            .into_iter()
            .map(parse_resource)
            .collect::<Result<_, _>>()?,
        conditions,
    })
}

fn parse_action((action, path): (&str, String)) -> Result<Wildcard, PolicyError> {
    if action == "*"
        || action
            .split_once(':')
            .is_some_and(|(service, name)| !service.is_empty() && !name.is_empty())
    {
        Ok(Wildcard::new(action))
    } else {
        let expected = "`*` or a service and its action, such as `sqs:SendMessage`";
        Err(PolicyError::Value {
            path,
            value: action.to_owned(),
            expected,
        })
    }
}

fn parse_resource((resource, path): (&str, String)) -> Result<Wildcard, PolicyError> {
    if resource == "*" || resource.starts_with("arn:") {
        Ok(Wildcard::new(resource))
    } else {
        Err(PolicyError::Value {
            path,
            value: resource.to_owned(),
            expected: "`*` or an ARN",
        })
    }
}

fn parse_principals(principal: &Value, path: &str) -> Result<Principals, PolicyError> {
    if principal == "*" {
        return Ok(Principals {
            listed: vec![Listed::Everyone],
        });
    }
    let mut listed = Vec::new();
    for (kind, entries) in object(principal, path, "`*` or an object of `AWS` and `Service`")? {
        for (entry, path) in texts(entries, &format!("{path}/{kind}"))? {
            listed.push(match kind.as_str() {
                "Service" => Listed::Service(entry.to_owned()),
                "AWS" => parse_aws_principal(entry, path)?,
                _ => return Err(unsupported(&path, kind, "use `AWS` or `Service`")),
            });
        }
    }
    Ok(Principals { listed })
}

fn parse_aws_principal(entry: &str, path: String) -> Result<Listed, PolicyError> {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let account = entry
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.strip_suffix(":root"))
        .unwrap_or(entry);
    match entry {
        "*" => Ok(Listed::Everyone),
        _ if is_account(account) => Ok(Listed::Account(account.to_owned())),
        // AWS takes no wildcard within the ARN of a principal.
        _ if entry.starts_with("arn:") && entry.contains(":role/") && !entry.contains(['*', '?']) => {
            Ok(Listed::Role(entry.to_owned()))
        }
        _ => {
            let expected = "`*`, an account, or the ARN of a role without wildcards";
            Err(PolicyError::Value {
                path,
                value: entry.to_owned(),
                expected,
            })
        }
    }
}

fn parse_conditions(block: &Value, path: &str) -> Result<Vec<Condition>, PolicyError> {
    let mut conditions = Vec::new();
    for (name, keys) in object(block, path, "an object of condition operators")? {
        let path = format!("{path}/{name}");
        let operator = Operator::parse(name).ok_or_else(|| PolicyError::UnsupportedOperator {
            path: path.clone(),
            operator: name.clone(),
            supported: OPERATORS,
        })?;
        for (key, values) in object(keys, &path, "an object of context keys")? {
            let path = format!("{path}/{}", key.replace('/', "~1"));
            let known = CONTEXT_KEYS
                .into_iter()
                .find(|known| known.eq_ignore_ascii_case(key));
            let known = known.ok_or_else(|| PolicyError::UnknownContextKey {
                path: path.clone(),
                key: key.clone(),
                known: CONTEXT_KEYS.map(|known| format!("`{known}`")).join(", "),
            })?;
            let accepted = condition_values(values, &path)?
                .into_iter()
                .map(|value| {
                    operator
                        .comparison
                        .accept(value)
                        .map_err(|expected| PolicyError::Value {
                            path: path.clone(),
                            value: value.to_owned(),
                            expected,
                        })
                })
                .collect::<Result<_, _>>()?;
            conditions.push(Condition {
                key: known,
                operator,
                accepted,
            });
        }
    }
    Ok(conditions)
}

fn condition_values<'a>(values: &'a Value, path: &str) -> Result<Vec<&'a str>, PolicyError> {
    list(values)
        .iter()
        .map(|value| match value {
            Value::Bool(true) => Ok("true"),
            Value::Bool(false) => Ok("false"),
            _ => text(value, path),
        })
        .collect()
}

/// The texts of an element that takes one or a list, none of them missing, each with its place.
fn texts<'a>(value: &'a Value, path: &str) -> Result<Vec<(&'a str, String)>, PolicyError> {
    let texts: Vec<_> = list(value)
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let path = if value.is_array() {
                format!("{path}/{index}")
            } else {
                path.to_owned()
            };
            Ok((text(entry, &path)?, path))
        })
        .collect::<Result<_, PolicyError>>()?;
    if texts.is_empty() {
        return Err(PolicyError::Shape {
            path: path.to_owned(),
            expected: "a text or a list of at least one",
        });
    }
    Ok(texts)
}

fn text<'a>(value: &'a Value, path: &str) -> Result<&'a str, PolicyError> {
    let text = value.as_str().ok_or_else(|| PolicyError::Shape {
        path: path.to_owned(),
        expected: "a text",
    })?;
    if text.contains("${") {
        return Err(PolicyError::Variable {
            path: path.to_owned(),
            value: text.to_owned(),
        });
    }
    Ok(text)
}

fn list(value: &Value) -> &[Value] {
    value
        .as_array()
        .map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}

fn object<'a>(
    value: &'a Value,
    path: &str,
    expected: &'static str,
) -> Result<&'a Map<String, Value>, PolicyError> {
    value.as_object().ok_or_else(|| PolicyError::Shape {
        path: path.to_owned(),
        expected,
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn unsupported(path: &str, element: &str, instead: &'static str) -> PolicyError {
    PolicyError::UnsupportedElement {
        path: path.to_owned(),
        element: element.to_owned(),
        instead,
    }
}

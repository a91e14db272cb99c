use serde_json::Value as Json;

use crate::items;

/// One statement of a policy document, and where it stands.
pub struct Statement<'a> {
    /// Where it stands, as names joined by dots.
    pub path: String,
    json: &'a Json,
}

/// A condition of a statement: the operator, the key, and the values of which one must hold.
pub struct Condition<'a> {
    /// For example `StringEquals`.
    pub operator: &'a str,
    /// For example `aws:SourceArn`.
    pub key: &'a str,
    /// The values.
    pub values: Vec<&'a Json>,
}

/// The statements of a policy document that stands at `path`.
pub fn statements<'a>(document: &'a Json, path: &str) -> Vec<Statement<'a>> {
    let list = document.get("Statement").map(items).unwrap_or_default();
    list.into_iter()
        .enumerate()
        .map(|(position, json)| Statement {
            path: format!("{path}.Statement.{position}"),
            json,
        })
        .collect()
}

impl<'a> Statement<'a> {
    /// Whether it allows, and does not deny.
    pub fn allows(&self) -> bool {
        self.json.get("Effect").and_then(Json::as_str) == Some("Allow")
    }

    /// Its actions.
    pub fn actions(&self) -> Vec<&'a str> {
        self.list("Action").into_iter().filter_map(Json::as_str).collect()
    }

    /// Whether the statement says what it is *not* about, and so is about everything else.
    pub fn is_inverted(&self) -> bool {
        ["NotAction", "NotResource", "NotPrincipal"]
            .iter()
            .any(|key| self.json.get(key).is_some())
    }

    /// Its resources; none in a trust policy.
    pub fn resources(&self) -> Vec<&'a Json> {
        self.list("Resource")
    }

    /// Whether the statement is about everyone.
    pub fn is_for_anyone(&self) -> bool {
        let Some(principal) = self.json.get("Principal") else {
            return self.json.get("NotPrincipal").is_some();
        };
        principal == "*" || self.principals("AWS").iter().any(|aws| *aws == "*")
    }

    /// The principals of one kind: `Service`, `AWS`, `Federated`.
    pub fn principals(&self, kind: &str) -> Vec<&'a Json> {
        let principal = self
            .json
            .get("Principal")
            .and_then(|principal| principal.get(kind));
        principal.map(items).unwrap_or_default()
    }

    /// Whether a service is among its principals.
    pub fn has_service(&self, service: &str) -> bool {
        self.principals("Service")
            .iter()
            .any(|principal| *principal == service)
    }

    /// Its conditions, all of which must hold.
    pub fn conditions(&self) -> Vec<Condition<'a>> {
        let operators = self.json.get("Condition").and_then(Json::as_object);
        let keys = operators.into_iter().flatten().flat_map(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(move |(key, values)| Condition {
                operator,
                key,
                values: items(values),
            })
        });
        keys.collect()
    }

    /// The condition on a key, whose case IAM does not mind.
    pub fn condition(&self, key: &str) -> Option<Condition<'a>> {
        self.conditions()
            .into_iter()
            .find(|condition| condition.key.eq_ignore_ascii_case(key))
    }

    fn list(&self, key: &str) -> Vec<&'a Json> {
        self.json.get(key).map(items).unwrap_or_default()
    }
}

/// Whether an action or resource as a policy writes it, `*` and `?` included, covers this one.
pub fn covers(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where the last star is, and up to where it has eaten: the only place worth coming back to.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let matches_one = |c: &u8| *c == b'?' || c.eq_ignore_ascii_case(&text[t]);
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if matches_one(c) => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, eaten)) = star else { return false };
                star = Some((at, eaten + 1));
                (p, t) = (at + 1, eaten + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use crate::covers;

    #[test]
    fn a_star_covers_any_run_and_a_question_mark_one_character() {
        for (pattern, text) in [
            ("*", ""),
            ("sqs:*", "sqs:SendMessage"),
            ("SQS:send*", "sqs:SendMessage"),
            ("s?s:*e", "sqs:SendMessage"),
            ("*a*b", "xaxxbab"),
            ("a**", "a"),
        ] {
            assert!(covers(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("sqs:?", "sqs:"),
            ("*a", "ab"),
            ("sqs:Send", "sqs:SendMessage"),
        ] {
            assert!(!covers(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_longer_than_few() {
        // Trying every way to part the text among the stars would not end in this universe.
        assert!(!covers(&"a*".repeat(60), &format!("{}b", "a".repeat(59))));
        assert!(!covers(&format!("{}b", "a*".repeat(60)), &"a".repeat(200)));
    }
}

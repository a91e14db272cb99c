//! Route keys, matched as an HTTP API matches them:
//! a full match before a greedy one, a greedy one before `$default`; a method before `ANY`.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>

use std::collections::BTreeMap;

use axum::http::Method;
use percent_encoding::percent_decode_str;

pub(super) struct Routes<T> {
    routes: Vec<(Option<Method>, Vec<Segment>, T)>,
    default: Option<T>,
}

#[derive(Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Parameter(String),
    Greedy(String),
}

impl<T> Default for Routes<T> {
    fn default() -> Self {
        Self {
            routes: Vec::new(),
            default: None,
        }
    }
}

impl<T> Routes<T> {
    pub(super) fn add(&mut self, key: &str, target: T) -> Result<(), String> {
        if key == "$default" {
            self.default = Some(target);
            return Ok(());
        }
        let invalid = || format!("route key `{key}` should be a method and a path, or `$default`");
        let (method, path) = key.split_once(' ').ok_or_else(invalid)?;
        let method = match method {
            "ANY" => None,
            method => Some(Method::from_bytes(method.as_bytes()).map_err(|_| invalid())?),
        };
        let segments = path
            .strip_prefix('/')
            .ok_or_else(invalid)?
            .split('/')
            .map(segment)
            .collect();
        self.routes.push((method, segments, target));
        Ok(())
    }

    /// The route's target and its path parameters, decoded.
    pub(super) fn find(&self, method: &Method, path: &str) -> Option<(&T, BTreeMap<String, String>)> {
        let parts: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
        let matching = self
            .routes
            .iter()
            .filter(|(wanted, ..)| wanted.as_ref().is_none_or(|wanted| wanted == method));
        let best = matching
            .filter_map(|(wanted, segments, target)| {
                let (parameters, rank) = matched(segments, &parts)?;
                Some(((rank, wanted.is_none()), target, parameters))
            })
            .min_by(|(left, ..), (right, ..)| left.cmp(right));
        match best {
            Some((_, target, parameters)) => Some((target, parameters)),
            None => self.default.as_ref().map(|target| (target, BTreeMap::new())),
        }
    }
}

fn segment(text: &str) -> Segment {
    match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => match name.strip_suffix('+') {
            Some(name) => Segment::Greedy(name.to_owned()),
            None => Segment::Parameter(name.to_owned()),
        },
        None => Segment::Literal(text.to_owned()),
    }
}

/// The parameters and how loosely each segment matched; a smaller rank is the better match.
fn matched(segments: &[Segment], parts: &[&str]) -> Option<(BTreeMap<String, String>, Vec<u8>)> {
    let mut parameters = BTreeMap::new();
    let mut rank = Vec::with_capacity(segments.len());
    for (position, segment) in segments.iter().enumerate() {
        let part = *parts.get(position)?;
        match segment {
            Segment::Literal(text) if text == part => rank.push(0),
            Segment::Literal(_) => return None,
            Segment::Parameter(_) | Segment::Greedy(_) if part.is_empty() => return None,
            Segment::Parameter(name) => {
                parameters.insert(name.clone(), decoded(part));
                rank.push(1);
            }
            Segment::Greedy(name) => {
                parameters.insert(name.clone(), decoded(&parts[position..].join("/")));
                rank.push(2);
                return Some((parameters, rank));
            }
        }
    }
    (segments.len() == parts.len()).then_some((parameters, rank))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &Method, path: &str, expected: Option<(&str, &[(&str, &str)])>) {
        let mut routes = Routes::default();
        for key in [
            "POST /appointments",
            "GET /appointments/{insuredId}",
            "GET /appointments/mine",
            "ANY /files/{path+}",
        ] {
            routes.add(key, key).unwrap();
        }
        let found = routes
            .find(method, path)
            .map(|(key, parameters)| (*key, parameters));
        let expected = expected.map(|(key, parameters)| {
            let parameters = parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            (key, parameters.collect::<BTreeMap<_, _>>())
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_path_finds_its_most_specific_route_and_its_decoded_parameters() {
        check(&Method::POST, "/appointments", Some(("POST /appointments", &[])));
        let get = "GET /appointments/{insuredId}";
        check(
            &Method::GET,
            "/appointments/00123",
            Some((get, &[("insuredId", "00123")])),
        );
        check(
            &Method::GET,
            "/appointments/a%20b",
            Some((get, &[("insuredId", "a b")])),
        );
        check(
            &Method::GET,
            "/appointments/mine",
            Some(("GET /appointments/mine", &[])),
        );
        check(
            &Method::PUT,
            "/files/a/b",
            Some(("ANY /files/{path+}", &[("path", "a/b")])),
        );
    }

    #[test]
    fn another_method_depth_or_an_empty_parameter_finds_nothing() {
        check(&Method::PUT, "/appointments", None);
        check(&Method::GET, "/appointments", None);
        check(&Method::GET, "/appointments/", None);
        check(&Method::GET, "/appointments/1/2", None);
        check(&Method::GET, "/", None);
    }
}

use std::collections::BTreeMap;

use serde_json::Value;
use ureq::http::Request;

use super::MiniStack;

/// What the deployed API answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| Value::String(self.text.clone()))
    }
}

impl MiniStack {
    /// A request to the deployed API, as its clients send it: POST with a body, GET without.
    pub(crate) fn http(&self, api: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let method = if body.is_some() { "POST" } else { "GET" };
        let answer = self.send(api, (method, path), &[], body);
        (answer.status, answer.json())
    }

    /// A request to the deployed API with these headers too.
    pub(crate) fn send(
        &self,
        api: &str,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        // The host says which API is meant; its name is resolved nowhere.
        let host = api.trim_start_matches("http://");
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("host", host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let answer = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json");
                agent.run(request.body(body.to_string()).unwrap())
            }
            None => agent.run(request.body(()).unwrap()),
        };
        let mut answer = answer.unwrap();
        let named = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().iter().map(named).collect(),
            text: answer.body_mut().read_to_string().unwrap(),
        }
    }
}

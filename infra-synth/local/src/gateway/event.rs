//! The event of payload format 2.0,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::http::header;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::Gateway;

pub(super) struct RequestEvent<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) request_id: &'a str,
    /// What the authorizer found out, if the route has one.
    pub(super) authorizer: Option<Value>,
    pub(super) route_key: &'a str,
    pub(super) parts: &'a Parts,
    pub(super) path_parameters: BTreeMap<String, String>,
    pub(super) source_ip: Option<IpAddr>,
    pub(super) body: &'a [u8],
}

impl RequestEvent<'_> {
    /// The event's JSON.
    pub(super) fn encode(mut self) -> Vec<u8> {
        let (headers, cookies) = self.headers();
        let now = Timestamp::now();
        let host = headers
            .get("host")
            .cloned()
            .unwrap_or_else(|| Value::from("localhost"));
        let user_agent = headers.get("user-agent").cloned().unwrap_or_default();
        let path = self.parts.uri.path();
        let mut event = json!({
            "version": "2.0",
            "routeKey": self.route_key,
            "rawPath": path,
            "rawQueryString": self.parts.uri.query().unwrap_or_default(),
            "headers": headers,
            "requestContext": {
                "accountId": self.gateway.account_id,
                "apiId": self.gateway.api_id,
                "domainName": host,
                "domainPrefix": self.gateway.api_id,
                "http": {
                    "method": self.parts.method.as_str(),
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": self.source_ip.map_or_else(|| "127.0.0.1".to_owned(), |ip| ip.to_string()),
                    "userAgent": user_agent,
                },
                "requestId": self.request_id,
                "routeKey": self.route_key,
                "stage": self.gateway.stage,
                "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
                "timeEpoch": now.as_millisecond(),
            },
            "isBase64Encoded": false,
        });
        if let Some(authorizer) = self.authorizer.take() {
            event["requestContext"]["authorizer"] = authorizer;
        }
        if let Value::Object(fields) = &mut event {
            self.optional_fields(cookies, fields);
        }
        serde_json::to_vec(&event).unwrap_or_default()
    }

    /// Fields that are absent, not empty, when there is nothing to say.
    fn optional_fields(self, cookies: Vec<String>, fields: &mut Map<String, Value>) {
        if !cookies.is_empty() {
            fields.insert("cookies".to_owned(), cookies.into());
        }
        if let Some(parameters) = self.query_parameters() {
            fields.insert("queryStringParameters".to_owned(), parameters);
        }
        if !self.body.is_empty() {
            let text = self
                .is_text()
                .then(|| std::str::from_utf8(self.body).ok())
                .flatten();
            fields.insert("isBase64Encoded".to_owned(), text.is_none().into());
            let body = text.map_or_else(|| BASE64.encode(self.body), str::to_owned);
            fields.insert("body".to_owned(), body.into());
        }
        if !self.path_parameters.is_empty() {
            fields.insert("pathParameters".to_owned(), json!(self.path_parameters));
        }
    }

    /// Names in lower case, repeated ones joined by commas, cookies apart.
    fn headers(&self) -> (Map<String, Value>, Vec<String>) {
        let mut headers = Map::new();
        let mut cookies = Vec::new();
        for (name, value) in &self.parts.headers {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            if name == header::COOKIE {
                cookies.extend(value.split(';').map(|cookie| cookie.trim().to_owned()));
                continue;
            }
            match headers.get_mut(name.as_str()) {
                Some(Value::String(all)) => {
                    all.push(',');
                    all.push_str(&value);
                }
                _ => {
                    headers.insert(name.as_str().to_owned(), value.into());
                }
            }
        }
        (headers, cookies)
    }

    fn query_parameters(&self) -> Option<Value> {
        let query = self.parts.uri.query().filter(|query| !query.is_empty())?;
        let mut parameters: BTreeMap<String, String> = BTreeMap::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(value);
            parameters
                .entry(decoded(name))
                .and_modify(|all| {
                    all.push(',');
                    all.push_str(&value);
                })
                .or_insert(value);
        }
        Some(json!(parameters))
    }

    /// Whether API Gateway passes a body of this type on as text; anything else goes in base64.
    fn is_text(&self) -> bool {
        let Some(kind) = self
            .parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
        else {
            return true;
        };
        let essence = kind.split(';').next().unwrap_or(kind).trim().to_ascii_lowercase();
        essence.starts_with("text/")
            || ["application/json", "application/xml", "application/javascript"].contains(&essence.as_str())
            || essence.ends_with("+json")
            || essence.ends_with("+xml")
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

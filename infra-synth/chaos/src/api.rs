//! The HTTP API as the clients see it.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use ureq::Agent;

/// Longer than the API lets a request run (30 s): what is not answered by then never will be.
const ANSWER_LIMIT: Duration = Duration::from_secs(35);

/// The API at one address, with connections that all its users share.
pub(crate) struct Api {
    agent: Agent,
    appointments: String,
}

/// What became of a request.
pub(crate) enum Answer {
    /// 201, with the id that the appointment has.
    Created(String),
    /// No answer, a broken one, or one that says that it was not the request's fault: ask again.
    Again,
}

impl Api {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER_LIMIT))
            .build()
            .new_agent();
        Self {
            agent,
            appointments: format!("http://{address}/appointments"),
        }
    }

    /// Asks for an appointment once.
    pub(crate) fn post(&self, key: &str, body: &str) -> Result<Answer> {
        let sent = self
            .agent
            .post(&self.appointments)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .send(body);
        let Ok(mut response) = sent else {
            return Ok(Answer::Again);
        };
        let status = response.status().as_u16();
        let Ok(text) = response.body_mut().read_to_string() else {
            return Ok(Answer::Again);
        };
        match status {
            201 => {
                let body: Value = serde_json::from_str(&text).context("a 201 whose body is not JSON")?;
                let id = body["appointment"]["appointmentId"]
                    .as_str()
                    .context("a 201 without an id")?;
                Ok(Answer::Created(id.to_owned()))
            }
            429 | 500.. => Ok(Answer::Again),
            other => bail!("a POST was answered {other}: {text}"),
        }
    }

    /// An insured's appointments, page after page.
    pub(crate) fn get(&self, insured_id: &str) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        let mut next = Some(format!("{}/{insured_id}?limit=200", self.appointments));
        while let Some(url) = next {
            let (page, link) = self.page(&url)?;
            all.extend(page);
            next = link.map(|place| self.appointments.replace("/appointments", &place));
        }
        Ok(all)
    }

    /// A page, and where the next one is.
    fn page(&self, url: &str) -> Result<(Vec<Value>, Option<String>)> {
        let mut response = self.agent.get(url).call()?;
        let link = match response.headers().get("link") {
            None => None,
            Some(link) => Some(next(link.to_str()?).context("a link that leads nowhere")?),
        };
        let text = response
            .body_mut()
            .with_config()
            .limit(u64::MAX)
            .read_to_string()?;
        if response.status().as_u16() != 200 {
            bail!("a GET was answered {}: {text}", response.status());
        }
        let page = serde_json::from_str(&text).context("a GET whose body is no list")?;
        Ok((page, link))
    }
}

/// The place in a `Link` header (RFC 8288) of the next page.
fn next(link: &str) -> Option<String> {
    let (place, relation) = link.strip_prefix('<')?.split_once('>')?;
    relation.contains("rel=\"next\"").then(|| place.to_owned())
}

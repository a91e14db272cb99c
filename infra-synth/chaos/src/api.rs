//! The HTTP API as the clients see it.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use ureq::Agent;

/// Longer than the API lets a request run (30 s): what is not answered by then never will be.
const ANSWER_LIMIT: Duration = Duration::from_secs(35);

/// The API at one address. Cloning gives a client with connections of its own.
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

    /// An insured's appointments.
    pub(crate) fn get(&self, insured_id: &str) -> Result<Vec<Value>> {
        let url = format!("{}/{insured_id}", self.appointments);
        let mut response = self.agent.get(url).call()?;
        let text = response
            .body_mut()
            .with_config()
            .limit(u64::MAX)
            .read_to_string()?;
        if response.status().as_u16() != 200 {
            bail!("a GET was answered {}: {text}", response.status());
        }
        serde_json::from_str(&text).context("a GET whose body is no list")
    }
}

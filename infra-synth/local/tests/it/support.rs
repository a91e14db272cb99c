//! A running system and what one does with it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

use infra_synth_cfn::Template;
use infra_synth_local::{DatabaseServer, Options, Running, StartError, start};
use schedule_stacks::{StageSettings, appointment_stack, stand_in_parameters};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Far longer than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// The template of stage `dev`, with the lines that declared it.
pub(crate) fn template() -> Template {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    appointment_stack(&StageSettings::load(&stages, "dev").unwrap()).unwrap()
}

/// The same template, changed.
pub(crate) fn changed(change: impl FnOnce(&mut Value)) -> Template {
    let mut value = template().to_value();
    change(&mut value);
    Template::from_value(value)
}

/// A role's statement that allows an action is taken out of the template.
pub(crate) fn without_statement(function: &str, action: &str) -> Template {
    changed(|template| {
        let role = format!("/Resources/{function}Role/Properties/Policies/0/PolicyDocument/Statement");
        let statements = template.pointer_mut(&role).unwrap().as_array_mut().unwrap();
        let before = statements.len();
        statements.retain(|statement| !statement["Action"].as_array().unwrap().contains(&json!(action)));
        assert_eq!(statements.len(), before - 1, "one statement allows {action}");
    })
}

pub(crate) fn options() -> Options {
    let database = DatabaseServer::stand_in();
    let parameters = stand_in_parameters(&database.resource_id, &database.security_group);
    Options::in_memory(parameters, database)
}

pub(crate) struct System {
    runtime: Runtime,
    running: Running,
    agent: ureq::Agent,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
    /// The body as it came.
    pub(crate) text: String,
}

impl System {
    pub(crate) fn start(template: &Template) -> Self {
        Self::start_with(template, options()).unwrap()
    }

    pub(crate) fn start_with(template: &Template, options: Options) -> Result<Self, StartError> {
        capture_log();
        let runtime = Runtime::new().unwrap();
        let running = runtime.block_on(start(template, options))?;
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        Ok(Self {
            runtime,
            running,
            agent,
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.running.address())
    }

    pub(crate) fn post(&self, body: &Value) -> Answer {
        self.send(
            "POST",
            "/appointments",
            &[("content-type", "application/json")],
            &body.to_string(),
        )
    }

    pub(crate) fn get(&self, insured_id: &str) -> Answer {
        self.send("GET", &format!("/appointments/{insured_id}"), &[], "")
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.agent.run(request.body(body.to_owned()).unwrap()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
            body: serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.clone())),
            text,
        }
    }

    /// Reads the insured's appointments until all are COMPLETED.
    pub(crate) fn completed(&self, insured_id: &str, count: usize) -> Vec<Value> {
        self.eventually("COMPLETED appointments", || {
            let Value::Array(appointments) = self.get(insured_id).body else {
                panic!("a GET gave no array")
            };
            let all =
                appointments.len() == count && appointments.iter().all(|one| one["status"] == "COMPLETED");
            all.then_some(appointments)
        })
    }

    /// Looks until there is something to see; that it never comes ends the test and not the day.
    pub(crate) fn eventually<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            match look() {
                Some(seen) => return seen,
                None => std::thread::yield_now(),
            }
        }
        panic!("waited in vain for {what}")
    }

    pub(crate) fn messages(&self, queue: &str) -> Vec<String> {
        self.running.messages(queue).unwrap().expect("the queue exists")
    }

    pub(crate) fn rows(&self, table: &str) -> Vec<Value> {
        self.running.rows(table).unwrap()
    }

    /// Waits until the log has a line with all of these.
    pub(crate) fn logged(&self, parts: &[&str]) -> String {
        self.eventually(&format!("a log line with {parts:?}"), || {
            let log = LOG.lock().unwrap();
            let text = String::from_utf8_lossy(&log);
            text.lines()
                .find(|line| parts.iter().all(|part| line.contains(part)))
                .map(str::to_owned)
        })
    }

    pub(crate) fn stop(self) {
        self.runtime.block_on(self.running.stop()).unwrap();
    }
}

pub(crate) fn log_contains(text: &str) -> bool {
    String::from_utf8_lossy(&LOG.lock().unwrap()).contains(text)
}

pub(crate) fn booking(insured_id: &str, country: &str) -> Value {
    json!({
        "insuredId": insured_id,
        "countryISO": country,
        "dateSchedule": "2099-05-20T15:30:00-05:00",
        "medicId": "4",
        "comments": "alergia a la penicilina",
    })
}

fn capture_log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(|| LogWriter)
            .init();
    });
}

struct LogWriter;

impl Write for LogWriter {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

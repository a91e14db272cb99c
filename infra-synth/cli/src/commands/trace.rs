//! An appointment's way through the system that runs here.

use std::{borrow::Cow, path::Path};

use anyhow::{Result, bail};
use infra_synth_local::LocalTraces;
use infra_synth_operations::Trace;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::arguments::{DATA_FOLDER, ListFormat, TraceArguments};
use crate::{output, waiting};

pub(crate) fn run(arguments: &TraceArguments) -> Result<()> {
    let traces = LocalTraces::of(&arguments.data_dir);
    let traces = waiting::run(async { Ok(traces.of_id(&arguments.id).await?) })?;
    if traces.is_empty() {
        bail!(
            "no appointment has the id `{0}`, and none was asked for by a request of that id",
            arguments.id
        );
    }
    let now = Timestamp::now();
    let told = |trace: &Trace| trace.standing(now).told(&system(&arguments.data_dir));
    output::data(&match arguments.format {
        ListFormat::Text => traces
            .iter()
            .map(|trace| text(trace, &told(trace)))
            .collect::<String>(),
        ListFormat::Json => {
            let traces: Vec<Value> = traces.iter().map(|trace| as_json(trace, &told(trace))).collect();
            format!("{:#}\n", json!({ "appointments": traces }))
        }
    })
}

/// The options by which other commands mean the same system.
fn system(data_dir: &Path) -> String {
    if data_dir == Path::new(DATA_FOLDER) {
        return "--local".to_owned();
    }
    let folder = data_dir.display().to_string();
    let quoted = shlex::try_quote(&folder).map_or_else(|_| folder.clone(), Cow::into_owned);
    format!("--data-dir {quoted}")
}

fn text(trace: &Trace, standing: &str) -> String {
    let entry = &trace.entry;
    let mut text = format!("{}  {}  {}", entry.appointment_id, entry.country, entry.status);
    if let Some(request_id) = &trace.request_id {
        text.push_str(&format!("  request {request_id}"));
    }
    text.push_str(&format!("\n  {}  accepted\n", entry.created));
    for event in &trace.events {
        text.push_str(&format!("  {:.3}  {}\n", event.at, event.step));
    }
    if trace.events.is_empty() {
        if let Some(at) = trace.updated_at {
            text.push_str(&format!("  {at}  {}\n", entry.status));
        }
        text.push_str("  the times of its steps are not remembered: the system was started since, or they are too long ago\n");
    }
    if let Some(reason) = &trace.rows_unknown {
        text.push_str(&format!(
            "  the row in its country's database cannot be looked for: {reason}\n"
        ));
    }
    text.push_str(&format!("  now: {standing}\n"));
    text
}

fn as_json(trace: &Trace, standing: &str) -> Value {
    let mut value = json!(trace);
    value["standing"] = json!(standing);
    value
}

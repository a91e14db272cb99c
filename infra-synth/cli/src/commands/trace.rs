//! An appointment's way through the system that runs here.

use anyhow::{Result, bail};
use infra_synth_local::LocalTraces;
use infra_synth_operations::Trace;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::arguments::{ListFormat, TraceArguments};
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
    output::data(&match arguments.format {
        ListFormat::Text => traces.iter().map(|trace| text(trace, now)).collect::<String>(),
        ListFormat::Json => {
            let traces: Vec<Value> = traces.iter().map(|trace| as_json(trace, now)).collect();
            format!("{:#}\n", json!({ "appointments": traces }))
        }
    })
}

fn text(trace: &Trace, now: Timestamp) -> String {
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
    text.push_str(&format!("  now: {}\n", trace.standing(now)));
    text
}

fn as_json(trace: &Trace, now: Timestamp) -> Value {
    let mut value = json!(trace);
    value["standing"] = json!(trace.standing(now).to_string());
    value
}

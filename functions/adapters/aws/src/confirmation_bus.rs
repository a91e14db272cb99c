mod batches;

use std::{fmt, time::Duration};

use aws_sdk_eventbridge::{
    Client,
    config::Builder,
    operation::put_events::PutEventsOutput,
    types::{PutEventsRequestEntry, PutEventsResultEntry},
};
use schedule_core::{
    messages::{AppointmentConfirmation, DETAIL_TYPE, SOURCE},
    ports::{ConfirmationBus, PortError, PortErrorKind},
};
use tokio::time::sleep;

use crate::{clients::AwsClients, fault, settings::Service};

const PUT_EVENTS: &str = "PutEvents";

/// How often an entry that the bus refused for the moment is sent at most; the SDK repeats calls, not entries.
const ROUNDS: u32 = 3;

/// The pause before an entry's second try, at most; twice that before the third. The actual one is random.
const PAUSE: Duration = Duration::from_millis(100);

/// The bus that tells what became of appointments, on EventBridge. Made once a process.
#[derive(Clone)]
pub struct EventBridgeConfirmationBus {
    client: Client,
    bus: String,
}

impl EventBridgeConfirmationBus {
    /// The bus of this name. Nothing is connected yet.
    #[must_use]
    pub fn new(clients: &AwsClients, bus: impl Into<String>) -> Self {
        let (config, endpoint) = clients.service(Service::EventBridge);
        let mut builder = Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self {
            client: Client::from_conf(builder.build()),
            bus: bus.into(),
        }
    }

    fn entry(&self, confirmation: &AppointmentConfirmation) -> Result<PutEventsRequestEntry, PortError> {
        let detail = serde_json::to_string(confirmation).map_err(|_| {
            PortError::new(
                PortErrorKind::Invalid,
                PUT_EVENTS,
                "the confirmation does not serialize",
            )
        })?;
        Ok(PutEventsRequestEntry::builder()
            .event_bus_name(&self.bus)
            .source(SOURCE)
            .detail_type(DETAIL_TYPE)
            .detail(detail)
            .build())
    }

    /// Sends as many as one call takes; one result for each, in their order.
    async fn put(&self, entries: Vec<PutEventsRequestEntry>) -> Vec<Result<(), PortError>> {
        let count = entries.len();
        match self.client.put_events().set_entries(Some(entries)).send().await {
            Ok(output) => results(&output, count),
            Err(error) => vec![Err(fault::from_sdk(PUT_EVENTS, &error)); count],
        }
    }
}

impl fmt::Debug for EventBridgeConfirmationBus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventBridgeConfirmationBus")
            .field("bus", &self.bus)
            .finish_non_exhaustive()
    }
}

impl ConfirmationBus for EventBridgeConfirmationBus {
    async fn send_appointment_confirmation(
        &self,
        confirmations: &[AppointmentConfirmation],
    ) -> Vec<Result<(), PortError>> {
        let entries: Vec<_> = confirmations
            .iter()
            .map(|confirmation| self.entry(confirmation))
            .collect();
        let mut outcomes: Vec<Result<(), PortError>> = entries
            .iter()
            .map(|entry| entry.as_ref().map(|_| ()).map_err(Clone::clone))
            .collect();
        let mut waiting: Vec<(usize, &PutEventsRequestEntry)> = entries
            .iter()
            .enumerate()
            .filter_map(|(place, entry)| Some((place, entry.as_ref().ok()?)))
            .collect();
        for round in 1..=ROUNDS {
            let mut again = Vec::new();
            for batch in batches::of(&waiting) {
                let results = self
                    .put(batch.iter().map(|(_, entry)| (*entry).clone()).collect())
                    .await;
                for (&(place, entry), result) in batch.iter().zip(results) {
                    if result.as_ref().is_err_and(PortError::is_retryable) {
                        again.push((place, entry));
                    }
                    outcomes[place] = result;
                }
            }
            if again.is_empty() || round == ROUNDS {
                break;
            }
            waiting = again;
            sleep(pause(round)).await;
        }
        outcomes
    }
}

/// Anything up to the limit, so that functions that failed together do not come back together.
fn pause(round: u32) -> Duration {
    (PAUSE * round).mul_f64(fastrand::f64())
}

/// What became of each of `count` entries.
fn results(output: &PutEventsOutput, count: usize) -> Vec<Result<(), PortError>> {
    if output.failed_entry_count() == 0 {
        return vec![Ok(()); count];
    }
    let answers = output.entries();
    (0..count).map(|place| result(answers.get(place))).collect()
}

fn result(answer: Option<&PutEventsResultEntry>) -> Result<(), PortError> {
    match answer {
        Some(answer) => match answer.error_code() {
            Some(code) => Err(fault::from_entry(PUT_EVENTS, code, answer.error_message())),
            None if answer.event_id().is_some() => Ok(()),
            None => Err(silent()),
        },
        None => Err(silent()),
    }
}

fn silent() -> PortError {
    let message = "the bus counted failed entries and did not say whether this one is among them";
    PortError::new(PortErrorKind::Unavailable, PUT_EVENTS, message)
}

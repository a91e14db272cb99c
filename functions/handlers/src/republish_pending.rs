use aws_lambda_events::eventbridge::EventBridgeEvent;
use schedule_core::{
    AppointmentId, RequestId,
    ports::{AnnouncementOutbox, AppointmentTopic, Clock},
    use_cases::{RepublishPending, RepublishReport},
};
use serde::Serialize;

use crate::{EventHandler, HandlerError, Invocation};

/// The schedule: announces again the appointments that have waited too long.
///
/// What the event says does not matter, only that it is one: each run does all that is due.
#[derive(Clone, Debug)]
pub struct RepublishPendingHandler<Table, Topic, Time> {
    republish_pending: RepublishPending<Table, Topic, Time>,
    clock: Time,
}

impl<Table, Topic, Time> RepublishPendingHandler<Table, Topic, Time>
where
    Table: AnnouncementOutbox,
    Topic: AppointmentTopic,
    Time: Clock + Clone,
{
    /// The handler over these ports.
    #[must_use]
    pub fn new(table: Table, topic: Topic, clock: Time) -> Self {
        Self {
            republish_pending: RepublishPending::new(table, topic, clock.clone()),
            clock,
        }
    }
}

impl<Table, Topic, Time> EventHandler for RepublishPendingHandler<Table, Topic, Time>
where
    Table: AnnouncementOutbox,
    Topic: AppointmentTopic,
    Time: Clock + Clone,
{
    type Event = EventBridgeEvent;
    type Response = RepublishSummary;

    async fn handle(&self, _: Self::Event, invocation: &Invocation) -> Result<Self::Response, HandlerError> {
        let now = self.clock.now();
        let report = self.republish_pending.execute(invocation.work_until()).await;
        log(&report);
        Ok(RepublishSummary {
            pending_appointments: report.waiting,
            oldest_pending_age: report.oldest_age_seconds(now),
            republished: report.announced.len(),
            failed: report.failed.len(),
            shards_failed: report.shard_failures.len(),
        })
    }

    fn failure(response: &Self::Response) -> Option<HandlerError> {
        let RepublishSummary {
            failed,
            shards_failed,
            ..
        } = *response;
        (failed > 0 || shards_failed > 0).then_some(HandlerError::Republishing {
            failed,
            shards_failed,
        })
    }
}

/// What a run did and saw, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepublishSummary {
    /// How many appointments wait past their first due time; too few where a shard failed.
    pub pending_appointments: usize,
    /// How long the oldest of them has waited, in seconds; 0 where nothing waits.
    pub oldest_pending_age: i64,
    /// How many were announced again.
    pub republished: usize,
    /// How many could not be; they come again.
    pub failed: usize,
    /// How many calls failed for a shard, so that part of it was not looked at.
    pub shards_failed: usize,
}

fn log(report: &RepublishReport) {
    for appointment_id in &report.announced {
        let request_id = request_id(report, appointment_id);
        tracing::info!(%appointment_id, request_id, "appointment announced again");
    }
    for (appointment_id, cause) in &report.failed {
        tracing::error!(
            %appointment_id,
            request_id = request_id(report, appointment_id),
            kind = %cause.kind(),
            operation = cause.operation(),
            cause = cause.message(),
            "appointment not announced again; it is tried later"
        );
    }
    for (shard, cause) in &report.shard_failures {
        tracing::error!(
            shard = shard.as_str(),
            kind = %cause.kind(),
            operation = cause.operation(),
            cause = cause.message(),
            "what waits in a part of the index could not be looked at"
        );
    }
    for appointment_id in &report.given_up {
        tracing::error!(
            %appointment_id,
            request_id = request_id(report, appointment_id),
            "appointment announced for the last time by itself; find out why its country does not confirm it"
        );
    }
    if report.unreadable > 0 {
        tracing::error!(
            count = report.unreadable,
            "items of the index do not read as appointments; they are not announced"
        );
    }
    tracing::info!(
        pending = report.waiting,
        announced = report.announced.len(),
        failed = report.failed.len(),
        "run done"
    );
}

fn request_id<'a>(report: &'a RepublishReport, appointment_id: &AppointmentId) -> Option<&'a str> {
    report.request_ids.get(appointment_id).map(RequestId::as_str)
}

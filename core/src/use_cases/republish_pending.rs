use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    domain::{AnnounceShard, Announcement, AppointmentId, AppointmentItem, Moment, RequestId},
    guards::Guard,
    messages::AppointmentCreated,
    ports::{AnnouncementOutbox, AppointmentTopic, Clock, PortError, Reschedule, call_in_time},
};

/// Items of a shard that are listed at once: every shard has its turn before one has a second.
const SHARD_BATCH: usize = 25;
/// Announcements of a run: at one run a minute far more than the countries were ever asked for, and no flood.
const MOST_A_RUN: usize = 1_000;
/// Items of a shard that are counted; a backlog beyond that alarms long before.
const MOST_COUNTED: usize = 5_000;

/// Announces again what has been pending for too long, and says how much waits.
///
/// Each appointment is claimed before it is announced, so that two runs at once do not announce the same, and a run
/// that dies has only put it off. What is announced too often changes nothing: everything behind the topic takes
/// an appointment once.
#[derive(Clone, Debug)]
pub struct RepublishPending<Table, Topic, Clock> {
    table: Table,
    topic: Topic,
    clock: Clock,
}

/// What a run did and saw.
#[derive(Clone, Debug, Default)]
pub struct RepublishReport {
    /// The appointments that were announced again.
    pub announced: Vec<AppointmentId>,
    /// Those that could not be, and why; they come again.
    pub failed: Vec<(AppointmentId, PortError)>,
    /// Those that were announced for the last time by themselves.
    pub given_up: Vec<AppointmentId>,
    /// Of these, the requests that asked for them, where that is known.
    pub request_ids: BTreeMap<AppointmentId, RequestId>,
    /// Calls that failed for a shard, so that part of it was not looked at.
    pub shard_failures: Vec<(AnnounceShard, PortError)>,
    /// Items in the index that do not read as appointments.
    pub unreadable: usize,
    /// How many appointments wait past their first due time; at least so many where there are very many.
    pub waiting: usize,
    /// When the oldest of them was created.
    pub oldest: Option<Moment>,
}

impl RepublishReport {
    /// How long the oldest has waited at `now`, in seconds; 0 where nothing waits.
    #[must_use]
    pub fn oldest_age_seconds(&self, now: Timestamp) -> i64 {
        self.oldest.map_or(0, |oldest| {
            now.duration_since(oldest.as_timestamp()).as_secs().max(0)
        })
    }
}

impl<Table, Topic, Time> RepublishPending<Table, Topic, Time>
where
    Table: AnnouncementOutbox,
    Topic: AppointmentTopic,
    Time: Clock,
{
    /// The use case over these ports.
    #[must_use]
    pub const fn new(table: Table, topic: Topic, clock: Time) -> Self {
        Self { table, topic, clock }
    }

    /// Measures what waits, then announces what is due until nothing is, the run has done enough, or it is `until`.
    pub async fn execute(&self, until: Timestamp) -> RepublishReport {
        let mut report = RepublishReport::default();
        self.measure(until, &mut report).await;
        let mut shards = AnnounceShard::ALL.to_vec();
        while !shards.is_empty() {
            let mut unfinished = Vec::new();
            for shard in shards {
                if !self.may_go_on(&report, until) {
                    return report;
                }
                if self.announce_shard(shard, until, &mut report).await {
                    unfinished.push(shard);
                }
            }
            shards = unfinished;
        }
        report
    }

    async fn measure(&self, until: Timestamp, report: &mut RepublishReport) {
        let created_until = Announcement::waiting_since(self.clock.now());
        for shard in AnnounceShard::ALL {
            let counting = self
                .table
                .count_waiting_announcements(shard, created_until, MOST_COUNTED);
            match call_in_time(&self.clock, until, "count_waiting_announcements", counting).await {
                Ok(waiting) => {
                    report.waiting += waiting.count;
                    report.oldest = report.oldest.into_iter().chain(waiting.oldest).min();
                }
                Err(error) => report.shard_failures.push((shard, error)),
            }
        }
    }

    /// Announces a batch of a shard, and says whether more may be due there.
    async fn announce_shard(
        &self,
        shard: AnnounceShard,
        until: Timestamp,
        report: &mut RepublishReport,
    ) -> bool {
        let due = match self
            .table
            .get_due_announcements(shard, self.clock.now(), SHARD_BATCH)
            .await
        {
            Ok(due) => due,
            Err(error) => {
                report.shard_failures.push((shard, error));
                return false;
            }
        };
        report.unreadable += due.unreadable;
        let full = due.items.len() == SHARD_BATCH;
        let announced_before = report.announced.len();
        for item in due.items {
            if !self.may_go_on(report, until) {
                return false;
            }
            let id = item.appointment.appointment_id;
            if let Some(request_id) = item.request_id.clone() {
                report.request_ids.insert(id, request_id);
            }
            match self.announce(item).await {
                Ok(Step::Announced { given_up }) => {
                    report.announced.push(id);
                    if given_up {
                        report.given_up.push(id);
                    }
                }
                Ok(Step::AnothersNow) => {}
                Err(error) => {
                    let away = error.is_retryable();
                    report.failed.push((id, error));
                    if away {
                        // The next would most likely fail alike; what is not claimed stays due.
                        return false;
                    }
                }
            }
        }
        // The index may still list what was claimed just now: without progress another look is in vain.
        full && report.announced.len() > announced_before
    }

    async fn announce(&self, item: AppointmentItem) -> Result<Step, PortError> {
        let now = self.clock.now();
        let id = item.appointment.appointment_id;
        let Some(seen) = item.announcement.clone() else {
            return Ok(Step::AnothersNow);
        };
        let claimed = seen.claimed(now);
        let claim = self.table.reschedule_announcement(&id, &seen, &claimed).await?;
        if claim == Reschedule::Changed && Guard::ClaimBeforePublish.holds() {
            return Ok(Step::AnothersNow);
        }
        let message = AppointmentCreated::announcing(item, Moment::new(now));
        self.topic.publish_appointment_created(&message).await?;
        let next = claimed.announced(now);
        let given_up = next.count >= Announcement::MOST;
        // Completed meanwhile, or claimed by another run: either way this note is not needed any more.
        self.table.reschedule_announcement(&id, &claimed, &next).await?;
        Ok(Step::Announced { given_up })
    }

    fn may_go_on(&self, report: &RepublishReport, until: Timestamp) -> bool {
        report.announced.len() < MOST_A_RUN && self.clock.now() < until
    }
}

enum Step {
    Announced { given_up: bool },
    AnothersNow,
}

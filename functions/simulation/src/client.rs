use jiff::{SignedDuration, Timestamp};
use schedule_core::{AppointmentId, Country, DateSchedule};
use serde_json::{Map, Value, json};

use crate::{
    MINUTE, Millis, SECOND, Violation, envelope,
    world::{Event, World},
};

/// The most times that a client without a key tries: each of them may be an appointment.
const TRIES_WITHOUT_KEY: u32 = 2;
/// How long after the faults a client with a key tries.
const PATIENCE: Millis = 30 * MINUTE;

/// The ways in which a client puts its request.
pub(crate) const PLAIN: usize = 0;
/// The same request, its members in another order, the instant with another offset.
const SPELT_OTHERWISE: usize = 1;
/// Another request.
const OTHER: usize = 2;

/// An insured who wants one appointment, and tries until there is an answer.
#[derive(Debug)]
pub(crate) struct Client {
    number: usize,
    pub(crate) insured_id: String,
    country: Country,
    key: Option<String>,
    date_schedule: Timestamp,
    requests: u32,
    /// What became of the request, and of the other one with the same key.
    outcomes: [Outcome; 2],
    answer: Option<String>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    sent: bool,
    accepted: bool,
    refused: bool,
    /// It came too late: its date had passed.
    late: bool,
}

impl Client {
    /// A client that begins some time before the faults end.
    pub(crate) fn arrive(world: &mut World, number: usize) -> Self {
        let begins = world.rng.i64(0..world.weather.until * 2 / 3);
        let has_key = world.rng.u8(0..3) > 0;
        let soon = world.rng.u8(0..5) == 0;
        let ahead = begins
            + if soon {
                world.rng.i64(SECOND..2 * MINUTE)
            } else {
                600 * MINUTE
            };
        let country = Country::ALL[world.rng.usize(0..2)];
        world.after(
            begins,
            Event::Send {
                client: number,
                variant: PLAIN,
            },
        );
        if world.rng.u8(0..3) == 0 {
            let variant = if has_key { SPELT_OTHERWISE } else { PLAIN };
            world.after(
                begins,
                Event::Send {
                    client: number,
                    variant,
                },
            );
        }
        if has_key && world.rng.u8(0..4) == 0 {
            let later = begins + world.rng.i64(0..MINUTE);
            world.after(
                later,
                Event::Send {
                    client: number,
                    variant: OTHER,
                },
            );
        }
        Self {
            number,
            insured_id: format!("{number:05}"),
            country,
            key: has_key.then(|| format!("\"key-{number}\"")),
            // Whole seconds, as they are stored.
            date_schedule: DateSchedule::new(world.timestamp() + SignedDuration::from_millis(ahead))
                .as_timestamp(),
            requests: 0,
            outcomes: [Outcome::default(); 2],
            answer: None,
        }
    }

    /// The request as the function gets it.
    pub(crate) fn send(&mut self, world: &mut World, variant: usize) -> Vec<u8> {
        self.requests += 1;
        self.outcome(variant).sent = true;
        let members = self.members(variant);
        let body: Map<String, Value> = if variant == SPELT_OTHERWISE {
            members.into_iter().rev().collect()
        } else {
            members.into_iter().collect()
        };
        let body = Value::Object(body).to_string();
        envelope::http(
            "POST",
            "/appointments",
            self.key.as_deref(),
            Some(&body),
            world.number(),
        )
    }

    /// Whether the table has an appointment for its key.
    pub(crate) fn is_stored(&self, world: &World) -> bool {
        self.key.is_some() && self.count_items(world) > 0
    }

    /// The function answered; `seen` says whether the client got to know.
    pub(crate) fn answered(&mut self, world: &mut World, answer: &Answer<'_>) {
        match answer.status {
            201 => self.accepted(world, answer),
            422 => {
                let other_sent = self.outcomes[usize::from(answer.variant != OTHER)].sent;
                let outcome = self.outcome(answer.variant);
                outcome.refused = true;
                if outcome.accepted || !other_sent {
                    self.complain(world, answer, "a key refused that no other request has");
                }
            }
            400 if self.date_schedule <= world.timestamp() => {
                self.outcome(answer.variant).late = true;
                if answer.stored_before {
                    self.complain(world, answer, "what was accepted before is refused now");
                }
            }
            500..600 if answer.faults > 0 => {}
            _ => self.complain(world, answer, "no reason for this answer"),
        }
        if answer.status >= 500 || !answer.seen {
            self.failed(world, answer.variant);
        }
    }

    /// No answer came, so it tries again.
    pub(crate) fn failed(&mut self, world: &mut World, variant: usize) {
        let again = if self.key.is_some() {
            world.now < world.weather.until + PATIENCE
        } else {
            self.requests < TRIES_WITHOUT_KEY
        };
        if again {
            let variant = match variant {
                PLAIN | SPELT_OTHERWISE if self.key.is_some() => world.rng.usize(PLAIN..=SPELT_OTHERWISE),
                other => other,
            };
            let delay = world.rng.i64(SECOND..40 * SECOND);
            world.after(
                delay,
                Event::Send {
                    client: self.number,
                    variant,
                },
            );
        }
    }

    /// All is quiet: what a client may expect must be so.
    pub(crate) fn check_promise(&self, world: &mut World) {
        let items = self.count_items(world);
        if self.key.is_none() {
            if items > usize::try_from(self.requests).unwrap_or(usize::MAX) {
                world.violated(Violation::KeyNotOnce(self.number, items));
            }
            return;
        }
        if items > 1 {
            world.violated(Violation::KeyNotOnce(self.number, items));
        }
        let late = self.outcomes.iter().any(|outcome| outcome.late);
        if !(self.outcomes.iter().any(|outcome| outcome.accepted) || late) {
            world.violated(Violation::NeverAnswered(self.number));
        }
    }

    fn accepted(&mut self, world: &mut World, answer: &Answer<'_>) {
        let other_accepted = self.outcomes[usize::from(answer.variant != OTHER)].accepted;
        let outcome = self.outcome(answer.variant);
        outcome.accepted = true;
        let refused_before = outcome.refused;
        if other_accepted || refused_before {
            self.complain(world, answer, "both requests of a key were answered");
        }
        let body: Value = serde_json::from_str(answer.body).unwrap_or_default();
        let appointment = &body["appointment"];
        let is_asked =
            |(name, value): &(String, Value)| name == "dateSchedule" || appointment[name] == *value;
        if !self.members(answer.variant).iter().all(is_asked) || appointment["status"] != "PENDING" {
            self.complain(world, answer, "not the appointment that was asked for");
        }
        let id = appointment["appointmentId"].as_str().unwrap_or_default();
        match id.parse::<AppointmentId>() {
            Ok(id) if world.audit.items.contains_key(&id) => {
                world.audit.accepted.insert(id);
            }
            _ => self.complain(world, answer, "an appointment that is not stored"),
        }
        if self.key.is_some() {
            let first = self.answer.get_or_insert_with(|| answer.body.to_owned());
            if first != answer.body {
                self.complain(world, answer, "another answer than to the same request before");
            }
        }
    }

    fn members(&self, variant: usize) -> Vec<(String, Value)> {
        let date_schedule = if variant == SPELT_OTHERWISE {
            let there = self.date_schedule - SignedDuration::from_hours(5);
            there.to_string().replace('Z', "-05:00")
        } else {
            self.date_schedule.to_string()
        };
        let medic = if variant == OTHER { "other" } else { "4" };
        [
            ("insuredId", json!(self.insured_id)),
            ("countryISO", json!(self.country.as_str())),
            ("dateSchedule", json!(date_schedule)),
            ("medicId", json!(medic)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    fn outcome(&mut self, variant: usize) -> &mut Outcome {
        &mut self.outcomes[usize::from(variant == OTHER)]
    }

    fn count_items(&self, world: &World) -> usize {
        let items = world.audit.items.values();
        items
            .filter(|item| item.insured_id.as_str() == self.insured_id)
            .count()
    }

    fn complain(&self, world: &mut World, answer: &Answer<'_>, what: &'static str) {
        world.violated(Violation::Answer(self.number, answer.status, what));
    }
}

/// What the function said.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) variant: usize,
    pub(crate) status: u16,
    pub(crate) body: &'a str,
    pub(crate) faults: u32,
    /// Whether the key had its appointment before the function began.
    pub(crate) stored_before: bool,
    pub(crate) seen: bool,
}

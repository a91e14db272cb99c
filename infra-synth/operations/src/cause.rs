use std::collections::BTreeMap;
use std::fmt;

use schedule_core::Country;
use schedule_core::country_table::{self, DoesNotFit};
use schedule_handlers::bodies::{self, MalformedMessage};

use crate::{DeadLetter, DeadLetterQueue, Origin, Work};

/// Why a message is a dead letter. None of them repeats any of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A rule or a subscription could not deliver it.
    Undelivered {
        /// `ERROR_CODE`, such as `NO_PERMISSIONS`: EventBridge says one, SNS none.
        code: Option<String>,
    },
    /// Its queue's function can never read it.
    Malformed(MalformedMessage),
    /// It belongs to another country's queue.
    WrongCountry {
        /// The country that it names.
        found: Country,
    },
    /// No row of its country's table can hold it.
    Unstorable(DoesNotFit),
    /// Nothing is wrong with it: what it needed was not there, so it is worth another try.
    Processable {
        /// How often it was received.
        receive_count: u32,
    },
    /// Which function its queue has is not known, so neither is what it should hold.
    Unjudged,
}

/// A cause without its details, as it is chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseKind {
    /// See [`Cause::Undelivered`].
    Undelivered,
    /// See [`Cause::Malformed`].
    Malformed,
    /// See [`Cause::WrongCountry`].
    WrongCountry,
    /// See [`Cause::Unstorable`].
    Unstorable,
    /// See [`Cause::Processable`].
    Processable,
    /// See [`Cause::Unjudged`].
    Unjudged,
}

impl CauseKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Undelivered,
        Self::Malformed,
        Self::WrongCountry,
        Self::Unstorable,
        Self::Processable,
        Self::Unjudged,
    ];

    /// Its name, as a person chooses by it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Undelivered => "undelivered",
            Self::Malformed => "malformed",
            Self::WrongCountry => "wrong-country",
            Self::Unstorable => "unstorable",
            Self::Processable => "processable",
            Self::Unjudged => "unjudged",
        }
    }

    /// Whether such a message never succeeds, whatever is mended.
    #[must_use]
    pub fn is_hopeless(self) -> bool {
        match self {
            Self::Malformed | Self::WrongCountry | Self::Unstorable => true,
            Self::Undelivered | Self::Processable | Self::Unjudged => false,
        }
    }

    /// What to do about such messages.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Undelivered => "mend what the queue or the function does not admit, then redrive",
            Self::Malformed => "it can never succeed: tell who sent it, then purge",
            Self::WrongCountry => {
                "it can never succeed in this queue: see the subscription's filter, then purge"
            }
            Self::Unstorable => "it can never succeed: no row can hold it; tell who sent it, then purge",
            Self::Processable => "mend what the function needs (see its log), then redrive",
            Self::Unjudged => "see the log of the function that reads the queue",
        }
    }
}

impl Cause {
    /// Why this message lies in that queue.
    #[must_use]
    pub fn of(letter: &DeadLetter, queue: &DeadLetterQueue) -> Self {
        if queue.origin != Origin::Queue {
            return Self::Undelivered {
                code: letter
                    .attributes
                    .get("ERROR_CODE")
                    .filter(|code| is_code(code))
                    .cloned(),
            };
        }
        let processable = Self::Processable {
            receive_count: letter.receive_count,
        };
        match queue.work {
            None => Self::Unjudged,
            Some(Work::Confirmations) => match bodies::confirmed_appointment(letter.body.reveal()) {
                Ok(_) => processable,
                Err(fault) => Self::Malformed(fault),
            },
            Some(Work::Appointments(country)) => match bodies::appointment_created(letter.body.reveal()) {
                Ok(created) if created.data.country_iso != country => Self::WrongCountry {
                    found: created.data.country_iso,
                },
                Ok(created) => {
                    country_table::check(&created.data).map_or_else(Self::Unstorable, |()| processable)
                }
                Err(fault) => Self::Malformed(fault),
            },
        }
    }

    /// The cause without its details.
    #[must_use]
    pub fn kind(&self) -> CauseKind {
        match self {
            Self::Undelivered { .. } => CauseKind::Undelivered,
            Self::Malformed(_) => CauseKind::Malformed,
            Self::WrongCountry { .. } => CauseKind::WrongCountry,
            Self::Unstorable(_) => CauseKind::Unstorable,
            Self::Processable { .. } => CauseKind::Processable,
            Self::Unjudged => CauseKind::Unjudged,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undelivered { code: Some(code) } => write!(formatter, "not delivered: {code}"),
            Self::Undelivered { code: None } => {
                formatter.write_str("not delivered; the topic does not say why")
            }
            Self::Unjudged => formatter.write_str("not judged: the function of its queue is not known"),
            Self::Malformed(fault) => write!(formatter, "malformed: {fault}"),
            Self::Unstorable(fault) => write!(formatter, "unstorable: {fault}"),
            Self::WrongCountry { found } => write!(formatter, "wrong queue: its country is {found}"),
            Self::Processable { receive_count } => {
                write!(
                    formatter,
                    "failed although it could be processed (received {receive_count} times)"
                )
            }
        }
    }
}

/// A queue's messages by cause, each group in the order of the messages.
pub fn by_cause<'a>(
    letters: impl IntoIterator<Item = &'a DeadLetter>,
    queue: &DeadLetterQueue,
) -> BTreeMap<CauseKind, Vec<(&'a DeadLetter, Cause)>> {
    let mut groups: BTreeMap<CauseKind, Vec<_>> = BTreeMap::new();
    for letter in letters {
        let cause = Cause::of(letter, queue);
        groups.entry(cause.kind()).or_default().push((letter, cause));
    }
    groups
}

/// A code is a word; whoever could send to the queue could write anything.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() <= 60 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use schedule_core::doubles::sample_appointment;
    use schedule_core::messages::AppointmentCreated;
    use serde_json::json;

    use super::*;
    use crate::doubles::{letter, queue};

    fn check(body: &str, expected: CauseKind) {
        let letter = letter("1", body);
        let cause = Cause::of(&letter, &queue("dlq"));
        assert_eq!(cause.kind(), expected, "{cause}");
        assert!(!cause.to_string().contains("00123"), "{cause}");
    }

    fn created(country: Country) -> String {
        let appointment = sample_appointment(1, country);
        let created = AppointmentCreated::new(appointment.clone(), appointment.date_created);
        serde_json::to_string(&created).unwrap()
    }

    #[test]
    fn what_no_row_can_hold_has_a_cause_of_its_own() {
        let mut appointment = sample_appointment(1, Country::PE);
        appointment.medic_id = Some(serde_json::from_value(json!("m".repeat(300))).unwrap());
        let created = AppointmentCreated::new(appointment.clone(), appointment.date_created);
        check(&serde_json::to_string(&created).unwrap(), CauseKind::Unstorable);
    }

    #[test]
    fn another_event_of_the_bus_is_malformed_as_its_function_says() {
        let confirmations = DeadLetterQueue {
            work: Some(Work::Confirmations),
            ..queue("dlq")
        };
        let detail = json!({"appointmentId": "018f3f5e-7c1a-7000-8000-000000000001", "status": "CONFIRMED"});
        let event = json!({"source": "elsewhere", "detail-type": "Other", "detail": detail}).to_string();
        let cause = |body: &str| Cause::of(&letter("1", body), &confirmations).kind();
        assert_eq!(cause(&event), CauseKind::Malformed);
        assert_eq!(cause(&detail.to_string()), CauseKind::Processable);
    }

    #[test]
    fn each_way_to_fail_has_its_cause() {
        let enveloped = json!({"Type": "Notification", "Message": created(Country::PE)}).to_string();
        check(&enveloped, CauseKind::Processable);
        check(&created(Country::PE), CauseKind::Processable);
        check(&created(Country::CL), CauseKind::WrongCountry);
        check("insured 00123", CauseKind::Malformed);
        check(r#"{"insuredId":"00123"}"#, CauseKind::Malformed);
        check("", CauseKind::Malformed);
    }

    #[test]
    fn what_was_never_delivered_says_the_services_code() {
        let mut letter = letter("1", &created(Country::PE));
        letter
            .attributes
            .insert("ERROR_CODE".to_owned(), "NO_PERMISSIONS".to_owned());
        let rule = DeadLetterQueue {
            origin: Origin::Rule,
            ..queue("dlq")
        };
        let cause = Cause::of(&letter, &rule);
        assert_eq!(cause.to_string(), "not delivered: NO_PERMISSIONS");
        letter
            .attributes
            .insert("ERROR_CODE".to_owned(), "insured 00123".to_owned());
        assert_eq!(Cause::of(&letter, &rule), Cause::Undelivered { code: None });
    }

    #[test]
    fn messages_are_grouped_by_cause() {
        let letters = [
            letter("1", "x"),
            letter("2", &created(Country::PE)),
            letter("3", "y"),
        ];
        let groups = by_cause(&letters, &queue("dlq"));
        let ids = |kind| {
            groups[&kind]
                .iter()
                .map(|(letter, _)| letter.id.0.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(CauseKind::Malformed), ["1", "3"]);
        assert_eq!(ids(CauseKind::Processable), ["2"]);
    }
}

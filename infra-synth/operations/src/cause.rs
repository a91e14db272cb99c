use std::collections::BTreeMap;
use std::fmt;

use schedule_core::Country;
use schedule_core::json_fault::JsonFault;
use schedule_core::messages::{AppointmentCreated, ConfirmedAppointment};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Body, DeadLetter, DeadLetterQueue, Origin, Work};

/// Why a message is a dead letter. None of them repeats any of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A rule or a subscription could not deliver it.
    Undelivered {
        /// `ERROR_CODE`, such as `NO_PERMISSIONS`: EventBridge says one, SNS none.
        code: Option<String>,
    },
    /// Its queue's function can never read it.
    Malformed(JsonFault),
    /// It belongs to another country's queue.
    WrongCountry {
        /// The country that it names.
        found: Country,
    },
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
    /// See [`Cause::Processable`].
    Processable,
    /// See [`Cause::Unjudged`].
    Unjudged,
}

impl CauseKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Undelivered,
        Self::Malformed,
        Self::WrongCountry,
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
            Self::Processable => "processable",
            Self::Unjudged => "unjudged",
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
            Some(Work::Confirmations) => match read::<ConfirmedAppointment>(&letter.body, "detail") {
                Ok(_) => processable,
                Err(fault) => Self::Malformed(fault),
            },
            Some(Work::Appointments(country)) => match read::<AppointmentCreated>(&letter.body, "Message") {
                Ok(created) if created.data.country_iso == country => processable,
                Ok(created) => Self::WrongCountry {
                    found: created.data.country_iso,
                },
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
fn is_code(text: &str) -> bool {
    text.len() <= 60 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// Reads the message in its service's envelope, whose member holds it as text or as JSON, or without one.
fn read<T: DeserializeOwned>(body: &Body, member: &str) -> Result<T, JsonFault> {
    let mut value: Value = serde_json::from_str(body.reveal())?;
    Ok(match value.get_mut(member).map(Value::take) {
        Some(Value::String(text)) => serde_json::from_str(&text)?,
        Some(inner) => serde_json::from_value(inner)?,
        None => serde_json::from_value(value)?,
    })
}

#[cfg(test)]
mod tests {
    use schedule_core::doubles::sample_appointment;
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

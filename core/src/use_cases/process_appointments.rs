use std::collections::HashMap;

use jiff::Timestamp;

use crate::{
    country_table::{self, DoesNotFit},
    domain::{Appointment, AppointmentId, Country, Moment, RequestId},
    guards::Guard,
    messages::{AppointmentConfirmation, AppointmentCreated},
    ports::{Clock, ConfirmationBus, CountryDatabase, PortError, PortErrorKind},
};

/// Enters the appointments of one country in its database and confirms those that are in it.
///
/// A batch is one insert. Every message has an outcome of its own: none fails because of a neighbour, save where
/// the database as a whole fails, and none succeeds that was not looked at. What no row can hold fails before the
/// database is asked. All of it may be repeated: an insert that is repeated changes nothing, and so
/// does a confirmation.
#[derive(Clone, Debug)]
pub struct ProcessAppointments<Database, Bus, Clock> {
    country: Country,
    database: Database,
    bus: Bus,
    clock: Clock,
}

type Outcome = Result<(), ProcessAppointmentError>;

impl<Database, Bus, Time> ProcessAppointments<Database, Bus, Time>
where
    Database: CountryDatabase,
    Bus: ConfirmationBus,
    Time: Clock,
{
    /// The use case for this country over these ports; `database` must be the country's.
    #[must_use]
    pub const fn new(country: Country, database: Database, bus: Bus, clock: Time) -> Self {
        Self {
            country,
            database,
            bus,
            clock,
        }
    }

    /// Processes the messages of a batch, and begins nothing new once it is `until`; the outcomes are in their order.
    pub async fn execute(&self, messages: Vec<AppointmentCreated>, until: Timestamp) -> Vec<Outcome> {
        let batch = Batch::of(self.country, messages);
        let mut outcomes = self.insert(&batch.distinct, until).await;
        self.confirm(&batch, &mut outcomes, until).await;
        batch.outcomes_of_messages(&outcomes)
    }

    async fn insert(&self, appointments: &[Appointment], until: Timestamp) -> Vec<Outcome> {
        if appointments.is_empty() {
            return Vec::new();
        }
        if self.clock.now() >= until {
            return vec![Err(ProcessAppointmentError::TimeIsUp); appointments.len()];
        }
        match self.database.insert_appointments(appointments).await {
            Err(error) if error.kind() == PortErrorKind::Invalid && appointments.len() > 1 => {
                self.insert_one_by_one(appointments, until).await
            }
            result => vec![result.map_err(ProcessAppointmentError::Database); appointments.len()],
        }
    }

    // Only once a batch was refused for its data: the appointment at fault then fails alone.
    async fn insert_one_by_one(&self, appointments: &[Appointment], until: Timestamp) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(appointments.len());
        for appointment in appointments {
            if self.clock.now() >= until {
                outcomes.resize(appointments.len(), Err(ProcessAppointmentError::TimeIsUp));
                break;
            }
            let result = self
                .database
                .insert_appointments(std::slice::from_ref(appointment))
                .await;
            let database_failed = matches!(&result, Err(error) if error.kind() != PortErrorKind::Invalid);
            outcomes.push(result.map_err(ProcessAppointmentError::Database));
            if database_failed {
                // The others would fail alike, each after a time-out of its own.
                outcomes.resize(appointments.len(), Err(ProcessAppointmentError::DatabaseAway));
                break;
            }
        }
        outcomes
    }

    async fn confirm(&self, batch: &Batch, outcomes: &mut [Outcome], until: Timestamp) {
        let now = self.clock.now();
        let (confirmations, awaiting): (Vec<_>, Vec<_>) = batch
            .distinct
            .iter()
            .zip(&batch.request_ids)
            .zip(outcomes)
            .filter(|(_, outcome)| outcome.is_ok() || !Guard::ConfirmOnlyInserted.holds())
            .map(|((appointment, request_id), outcome)| {
                let confirmation = AppointmentConfirmation {
                    request_id: request_id.clone(),
                    ..AppointmentConfirmation::new(appointment.clone(), Moment::new(now))
                };
                (confirmation, outcome)
            })
            .unzip();
        if confirmations.is_empty() {
            return;
        }
        if now >= until {
            for outcome in awaiting {
                *outcome = Err(ProcessAppointmentError::TimeIsUp);
            }
            return;
        }
        let mut results = self
            .bus
            .send_appointment_confirmation(&confirmations)
            .await
            .into_iter();
        for outcome in awaiting {
            *outcome = match results.next() {
                Some(Err(error)) if Guard::PerEntryFailures.holds() => {
                    Err(ProcessAppointmentError::Bus(error))
                }
                Some(_) => Ok(()),
                None => Err(ProcessAppointmentError::NoResult),
            };
        }
    }
}

/// The messages of a batch, and the appointments in them without those that came twice.
struct Batch {
    distinct: Vec<Appointment>,
    // For each in `distinct`.
    request_ids: Vec<Option<RequestId>>,
    // For each message the place in `distinct`, or why it has none.
    messages: Vec<Result<usize, ProcessAppointmentError>>,
}

impl Batch {
    fn of(country: Country, messages: Vec<AppointmentCreated>) -> Self {
        let mut distinct: Vec<Appointment> = Vec::with_capacity(messages.len());
        let mut request_ids = Vec::with_capacity(messages.len());
        let mut places: HashMap<AppointmentId, usize> = HashMap::with_capacity(messages.len());
        let messages = messages
            .into_iter()
            .map(|message| {
                let appointment = message.data;
                if appointment.country_iso != country {
                    return Err(ProcessAppointmentError::OtherCountry {
                        expected: country,
                        found: appointment.country_iso,
                    });
                }
                country_table::check(&appointment)?;
                let place = *places.entry(appointment.appointment_id).or_insert(distinct.len());
                if place == distinct.len() {
                    distinct.push(appointment);
                    request_ids.push(message.request_id);
                }
                Ok(place)
            })
            .collect();
        Self {
            distinct,
            request_ids,
            messages,
        }
    }

    fn outcomes_of_messages(self, outcomes: &[Outcome]) -> Vec<Outcome> {
        self.messages
            .into_iter()
            .map(|place| match place.and_then(|place| outcomes[place].clone()) {
                Err(error) if error.is_unlooked_at() && !Guard::UnlookedAtFails.holds() => Ok(()),
                outcome => outcome,
            })
            .collect()
    }
}

/// Why a message was not processed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ProcessAppointmentError {
    /// The appointment is another country's, so it came to the wrong queue.
    #[error("the appointment is for `{found}`, and this function serves `{expected}`")]
    OtherCountry {
        /// The country that is served.
        expected: Country,
        /// The appointment's.
        found: Country,
    },
    /// No row can hold the appointment, so it never will be in the database.
    #[error("the appointment fits in no row: {0}")]
    DoesNotFit(#[from] DoesNotFit),
    /// The appointment is not in the database, or not confirmed: there was no time left for it.
    #[error("there was no time left for the appointment")]
    TimeIsUp,
    /// The database went away before it was asked for this appointment.
    #[error("the database went away before it was the appointment's turn")]
    DatabaseAway,
    /// The appointment is not in the database.
    #[error("the appointment could not be inserted")]
    Database(#[source] PortError),
    /// The appointment is in the database, but not confirmed.
    #[error("the appointment is inserted, but could not be confirmed")]
    Bus(#[source] PortError),
    /// The appointment is in the database, but the bus did not say what became of its confirmation.
    #[error("the appointment is inserted, but the bus returned fewer results than confirmations")]
    NoResult,
}

impl ProcessAppointmentError {
    /// The call that failed, if one did.
    #[must_use]
    pub const fn port_error(&self) -> Option<&PortError> {
        match self {
            Self::Database(error) | Self::Bus(error) => Some(error),
            Self::OtherCountry { .. }
            | Self::DoesNotFit(_)
            | Self::TimeIsUp
            | Self::DatabaseAway
            | Self::NoResult => None,
        }
    }

    /// Whether nothing is said about the appointment itself: it was not its turn.
    const fn is_unlooked_at(&self) -> bool {
        matches!(self, Self::TimeIsUp | Self::DatabaseAway)
    }
}

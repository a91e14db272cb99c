use std::collections::HashMap;

use crate::{
    domain::{Appointment, AppointmentId, Country, Moment},
    messages::AppointmentConfirmation,
    ports::{Clock, ConfirmationBus, CountryDatabase, PortError, PortErrorKind},
};

/// Enters the appointments of one country in its database and confirms those that are in it.
///
/// A batch is one insert. Every message has an outcome of its own: none fails because of a neighbour, save where
/// the database as a whole fails. All of it may be repeated: an insert that is repeated changes nothing, and so
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

    /// Processes the appointments of a batch; the outcomes are in their order.
    pub async fn execute(&self, appointments: Vec<Appointment>) -> Vec<Outcome> {
        let batch = Batch::of(self.country, appointments);
        let mut outcomes = self.insert(&batch.distinct).await;
        self.confirm(&batch.distinct, &mut outcomes).await;
        batch.outcomes_of_messages(&outcomes)
    }

    async fn insert(&self, appointments: &[Appointment]) -> Vec<Outcome> {
        if appointments.is_empty() {
            return Vec::new();
        }
        match self.database.insert_appointments(appointments).await {
            Err(error) if error.kind() == PortErrorKind::Invalid && appointments.len() > 1 => {
                self.insert_one_by_one(appointments).await
            }
            result => vec![result.map_err(ProcessAppointmentError::Database); appointments.len()],
        }
    }

    // Only once a batch was refused for its data: the appointment at fault then fails alone.
    async fn insert_one_by_one(&self, appointments: &[Appointment]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(appointments.len());
        for appointment in appointments {
            let result = self
                .database
                .insert_appointments(std::slice::from_ref(appointment))
                .await;
            let database_failed = matches!(&result, Err(error) if error.kind() != PortErrorKind::Invalid);
            let outcome = result.map_err(ProcessAppointmentError::Database);
            if database_failed {
                // The others would fail alike, each after a time-out of its own.
                outcomes.resize(appointments.len(), outcome);
                break;
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    async fn confirm(&self, appointments: &[Appointment], outcomes: &mut [Outcome]) {
        let processing_date = Moment::new(self.clock.now());
        let (confirmations, awaiting): (Vec<_>, Vec<_>) = appointments
            .iter()
            .zip(outcomes)
            .filter(|(_, outcome)| outcome.is_ok())
            .map(|(appointment, outcome)| {
                (
                    AppointmentConfirmation::new(appointment.clone(), processing_date),
                    outcome,
                )
            })
            .unzip();
        if confirmations.is_empty() {
            return;
        }
        let mut results = self
            .bus
            .send_appointment_confirmation(&confirmations)
            .await
            .into_iter();
        for outcome in awaiting {
            *outcome = match results.next() {
                Some(result) => result.map_err(ProcessAppointmentError::Bus),
                None => Err(ProcessAppointmentError::NoResult),
            };
        }
    }
}

/// The messages of a batch, and the appointments in them without those that came twice.
struct Batch {
    distinct: Vec<Appointment>,
    // For each message the place in `distinct`, or why it has none.
    messages: Vec<Result<usize, ProcessAppointmentError>>,
}

impl Batch {
    fn of(country: Country, appointments: Vec<Appointment>) -> Self {
        let mut distinct: Vec<Appointment> = Vec::with_capacity(appointments.len());
        let mut places: HashMap<AppointmentId, usize> = HashMap::with_capacity(appointments.len());
        let messages = appointments
            .into_iter()
            .map(|appointment| {
                if appointment.country_iso != country {
                    return Err(ProcessAppointmentError::OtherCountry {
                        expected: country,
                        found: appointment.country_iso,
                    });
                }
                let place = *places.entry(appointment.appointment_id).or_insert(distinct.len());
                if place == distinct.len() {
                    distinct.push(appointment);
                }
                Ok(place)
            })
            .collect();
        Self { distinct, messages }
    }

    fn outcomes_of_messages(self, outcomes: &[Outcome]) -> Vec<Outcome> {
        self.messages
            .into_iter()
            .map(|place| place.and_then(|place| outcomes[place].clone()))
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
            Self::OtherCountry { .. } | Self::NoResult => None,
        }
    }
}

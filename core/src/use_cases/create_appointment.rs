use jiff::Timestamp;

use crate::{
    domain::{Appointment, AppointmentId, AppointmentItem, IdempotencyKey, Moment, RequestId, Status},
    guards::Guard,
    messages::AppointmentCreated,
    ports::{
        AppointmentIds, AppointmentTable, AppointmentTopic, Clock, CreateError, PortError, PortErrorKind,
    },
    request::{BodyError, NewAppointment},
};

/// How many ids are tried: random ones do not collide, so a second collision says that the source of ids is broken.
const ID_ATTEMPTS: usize = 3;

/// Accepts an appointment: stores it, then tells its country.
///
/// The two steps are not one, so the first also stores that the second has to be done. If the topic does not take
/// the message, or a crash comes in between, the appointment is announced later, by
/// [`RepublishPending`](super::RepublishPending): it is accepted all the same, and the caller is told so.
#[derive(Clone, Debug)]
pub struct CreateAppointment<Table, Topic, Clock, Ids> {
    table: Table,
    topic: Topic,
    clock: Clock,
    ids: Ids,
}

/// What a client sent.
#[derive(Clone, Debug)]
pub struct CreateRequest<'a> {
    /// The body.
    pub body: RequestBody<'a>,
    /// Its `Idempotency-Key`: a request that is sent again with it is the same appointment.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Its own id, which goes with the appointment from here on.
    pub request_id: Option<RequestId>,
}

/// A body as it came. `Debug` hides it.
#[derive(Clone, Copy)]
pub struct RequestBody<'a>(pub &'a [u8]);

impl std::fmt::Debug for RequestBody<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "RequestBody({} bytes hidden)", self.0.len())
    }
}

impl<'a> From<&'a [u8]> for CreateRequest<'a> {
    /// A request without a key.
    fn from(body: &'a [u8]) -> Self {
        Self {
            body: RequestBody(body),
            idempotency_key: None,
            request_id: None,
        }
    }
}

/// An appointment that was accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The appointment as it was when it was created.
    pub appointment: Appointment,
    /// Whether an earlier request with the same key created it.
    pub replayed: bool,
    /// Why it could not be announced now, if so; it is announced later.
    pub announced_late: Option<PortError>,
}

impl<Table, Topic, Time, Ids> CreateAppointment<Table, Topic, Time, Ids>
where
    Table: AppointmentTable,
    Topic: AppointmentTopic,
    Time: Clock,
    Ids: AppointmentIds,
{
    /// The use case over these ports.
    #[must_use]
    pub const fn new(table: Table, topic: Topic, clock: Time, ids: Ids) -> Self {
        Self {
            table,
            topic,
            clock,
            ids,
        }
    }

    /// Reads a request and accepts the appointment that it asks for.
    ///
    /// # Errors
    ///
    /// [`CreateAppointmentError`]; only with its variant [`Table`](CreateAppointmentError::Table) may something be
    /// stored.
    pub async fn execute(
        &self,
        request: impl Into<CreateRequest<'_>>,
    ) -> Result<Accepted, CreateAppointmentError> {
        let CreateRequest {
            body: RequestBody(body),
            idempotency_key,
            request_id,
        } = request.into();
        let now = self.clock.now();
        let (stored, replayed) = match (NewAppointment::from_json(body, now), idempotency_key) {
            (Ok(request), Some(key)) => self.store_once(request, &key, request_id, now).await?,
            (Ok(request), None) => (self.store(request, request_id, now).await?, false),
            (Err(error), Some(key)) if error.is_only_past() => {
                (self.find_past(error, body, &key).await?, true)
            }
            (Err(error), _) => return Err(error.into()),
        };
        self.announce(stored, replayed, now).await
    }

    /// Under a free id.
    async fn store(
        &self,
        request: NewAppointment,
        request_id: Option<RequestId>,
        now: Timestamp,
    ) -> Result<AppointmentItem, CreateAppointmentError> {
        let mut appointment = request.into_appointment(self.ids.next_id(), Moment::new(now));
        for _ in 0..ID_ATTEMPTS {
            let item = AppointmentItem {
                request_id: request_id.clone(),
                ..item_of(&appointment, now)
            };
            match self.table.create_appointment(&item).await {
                Ok(()) => return Ok(item),
                Err(CreateError::Port(error)) => return Err(CreateAppointmentError::Table(error)),
                Err(CreateError::AlreadyExists) => appointment.appointment_id = self.ids.next_id(),
            }
        }
        Err(CreateAppointmentError::NoFreeId)
    }

    /// Under the key's id: the conditional write says whether this request is the first with it.
    async fn store_once(
        &self,
        request: NewAppointment,
        key: &IdempotencyKey,
        request_id: Option<RequestId>,
        now: Timestamp,
    ) -> Result<(AppointmentItem, bool), CreateAppointmentError> {
        let id = key.appointment_id(&request.insured_id);
        let digest = request.digest();
        let appointment = request.clone().into_appointment(id, Moment::new(now));
        let item = AppointmentItem {
            request_digest: Some(digest),
            request_id,
            ..item_of(&appointment, now)
        };
        match self.table.create_appointment(&item).await {
            Ok(()) => Ok((item, false)),
            Err(CreateError::Port(error)) => Err(CreateAppointmentError::Table(error)),
            Err(CreateError::AlreadyExists) => match self.same_as_before(&request, &id).await? {
                Some(stored) => Ok((stored, true)),
                // A read that sees every write, and no appointment is ever deleted.
                None => Err(CreateAppointmentError::Table(PortError::new(
                    PortErrorKind::Unavailable,
                    "get_item_by_id",
                    "an appointment that exists was not found",
                ))),
            },
        }
    }

    /// A request whose date has passed is refused, save if it was accepted before that.
    async fn find_past(
        &self,
        refusal: BodyError,
        body: &[u8],
        key: &IdempotencyKey,
    ) -> Result<AppointmentItem, CreateAppointmentError> {
        let request = NewAppointment::from_json_at_any_time(body)?;
        let id = key.appointment_id(&request.insured_id);
        let found = self.same_as_before(&request, &id).await?;
        found.ok_or(CreateAppointmentError::Body(refusal))
    }

    /// What is stored under the id, if it was asked for by the same request.
    async fn same_as_before(
        &self,
        request: &NewAppointment,
        id: &AppointmentId,
    ) -> Result<Option<AppointmentItem>, CreateAppointmentError> {
        let found = self.table.get_item_by_id(id).await;
        match found.map_err(CreateAppointmentError::Table)? {
            Some(item)
                if item.request_digest != Some(request.digest()) && Guard::DigestComparison.holds() =>
            {
                Err(CreateAppointmentError::KeyReused { appointment_id: *id })
            }
            found => Ok(found),
        }
    }

    /// Tells the country, unless it has answered already. A replay announces again: a crash may have come between.
    async fn announce(
        &self,
        stored: AppointmentItem,
        replayed: bool,
        now: Timestamp,
    ) -> Result<Accepted, CreateAppointmentError> {
        let pending = stored.appointment.status == Status::Pending;
        let appointment = Appointment {
            status: Status::Pending,
            updated_at: None,
            ..stored.appointment
        };
        let message = AppointmentCreated {
            request_id: stored.request_id,
            ..AppointmentCreated::new(appointment, Moment::new(now))
        };
        let published = if pending {
            self.topic.publish_appointment_created(&message).await
        } else {
            Ok(())
        };
        Ok(Accepted {
            appointment: message.data,
            replayed,
            announced_late: published.err(),
        })
    }
}

fn item_of(appointment: &Appointment, now: Timestamp) -> AppointmentItem {
    if Guard::OutboxMarker.holds() {
        AppointmentItem::pending(appointment.clone(), now)
    } else {
        AppointmentItem::from(appointment.clone())
    }
}

/// Why an appointment was not accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CreateAppointmentError {
    /// The body does not say what appointment; nothing was stored.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The key belongs to an earlier request that asked for something else; nothing was stored.
    #[error("the idempotency key of appointment `{appointment_id}` came with another request")]
    KeyReused {
        /// The appointment of the earlier request.
        appointment_id: AppointmentId,
    },
    /// Every id that was tried is taken; nothing was stored.
    #[error("no free appointment id in {ID_ATTEMPTS} attempts: check the source of ids")]
    NoFreeId,
    /// The table did not take it; it may be stored all the same if the answer got lost.
    #[error("the appointment could not be stored")]
    Table(#[source] PortError),
}

impl CreateAppointmentError {
    /// The call that failed, if one did.
    #[must_use]
    pub const fn port_error(&self) -> Option<&PortError> {
        match self {
            Self::Table(error) => Some(error),
            Self::Body(_) | Self::KeyReused { .. } | Self::NoFreeId => None,
        }
    }
}

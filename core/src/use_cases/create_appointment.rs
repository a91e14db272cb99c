use jiff::Timestamp;

use crate::{
    authorization::MayCreate,
    domain::{Appointment, AppointmentId, AppointmentItem, IdempotencyKey, Moment, RequestId, Status},
    guards::Guard,
    messages::AppointmentCreated,
    ports::{
        AppointmentIds, AppointmentTable, AppointmentTopic, Clock, CreateError, PortError, PortErrorKind,
        call_in_time, in_time,
    },
    request::{AppointmentDraft, BodyError, NewAppointment},
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

/// What a client may have.
#[derive(Clone, Debug)]
pub struct CreateRequest {
    /// What it asks for, and that it may.
    pub permitted: MayCreate,
    /// Its `Idempotency-Key`: a request that is sent again with it is the same appointment.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Its own id, which goes with the appointment from here on.
    pub request_id: Option<RequestId>,
}

impl From<MayCreate> for CreateRequest {
    /// A request without a key.
    fn from(permitted: MayCreate) -> Self {
        Self {
            permitted,
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

    /// Reads what a body asks for, which is still to be allowed.
    ///
    /// # Errors
    ///
    /// As for [`AppointmentDraft::from_json`].
    pub fn read(&self, body: &[u8]) -> Result<AppointmentDraft, BodyError> {
        AppointmentDraft::from_json(body, self.clock.now())
    }

    /// Accepts the appointment that a request may have, and waits for nothing longer than `until`. An announcement that
    /// is given up then is made later, like one that failed.
    ///
    /// # Errors
    ///
    /// [`CreateAppointmentError`]; only with its variants [`Table`](CreateAppointmentError::Table) and
    /// [`TimeIsUp`](CreateAppointmentError::TimeIsUp) may something be stored.
    pub async fn execute(
        &self,
        request: impl Into<CreateRequest>,
        until: Timestamp,
    ) -> Result<Accepted, CreateAppointmentError> {
        let CreateRequest {
            permitted,
            idempotency_key,
            request_id,
        } = request.into();
        let draft = permitted.into_draft();
        let now = draft.read_at();
        let storing = self.find_or_store(draft, idempotency_key, request_id, now);
        let stored = in_time(&self.clock, until, storing).await;
        let (stored, replayed) = stored.unwrap_or(Err(CreateAppointmentError::TimeIsUp))?;
        Ok(self.announce(stored, replayed, now, until).await)
    }

    /// What is stored, and whether an earlier request stored it.
    async fn find_or_store(
        &self,
        draft: AppointmentDraft,
        idempotency_key: Option<IdempotencyKey>,
        request_id: Option<RequestId>,
        now: Timestamp,
    ) -> Result<(AppointmentItem, bool), CreateAppointmentError> {
        match (draft.into_parts(), idempotency_key) {
            ((request, None), Some(key)) => self.store_once(request, &key, request_id, now).await,
            ((request, None), None) => Ok((self.store(request, request_id, now).await?, false)),
            ((request, Some(past)), Some(key)) => Ok((self.find_past(past, &request, &key).await?, true)),
            ((_, Some(past)), None) => Err(past.into()),
        }
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
        request: &NewAppointment,
        key: &IdempotencyKey,
    ) -> Result<AppointmentItem, CreateAppointmentError> {
        let id = key.appointment_id(&request.insured_id);
        let found = self.same_as_before(request, &id).await?;
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
        until: Timestamp,
    ) -> Accepted {
        let pending = stored.appointment.status == Status::Pending;
        let message = AppointmentCreated::announcing(stored, Moment::new(now));
        let published = if pending {
            let publishing = self.topic.publish_appointment_created(&message);
            call_in_time(&self.clock, until, "publish_appointment_created", publishing).await
        } else {
            Ok(())
        };
        Accepted {
            appointment: message.data,
            replayed,
            announced_late: published.err(),
        }
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
    /// The table did not answer as long as could be waited; the appointment may be stored all the same.
    #[error("there was no time left to wait for the table")]
    TimeIsUp,
}

impl CreateAppointmentError {
    /// The call that failed, if one did.
    #[must_use]
    pub const fn port_error(&self) -> Option<&PortError> {
        match self {
            Self::Table(error) => Some(error),
            Self::Body(_) | Self::KeyReused { .. } | Self::NoFreeId | Self::TimeIsUp => None,
        }
    }

    /// Whether the appointment may be stored all the same, so that the same request without a key may book it twice.
    ///
    /// A service that asks for fewer calls has taken none.
    #[must_use]
    pub const fn may_be_stored(&self) -> bool {
        match self {
            Self::TimeIsUp => true,
            Self::Table(error) => match error.kind() {
                PortErrorKind::Unreachable | PortErrorKind::Unavailable => true,
                PortErrorKind::Throttled | PortErrorKind::Denied | PortErrorKind::Invalid => false,
            },
            Self::Body(_) | Self::KeyReused { .. } | Self::NoFreeId => false,
        }
    }
}

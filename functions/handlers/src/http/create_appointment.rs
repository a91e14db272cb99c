use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use jiff::Timestamp;
use schedule_core::{
    Appointment, IdempotencyKey, Language, RequestId,
    ports::{AppointmentIds, AppointmentTable, AppointmentTopic, Clock, PortError},
    request::BodyError,
    use_cases::{Accepted, CreateAppointment, CreateAppointmentError, CreateRequest},
};
use serde::Serialize;

use super::{AuthMode, correlation, language, problem::Problem, request_body, response};
use crate::{EventHandler, HandlerError, Invocation};

/// `POST /appointments`: accepts an appointment.
///
/// 201 with the appointment and its `Location`, also while the topic is away; 400 for a body that is not JSON or has
/// faults, or an `Idempotency-Key` that is none; 401 and 403 for whoever may not; 413 over [`MAX_BODY_BYTES`](super::MAX_BODY_BYTES); 415 if it is not
/// `application/json` in UTF-8, or encoded; 422 for a key that came with another request before; 503 where trying again may help, and where nobody knows whether a
/// request without a key was stored; 500 where trying again does not help.
#[derive(Clone, Debug)]
pub struct CreateAppointmentHandler<Table, Topic, Time, Ids> {
    create_appointment: CreateAppointment<Table, Topic, Time, Ids>,
    auth: AuthMode,
}

impl<Table, Topic, Time, Ids> CreateAppointmentHandler<Table, Topic, Time, Ids>
where
    Table: AppointmentTable,
    Topic: AppointmentTopic,
    Time: Clock,
    Ids: AppointmentIds,
{
    /// The handler over these ports, for callers of this kind.
    #[must_use]
    pub const fn new(table: Table, topic: Topic, clock: Time, ids: Ids, auth: AuthMode) -> Self {
        Self {
            create_appointment: CreateAppointment::new(table, topic, clock, ids),
            auth,
        }
    }

    async fn create(
        &self,
        event: &ApiGatewayV2httpRequest,
        request_id: Option<RequestId>,
        until: Timestamp,
    ) -> Result<Accepted, Problem> {
        let caller = self.auth.caller(event)?;
        let body = request_body::read(event)?;
        let idempotency_key = idempotency_key(event)?;
        let has_key = idempotency_key.is_some();
        let draft = self.create_appointment.read(&body).map_err(refused)?;
        let request = CreateRequest {
            permitted: caller.may_create(draft).map_err(Problem::Forbidden)?,
            idempotency_key,
            request_id,
        };
        self.create_appointment
            .execute(request, until)
            .await
            .map_err(|error| problem_of(&error, has_key, event))
    }
}

impl<Table, Topic, Time, Ids> EventHandler for CreateAppointmentHandler<Table, Topic, Time, Ids>
where
    Table: AppointmentTable,
    Topic: AppointmentTopic,
    Time: Clock,
    Ids: AppointmentIds,
{
    type Event = ApiGatewayV2httpRequest;
    type Response = CreateAppointmentResponse;

    async fn handle(
        &self,
        mut event: Self::Event,
        invocation: &Invocation,
    ) -> Result<Self::Response, HandlerError> {
        let request_id = correlation::identify(&mut event, invocation);
        let language = language::preferred_language(&event.headers);
        let created = self.create(&event, request_id, invocation.answer_by()).await;
        let mut answer = match created {
            Ok(accepted) => {
                log(&accepted, &event);
                CreateAppointmentResponse {
                    response: response_to(&accepted.appointment, language)?,
                    replayed: accepted.replayed,
                    announced_late: accepted.announced_late.is_some(),
                }
            }
            Err(problem) => {
                problem.log_refusal(&event);
                CreateAppointmentResponse {
                    response: problem.into_response(language)?,
                    ..CreateAppointmentResponse::default()
                }
            }
        };
        response::finish(&mut answer.response, &event);
        Ok(answer)
    }
}

/// What the client gets, and what only the system's own figures need.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub struct CreateAppointmentResponse {
    /// What the client gets, and all that Lambda is given.
    pub response: ApiGatewayV2httpResponse,
    /// Whether the appointment was accepted before, by a request with the same key.
    #[serde(skip)]
    pub replayed: bool,
    /// Whether the appointment was accepted, but could not be announced yet.
    #[serde(skip)]
    pub announced_late: bool,
}

/// The header of draft-ietf-httpapi-idempotency-key-header-07, as the gateway writes names.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

fn idempotency_key(event: &ApiGatewayV2httpRequest) -> Result<Option<IdempotencyKey>, Problem> {
    let mut values = event.headers.get_all(IDEMPOTENCY_KEY).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => match IdempotencyKey::from_header(value.as_bytes()) {
            Ok(key) => Ok(Some(key)),
            Err(_) => Err(Problem::NotAnIdempotencyKey),
        },
        (Some(_), Some(_)) => Err(Problem::NotAnIdempotencyKey),
    }
}

fn log(accepted: &Accepted, event: &ApiGatewayV2httpRequest) {
    tracing::info!(
        request_id = event.request_context.request_id,
        appointment_id = %accepted.appointment.appointment_id,
        country = %accepted.appointment.country_iso,
        replayed = accepted.replayed,
        "appointment created"
    );
    if let Some(cause) = &accepted.announced_late {
        tracing::warn!(
            request_id = event.request_context.request_id,
            appointment_id = %accepted.appointment.appointment_id,
            kind = %cause.kind(),
            operation = cause.operation(),
            cause = cause.message(),
            "appointment stored, but not announced yet; it is announced later"
        );
    }
}

/// What a 201 holds.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CreatedAppointment))]
pub(super) struct Created<'a> {
    /// Says that it was accepted, for a person.
    #[cfg_attr(feature = "openapi", schema(examples("Cita registrada con éxito.")))]
    message: &'static str,
    /// The appointment as it was accepted.
    appointment: &'a Appointment,
}

fn response_to(
    appointment: &Appointment,
    language: Language,
) -> Result<ApiGatewayV2httpResponse, HandlerError> {
    let body = Created {
        message: language::created(language),
        appointment,
    };
    let mut response = response::json(201, response::JSON, &body)?;
    response::set_language(&mut response, language);
    response::set_location(&mut response, &appointment.insured_id);
    Ok(response)
}

fn refused(error: BodyError) -> Problem {
    match error {
        BodyError::NotJson(fault) => Problem::NotJson(Some(fault)),
        BodyError::Refused(faults) => Problem::Faults(faults),
    }
}

fn problem_of(error: &CreateAppointmentError, has_key: bool, event: &ApiGatewayV2httpRequest) -> Problem {
    match error {
        CreateAppointmentError::Body(error) => return refused(error.clone()),
        CreateAppointmentError::KeyReused { appointment_id } => {
            tracing::info!(
                request_id = event.request_context.request_id,
                appointment_id = %appointment_id,
                "an idempotency key came with another request"
            );
            return Problem::KeyReused;
        }
        CreateAppointmentError::Table(_)
        | CreateAppointmentError::TimeIsUp
        | CreateAppointmentError::NoFreeId => {}
    }
    let cause = error.port_error();
    tracing::error!(
        request_id = event.request_context.request_id,
        kind = cause.map(|cause| tracing::field::display(cause.kind())),
        operation = cause.map(PortError::operation),
        cause = cause.map(PortError::message),
        reason = %error,
        "appointment not created"
    );
    match error {
        error if error.may_be_stored() && !has_key => Problem::OutcomeUnknown,
        CreateAppointmentError::TimeIsUp => Problem::Unavailable,
        _ => Problem::of_failure(cause),
    }
}

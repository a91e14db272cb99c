use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use schedule_core::{
    Appointment,
    ports::{AppointmentIds, AppointmentTable, AppointmentTopic, Clock, PortError},
    request::BodyError,
    use_cases::{CreateAppointment, CreateAppointmentError},
};
use serde::Serialize;

use super::{problem::Problem, request_body, response, spanish};
use crate::{EventHandler, HandlerError};

/// `POST /appointments`: accepts an appointment.
///
/// 201 with the appointment and its `Location`; 400 for a body that is not JSON or has faults, 413 over
/// [`MAX_BODY_BYTES`](super::MAX_BODY_BYTES), 415 if it is not `application/json`; 503 where trying again may help
/// and 500 where it does not.
#[derive(Clone, Debug)]
pub struct CreateAppointmentHandler<Table, Topic, Time, Ids> {
    create_appointment: CreateAppointment<Table, Topic, Time, Ids>,
}

impl<Table, Topic, Time, Ids> CreateAppointmentHandler<Table, Topic, Time, Ids>
where
    Table: AppointmentTable,
    Topic: AppointmentTopic,
    Time: Clock,
    Ids: AppointmentIds,
{
    /// The handler over these ports.
    #[must_use]
    pub const fn new(table: Table, topic: Topic, clock: Time, ids: Ids) -> Self {
        Self {
            create_appointment: CreateAppointment::new(table, topic, clock, ids),
        }
    }

    async fn create(&self, event: &ApiGatewayV2httpRequest) -> Result<Appointment, Problem> {
        let body = request_body::read(event)?;
        self.create_appointment
            .execute(&body)
            .await
            .map_err(|error| problem_of(&error, event))
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
    type Response = ApiGatewayV2httpResponse;

    async fn handle(&self, event: Self::Event) -> Result<Self::Response, HandlerError> {
        match self.create(&event).await {
            Ok(appointment) => {
                tracing::info!(
                    request_id = event.request_context.request_id,
                    appointment_id = %appointment.appointment_id,
                    country = %appointment.country_iso,
                    "appointment created"
                );
                created(&appointment)
            }
            Err(problem) => {
                problem.log_refusal(&event);
                problem.into_response()
            }
        }
    }
}

#[derive(Serialize)]
struct Created<'a> {
    message: &'static str,
    appointment: &'a Appointment,
}

fn created(appointment: &Appointment) -> Result<ApiGatewayV2httpResponse, HandlerError> {
    let body = Created {
        message: spanish::CREATED,
        appointment,
    };
    let mut response = response::json(201, response::JSON, &body)?;
    response::set_location(&mut response, &appointment.insured_id);
    Ok(response)
}

fn problem_of(error: &CreateAppointmentError, event: &ApiGatewayV2httpRequest) -> Problem {
    let appointment_id = match error {
        CreateAppointmentError::Body(BodyError::NotJson(fault)) => return Problem::NotJson(Some(*fault)),
        CreateAppointmentError::Body(BodyError::Refused(faults)) => return Problem::Faults(faults.clone()),
        CreateAppointmentError::Topic { appointment_id, .. } => Some(appointment_id),
        CreateAppointmentError::Table(_) | CreateAppointmentError::NoFreeId => None,
    };
    let cause = error.port_error();
    tracing::error!(
        request_id = event.request_context.request_id,
        appointment_id = appointment_id.map(tracing::field::display),
        kind = cause.map(|cause| tracing::field::display(cause.kind())),
        operation = cause.map(PortError::operation),
        cause = cause.map(PortError::message),
        reason = %error,
        "appointment not created"
    );
    Problem::of_failure(cause)
}

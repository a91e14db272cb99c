use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use schedule_core::Appointment;

use super::super::{
    entity_tag,
    fhir::{Bundle, FhirAppointment, Links},
    representation::Representation,
    response,
};
use crate::HandlerError;

/// What a client asked for and may have.
pub(super) enum Answer {
    /// A page of a list.
    List(Listed),
    /// One appointment.
    One(Box<Appointment>, Representation),
    /// Nothing has to be said.
    Nothing,
}

/// A page of a list.
pub(super) struct Listed {
    pub(super) appointments: Vec<Appointment>,
    /// Where the list goes on, if it does.
    pub(super) next: Option<String>,
    pub(super) is_first: bool,
    pub(super) representation: Representation,
}

impl Answer {
    pub(super) fn into_response(
        self,
        event: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, HandlerError> {
        match self {
            Self::List(listed) => listed.into_response(event),
            Self::One(appointment, representation) => {
                tracing::info!(
                    request_id = event.request_context.request_id,
                    appointment_id = %appointment.appointment_id,
                    "appointment read"
                );
                let content_type = representation.content_type();
                let mut response = match representation {
                    Representation::Json => response::json(200, content_type, &appointment)?,
                    Representation::Fhir => {
                        response::json(200, content_type, &FhirAppointment::from(&*appointment))?
                    }
                };
                entity_tag::apply(&mut response, &event.headers);
                Ok(response)
            }
            Self::Nothing => Ok(response::empty(204)),
        }
    }
}

impl Listed {
    fn into_response(
        self,
        event: &ApiGatewayV2httpRequest,
    ) -> Result<ApiGatewayV2httpResponse, HandlerError> {
        tracing::info!(
            request_id = event.request_context.request_id,
            count = self.appointments.len(),
            more = self.next.is_some(),
            "appointments listed"
        );
        let content_type = self.representation.content_type();
        let mut response = match self.representation {
            Representation::Json => response::json(200, content_type, &self.appointments)?,
            Representation::Fhir => {
                let links = Links {
                    this: target(event),
                    next: self.next.clone(),
                    is_first: self.is_first,
                };
                response::json(200, content_type, &Bundle::new(&self.appointments, links))?
            }
        };
        if let Some(next) = &self.next {
            response::set_next(&mut response, next);
        }
        Ok(response)
    }
}

/// What was asked for, as it stands in the URL.
fn target(event: &ApiGatewayV2httpRequest) -> String {
    let path = event.raw_path.as_deref().unwrap_or_default();
    match event.raw_query_string.as_deref() {
        None | Some("") => path.to_owned(),
        Some(query) => format!("{path}?{query}"),
    }
}

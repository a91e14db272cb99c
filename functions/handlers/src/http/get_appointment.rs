use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use schedule_core::{
    Appointment, InsuredId,
    authorization::Caller,
    names,
    ports::{AppointmentFilter, AppointmentTable},
    use_cases::{GetAppointments, Listing},
};

use super::{
    correlation,
    fhir::{Bundle, Links},
    language,
    problem::Problem,
    representation::Representation,
    response,
};
use crate::{EventHandler, HandlerError, Invocation};

/// `GET /appointments/{insuredId}`: lists the appointments of an insured, earliest first.
///
/// 200 with a list, which is empty for an insured without appointments; 400 for what cannot be an insured id; 503
/// where trying again may help and 500 where it does not.
#[derive(Clone, Debug)]
pub struct GetAppointmentHandler<Table> {
    get_appointments: GetAppointments<Table>,
}

impl<Table: AppointmentTable> GetAppointmentHandler<Table> {
    /// The handler over this table.
    #[must_use]
    pub const fn new(table: Table) -> Self {
        Self {
            get_appointments: GetAppointments::new(table),
        }
    }

    async fn list(
        &self,
        event: &ApiGatewayV2httpRequest,
    ) -> Result<(Vec<Appointment>, Representation), Problem> {
        let representation = Representation::negotiated(&event.headers)?;
        // API Gateway has decoded the path's percent encoding.
        let parameter = event
            .path_parameters
            .get(names::INSURED_ID)
            .map(String::as_str)
            .unwrap_or_default();
        let insured_id = InsuredId::new(parameter).map_err(|_| Problem::NotAnInsuredId)?;
        let permitted = Caller::anyone()
            .may_read(insured_id)
            .map_err(|_| Problem::Internal)?;
        let listing = Listing {
            filter: AppointmentFilter::default(),
            after: None,
            limit: usize::MAX,
        };
        let page = self.get_appointments.list(&permitted, listing).await;
        let appointments = page.map(|page| page.appointments).map_err(|error| {
            tracing::error!(
                request_id = event.request_context.request_id,
                kind = %error.kind(),
                operation = error.operation(),
                cause = error.message(),
                "appointments not listed"
            );
            Problem::of_failure(Some(&error))
        })?;
        Ok((appointments, representation))
    }
}

impl<Table: AppointmentTable> EventHandler for GetAppointmentHandler<Table> {
    type Event = ApiGatewayV2httpRequest;
    type Response = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        mut event: Self::Event,
        invocation: &Invocation,
    ) -> Result<Self::Response, HandlerError> {
        correlation::identify(&mut event, invocation);
        let mut response = match self.list(&event).await {
            Ok((appointments, representation)) => {
                tracing::info!(
                    request_id = event.request_context.request_id,
                    count = appointments.len(),
                    "appointments listed"
                );
                let content_type = representation.content_type();
                match representation {
                    Representation::Json => response::json(200, content_type, &appointments)?,
                    Representation::Fhir => {
                        response::json(200, content_type, &Bundle::new(&appointments, links(&event)))?
                    }
                }
            }
            Err(problem) => {
                problem.log_refusal(&event);
                problem.into_response(language::preferred_language(&event.headers))?
            }
        };
        correlation::tell(&mut response, &event);
        Ok(response)
    }
}

fn links(event: &ApiGatewayV2httpRequest) -> Links {
    Links {
        this: event.raw_path.clone().unwrap_or_default(),
        next: None,
        is_first: true,
    }
}

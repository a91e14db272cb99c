mod answer;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use schedule_core::{
    AppointmentId, InsuredId,
    authorization::MayRead,
    names,
    ports::{AppointmentListing, AppointmentTable, Clock, CursorKey, CursorSecret, PortError, in_time},
    use_cases::{GetAppointments, Listing},
};

use super::{
    AuthMode, correlation,
    cursor::{self, Binding},
    language,
    list_query::{ListQuery, QueryFault},
    problem::Problem,
    representation::Representation,
    response, unrouted,
};
use crate::{EventHandler, HandlerError, Invocation};
use answer::{Answer, Listed};

/// `GET /appointments/{insuredId}`, `GET /appointments/{insuredId}/{appointmentId}`, and what no route takes.
///
/// 200 with a page of a list, earliest first, which is empty for an insured without appointments, or with one
/// appointment; 304 for one that the client has; 400 for what cannot be an insured id, and for a query or a cursor
/// that does not hold; 401 and 403 for whoever may not; 404 for an appointment that is not the insured's, also where
/// what the path names is no id of one; 404 and 405 for what no route takes; 406 for a form that is not spoken; 503
/// where trying again may help and 500 where it does not.
#[derive(Clone, Debug)]
pub struct GetAppointmentHandler<Table, Secret, Time> {
    get_appointments: GetAppointments<Table>,
    cursor_secret: Secret,
    clock: Time,
    auth: AuthMode,
}

impl<Table: AppointmentTable + AppointmentListing, Secret: CursorSecret, Time: Clock>
    GetAppointmentHandler<Table, Secret, Time>
{
    /// The handler over these ports, for callers of this kind. The secret is asked for at the first cursor.
    #[must_use]
    pub const fn new(table: Table, cursor_secret: Secret, clock: Time, auth: AuthMode) -> Self {
        Self {
            get_appointments: GetAppointments::new(table),
            cursor_secret,
            clock,
            auth,
        }
    }

    async fn answer(&self, event: &ApiGatewayV2httpRequest) -> Result<Answer, Problem> {
        match event.route_key.as_deref() {
            Some(names::GET_ROUTE) => self.list(event).await.map(Answer::List),
            Some(names::GET_ONE_ROUTE) => self.find(event).await,
            // The gateway adds what a browser has asked for.
            Some(names::PREFLIGHT_ROUTE) => Ok(Answer::Nothing),
            _ => Err(unrouted::problem(event)),
        }
    }

    async fn list(&self, event: &ApiGatewayV2httpRequest) -> Result<Listed, Problem> {
        let permitted = self.permitted(event)?;
        let representation = Representation::negotiated(&event.headers)?;
        let raw_query = event.raw_query_string.as_deref().unwrap_or_default();
        let query = ListQuery::read(raw_query).map_err(Problem::QueryFaults)?;
        let binding = Binding {
            permitted: &permitted,
            filter: &query.filter,
        };
        let after = match &query.cursor {
            None => None,
            Some(text) => {
                let place = cursor::open(text, binding, self.clock.now(), &self.cursor_key(event).await?);
                let stale = || Problem::QueryFaults(vec![QueryFault::of_cursor()]);
                Some(place.ok_or_else(stale)?)
            }
        };
        let is_first = after.is_none();
        let listing = Listing {
            filter: query.filter,
            after,
            limit: query.limit(),
        };
        let page = self.get_appointments.list(&permitted, listing).await;
        let page = page.map_err(|error| failed(&error, event, "appointments not listed"))?;
        let next = match &page.next {
            None => None,
            Some(place) => {
                let key = self.cursor_key(event).await?;
                let cursor = cursor::seal(place, binding, self.clock.now(), &key).ok_or(Problem::Internal)?;
                Some(query.next_page(permitted.insured_id(), &cursor))
            }
        };
        Ok(Listed {
            appointments: page.appointments,
            next,
            is_first,
            representation,
        })
    }

    async fn find(&self, event: &ApiGatewayV2httpRequest) -> Result<Answer, Problem> {
        let permitted = self.permitted(event)?;
        let representation = Representation::negotiated(&event.headers)?;
        // What is no id of an appointment is none of this insured's either.
        let id: AppointmentId = path_parameter(event, names::APPOINTMENT_ID)
            .to_ascii_lowercase()
            .parse()
            .map_err(|_| Problem::NoSuchAppointment)?;
        let found = self.get_appointments.find(&permitted, &id).await;
        let found = found.map_err(|error| failed(&error, event, "appointment not read"))?;
        found
            .map(|appointment| Answer::One(Box::new(appointment), representation))
            .ok_or(Problem::NoSuchAppointment)
    }

    /// What the caller may read of what the path names; nothing was asked of the table yet.
    fn permitted(&self, event: &ApiGatewayV2httpRequest) -> Result<MayRead, Problem> {
        let caller = self.auth.caller(event)?;
        let insured_id = path_parameter(event, names::INSURED_ID);
        let insured_id = InsuredId::new(insured_id).map_err(|_| Problem::NotAnInsuredId)?;
        caller.may_read(insured_id).map_err(Problem::Forbidden)
    }

    async fn cursor_key(&self, event: &ApiGatewayV2httpRequest) -> Result<CursorKey, Problem> {
        let key = self.cursor_secret.cursor_key().await;
        key.map_err(|error| failed(&error, event, "the secret of the cursors was not read"))
    }
}

impl<Table, Secret, Time> EventHandler for GetAppointmentHandler<Table, Secret, Time>
where
    Table: AppointmentTable + AppointmentListing,
    Secret: CursorSecret,
    Time: Clock,
{
    type Event = ApiGatewayV2httpRequest;
    type Response = ApiGatewayV2httpResponse;

    async fn handle(
        &self,
        mut event: Self::Event,
        invocation: &Invocation,
    ) -> Result<Self::Response, HandlerError> {
        correlation::identify(&mut event, invocation);
        let answered = in_time(&self.clock, invocation.answer_by(), self.answer(&event)).await;
        let mut response = match answered.unwrap_or_else(|| Err(overdue(&event))) {
            Ok(answer) => answer.into_response(&event)?,
            Err(problem) => {
                problem.log_refusal(&event);
                problem.into_response(language::preferred_language(&event.headers))?
            }
        };
        response::finish(&mut response, &event);
        Ok(response)
    }
}

// API Gateway has decoded the path's percent encoding.
fn path_parameter<'a>(event: &'a ApiGatewayV2httpRequest, name: &str) -> &'a str {
    event
        .path_parameters
        .get(name)
        .map(String::as_str)
        .unwrap_or_default()
}

/// There was no time left to wait for the table, or for the secret.
fn overdue(event: &ApiGatewayV2httpRequest) -> Problem {
    tracing::error!(
        request_id = event.request_context.request_id,
        route = event.route_key,
        "there was no time left to wait for what the answer needs"
    );
    Problem::Unavailable
}

fn failed(error: &PortError, event: &ApiGatewayV2httpRequest, what: &str) -> Problem {
    tracing::error!(
        request_id = event.request_context.request_id,
        kind = %error.kind(),
        operation = error.operation(),
        cause = error.message(),
        "{what}"
    );
    Problem::of_failure(Some(error))
}

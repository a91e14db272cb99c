//! What the API answers. The problems are the handlers' own, and so are their examples.

use std::collections::BTreeMap;

use schedule_core::names::{APPOINTMENT_ID, INSURED_ID};
use schedule_handlers::openapi::{Operation, SampleProblem, Shape};
use utoipa::{
    ToSchema,
    openapi::{
        ContentBuilder, Header, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder,
        ResponsesBuilder, example::ExampleBuilder, link::LinkBuilder, schema::Type,
    },
};

/// The operation that lists.
pub(super) const LIST: &str = "listAppointments";
/// The operation that reads one.
pub(super) const GET: &str = "getAppointment";

pub(super) const JSON: &str = "application/json";
pub(super) const FHIR_JSON: &str = "application/fhir+json";
const PROBLEM_JSON: &str = "application/problem+json";

/// What the gateway before the functions says, where it does not pass a request on.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "it is the shape that counts: the gateway is not written here"
)]
struct GatewayMessage {
    /// What is wrong, in a word or two of English.
    #[schema(examples("Unauthorized"))]
    message: String,
}

/// The shape of what the gateway itself says.
pub(super) fn gateway_message() -> Shape {
    Shape::of::<GatewayMessage>()
}

/// The problems that the gateway answers before a function is asked.
const GATEWAY: &[(u16, &str)] = &[
    (
        401,
        "No token, or one that is not valid: expired, of another issuer, or for another audience.",
    ),
    (403, "A token that does not allow it."),
    (429, "Too many requests; try again after a while."),
    (500, "It did not work, and will not until somebody mends it."),
    (
        503,
        "It did not work now. With `Retry-After`, try again after that; without, look first whether it was done.",
    ),
    (
        504,
        "It took too long; try again. What is sent again with its `Idempotency-Key` is booked once.",
    ),
];

/// The answers of an operation that are none of what it was asked for.
pub(super) fn problems(operation: Operation) -> ResponsesBuilder {
    let mut by_status: BTreeMap<u16, Vec<SampleProblem>> = BTreeMap::new();
    for (status, _) in GATEWAY {
        by_status.entry(*status).or_default();
    }
    for problem in operation.problems() {
        by_status.entry(problem.status).or_default().push(problem);
    }
    by_status
        .into_iter()
        .fold(ResponsesBuilder::new(), |responses, (status, problems)| {
            responses.response(status.to_string(), refusal(status, &problems))
        })
}

fn refusal(status: u16, problems: &[SampleProblem]) -> Response {
    let gateway = GATEWAY.iter().find(|(of_gateway, _)| *of_gateway == status);
    let mut titles: Vec<&str> = problems.iter().map(|problem| problem.title).collect();
    titles.dedup();
    let description = match gateway {
        Some((_, description)) => (*description).to_owned(),
        None => format!("{}.", titles.join("; ")),
    };
    let examples = problems.iter().flat_map(|problem| {
        problem.documents.iter().map(|(language, document)| {
            let example = ExampleBuilder::new()
                .summary(problem.title)
                .value(Some(document.clone()));
            (format!("{}-{}", problem.slug, language.tag()), example)
        })
    });
    let mut response = answer(&description).content(
        PROBLEM_JSON,
        ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(Shape::problem().name)))
            .examples_from_iter(examples)
            .build(),
    );
    // The gateway has a limit of its own, far above the function's.
    if gateway.is_some() || status == 413 {
        response = response.content(
            JSON,
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(GatewayMessage::name())))
                .build(),
        );
    }
    let has = |name: &str| {
        problems
            .iter()
            .any(|problem| problem.headers.iter().any(|header| header == name))
    };
    if has("retry-after") {
        response = response.header("retry-after", header("After how many seconds to try again.", "5"));
    }
    if has("content-language") {
        response = response.header("content-language", content_language());
    }
    if has("allow") {
        response = response.header("allow", header("The methods that there are.", "GET"));
    }
    if status == 401 {
        response = response.header("www-authenticate", header("What is asked for.", "Bearer"));
    }
    response.build()
}

/// The answer to a booking.
pub(super) fn accepted(shape: Ref) -> Response {
    answer("The appointment was accepted.")
        .content(JSON, ContentBuilder::new().schema(Some(shape)).build())
        .header(
            "location",
            header("Where the insured's appointments are.", "/appointments/00123"),
        )
        .header("content-language", content_language())
        .link(
            "GetAppointment",
            RefOr::T(
                follow(GET, "Reads the appointment again.")
                    .parameter(APPOINTMENT_ID, of_appointment("appointmentId"))
                    .build(),
            ),
        )
        .link(
            "ListAppointments",
            RefOr::T(follow(LIST, "Lists the insured's appointments, this one among them.").build()),
        )
        .build()
}

/// How an answer leads to another operation for the same insured.
fn follow(operation: &str, description: &str) -> LinkBuilder {
    LinkBuilder::new()
        .operation_id(operation)
        .description(description)
        .parameter(INSURED_ID, of_appointment("insuredId"))
}

/// The place of a member of the appointment in the answer.
fn of_appointment(member: &str) -> String {
    format!("$response.body#/appointment/{member}")
}

/// The answer with what was asked for.
pub(super) fn ok(description: &str) -> ResponseBuilder {
    answer(description)
}

/// The answer to a client that has it already.
pub(super) fn not_modified() -> Response {
    answer("The client has it as it is.")
        .header("etag", etag())
        .build()
}

pub(super) fn link() -> Header {
    header(
        "The next page's address with `rel=\"next\"` (RFC 8288); absent on the last page.",
        "</appointments/00123?limit=20&cursor=AQ>; rel=\"next\"",
    )
}

pub(super) fn etag() -> Header {
    header(
        "A strong validator of this representation, for `If-None-Match`.",
        "\"5f2b0d\"",
    )
}

fn content_language() -> Header {
    header("The language of the texts.", "es")
}

fn answer(description: &str) -> ResponseBuilder {
    ResponseBuilder::new()
        .description(description)
        .header(
            "x-request-id",
            header("The id by which support finds this request.", "Bz7aXjPqIAMEVqQ="),
        )
        .header("cache-control", header("Always `no-store`.", "no-store"))
}

fn header(description: &str, example: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(
            ObjectBuilder::new().schema_type(Type::String).examples([example]),
        ))
        .description(Some(description))
        .build()
}

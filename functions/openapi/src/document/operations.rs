//! What can be asked of the API.

use schedule_core::{
    Appointment,
    names::{self, CREATE_ROUTE, GET_ONE_ROUTE, GET_ROUTE},
    request::NewAppointment,
};
use schedule_handlers::{
    MAX_BODY_BYTES,
    openapi::{Operation as Handled, Shape},
};
use utoipa::{
    ToSchema as _,
    openapi::{
        ContentBuilder, HttpMethod, Paths, PathsBuilder, Ref, RefOr, Required, Schema,
        path::{Operation, OperationBuilder, PathItem},
        request_body::RequestBodyBuilder,
        schema::ArrayBuilder,
        security::SecurityRequirement,
    },
};

use super::{
    BEARER, TAG,
    answers::{self, FHIR_JSON, JSON},
    parameters,
};

/// Every path with its operations.
pub(super) fn paths() -> Paths {
    [
        (CREATE_ROUTE, create()),
        (GET_ROUTE, list()),
        (GET_ONE_ROUTE, get()),
    ]
    .into_iter()
    .fold(PathsBuilder::new(), |paths, (route, operation)| {
        let (method, path) = route.split_once(' ').unwrap_or_default();
        let method = match method {
            "POST" => HttpMethod::Post,
            _ => HttpMethod::Get,
        };
        paths.path(path, PathItem::new(method, operation))
    })
    .build()
}

fn create() -> Operation {
    let body = RequestBodyBuilder::new()
        .description(Some(format!(
            "The appointment, at most {MAX_BODY_BYTES} bytes of JSON in UTF-8. A member that is not named here is \
             refused, and so is one that is there twice."
        )))
        .required(Some(Required::True))
        .content(
            JSON,
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(NewAppointment::name())))
                .build(),
        )
        .build();
    operation("createAppointment", names::WRITE_SCOPE)
        .summary(Some("Book an appointment"))
        .description(Some(
            "Accepts an appointment as `PENDING` and passes it to its country. Sent again with the same \
             `Idempotency-Key` it is the same appointment, answered the same way.",
        ))
        .parameter(parameters::idempotency_key())
        .parameter(parameters::accept_language())
        .request_body(Some(body))
        .responses(
            answers::problems(Handled::Create)
                .response(
                    "201",
                    answers::accepted(Ref::from_schema_name(Shape::created().name)),
                )
                .build(),
        )
        .build()
}

fn list() -> Operation {
    let appointments = ArrayBuilder::new()
        .items(Ref::from_schema_name(Appointment::name()))
        .description(Some(
            "A page of the insured's appointments, earliest `dateSchedule` first.",
        ))
        .build();
    let answer = answers::ok("The insured's appointments; an empty list if there are none.")
        .content(JSON, content(Schema::Array(appointments)))
        .content(
            FHIR_JSON,
            content(Ref::from_schema_name(Shape::fhir_bundle().name)),
        )
        .header("link", answers::link());
    operation(answers::LIST, names::READ_SCOPE)
        .summary(Some("List an insured's appointments"))
        .description(Some(
            "Lists them page by page, earliest first, as JSON or, for `Accept: application/fhir+json`, as an HL7 FHIR \
             R4 `Bundle`. While there is more, the header `Link` holds the next page's address.",
        ))
        .parameter(parameters::insured_id())
        .parameters(Some(parameters::of_list()))
        .parameter(parameters::accept_language())
        .responses(answers::problems(Handled::List).response("200", answer).build())
        .build()
}

fn get() -> Operation {
    let answer = answers::ok("The appointment.")
        .content(JSON, content(Ref::from_schema_name(Appointment::name())))
        .content(
            FHIR_JSON,
            content(Ref::from_schema_name(Shape::fhir_appointment().name)),
        )
        .header("etag", answers::etag());
    operation(answers::GET, names::READ_SCOPE)
        .summary(Some("Read one appointment"))
        .description(Some(
            "The appointment as JSON or, for `Accept: application/fhir+json`, as an HL7 FHIR R4 `Appointment`. One \
             that is not this insured's is not found.",
        ))
        .parameter(parameters::insured_id())
        .parameter(parameters::appointment_id())
        .parameter(parameters::if_none_match())
        .parameter(parameters::accept_language())
        .responses(
            answers::problems(Handled::Get)
                .response("200", answer)
                .response("304", answers::not_modified())
                .build(),
        )
        .build()
}

fn operation(id: &str, scope: &str) -> OperationBuilder {
    OperationBuilder::new()
        .operation_id(Some(id))
        .tag(TAG)
        .security(SecurityRequirement::new(BEARER, [scope]))
}

fn content(schema: impl Into<RefOr<Schema>>) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

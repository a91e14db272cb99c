//! The document, put together: what there is, who may call it, and the shapes.

mod answers;
mod operations;
mod parameters;

use schedule_core::{names, request::NewAppointment};
use schedule_handlers::openapi::Shape;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, License, OpenApiBuilder, RefOr, Schema, ServerBuilder,
    schema::AdditionalProperties,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};

/// The name of the only security scheme.
const BEARER: &str = "bearer";
/// The tag of all operations.
const TAG: &str = "appointments";

/// The document, made from the types, as it is committed.
///
/// # Panics
///
/// If it cannot be written as JSON, which only a defect of this crate can cause.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "a document that cannot be written is a defect here"
)]
pub fn document() -> String {
    let document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Medical Schedule")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .license(Some(license())),
        )
        .servers(Some([ServerBuilder::new()
            .url("/")
            .description(Some("Where this document was served from."))
            .build()]))
        .tags(Some([TagBuilder::new()
            .name(TAG)
            .description(Some("Booking medical appointments, and reading them."))
            .build()]))
        .paths(operations::paths())
        .components(Some(components()))
        .build();
    let mut text = document.to_pretty_json().expect("a document of plain values");
    text.push('\n');
    text
}

const DESCRIPTION: &str = "Insurers in Peru and Chile book medical appointments for those they insure, and read them.\n\n\
An appointment is accepted as `PENDING`, and becomes `COMPLETED` once its country has confirmed it, usually within a \
second. Texts for people are in Spanish, or in English for `Accept-Language: en`. Errors are problem documents \
(RFC 9457) whose `type` names the kind of problem; their texts may change. Answers carry `x-request-id`, by which \
support finds all that happened with the request. What the gateway answers by itself (401, 403, 413, 429, 5xx) may be \
JSON with a `message` alone instead, with the id in `apigw-requestid`. Nothing may be cached: these are health data.";

fn license() -> License {
    let mut license = License::new("MIT OR Apache-2.0");
    license.identifier = Some("MIT OR Apache-2.0".to_owned());
    license
}

fn components() -> utoipa::openapi::Components {
    let shapes = [
        shape::<NewAppointment>(),
        Shape::created(),
        Shape::fhir_bundle(),
        Shape::fhir_appointment(),
        Shape::problem(),
        answers::gateway_message(),
    ];
    let mut schemas: Vec<(String, RefOr<Schema>)> =
        shapes.into_iter().flat_map(|shape| shape.schemas).collect();
    schemas.sort_by(|(one, _), (other, _)| one.cmp(other));
    schemas.dedup_by(|(one, _), (other, _)| one == other);
    ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(BEARER, security_scheme())
        .build()
}

/// A shape that a client sends: a member that it does not name is refused.
fn shape<T: utoipa::ToSchema>() -> Shape {
    let mut shape = Shape::of::<T>();
    for (_, schema) in &mut shape.schemas {
        if let RefOr::T(Schema::Object(object)) = schema
            && !object.properties.is_empty()
        {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
    shape
}

fn security_scheme() -> SecurityScheme {
    SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(format!(
                "A token of the stage's issuer. Booking asks for the scope `{}`, reading for `{}`. Its bearer may act \
                 for the insured that the token names; an insurer's back office has the scope `{}` in addition, and \
                 may act for every insured in the countries that the token names. A stage for development may ask \
                 for no token.",
                names::WRITE_SCOPE,
                names::READ_SCOPE,
                names::ANY_SCOPE,
            )))
            .build(),
    )
}

//! What a request may say beside its body.

use schedule_core::{
    AppointmentId, IdempotencyKey, InsuredId, Language, Status,
    names::{APPOINTMENT_ID, INSURED_ID},
};
use schedule_handlers::list_query::{CURSOR, DEFAULT_LIMIT, FROM, LIMIT, MAX_LIMIT, STATUS, TO};
use utoipa::{
    ToSchema,
    openapi::{
        KnownFormat, ObjectBuilder, Ref, RefOr, Required, Schema, SchemaFormat,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::Type,
    },
};

pub(super) fn insured_id() -> Parameter {
    parameter(INSURED_ID, ParameterIn::Path)
        .description(Some("Whose appointments."))
        .schema(Some(named::<InsuredId>()))
        .example(Some("00123".into()))
        .build()
}

pub(super) fn appointment_id() -> Parameter {
    parameter(APPOINTMENT_ID, ParameterIn::Path)
        .description(Some("Which appointment."))
        .schema(Some(named::<AppointmentId>()))
        .build()
}

/// What narrows a list and leads through its pages.
pub(super) fn of_list() -> Vec<Parameter> {
    vec![
        parameter(FROM, ParameterIn::Query)
            .description(Some("Only those that take place then or later; a `+` in it is sent as `%2B`."))
            .schema(Some(date_time()))
            .example(Some("2026-01-01T00:00:00-05:00".into()))
            .build(),
        parameter(TO, ParameterIn::Query)
            .description(Some("Only those that take place before then."))
            .schema(Some(date_time()))
            .example(Some("2100-01-01T00:00:00-05:00".into()))
            .build(),
        parameter(STATUS, ParameterIn::Query)
            .description(Some("Only those of this status."))
            .schema(Some(named::<Status>()))
            .build(),
        parameter(LIMIT, ParameterIn::Query)
            .description(Some("At most so many in a page."))
            .schema(Some(
                ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .minimum(Some(1))
                    .maximum(Some(MAX_LIMIT))
                    .default(Some(DEFAULT_LIMIT.into()))
                    .examples([20]),
            ))
            .build(),
        parameter(CURSOR, ParameterIn::Query)
            .description(Some(
                "Where the next page begins, as a `Link` header said it: for the same insured and the same filter, \
                 and for a day. It is not to be made up.",
            ))
            .schema(Some(text().min_length(Some(1)).pattern(Some("^[A-Za-z0-9_-]+$"))))
            .build(),
    ]
}

// Its example is in the words, because a page would fill it in, and a second appointment would have the same key.
pub(super) fn idempotency_key() -> Parameter {
    // A quoted string of visible characters and blanks with its escapes, or the same without quotes and blanks.
    let limit = IdempotencyKey::MAX_CHARACTERS;
    let pattern = format!(r#"^("([ !#-\[\]-~]|\\["\\]){{1,{limit}}}"|[!#-+\--~]{{1,{limit}}})$"#);
    parameter("Idempotency-Key", ParameterIn::Header)
        .description(Some(
            "Chosen by the client, different for each appointment: sent again with it, a request books nothing a \
             second time. For example `\"8e03978e-40d5-43dd-bc93-6894a57f9324\"`.",
        ))
        .schema(Some(text().pattern(Some(pattern))))
        .build()
}

pub(super) fn if_none_match() -> Parameter {
    parameter("If-None-Match", ParameterIn::Header)
        .description(Some(
            "The `ETag`s that the client has, or `*`: if one is still the appointment's, the answer is 304.",
        ))
        .schema(Some(text().examples(["\"5f2b0d\""])))
        .build()
}

pub(super) fn accept_language() -> Parameter {
    let tags = Language::ALL.map(Language::tag).join("` and `");
    parameter("Accept-Language", ParameterIn::Header)
        .description(Some(format!(
            "The language of texts, with quality values (RFC 9110): there are `{tags}`; `{}` where none fits.",
            Language::default().tag()
        )))
        .schema(Some(text().examples(["en"])))
        .build()
}

fn parameter(name: &str, place: ParameterIn) -> ParameterBuilder {
    let required = match place {
        ParameterIn::Path => Required::True,
        _ => Required::False,
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn date_time() -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

fn named<T: ToSchema>() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(T::name()))
}

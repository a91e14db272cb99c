//! The values of the domain as JSON schemas (OpenAPI 3.1). The shapes that are made of them derive theirs.
//!
//! Written out, because a derived schema takes only literals, and the limits are the constants that the types
//! themselves enforce.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type},
};

use crate::domain::{AppointmentId, Comments, Country, DateSchedule, InsuredId, Moment, Reference, Status};

impl PartialSchema for InsuredId {
    fn schema() -> RefOr<Schema> {
        text()
            .description(Some(
                "The insured person, as the insurer numbers them; leading zeros count.",
            ))
            .min_length(Some(1))
            .max_length(Some(Self::MAX_CHARACTERS))
            .pattern(Some("^[A-Za-z0-9-]+$"))
            .examples(["00123"])
            .into()
    }
}

impl PartialSchema for AppointmentId {
    fn schema() -> RefOr<Schema> {
        text()
            .description(Some("The appointment's key: a UUID in lower case, with hyphens."))
            .format(Some(SchemaFormat::Custom("uuid".to_owned())))
            .pattern(Some("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"))
            .examples([EXAMPLE_ID])
            .into()
    }
}

impl PartialSchema for DateSchedule {
    fn schema() -> RefOr<Schema> {
        date_time()
            .description(Some(
                "When the appointment takes place, in UTC and whole seconds.",
            ))
            .examples(["2030-05-20T20:30:00Z"])
            .into()
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        date_time()
            .description(Some(
                "An instant at which the system did something, in UTC and milliseconds.",
            ))
            .examples(["2030-01-15T14:03:27.518Z"])
            .into()
    }
}

impl PartialSchema for Reference {
    fn schema() -> RefOr<Schema> {
        text()
            .description(Some(
                "An id of another system, as it was sent. What was booked before there was a limit may be longer \
                 than a request may say now.",
            ))
            .examples(["4"])
            .into()
    }
}

impl PartialSchema for Comments {
    fn schema() -> RefOr<Schema> {
        text()
            .description(Some("What the insured wrote about the appointment."))
            .examples([EXAMPLE_COMMENTS])
            .into()
    }
}

impl PartialSchema for Country {
    fn schema() -> RefOr<Schema> {
        text()
            .description(Some(
                "The country that processes the appointment, by its ISO 3166-1 code.",
            ))
            .enum_values(Some(Self::ALL.map(Self::as_str)))
            .examples([Self::PE.as_str()])
            .into()
    }
}

impl PartialSchema for Status {
    fn schema() -> RefOr<Schema> {
        text()
            .description(Some(
                "How far the appointment has come: accepted and on its way to its country, or confirmed by it. It \
                 never goes back.",
            ))
            .enum_values(Some(Self::ALL.map(Self::as_str)))
            .examples([Self::Pending.as_str()])
            .into()
    }
}

/// A reference as a request may say it.
pub(crate) struct RequestedReference;

impl PartialSchema for RequestedReference {
    fn schema() -> RefOr<Schema> {
        text()
            .description(Some(
                "An id of another system; kept as it is sent. No control characters.",
            ))
            .min_length(Some(1))
            .max_length(Some(Reference::MAX_CHARACTERS))
            .pattern(Some("^[^\\u0000-\\u001F\\u007F-\\u009F]*$"))
            .examples(["4"])
            .into()
    }
}

/// Comments as a request may say them.
pub(crate) struct RequestedComments;

impl PartialSchema for RequestedComments {
    fn schema() -> RefOr<Schema> {
        text()
            .description(Some(
                "What the insured writes about the appointment. No control characters but tabs and ends of lines.",
            ))
            .max_length(Some(Comments::MAX_CHARACTERS))
            .pattern(Some(
                "^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F]*$",
            ))
            .examples([EXAMPLE_COMMENTS])
            .into()
    }
}

/// A date as a request may say it.
pub(crate) struct RequestedDate;

impl PartialSchema for RequestedDate {
    fn schema() -> RefOr<Schema> {
        date_time()
            .description(Some(
                "When the appointment shall take place: a moment in the future, with its offset from UTC; what is \
                 finer than a second is cut off.",
            ))
            .examples(["2030-05-20T15:30:00-05:00"])
            .into()
    }
}

macro_rules! named {
    ($($name:ident)*) => {$(
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )*};
}

named! {
    AppointmentId Comments Country DateSchedule InsuredId Moment Reference Status
    RequestedComments RequestedDate RequestedReference
}

const EXAMPLE_ID: &str = "01a2109d-6c1e-7b52-8f0e-3d9f6f1c2b4a";
const EXAMPLE_COMMENTS: &str = "Dolor de cabeza desde el lunes";

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn date_time() -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

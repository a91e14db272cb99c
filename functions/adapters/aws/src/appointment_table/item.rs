//! An appointment as an item: the fields of its JSON under the same names, as strings, and what only the system reads.
//!
//! What does not convert is not repeated, nor is the cause, which quotes the value.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use schedule_core::{
    AppointmentItem,
    ports::{PortError, PortErrorKind},
};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

type Item = HashMap<String, AttributeValue>;

/// The item that holds an appointment.
pub(super) fn of(item: &AppointmentItem) -> Result<Item, PortError> {
    to_item(item).map_err(|_| {
        let message = "the appointment does not serialize as an item";
        PortError::new(PortErrorKind::Invalid, super::PUT_ITEM, message)
    })
}

/// The appointment in an item; one that an older system wrote may lack what is optional.
pub(super) fn read(operation: &'static str, item: Item) -> Result<AppointmentItem, PortError> {
    from_item(item).map_err(|_| {
        let message = "the stored item does not read as an appointment";
        PortError::new(PortErrorKind::Invalid, operation, message)
    })
}

#[cfg(test)]
mod tests {
    use schedule_core::{Country, doubles::sample_appointment};

    use super::*;

    #[test]
    fn every_attribute_is_a_string_under_the_name_of_its_json_field() {
        let appointment = sample_appointment(1, Country::PE);
        let item = of(&appointment.clone().into()).expect("an item");
        let json = serde_json::to_value(&appointment).expect("JSON");
        let json = json.as_object().expect("an object");
        assert_eq!(item.len(), json.len());
        for (name, value) in json {
            assert_eq!(
                item[name].as_s().ok().map(String::as_str),
                value.as_str(),
                "{name}"
            );
        }
    }

    #[test]
    fn an_item_of_the_older_system_reads_without_what_is_optional() {
        let texts = [
            ("appointmentId", "7f5c1f0e-4f7a-4a52-9f5a-3d6a4c1f2b10"),
            ("insuredId", "00123"),
            ("dateSchedule", "2030-05-20T15:30:00.000Z"),
            ("dateCreated", "2029-05-20T15:30:00.123Z"),
            ("countryISO", "PE"),
            ("status", "PENDING"),
            ("anUnknownOne", "text"),
        ];
        let mut item: Item = texts
            .into_iter()
            .map(|(name, text)| (name.to_owned(), AttributeValue::S(text.to_owned())))
            .collect();
        item.insert("scheduleId".to_owned(), AttributeValue::Null(true));
        let found = read("GetItem", item).expect("an appointment");
        assert_eq!((found.announcement, found.request_digest), (None, None));
        let appointment = found.appointment;
        assert_eq!(appointment.date_schedule.to_string(), "2030-05-20T15:30:00Z");
        assert_eq!((appointment.schedule_id, appointment.updated_at), (None, None));
    }

    #[test]
    fn an_item_that_does_not_read_is_invalid_and_is_not_repeated() {
        let mut item = of(&sample_appointment(1, Country::PE).into()).expect("an item");
        item.insert("dateSchedule".to_owned(), AttributeValue::S("secret".to_owned()));
        let error = read("GetItem", item).expect_err("no date");
        assert_eq!(error.kind(), PortErrorKind::Invalid);
        assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        assert!(std::error::Error::source(&error).is_none());
    }
}

//! What travels between the functions, for whoever judges whether filters and patterns let it through.
//!
//! From `core`'s own constants, as the functions write them: not from the stack, which is what is judged.

use schedule_core::{
    Country,
    messages::{AppointmentCreated, ConfirmationStatus},
    names,
};

/// A message as `createAppointment` publishes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedMessage {
    /// The topic, by its logical id.
    pub topic: &'static str,
    /// The message attributes, names and values.
    pub attributes: [(&'static str, &'static str); 2],
}

/// An event as the country functions put it on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmittedEvent {
    /// The bus, by its logical id.
    pub bus: &'static str,
    /// The `source`.
    pub source: &'static str,
    /// The `detail-type`.
    pub detail_type: &'static str,
    /// Those fields of the `detail` that have few values, and so may be matched on.
    pub detail: [(&'static str, &'static str); 2],
}

/// One message for each country: nothing else about a message changes its way.
pub fn published_messages() -> [PublishedMessage; 2] {
    Country::ALL.map(|country| PublishedMessage {
        topic: "AppointmentTopic",
        attributes: AppointmentCreated::attributes_of(country),
    })
}

/// One event for each country.
pub fn emitted_events() -> [EmittedEvent; 2] {
    Country::ALL.map(|country| EmittedEvent {
        bus: "AppointmentEventBus",
        source: names::SOURCE,
        detail_type: names::DETAIL_TYPE,
        detail: [
            (names::STATUS, ConfirmationStatus::Confirmed.as_str()),
            (names::COUNTRY_ISO, country.as_str()),
        ],
    })
}

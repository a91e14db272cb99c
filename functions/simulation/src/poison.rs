//! Messages that nobody can process.

use std::sync::Arc;

use schedule_core::{
    Appointment, Country, Moment,
    doubles::sample_appointment,
    messages::{AppointmentConfirmation, AppointmentCreated, SOURCE},
};
use serde_json::json;

use crate::{
    envelope,
    queue::{Purpose, QueueName},
    world::World,
};

/// Puts one of them on its way to one of the queues.
pub(crate) fn drop_in(world: &mut World) {
    let queue = QueueName::ALL[world.rng.usize(0..3)];
    let body: Arc<str> = match queue {
        QueueName::Country(country) => for_country(world, country),
        QueueName::Confirmation => for_confirmation(world),
    }
    .into();
    let id = world.deliver(queue, &body, Purpose::Poison);
    world.note(|| format!("poison {id} is on its way to {}", queue.as_str()));
    world.audit.poison.push((id, queue, body));
}

fn for_country(world: &mut World, country: Country) -> String {
    let unknown = unknown_appointment(world);
    let now = Moment::new(world.timestamp());
    let of_country = |country_iso| {
        let appointment = Appointment {
            country_iso,
            ..unknown.clone()
        };
        envelope::sns(&AppointmentCreated::new(appointment, now))
    };
    match world.rng.u8(0..4) {
        0 => r#"{"event":"APPOINTMENT_CREATED","data":{"#.to_owned(),
        1 => json!({ "Type": "SubscriptionConfirmation", "Token": "2336412f37" }).to_string(),
        2 => of_country(if country == Country::PE {
            Country::CL
        } else {
            Country::PE
        }),
        _ => {
            world.database(country).refuse(unknown.appointment_id);
            of_country(country)
        }
    }
}

fn for_confirmation(world: &mut World) -> String {
    let unknown = unknown_appointment(world);
    let now = Moment::new(world.timestamp());
    match world.rng.u8(0..3) {
        0 => "not JSON".to_owned(),
        1 => json!({ "source": SOURCE, "detail-type": "Other", "detail": {} }).to_string(),
        _ => envelope::event_bridge(&AppointmentConfirmation::new(unknown, now)),
    }
}

/// An appointment that the table does not have.
fn unknown_appointment(world: &mut World) -> Appointment {
    let number = u32::try_from(world.number()).unwrap_or(u32::MAX);
    sample_appointment(number, Country::PE)
}

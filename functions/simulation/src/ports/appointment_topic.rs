use std::sync::Arc;

use schedule_core::{
    Country,
    messages::{AppointmentCreated, COUNTRY_ATTRIBUTE},
    ports::{AppointmentTopic, PortError},
};

use crate::{
    envelope, function,
    gate::Gate,
    queue::{Purpose, QueueName},
    world::{Dependency, World},
};

/// The topic, with one filtered subscription a country.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedTopic(pub(crate) Gate);

impl AppointmentTopic for SimulatedTopic {
    async fn publish_appointment_created(&self, message: &AppointmentCreated) -> Result<(), PortError> {
        let effect = async {
            publish(&mut self.0.world(), message);
            Ok(())
        };
        self.0
            .call(Dependency::Topic, "publish_appointment_created", effect)
            .await
    }
}

fn publish(world: &mut World, message: &AppointmentCreated) {
    let id = message.data.appointment_id;
    if world.current.name == function::REPUBLISH {
        world.announced_again(id);
    }
    let body: Arc<str> = envelope::sns(message).into();
    for country in Country::ALL {
        // A subscription's filter policy, on the attribute and not on what the body says.
        if message
            .attributes()
            .contains(&(COUNTRY_ATTRIBUTE, country.as_str()))
        {
            world.deliver(QueueName::Country(country), &body, Purpose::Appointment(id));
        }
    }
}

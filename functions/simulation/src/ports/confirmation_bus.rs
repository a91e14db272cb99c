use std::sync::Arc;

use schedule_core::{
    messages::AppointmentConfirmation,
    ports::{ConfirmationBus, PortError, PortErrorKind},
};

use crate::{
    envelope,
    gate::Gate,
    queue::{Purpose, QueueName},
    world::{Dependency, World},
};

const OPERATION: &str = "send_appointment_confirmation";

/// The bus, with the rule that brings confirmations to their queue.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedBus(pub(crate) Gate);

impl ConfirmationBus for SimulatedBus {
    async fn send_appointment_confirmation(
        &self,
        confirmations: &[AppointmentConfirmation],
    ) -> Vec<Result<(), PortError>> {
        let effect = async {
            let mut world = self.0.world();
            let entries = confirmations.iter().map(|entry| put(&mut world, entry));
            Ok::<_, PortError>(entries.collect())
        };
        match self.0.call(Dependency::Bus, OPERATION, effect).await {
            Ok(results) => results,
            Err(error) => vec![Err(error); confirmations.len()],
        }
    }
}

fn put(world: &mut World, confirmation: &AppointmentConfirmation) -> Result<(), PortError> {
    let id = confirmation.appointment_id;
    if world.strikes(world.weather.refuse_entry) {
        world.met.faults += 1;
        world.note(|| format!("the bus refuses {id}"));
        return Err(PortError::new(
            PortErrorKind::Throttled,
            OPERATION,
            "the entry was refused",
        ));
    }
    world.met.confirmed.push(id);
    let body: Arc<str> = envelope::event_bridge(confirmation).into();
    world.deliver(QueueName::Confirmation, &body, Purpose::Appointment(id));
    Ok(())
}

use std::sync::Arc;

use schedule_core::{Country, ports::Clock as _, use_cases::RepublishPending};
use schedule_handlers::{
    CreateAppointmentHandler, GetAppointmentHandler, ProcessAppointmentHandler, ProcessConfirmationHandler,
    handle_json,
};

use crate::{
    Millis, SECOND,
    gate::Gate,
    ports::{SimulatedBus, SimulatedClock, SimulatedDatabase, SimulatedIds, SimulatedTable, SimulatedTopic},
    queue::QueueName,
    task::Running,
};

pub(crate) const CREATE: &str = "createAppointment";
pub(crate) const GET: &str = "getAppointment";
pub(crate) const REPUBLISH: &str = "republishPending";

/// How long a function may take before it is ended, as the stack declares it.
pub(crate) const TIMEOUT: Millis = 30 * SECOND;

type Process = ProcessAppointmentHandler<SimulatedDatabase, SimulatedBus, SimulatedClock>;

/// The functions as their binaries put them together, over the simulated ports.
pub(crate) struct Functions {
    create: Arc<CreateAppointmentHandler<SimulatedTable, SimulatedTopic, SimulatedClock, SimulatedIds>>,
    get: Arc<GetAppointmentHandler<SimulatedTable>>,
    process_pe: Arc<Process>,
    process_cl: Arc<Process>,
    confirm: Arc<ProcessConfirmationHandler<SimulatedTable, SimulatedClock>>,
    republish: Arc<RepublishPending<SimulatedTable, SimulatedTopic, SimulatedClock>>,
    clock: SimulatedClock,
}

impl Functions {
    pub(crate) fn new(gate: &Gate) -> Self {
        let table = SimulatedTable::new(gate.clone());
        let topic = SimulatedTopic(gate.clone());
        let clock = SimulatedClock(gate.clone());
        let ids = SimulatedIds(gate.clone());
        let process = |country| {
            let database = SimulatedDatabase {
                gate: gate.clone(),
                country,
            };
            let bus = SimulatedBus(gate.clone());
            Arc::new(Process::new(country, database, bus, clock.clone()))
        };
        Self {
            create: Arc::new(CreateAppointmentHandler::new(
                table.clone(),
                topic.clone(),
                clock.clone(),
                ids,
            )),
            get: Arc::new(GetAppointmentHandler::new(table.clone())),
            process_pe: process(Country::PE),
            process_cl: process(Country::CL),
            confirm: Arc::new(ProcessConfirmationHandler::new(table.clone(), clock.clone())),
            republish: Arc::new(RepublishPending::new(table, topic, clock.clone())),
            clock,
        }
    }

    pub(crate) fn create(&self, event: Vec<u8>) -> Running {
        let handler = Arc::clone(&self.create);
        Box::pin(async move { handle_json(&*handler, &event).await })
    }

    pub(crate) fn get(&self, event: Vec<u8>) -> Running {
        let handler = Arc::clone(&self.get);
        Box::pin(async move { handle_json(&*handler, &event).await })
    }

    /// The consumer of a queue, and its name.
    pub(crate) fn consume(&self, queue: QueueName, event: Vec<u8>) -> (&'static str, Running) {
        let country = match queue {
            QueueName::Country(Country::PE) => ("processAppointmentPE", &self.process_pe),
            QueueName::Country(Country::CL) => ("processAppointmentCL", &self.process_cl),
            QueueName::Confirmation => {
                let handler = Arc::clone(&self.confirm);
                let running = Box::pin(async move { handle_json(&*handler, &event).await });
                return ("processConfirmation", running);
            }
        };
        let (name, handler) = (country.0, Arc::clone(country.1));
        (
            name,
            Box::pin(async move { handle_json(&*handler, &event).await }),
        )
    }

    pub(crate) fn republish(&self) -> Running {
        let use_case = Arc::clone(&self.republish);
        let until = self.clock.now() + jiff::SignedDuration::from_millis(TIMEOUT - 5 * SECOND);
        Box::pin(async move {
            use_case.execute(until).await;
            Ok(Vec::new())
        })
    }
}

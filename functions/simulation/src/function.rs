use std::sync::Arc;

use jiff::SignedDuration;
use schedule_core::{Country, doubles::KnownCursorSecret, ports::Clock as _};
use schedule_handlers::{
    AuthMode, CreateAppointmentHandler, EventHandler, GetAppointmentHandler, Invocation,
    ProcessAppointmentHandler, ProcessConfirmationHandler, RepublishPendingHandler, handle_json,
};

use crate::{
    Millis, SECOND, envelope,
    gate::Gate,
    ports::{SimulatedBus, SimulatedClock, SimulatedDatabase, SimulatedIds, SimulatedTable, SimulatedTopic},
    queue::QueueName,
    task::Running,
};

pub(crate) const CREATE: &str = "createAppointment";
pub(crate) const GET: &str = "getAppointment";
pub(crate) const REPUBLISH: &str = "republishPending";

/// How long a function may take before it is ended, as the stack declares it.
pub(crate) fn timeout(function: &str) -> Millis {
    match function {
        CREATE | GET => 10 * SECOND,
        _ => 30 * SECOND,
    }
}

type Process = ProcessAppointmentHandler<SimulatedDatabase, SimulatedBus, SimulatedClock>;

/// The functions as their binaries put them together, over the simulated ports.
pub(crate) struct Functions {
    create: Arc<CreateAppointmentHandler<SimulatedTable, SimulatedTopic, SimulatedClock, SimulatedIds>>,
    get: Arc<GetAppointmentHandler<SimulatedTable, KnownCursorSecret, SimulatedClock>>,
    process_pe: Arc<Process>,
    process_cl: Arc<Process>,
    confirm: Arc<ProcessConfirmationHandler<SimulatedTable, SimulatedClock>>,
    republish: Arc<RepublishPendingHandler<SimulatedTable, SimulatedTopic, SimulatedClock>>,
    clock: SimulatedClock,
}

impl Functions {
    pub(crate) fn new(gate: &Gate) -> Self {
        let table = SimulatedTable::new(gate.clone());
        let topic = SimulatedTopic(gate.clone());
        let clock = SimulatedClock(gate.clone());
        let ids = SimulatedIds(gate.clone());
        let process = |country| {
            let database = SimulatedDatabase::new(gate.clone(), country);
            let bus = SimulatedBus(gate.clone());
            Arc::new(Process::new(country, database, bus, clock.clone()))
        };
        Self {
            create: Arc::new(CreateAppointmentHandler::new(
                table.clone(),
                topic.clone(),
                clock.clone(),
                ids,
                AuthMode::None,
            )),
            get: Arc::new(GetAppointmentHandler::new(
                table.clone(),
                KnownCursorSecret::new(),
                clock.clone(),
                AuthMode::None,
            )),
            process_pe: process(Country::PE),
            process_cl: process(Country::CL),
            confirm: Arc::new(ProcessConfirmationHandler::new(table.clone(), clock.clone())),
            republish: Arc::new(RepublishPendingHandler::new(table, topic, clock.clone())),
            clock,
        }
    }

    pub(crate) fn create(&self, event: Vec<u8>) -> Running {
        self.invoke(CREATE, &self.create, event)
    }

    pub(crate) fn get(&self, event: Vec<u8>) -> Running {
        self.invoke(GET, &self.get, event)
    }

    /// The consumer of a queue, and its name.
    pub(crate) fn consume(&self, queue: QueueName, event: Vec<u8>) -> (&'static str, Running) {
        let name = queue.consumer();
        let running = match queue {
            QueueName::Country(Country::PE) => self.invoke(name, &self.process_pe, event),
            QueueName::Country(Country::CL) => self.invoke(name, &self.process_cl, event),
            QueueName::Confirmation => self.invoke(name, &self.confirm, event),
        };
        (name, running)
    }

    pub(crate) fn republish(&self) -> Running {
        self.invoke(REPUBLISH, &self.republish, envelope::scheduled())
    }

    fn invoke<H: EventHandler + 'static>(&self, name: &str, handler: &Arc<H>, event: Vec<u8>) -> Running
    where
        H::Event: Send,
        H::Response: Send,
    {
        let handler = Arc::clone(handler);
        let invocation = Invocation {
            request_id: "8f5c8a1e-5f0e-4f7b-9d0a-3c1b2a4d5e6f".to_owned(),
            deadline: self.clock.now() + SignedDuration::from_millis(timeout(name)),
        };
        Box::pin(async move { handle_json(&*handler, &event, &invocation).await })
    }
}

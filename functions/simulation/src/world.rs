use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    sync::Arc,
};

use fastrand::Rng;
use jiff::Timestamp;
use schedule_core::{AppointmentId, Country, doubles::InMemoryCountryDatabase};

use crate::{
    Millis, SECOND, Violation,
    audit::Audit,
    queue::{Message, Purpose, Queue, QueueName},
    task::TaskId,
    weather::Weather,
};

/// When the simulation's clock shows 0.
const START: Millis = 1_890_000_000_000;
/// How much of a run is told when it fails.
const TOLD: usize = 80;

/// What a function depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dependency {
    Table,
    Topic,
    Bus,
    Database(Country),
}

impl Dependency {
    pub(crate) const ALL: [Self; 5] = [
        Self::Table,
        Self::Topic,
        Self::Bus,
        Self::Database(Country::PE),
        Self::Database(Country::CL),
    ];
}

/// What happens at a time of its own.
#[derive(Debug)]
pub(crate) enum Event {
    /// A message arrives at its queue.
    Arrival(QueueName, Message),
    /// The poller looks into a queue.
    Poll(QueueName),
    /// A client sends its request.
    Send { client: usize, variant: usize },
    /// The schedule starts the function that announces again.
    Tick,
    /// A message that nobody can process comes from somewhere.
    Poison,
    /// A dependency is down.
    Down(Dependency),
    /// It is up again.
    Up(Dependency),
}

/// A call that waits for its turn.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) ticket: u64,
    pub(crate) task: TaskId,
    pub(crate) ready_at: Millis,
}

/// What the function that runs now has met and done since it was last looked at.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) faults: u32,
    pub(crate) confirmed: Vec<AppointmentId>,
}

/// Everything outside the functions, and who decides what goes on.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) rng: Rng,
    pub(crate) weather: Weather,
    pub(crate) now: Millis,
    pub(crate) agenda: BinaryHeap<Reverse<(Millis, u64)>>,
    pub(crate) waiting: Vec<Waiting>,
    pub(crate) granted: Option<u64>,
    pub(crate) current: TaskId,
    pub(crate) met: Met,
    pub(crate) queues: [Queue; 3],
    databases: [Arc<InMemoryCountryDatabase>; 2],
    pub(crate) audit: Audit,
    pub(crate) violation: Option<Violation>,
    pub(crate) trace: Option<VecDeque<String>>,
    down: Vec<Dependency>,
    events: Vec<Option<Event>>,
    last_number: u64,
}

impl World {
    pub(crate) fn new(seed: u64, traced: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let weather = Weather::draw(&mut rng);
        Self {
            rng,
            weather,
            now: 0,
            agenda: BinaryHeap::new(),
            waiting: Vec::new(),
            granted: None,
            current: TaskId::default(),
            met: Met::default(),
            queues: QueueName::ALL.map(Queue::new),
            databases: [Arc::default(), Arc::default()],
            audit: Audit::default(),
            violation: None,
            trace: traced.then(|| VecDeque::with_capacity(TOLD)),
            down: Vec::new(),
            events: Vec::new(),
            last_number: 0,
        }
    }

    pub(crate) fn timestamp(&self) -> Timestamp {
        Timestamp::from_millisecond(START + self.now).unwrap_or_default()
    }

    /// What its clock shows at this instant.
    pub(crate) fn time_of(instant: Timestamp) -> Millis {
        instant.as_millisecond() - START
    }

    /// A number that was not used before in this run.
    pub(crate) const fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub(crate) const fn stormy(&self) -> bool {
        self.now < self.weather.until
    }

    /// Whether something of this likelihood, in thousandths, goes wrong now.
    pub(crate) fn strikes(&mut self, likelihood: u32) -> bool {
        self.stormy() && self.rng.u32(0..1_000) < likelihood
    }

    /// Tells what happens, if anybody listens.
    pub(crate) fn note(&mut self, what: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            if trace.len() == TOLD {
                trace.pop_front();
            }
            let (minutes, seconds) = (self.now / (60 * SECOND), self.now % (60 * SECOND));
            trace.push_back(format!(
                "{minutes:>3}:{:02}.{:03}  {}",
                seconds / SECOND,
                seconds % SECOND,
                what()
            ));
        }
    }

    /// The first violation is the one that is reported.
    pub(crate) fn violated(&mut self, violation: Violation) {
        self.violation.get_or_insert(violation);
    }

    pub(crate) fn after(&mut self, delay: Millis, event: Event) {
        self.agenda
            .push(Reverse((self.now + delay, self.events.len() as u64)));
        self.events.push(Some(event));
    }

    /// When the next event is due.
    pub(crate) fn next_event(&self) -> Option<Millis> {
        self.agenda.peek().map(|Reverse((at, _))| *at)
    }

    /// What is due now, if anything is: the earliest.
    pub(crate) fn due(&mut self) -> Option<Event> {
        let Reverse((at, place)) = *self.agenda.peek()?;
        if at > self.now {
            return None;
        }
        self.agenda.pop();
        self.events.get_mut(usize::try_from(place).ok()?)?.take()
    }

    pub(crate) fn queue(&mut self, name: QueueName) -> &mut Queue {
        let [pe, cl, confirmation] = &mut self.queues;
        match name {
            QueueName::Country(Country::PE) => pe,
            QueueName::Country(Country::CL) => cl,
            QueueName::Confirmation => confirmation,
        }
    }

    /// The database of a country, as it is: without what goes wrong on the way to it.
    pub(crate) const fn database(&self, country: Country) -> &Arc<InMemoryCountryDatabase> {
        let [pe, cl] = &self.databases;
        match country {
            Country::PE => pe,
            Country::CL => cl,
        }
    }

    pub(crate) fn is_down(&self, dependency: Dependency) -> bool {
        self.down.contains(&dependency)
    }

    pub(crate) fn set_down(&mut self, dependency: Dependency, down: bool) {
        self.note(|| format!("{dependency:?} is {}", if down { "down" } else { "up" }));
        if down {
            self.down.push(dependency);
        } else if let Some(place) = self.down.iter().position(|other| *other == dependency) {
            self.down.swap_remove(place);
        }
    }

    /// Brings a message to a queue, some time from now, and at times twice.
    pub(crate) fn deliver(&mut self, queue: QueueName, body: &Arc<str>, purpose: Purpose) -> u64 {
        let copies = if purpose != Purpose::Poison && self.strikes(self.weather.duplicate) {
            2
        } else {
            1
        };
        let mut id = 0;
        for _ in 0..copies {
            id = self.number();
            let message = Message {
                id,
                body: Arc::clone(body),
                purpose,
                visible_at: 0,
                receives: 0,
                excused: 0,
            };
            let longest = if self.stormy() {
                self.weather.longest_delivery
            } else {
                SECOND
            };
            let delay = self.rng.i64(1..=longest);
            self.after(delay, Event::Arrival(queue, message));
        }
        id
    }

    /// Whether nothing is on its way: no call, no message, no client; only the schedule goes on.
    pub(crate) fn is_quiet(&self) -> bool {
        let coming = self.agenda.iter().filter_map(|Reverse((_, place))| {
            let place = usize::try_from(*place).ok()?;
            self.events.get(place)?.as_ref()
        });
        !self.stormy()
            && self.waiting.is_empty()
            && self.queues.iter().all(|queue| queue.messages.is_empty())
            && coming
                .filter(|event| !matches!(event, Event::Tick))
                .all(|event| matches!(event, Event::Poll(_)))
    }
}

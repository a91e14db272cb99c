use std::task::{Context, Poll, Waker};

use crate::{
    MINUTE, Millis, SECOND, Summary, Violation,
    client::Client,
    envelope,
    function::{self, Functions},
    gate::Gate,
    poison,
    queue::{QueueName, VISIBILITY},
    task::{Running, Task, TaskId, Work},
    world::{Dependency, Event, World},
};

mod ending;

/// How long after the faults all must be done: several announcements, and the deliveries before a dead letter.
const RECOVERY: Millis = 90 * MINUTE;
/// A run that takes more steps goes round in circles.
const MOST_STEPS: u64 = 400_000;

pub(crate) struct Simulation {
    gate: Gate,
    functions: Functions,
    tasks: Vec<Task>,
    clients: Vec<Client>,
    steps: u64,
}

impl Simulation {
    pub(crate) fn new(seed: u64, traced: bool) -> Self {
        let mut world = World::new(seed, traced);
        let clients = (0..world.weather.clients)
            .map(|number| Client::arrive(&mut world, number))
            .collect();
        world.after(world.weather.tick, Event::Tick);
        let until = world.weather.until;
        for _ in 0..world.weather.poison {
            let at = world.rng.i64(0..until);
            world.after(at, Event::Poison);
        }
        for _ in 0..world.weather.outages {
            let dependency = Dependency::ALL[world.rng.usize(0..Dependency::ALL.len())];
            let down = world.rng.i64(0..until);
            let up = (down + world.rng.i64(SECOND..4 * MINUTE)).min(until);
            world.after(down, Event::Down(dependency));
            world.after(up, Event::Up(dependency));
        }
        let gate = Gate::new(world);
        Self {
            functions: Functions::new(&gate),
            gate,
            tasks: Vec::new(),
            clients,
            steps: 0,
        }
    }

    pub(crate) fn run(&mut self) -> Result<Summary, Violation> {
        loop {
            let goes_on = self.step();
            let mut world = self.gate.world();
            if self.steps > MOST_STEPS {
                world.violated(Violation::NoRest(self.steps));
            }
            if !goes_on {
                world.check_promise();
                for client in &self.clients {
                    client.check_promise(&mut world);
                }
            }
            if let Some(violation) = world.violation.take() {
                return Err(violation);
            }
            if !goes_on {
                return Ok(Summary {
                    steps: self.steps,
                    accepted: world.audit.accepted.len(),
                    dead_letters: world.queues.iter().map(|queue| queue.dead_letters.len()).sum(),
                    fingerprint: world.rng.u64(..),
                });
            }
        }
    }

    /// The last steps, if they were to be told.
    pub(crate) fn told(&self) -> Vec<String> {
        self.gate.world().trace.take().unwrap_or_default().into()
    }

    /// One thing happens: a function dies, something comes from outside, a call goes on, or time passes. Says whether
    /// more is to come.
    fn step(&mut self) -> bool {
        self.steps += 1;
        let mut guard = self.gate.world();
        let world = &mut *guard;
        let now = world.now;
        if let Some(place) = self.tasks.iter().position(|task| task.deadline <= now) {
            let Task { id, work, .. } = &self.tasks[place];
            if matches!(work, Work::Request { .. } | Work::Look { .. }) {
                world.violated(Violation::EndedUnanswered(id.name));
            }
            drop(guard);
            self.kill(place, "is ended at its timeout");
            return true;
        }
        if !self.tasks.is_empty() && world.strikes(world.weather.crash) {
            let place = world.rng.usize(0..self.tasks.len());
            drop(guard);
            self.kill(place, "dies");
            return true;
        }
        let ready = world
            .waiting
            .iter()
            .filter(|waiting| waiting.ready_at <= now)
            .count();
        if (ready == 0 || world.rng.bool())
            && let Some(event) = world.due()
        {
            drop(guard);
            self.happen(event);
            return true;
        }
        if ready > 0 {
            let chosen = world.rng.usize(0..ready);
            let mut places = (0..world.waiting.len()).filter(|place| world.waiting[*place].ready_at <= now);
            let Some(place) = places.nth(chosen) else {
                return true;
            };
            let waiting = world.waiting.swap_remove(place);
            world.granted = Some(waiting.ticket);
            drop(guard);
            if let Some(place) = self.tasks.iter().position(|task| task.id == waiting.task) {
                self.go_on(place);
            }
            return true;
        }
        let at_rest = self.tasks.is_empty() && world.is_quiet();
        if at_rest && (world.audit.all_completed() || now > world.weather.until + RECOVERY) {
            return false;
        }
        let calls = world.waiting.iter().map(|waiting| waiting.ready_at);
        let ends = self.tasks.iter().map(|task| task.deadline);
        world.now = calls
            .chain(ends)
            .chain(world.next_event())
            .min()
            .unwrap_or(now + 1);
        true
    }

    fn happen(&mut self, event: Event) {
        let mut guard = self.gate.world();
        let world = &mut *guard;
        match event {
            Event::Arrival(queue, mut message) => {
                world.note(|| format!("message {} arrives at {}", message.id, queue.as_str()));
                message.visible_at = world.now;
                world.queue(queue).messages.push(message);
                let delay = world.rng.i64(0..SECOND);
                world.after(delay, Event::Poll(queue));
            }
            Event::Poll(queue) => {
                drop(guard);
                self.poll(queue);
            }
            Event::Send { client, variant } => {
                let stored_before = self.clients[client].is_stored(world);
                let event = self.clients[client].send(world, variant);
                let look = world.rng.u8(0..8) == 0;
                drop(guard);
                let running = self.functions.create(event);
                let work = Work::Request {
                    client,
                    variant,
                    stored_before,
                };
                self.start(function::CREATE, work, running);
                if look {
                    self.look(client);
                }
            }
            Event::Tick => {
                world.after(world.weather.tick, Event::Tick);
                let twice = world.strikes(world.weather.double_tick);
                drop(guard);
                for _ in 0..=u8::from(twice) {
                    let running = self.functions.republish();
                    self.start(function::REPUBLISH, Work::Republish, running);
                }
            }
            Event::Poison => poison::drop_in(world),
            Event::Down(dependency) => world.set_down(dependency, true),
            Event::Up(dependency) => world.set_down(dependency, false),
        }
    }

    fn look(&mut self, client: usize) {
        let path = format!("/appointments/{}", self.clients[client].insured_id);
        let number = self.gate.world().number();
        let running = self
            .functions
            .get(envelope::http("GET", &path, None, None, number));
        self.start(function::GET, Work::Look { client }, running);
    }

    fn poll(&mut self, name: QueueName) {
        let mut guard = self.gate.world();
        let world = &mut *guard;
        let now = world.now;
        let mut rng = world.rng.fork();
        let batch = world.queue(name).receive(now, &mut rng);
        if batch.is_empty() {
            return;
        }
        world.after(VISIBILITY, Event::Poll(name));
        // There may be more, for another run of the function at the same time.
        world.after(1, Event::Poll(name));
        for message in &batch {
            if world.strikes(world.weather.early) {
                let delay = world.rng.i64(1..20 * SECOND);
                world.queue(name).show_again(message.id, now + delay);
                world.after(delay, Event::Poll(name));
            }
        }
        drop(guard);
        let (function, running) = self.functions.consume(name, envelope::sqs(name, &batch));
        let work = Work::Batch {
            queue: name,
            messages: batch,
        };
        self.start(function, work, running);
    }

    fn start(&mut self, name: &'static str, work: Work, future: Running) {
        let mut world = self.gate.world();
        let id = TaskId {
            number: world.number(),
            name,
        };
        world.note(|| format!("{id} starts: {work}"));
        let deadline = world.now + function::timeout(name);
        drop(world);
        self.tasks.push(Task {
            id,
            work,
            future,
            deadline,
            faults: 0,
            confirmed: Vec::new(),
        });
        self.go_on(self.tasks.len() - 1);
    }

    /// Lets a function run up to its next call.
    fn go_on(&mut self, place: usize) {
        let task = &mut self.tasks[place];
        self.gate.world().current = task.id;
        let polled = task.future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let mut world = self.gate.world();
        let met = std::mem::take(&mut world.met);
        task.faults += met.faults;
        task.confirmed.extend(met.confirmed);
        drop(world);
        if let Poll::Ready(result) = polled {
            let task = self.tasks.swap_remove(place);
            self.finish(&task, result);
        }
    }
}

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use schedule_core::ports::{PortError, PortErrorKind};

use crate::{
    Millis, SECOND,
    world::{Dependency, Waiting, World},
};

/// The longest an ordinary call takes, one way.
const ORDINARY: Millis = 60;

/// The way from the functions to the world: every call waits here for its turn, on its way there and on its way back.
#[derive(Clone, Debug)]
pub(crate) struct Gate(Arc<Mutex<World>>);

impl Gate {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a call: it may fail before `effect`, which takes no time, or its answer may get lost after it.
    pub(crate) async fn call<T, E: From<PortError>>(
        &self,
        dependency: Dependency,
        operation: &'static str,
        effect: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        self.depart(dependency, operation).await?;
        let result = effect.await;
        self.arrive(dependency, operation).await?;
        result
    }

    /// The way there: an error if the call had no effect.
    pub(crate) async fn depart(
        &self,
        dependency: Dependency,
        operation: &'static str,
    ) -> Result<(), PortError> {
        self.turn().await;
        let mut guard = self.world();
        let world = &mut *guard;
        let task = world.current;
        if world.is_down(dependency) || world.strikes(world.weather.fail) {
            world.met.faults += 1;
            world.note(|| format!("{task} {operation} fails"));
            return Err(PortError::new(
                PortErrorKind::Unavailable,
                operation,
                "it is down",
            ));
        }
        world.note(|| format!("{task} {operation}"));
        Ok(())
    }

    /// The way back: an error if the call had its effect, and the caller is not told.
    pub(crate) async fn arrive(
        &self,
        dependency: Dependency,
        operation: &'static str,
    ) -> Result<(), PortError> {
        self.turn().await;
        let mut guard = self.world();
        let world = &mut *guard;
        if world.is_down(dependency) || world.strikes(world.weather.lose_answer) {
            let task = world.current;
            world.met.faults += 1;
            world.note(|| format!("{task} {operation}: the answer gets lost"));
            return Err(PortError::new(PortErrorKind::Unreachable, operation, "no answer"));
        }
        Ok(())
    }

    /// A call's turn, whenever it comes.
    const fn turn(&self) -> Turn<'_> {
        Turn {
            gate: self,
            at: None,
            ticket: None,
        }
    }

    /// The turn of what waits for nothing but this time.
    pub(crate) const fn turn_at(&self, at: Millis) -> Turn<'_> {
        Turn {
            gate: self,
            at: Some(at),
            ticket: None,
        }
    }
}

/// Waits until the scheduler grants the ticket.
pub(crate) struct Turn<'a> {
    gate: &'a Gate,
    at: Option<Millis>,
    ticket: Option<u64>,
}

impl Future for Turn<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let gate = self.gate;
        let mut guard = gate.world();
        let world = &mut *guard;
        match self.ticket {
            None => {
                let ticket = world.number();
                let ready_at = self.at.unwrap_or_else(|| ready_at(world));
                let waiting = Waiting {
                    ticket,
                    task: world.current,
                    ready_at,
                };
                world.waiting.push(waiting);
                drop(guard);
                self.ticket = Some(ticket);
                Poll::Pending
            }
            Some(ticket) if world.granted == Some(ticket) => {
                world.granted = None;
                drop(guard);
                self.ticket = None;
                Poll::Ready(())
            }
            Some(_) => Poll::Pending,
        }
    }
}

impl Drop for Turn<'_> {
    /// Nobody waits any more.
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            let mut world = self.gate.world();
            world.waiting.retain(|waiting| waiting.ticket != ticket);
        }
    }
}

/// When a call that is made now goes on.
fn ready_at(world: &mut World) -> Millis {
    let slow = world.strikes(world.weather.slow);
    if slow {
        world.met.faults += 1;
    }
    let delay = world
        .rng
        .i64(if slow { SECOND..40 * SECOND } else { 0..ORDINARY });
    world.now + delay
}

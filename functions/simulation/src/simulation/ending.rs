//! What becomes of a function's answer, or of its end without one.

use schedule_handlers::HandlerError;

use super::Simulation;
use crate::{
    Violation,
    client::Answer,
    envelope,
    queue::{Message, QueueName},
    task::{Task, Work},
    world::World,
};

impl Simulation {
    /// Ends a function wherever it is: its batch comes again, and its client hears nothing.
    pub(super) fn kill(&mut self, place: usize, how: &str) {
        let Task { id, work, future, .. } = self.tasks.swap_remove(place);
        drop(future);
        let mut guard = self.gate.world();
        let world = &mut *guard;
        world.note(|| format!("{id} {how}"));
        match work {
            Work::Request { client, variant, .. } => self.clients[client].failed(world, variant),
            Work::Batch { queue, messages } => {
                for message in messages {
                    world.queue(queue).excuse(message.id);
                }
            }
            Work::Look { .. } | Work::Republish => {}
        }
    }

    /// Does with an answer what the function's caller does.
    pub(super) fn finish(&mut self, task: &Task, result: Result<Vec<u8>, HandlerError>) {
        let mut guard = self.gate.world();
        let world = &mut *guard;
        let bytes = match result {
            Ok(bytes) => bytes,
            // It did what it could, and says that it could not do all.
            Err(HandlerError::Republishing { .. }) if task.faults > 0 => return,
            Err(error) => {
                world.violated(Violation::Invocation(task.id.name, error.to_string()));
                return;
            }
        };
        match &task.work {
            Work::Request {
                client,
                variant,
                stored_before,
            } => {
                let (status, body) = envelope::http_answer(&bytes);
                world.note(|| format!("{} answers {status}", task.id));
                let seen = !world.strikes(world.weather.lost_response);
                let answer = Answer {
                    variant: *variant,
                    status,
                    body: &body,
                    faults: task.faults,
                    stored_before: *stored_before,
                    seen,
                };
                self.clients[*client].answered(world, &answer);
            }
            Work::Look { client } => {
                let (status, _) = envelope::http_answer(&bytes);
                if status != 200 && task.faults == 0 {
                    world.violated(Violation::Answer(
                        *client,
                        status,
                        "a list refused without a fault",
                    ));
                }
            }
            Work::Batch { queue, messages } => settle(world, task, *queue, messages, &bytes),
            Work::Republish => {}
        }
    }
}

/// Does with a batch what Lambda's poller does: deletes what is not reported as failed.
fn settle(world: &mut World, task: &Task, queue: QueueName, messages: &[Message], answer: &[u8]) {
    let Some(failed) = envelope::failures(answer) else {
        world.violated(Violation::Invocation(
            task.id.name,
            "the answer does not read".to_owned(),
        ));
        return;
    };
    world.note(|| format!("{} is done; failed: {failed:?}", task.id));
    for message in messages {
        if failed.contains(&message.id) {
            if task.faults > 0 {
                world.queue(queue).excuse(message.id);
            } else if message.is_processable() {
                world.violated(Violation::FailedWithoutFault(message.id, queue.as_str()));
            }
            continue;
        }
        world.deleted(queue, message, &task.confirmed);
        if world.strikes(world.weather.lost_delete) {
            world.note(|| format!("message {} is not deleted", message.id));
            world.queue(queue).excuse(message.id);
        } else {
            world.queue(queue).delete(message.id);
        }
    }
}

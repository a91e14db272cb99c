//! The operations on a deployed stack: its dead-letter queues behind the port of [`infra_synth_operations`].
//!
//! Which queue holds what, and where it came from, is read from the template that the stack was deployed with
//! ([`StackQueues`]); what is asked of AWS is told in words that repeat nothing of a message.
#![warn(missing_docs)]

mod dead_letter_queues;
mod in_hand;
mod stack_queues;
mod sweep;

pub use dead_letter_queues::SqsDeadLetterQueues;
pub use stack_queues::StackQueues;

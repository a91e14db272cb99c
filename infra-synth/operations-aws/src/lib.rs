//! The operations on a deployed stack: its dead-letter queues, its table and its country databases behind the ports of
//! [`infra_synth_operations`].
//!
//! Which queue holds what, and where the appointments are, is read from the template that the stack was deployed with
//! ([`StackQueues`], [`StackStores`]); what is asked of AWS is told in words that repeat nothing of a message.
#![warn(missing_docs)]

mod databases;
mod dead_letter_queues;
mod in_hand;
mod records;
mod stack_queues;
mod stack_stores;
mod sweep;

pub use databases::SignInError;
pub use dead_letter_queues::SqsDeadLetterQueues;
pub use records::DeployedRecords;
pub use stack_queues::StackQueues;
pub use stack_stores::{NoStores, StackStores};

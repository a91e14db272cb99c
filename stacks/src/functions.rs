//! The functions, each with its permissions and with what calls it.

use infra_synth_cfn::{Handle, Seconds, Stack, constructs::LambdaFunction, resources::Table};

use crate::{StageSettings, messaging::Messaging, network::Network, parameters::Parameters};

mod create_appointment;
mod get_appointment;
mod kinds;
mod process_appointment;
mod process_confirmation;
mod republish_pending;

use kinds::Kinds;

/// How long a function may take with a batch of messages.
pub(crate) const WORKER_TIMEOUT: Seconds = Seconds(30);

/// The functions that the API calls, those that hang on their queues, and the one that a schedule calls.
pub(crate) struct Functions {
    pub(crate) create_appointment: LambdaFunction,
    pub(crate) get_appointment: LambdaFunction,
    /// One a country.
    pub(crate) process_appointment: Vec<LambdaFunction>,
    pub(crate) process_confirmation: LambdaFunction,
    pub(crate) republish_pending: LambdaFunction,
}

impl Functions {
    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &LambdaFunction> {
        [&self.create_appointment, &self.get_appointment]
            .into_iter()
            .chain(&self.process_appointment)
            .chain([&self.process_confirmation, &self.republish_pending])
    }
}

pub(crate) fn declare(
    stack: &mut Stack,
    settings: &StageSettings,
    parameters: &Parameters,
    network: &Network,
    table: &Handle<Table>,
    messaging: &Messaging,
) -> Functions {
    let kinds = Kinds { settings, parameters };
    Functions {
        create_appointment: create_appointment::declare(stack, &kinds, table, messaging),
        get_appointment: get_appointment::declare(stack, &kinds, table),
        process_appointment: process_appointment::declare(stack, &kinds, network, messaging),
        process_confirmation: process_confirmation::declare(stack, &kinds, table, messaging),
        republish_pending: republish_pending::declare(stack, &kinds, table, messaging),
    }
}

//! The appointment stack: every resource of the system, stage by stage.
//!
//! Read it from [`appointment_stack`] on: one file a concern, and each reads like the architecture.
#![warn(missing_docs)]

mod alarms;
mod api;
mod functions;
mod messaging;
mod network;
mod observability;
mod parameters;
mod stage;
mod storage;
pub mod traffic;

use infra_synth_cfn::{Stack, SynthError, Template};

pub use parameters::{ASSET_BUCKET, CODE_PARAMETERS, stand_in_parameters};
pub use stage::{
    ApiSettings, AuthSettings, CONNECTIONS_PER_FUNCTION, DatabaseSettings, FunctionSizes, JwtSettings,
    StageError, StageSettings,
};

/// The template of a stage.
///
/// # Errors
///
/// What [`Stack::synth`] refuses; with the settings that [`StageSettings::load`] lets through, nothing.
pub fn appointment_stack(settings: &StageSettings) -> Result<Template, SynthError> {
    let mut stack = Stack::new(format!(
        "Medical appointments for Peru and Chile, stage {}",
        settings.stage
    ));

    let parameters = parameters::declare(&mut stack);
    let table = storage::declare(&mut stack, settings);
    let messaging = messaging::declare(&mut stack, settings);
    let network = network::declare(&mut stack, &parameters, settings, &messaging.bus);
    let functions = functions::declare(&mut stack, settings, &parameters, &network, &table, &messaging);
    let api = api::declare(&mut stack, settings, &functions);
    alarms::declare(&mut stack, settings, &messaging, &functions, &api);

    stack.synth()
}

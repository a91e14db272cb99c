use indexmap::IndexMap;
use infra_synth_cfn::{
    Handle, Stack,
    constructs::{FunctionSettings, LambdaFunction},
    resources::Table,
};
use schedule_core::names;

use super::Kinds;
use crate::{StageSettings, messaging::Messaging};

pub(super) fn declare(
    stack: &mut Stack,
    kinds: &Kinds<'_>,
    table: &Handle<Table>,
    messaging: &Messaging,
) -> LambdaFunction {
    let function = kinds.add(
        stack,
        "ProcessConfirmation",
        FunctionSettings {
            environment: IndexMap::from([(names::APPOINTMENTS_TABLE, table.name().text())]),
            ..kinds.worker(
                "processConfirmation",
                "Completes the appointments that a country has confirmed",
                &kinds.parameters.process_confirmation_code,
            )
        },
    );
    table.grant_update(&function);
    // No database here; as many as all countries together is as fast as confirmations can come, and leaves the account's
    // other concurrency to the API.
    let maximum_concurrency = kinds.settings.maximum_concurrency * StageSettings::COUNTRIES;
    let mapping = kinds.mapping(&messaging.confirmation_queue, &function, maximum_concurrency);
    stack.add(
        "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue",
        mapping,
    );
    function
}

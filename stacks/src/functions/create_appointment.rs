use infra_synth_cfn::{
    Handle, Stack,
    constructs::{FunctionSettings, LambdaFunction},
    resources::Table,
};
use schedule_core::names;

use super::Kinds;
use crate::messaging::Messaging;

pub(super) fn declare(
    stack: &mut Stack,
    kinds: &Kinds<'_>,
    table: &Handle<Table>,
    messaging: &Messaging,
) -> LambdaFunction {
    let function = kinds.add(
        stack,
        "CreateAppointment",
        FunctionSettings {
            environment: kinds.http_environment([
                (names::APPOINTMENTS_TABLE, table.name().text()),
                (names::SNS_TOPIC_ARN, messaging.topic.arn().text()),
            ]),
            ..kinds.http(
                "createAppointment",
                "Takes an appointment, stores it and announces it",
                &kinds.parameters.create_appointment_code,
            )
        },
    );
    table.grant_put(&function);
    // For a request that comes again with its Idempotency-Key.
    table.grant_get(&function);
    messaging.topic.grant_publish(&function);
    function
}

use infra_synth_cfn::{
    Handle, Stack,
    constructs::{FunctionSettings, LambdaFunction},
    resources::{Secret, Table},
};
use schedule_core::names;

use super::Kinds;

pub(super) fn declare(stack: &mut Stack, kinds: &Kinds<'_>, table: &Handle<Table>) -> LambdaFunction {
    // What the cursors of a list's pages are signed with, so that nobody else can make one.
    let cursor_secret = stack.add(
        "CursorSecret",
        Secret {
            description: Some("Signs the cursors of the appointments' pages"),
            ..Secret::letters_and_digits(64)
        },
    );
    let function = kinds.add(
        stack,
        "GetAppointment",
        FunctionSettings {
            environment: kinds.http_environment([
                (names::APPOINTMENTS_TABLE, table.name().text()),
                (names::CURSOR_SECRET_ARN, cursor_secret.arn().text()),
            ]),
            ..kinds.http(
                "getAppointment",
                "Reads the appointments of an insured person",
                &kinds.parameters.get_appointment_code,
            )
        },
    );
    table.grant_query_index(names::INSURED_ID_INDEX, &function);
    // For one appointment by its id.
    table.grant_get(&function);
    cursor_secret.grant_read(&function);
    function
}

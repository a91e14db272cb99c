use infra_synth_cfn::{
    Attributes, DeletionPolicy, Handle, Stack,
    resources::{
        AttributeDefinition, GlobalSecondaryIndex, KeySchema, PointInTimeRecovery, Projection,
        ServerSideEncryption, Table,
    },
};
use schedule_core::names;

use crate::StageSettings;

/// The appointments, by their own id and by insured and date.
pub(crate) fn declare(stack: &mut Stack, settings: &StageSettings) -> Handle<Table> {
    let table = Table {
        table_name: Some(settings.name("appointments").into()),
        attribute_definitions: vec![
            AttributeDefinition::text(names::APPOINTMENT_ID),
            AttributeDefinition::text(names::INSURED_ID),
            AttributeDefinition::text(names::DATE_SCHEDULE),
        ],
        key_schema: vec![KeySchema::hash(names::APPOINTMENT_ID)],
        global_secondary_indexes: vec![GlobalSecondaryIndex {
            index_name: names::INSURED_ID_INDEX,
            key_schema: vec![
                KeySchema::hash(names::INSURED_ID),
                KeySchema::range(names::DATE_SCHEDULE),
            ],
            projection: Projection::All,
        }],
        point_in_time_recovery_specification: Some(PointInTimeRecovery {
            point_in_time_recovery_enabled: true,
        }),
        sse_specification: Some(ServerSideEncryption { enabled: true }),
        deletion_protection_enabled: Some(true),
        ..Table::default()
    };
    // Whatever the stage: the appointments outlive the stack.
    let table = stack.add_with(
        "AppointmentTable",
        table,
        Attributes::on_removal(DeletionPolicy::Retain),
    );
    stack.output("TableName", "The table of appointments", &table.name().text());
    table
}

use infra_synth_cfn::{
    Attributes, DeletionPolicy, Handle, Stack,
    resources::{
        AttributeDefinition, GlobalSecondaryIndex, KeySchema, PointInTimeRecovery, Projection,
        ServerSideEncryption, Table,
    },
};
use schedule_core::names;

use crate::StageSettings;

/// The appointments, by their own id, by insured and date, and by when they have to be announced.
pub(crate) fn declare(stack: &mut Stack, settings: &StageSettings) -> Handle<Table> {
    let table = Table {
        table_name: Some(settings.name("appointments").into()),
        attribute_definitions: vec![
            AttributeDefinition::text(names::APPOINTMENT_ID),
            AttributeDefinition::text(names::INSURED_ID),
            AttributeDefinition::text(names::DATE_SCHEDULE),
            AttributeDefinition::text(names::ANNOUNCE_SHARD),
            AttributeDefinition::text(names::ANNOUNCE_AFTER),
        ],
        key_schema: vec![KeySchema::hash(names::APPOINTMENT_ID)],
        global_secondary_indexes: vec![
            index(names::INSURED_ID_INDEX, names::INSURED_ID, names::DATE_SCHEDULE),
            // Sparse: an appointment is in it from its creation until it is completed, which takes the keys away. In
            // shards, since all that is new would otherwise be written to one partition.
            index(names::PENDING_INDEX, names::ANNOUNCE_SHARD, names::ANNOUNCE_AFTER),
        ],
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

fn index(index_name: &'static str, hash: &'static str, range: &'static str) -> GlobalSecondaryIndex {
    GlobalSecondaryIndex {
        index_name,
        key_schema: vec![KeySchema::hash(hash), KeySchema::range(range)],
        projection: Projection::All,
    }
}

//! The table's port on the project's own template: it keeps the promises that every adapter keeps.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use infra_synth_cfn::Template;
use schedule_core::port_tests;
use schedule_stacks::{StageSettings, appointment_stack, stand_in_parameters};

use super::LocalAppointmentTable;
use crate::{
    DatabaseServer, Options, access::Caller, cloud::Cloud, model::Model, parameters, store::Store,
    testing::TestFolder,
};

fn table(store: Store) -> LocalAppointmentTable {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    let template = appointment_stack(&StageSettings::load(&stages, "dev").unwrap()).unwrap();
    let template = Template::from_value(template.to_value());
    let database = DatabaseServer::stand_in();
    let given = stand_in_parameters(&database.resource_id, &database.security_group);
    let options = Options::in_memory(given, database);
    let parameters = parameters::complete(&template.to_value(), &options.parameters);
    let mut model = Model::read(&template, &parameters, &options.environment).unwrap();
    let cloud = Cloud::open(
        &mut model,
        Arc::new(store),
        options.environment.clone(),
        DatabaseServer::stand_in(),
    );
    LocalAppointmentTable {
        cloud: Arc::new(cloud.unwrap()),
        caller: Caller::operator(&options.environment),
        table: "appointments".to_owned(),
    }
}

#[tokio::test]
async fn the_table_in_memory_keeps_the_ports_promises() {
    port_tests::appointment_table(async || table(Store::in_memory())).await;
}

#[tokio::test]
async fn the_table_on_disk_keeps_the_ports_promises() {
    let folder = TestFolder::new();
    let tables = AtomicU32::new(0);
    port_tests::appointment_table(async || {
        let name = tables.fetch_add(1, Ordering::Relaxed).to_string();
        table(Store::on_disk(folder.path().join(name)).unwrap())
    })
    .await;
}

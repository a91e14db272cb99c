use indexmap::IndexMap;
use infra_synth_cfn::{
    Stack, Value,
    constructs::{FunctionSettings, LambdaFunction, WorkQueue},
    kind::{DatabaseUserArn, Text},
};
use schedule_core::{Country, names};

use super::Kinds;
use crate::{messaging::Messaging, network::Network, parameters::DATABASE_RESOURCE_ID};

/// One function a country, of the same code.
pub(super) fn declare(
    stack: &mut Stack,
    kinds: &Kinds<'_>,
    network: &Network,
    messaging: &Messaging,
) -> Vec<LambdaFunction> {
    let of_country = |(country, work): &(Country, WorkQueue)| {
        declare_country(stack, kinds, network, messaging, *country, work)
    };
    messaging.country_queues.iter().map(of_country).collect()
}

fn declare_country(
    stack: &mut Stack,
    kinds: &Kinds<'_>,
    network: &Network,
    messaging: &Messaging,
    country: Country,
    work: &WorkQueue,
) -> LambdaFunction {
    let id = format!("ProcessAppointment{country}");
    let function = kinds.add(
        stack,
        &id,
        FunctionSettings {
            environment: environment(kinds, messaging, country),
            vpc: Some(network.vpc.clone()),
            // Else the first calls would find no way to what they need.
            attributes: network.ways_first.clone(),
            ..kinds.worker(
                &format!("processAppointment{country}"),
                "Books appointments in the country's database and confirms them",
                &kinds.parameters.process_appointment_code,
            )
        },
    );
    messaging.bus.grant_put_events(&function);
    Value::<DatabaseUserArn>::database_user(DATABASE_RESOURCE_ID, &kinds.settings.database.user)
        .grant_connect(&function);
    stack.except(
        &format!("{id}Role"),
        "no-wildcard-resource",
        "Lambda places the function in the VPC with these calls, on network interfaces that do not exist before; \
         the function's own code is denied them",
    );
    // This many functions at once, each with its few connections, for each country: together they stay within the
    // database's budget, which `StageSettings` has checked.
    let mapping = kinds.mapping(work, &function, kinds.settings.maximum_concurrency);
    stack.add(
        &format!("{id}EventSourceMappingSQSAppointmentQueue{country}"),
        mapping,
    );
    function
}

fn environment(
    kinds: &Kinds<'_>,
    messaging: &Messaging,
    country: Country,
) -> IndexMap<&'static str, Value<Text>> {
    let database = &kinds.settings.database;
    IndexMap::from([
        (names::EVENT_BUS_NAME, messaging.bus.name().text()),
        (names::DB_HOST, database.host.as_str().into()),
        (names::DB_PORT, database.port.to_string().into()),
        (names::DB_NAME, database.name.as_str().into()),
        (names::DB_USER, database.user.as_str().into()),
        (names::COUNTRY, country.as_str().into()),
    ])
}

//! The DynamoDB adapter against MiniStack, which each test run starts for itself.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod server;

use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::{
    Client,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType,
    },
};
use schedule_aws::{AwsClients, AwsSettings, CallLimits, DynamoDbAppointmentTable};
use schedule_core::{
    doubles::sample_id,
    names::{
        ANNOUNCE_AFTER, ANNOUNCE_SHARD, APPOINTMENT_ID, DATE_SCHEDULE, INSURED_ID, INSURED_ID_INDEX,
        PENDING_INDEX,
    },
    port_tests,
    ports::{AppointmentTable, PortErrorKind},
};

use server::MiniStack;

#[tokio::test]
async fn the_adapter_keeps_every_promise_of_the_port() {
    let server = MiniStack::start();
    let clients = clients(&server.url());
    let control = control(&server.url());
    let tables = AtomicU32::new(0);
    port_tests::appointment_table(async || {
        let name = format!("appointments-{}", tables.fetch_add(1, Ordering::Relaxed));
        create_table(&control, &name).await;
        DynamoDbAppointmentTable::new(&clients, name)
    })
    .await;
}

#[tokio::test]
async fn a_table_that_is_not_there_is_invalid_and_a_server_that_is_gone_unreachable() {
    let server = MiniStack::start();
    // Its first call takes longer than the adapter would wait.
    let tables = control(&server.url()).list_tables().send().await;
    tables.expect("an answer");
    let table = DynamoDbAppointmentTable::new(&clients(&server.url()), "nowhere");
    let absent = table
        .get_appointment_by_id(&sample_id(1))
        .await
        .expect_err("no table");
    assert_eq!(absent.kind(), PortErrorKind::Invalid);
    assert!(
        absent.message().contains("`ResourceNotFoundException`"),
        "{absent}"
    );
    drop(server);
    let gone = table
        .get_appointment_by_id(&sample_id(1))
        .await
        .expect_err("no server");
    assert_eq!(gone.kind(), PortErrorKind::Unreachable, "{gone}");
}

fn clients(url: &str) -> AwsClients {
    let settings = AwsSettings::from_variables(|name| {
        let value = match name {
            "AWS_REGION" => "us-east-1",
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "test",
            "AWS_ENDPOINT_URL" => url,
            _ => return None,
        };
        Some(value.to_owned())
    });
    AwsClients::new(settings.expect("sound settings"), CallLimits::default()).expect("clients")
}

/// A client for what the adapter does not do: making tables.
fn control(url: &str) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodb::config::Region::new("us-east-1"))
        .credentials_provider(aws_sdk_dynamodb::config::Credentials::new(
            "test", "test", None, None, "test",
        ))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(url);
    Client::from_conf(config.build())
}

/// The table as the contract describes it.
async fn create_table(control: &Client, name: &str) {
    let key = |attribute: &str, key_type| {
        let key = KeySchemaElement::builder()
            .attribute_name(attribute)
            .key_type(key_type);
        key.build().expect("a key")
    };
    let attribute = |name: &str| {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        attribute
            .attribute_type(ScalarAttributeType::S)
            .build()
            .expect("an attribute")
    };
    let index = |name, hash, range| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(hash, KeyType::Hash))
            .key_schema(key(range, KeyType::Range))
            .projection(Projection::builder().projection_type(ProjectionType::All).build())
            .build()
            .expect("an index")
    };
    control
        .create_table()
        .table_name(name)
        .attribute_definitions(attribute(APPOINTMENT_ID))
        .attribute_definitions(attribute(INSURED_ID))
        .attribute_definitions(attribute(DATE_SCHEDULE))
        .attribute_definitions(attribute(ANNOUNCE_SHARD))
        .attribute_definitions(attribute(ANNOUNCE_AFTER))
        .key_schema(key(APPOINTMENT_ID, KeyType::Hash))
        .global_secondary_indexes(index(INSURED_ID_INDEX, INSURED_ID, DATE_SCHEDULE))
        .global_secondary_indexes(index(PENDING_INDEX, ANNOUNCE_SHARD, ANNOUNCE_AFTER))
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .expect("a table");
}

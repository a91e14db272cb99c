use infra_synth_cfn::Template;
use infra_synth_operations::{Records, RecordsError};
use infra_synth_operations_aws::{DeployedRecords, StackStores};
use schedule_core::{Country, doubles::sample_id};
use serde_json::{Value, json};

use crate::service::{Service, error, ok};

async fn records(service: &Service) -> DeployedRecords {
    let template = Template::from_value(json!({"Resources": {"F": {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Environment": {"Variables": {"APPOINTMENTS_TABLE": "appointments", "SNS_TOPIC_ARN": "arn:topic"}}}}}}));
    let stores = StackStores::of(&template, &[].into()).unwrap();
    // Nothing is connected before a row is asked for.
    let url = Some("mysql://nobody@127.0.0.1:1/appointments");
    DeployedRecords::new(&service.config(), &stores, url)
        .await
        .unwrap()
}

fn item(number: u32) -> Value {
    json!({
        "appointmentId": {"S": sample_id(number).to_string()}, "countryISO": {"S": "PE"}, "status": {"S": "PENDING"},
        "dateCreated": {"S": "2030-01-01T00:00:00.000Z"}, "announceShard": {"S": "1"},
        "announceAfter": {"S": "2030-01-01T00:02:00.000Z"}, "announcements": {"N": "3"}})
}

#[tokio::test(start_paused = true)]
async fn the_table_is_followed_from_page_to_page_and_no_person_is_asked_for() {
    let broken = json!({"appointmentId": {"S": sample_id(2).to_string()}, "countryISO": {"S": "XX"}});
    let service = Service::answering([
        ok(json!({"Items": [item(1), broken], "LastEvaluatedKey": {"appointmentId": {"S": "k"}}})),
        ok(json!({"Items": [item(3)]})),
    ]);
    let records = records(&service).await;
    let first = records.entries(None).await.unwrap();
    assert_eq!((first.entries.len(), first.unreadable), (1, 1));
    assert_eq!(first.entries[0].country, Country::PE);
    assert_eq!(first.entries[0].announcement.as_ref().unwrap().count, 3);
    let second = records.entries(first.next.as_deref()).await.unwrap();
    assert_eq!(
        (second.entries[0].appointment_id, second.next),
        (sample_id(3), None)
    );
    let calls = service.calls();
    assert_eq!(calls[1].1["ExclusiveStartKey"]["appointmentId"]["S"], "k");
    let asked: Vec<&str> = calls[0].1["ExpressionAttributeNames"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(asked.len(), 7);
    for personal in ["insuredId", "comments", "medicId"] {
        assert!(!asked.contains(&personal), "{asked:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn keys_that_an_answer_leaves_out_are_asked_for_again() {
    let left_out = json!({"appointments": {"Keys": [{"appointmentId": {"S": sample_id(2).to_string()}}]}});
    let service = Service::answering([
        ok(json!({"Responses": {"appointments": [item(1)]}, "UnprocessedKeys": left_out})),
        error(400, "ProvisionedThroughputExceededException"),
        ok(json!({"Responses": {"appointments": [item(2)]}, "UnprocessedKeys": {}})),
    ]);
    let found = records(&service)
        .await
        .entries_of(&[1, 2, 3].map(sample_id))
        .await
        .unwrap();
    assert_eq!(
        found.into_keys().collect::<Vec<_>>(),
        [1, 2].map(sample_id),
        "the third is not there"
    );
    let calls = service.calls();
    assert_eq!(calls[0].1["RequestItems"]["appointments"]["ConsistentRead"], true);
    assert_eq!(
        calls[2].1["RequestItems"]["appointments"]["Keys"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_left_out_for_ever_are_no_part_of_an_answer() {
    let left_out = json!({"appointments": {"Keys": [{"appointmentId": {"S": sample_id(1).to_string()}}]}});
    let service =
        Service::answering((0..8).map(|_| ok(json!({"Responses": {}, "UnprocessedKeys": left_out}))));
    let RecordsError(said) = records(&service)
        .await
        .entries_of(&[sample_id(1)])
        .await
        .unwrap_err();
    assert!(said.contains("throttled"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_keys_are_asked_for_at_once_and_no_more() {
    let nothing = || ok(json!({"Responses": {}, "UnprocessedKeys": {}}));
    let service = Service::answering([nothing(), nothing(), nothing()]);
    let ids: Vec<_> = (0..250).map(sample_id).collect();
    assert!(records(&service).await.entries_of(&ids).await.unwrap().is_empty());
    let asked = service.calls();
    let keys = asked.iter().map(|(_, asked)| {
        asked["RequestItems"]["appointments"]["Keys"]
            .as_array()
            .unwrap()
            .len()
    });
    assert_eq!(keys.collect::<Vec<_>>(), [100, 100, 50]);
}

use jiff::Timestamp;
use schedule_core::{
    Appointment, Country, Status,
    doubles::{sample_appointment, sample_id},
    ports::{AppointmentTable, CreateError, StatusUpdate},
};
use serde_json::{Map, Value, json};

use crate::service::{Answer, Service, error, ok};

/// An appointment as DynamoDB sends an item.
pub(crate) fn item(appointment: &Appointment) -> Value {
    let Ok(Value::Object(fields)) = serde_json::to_value(appointment) else {
        panic!("an appointment is an object")
    };
    let attributes: Map<_, _> = fields
        .into_iter()
        .map(|(name, text)| (name, json!({"S": text})))
        .collect();
    Value::Object(attributes)
}

pub(crate) fn condition_failed(item: Option<Value>) -> Answer {
    let mut body = json!({"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed"});
    if let Some(item) = item {
        body["Item"] = item;
    }
    (400, body.to_string())
}

#[tokio::test(start_paused = true)]
async fn an_id_that_another_appointment_has_is_refused() {
    let ours = sample_appointment(1, Country::PE);
    let other = Appointment {
        appointment_id: ours.appointment_id,
        ..sample_appointment(2, Country::CL)
    };
    for there in [
        Some(item(&other)),
        Some(json!({"appointmentId": {"S": "no appointment"}})),
        None,
    ] {
        let service = Service::answering([condition_failed(there)]);
        let created = service.table().create_appointment(&ours.clone().into()).await;
        assert!(matches!(created, Err(CreateError::AlreadyExists)), "{created:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_answer_got_lost_succeeds_at_the_next_attempt() {
    let ours = sample_appointment(1, Country::PE);
    let lost = error(500, "InternalServerError", "");
    let service = Service::answering([lost, condition_failed(Some(item(&ours)))]);
    service
        .table()
        .create_appointment(&ours.clone().into())
        .await
        .expect("it is stored");
    let request = &service.requests()[1];
    assert_eq!(request["ConditionExpression"], "attribute_not_exists(#id)");
    assert_eq!(request["ReturnValuesOnConditionCheckFailure"], "ALL_OLD");
}

#[tokio::test(start_paused = true)]
async fn an_update_tells_what_is_absent_from_what_needs_no_change() {
    let completed = Appointment {
        status: Status::Completed,
        ..sample_appointment(1, Country::PE)
    };
    for (answer, expected) in [
        (ok(&json!({})), StatusUpdate::Updated),
        (condition_failed(Some(item(&completed))), StatusUpdate::Unchanged),
        (condition_failed(None), StatusUpdate::NotFound),
    ] {
        let service = Service::answering([answer]);
        let table = service.table();
        let id = sample_id(1);
        let update = table
            .update_appointment_status(&id, Status::Completed, Timestamp::UNIX_EPOCH)
            .await;
        assert_eq!(update.expect("an answer"), expected);
    }
}

use schedule_core::{
    Country,
    doubles::{sample_appointment, sample_id},
    ports::{AppointmentTable, PortError, PortErrorKind},
};
use serde_json::json;

use crate::service::{Answer, Service, error, ok, silent_table};

async fn failure(answers: Vec<Answer>) -> (PortError, usize) {
    let service = Service::answering(answers);
    let error = service
        .table()
        .get_appointment_by_id(&sample_id(1))
        .await
        .expect_err("a failure");
    (error, service.bodies().len())
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_is_tried_three_times_and_then_says_so() {
    let throttled = error(400, "ThrottlingException", "Rate exceeded");
    let (error, attempts) = failure(vec![throttled; 3]).await;
    assert_eq!((error.kind(), attempts), (PortErrorKind::Throttled, 3));
    assert!(error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_throttled_for_a_moment_succeeds() {
    let throttled = error(400, "ProvisionedThroughputExceededException", "too much");
    let service = Service::answering([throttled, ok(&json!({}))]);
    let found = service.table().get_appointment_by_id(&sample_id(1)).await;
    assert_eq!(found.expect("an answer"), None);
    assert_eq!(service.bodies().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_denial_is_told_whole_and_not_tried_again() {
    let text =
        "User: arn:aws:sts::123456789012:assumed-role/r/f is not authorized to perform: dynamodb:GetItem";
    let (error, attempts) = failure(vec![error(400, "AccessDeniedException", text)]).await;
    assert_eq!((error.kind(), attempts), (PortErrorKind::Denied, 1));
    assert!(error.message().contains(text), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_a_denial() {
    let (error, _) = failure(vec![error(400, "ExpiredTokenException", "expired")]).await;
    assert_eq!(error.kind(), PortErrorKind::Denied);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_fails_is_unavailable_whatever_it_answers() {
    let (error, attempts) = failure(vec![(503, "<html>busy</html>".to_owned()); 3]).await;
    assert_eq!((error.kind(), attempts), (PortErrorKind::Unavailable, 3));
}

#[tokio::test(start_paused = true)]
async fn a_refused_value_is_invalid_and_is_not_repeated() {
    let quoting = error(
        400,
        "ValidationException",
        "One or more parameter values are invalid: secret",
    );
    let (error, attempts) = failure(vec![quoting]).await;
    assert_eq!((error.kind(), attempts), (PortErrorKind::Invalid, 1));
    assert!(error.message().contains("`ValidationException`"), "{error}");
    assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    assert!(std::error::Error::source(&error).is_none());
}

#[tokio::test(start_paused = true)]
async fn silence_is_unreachable() {
    let table = silent_table();
    let error = table
        .get_appointment_by_id(&sample_id(1))
        .await
        .expect_err("silence");
    assert_eq!(error.kind(), PortErrorKind::Unreachable);
    assert!(error.message().contains("time limit"), "{error}");
    let appointment = sample_appointment(1, Country::PE);
    let error = table
        .create_appointment(&appointment.into())
        .await
        .expect_err("silence");
    assert!(
        error.to_string().contains("`PutItem` failed (unreachable)"),
        "{error}"
    );
}

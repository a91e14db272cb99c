//! What is asked of the sparse index over what waits, and what its answers mean.

use jiff::Timestamp;
use schedule_core::{
    AnnounceShard, Announcement, AppointmentItem, Country, Moment,
    doubles::sample_appointment,
    ports::{AnnouncementOutbox, AppointmentTable, PortErrorKind, Reschedule, WaitingAnnouncements},
};
use serde_json::{Value, json};

use crate::{
    service::{Service, error, ok},
    table::{condition_failed, item},
};

fn now() -> Timestamp {
    "2029-11-25T05:10:29.123Z".parse().expect("an instant")
}

fn pending(number: u32) -> AppointmentItem {
    AppointmentItem::pending(sample_appointment(number, Country::PE), now())
}

fn announcement(item: &AppointmentItem) -> Announcement {
    item.announcement.clone().expect("a pending item has one")
}

/// The item as DynamoDB sends it.
fn stored(pending: &AppointmentItem) -> Value {
    let announcement = announcement(pending);
    let mut sent = item(&pending.appointment);
    sent["announceShard"] = json!({"S": announcement.shard.as_str()});
    sent["announceAfter"] = json!({"S": announcement.after.to_string()});
    sent["announcements"] = json!({"N": announcement.count.to_string()});
    sent
}

#[tokio::test(start_paused = true)]
async fn what_is_due_is_asked_of_one_shard_up_to_now_and_to_the_last_page() {
    let [first, second] = [1, 2].map(pending);
    let next = json!({"appointmentId": {"S": "1"}, "announceShard": {"S": "3"}, "announceAfter": {"S": "x"}});
    let service = Service::answering([
        ok(&json!({"Items": [stored(&first)], "LastEvaluatedKey": next})),
        ok(&json!({"Items": [{"appointmentId": {"S": "no appointment"}}, stored(&second)]})),
    ]);
    let due = service
        .table()
        .get_due_announcements(AnnounceShard::S3, now(), 25)
        .await
        .expect("a list");
    assert_eq!((due.items, due.unreadable), (vec![first, second], 1));
    let requests = service.requests();
    assert_eq!(requests[0]["IndexName"], "PendingIndex");
    assert_eq!(
        requests[0]["ExpressionAttributeValues"],
        json!({":shard": {"S": "3"}, ":now": {"S": "2029-11-25T05:10:29.123Z"}, ":pending": {"S": "PENDING"}})
    );
    assert_eq!(requests[0]["FilterExpression"], "#status = :pending");
    assert_eq!(requests[0]["ScanIndexForward"], true);
    assert_eq!(requests[1]["ExclusiveStartKey"], next);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_read_does_not_hide_what_does() {
    let first = pending(1);
    let broken = || json!({"appointmentId": {"S": "no appointment"}});
    let next = json!({"appointmentId": {"S": "1"}});
    let service = Service::answering([
        ok(&json!({"Items": [broken(), broken()], "LastEvaluatedKey": next})),
        ok(&json!({"Items": [stored(&first)]})),
    ]);
    let due = service
        .table()
        .get_due_announcements(AnnounceShard::S0, now(), 2)
        .await
        .expect("a list");
    assert_eq!((due.items, due.unreadable), (vec![first], 2));
}

#[tokio::test(start_paused = true)]
async fn no_more_is_read_than_is_wanted() {
    let service = Service::answering([ok(&json!({"Items": [stored(&pending(1)), stored(&pending(2))],
            "LastEvaluatedKey": {"appointmentId": {"S": "2"}}}))]);
    let due = service
        .table()
        .get_due_announcements(AnnounceShard::S0, now(), 2)
        .await;
    assert_eq!(due.expect("a list").items.len(), 2);
    let requests = service.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["Limit"], 2);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_counted_by_when_it_was_created_and_nothing_else_is_read() {
    let created = |text: &str| json!({"dateCreated": {"S": text}});
    let next = json!({"appointmentId": {"S": "2"}});
    let service = Service::answering([
        ok(&json!({"LastEvaluatedKey": next,
            "Items": [created("2029-11-25T05:08:00.000Z"), created("2029-11-25T05:09:00.000Z")]})),
        ok(&json!({"Items": [created("2029-11-25T05:10:00.000Z"), created("no moment"), {}]})),
    ]);
    let until: Moment = "2029-11-25T05:09:00.000Z".parse().expect("a moment");
    let waiting = service
        .table()
        .count_waiting_announcements(AnnounceShard::S7, until, 5_000)
        .await;
    let expected = WaitingAnnouncements {
        count: 2,
        oldest: Some("2029-11-25T05:08:00.000Z".parse().expect("a moment")),
    };
    assert_eq!(waiting.expect("a count"), expected);
    let request = &service.requests()[0];
    assert_eq!(request["ProjectionExpression"], "#created");
    assert_eq!(request["FilterExpression"], "#status = :pending");
    assert_eq!(request["ExpressionAttributeNames"]["#created"], "dateCreated");
}

#[tokio::test(start_paused = true)]
async fn of_two_that_claim_the_same_the_second_is_told_so() {
    let item = pending(1);
    let seen = announcement(&item);
    let next = seen.announced(now());
    let id = item.appointment.appointment_id;
    for (answer, expected) in [
        (ok(&json!({})), Reschedule::Rescheduled),
        (condition_failed(None), Reschedule::Changed),
    ] {
        let service = Service::answering([answer]);
        let claim = service.table().reschedule_announcement(&id, &seen, &next).await;
        assert_eq!(claim.expect("an answer"), expected);
        let request = &service.requests()[0];
        assert_eq!(request["Key"], json!({"appointmentId": {"S": id.to_string()}}));
        assert_eq!(
            request["ConditionExpression"],
            "#status = :pending AND #after = :seen AND #count = :before"
        );
        assert_eq!(
            request["ExpressionAttributeValues"],
            json!({":pending": {"S": "PENDING"}, ":seen": {"S": seen.after.to_string()}, ":before": {"N": "0"},
                ":next": {"S": next.after.to_string()}, ":count": {"N": "1"}})
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_index_that_may_not_be_read_is_denied_and_never_empty() {
    let denied = || error(400, "AccessDeniedException", "no");
    let service = Service::answering([denied(), denied(), denied()]);
    let table = service.table();
    let due = table.get_due_announcements(AnnounceShard::S0, now(), 25).await;
    assert_eq!(due.expect_err("denied").kind(), PortErrorKind::Denied);
    let until = Moment::new(now());
    let waiting = table
        .count_waiting_announcements(AnnounceShard::S0, until, 25)
        .await;
    assert_eq!(waiting.expect_err("denied").kind(), PortErrorKind::Denied);
    let item = pending(1);
    let seen = announcement(&item);
    let claim = table
        .reschedule_announcement(&item.appointment.appointment_id, &seen, &seen.claimed(now()))
        .await;
    assert_eq!(claim.expect_err("denied").kind(), PortErrorKind::Denied);
}

#[tokio::test(start_paused = true)]
async fn a_replay_reads_the_item_as_it_was_written_last() {
    let expected = pending(1);
    let service = Service::answering([ok(&json!({"Item": stored(&expected)})), ok(&json!({}))]);
    let table = service.table();
    let id = expected.appointment.appointment_id;
    let found = table.get_item_by_id(&id).await;
    assert_eq!(found.expect("an answer"), Some(expected));
    assert_eq!(service.requests()[0]["ConsistentRead"], true);
    let found = table.get_item_by_id(&id).await;
    assert_eq!(found.expect("an answer"), None);
}

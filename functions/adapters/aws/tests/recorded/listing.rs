use schedule_core::{
    Appointment, Countries, Country, InsuredId, Status,
    doubles::{sample_appointment, sample_id},
    ports::{AppointmentFilter, AppointmentListing, AppointmentQuery, Position},
};
use serde_json::{Value, json};

use crate::{
    service::{Answer, Service, error, ok},
    table::item,
};

fn query(limit: usize) -> AppointmentQuery {
    AppointmentQuery {
        insured_id: InsuredId::new("00123").expect("an insured id"),
        filter: AppointmentFilter::default(),
        countries: Countries::ALL,
        after: None,
        limit,
    }
}

fn appointments<const N: usize>(numbers: [u32; N]) -> [Appointment; N] {
    numbers.map(|number| sample_appointment(number, Country::PE))
}

/// A page that DynamoDB ended after looking at the appointment of this number, if it did.
fn page(found: &[Appointment], stopped_at: Option<u32>) -> Answer {
    let items: Vec<_> = found.iter().map(item).collect();
    let mut page = json!({"Items": items});
    if let Some(number) = stopped_at {
        page["LastEvaluatedKey"] = key(number);
    }
    ok(&page)
}

fn key(number: u32) -> Value {
    let place = Position::from(&sample_appointment(number, Country::PE));
    json!({
        "insuredId": {"S": "00123"},
        "dateSchedule": {"S": place.date_schedule},
        "appointmentId": {"S": sample_id(number).to_string()},
    })
}

#[tokio::test(start_paused = true)]
async fn one_call_fills_a_page_and_sees_whether_there_is_more() {
    let found = appointments([1, 2, 3]);
    let service = Service::answering([page(&found, Some(3))]);
    let listed = service.table().get_appointments_by_insured_id(&query(2)).await;
    let listed = listed.expect("a page");
    assert_eq!(listed.appointments, found[..2]);
    assert_eq!(listed.next, Some(Position::from(&found[1])));
    let [request] = &service.requests()[..] else {
        panic!("one call")
    };
    assert_eq!(
        (&request["IndexName"], &request["Limit"]),
        (&json!("InsuredIdIndex"), &json!(3))
    );
    assert_eq!(request["KeyConditionExpression"], "#insured = :insured");
    assert_eq!(request["ExclusiveStartKey"], Value::Null);
    assert_eq!(request["FilterExpression"], Value::Null);
}

#[tokio::test(start_paused = true)]
async fn a_page_goes_on_after_its_place_as_it_is_stored() {
    let service = Service::answering([page(&[], None)]);
    let after = Position {
        date_schedule: "2030-05-20T15:30:00.000Z".to_owned(),
        appointment_id: sample_id(7),
    };
    let query = AppointmentQuery {
        after: Some(after),
        ..query(2)
    };
    let listed = service.table().get_appointments_by_insured_id(&query).await;
    assert_eq!(listed.expect("a page").next, None);
    let mut expected = key(7);
    expected["dateSchedule"]["S"] = json!("2030-05-20T15:30:00.000Z");
    assert_eq!(service.requests()[0]["ExclusiveStartKey"], expected);
}

#[tokio::test(start_paused = true)]
async fn a_short_page_is_followed_until_it_is_full_or_nothing_is_left() {
    let [first, second, third] = appointments([1, 5, 9]);
    let status = Some(Status::Pending);
    let filter = AppointmentFilter {
        status,
        ..AppointmentFilter::default()
    };
    for (filter, limits) in [
        (AppointmentFilter::default(), [3, 2, 2]),
        (filter, [3, 1_000, 1_000]),
    ] {
        let service = Service::answering([
            page(std::slice::from_ref(&first), Some(2)),
            page(&[], Some(4)),
            page(&[second.clone(), third.clone()], Some(9)),
        ]);
        let query = AppointmentQuery { filter, ..query(2) };
        let listed = service.table().get_appointments_by_insured_id(&query).await;
        let listed = listed.expect("a page");
        assert_eq!(listed.appointments, [first.clone(), second.clone()]);
        assert_eq!(listed.next, Some(Position::from(&second)));
        let requests = service.requests();
        let sent: Vec<_> = requests.iter().map(|request| request["Limit"].clone()).collect();
        assert_eq!(sent, limits);
        assert_eq!(requests[1]["ExclusiveStartKey"], key(2));
        assert_eq!(requests[2]["ExclusiveStartKey"], key(4));
    }
}

#[tokio::test(start_paused = true)]
async fn filters_are_conditions_on_the_key_where_they_can_be() {
    let [first, second] = appointments([1, 2]).map(|appointment| appointment.date_schedule);
    for (from, to, condition) in [
        (Some(first), None, "#insured = :insured AND #date >= :from"),
        (None, Some(second), "#insured = :insured AND #date < :to"),
        (
            Some(first),
            Some(second),
            "#insured = :insured AND #date BETWEEN :from AND :to",
        ),
    ] {
        let service = Service::answering([page(&[], None)]);
        let query = AppointmentQuery {
            filter: AppointmentFilter {
                from,
                to,
                status: Some(Status::Completed),
            },
            countries: Countries::from_iter([Country::CL]),
            ..query(2)
        };
        let listed = service.table().get_appointments_by_insured_id(&query).await;
        listed.expect("a page");
        let request = &service.requests()[0];
        assert_eq!(request["KeyConditionExpression"], condition);
        assert_eq!(
            request["FilterExpression"],
            "#status = :status AND (#country = :CL)"
        );
        let values = &request["ExpressionAttributeValues"];
        // Without its `Z`, so that an older `…00.000Z` is within as well.
        for (name, limit, text) in [
            (":from", from, "2030-01-01T01:00:00"),
            (":to", to, "2030-01-01T02:00:00"),
        ] {
            let sent = values.get(name).map(|value| value["S"].clone());
            assert_eq!(sent, limit.map(|_| json!(text)));
        }
        assert_eq!(values[":CL"]["S"], "CL");
        assert_eq!(values[":status"]["S"], "COMPLETED");
    }
}

#[tokio::test(start_paused = true)]
async fn what_can_have_no_answer_is_not_asked() {
    let [early, late] = appointments([1, 2]).map(|appointment| Some(appointment.date_schedule));
    let service = Service::answering([]);
    let turned = AppointmentFilter {
        from: late,
        to: early,
        status: None,
    };
    for query in [
        AppointmentQuery {
            filter: turned,
            ..query(2)
        },
        AppointmentQuery {
            countries: Countries::NONE,
            ..query(2)
        },
    ] {
        let listed = service.table().get_appointments_by_insured_id(&query).await;
        assert_eq!(listed.expect("a page").appointments, []);
    }
    assert!(service.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_fails_the_page() {
    let found = appointments([1]);
    let service = Service::answering([page(&found, Some(1)), error(400, "AccessDeniedException", "no")]);
    let listed = service.table().get_appointments_by_insured_id(&query(2)).await;
    listed.expect_err("never a part of the answer");
}

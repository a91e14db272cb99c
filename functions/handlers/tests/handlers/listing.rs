//! A list in pages, as a client follows them.

use std::sync::Arc;

use jiff::SignedDuration;
use schedule_core::{
    Country, Status,
    doubles::{FixedClock, InMemoryAppointmentTable, KnownCursorSecret, sample_appointment, sample_id},
    ports::{AppointmentTable, PortErrorKind},
};
use schedule_handlers::{AuthMode, GetAppointmentHandler};
use serde_json::{Value, json};

use crate::{
    create_appointment::assert_problem,
    fixtures::{answer, answer_within, clock, event, failure, json_body, now},
    get_appointment::Handler,
};

struct World {
    table: Arc<InMemoryAppointmentTable>,
    secret: Arc<KnownCursorSecret>,
    clock: Arc<FixedClock>,
}

impl World {
    fn holding(count: u32) -> Self {
        let appointments = (1..=count).map(|number| {
            let country = if number % 3 == 0 { Country::CL } else { Country::PE };
            sample_appointment(number, country)
        });
        Self {
            table: Arc::new(InMemoryAppointmentTable::holding(appointments)),
            secret: Arc::default(),
            clock: Arc::new(clock()),
        }
    }

    fn handler(&self) -> Handler {
        GetAppointmentHandler::new(
            self.table.clone(),
            self.secret.clone(),
            self.clock.clone(),
            AuthMode::None,
        )
    }

    async fn get(&self, insured_id: &str, query: &str) -> Value {
        let mut event = event("api-gateway-get");
        event["rawPath"] = json!(format!("/appointments/{insured_id}"));
        event["pathParameters"]["insuredId"] = json!(insured_id);
        event["rawQueryString"] = json!(query);
        answer(&self.handler(), &event).await
    }

    /// The numbers of the appointments of each page, from the first to the last.
    async fn pages(&self, query: &str) -> Vec<Vec<u32>> {
        let mut pages = Vec::new();
        let mut query = query.to_owned();
        loop {
            let page = self.get("00123", &query).await;
            assert_eq!(page["statusCode"], 200, "{page}");
            pages.push(numbers(&json_body(&page)));
            match next(&page) {
                Some(next) => query = next,
                None => return pages,
            }
        }
    }
}

fn numbers(list: &Value) -> Vec<u32> {
    let list = list.as_array().unwrap();
    let number =
        |item: &Value| u32::from_str_radix(&item["appointmentId"].as_str().unwrap()[30..], 16).unwrap();
    list.iter().map(number).collect()
}

/// The query of the next page, if the answer names one.
fn next(page: &Value) -> Option<String> {
    let link = page["headers"].get("link")?.as_str().unwrap();
    let target = link
        .strip_prefix('<')
        .unwrap()
        .strip_suffix(">; rel=\"next\"")
        .unwrap();
    let query = target.strip_prefix("/appointments/00123?").unwrap();
    Some(query.to_owned())
}

#[tokio::test]
async fn a_page_has_fifty_where_nothing_is_said_and_links_to_the_next() {
    let world = World::holding(120);
    let pages = world.pages("").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    assert_eq!(pages.concat(), (1..=120).collect::<Vec<_>>());
    assert_eq!(World::holding(50).pages("").await.len(), 1);
}

#[tokio::test]
async fn the_links_keep_what_was_asked_for() {
    let world = World::holding(12);
    for number in [2, 5, 8, 11] {
        let id = sample_id(number);
        let update = world
            .table
            .update_appointment_status(&id, Status::Completed, now());
        update.await.unwrap();
    }
    let query = "limit=2&status=PENDING&from=2030-01-01T03:00:00%2B01:00&to=2030-01-01T10:00:00.25Z";
    assert_eq!(world.pages(query).await, [vec![3, 4], vec![6, 7], vec![9, 10]]);
    let page = world.get("00123", query).await;
    let next = next(&page).unwrap();
    assert!(
        next.starts_with(
            "from=2030-01-01T02%3A00%3A00Z&to=2030-01-01T10%3A00%3A01Z&status=PENDING&limit=2&cursor="
        ),
        "{next}"
    );
    assert_eq!(world.pages("limit=200&status=COMPLETED").await, [[2, 5, 8, 11]]);
}

#[tokio::test]
async fn a_query_is_refused_with_every_parameter_that_is_wrong() {
    let world = World::holding(1);
    world.table.fail_next(failure(PortErrorKind::Denied));
    let answer = world
        .get("00123", "limit=201&status=DONE&from=ayer&order=desc&order=asc")
        .await;
    let problem = assert_problem(&answer, 400);
    assert_eq!(problem["type"], "urn:medical-schedule:problem:query-refused");
    let errors = problem["errors"].as_array().unwrap();
    let named: Vec<_> = errors
        .iter()
        .map(|error| error["parameter"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["order", "from", "status", "limit"]);
    assert!(
        errors
            .iter()
            .all(|error| error.get("pointer").is_none() && error["detail"].is_string())
    );
    for query in [
        "limit=2&limit=2",
        "status=PENDING&status=COMPLETED",
        "to=2030-01-01T00:00:00Z&from=2030-01-01T00:00:00Z",
        "cursor=",
        "from=2030-01-01",
    ] {
        assert_problem(&world.get("00123", query).await, 400);
    }
}

#[tokio::test]
async fn a_cursor_holds_for_its_insured_its_filter_and_a_day() {
    let world = World::holding(9);
    let link = next(&world.get("00123", "limit=2&status=PENDING").await).unwrap();
    let cursor = link.rsplit_once("cursor=").unwrap().1.to_owned();
    assert_eq!(numbers(&json_body(&world.get("00123", &link).await)), [3, 4]);
    // The size of a page is nobody's secret.
    let wider = format!("status=PENDING&limit=3&cursor={cursor}");
    assert_eq!(numbers(&json_body(&world.get("00123", &wider).await)), [3, 4, 5]);

    let mut forged = cursor.clone().into_bytes();
    forged[20] = if forged[20] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for (insured_id, query) in [
        ("00124", format!("status=PENDING&cursor={cursor}")),
        ("00123", format!("cursor={cursor}")),
        ("00123", format!("status=COMPLETED&cursor={cursor}")),
        (
            "00123",
            format!("status=PENDING&to=2031-01-01T00:00:00Z&cursor={cursor}"),
        ),
        ("00123", format!("status=PENDING&cursor={forged}")),
        ("00123", "cursor=abc".to_owned()),
    ] {
        let problem = assert_problem(&world.get(insured_id, &query).await, 400);
        assert_eq!(problem["errors"][0]["parameter"], "cursor", "{query}");
    }
    world
        .clock
        .set(now() + SignedDuration::from_hours(24) + SignedDuration::from_secs(1));
    assert_problem(&world.get("00123", &link).await, 400);
}

#[tokio::test]
async fn a_secret_that_does_not_come_is_a_503_a_second_before_the_end() {
    let world = World::holding(2);
    world.secret.silence_next();
    let mut event = event("api-gateway-get");
    event["rawQueryString"] = json!("limit=1");
    let answer = answer_within(&world.handler(), &event, 1).await;
    assert_problem(&answer, 503);
    assert!(answer["headers"].get("retry-after").is_some(), "{answer}");
}

#[tokio::test]
async fn the_secret_is_asked_for_only_where_there_is_a_cursor() {
    let world = World::holding(2);
    world.secret.fail_next(failure(PortErrorKind::Throttled));
    assert_eq!(world.get("00123", "").await["statusCode"], 200);
    assert_problem(&world.get("00123", "limit=1").await, 503);
    world.secret.fail_next(failure(PortErrorKind::Denied));
    assert_problem(&world.get("00123", "cursor=abc").await, 500);
}

#[tokio::test]
async fn a_page_in_fhir_links_to_itself_and_to_the_next() {
    let world = World::holding(3);
    let mut request = event("api-gateway-get");
    request["rawQueryString"] = json!("limit=2");
    request["headers"]["accept"] = json!("application/fhir+json");
    let bundle = answer(&world.handler(), &request).await;
    let links = json_body(&bundle)["link"].clone();
    assert_eq!(
        links[0],
        json!({"relation": "self", "url": "/appointments/00123?limit=2"})
    );
    assert_eq!(links[1]["relation"], "next");
    let next = format!("/appointments/00123?{}", next(&bundle).unwrap());
    assert_eq!(links[1]["url"], next);
}

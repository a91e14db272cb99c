//! What the check of who may book costs: `createAppointment`'s handler over ports in memory, warm, from the event's JSON
//! to the answer's, where a stage asks for a token and where it does not. Run it with
//! `cargo bench -p schedule-handlers --bench authorization`.
#![expect(clippy::expect_used, reason = "a measurement that cannot go on is none")]

use std::{
    future::Future,
    io::{Write, stdout},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use schedule_core::{
    AppointmentId,
    doubles::{FixedClock, InMemoryAppointmentTable, InMemoryAppointmentTopic},
    ports::AppointmentIds,
};
use schedule_handlers::{AuthMode, CreateAppointmentHandler, Invocation, handle_json};

const WITHOUT_TOKEN: &[u8] = include_bytes!("../tests/fixtures/api-gateway-post.json");
const WITH_TOKEN: &[u8] = include_bytes!("../tests/fixtures/api-gateway-post-jwt.json");
/// Rounds of both, one after the other, so that what else the machine does falls on both.
const ROUNDS: usize = 40;
const CALLS: usize = 500;

fn main() {
    let jwt = AuthMode::Jwt {
        insured_claim: "insured_id".to_owned(),
        countries_claim: "countries".to_owned(),
    };
    let (mut none_times, mut jwt_times) = (Vec::new(), Vec::new());
    // The first round warms up.
    for round in 0..=ROUNDS {
        let none = round_of(WITHOUT_TOKEN, &AuthMode::None);
        let checked = round_of(WITH_TOKEN, &jwt);
        if round > 0 {
            none_times.extend(none);
            jwt_times.extend(checked);
        }
    }
    let (none, jwt) = (median(none_times), median(jwt_times));
    let difference = jwt.as_secs_f64() - none.as_secs_f64();
    let text = format!(
        "createAppointment's handler, median of {}: none {:.1} µs, jwt {:.1} µs, difference {:.1} µs\n",
        ROUNDS * CALLS,
        none.as_secs_f64() * 1e6,
        jwt.as_secs_f64() * 1e6,
        difference * 1e6,
    );
    stdout().write_all(text.as_bytes()).expect("a terminal or a file");
}

/// The times of calls to a handler of its own, whose table is empty at first.
fn round_of(event: &[u8], auth: &AuthMode) -> Vec<Duration> {
    let now: Timestamp = "2029-11-25T05:10:29Z".parse().expect("an instant");
    let handler = CreateAppointmentHandler::new(
        Arc::new(InMemoryAppointmentTable::new()),
        Arc::new(InMemoryAppointmentTopic::default()),
        FixedClock::at(now),
        Ids::default(),
        auth.clone(),
    );
    let invocation = Invocation {
        request_id: "8f5e4b5a-0e2f-4c80-9b1a-2f6a53c1d7e0".to_owned(),
        deadline: Timestamp::MAX,
    };
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let start = Instant::now();
        let answer = ready(handle_json(&handler, event, &invocation)).expect("an answer");
        times.push(start.elapsed());
        assert!(
            answer.starts_with(br#"{"statusCode":201"#),
            "a wrong answer must not look fast"
        );
    }
    times
}

/// What the future has at once: nothing in memory has to be waited for.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the ports in memory answer at once"),
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[derive(Default)]
struct Ids(AtomicU64);

impl AppointmentIds for Ids {
    fn next_id(&self) -> AppointmentId {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        AppointmentId::from_bytes(u128::from(number).to_be_bytes())
    }
}

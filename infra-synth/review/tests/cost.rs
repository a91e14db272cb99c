//! What a template costs follows from its wiring, and its assumptions are said.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::path::Path;

use infra_synth_cfn::Template;
use infra_synth_review::cost::{Estimate, Usage, estimate};
use schedule_stacks::{StageSettings, appointment_stack};
use serde_json::{Value as Json, json};

fn stage(name: &str) -> Json {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stacks/stages");
    appointment_stack(&StageSettings::load(&stages, name).unwrap())
        .unwrap()
        .to_value()
}

fn cost(template: &Json) -> Estimate {
    cost_of(template, 1e6)
}

fn cost_of(template: &Json, appointments: f64) -> Estimate {
    estimate(
        &Template::from_value(template.clone()),
        &Usage {
            appointments,
            ..Usage::default()
        },
    )
}

/// `dev` after an edit of its resources.
fn edited(edit: impl FnOnce(&mut serde_json::Map<String, Json>)) -> Json {
    let mut template = stage("dev");
    edit(template["Resources"].as_object_mut().unwrap());
    template
}

#[track_caller]
fn check_close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 0.005,
        "found {found}, expected {expected}"
    );
}

#[track_caller]
fn check_amount(estimate: &Estimate, logical_id: &str, what: &str, expected: f64) {
    let line = estimate
        .lines()
        .iter()
        .find(|line| line.logical_id == logical_id && line.what == what);
    check_close(
        line.unwrap_or_else(|| panic!("no `{what}` of `{logical_id}`"))
            .amount,
        expected,
    );
}

#[test]
fn the_calls_of_an_appointment_follow_from_the_wiring() {
    let estimate = cost(&stage("dev"));
    // Made, read in a list, and read by itself; a preflight or a mistake is none of these.
    check_amount(&estimate, "HttpApi", "requests", 3e6);
    check_amount(&estimate, "GetAppointmentLambdaFunction", "calls", 2e6);
    check_amount(&estimate, "CreateAppointmentLambdaFunction", "calls", 1e6);
    check_amount(&estimate, "AppointmentTopic", "publications", 1e6);
    // Half of the appointments are of each country; each is sent, received and deleted.
    check_amount(&estimate, "AppointmentQueuePE", "requests", 1.5e6);
    check_amount(&estimate, "ProcessAppointmentCLLambdaFunction", "calls", 0.5e6);
    check_amount(&estimate, "AppointmentEventBus", "events", 1e6);
    check_amount(&estimate, "AppointmentConfirmationQueue", "requests", 3e6);
    // Put and updated, in the table and in its two indexes.
    check_amount(&estimate, "AppointmentTable", "write units", 6e6);
    // Five items of 1 KiB are two times 4 KiB, at half price; and createAppointment may read one item a call.
    check_amount(&estimate, "AppointmentTable", "read units", 3e6);
    check_amount(&estimate, "CursorSecret", "secrets", 1.0);
}

#[test]
fn the_bill_of_dev_is_what_one_gets_by_hand() {
    let estimate = cost(&stage("dev"));
    let of = |service: &str| {
        let total = estimate
            .services()
            .into_iter()
            .find(|total| total.service == service)
            .unwrap();
        (total.fixed, total.in_use)
    };
    check_close(of("API Gateway").1, 3.0);
    check_close(of("Secrets Manager").0, 0.4);
    check_close(of("EventBridge").1, 1.0);
    check_close(of("SNS").1, 0.5);
    // Six million requests; and three queues polled by five, thrice a minute, for 730 hours.
    check_close(of("SQS").1, 6.0 * 0.4);
    check_close(of("SQS").0, 3.0 * 5.0 * 3.0 * 60.0 * 730.0 / 1e6 * 0.4);
    // Two zones, a cent an hour.
    check_close(of("VPC").0, 2.0 * 730.0 * 0.01);
    check_close(estimate.per_million(), estimate.in_use());
}

#[test]
fn what_is_fixed_does_not_depend_on_the_load_and_the_rest_grows_with_it() {
    let template = stage("dev");
    let (none, one, two) = (
        cost_of(&template, 0.0),
        cost_of(&template, 1e6),
        cost_of(&template, 2e6),
    );
    check_close(none.in_use(), 0.0);
    check_close(none.per_million(), 0.0);
    check_close(none.fixed(), one.fixed());
    check_close(two.fixed(), one.fixed());
    check_close(two.in_use(), 2.0 * one.in_use());
}

#[test]
fn no_resource_of_ours_is_without_a_price() {
    for name in ["dev", "prod"] {
        assert_eq!(cost(&stage(name)).unpriced(), []);
    }
}

#[test]
fn a_resource_without_a_price_is_named_and_not_taken_for_free() {
    let estimate = cost(&edited(|resources| {
        resources.insert("Cluster".to_owned(), json!({"Type": "AWS::MSK::Cluster"}));
    }));
    assert_eq!(
        estimate.unpriced(),
        [("Cluster".to_owned(), "AWS::MSK::Cluster".to_owned())]
    );
    assert!(
        estimate
            .to_text("2026-11-25")
            .contains("Cluster (AWS::MSK::Cluster)")
    );
}

#[test]
fn the_difference_names_the_services_whose_cost_changes() {
    let before = cost(&stage("dev"));
    let after = cost(&edited(|resources| {
        resources.remove("EventBridgeVpcEndpoint");
        resources.insert("Nat".to_owned(), json!({"Type": "AWS::EC2::NatGateway"}));
        resources.insert("Alarm".to_owned(), json!({"Type": "AWS::CloudWatch::Alarm"}));
    }));
    let difference = before.difference(&after);
    let services: Vec<&str> = difference.services.iter().map(|one| one.service).collect();
    assert_eq!(services, ["CloudWatch", "VPC"]);
    check_close(difference.services[0].change(), 0.10);
    check_close(difference.change(), 0.10 + 730.0 * 0.045 - 14.6 - 0.0286);
    assert_eq!(
        difference.to_string(),
        "+18.32 USD a month: CloudWatch +0.10, VPC +18.22"
    );
    check_close(after.difference(&before).change(), -difference.change());
}

#[test]
fn a_service_that_begins_has_cost_nothing_and_not_less() {
    let before = cost(&edited(|resources| {
        resources.remove("CursorSecret");
    }));
    let difference = before.difference(&cost(&stage("dev")));
    let secrets = difference
        .services
        .iter()
        .find(|one| one.service == "Secrets Manager")
        .unwrap();
    assert_eq!(
        format!("{:.2} → {:.2}", secrets.before, secrets.after),
        "0.00 → 0.40"
    );
}

#[test]
fn the_same_template_costs_the_same() {
    let estimate = cost(&stage("dev"));
    assert!(estimate.difference(&cost(&stage("dev"))).is_empty());
    assert_eq!(
        estimate.difference(&estimate).to_string(),
        "the cost stays the same"
    );
}

#[test]
fn the_other_processor_costs_a_quarter_more_by_the_second() {
    let intel = edited(|resources| {
        resources["GetAppointmentLambdaFunction"]["Properties"]["Architectures"] = json!(["x86_64"]);
    });
    let seconds = |template: &Json| {
        let estimate = cost(template);
        let mut lines = estimate.lines().iter();
        let line =
            lines.find(|line| line.logical_id.starts_with("GetAppointment") && line.what == "GB-seconds");
        line.unwrap().usd
    };
    let ratio = seconds(&intel) / seconds(&stage("dev"));
    assert!((1.24..1.26).contains(&ratio), "{ratio}");
}

#[test]
fn a_subscription_without_a_filter_gets_every_message() {
    let estimate = cost(&edited(|resources| {
        let subscription = resources["SubscriptionPE"]["Properties"].as_object_mut().unwrap();
        subscription.remove("FilterPolicy");
    }));
    check_amount(&estimate, "AppointmentQueuePE", "requests", 3e6);
    check_amount(&estimate, "AppointmentQueueCL", "requests", 3e6);
}

#[test]
fn a_function_that_feeds_its_own_queue_still_has_an_estimate() {
    let estimate = cost(&edited(|resources| {
        let statements = resources["ProcessConfirmationRole"]["Properties"]["Policies"][0]["PolicyDocument"]
            ["Statement"]
            .as_array_mut()
            .unwrap();
        statements.push(json!({
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": {"Fn::GetAtt": ["AppointmentConfirmationQueue", "Arn"]},
        }));
    }));
    assert!(estimate.in_use().is_finite());
}

#[test]
fn every_estimate_says_what_it_assumed_and_of_when_its_prices_are() {
    let estimate = cost(&stage("dev"));
    let text = estimate.to_text("2026-11-25");
    assert!(text.contains("us-east-1") && text.contains("availability zones"));
    let json: Json = serde_json::from_str(&estimate.to_json("2026-11-25")).unwrap();
    assert_eq!(
        (&json["version"], &json["prices"]["region"]),
        (&json!(1), &json!("us-east-1"))
    );
    assert_eq!(
        json["assumptions"].as_array().unwrap().len(),
        estimate.assumptions().len()
    );
}

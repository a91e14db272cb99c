use infra_synth_cfn::{Stack, Template, resources::Queue};
use infra_synth_review::check::{Facts, Verdict, check};

use crate::system::{stage, standing};

fn queue_stack(except: &[(&str, &'static str)], encrypted: bool) -> Template {
    let mut stack = Stack::new("");
    stack.add(
        "Jobs",
        Queue {
            sqs_managed_sse_enabled: Some(encrypted),
            ..Queue::default()
        },
    );
    for (logical_id, rule) in except {
        stack.except(logical_id, rule, "holds nothing that anybody may not read");
    }
    stack.synth().unwrap()
}

#[test]
fn an_excepted_finding_stays_in_the_report_with_its_reason_and_fails_nothing() {
    let all = [
        ("Jobs", "queue-encrypted"),
        ("Jobs", "queue-tls-only"),
        ("Jobs", "queue-has-dead-letters"),
    ];
    let report = check(&queue_stack(&all, false), &Facts::default());
    assert!(!report.fails(), "{}", report.to_text());
    assert_eq!(report.findings().len(), 3);
    for finding in report.findings() {
        let Verdict::Excepted(exception) = &finding.verdict else {
            panic!("{finding:?}")
        };
        assert_eq!(exception.reason, "holds nothing that anybody may not read");
    }
    assert!(
        report
            .to_text()
            .contains("holds nothing that anybody may not read")
    );
}

#[test]
fn an_exception_that_nothing_needs_is_an_error_at_its_own_line() {
    let template = queue_stack(&[("Jobs", "queue-encrypted")], true);
    let report = check(&template, &Facts::default());
    let unneeded = report
        .findings()
        .iter()
        .find(|finding| finding.rule.id == "exception-needed")
        .unwrap();
    assert_eq!(unneeded.logical_id, "Jobs");
    assert_eq!(unneeded.source, Some(template.exceptions()[0].at));
    assert!(report.fails());
}

#[test]
fn an_exception_covers_its_own_resource_and_rule_alone() {
    let report = check(
        &queue_stack(&[("Other", "queue-encrypted")], false),
        &Facts::default(),
    );
    let standing = standing(&report);
    assert!(
        standing.contains(&"queue-encrypted Jobs".to_owned()),
        "{standing:?}"
    );
    assert!(
        standing.contains(&"exception-needed Other".to_owned()),
        "{standing:?}"
    );
}

#[test]
fn an_exception_from_a_rule_that_does_not_exist_is_an_error() {
    let report = check(
        &queue_stack(&[("Jobs", "queue-encrypt")], true),
        &Facts::default(),
    );
    let finding = report
        .findings()
        .iter()
        .find(|finding| finding.rule.id == "exception-needed")
        .unwrap();
    assert!(
        finding.what.contains("there is no rule `queue-encrypt`"),
        "{}",
        finding.what
    );
}

#[test]
fn production_has_no_open_route_and_no_exception_for_one() {
    let (template, facts) = stage("prod");
    let report = check(&template, &facts);
    assert!(
        report
            .kept()
            .iter()
            .any(|(rule, routes)| rule.id == "authorized-routes" && *routes == 4)
    );
    assert!(
        template
            .exceptions()
            .iter()
            .all(|exception| exception.rule != "authorized-routes")
    );
}

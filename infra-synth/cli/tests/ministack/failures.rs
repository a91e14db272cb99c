use serde_json::json;

use crate::server::MiniStack;

#[test]
fn a_failed_creation_names_cause_source_and_way_out() {
    let aws = MiniStack::bootstrapped();
    let taken = json!({"Name": "appointment-events-bus"});
    aws.json("events", "AWSEvents.CreateEventBus", &taken);
    aws.first_deploy(&["--yes"]).failed_with(
        1,
        &[
            "first cause: `AppointmentEventBus` (AWS::Events::EventBus) CREATE_FAILED",
            "declared at: stacks/src/messaging.rs:",
            "AWS says:    EventBus already exists: appointment-events-bus",
            "next: ",
            "infra-synth destroy --stack-name appointment-dev",
        ],
    );
    aws.deploy(&["--yes"])
        .failed_with(1, &["ROLLBACK_COMPLETE", "infra-synth destroy"]);

    // The way out works.
    aws.infra_synth(&["destroy", "--yes"]).succeeded();
    aws.json("events", "AWSEvents.DeleteEventBus", &taken);
    aws.first_deploy(&["--yes"]).succeeded();
}

#[test]
fn who_may_not_deploy_is_told_so_by_aws() {
    let aws = MiniStack::bootstrapped();
    let nobody = aws.user("nobody", &["sts:GetCallerIdentity"]);
    aws.first_deploy_as(&nobody, &["--yes"]).failed_with(
        1,
        &["DescribeStacks: AccessDenied", "cloudformation:DescribeStacks"],
    );
    let reader = aws.user("reader", &["sts:GetCallerIdentity", "cloudformation:Describe*"]);
    aws.first_deploy_as(&reader, &["--yes"])
        .failed_with(1, &["HeadObject: HTTP status 403"]);
    aws.infra_synth(&["status"])
        .failed_with(1, &["there is no stack"]);
}

#[test]
fn an_address_where_nobody_answers_is_an_error_before_anything_else() {
    let aws = MiniStack::start();
    aws.infra_synth(&["status", "--endpoint-url", "http://127.0.0.1:9"])
        .failed_with(1, &["AWS does not know who is asking", "GetCallerIdentity"]);
}

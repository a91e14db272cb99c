use std::{
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::server::MiniStack;

#[test]
fn an_interrupted_deployment_goes_on_and_keeps_others_out() {
    let aws = MiniStack::bootstrapped();
    aws.hold();
    aws.start_first_deploy(&["--yes"], "CREATE_IN_PROGRESS")
        .interrupted()
        .failed_with(
            1,
            &[
                "the operation goes on in AWS",
                "infra-synth status --stack-name appointment-dev",
                "--follow",
            ],
        );

    let status = aws
        .infra_synth(&["status", "--format", "json"])
        .succeeded()
        .json();
    assert_eq!(status["status"], "CREATE_IN_PROGRESS");
    let busy = &["CREATE_IN_PROGRESS", "someone else is changing it", "--follow"];
    aws.deploy(&["--yes"]).failed_with(1, busy);
    aws.infra_synth(&["destroy", "--yes"]).failed_with(1, busy);

    thread::scope(|scope| {
        let followed = scope.spawn(|| aws.infra_synth(&["status", "--follow"]));
        aws.go_on();
        followed.join().unwrap().succeeded();
    });
    let status = aws
        .infra_synth(&["status", "--format", "json"])
        .succeeded()
        .json();
    assert_eq!(status["status"], "CREATE_COMPLETE");
    aws.deploy(&["--yes"]).succeeded().says(&["no changes"]);
}

#[test]
fn a_stack_is_protected_by_the_next_deployment_and_opened_by_none() {
    let aws = MiniStack::bootstrapped();
    let open = aws.stage();
    aws.write_stage(&open.replace("deletion_protection = false", "deletion_protection = true"));
    aws.hold();
    aws.start_first_deploy(&["--yes"], "CREATE_IN_PROGRESS")
        .interrupted()
        .failed_with(1, &["the operation goes on in AWS"]);
    thread::scope(|scope| {
        let followed = scope.spawn(|| aws.infra_synth(&["status", "--follow"]));
        aws.go_on();
        followed.join().unwrap().succeeded();
    });
    aws.deploy(&["--yes"])
        .succeeded()
        .says(&["no changes", "is now protected against deletion"]);

    aws.write_stage(&open);
    aws.deploy(&["--yes", "--allow-destructive"])
        .succeeded()
        .says(&["stays protected against deletion"]);
    aws.infra_synth(&["destroy", "--yes"])
        .failed_with(1, &["is protected against deletion"]);
}

#[test]
fn a_deployment_interrupted_while_it_is_begun_is_not_given_up_unsaid() {
    let aws = MiniStack::bootstrapped();
    aws.hold_call("ExecuteChangeSet");
    let deploy = aws.start_first_deploy(&["--yes"], "account ");
    aws.await_call("ExecuteChangeSet");
    deploy.interrupted().failed_with(
        1,
        &[
            "the operation goes on in AWS",
            "infra-synth status --stack-name appointment-dev",
            "--follow",
        ],
    );
    aws.answer("ExecuteChangeSet");
    aws.infra_synth(&["status", "--follow"]).succeeded();
}

#[test]
fn a_deployment_interrupted_before_it_is_begun_changes_nothing_and_says_so() {
    let aws = MiniStack::bootstrapped();
    aws.hold_call("DescribeStackEvents");
    let deploy = aws.start_first_deploy(&["--yes"], "account ");
    aws.await_call("DescribeStackEvents");
    deploy
        .interrupted()
        .failed_with(1, &["before anything was begun", "nothing was changed"]);
    aws.answer("DescribeStackEvents");
    let status = aws.infra_synth(&["status", "--format", "json"]).succeeded();
    assert_eq!(status.json()["status"], "REVIEW_IN_PROGRESS");
    aws.first_deploy(&["--yes"]).succeeded();
}

#[test]
fn followed_logs_show_what_is_written_later_once_until_they_are_interrupted() {
    let aws = MiniStack::bootstrapped();
    aws.first_deploy(&["--yes"]).succeeded();
    let stream = json!({
        "logGroupName": "/aws/lambda/appointment-dev-createAppointment",
        "logStreamName": "one",
    });
    aws.json("logs", "Logs_20140328.CreateLogStream", &stream);
    let write = |message: &str| {
        let mut line = stream.clone();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        line["logEvents"] = Value::Array(vec![
            json!({"timestamp": u64::try_from(now).unwrap(), "message": message}),
        ]);
        aws.json("logs", "Logs_20140328.PutLogEvents", &line);
    };
    write("the first line");
    let logs = aws.start_infra_synth(&["logs", "createAppointment", "--follow"], "account ");
    logs.tells("createAppointment the first line");
    write("the second line");
    logs.tells("createAppointment the second line");
    write("the third line");
    logs.tells("the third line");
    let rest = logs.interrupted().succeeded();
    assert_eq!(rest.data, "", "each line once");
}

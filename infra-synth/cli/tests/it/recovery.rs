//! What the commands do with stacks in states that an emulator does not come to.

use std::{fs, path::PathBuf, process::Output};

use crate::process::{empty_folder, project, text};
use crate::recorded::{Answer, Call, RecordedAws};

const STACK: &str = "appointment-dev";

/// `Stacks` with this one, which may be protected.
fn stack(name: &str, status: &str, outputs: &str) -> Answer {
    Answer::Result(format!(
        "<Stacks><member><StackName>{name}</StackName>\
         <StackId>arn:aws:cloudformation:us-east-1:000000000000:stack/{name}/1</StackId>\
         <CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>{status}</StackStatus>\
         <Outputs>{outputs}</Outputs></member></Stacks>"
    ))
}

/// The stack's own events with these statuses, the newest first.
fn events(statuses: &[&str]) -> Answer {
    let events = statuses.iter().enumerate().map(|(age, status)| {
        format!(
            "<member><EventId>{}</EventId><StackId>s</StackId><StackName>{STACK}</StackName>\
             <LogicalResourceId>{STACK}</LogicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType>\
             <ResourceStatus>{status}</ResourceStatus><Timestamp>2026-01-01T00:00:00Z</Timestamp></member>",
            statuses.len() - age
        )
    });
    Answer::Result(format!(
        "<StackEvents>{}</StackEvents>",
        events.collect::<String>()
    ))
}

fn nothing() -> Answer {
    Answer::Result(String::new())
}

fn unexpected(call: &Call) -> Answer {
    Answer::Refusal("Unexpected", format!("no answer is recorded to {}", call.action))
}

fn called(calls: &[Call], action: &str) -> bool {
    calls.iter().any(|call| call.action == action)
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    let words = text(&output.stderr);
    assert!(output.status.success(), "{words}");
    words
}

#[test]
fn an_undoing_that_stopped_goes_on_without_the_resources_that_are_to_be_skipped() {
    let aws = RecordedAws::start(|call, calls| {
        let goes_on = called(calls, "ContinueUpdateRollback");
        match (call.action.as_str(), goes_on) {
            ("DescribeStacks", false) => stack(STACK, "UPDATE_ROLLBACK_FAILED", ""),
            ("DescribeStacks", true) => stack(STACK, "UPDATE_ROLLBACK_COMPLETE", ""),
            ("DescribeStackEvents", false) => events(&["UPDATE_ROLLBACK_FAILED"]),
            ("DescribeStackEvents", true) => events(&["UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"]),
            ("ContinueUpdateRollback", _) => nothing(),
            _ => unexpected(call),
        }
    });
    let options = ["deploy", "--continue-rollback", "--skip", "AppointmentQueuePE"];
    let words = succeeded(&aws.infra_synth(&options).output().unwrap());
    assert!(words.contains("is as it was before its last update"), "{words}");
    let calls = aws.calls("ContinueUpdateRollback");
    let [call] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!(call.parameter("StackName"), Some(STACK));
    assert_eq!(
        call.parameter("ResourcesToSkip.member.1"),
        Some("AppointmentQueuePE")
    );
    assert_eq!(call.parameter("ResourcesToSkip.member.2"), None);
}

#[test]
fn the_asset_buckets_stack_too_goes_on_being_undone_and_is_made_by_bootstrap_otherwise() {
    let aws = RecordedAws::start(|call, _| match call.action.as_str() {
        "DescribeStacks" => stack("infra-synth-assets", "UPDATE_COMPLETE", ""),
        _ => unexpected(call),
    });
    let deploy = [
        "deploy",
        "--stack-name",
        "infra-synth-assets",
        "--region",
        "us-east-1",
    ];
    let output = aws.infra_synth(&deploy).output().unwrap();
    let words = text(&output.stderr);
    assert!(
        words.contains("infra-synth bootstrap --region us-east-1"),
        "{words}"
    );
    let output = aws
        .infra_synth(&[&deploy[..], &["--continue-rollback"]].concat())
        .output()
        .unwrap();
    let words = text(&output.stderr);
    assert!(words.contains("there is no undoing to go on with"), "{words}");
}

#[test]
fn a_deletion_that_stopped_goes_on_and_leaves_what_is_to_stay() {
    let aws = RecordedAws::start(|call, calls| {
        let goes_on = called(calls, "DeleteStack");
        match (call.action.as_str(), goes_on) {
            ("DescribeStacks", false) => stack(STACK, "DELETE_FAILED", ""),
            ("DescribeStacks", true) => stack(STACK, "DELETE_COMPLETE", ""),
            ("DescribeStackEvents", false) => events(&["DELETE_FAILED"]),
            ("DescribeStackEvents", true) => events(&["DELETE_COMPLETE", "DELETE_FAILED"]),
            ("GetTemplate", _) => Answer::Result(
                "<TemplateBody>{\"Resources\": {\"Topic\": {\"Type\": \"AWS::SNS::Topic\"}}}</TemplateBody>".to_owned(),
            ),
            ("ListStackResources", _) => Answer::Result(
                "<StackResourceSummaries><member><LogicalResourceId>Topic</LogicalResourceId>\
                 <PhysicalResourceId>t</PhysicalResourceId><ResourceType>AWS::SNS::Topic</ResourceType>\
                 <ResourceStatus>DELETE_FAILED</ResourceStatus>\
                 <LastUpdatedTimestamp>2026-01-01T00:00:00Z</LastUpdatedTimestamp></member></StackResourceSummaries>"
                    .to_owned(),
            ),
            ("DeleteStack", _) => nothing(),
            _ => unexpected(call),
        }
    });
    let unknown = aws
        .infra_synth(&["destroy", "--yes", "--retain", "Bucket"])
        .output()
        .unwrap();
    let words = text(&unknown.stderr);
    assert!(words.contains("has no resource `Bucket` to retain"), "{words}");
    assert!(aws.calls("DeleteStack").is_empty());

    let words = succeeded(
        &aws.infra_synth(&["destroy", "--yes", "--retain", "Topic"])
            .output()
            .unwrap(),
    );
    assert!(
        words.contains("retained: Topic (AWS::SNS::Topic, `t`)"),
        "{words}"
    );
    let calls = aws.calls("DeleteStack");
    let [call] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!(call.parameter("RetainResources.member.1"), Some("Topic"));
}

/// An account with an asset bucket and a stack of production, deployed once, whose next deployment brings `changes`.
fn deployed(changes: &'static str, execution: fn() -> Answer) -> RecordedAws {
    RecordedAws::start(
        move |call, _| match (call.action.as_str(), call.parameter("StackName")) {
            ("DescribeStacks", Some("infra-synth-assets")) => stack(
                "infra-synth-assets",
                "CREATE_COMPLETE",
                "<member><OutputKey>AssetBucketName</OutputKey><OutputValue>assets</OutputValue></member>",
            ),
            ("DescribeStacks", _) => stack("appointment-prod", "CREATE_COMPLETE", ""),
            ("DescribeStackEvents", _) => events(&["CREATE_COMPLETE"]),
            ("GetTemplate", _) => {
                Answer::Result("<TemplateBody>{\"Resources\": {}}</TemplateBody>".to_owned())
            }
            ("CreateChangeSet", _) => {
                Answer::Result("<Id>arn:change-set</Id><StackId>arn:stack</StackId>".to_owned())
            }
            ("DescribeChangeSet", _) => Answer::Result(changes.to_owned()),
            ("DeleteChangeSet", _) => nothing(),
            ("ExecuteChangeSet", _) => execution(),
            _ => unexpected(call),
        },
    )
}

/// Deploys production from executables that are stand-ins.
fn deploy_prod(aws: &RecordedAws, name: &str, option: &str) -> Output {
    let executables = executables(name);
    let parameters = [
        "VpcId=vpc-00000001",
        "SubnetIds=subnet-00000001",
        "DatabaseSecurityGroupId=sg-00000001",
        "DatabaseResourceId=db-ABC",
    ];
    let mut command = aws.infra_synth(&["deploy", "--stage", "prod", option, "--executables"]);
    command.arg(executables);
    for parameter in parameters {
        command.args(["--parameter", parameter]);
    }
    command.output().unwrap()
}

fn executables(name: &str) -> PathBuf {
    let folder = empty_folder(name);
    for entry in fs::read_dir(project().join("functions")).unwrap() {
        let function = entry.unwrap();
        if function.file_name().to_string_lossy().contains('-') {
            fs::copy("/bin/true", folder.join(function.file_name())).unwrap();
        }
    }
    folder
}

#[test]
fn what_only_shows_a_deployment_does_not_protect_the_stack_either() {
    let no_change = "<ChangeSetName>c</ChangeSetName><StackName>appointment-prod</StackName><Status>FAILED</Status>\
        <StatusReason>The submitted information didn't contain changes.</StatusReason>";
    let aws = deployed(no_change, nothing);
    let words = succeeded(&deploy_prod(&aws, "recovery-no-execute", "--no-execute"));
    assert!(words.contains("would be protected against deletion"), "{words}");
    assert!(aws.calls("UpdateTerminationProtection").is_empty());
}

#[test]
fn a_change_set_that_aws_does_not_run_does_not_stay_behind() {
    let change = "<ChangeSetName>c</ChangeSetName><StackName>appointment-prod</StackName><Status>CREATE_COMPLETE</Status>\
        <ExecutionStatus>AVAILABLE</ExecutionStatus><Changes><member><Type>Resource</Type><ResourceChange>\
        <Action>Add</Action><LogicalResourceId>AppointmentTopic</LogicalResourceId>\
        <ResourceType>AWS::SNS::Topic</ResourceType></ResourceChange></member></Changes>";
    let aws = deployed(change, || {
        Answer::Refusal(
            "InvalidChangeSetStatus",
            "ChangeSet [c] cannot be executed".to_owned(),
        )
    });
    let output = deploy_prod(&aws, "recovery-refused", "--yes");
    assert_eq!(output.status.code(), Some(1));
    let words = text(&output.stderr);
    assert!(
        words.contains("nothing was changed in stack `appointment-prod`"),
        "{words}"
    );
    assert!(words.contains("cannot be executed"), "{words}");
    assert_eq!(aws.calls("ExecuteChangeSet").len(), 1);
    assert_eq!(aws.calls("DeleteChangeSet").len(), 1);
    assert!(aws.calls("UpdateTerminationProtection").is_empty());
}

use serde_json::json;

use crate::server::MiniStack;

#[test]
fn a_stage_comes_from_nothing_changes_and_goes() {
    let aws = MiniStack::start();
    aws.deploy(&["--yes"]).failed_with(1, &["infra-synth bootstrap"]);
    aws.infra_synth(&["bootstrap", "--yes"]).succeeded();
    aws.infra_synth(&["bootstrap"]).succeeded().says(&["no changes"]);

    aws.deploy(&["--yes"])
        .failed_with(1, &["VpcId", "SubnetIds", "DatabaseResourceId", "--parameter"]);
    aws.first_deploy(&["--yes"]).succeeded().says(&[
        "uploaded functions/get-appointment/",
        "creates AppointmentTable",
        "is deployed",
    ]);
    let outputs = aws
        .infra_synth(&["outputs", "--format", "json"])
        .succeeded()
        .json();
    assert_eq!(outputs["TableName"], "appointments");
    let status = aws
        .infra_synth(&["status", "--format", "json"])
        .succeeded()
        .json();
    assert_eq!(status["status"], "CREATE_COMPLETE");
    assert!(status["resources"].as_array().unwrap().len() > 50);
    aws.infra_synth(&["diff", "--against", "deployed", "--fail-on", "any"])
        .succeeded();
    aws.infra_synth(&[
        "diff",
        "--against",
        "deployed",
        "--stack-name",
        "appointment-other",
    ])
    .failed_with(1, &["there is no stack `appointment-other`"]);

    aws.deploy(&["--yes"])
        .succeeded()
        .says(&["no changes", "unchanged functions/"])
        .says_nothing_of(&["uploaded"]);

    aws.write_executable("get-appointment", "/bin/false");
    aws.deploy(&["--yes"])
        .succeeded()
        .says(&[
            "uploaded functions/get-appointment/",
            "~ changes GetAppointmentLambdaFunction",
        ])
        .says_nothing_of(&[
            "uploaded functions/create-appointment/",
            "changes CreateAppointmentLambdaFunction",
        ]);

    aws.write_stage(
        &aws.stage()
            .replace("worker_memory_mib = 256", "worker_memory_mib = 512"),
    );
    aws.infra_synth(&["diff", "--against", "deployed", "--fail-on", "any"])
        .failed_with(3, &["ProcessAppointmentPELambdaFunction"]);
    aws.deploy(&["--yes"])
        .succeeded()
        .says(&["MemorySize", "UPDATE_COMPLETE"]);

    aws.infra_synth(&["destroy"])
        .failed_with(1, &["--yes", "retained: AppointmentTable"]);
    aws.infra_synth(&["destroy", "--yes"])
        .succeeded()
        .says(&["is deleted"]);
    aws.infra_synth(&["status"])
        .failed_with(1, &["there is no stack `appointment-dev`"]);
    aws.infra_synth(&["destroy", "--yes"])
        .succeeded()
        .says(&["nothing to destroy"]);
    let table = aws.json(
        "dynamodb",
        "DynamoDB_20120810.DescribeTable",
        &json!({"TableName": "appointments"}),
    );
    assert_eq!(table["Table"]["TableName"], "appointments", "{table}");
}

#[test]
fn what_a_deployment_lacks_is_told_with_how_to_mend_it() {
    let aws = MiniStack::start();
    let finding = |what: &str| {
        let findings = aws.infra_synth(&["doctor", "--format", "json"]).json();
        let findings = findings.as_array().unwrap().clone();
        let found = findings.into_iter().find(|finding| finding["what"] == what);
        let found = found.unwrap();
        (found["ok"] == true, found["detail"].as_str().unwrap().to_owned())
    };
    assert!(finding("account").0);
    let (is_there, words) = finding("bucket");
    assert!(!is_there && words.contains("infra-synth bootstrap"), "{words}");
    aws.infra_synth(&["doctor"])
        .failed_with(1, &["would stop a deployment"]);

    aws.infra_synth(&["bootstrap", "--yes"]).succeeded();
    assert!(finding("bucket").0);
    let (is_free, words) = finding("stack");
    assert!(is_free && words.contains("not there yet"), "{words}");
    aws.first_deploy(&["--no-execute"]).succeeded();
    let (is_free, words) = finding("stack");
    assert!(is_free && words.contains("REVIEW_IN_PROGRESS"), "{words}");
    aws.first_deploy(&["--yes"]).succeeded();
    assert!(finding("stack").1.contains("CREATE_COMPLETE"));

    let nobody = aws.infra_synth(&[
        "doctor",
        "--format",
        "json",
        "--endpoint-url",
        "http://127.0.0.1:9",
    ]);
    assert!(
        nobody.data.contains("AWS does not know who is asking"),
        "{}",
        nobody.data
    );
}

#[test]
fn a_stack_that_was_only_shown_can_be_taken_away() {
    let aws = MiniStack::bootstrapped();
    aws.first_deploy(&["--no-execute"]).succeeded().says(&[
        "nothing was changed",
        "infra-synth destroy --stack-name appointment-dev",
    ]);
    aws.infra_synth(&["destroy", "--yes"])
        .succeeded()
        .says(&["is deleted"]);
    aws.infra_synth(&["status"])
        .failed_with(1, &["there is no stack `appointment-dev`"]);
}

#[test]
fn what_is_suggested_means_the_same_region_and_the_functions_code_is_bootstraps() {
    let aws = MiniStack::bootstrapped();
    aws.infra_synth(&["status", "--region", "us-east-1"]).failed_with(
        1,
        &[
            "infra-synth deploy --stack-name appointment-dev --stages ",
            " --region us-east-1",
        ],
    );
    aws.deploy(&["--yes", "--stack-name", "infra-synth-assets"])
        .failed_with(1, &["infra-synth bootstrap"]);
}

#[test]
fn what_nobody_agreed_to_is_not_done() {
    let aws = MiniStack::bootstrapped();
    aws.first_deploy(&[])
        .failed_with(1, &["nobody is here to answer", "--yes"]);
    aws.infra_synth(&["status"])
        .failed_with(1, &["there is no stack"]);

    aws.first_deploy(&["--no-execute"])
        .succeeded()
        .says(&["creates AppointmentTable", "nothing was changed"]);
    let status = aws
        .infra_synth(&["status", "--format", "json"])
        .succeeded()
        .json();
    assert_eq!(status["status"], "REVIEW_IN_PROGRESS");
    aws.first_deploy(&["--yes"])
        .succeeded()
        .says(&["never created", "is deployed"]);
}

#[test]
fn a_change_that_destroys_data_needs_a_word_of_its_own() {
    let aws = MiniStack::bootstrapped();
    aws.first_deploy(&["--yes"]).succeeded();
    aws.write_stage(&format!("qualifier = \"blue\"\n{}", aws.stage()));
    aws.deploy(&["--yes", "--stack-name", "appointment-dev"])
        .failed_with(
            3,
            &[
                "This destroys, or may:",
                "AppointmentQueuePE",
                "nothing was changed",
                "--allow-destructive",
            ],
        );
    let outputs = aws.infra_synth(&["outputs", "--format", "json", "--stack-name", "appointment-dev"]);
    assert_eq!(outputs.json()["TableName"], "appointments");
    aws.deploy(&["--yes", "--allow-destructive", "--stack-name", "appointment-dev"])
        .succeeded();
    let outputs = aws.infra_synth(&["outputs", "--format", "json", "--stack-name", "appointment-dev"]);
    assert_eq!(outputs.json()["TableName"], "appointments-blue");
}

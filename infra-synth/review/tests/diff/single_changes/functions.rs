use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Unjudged};
use serde_json::json;

use super::all;
use crate::edit::{Push, Remove, Set};

#[test]
fn a_function_runs_as_it_did() {
    all(&[
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/FunctionName",
                json!("other"),
            ),
            &[Harmless],
            "replacement forced by FunctionName",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/MemorySize",
                json!(512),
            ),
            &[Harmless],
            "256 → 512",
        ),
        (
            Set("CreateAppointmentLambdaFunction/Properties/Timeout", json!(5)),
            &[Harmless],
            "Timeout",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Runtime",
                json!("provided.al2"),
            ),
            &[Harmless],
            "Runtime",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Role",
                json!({"Fn::GetAtt": ["ProcessConfirmationRole", "Arn"]}),
            ),
            &[Broadening],
            "dynamodb:UpdateItem on ${AppointmentTable.Arn}",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Role",
                json!("arn:aws:iam::1:role/x"),
            ),
            &[Unjudged],
            "not in the template",
        ),
        (
            Set(
                "ProcessAppointmentPELambdaFunction/Properties/Environment/Variables/DB_PASSWORD",
                json!("hunter2"),
            ),
            &[Broadening],
            "a secret in plain text",
        ),
        (
            Set(
                "ProcessAppointmentPELambdaFunction/Properties/Environment/Variables/DB_NAME",
                json!("other"),
            ),
            &[Unjudged],
            "DB_NAME: appointments → other",
        ),
        (
            Remove("ProcessAppointmentPELambdaFunction/Properties/VpcConfig"),
            &[Broadening],
            "it leaves the VPC",
        ),
        (
            Push(
                "ProcessAppointmentPELambdaFunction/Properties/VpcConfig/SecurityGroupIds",
                json!("sg-1"),
            ),
            &[Broadening],
            "sg-1",
        ),
        (
            Set(
                "ProcessAppointmentPELambdaFunction/Properties/VpcConfig/SubnetIds",
                json!(["subnet-1"]),
            ),
            &[Unjudged],
            "routes",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Code/S3Key",
                json!("other.zip"),
            ),
            &[Harmless],
            "Code.S3Key",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Code/S3Bucket",
                json!("other"),
            ),
            &[Unjudged],
            "another place",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/Layers",
                json!(["arn:aws:lambda:us-east-1:1:layer:x:1"]),
            ),
            &[Broadening],
            "runs with the function's role",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/ReservedConcurrentExecutions",
                json!(0),
            ),
            &[Destructive],
            "no longer runs",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/ReservedConcurrentExecutions",
                json!(10),
            ),
            &[Harmless],
            "+ 10",
        ),
        (
            Remove("CreateAppointmentLambdaFunction"),
            &[Destructive],
            "is deleted",
        ),
    ]);
}

#[test]
fn what_a_function_is_told_decides_what_it_reaches() {
    all(&[
        (
            Set(
                "ProcessAppointmentPELambdaFunction/Properties/Environment/Variables/DB_HOST",
                json!("db.example.com"),
            ),
            &[Unjudged],
            "the function is told another `DB_HOST`",
        ),
        (
            Set(
                "ProcessAppointmentPELambdaFunction/Properties/Environment/Variables/COUNTRY",
                json!("CL"),
            ),
            &[Unjudged],
            "the function is told another `COUNTRY`",
        ),
        (
            Remove("CreateAppointmentLambdaFunction/Properties/Environment/Variables/SNS_TOPIC_ARN"),
            &[Unjudged],
            "the function is no longer told `SNS_TOPIC_ARN`",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/ImageConfig",
                json!({"Command": ["other"]}),
            ),
            &[Unjudged],
            "the image starts in another way",
        ),
    ]);
}

#[test]
fn a_functions_log_goes_where_it_went() {
    all(&[
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/LoggingConfig/LogFormat",
                json!("Text"),
            ),
            &[Harmless],
            "JSON → Text",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/LoggingConfig/ApplicationLogLevel",
                json!("FATAL"),
            ),
            &[Unjudged],
            "fewer log entries may be written",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/LoggingConfig/ApplicationLogLevel",
                json!("DEBUG"),
            ),
            &[Harmless],
            "+ DEBUG",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/LoggingConfig/LogGroup",
                json!({"Ref": "GetAppointmentLogGroup"}),
            ),
            &[Harmless],
            "GetAppointmentLogGroup",
        ),
        (
            Set(
                "CreateAppointmentLambdaFunction/Properties/LoggingConfig/LogGroup",
                json!("/somebody/elses"),
            ),
            &[Unjudged],
            "log entries go to `/somebody/elses`, outside this stack",
        ),
        (
            Remove("CreateAppointmentLambdaFunction/Properties/LoggingConfig"),
            &[Unjudged],
            "a log group that Lambda makes",
        ),
    ]);
}

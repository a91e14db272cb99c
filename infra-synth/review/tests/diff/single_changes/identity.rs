use infra_synth_review::diff::Verdict::{Broadening, Harmless, Narrowing, Unjudged};
use serde_json::json;

use super::all;
use crate::edit::{Push, Remove, Set};

#[test]
fn a_role_may_no_more_than_before() {
    all(&[
        (
            Push(
                "CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement",
                json!({"Effect": "Allow", "Action": "dynamodb:*", "Resource": {"Fn::GetAtt": ["AppointmentTable", "Arn"]}}),
            ),
            &[Broadening],
            "dynamodb:* by CreateAppointmentRole on ${AppointmentTable.Arn}",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Resource",
                json!("*"),
            ),
            &[Broadening],
            "dynamodb:PutItem by CreateAppointmentRole on *",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Action",
                json!("dynamodb:Put*"),
            ),
            &[Broadening],
            "dynamodb:Put*",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Action",
                json!("DynamoDB:putitem"),
            ),
            &[Harmless],
            "no interruption",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/ManagedPolicyArns",
                json!(["arn:aws:iam::aws:policy/AdministratorAccess"]),
            ),
            &[Broadening],
            "everything in arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/ManagedPolicyArns",
                json!(["arn:aws:iam::1:policy/own"]),
            ),
            &[Unjudged, Broadening],
            "cannot be read here",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal",
                json!({"AWS": "*"}),
            ),
            &[Broadening],
            "sts:AssumeRole by anyone",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal/AWS",
                json!("arn:aws:iam::1:root"),
            ),
            &[Broadening],
            "a principal is added",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/MaxSessionDuration",
                json!(43200),
            ),
            &[Broadening],
            "keeps it for longer",
        ),
        (
            Set(
                "CreateAppointmentRole/Properties/PermissionsBoundary",
                json!("arn:aws:iam::1:policy/x"),
            ),
            &[Narrowing],
            "limits",
        ),
        (
            Remove("CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/3"),
            &[Narrowing],
            "sns:Publish",
        ),
        (
            Set("CreateAppointmentRole/Properties/RoleName", json!("other")),
            &[Harmless],
            "replacement forced by RoleName",
        ),
        (
            Remove("ProcessAppointmentPERole/Properties/Policies/0/PolicyDocument/Statement/2"),
            &[Broadening],
            "no longer denied",
        ),
        (
            Set(
                "ProcessAppointmentPERole/Properties/Policies/0/PolicyDocument/Statement/2",
                json!({"Fn::If": ["C", {}, {}]}),
            ),
            &[Unjudged, Broadening],
            "cannot be read here",
        ),
    ]);
}

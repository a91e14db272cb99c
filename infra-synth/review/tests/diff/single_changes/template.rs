use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Narrowing, Unjudged};
use serde_json::json;

use super::all;
use crate::edit::{Remove, Set};

#[test]
fn what_stands_around_the_resources_is_judged_too() {
    all(&[
        (
            Set("//Parameters/AssetBucket/Default", json!("bucket")),
            &[Unjudged],
            "gets another value",
        ),
        (
            Remove("//Parameters/DatabaseResourceId/AllowedPattern"),
            &[Unjudged],
            "holds `DatabaseResourceId` to other values",
        ),
        (Remove("//Outputs/ApiUrl"), &[Harmless], "Outputs.ApiUrl"),
        (Set("//Description", json!("other")), &[Harmless], "Description"),
        (
            Set("//Conditions", json!({"C": {"Fn::Equals": ["a", "b"]}})),
            &[Unjudged],
            "is not judged",
        ),
        (
            Set("//Transform", json!("AWS::Serverless-2016-10-31")),
            &[Unjudged],
            "`Transform`",
        ),
        (
            Set("It", json!({"Type": "Custom::Thing"})),
            &[Unjudged],
            "is not known here",
        ),
        (
            Set("AppointmentTable/Type", json!("AWS::DynamoDB::GlobalTable")),
            &[Unjudged, Narrowing, Destructive],
            "another type under one logical id",
        ),
        (
            Set("AppointmentTable/DependsOn", json!(["AppointmentTopic"])),
            &[Harmless],
            "DependsOn",
        ),
        (
            Set("AppointmentTable/Condition", json!("C")),
            &[Unjudged],
            "`Condition`",
        ),
    ]);
}

#[test]
fn a_secret_around_the_resources_broadens_and_is_never_repeated() {
    use infra_synth_review::diff::{json as to_json, markdown, text};

    use crate::edit::review_of;

    let token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
    for edit in [
        Set(
            "//Parameters/DbPassword",
            json!({"Type": "String", "Default": "Sup3rS3cret!9q"}),
        ),
        Set("//Parameters/VpcId/Default", json!("AKIAIOSFODNN7EXAMPLE")),
        Set("//Outputs/P", json!({"Value": "AKIAIOSFODNN7EXAMPLE"})),
        Set("//Metadata", json!({"Deploy": {"ApiToken": "Sup3rS3cret!9q"}})),
        Set("//Description", json!(format!("use {token}"))),
        Set(
            "AppointmentTable/Properties/Tags",
            json!([{"Key": "password", "Value": "Sup3rS3cret!9q"}]),
        ),
        Set("AppointmentTable/Metadata", json!({"Note": token})),
    ] {
        let review = review_of(std::slice::from_ref(&edit));
        assert!(review.verdicts().contains(&Broadening), "{edit:?}");
        for shown in [
            text(&review, false),
            markdown(&review),
            to_json(&review, &[]).unwrap(),
        ] {
            for secret in ["Sup3rS3cret", "AKIAIOSF", "ghp_abc", "ghp\\_abc"] {
                assert!(!shown.contains(secret), "{edit:?}\n{shown}");
            }
        }
    }
}

#[test]
fn an_output_of_a_hidden_parameter_broadens() {
    let review = crate::edit::review_of(&[
        Set(
            "//Parameters/DbPassword",
            json!({"Type": "String", "NoEcho": true}),
        ),
        Set("//Outputs/P", json!({"Value": {"Ref": "DbPassword"}})),
    ]);
    assert!(
        review
            .reasons(Broadening)
            .iter()
            .any(|reason| reason.contains("shows a secret"))
    );
}

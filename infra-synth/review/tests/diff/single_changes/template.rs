use infra_synth_review::diff::Verdict::{Destructive, Harmless, Narrowing, Unjudged};
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

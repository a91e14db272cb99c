//! What other tools' gates let pass.

use infra_synth_review::diff::{Gate, Verdict};
use serde_json::json;

use crate::edit::review_of_one;

#[test]
fn an_api_method_that_loses_its_authorization_is_broadening() {
    let method = |authorization| {
        json!({"Type": "AWS::ApiGateway::Method", "Properties": {
            "RestApiId": {"Ref": "Api"}, "ResourceId": {"Ref": "Path"}, "HttpMethod": "GET", "AuthorizationType": authorization,
        }})
    };
    let review = review_of_one(&method("AWS_IAM"), &method("NONE"));
    let offence = Gate::Broadening.offence(&review).unwrap();
    assert!(offence.reasons[0].contains("loses its authorizer"), "{offence:?}");

    let route = |authorizer: &serde_json::Value| {
        let mut properties = json!({"ApiId": {"Ref": "Api"}, "RouteKey": "GET /appointments"});
        properties
            .as_object_mut()
            .unwrap()
            .extend(authorizer.as_object().unwrap().clone());
        json!({"Type": "AWS::ApiGatewayV2::Route", "Properties": properties})
    };
    let guarded =
        json!({"AuthorizationType": "JWT", "AuthorizerId": {"Ref": "A"}, "AuthorizationScopes": ["read"]});
    for open in [
        json!({}),
        json!({"AuthorizationType": "JWT", "AuthorizerId": {"Ref": "A"}}),
        json!({"AuthorizationType": "JWT", "AuthorizerId": {"Ref": "A"}, "AuthorizationScopes": ["read", "any"]}),
        json!({"AuthorizationType": "JWT", "AuthorizerId": {"Ref": "B"}, "AuthorizationScopes": ["read"]}),
    ] {
        let review = review_of_one(&route(&guarded), &route(&open));
        assert!(Gate::Broadening.offence(&review).is_some(), "{open}");
    }
}

#[test]
fn an_authorizer_that_admits_others_is_broadening() {
    let authorizer = |audience: &[&str], issuer: &str| {
        json!({"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {
            "ApiId": {"Ref": "Api"}, "AuthorizerType": "JWT", "Name": "a",
            "JwtConfiguration": {"Audience": audience, "Issuer": issuer},
        }})
    };
    let old = authorizer(&["app"], "https://issuer.example");
    for new in [
        authorizer(&["app", "other"], "https://issuer.example"),
        authorizer(&["app"], "https://other.example"),
    ] {
        assert!(Gate::Broadening.offence(&review_of_one(&old, &new)).is_some());
    }
}

#[test]
fn a_queue_that_is_no_longer_retained_is_destructive() {
    let queue = |policy| json!({"Type": "AWS::SQS::Queue", "DeletionPolicy": policy});
    for kept in ["Retain", "RetainExceptOnCreate", "Snapshot"] {
        let review = review_of_one(&queue(kept), &queue("Delete"));
        assert!(Gate::Destructive.offence(&review).is_some(), "{kept}");
        assert!(
            Gate::Destructive
                .offence(&review_of_one(&queue("Delete"), &queue(kept)))
                .is_none(),
            "{kept}"
        );
    }
}

#[test]
fn a_reference_to_a_secret_that_goes_is_broadening() {
    let function = |variables: &serde_json::Value| json!({"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": variables}}});
    let old = function(&json!({"DB_PASSWORD": "{{resolve:secretsmanager:db:SecretString:password}}"}));
    let gone = review_of_one(&old, &function(&json!({"OTHER": "1"})));
    assert!(gone.verdicts().contains(&Verdict::Broadening));

    let literal = review_of_one(&old, &function(&json!({"DB_PASSWORD": "Tr0ub4dor"})));
    assert!(literal.verdicts().contains(&Verdict::Broadening));
    let written = infra_synth_review::diff::json(&literal, &[]).unwrap();
    assert!(!written.contains("Tr0ub4dor"), "a review never repeats a secret");
    assert!(!infra_synth_review::diff::markdown(&literal).contains("Tr0ub4dor"));
    assert!(!infra_synth_review::diff::text(&literal, false).contains("Tr0ub4dor"));
    let away = review_of_one(&function(&json!({"DB_PASSWORD": "Tr0ub4dor"})), &old);
    assert!(!infra_synth_review::diff::text(&away, false).contains("Tr0ub4dor"));
}

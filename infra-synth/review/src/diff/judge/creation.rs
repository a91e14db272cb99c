//! What a property opens on a resource that was not there before.

use super::{Change, judge, weigh};
use crate::diff::review::{Finding, Verdict};
use crate::diff::value::Value;

/// Why the property of a new resource is to be thought about. Nothing is lost or closed by what was not there, so only
/// what opens something is told, and what cannot be judged; save where it takes the place of a default.
pub(crate) fn created(change: &Change<'_>) -> Vec<Finding> {
    let resource_type = change.new_resource.resource_type.as_str();
    if says_nothing_yet(resource_type, change.property) {
        return Vec::new();
    }
    let found = match (resource_type, change.property) {
        ("AWS::S3::Bucket", "PublicAccessBlockConfiguration") => Some(bucket_block(change)),
        ("AWS::S3::Bucket", "AccessControl") => acl(change),
        ("AWS::Events::Rule" | "AWS::ApiGatewayV2::Authorizer", "RoleArn" | "AuthorizerUri")
        | ("AWS::Lambda::Function", "Role")
        | ("AWS::ApiGatewayV2::Route", "Target") => ours(change),
        ("AWS::ApiGatewayV2::Integration", "IntegrationType") => integration_type(change),
        ("AWS::ApiGatewayV2::Integration", "IntegrationUri") => uri(change),
        _ => judge(change),
    };
    let unjudged = || {
        let reason = format!("what `{}` opens is not known here", change.property);
        vec![Finding::new(Verdict::Unjudged, reason)]
    };
    found
        .unwrap_or_else(unjudged)
        .into_iter()
        .filter(|finding| {
            matches!(finding.verdict, Verdict::Broadening | Verdict::Unjudged)
                || is_about_what_was_there(change)
        })
        .collect()
}

/// Whether the resource is a setting of another one that was there before, with a default in its place.
fn is_about_what_was_there(change: &Change<'_>) -> bool {
    let function = change
        .new_resource
        .property("FunctionName")
        .and_then(Value::as_text);
    change.new_resource.resource_type == "AWS::Lambda::EventInvokeConfig"
        && function.is_some_and(|function| {
            function
                .references()
                .any(|id| change.old_model.resources.contains_key(id))
        })
}

/// What matters only as a change of it, or with something else that is judged where it stands.
fn says_nothing_yet(resource_type: &str, property: &str) -> bool {
    match resource_type {
        // What its code may do is in its role, and what it is told is new with it.
        "AWS::Lambda::Function" => matches!(
            property,
            "Code" | "CodeSigningConfigArn" | "Environment" | "Handler" | "ImageConfig" | "KmsKeyArn"
        ),
        "AWS::Lambda::EventSourceMapping" => matches!(property, "KmsKeyArn" | "FunctionResponseTypes"),
        "AWS::SNS::Subscription" => property == "RawMessageDelivery",
        "AWS::IAM::Role" => property == "MaxSessionDuration",
        // Who reaches it is said by its security groups and its policy.
        "AWS::EC2::VPCEndpoint" => property == "SubnetIds",
        "AWS::KMS::Alias" => property == "TargetKeyId",
        "AWS::Logs::LogGroup" => property == "LogGroupClass",
        "AWS::S3::Bucket" => {
            matches!(
                property,
                "BucketEncryption"
                    | "LifecycleConfiguration"
                    | "ObjectLockConfiguration"
                    | "ObjectLockEnabled"
            )
        }
        // Whom it admits matters once a route asks it, and the route's change tells.
        "AWS::ApiGatewayV2::Authorizer" => {
            property != "AuthorizerUri" && property != "AuthorizerCredentialsArn"
        }
        "AWS::ApiGatewayV2::Integration" => property == "IntegrationMethod",
        // Whom it tells says something; when it does is new with it.
        "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => property != "AlarmActions",
        _ => false,
    }
}

/// Fields that are not there count as `false`.
fn bucket_block(change: &Change<'_>) -> Vec<Finding> {
    let parts = [
        "BlockPublicAcls",
        "BlockPublicPolicy",
        "IgnorePublicAcls",
        "RestrictPublicBuckets",
    ];
    parts
        .into_iter()
        .filter(|part| !weigh::is_on(change.field(part).1))
        .map(|part| {
            Finding::new(
                Verdict::Broadening,
                format!("`{part}` does not keep the public out"),
            )
        })
        .collect()
}

fn acl(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.new.and_then(Value::as_literal)? {
        "Private" => change.harmless(),
        "LogDeliveryWrite" => change.found(Verdict::Unjudged, "the service that writes logs may write here"),
        other => change.found(Verdict::Broadening, format!("`{other}` lets others in")),
    }
}

fn ours(change: &Change<'_>) -> Option<Vec<Finding>> {
    let new = change.new?;
    if new.texts().iter().any(|text| change.names_ours(text)) {
        change.harmless()
    } else {
        let reason = format!("`{}` is {new}, which is not in the template", change.property);
        change.found(Verdict::Unjudged, reason)
    }
}

fn integration_type(change: &Change<'_>) -> Option<Vec<Finding>> {
    match change.new.and_then(Value::as_literal)? {
        // What it calls is its URI.
        "AWS_PROXY" | "HTTP_PROXY" | "HTTP" | "AWS" | "MOCK" => change.harmless(),
        _ => None,
    }
}

fn uri(change: &Change<'_>) -> Option<Vec<Finding>> {
    let new = change.new?;
    if new.texts().iter().any(|text| change.names_ours(text)) {
        change.harmless()
    } else {
        change.found(
            Verdict::Broadening,
            format!("requests go to {new}, outside this stack"),
        )
    }
}

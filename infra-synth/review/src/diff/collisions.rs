//! Resources that take over, under another logical id, what another one still holds.
//!
//! CloudFormation creates before it deletes: a name that is still held is refused, and what two resources write to one
//! place goes with the first of them that is deleted.

use infra_synth_cfn::resources::name_property;

use super::holdings::fate;
use super::model::{Model, Resource};
use super::review::{DataFate, Finding, Verdict};
use super::value::Value;

/// What happens when two resources of a type have the same in these properties.
struct Single {
    resource_type: &'static str,
    properties: &'static [&'static str],
    then: Then,
}

#[derive(Clone, Copy)]
enum Then {
    /// The second one cannot be made.
    Refused,
    /// Both are the same thing outside, which goes when one of them is deleted.
    Shared,
}

const SINGLES: [Single; 16] = [
    single(
        "AWS::Lambda::EventSourceMapping",
        &["EventSourceArn", "FunctionName"],
        Then::Refused,
    ),
    single(
        "AWS::Lambda::EventInvokeConfig",
        &["FunctionName", "Qualifier"],
        Then::Refused,
    ),
    single("AWS::Lambda::Url", &["TargetFunctionArn"], Then::Refused),
    single(
        "AWS::EC2::SecurityGroupIngress",
        &[
            "GroupId",
            "IpProtocol",
            "FromPort",
            "ToPort",
            "SourceSecurityGroupId",
        ],
        Then::Refused,
    ),
    single("AWS::IAM::Policy", &["PolicyName", "Roles"], Then::Shared),
    single("AWS::ApiGatewayV2::Route", &["ApiId", "RouteKey"], Then::Refused),
    single("AWS::ApiGatewayV2::Stage", &["ApiId", "StageName"], Then::Refused),
    single("AWS::KMS::Alias", &["AliasName"], Then::Refused),
    single(
        "AWS::SNS::Subscription",
        &["TopicArn", "Protocol", "Endpoint"],
        Then::Shared,
    ),
    single("AWS::SQS::QueuePolicy", &["Queues"], Then::Shared),
    single("AWS::SNS::TopicPolicy", &["Topics"], Then::Shared),
    single("AWS::S3::BucketPolicy", &["Bucket"], Then::Shared),
    single(
        "AWS::Events::EventBusPolicy",
        &["EventBusName", "StatementId"],
        Then::Shared,
    ),
    single(
        "AWS::Logs::MetricFilter",
        &["LogGroupName", "FilterName"],
        Then::Shared,
    ),
    single("AWS::Logs::ResourcePolicy", &["PolicyName"], Then::Shared),
    single("AWS::CloudWatch::Dashboard", &["DashboardName"], Then::Shared),
];

const fn single(resource_type: &'static str, properties: &'static [&'static str], then: Then) -> Single {
    Single {
        resource_type,
        properties,
        then,
    }
}

/// What stands in the way of a resource that is new, or has a name that it had not.
pub(crate) fn findings(before: &Model<'_>, after: &Model<'_>, new: &Resource) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(name) = physical_name(&new.resource_type)
        && let Some(holder) = holder(before, new, &[name])
    {
        findings.push(refused(after, holder, &format!("`{name}`")));
    }
    if new.resource_type == "AWS::EC2::VPCEndpoint"
        && new.property("PrivateDnsEnabled").and_then(Value::as_flag) == Some(true)
        && let Some(holder) = holder(before, new, &["ServiceName", "VpcId", "PrivateDnsEnabled"])
    {
        findings.push(refused(after, holder, "the service's private name"));
    }
    for single in SINGLES
        .iter()
        .filter(|single| single.resource_type == new.resource_type)
    {
        let Some(holder) = holder(before, new, single.properties) else {
            continue;
        };
        let what = format!("`{}`", single.properties.join("` and `"));
        findings.push(match single.then {
            Then::Refused => refused(after, holder, &what),
            // One that stays, or is kept, is not deleted and takes nothing with it.
            Then::Shared
                if after.resources.contains_key(&holder.id)
                    || fate(holder, "DeletionPolicy") == DataFate::Kept =>
            {
                continue;
            }
            Then::Shared => Finding::new(
                Verdict::Destructive,
                format!(
                    "`{}` is the same thing by {what} and is deleted after this one is made: it is gone then; keep the logical id",
                    holder.id
                ),
            ),
        });
    }
    findings.extend(overwritten(before, after, new));
    findings
}

/// That another resource writes the same whole: of a queue's policy, say, there is one, and the last to write it wins.
fn overwritten(before: &Model<'_>, after: &Model<'_>, new: &Resource) -> Option<Finding> {
    let properties = match new.resource_type.as_str() {
        "AWS::SQS::QueuePolicy" => &["Queues"][..],
        "AWS::SNS::TopicPolicy" => &["Topics"],
        "AWS::S3::BucketPolicy" => &["Bucket"],
        "AWS::IAM::Policy" => &["PolicyName", "Roles"],
        _ => return None,
    };
    let meet = |one: &Resource, other: &Resource| {
        let shared = |name: &&str| match (one.property(name), other.property(name)) {
            (Some(one), Some(other)) => one.elements().iter().any(|item| other.elements().contains(item)),
            _ => false,
        };
        one.resource_type == other.resource_type && properties.iter().all(shared)
    };
    let met = |other: &Resource| {
        let (one, other) = (before.resources.get(&new.id), before.resources.get(&other.id));
        one.zip(other).is_some_and(|(one, other)| meet(one, other))
    };
    let other = after
        .resources
        .values()
        .find(|other| other.id != new.id && meet(new, other) && !met(other))?;
    Some(Finding::new(
        Verdict::Unjudged,
        format!(
            "`{}` writes the same policy: the later of the two overwrites the other; make one of them",
            other.id
        ),
    ))
}

fn refused(after: &Model<'_>, holder: &Resource, what: &str) -> Finding {
    let until = if after.resources.contains_key(&holder.id) {
        "until it is changed, which comes after"
    } else if fate(holder, "DeletionPolicy") == DataFate::Kept {
        "and keeps it when it has left the stack"
    } else {
        "until it is deleted, which comes after"
    };
    Finding::new(
        Verdict::Unjudged,
        format!(
            "it cannot be made: `{}` holds {what} {until}; keep the logical id, or change the name",
            holder.id
        ),
    )
}

/// Another resource of the old template that has the same in these properties, if this one had not.
fn holder<'m>(before: &'m Model<'_>, new: &Resource, properties: &[&str]) -> Option<&'m Resource> {
    let has_all = properties.iter().all(|name| new.property(name).is_some());
    let same = |old: &Resource| {
        old.resource_type == new.resource_type
            && properties
                .iter()
                .all(|name| old.property(name) == new.property(name))
    };
    let had_it = before.resources.get(&new.id).is_some_and(same);
    if !has_all || had_it {
        return None;
    }
    before
        .resources
        .values()
        .find(|old| old.id != new.id && same(old))
}

/// The property that names a resource; two of one name cannot be there at once, as they are during a replacement.
pub(crate) fn physical_name(resource_type: &str) -> Option<&'static str> {
    let property = name_property(resource_type)?;
    let is_unique = !matches!(
        resource_type,
        // An API's name is a remark; a second dashboard of a name is the same one, see above.
        "AWS::ApiGatewayV2::Api" | "AWS::ApiGatewayV2::Authorizer" | "AWS::CloudWatch::Dashboard"
    );
    is_unique.then_some(property)
}

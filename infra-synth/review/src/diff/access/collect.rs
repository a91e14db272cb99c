//! Where a template says who may do what.

use std::collections::BTreeMap;

use super::condition::Condition;
use super::statement::{Grant, Grants, Names, Scope, Unread};
use crate::diff::model::{Model, Resource};
use crate::diff::pattern::Reading;
use crate::diff::review::Means;
use crate::diff::value::{Text, Value};

/// Resources that carry the policy of other ones: type, property that names them, property with the policy.
const ATTACHED: [(&str, &str, &str); 6] = [
    ("AWS::SQS::QueuePolicy", "Queues", "PolicyDocument"),
    ("AWS::SQS::QueueInlinePolicy", "Queue", "PolicyDocument"),
    ("AWS::SNS::TopicPolicy", "Topics", "PolicyDocument"),
    ("AWS::SNS::TopicInlinePolicy", "TopicArn", "PolicyDocument"),
    ("AWS::S3::BucketPolicy", "Bucket", "PolicyDocument"),
    (
        "AWS::SecretsManager::ResourcePolicy",
        "SecretId",
        "ResourcePolicy",
    ),
];

/// Resources that carry their own policy: type, path to it.
const OWN: [(&str, &[&str]); 7] = [
    ("AWS::EC2::VPCEndpoint", &["PolicyDocument"]),
    ("AWS::Events::EventBus", &["Policy"]),
    ("AWS::KMS::Key", &["KeyPolicy"]),
    ("AWS::DynamoDB::Table", &["ResourcePolicy", "PolicyDocument"]),
    ("AWS::Logs::LogGroup", &["ResourcePolicyDocument"]),
    ("AWS::Logs::ResourcePolicy", &["PolicyDocument"]),
    ("AWS::ApiGateway::RestApi", &["Policy"]),
];

/// Conditions that a function's permission puts as properties: property, operator, key.
const PERMISSION_CONDITIONS: [(&str, &str, &str); 6] = [
    ("SourceArn", "ArnLike", "aws:SourceArn"),
    ("SourceAccount", "StringEquals", "aws:SourceAccount"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
    (
        "FunctionUrlAuthType",
        "StringEquals",
        "lambda:FunctionUrlAuthType",
    ),
    ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
];

/// Everything that the template's policies say.
pub(crate) fn grants(model: &Model<'_>) -> Grants {
    let mut grants = Grants::default();
    for resource in model.resources.values() {
        match resource.resource_type.as_str() {
            "AWS::IAM::Role" => {
                trust(&mut grants, resource);
                holder(&mut grants, model, resource);
            }
            "AWS::IAM::User" | "AWS::IAM::Group" => holder(&mut grants, model, resource),
            "AWS::IAM::Policy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::UserPolicy"
            | "AWS::IAM::GroupPolicy" => {
                for_holders(&mut grants, resource);
            }
            "AWS::IAM::ManagedPolicy" => {
                // Whoever attaches it elsewhere gets what it says.
                document_of(
                    &mut grants,
                    resource,
                    &Text::hole(resource.id.clone()),
                    &resource.id,
                );
                for_holders(&mut grants, resource);
            }
            "AWS::Lambda::Permission" => permission(&mut grants, resource),
            "AWS::Lambda::Url" => function_url(&mut grants, resource),
            "AWS::Events::EventBusPolicy" => bus_policy(&mut grants, resource),
            _ => resource_policy(&mut grants, resource),
        }
    }
    grants
}

/// What a role's own statements are, whoever declares them: to compare one role with another.
pub(crate) fn scope_of_role(role: &Text) -> Scope {
    Scope {
        means: Means::Identity,
        of: target(role),
    }
}

fn trust(grants: &mut Grants, role: &Resource) {
    let scope = Scope {
        means: Means::Trust,
        of: Text::hole(role.id.clone()),
    };
    if let Some(document) = role.property("AssumeRolePolicyDocument") {
        grants.document(&scope, document, None, &role.id);
    }
}

fn holder(grants: &mut Grants, model: &Model<'_>, holder: &Resource) {
    let name = Text::hole(holder.id.clone());
    let scope = scope_of_role(&name);
    let about = Names::only(&name);
    for policy in holder
        .property("Policies")
        .map(Value::elements)
        .unwrap_or_default()
    {
        let document = policy.get("PolicyDocument").unwrap_or(policy);
        grants.document(&scope, document, Some(&about), &holder.id);
    }
    for managed in holder
        .property("ManagedPolicyArns")
        .map(Value::elements)
        .unwrap_or_default()
    {
        let Some(arn) = managed.as_text() else { continue };
        if let Some(policy) = arn.as_hole().and_then(|id| model.resources.get(id)) {
            document_of(grants, policy, &name, &holder.id);
        } else {
            managed_policy(grants, &scope, arn, &holder.id);
        }
    }
}

/// A policy that stands elsewhere: all that can be said is whether it is the same one.
fn managed_policy(grants: &mut Grants, scope: &Scope, arn: &Text, declared_by: &str) {
    let shown = arn.to_string();
    let grant = |allows| Grant {
        scope: scope.clone(),
        allows,
        principal: Names::only(&scope.of),
        action: Names::only(arn).shown_as(format!("everything in {shown}")),
        resource: Names::matching(&Text::literal("*"), Reading::Wildcards),
        condition: Condition::All(Vec::new()),
        declared_by: declared_by.to_owned(),
    };
    grants.grants.push(grant(true));
    if shown.contains("Deny") {
        grants.grants.push(grant(false));
    } else if !shown.contains(":iam::aws:policy/") {
        // It may deny as well as allow.
        let statement = Value::Text(arn.clone());
        grants.unread.push(Unread {
            scope: scope.clone(),
            statement,
            declared_by: declared_by.to_owned(),
        });
    }
}

fn for_holders(grants: &mut Grants, policy: &Resource) {
    for property in ["Roles", "Users", "Groups", "RoleName", "UserName", "GroupName"] {
        for holder in policy.property(property).map(Value::elements).unwrap_or_default() {
            if let Some(holder) = holder.as_text() {
                document_of(grants, policy, holder, &policy.id);
            }
        }
    }
}

fn document_of(grants: &mut Grants, policy: &Resource, holder: &Text, declared_by: &str) {
    if let Some(document) = policy.property("PolicyDocument") {
        grants.document(
            &scope_of_role(holder),
            document,
            Some(&Names::only(&target(holder))),
            declared_by,
        );
    }
}

fn permission(grants: &mut Grants, permission: &Resource) {
    let Some(function) = permission.property("FunctionName").and_then(Value::as_text) else {
        return;
    };
    let text = |name: &str| {
        permission
            .property(name)
            .and_then(Value::as_text)
            .cloned()
            .unwrap_or_default()
    };
    let principal = text("Principal");
    let kind = if principal.to_string().ends_with(".amazonaws.com") {
        "Service"
    } else {
        "AWS"
    };
    let mut block: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for (property, operator, key) in PERMISSION_CONDITIONS {
        if let Some(value) = permission.property(property) {
            block
                .entry(operator.to_owned())
                .or_default()
                .insert(key.to_owned(), value.clone());
        }
    }
    let block = Value::Map(
        block
            .into_iter()
            .map(|(operator, keys)| (operator, Value::Map(keys)))
            .collect(),
    );
    grants.grants.push(Grant {
        scope: Scope {
            means: Means::Resource,
            of: target(function),
        },
        allows: true,
        principal: Names::principal(kind, &principal),
        action: Names::matching(&text("Action"), Reading::AnyCase),
        resource: Names::only(&target(function)),
        condition: Condition::read(Some(&block), false),
        declared_by: permission.id.clone(),
    });
}

fn function_url(grants: &mut Grants, url: &Resource) {
    let Some(function) = url.property("TargetFunctionArn").and_then(Value::as_text) else {
        return;
    };
    if url.property("AuthType").and_then(Value::as_literal) != Some("AWS_IAM") {
        grants.grants.push(Grant {
            scope: Scope {
                means: Means::Resource,
                of: target(function),
            },
            allows: true,
            principal: Names::principal("AWS", &Text::literal("*")),
            action: Names::matching(&Text::literal("lambda:InvokeFunctionUrl"), Reading::AnyCase),
            resource: Names::only(&target(function)),
            condition: Condition::All(Vec::new()),
            declared_by: url.id.clone(),
        });
    }
}

fn bus_policy(grants: &mut Grants, policy: &Resource) {
    let bus = policy
        .property("EventBusName")
        .and_then(Value::as_text)
        .map_or_else(|| Text::literal("default"), target);
    let scope = Scope {
        means: Means::Resource,
        of: bus.clone(),
    };
    let statement = policy.property("Statement").cloned().unwrap_or_else(|| {
        let list = |value: &Value| Value::List(value.elements().to_vec());
        let mut fields = BTreeMap::from([
            ("Effect".to_owned(), Value::literal("Allow")),
            ("Resource".to_owned(), Value::List(vec![Value::Text(bus)])),
        ]);
        if let Some(action) = policy.property("Action") {
            fields.insert("Action".to_owned(), list(action));
        }
        if let Some(principal) = policy.property("Principal") {
            fields.insert(
                "Principal".to_owned(),
                Value::Map(BTreeMap::from([("AWS".to_owned(), list(principal))])),
            );
        }
        if let Some(condition) = policy.property("Condition") {
            let field = |name: &str| {
                condition
                    .get(name)
                    .and_then(Value::as_literal)
                    .unwrap_or_default()
                    .to_owned()
            };
            let value = condition
                .get("Value")
                .cloned()
                .unwrap_or_else(|| Value::literal(""));
            let keys = Value::Map(BTreeMap::from([(field("Key"), value)]));
            fields.insert(
                "Condition".to_owned(),
                Value::Map(BTreeMap::from([(field("Type"), keys)])),
            );
        }
        Value::Map(fields)
    });
    let document = Value::Map(BTreeMap::from([
        ("Version".to_owned(), Value::literal("2012-10-17")),
        ("Statement".to_owned(), statement),
    ]));
    grants.document(&scope, &document, None, &policy.id);
}

fn resource_policy(grants: &mut Grants, resource: &Resource) {
    if let Some((_, targets, document)) = ATTACHED.iter().find(|(name, ..)| *name == resource.resource_type) {
        let Some(document) = resource.property(document) else {
            return;
        };
        for text in resource.property(targets).map(Value::texts).unwrap_or_default() {
            grants.document(
                &Scope {
                    means: Means::Resource,
                    of: target(text),
                },
                document,
                None,
                &resource.id,
            );
        }
    } else if let Some((_, path)) = OWN.iter().find(|(name, _)| *name == resource.resource_type) {
        let scope = Scope {
            means: Means::Resource,
            of: Text::hole(resource.id.clone()),
        };
        let mut found = path.first().and_then(|name| resource.property(name));
        for name in path.iter().skip(1) {
            found = found.and_then(|value| value.get(name));
        }
        match found {
            Some(document) => grants.document(&scope, document, None, &resource.id),
            None if resource.resource_type == "AWS::EC2::VPCEndpoint" => {
                open_endpoint(grants, scope, &resource.id);
            }
            None => {}
        }
    }
}

/// An endpoint without a policy lets everything through.
fn open_endpoint(grants: &mut Grants, scope: Scope, declared_by: &str) {
    let everything = Text::literal("*");
    grants.grants.push(Grant {
        scope,
        allows: true,
        principal: Names::principal("AWS", &everything),
        action: Names::matching(&everything, Reading::AnyCase),
        resource: Names::matching(&everything, Reading::Wildcards),
        condition: Condition::All(Vec::new()),
        declared_by: declared_by.to_owned(),
    });
}

/// A resource by its logical id, whether its name or its ARN is given.
pub(crate) fn target(text: &Text) -> Text {
    match text.as_hole() {
        Some(name) => Text::hole(name.strip_suffix(".Arn").unwrap_or(name)),
        None => text.clone(),
    }
}

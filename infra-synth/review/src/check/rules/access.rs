use serde_json::Value as Json;

use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::{Resource, Statement, Wiring, statements, text};

pub(super) static NO_PUBLIC_PRINCIPAL: Rule = Rule {
    id: "no-public-principal",
    severity: Severity::Error,
    title: "Nothing is open to everyone",
    why: "A principal `*` that no condition binds is every AWS account there is, and for some resources every person",
    mend: "Name the principal, or bind `*` to our account with `aws:PrincipalAccount` or `aws:SourceArn`",
    also_known_as: &[
        "HIPAA.Security-LambdaFunctionPublicAccessProhibited",
        "CKV_AWS_168",
        "CKV_AWS_169",
        "CKV_AWS_301",
        "lambda-function-public-access-prohibited",
    ],
    look: no_public_principal,
};

pub(super) static SERVICE_BOUND: Rule = Rule {
    id: "service-principal-bound",
    severity: Severity::Error,
    title: "A service that may act here may do so for our resources alone",
    why: "Otherwise anybody can have the service act on their behalf (the confused deputy)",
    mend: "Add a condition on `aws:SourceArn` or `aws:SourceAccount`; for a function permission, `SourceArn`",
    also_known_as: &["CKV_AWS_364"],
    look: service_bound,
};

pub(super) static NO_WILDCARD_ACTION: Rule = Rule {
    id: "no-wildcard-action",
    severity: Severity::Error,
    title: "Policies name the calls that they allow",
    why: "`*` allows what nobody thought of, tomorrow's calls among it",
    mend: "List the calls that are made",
    also_known_as: &[
        "AwsSolutions-IAM5",
        "HIPAA.Security-IAMPolicyNoStatementsWithFullAccess",
        "CKV_AWS_63",
        "iam-policy-no-statements-with-full-access",
    ],
    look: no_wildcard_action,
};

pub(super) static NO_WILDCARD_RESOURCE: Rule = Rule {
    id: "no-wildcard-resource",
    severity: Severity::Error,
    title: "Policies name the resources that they allow calls on",
    why: "A function that is taken over reaches whatever its role reaches",
    mend: "Name the resource by `Ref` or `Fn::GetAtt`",
    also_known_as: &[
        "AwsSolutions-IAM5",
        "HIPAA.Security-IAMPolicyNoStatementsWithAdminAccess",
        "CKV_AWS_111",
        "iam-policy-no-statements-with-admin-access",
    ],
    look: no_wildcard_resource,
};

pub(super) static NO_FULL_ACCESS_POLICY: Rule = Rule {
    id: "no-full-access-policy",
    severity: Severity::Error,
    title: "No managed policy gives the whole of a service or account",
    why: "AdministratorAccess and its like allow whatever there is; and what a managed policy allows changes without a change here",
    mend: "Write the calls that are made into a policy of the role, or declare the managed policy in this template",
    also_known_as: &[
        "AwsSolutions-IAM4",
        "CKV_AWS_274",
        "iam-policy-no-statements-with-admin-access",
    ],
    look: no_full_access_policy,
};

pub(super) static ONE_ROLE_A_FUNCTION: Rule = Rule {
    id: "one-role-a-function",
    severity: Severity::Error,
    title: "Every function has a role of its own",
    why: "In a shared role each function may do what all of them need",
    mend: "Give the function a role with the calls that it makes",
    also_known_as: &[],
    look: one_role_a_function,
};

/// Calls that IAM cannot bind to a resource, by the service authorization reference.
const UNBINDABLE: [&str; 9] = [
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ec2:DescribeSecurityGroups",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "cloudwatch:PutMetricData",
];

/// Condition keys that bind everyone to somebody.
const BINDING_KEYS: [&str; 9] = [
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceVpce",
    "aws:SourceVpc",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "kms:CallerAccount",
];

fn no_public_principal(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for (holder, statement) in resource_statements(wiring) {
        let open = statement.allows() && statement.is_for_anyone() && !is_bound(&statement);
        looks.expect(
            !open,
            holder,
            &statement.path,
            "everyone is allowed, and no condition binds them",
        );
    }
    for permission in wiring.of("AWS::Lambda::Permission") {
        let bound = ["SourceArn", "SourceAccount", "PrincipalOrgID"]
            .iter()
            .any(|key| permission.property(key).is_some());
        let open = permission.text("Principal") == Some("*") && !bound;
        looks.expect(!open, permission, "Principal", "everyone may invoke the function");
    }
    for url in wiring.of("AWS::Lambda::Url") {
        let open = url.text("AuthType") == Some("NONE");
        looks.expect(
            !open,
            url,
            "AuthType",
            "everyone who has the URL may invoke the function",
        );
    }
}

fn service_bound(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for (holder, statement) in resource_statements(wiring) {
        // Whom a role trusts is the service itself; it acts for resources that name the role.
        let is_trust = holder.kind == "AWS::IAM::Role";
        if !is_trust && statement.allows() && !statement.principals("Service").is_empty() {
            looks.expect(
                is_bound(&statement),
                holder,
                &statement.path,
                "the service may act for any resource of anybody",
            );
        }
    }
    for permission in wiring.of("AWS::Lambda::Permission") {
        let is_service = permission
            .text("Principal")
            .is_some_and(|principal| principal.ends_with(".amazonaws.com"));
        if is_service {
            let bound =
                permission.property("SourceArn").is_some() || permission.property("SourceAccount").is_some();
            looks.expect(
                bound,
                permission,
                "SourceArn",
                "the service may invoke the function for any resource of anybody",
            );
        }
    }
}

fn no_wildcard_action(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for (holder, statement) in wiring
        .identity_statements()
        .into_iter()
        .chain(resource_statements(wiring))
    {
        if !statement.allows() {
            continue;
        }
        let wild: Vec<&str> = statement
            .actions()
            .into_iter()
            .filter(|action| action.contains('*'))
            .collect();
        let what = if statement.is_inverted() {
            "the statement allows all but what it names".to_owned()
        } else {
            format!("the statement allows `{}`", wild.join("`, `"))
        };
        looks.expect(
            wild.is_empty() && !statement.is_inverted(),
            holder,
            &statement.path,
            what,
        );
    }
}

fn no_wildcard_resource(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for (holder, statement) in wiring.identity_statements() {
        if !statement.allows() {
            continue;
        }
        // A wildcard under a resource of ours (`${Bucket.Arn}/*`) stays within it.
        let is_wild = |value: &&Json| text(value).contains('*') && wiring.target(value).is_none();
        let is_wild = statement.resources().iter().any(is_wild);
        let bindable: Vec<&str> = statement
            .actions()
            .into_iter()
            .filter(|action| !UNBINDABLE.contains(action))
            .collect();
        looks.expect(
            !is_wild || bindable.is_empty(),
            holder,
            &statement.path,
            format!("`{}` on every resource", bindable.join("`, `")),
        );
    }
}

fn no_full_access_policy(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    let holders = wiring.all().filter(|resource| {
        matches!(
            resource.kind,
            "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group"
        )
    });
    for holder in holders {
        let path = "ManagedPolicyArns";
        let attached = holder.list(path);
        if attached.is_empty() {
            looks.expect(true, holder, path, "");
        }
        for (at, policy) in attached.into_iter().enumerate() {
            let path = format!("{path}.{at}");
            let arn = text(policy);
            let name = arn.rsplit('/').next().unwrap_or(&arn);
            if wiring
                .target(policy)
                .is_some_and(|found| found.kind == "AWS::IAM::ManagedPolicy")
            {
                // Its statements are looked at where they stand.
                looks.expect(true, holder, &path, "");
            } else if arn.contains(":iam::aws:policy/") && gives_all(name) {
                looks.expect(
                    false,
                    holder,
                    &path,
                    format!("`{name}` allows every call of what it is for"),
                );
            } else {
                looks.unsure(
                    holder,
                    &path,
                    format!("what `{name}` allows is not in the template"),
                );
            }
        }
    }
}

/// Whether a managed policy of AWS is one that allows everything, or everything of a service, by its name.
fn gives_all(name: &str) -> bool {
    ["FullAccess", "AdministratorAccess", "PowerUser"]
        .iter()
        .any(|part| name.contains(part))
        || name.ends_with("Administrator")
}

fn one_role_a_function(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    let functions: Vec<_> = wiring
        .functions()
        .filter_map(|function| Some((function, text(function.property("Role")?))))
        .collect();
    for (position, (function, role)) in functions.iter().enumerate() {
        let other = functions[..position].iter().find(|(_, earlier)| earlier == role);
        let what = other.map(|(other, _)| format!("the function has the role of `{}`", other.id));
        looks.expect(other.is_none(), *function, "Role", what.unwrap_or_default());
    }
}

/// The statements that say who may use a resource, with the resource that they stand in.
fn resource_statements<'a>(wiring: &Wiring<'a>) -> Vec<(Resource<'a>, Statement<'a>)> {
    let mut found = Vec::new();
    for resource in wiring.all() {
        let path = match resource.kind {
            "AWS::IAM::Role" => "AssumeRolePolicyDocument",
            "AWS::KMS::Key" => "KeyPolicy",
            "AWS::SecretsManager::ResourcePolicy" => "ResourcePolicy",
            "AWS::SQS::QueuePolicy"
            | "AWS::SNS::TopicPolicy"
            | "AWS::S3::BucketPolicy"
            | "AWS::EC2::VPCEndpoint" => "PolicyDocument",
            "AWS::Events::EventBusPolicy" => {
                // Its one statement is itself, in the property `Statement` or, as it used to be written, around it.
                let whole = resource
                    .property("Statement")
                    .and(resource.body.get("Properties"));
                found.extend(
                    whole
                        .into_iter()
                        .flat_map(|json| statements(json, ""))
                        .map(|one| (resource, one)),
                );
                continue;
            }
            _ => continue,
        };
        if let Some(document) = resource.property(path) {
            found.extend(statements(document, path).into_iter().map(|one| (resource, one)));
        }
    }
    found
}

/// Whether some condition lets in only callers, or sources, that it names.
fn is_bound(statement: &Statement<'_>) -> bool {
    statement.conditions().iter().any(|condition| {
        let is_positive = matches!(
            condition.operator,
            "StringEquals" | "StringLike" | "ArnEquals" | "ArnLike" | "StringEqualsIgnoreCase"
        );
        let is_binding = BINDING_KEYS
            .iter()
            .any(|key| key.eq_ignore_ascii_case(condition.key));
        let names_somebody = |value: &&Json| !text(value).trim_matches(['*', ':']).is_empty();
        is_positive && is_binding && condition.values.iter().all(names_somebody)
    })
}

use serde_json::json;

use super::Case;

pub(super) fn cases() -> Vec<Case> {
    vec![
        (
            "a queue open to everyone",
            |t| {
                t.set(
                    "QueuePolicyPE/Properties/PolicyDocument/Statement/0/Principal",
                    json!("*"),
                );
                t.remove("QueuePolicyPE/Properties/PolicyDocument/Statement/0/Condition");
            },
            &[
                "no-public-principal QueuePolicyPE",
                "queue-admits-its-feeder AppointmentQueuePE",
            ],
        ),
        (
            "an endpoint open to every account",
            |t| {
                t.remove("EventBridgeVpcEndpoint/Properties/PolicyDocument/Statement/0/Condition");
            },
            &["no-public-principal EventBridgeVpcEndpoint"],
        ),
        (
            "a condition that binds nobody",
            |t| {
                t.set(
                    "EventBridgeVpcEndpoint/Properties/PolicyDocument/Statement/0/Condition",
                    json!({"StringLike": {"aws:PrincipalAccount": "*"}}),
                );
            },
            &["no-public-principal EventBridgeVpcEndpoint"],
        ),
        (
            "a function URL without sign-in",
            |t| {
                t.add(
                    "Url",
                    json!({"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE"}}),
                );
            },
            &["no-public-principal Url"],
        ),
        (
            "a permission for every API there is",
            |t| {
                t.remove("GetAppointmentPermission/Properties/SourceArn");
            },
            &["service-principal-bound GetAppointmentPermission"],
        ),
        (
            "a call on everything of a service",
            |t| {
                t.set(
                    "GetAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Action",
                    json!("dynamodb:*"),
                );
            },
            &["no-wildcard-action GetAppointmentRole"],
        ),
        (
            "every call but one",
            |t| {
                let place = "GetAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1";
                t.remove(&format!("{place}/Action"))
                    .set(&format!("{place}/NotAction"), json!("iam:*"));
            },
            &["no-wildcard-action GetAppointmentRole"],
        ),
        (
            "a call on every resource",
            |t| {
                t.set(
                    "GetAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Resource",
                    json!("*"),
                );
            },
            &["no-wildcard-resource GetAppointmentRole"],
        ),
        (
            "a call on every table",
            |t| {
                t.set(
                    "GetAppointmentRole/Properties/Policies/0/PolicyDocument/Statement/1/Resource",
                    json!("arn:aws:dynamodb:us-east-1:1:table/*"),
                );
            },
            &["no-wildcard-resource GetAppointmentRole"],
        ),
        (
            "two functions with one role",
            |t| {
                t.set(
                    "GetAppointmentLambdaFunction/Properties/Role",
                    json!({"Fn::GetAtt": ["CreateAppointmentRole", "Arn"]}),
                );
            },
            &["one-role-a-function GetAppointmentLambdaFunction"],
        ),
        (
            "CORS for all",
            |t| {
                t.set("HttpApi/Properties/CorsConfiguration/AllowOrigins", json!(["*"]));
            },
            &["cors-not-open HttpApi"],
        ),
        (
            "an API without limits",
            |t| {
                t.remove("HttpApiStage/Properties/DefaultRouteSettings");
            },
            &["api-throttled-and-logged HttpApiStage"],
        ),
        (
            "an API without a log",
            |t| {
                t.remove("HttpApiStage/Properties/AccessLogSettings");
            },
            &["api-throttled-and-logged HttpApiStage"],
        ),
        (
            "an access log of paths as called",
            |t| {
                t.set(
                    "HttpApiStage/Properties/AccessLogSettings/Format",
                    json!("$context.requestId $context.path"),
                );
            },
            &["access-log-tells-nobody HttpApiStage"],
        ),
        (
            "a role that may do everything",
            |t| {
                t.set(
                    "GetAppointmentRole/Properties/ManagedPolicyArns",
                    json!(["arn:aws:iam::aws:policy/AdministratorAccess"]),
                );
            },
            &["no-full-access-policy GetAppointmentRole"],
        ),
        (
            "a role that may do everything with a service",
            |t| {
                t.set(
                    "GetAppointmentRole/Properties/ManagedPolicyArns",
                    json!([{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonDynamoDBFullAccess_v2"}]),
                );
            },
            &["no-full-access-policy GetAppointmentRole"],
        ),
    ]
}

//! What the template asks for and cannot be honoured is refused at the start, by name and source line.

use infra_synth_local::{Options, StartError};
use serde_json::{Value, json};

use crate::support::{System, changed, options, template, without_statement};

fn refused(change: impl FnOnce(&mut Value)) -> String {
    match System::start_with(&changed(change), options()) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("it was not refused"),
    }
}

fn check(change: impl FnOnce(&mut Value), expected: &[&str]) {
    let error = refused(change);
    for part in expected {
        assert!(error.contains(part), "`{part}` is not in: {error}");
    }
}

#[test]
fn a_resource_type_that_does_not_run_locally() {
    check(
        |template| {
            template["Resources"]["Stream"] = json!({"Type": "AWS::Kinesis::Stream", "Properties": {}});
        },
        &["Stream: ", "`AWS::Kinesis::Stream`"],
    );
}

#[test]
fn a_property_that_is_not_honoured() {
    check(
        |template| template["Resources"]["AppointmentQueuePE"]["Properties"]["Surprise"] = json!(1),
        &["AppointmentQueuePE: property `Surprise`"],
    );
}

#[test]
fn a_filter_operator_that_is_not_matched() {
    check(
        |template| {
            template["Resources"]["SubscriptionPE"]["Properties"]["FilterPolicy"]["country"] =
                json!([{"cidr": "10.0.0.0/8"}]);
        },
        &["SubscriptionPE: property `FilterPolicy`", "cidr"],
    );
}

#[test]
fn an_intrinsic_that_is_not_evaluated() {
    check(
        |template| {
            template["Resources"]["AppointmentTopic"]["Properties"]["TopicName"] =
                json!({"Fn::ImportValue": "x"});
        },
        &["AppointmentTopic: property `TopicName`", "`Fn::ImportValue`"],
    );
}

#[test]
fn a_section_a_condition_and_a_wire_into_nothing_all_at_once() {
    check(
        |template| {
            template["Mappings"] = json!({});
            template["Resources"]["AppointmentTable"]["Condition"] = json!("IsProd");
            template["Resources"]["AppointmentQueueCL"]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"] =
                json!("arn:aws:sqs:us-east-1:000000000000:elsewhere");
        },
        &[
            "Mappings: ",
            "AppointmentTable: the attribute `Condition`",
            "AppointmentQueueCL: `arn:aws:sqs:us-east-1:000000000000:elsewhere`",
        ],
    );
}

#[test]
fn a_refusal_names_the_line_that_declared_the_resource() {
    let mut options = options();
    options.parameters.remove("AssetBucket");
    let Err(StartError::Refused(refusals)) = System::start_with(&template(), options) else {
        panic!("it was not refused")
    };
    let refusal = refusals
        .iter()
        .find(|one| one.logical_id == "CreateAppointmentLambdaFunction")
        .unwrap();
    assert!(
        refusal
            .to_string()
            .contains("(stacks/src/functions/create_appointment.rs:"),
        "{refusal}"
    );
    assert!(
        refusal.reason.contains("parameter `AssetBucket` has no value"),
        "{refusal}"
    );
}

#[test]
fn a_function_with_a_missing_or_empty_environment_variable_or_unknown_code() {
    let variables = "/Resources/CreateAppointmentLambdaFunction/Properties/Environment/Variables";
    let set = |name: &'static str, value: Value| {
        move |template: &mut Value| template.pointer_mut(variables).unwrap()[name] = value
    };
    check(
        set("SNS_TOPIC_ARN", json!("")),
        &["createAppointment", "`SNS_TOPIC_ARN` is empty"],
    );
    check(
        |template| {
            template
                .pointer_mut(variables)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove("APPOINTMENTS_TABLE");
        },
        &["createAppointment", "`APPOINTMENTS_TABLE` is missing"],
    );
    let code = Options {
        parameters: {
            let mut parameters = options().parameters;
            parameters.insert("GetAppointmentCode".to_owned(), "something-else".to_owned());
            parameters
        },
        ..options()
    };
    let Err(error) = System::start_with(&template(), code) else {
        panic!("it was not refused")
    };
    assert!(
        error
            .to_string()
            .contains("code `something-else` does not run locally"),
        "{error}"
    );
}

#[test]
fn a_mapping_whose_role_may_not_read_the_queue() {
    let template = without_statement("ProcessConfirmation", "sqs:ReceiveMessage");
    let Err(error) = System::start_with(&template, options()) else {
        panic!("it was not refused")
    };
    assert!(
        error.to_string().contains("may not call `sqs:ReceiveMessage`"),
        "{error}"
    );
}

#[test]
fn an_address_in_use() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let Err(error) = System::start_with(&template(), Options { listen, ..options() }) else {
        panic!("it was not refused")
    };
    assert_eq!(
        error.to_string(),
        format!("cannot listen on `{listen}`; choose another address with --listen")
    );
}

#[test]
fn what_aws_would_refuse_to_create() {
    let mapping = "ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE";
    let cases: &[(&str, Value, &[&str])] = &[
        (
            &format!("{mapping}/Properties/BatchSize"),
            json!(0),
            &[mapping, "`BatchSize` is 0", "1 to 10"],
        ),
        (
            &format!("{mapping}/Properties/BatchSize"),
            json!(100),
            &[mapping, "`BatchSize` is 100"],
        ),
        (
            &format!("{mapping}/Properties/ScalingConfig/MaximumConcurrency"),
            json!(1),
            &[mapping, "2 to 1000"],
        ),
        (
            "RepublishPendingEventInvokeConfig/Properties/MaximumRetryAttempts",
            json!(3),
            &["RepublishPendingEventInvokeConfig", "is 3", "0 to 2"],
        ),
        (
            "RepublishPendingEventInvokeConfig/Properties/MaximumEventAgeInSeconds",
            json!(59),
            &["RepublishPendingEventInvokeConfig", "is 59", "60 to 21600"],
        ),
        (
            "RepublishPendingEventInvokeConfig/Properties/FunctionName",
            json!("nobody"),
            &["RepublishPendingEventInvokeConfig", "`nobody` is no function"],
        ),
        (
            "CreateAppointmentLambdaFunction/Properties/Environment/Variables",
            json!(["AUTH"]),
            &[
                "CreateAppointmentLambdaFunction",
                "`Variables` should be an object",
            ],
        ),
        (
            "ProcessAppointmentPELambdaFunction/Properties/VpcConfig/SecurityGroupIds",
            json!([["sg-00000001"]]),
            &[
                "ProcessAppointmentPELambdaFunction",
                "`SecurityGroupIds` should be a list of texts",
            ],
        ),
        (
            "AppointmentQueuePE/Properties/VisibilityTimeout",
            json!(5),
            &[mapping, "after 5 s", "30 s"],
        ),
        (
            "AppointmentQueuePE/Properties/RedrivePolicy/maxReceiveCount",
            json!(0),
            &["AppointmentQueuePE", "1 to 1000"],
        ),
        (
            "AppointmentQueuePEDeadLetterQueue/Properties/RedriveAllowPolicy",
            json!({"redrivePermission": "denyAll"}),
            &["AppointmentQueuePE", "does not admit it"],
        ),
        (
            "AppointmentQueueCL/Properties/QueueName",
            json!("appointment-queue-pe"),
            &["two resources cannot have one name"],
        ),
        (
            "CreateAppointmentRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal/Service",
            json!("ec2.amazonaws.com"),
            &["CreateAppointmentLambdaFunction", "sts:AssumeRole"],
        ),
        (
            "HttpApi/Properties/DisableExecuteApiEndpoint",
            json!(true),
            &["HttpApi", "DisableExecuteApiEndpoint"],
        ),
        (
            "CreateAppointmentRoute/Properties/ApiId",
            json!("other"),
            &["CreateAppointmentRoute", "`other` is not the API"],
        ),
        (
            "HttpApiStage/Properties/RouteSettings",
            json!({"GET /nowhere": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}}),
            &["HttpApiStage", "`GET /nowhere`", "no route"],
        ),
        (
            "CreateAppointmentRoute/Properties/AuthorizationType",
            json!("AWS_IAM"),
            &["CreateAppointmentRoute", "`AuthorizationType` is `AWS_IAM`"],
        ),
        (
            "HttpApiStage/Properties/DefaultRouteSettings",
            json!({"ThrottlingRateLimit": 1}),
            &["HttpApiStage", "ThrottlingBurstLimit"],
        ),
    ];
    for (path, value, expected) in cases {
        check(
            |template| {
                let (parent, key) = path.rsplit_once('/').unwrap();
                template.pointer_mut(&format!("/Resources/{parent}")).expect(path)[key] = value.clone();
            },
            expected,
        );
    }
}

#[test]
fn a_schedule_that_is_not_a_rate_and_one_that_calls_nothing() {
    check(
        |template| {
            template["Resources"]["Noon"] = json!({"Type": "AWS::Events::Rule", "Properties": {
                "Name": "noon",
                "ScheduleExpression": "cron(0 12 * * ? *)",
                "Targets": [],
            }});
            template["Resources"]["Tick"] = json!({"Type": "AWS::Events::Rule", "Properties": {
                "Name": "tick",
                "ScheduleExpression": "rate(1 minute)",
                "Targets": [{"Id": "a", "Arn": "arn:aws:lambda:us-east-1:000000000000:function:none"}],
            }});
        },
        &[
            "Noon: property `ScheduleExpression` is `cron(0 12 * * ? *)`: `cron` expressions do not run locally",
            "Tick: `arn:aws:lambda:us-east-1:000000000000:function:none` is no function",
        ],
    );
}

#[test]
fn an_alarm_that_tells_nobody_who_is_there_and_a_chart_of_nothing() {
    check(
        |template| {
            template["Resources"]["Late"] = json!({"Type": "AWS::CloudWatch::Alarm", "Properties": {
                "AlarmActions": ["arn:aws:sns:us-east-1:000000000000:nobody"],
            }});
            template["Resources"]["Board"] = json!({"Type": "AWS::CloudWatch::Dashboard", "Properties": {
                "DashboardBody": {"Fn::Sub": "${Nothing.QueueName}"},
            }});
        },
        &[
            "Late: `arn:aws:sns:us-east-1:000000000000:nobody` is no topic",
            "Board: property `DashboardBody`: `Nothing`",
        ],
    );
}

#[test]
fn an_authorizer_of_another_kind_or_source_and_a_route_whose_authorizer_is_not_there() {
    let authorizer = |id: &str, change: Value| {
        let mut properties = json!({
            "ApiId": {"Ref": "HttpApi"},
            "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": {"Issuer": "https://issuer.example.com", "Audience": ["medical-schedule"]},
        });
        let changes = change.as_object().unwrap().clone();
        properties.as_object_mut().unwrap().extend(changes);
        (
            id.to_owned(),
            json!({"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": properties}),
        )
    };
    check(
        |template| {
            let resources = template["Resources"].as_object_mut().unwrap();
            resources.remove("HttpApiAuthorizer");
            resources.extend([
                authorizer("First", json!({"AuthorizerType": "REQUEST"})),
                authorizer(
                    "Second",
                    json!({"IdentitySource": ["$request.querystring.token"]}),
                ),
                authorizer(
                    "Third",
                    json!({"JwtConfiguration": {"Issuer": "https://issuer.example.com"}}),
                ),
            ]);
            resources["CreateAppointmentRoute"]["Properties"]["AuthorizationType"] = json!("JWT");
            resources["CreateAppointmentRoute"]["Properties"]["AuthorizerId"] = json!("elsewhere");
        },
        &[
            "First: property `AuthorizerType` is \"REQUEST\"",
            "Second: property `IdentitySource` is [\"$request.querystring.token\"]",
            "Second: a second authorizer",
            "Third: property `JwtConfiguration` names no Audience",
            "CreateAppointmentRoute: `elsewhere` is no authorizer",
        ],
    );
}

#[test]
fn a_secret_whose_value_is_in_the_template_or_made_of_what_is_not_understood() {
    check(
        |template| {
            let resources = template["Resources"].as_object_mut().unwrap();
            let mut add = |id: &str, properties: Value| {
                resources.insert(
                    id.to_owned(),
                    json!({"Type": "AWS::SecretsManager::Secret", "Properties": properties}),
                );
            };
            add("Written", json!({"SecretString": "not to be shown"}));
            add(
                "Template",
                json!({"GenerateSecretString": {"SecretStringTemplate": "{}"}}),
            );
            add("Long", json!({"GenerateSecretString": {"PasswordLength": 5000}}));
        },
        &[
            "Written: property `GenerateSecretString` is missing",
            "Template: property `SecretStringTemplate` is not honoured",
            "Long: property `PasswordLength` is 5000; AWS takes 1 to 4096",
        ],
    );
}

//! The names that clients, tables and the running stack depend on, and the promises around them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::{collections::BTreeSet, path::Path};

use infra_synth_cfn::{Template, resources::name_property};
use schedule_stacks::{CODE_PARAMETERS, StageSettings, appointment_stack};
use serde_json::{Map, Value as Json};

fn settings(stage: &str) -> StageSettings {
    StageSettings::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("stages"), stage).unwrap()
}

fn template(stage: &str) -> Template {
    appointment_stack(&settings(stage)).unwrap()
}

fn resources(template: &Template) -> &Map<String, Json> {
    template.as_value()["Resources"].as_object().unwrap()
}

fn properties<'a>(template: &'a Template, id: &str) -> &'a Json {
    &template.as_value()["Resources"][id]["Properties"]
}

/// Types that could have a name and are given none, so that CloudFormation can put a new one beside the old one.
const UNNAMED: [&str; 3] = [
    "AWS::EC2::SecurityGroup",
    "AWS::IAM::Role",
    "AWS::SecretsManager::Secret",
];

/// Logical id and physical name of every resource that has one of its own.
fn physical_names(template: &Template) -> Vec<(String, String)> {
    let named = resources(template).iter().filter_map(|(id, resource)| {
        let kind = resource["Type"].as_str()?;
        let property = name_property(kind)?;
        let name = resource["Properties"][property].as_str();
        assert!(
            name.is_some() || UNNAMED.contains(&kind),
            "`{id}` ({kind}) has no name"
        );
        Some((id.clone(), name?.to_owned()))
    });
    named.collect()
}

#[test]
fn every_logical_id_has_the_type_and_name_of_the_contract() {
    let dev = template("dev");
    let expected = [
        ("AppointmentTable", "AWS::DynamoDB::Table", "appointments"),
        (
            "AppointmentTopic",
            "AWS::SNS::Topic",
            "appointment-notifications-topic",
        ),
        ("AppointmentQueuePE", "AWS::SQS::Queue", "appointment-queue-pe"),
        ("AppointmentQueueCL", "AWS::SQS::Queue", "appointment-queue-cl"),
        (
            "AppointmentConfirmationQueue",
            "AWS::SQS::Queue",
            "appointment-confirmation-queue",
        ),
        ("SubscriptionPE", "AWS::SNS::Subscription", ""),
        ("SubscriptionCL", "AWS::SNS::Subscription", ""),
        (
            "AppointmentEventBus",
            "AWS::Events::EventBus",
            "appointment-events-bus",
        ),
        (
            "AppointmentConfirmationRule",
            "AWS::Events::Rule",
            "appointment-confirmation-rule",
        ),
        ("EventBridgeVpcEndpoint", "AWS::EC2::VPCEndpoint", ""),
        (
            "CreateAppointmentLambdaFunction",
            "AWS::Lambda::Function",
            "appointment-dev-createAppointment",
        ),
        (
            "GetAppointmentLambdaFunction",
            "AWS::Lambda::Function",
            "appointment-dev-getAppointment",
        ),
        (
            "ProcessAppointmentPELambdaFunction",
            "AWS::Lambda::Function",
            "appointment-dev-processAppointmentPE",
        ),
        (
            "ProcessAppointmentCLLambdaFunction",
            "AWS::Lambda::Function",
            "appointment-dev-processAppointmentCL",
        ),
        (
            "ProcessConfirmationLambdaFunction",
            "AWS::Lambda::Function",
            "appointment-dev-processConfirmation",
        ),
        (
            "CreateAppointmentLogGroup",
            "AWS::Logs::LogGroup",
            "/aws/lambda/appointment-dev-createAppointment",
        ),
        (
            "GetAppointmentLogGroup",
            "AWS::Logs::LogGroup",
            "/aws/lambda/appointment-dev-getAppointment",
        ),
        (
            "ProcessAppointmentPELogGroup",
            "AWS::Logs::LogGroup",
            "/aws/lambda/appointment-dev-processAppointmentPE",
        ),
        (
            "ProcessAppointmentCLLogGroup",
            "AWS::Logs::LogGroup",
            "/aws/lambda/appointment-dev-processAppointmentCL",
        ),
        (
            "ProcessConfirmationLogGroup",
            "AWS::Logs::LogGroup",
            "/aws/lambda/appointment-dev-processConfirmation",
        ),
        ("QueuePolicyPE", "AWS::SQS::QueuePolicy", ""),
        ("QueuePolicyCL", "AWS::SQS::QueuePolicy", ""),
        ("AppointmentConfirmationQueuePolicy", "AWS::SQS::QueuePolicy", ""),
        (
            "ProcessAppointmentPEEventSourceMappingSQSAppointmentQueuePE",
            "AWS::Lambda::EventSourceMapping",
            "",
        ),
        (
            "ProcessAppointmentCLEventSourceMappingSQSAppointmentQueueCL",
            "AWS::Lambda::EventSourceMapping",
            "",
        ),
        (
            "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue",
            "AWS::Lambda::EventSourceMapping",
            "",
        ),
    ];
    let names = physical_names(&dev);
    for (id, kind, name) in expected {
        assert_eq!(resources(&dev)[id]["Type"], kind, "{id}");
        let found = names
            .iter()
            .find(|(named, _)| named == id)
            .map_or("", |(_, name)| name);
        assert_eq!(found, name, "{id}");
    }
}

#[test]
fn physical_names_are_unique() {
    let names = physical_names(&template("dev"));
    let unique: BTreeSet<_> = names.iter().map(|(_, name)| name).collect();
    assert_eq!(unique.len(), names.len());
}

#[test]
fn a_qualifier_ends_every_physical_name_and_changes_no_logical_id() {
    let plain = template("dev");
    let settings = StageSettings {
        qualifier: Some("ana".to_owned()),
        ..settings("dev")
    };
    let qualified = appointment_stack(&settings).unwrap();

    assert_eq!(
        resources(&plain).keys().collect::<Vec<_>>(),
        resources(&qualified).keys().collect::<Vec<_>>()
    );
    let pairs = physical_names(&plain).into_iter().zip(physical_names(&qualified));
    for ((id, plain), (_, qualified)) in pairs {
        assert_eq!(qualified, format!("{plain}-ana"), "{id}");
    }
    // A name is written into ARNs too, where `Fn::GetAtt` would close a circle.
    let text = qualified.to_json();
    for name in [
        "processAppointmentPE",
        "appointment-queue-pe",
        "appointment-confirmation-queue",
    ] {
        assert!(
            !text.contains(&format!("{name}\"")),
            "`{name}` stands unqualified somewhere"
        );
    }
}

#[test]
fn the_same_settings_give_the_same_bytes() {
    for stage in ["dev", "prod"] {
        let (first, second) = (template(stage), template(stage));
        assert_eq!(first.to_yaml(), second.to_yaml());
        assert_eq!(first.to_json(), second.to_json());
    }
}

#[test]
fn every_resource_is_declared_by_a_line_of_the_stack() {
    let dev = template("dev");
    for id in resources(&dev).keys() {
        let source = dev
            .source_of(id)
            .unwrap_or_else(|| panic!("`{id}` has no source"));
        assert!(source.to_string().starts_with("stacks/src/"), "{id}: {source}");
    }
}

#[test]
fn the_table_is_as_it_was_and_outlives_the_stack_in_every_stage() {
    for stage in ["dev", "prod"] {
        let template = template(stage);
        let table = &resources(&template)["AppointmentTable"];
        assert_eq!(
            (&table["DeletionPolicy"], &table["UpdateReplacePolicy"]),
            (&"Retain".into(), &"Retain".into())
        );
        let table = &table["Properties"];
        assert_eq!(table["DeletionProtectionEnabled"], true);
        assert_eq!(
            table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"],
            true
        );
        assert_eq!(table["SSESpecification"]["SSEEnabled"], true);
        assert_eq!(table["BillingMode"], "PAY_PER_REQUEST");
    }
}

#[test]
fn production_keeps_its_queues_and_logs_and_dev_does_not() {
    for (stage, policy) in [("dev", "Delete"), ("prod", "RetainExceptOnCreate")] {
        let template = template(stage);
        for (id, resource) in resources(&template) {
            if resource["Type"] == "AWS::SQS::Queue" || resource["Type"] == "AWS::Logs::LogGroup" {
                assert_eq!(resource["DeletionPolicy"], policy, "{id} in {stage}");
            }
        }
    }
}

#[test]
fn a_code_parameter_exists_for_each_executable_and_the_country_functions_share_one() {
    let dev = template("dev");
    for (parameter, _) in CODE_PARAMETERS {
        assert_eq!(
            dev.as_value()["Parameters"][parameter]["Type"],
            "String",
            "{parameter}"
        );
    }
    let code = |id: &str| {
        properties(&dev, id)["Code"]["S3Key"]["Ref"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        code("ProcessAppointmentPELambdaFunction"),
        "ProcessAppointmentCode"
    );
    assert_eq!(
        code("ProcessAppointmentCLLambdaFunction"),
        "ProcessAppointmentCode"
    );
}

#[test]
fn a_function_is_given_the_variables_that_it_reads_and_no_others() {
    check_variables("dev", &["AUTH"]);
    check_variables("prod", &["AUTH", "AUTH_INSURED_CLAIM", "AUTH_COUNTRIES_CLAIM"]);
}

/// Each function of the stage has its own variables, and those that the API calls these in addition.
fn check_variables(stage: &str, auth: &[&str]) {
    let template = template(stage);
    let country = [
        "EVENT_BUS_NAME",
        "DB_HOST",
        "DB_PORT",
        "DB_NAME",
        "DB_USER",
        "COUNTRY",
    ];
    let create = [&["APPOINTMENTS_TABLE", "SNS_TOPIC_ARN"], auth].concat();
    let get = [&["APPOINTMENTS_TABLE", "CURSOR_SECRET_ARN"], auth].concat();
    let expected: [(&str, &[&str]); 6] = [
        ("CreateAppointment", &create),
        ("GetAppointment", &get),
        ("ProcessAppointmentPE", &country),
        ("ProcessAppointmentCL", &country),
        ("ProcessConfirmation", &["APPOINTMENTS_TABLE"]),
        ("RepublishPending", &["APPOINTMENTS_TABLE", "SNS_TOPIC_ARN"]),
    ];
    for (function, variables) in expected {
        let environment =
            &properties(&template, &format!("{function}LambdaFunction"))["Environment"]["Variables"];
        let found: Vec<&str> = environment
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(found, variables, "{function} in {stage}");
    }
}

#[test]
fn no_access_log_field_can_hold_health_data() {
    let dev = template("dev");
    let format = properties(&dev, "HttpApiStage")["AccessLogSettings"]["Format"]
        .as_str()
        .unwrap();
    let fields: Map<String, Json> = serde_json::from_str(format).unwrap();
    for (name, variable) in &fields {
        let variable = variable.as_str().unwrap();
        assert!(variable.starts_with("$context."), "{name}");
        for open in ["path", "Path", "authorizer", "sourceIp", "userAgent"] {
            // Why a token was refused is none of its claims.
            let is_closed = !variable.contains(open) || variable == "$context.authorizer.error";
            assert!(is_closed, "{name} shows `{variable}`");
        }
    }
}

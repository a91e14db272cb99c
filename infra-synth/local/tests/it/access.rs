//! Each permission and each endpoint of the template is needed: without it the call fails and says so.

use serde_json::json;

use crate::support::{System, booking, changed, without_statement};

#[test]
fn a_create_without_permission_to_store_is_refused_and_named() {
    let system = System::start(&without_statement("CreateAppointment", "dynamodb:PutItem"));
    assert_eq!(system.post(&booking("1", "PE")).status, 500);
    let line = system.logged(&[
        "may not call `dynamodb:PutItem`",
        "appointment-dev-createAppointment",
    ]);
    assert!(
        line.contains("arn:aws:dynamodb:us-east-1:000000000000:table/appointments"),
        "{line}"
    );
    assert!(line.contains("missing statement"), "{line}");
}

#[test]
fn a_create_without_permission_to_publish_leaves_the_appointment_pending() {
    let system = System::start(&without_statement("CreateAppointment", "sns:Publish"));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.logged(&[
        "may not call `sns:Publish`",
        "arn:aws:sns:us-east-1:000000000000:appointment-notifications-topic",
    ]);
    assert_eq!(system.get("1").body[0]["status"], "PENDING");
}

#[test]
fn a_get_without_permission_to_query_the_index_is_refused_and_named() {
    let system = System::start(&without_statement("GetAppointment", "dynamodb:Query"));
    assert_eq!(system.get("1").status, 500);
    system.logged(&[
        "may not call `dynamodb:Query`",
        "table/appointments/index/InsuredIdIndex",
    ]);
}

#[test]
fn a_country_function_without_permission_for_the_bus_confirms_nothing() {
    let system = System::start(&without_statement("ProcessAppointmentPE", "events:PutEvents"));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.logged(&[
        "may not call `events:PutEvents`",
        "event-bus/appointment-events-bus",
    ]);
    assert_eq!(system.messages("appointment-queue-pe").len(), 1);
    assert_eq!(system.get("1").body[0]["status"], "PENDING");
}

#[test]
fn a_country_function_without_permission_to_sign_in_inserts_nothing() {
    let system = System::start(&without_statement("ProcessAppointmentCL", "rds-db:connect"));
    assert_eq!(system.post(&booking("1", "CL")).status, 201);
    system.logged(&["may not call `rds-db:connect`", "dbuser:db-LOCAL/"]);
    assert!(system.rows("appointment_cl").is_empty());
}

#[test]
fn a_confirmation_function_without_permission_to_update_completes_nothing() {
    let system = System::start(&without_statement("ProcessConfirmation", "dynamodb:UpdateItem"));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.logged(&[
        "may not call `dynamodb:UpdateItem`",
        "appointment-dev-processConfirmation",
    ]);
    assert_eq!(system.messages("appointment-confirmation-queue").len(), 1);
}

#[test]
fn without_the_endpoint_the_bus_is_out_of_reach_from_the_vpc() {
    let system = System::start(&changed(|template| {
        template["Resources"]
            .as_object_mut()
            .unwrap()
            .remove("EventBridgeVpcEndpoint")
            .unwrap();
    }));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.logged(&[
        "cannot reach `events`",
        "no endpoint `com.amazonaws.us-east-1.events`",
        "processAppointmentPE",
    ]);
    assert_eq!(system.rows("appointment_pe").len(), 1);
    assert_eq!(system.get("1").body[0]["status"], "PENDING");
}

#[test]
fn without_its_security_group_rule_the_endpoint_is_out_of_reach() {
    let system = System::start(&changed(|template| {
        template["Resources"]
            .as_object_mut()
            .unwrap()
            .remove("EndpointIngress")
            .unwrap();
    }));
    assert_eq!(system.post(&booking("1", "CL")).status, 201);
    system.logged(&[
        "cannot reach `events`",
        "has no ingress rule",
        "processAppointmentCL",
    ]);
}

#[test]
fn outside_the_vpc_the_database_is_out_of_reach() {
    let system = System::start(&changed(|template| {
        let function = &mut template["Resources"]["ProcessAppointmentPELambdaFunction"]["Properties"];
        function.as_object_mut().unwrap().remove("VpcConfig").unwrap();
    }));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.logged(&["inside the VPC and the function is not", "processAppointmentPE"]);
    assert!(system.rows("appointment_pe").is_empty());
}

#[test]
fn a_queue_that_does_not_admit_its_topic_loses_nothing_to_it() {
    let system = System::start(&changed(|template| {
        template["Resources"]
            .as_object_mut()
            .unwrap()
            .remove("QueuePolicyPE")
            .unwrap();
        template["Resources"]["SubscriptionPE"]
            .as_object_mut()
            .unwrap()
            .remove("DependsOn");
    }));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.logged(&[
        "message not delivered",
        "does not allow `sns.amazonaws.com`",
        "appointment-queue-pe",
    ]);
    assert!(system.messages("appointment-queue-pe").is_empty());
    assert_eq!(system.messages("appointment-subscription-pe-dlq").len(), 1);
}

#[test]
fn a_queue_that_does_not_admit_its_rule_loses_nothing_to_it() {
    let system = System::start(&changed(|template| {
        let policy =
            &mut template["Resources"]["AppointmentConfirmationQueuePolicy"]["Properties"]["PolicyDocument"];
        policy["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"] =
            json!("arn:aws:events:us-east-1:000000000000:rule/other");
    }));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.logged(&[
        "message not delivered",
        "does not allow `events.amazonaws.com`",
        "appointment-confirmation-queue",
    ]);
    system.eventually("a message in the rule's dead-letter queue", || {
        (system.messages("appointment-confirmation-rule-dlq").len() == 1).then_some(())
    });
    assert!(system.messages("appointment-confirmation-queue").is_empty());
}

#[test]
fn a_route_whose_function_does_not_admit_the_api_is_an_internal_error() {
    let system = System::start(&changed(|template| {
        template["Resources"]
            .as_object_mut()
            .unwrap()
            .remove("CreateAppointmentPermission")
            .unwrap();
    }));
    let answer = system.post(&booking("1", "PE"));
    assert_eq!(
        (answer.status, &answer.body["title"]),
        (500, &json!("Error interno"))
    );
    system.logged(&["does not allow `apigateway.amazonaws.com`", "/POST/appointments"]);
    assert_eq!(system.get("1").status, 200);
}

#[test]
fn a_statement_that_denies_is_named_and_no_other_is_asked_for() {
    let system = System::start(&changed(|template| {
        let policy = "/Resources/CreateAppointmentRole/Properties/Policies/0/PolicyDocument/Statement";
        let deny = json!({"Sid": "NoTopics", "Effect": "Deny", "Action": "sns:*", "Resource": "*"});
        template
            .pointer_mut(policy)
            .unwrap()
            .as_array_mut()
            .unwrap()
            .push(deny);
    }));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    let line = system.logged(&["may not call `sns:Publish`", "statement `NoTopics`"]);
    assert!(!line.contains("missing statement"), "{line}");
}

#[test]
fn a_queue_whose_policy_denies_its_reader_is_refused() {
    let template = changed(|template| {
        let policy = "/Resources/QueuePolicyPE/Properties/PolicyDocument/Statement";
        let deny = json!({
            "Effect": "Deny", "Principal": "*", "Action": "sqs:ReceiveMessage",
            "Resource": {"Fn::GetAtt": ["AppointmentQueuePE", "Arn"]},
        });
        template
            .pointer_mut(policy)
            .unwrap()
            .as_array_mut()
            .unwrap()
            .push(deny);
    });
    let Err(error) = System::start_with(&template, crate::support::options()) else {
        panic!("it was not refused")
    };
    assert!(
        error.to_string().contains("may not call `sqs:ReceiveMessage`"),
        "{error}"
    );
}

#[test]
fn what_only_a_functions_own_code_is_denied_does_not_stop_lambda_from_polling() {
    let system = System::start(&changed(|template| {
        let policy = "/Resources/ProcessConfirmationRole/Properties/Policies/0/PolicyDocument/Statement";
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:appointment-dev-processConfirmation";
        let deny = json!({
            "Effect": "Deny", "Action": "sqs:*", "Resource": "*",
            "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": arn}},
        });
        template
            .pointer_mut(policy)
            .unwrap()
            .as_array_mut()
            .unwrap()
            .push(deny);
    }));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.completed("1", 1);
}

#[test]
fn a_group_from_outside_the_template_lets_everything_through_on_its_side() {
    let system = System::start(&changed(|template| {
        template["Resources"]["ProcessAppointmentPELambdaFunction"]["Properties"]["VpcConfig"]["SecurityGroupIds"] =
            json!(["sg-from-elsewhere"]);
        template["Resources"]["EndpointIngress"]["Properties"]["SourceSecurityGroupId"] =
            json!("sg-from-elsewhere");
    }));
    assert_eq!(system.post(&booking("1", "PE")).status, 201);
    system.completed("1", 1);
}

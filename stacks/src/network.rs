use infra_synth_cfn::{
    Attributes, Handle, Stack, Value,
    policy::{PolicyDocument, Principal, Statement},
    resources::{EventBus, SecurityGroup, SecurityGroupIngress, SecurityGroupRule, VpcConfig, VpcEndpoint},
};

use crate::{StageSettings, parameters::Parameters};

const HTTPS: u16 = 443;

/// Where the country functions run.
pub(crate) struct Network {
    /// Puts a function there.
    pub(crate) vpc: VpcConfig,
    /// Has a function wait for its ways to the database and to EventBridge.
    pub(crate) ways_first: Attributes,
}

/// A place beside the database, with a way to EventBridge and nowhere else.
pub(crate) fn declare(
    stack: &mut Stack,
    parameters: &Parameters,
    settings: &StageSettings,
    bus: &Handle<EventBus>,
) -> Network {
    let mysql = settings.database.port;

    let endpoints = stack.add(
        "EndpointSecurityGroup",
        SecurityGroup {
            group_description: "Endpoints of AWS services for the appointment functions",
            vpc_id: parameters.vpc.clone(),
            egress: Vec::new(),
        },
    );
    let functions = stack.add(
        "ProcessAppointmentSecurityGroup",
        SecurityGroup {
            group_description: "Country functions of the appointment system",
            vpc_id: parameters.vpc.clone(),
            egress: vec![
                SecurityGroupRule {
                    description: "MySQL",
                    tcp_port: mysql,
                    to: parameters.database_security_group.clone(),
                },
                SecurityGroupRule {
                    description: "AWS services",
                    tcp_port: HTTPS,
                    to: endpoints.id(),
                },
            ],
        },
    );
    let to_endpoints = stack.add(
        "EndpointIngress",
        SecurityGroupIngress {
            description: "Country functions",
            group_id: endpoints.id(),
            tcp_port: HTTPS,
            from: functions.id(),
        },
    );
    // The database's group is not ours, but this way in is: it comes and goes with the functions' group.
    let to_database = stack.add(
        "DatabaseIngress",
        SecurityGroupIngress {
            description: "Country functions of the appointment system",
            group_id: parameters.database_security_group.clone(),
            tcp_port: mysql,
            from: functions.id(),
        },
    );

    // With private DNS the endpoint answers for EventBridge in the whole VPC, but its security group lets in the
    // country functions alone: so nothing else loses by a policy that knows only what they do.
    let only_our_events = Statement::allow(&["events:PutEvents"], &bus.arn())
        .by(Principal::Anyone)
        .when("StringEquals", "aws:PrincipalAccount", Value::account_id().text());
    let endpoint = stack.add(
        "EventBridgeVpcEndpoint",
        VpcEndpoint {
            policy_document: Some(PolicyDocument::new([only_our_events])),
            ..VpcEndpoint::interface(
                "events",
                parameters.vpc.clone(),
                parameters.subnets.clone(),
                endpoints.id(),
            )
        },
    );

    Network {
        vpc: VpcConfig {
            subnet_ids: parameters.subnets.clone(),
            security_group_ids: vec![functions.id()],
        },
        ways_first: Attributes::depends_on(&[
            to_database.logical_id(),
            to_endpoints.logical_id(),
            endpoint.logical_id(),
        ]),
    }
}

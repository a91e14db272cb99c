use infra_synth_review::diff::Verdict::{Broadening, Destructive, Harmless, Narrowing, Unjudged};
use serde_json::json;

use super::{all, check};
use crate::edit::{Push, Remove, Set};

#[test]
fn the_network_stays_as_closed_as_it_was() {
    all(&[
        (
            Remove("EventBridgeVpcEndpoint/Properties/PolicyDocument"),
            &[Broadening],
            "* by anyone on *",
        ),
        (
            Set(
                "EventBridgeVpcEndpoint/Properties/PolicyDocument/Statement/0/Action",
                json!("events:*"),
            ),
            &[Broadening],
            "events:* by anyone",
        ),
        (
            Set(
                "EventBridgeVpcEndpoint/Properties/PrivateDnsEnabled",
                json!(false),
            ),
            &[Narrowing],
            "no longer find the endpoint",
        ),
        (
            Push(
                "EventBridgeVpcEndpoint/Properties/SecurityGroupIds",
                json!("sg-1"),
            ),
            &[Broadening],
            "the security group sg-1",
        ),
        (
            Set("EventBridgeVpcEndpoint/Properties/SubnetIds", json!(["subnet-1"])),
            &[Unjudged],
            "subnets",
        ),
        (
            Set(
                "EventBridgeVpcEndpoint/Properties/ServiceName",
                json!("com.amazonaws.us-east-1.sqs"),
            ),
            &[Unjudged],
            "the new one differs in `ServiceName`",
        ),
        (
            Remove("EventBridgeVpcEndpoint"),
            &[Narrowing, Destructive],
            "is deleted",
        ),
        (
            Remove("EndpointSecurityGroup/Properties/SecurityGroupEgress"),
            &[Broadening],
            "may connect to anywhere (0.0.0.0/0) on every port",
        ),
        (
            Push(
                "ProcessAppointmentSecurityGroup/Properties/SecurityGroupEgress",
                json!({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}),
            ),
            &[Broadening],
            "anywhere (0.0.0.0/0) on tcp 443",
        ),
        (
            Set(
                "ProcessAppointmentSecurityGroup/Properties/SecurityGroupIngress",
                json!([{"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"}]),
            ),
            &[Broadening],
            "10.0.0.0/8 may connect to ${ProcessAppointmentSecurityGroup}",
        ),
        (
            Set("DatabaseIngress/Properties/ToPort", json!(65535)),
            &[Broadening],
            "tcp 3306-65535",
        ),
        (
            Set(
                "EndpointSecurityGroup/Properties/GroupDescription",
                json!("other"),
            ),
            &[Harmless],
            "replacement forced by GroupDescription",
        ),
        (Remove("EndpointIngress"), &[Narrowing], "may no longer connect"),
    ]);
    check(
        &[
            Remove("DatabaseIngress/Properties/SourceSecurityGroupId"),
            Set("DatabaseIngress/Properties/CidrIp", json!("0.0.0.0/0")),
        ],
        &[Narrowing, Broadening],
        "anywhere (0.0.0.0/0) may connect to ${DatabaseSecurityGroupId} on tcp 3306",
    );
}

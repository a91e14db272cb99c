use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::{
    Handle, Resource, Value,
    kind::{SecurityGroupId, SubnetIds, Text, VpcId},
    policy::PolicyDocument,
    stack::to_json,
};

/// `AWS::EC2::SecurityGroup`.
#[derive(Debug, Clone)]
pub struct SecurityGroup {
    /// What it is for; EC2 shows no other name that a person could read.
    pub group_description: &'static str,
    /// The VPC.
    pub vpc_id: Value<VpcId>,
    /// All that may go out. With no rule, nothing may.
    pub egress: Vec<SecurityGroupRule>,
}

impl Resource for SecurityGroup {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::SecurityGroup"
    }

    fn properties(&self) -> Json {
        // EC2 opens a group to everywhere unless it is given some rule for the way out: this one leads nowhere.
        let nowhere = json!([{
            "Description": "Nothing may go out",
            "IpProtocol": "-1",
            "CidrIp": "127.0.0.1/32",
        }]);
        json!({
            "GroupDescription": self.group_description,
            "VpcId": self.vpc_id,
            "SecurityGroupEgress": if self.egress.is_empty() { nowhere } else { to_json(&self.egress) },
        })
    }
}

impl Handle<SecurityGroup> {
    /// `Fn::GetAtt … GroupId`.
    pub fn id(&self) -> Value<SecurityGroupId> {
        self.attribute("GroupId")
    }
}

/// One TCP port, open towards another group.
#[derive(Debug, Clone)]
pub struct SecurityGroupRule {
    /// What it is for.
    pub description: &'static str,
    /// The port.
    pub tcp_port: u16,
    /// The group at the other end.
    pub to: Value<SecurityGroupId>,
}

impl Serialize for SecurityGroupRule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({
            "Description": self.description,
            "IpProtocol": "tcp",
            "FromPort": self.tcp_port,
            "ToPort": self.tcp_port,
            "DestinationSecurityGroupId": self.to,
        })
        .serialize(serializer)
    }
}

/// `AWS::EC2::SecurityGroupIngress`: lets one group in to another on a TCP port.
///
/// A resource of its own, so that two groups can name each other, and so that a rule can be added to a group
/// that the stack does not own.
#[derive(Debug, Clone)]
pub struct SecurityGroupIngress {
    /// What it is for.
    pub description: &'static str,
    /// The group that is entered.
    pub group_id: Value<SecurityGroupId>,
    /// The port.
    pub tcp_port: u16,
    /// The group that comes in.
    pub from: Value<SecurityGroupId>,
}

impl Resource for SecurityGroupIngress {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::SecurityGroupIngress"
    }

    fn properties(&self) -> Json {
        json!({
            "Description": self.description,
            "GroupId": self.group_id,
            "IpProtocol": "tcp",
            "FromPort": self.tcp_port,
            "ToPort": self.tcp_port,
            "SourceSecurityGroupId": self.from,
        })
    }
}

/// `AWS::EC2::SecurityGroupEgress`: lets one group out to another on a TCP port.
#[derive(Debug, Clone)]
pub struct SecurityGroupEgress {
    /// The group that is left.
    pub group_id: Value<SecurityGroupId>,
    /// The port, what it is for and where it leads.
    pub rule: SecurityGroupRule,
}

impl Resource for SecurityGroupEgress {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::SecurityGroupEgress"
    }

    fn properties(&self) -> Json {
        let mut properties = to_json(&self.rule);
        properties["GroupId"] = to_json(&self.group_id);
        properties
    }
}

/// `AWS::EC2::VPCEndpoint` of type `Interface`: an AWS service, inside the VPC.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VpcEndpoint {
    /// `Interface`.
    pub vpc_endpoint_type: &'static str,
    /// The service, for example `com.amazonaws.us-east-1.events`.
    pub service_name: Value<Text>,
    /// The VPC.
    pub vpc_id: Value<VpcId>,
    /// Where it gets addresses.
    pub subnet_ids: Value<SubnetIds>,
    /// Who may reach it.
    pub security_group_ids: Vec<Value<SecurityGroupId>>,
    /// Whether the service's public name leads here inside the VPC.
    pub private_dns_enabled: bool,
    /// What may be done through it; everything when not said.
    pub policy_document: Option<PolicyDocument>,
}

impl VpcEndpoint {
    /// An endpoint for a service of the stack's region (`events`, `sqs`), under the service's public name.
    pub fn interface(
        service: &str,
        vpc_id: Value<VpcId>,
        subnet_ids: Value<SubnetIds>,
        security_group: Value<SecurityGroupId>,
    ) -> Self {
        Self {
            vpc_endpoint_type: "Interface",
            service_name: Value::sub(format!("com.amazonaws.${{AWS::Region}}.{service}")),
            vpc_id,
            subnet_ids,
            security_group_ids: vec![security_group],
            private_dns_enabled: true,
            policy_document: None,
        }
    }
}

impl Resource for VpcEndpoint {
    fn resource_type(&self) -> &'static str {
        "AWS::EC2::VPCEndpoint"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

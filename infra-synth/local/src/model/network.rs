//! Security groups and interface endpoints: who reaches what from inside the VPC.

use std::collections::BTreeMap;

use super::properties::Properties;
use crate::policy::PolicyDocument;

/// The security groups' rules and the endpoints.
#[derive(Debug, Default)]
pub(crate) struct Network {
    groups: BTreeMap<String, Group>,
    pub(crate) endpoints: Vec<Endpoint>,
}

#[derive(Debug, Default)]
struct Group {
    /// Groups of the template have rules that are known; those that come as parameters do not.
    declared: bool,
    ingress: Vec<Opening>,
    egress: Vec<Opening>,
}

#[derive(Debug)]
struct Opening {
    ports: PortRange,
    peer: Peer,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct PortRange {
    from: u64,
    to: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Peer {
    Group(String),
    /// `0.0.0.0/0`, which holds every group.
    Anywhere,
}

#[derive(Debug)]
pub(crate) struct Endpoint {
    /// For example `com.amazonaws.us-east-1.events`.
    pub(crate) service_name: String,
    pub(crate) private_dns: bool,
    pub(crate) security_groups: Vec<String>,
    /// Without one the endpoint lets every call through.
    pub(crate) policy: Option<PolicyDocument>,
}

impl Network {
    /// Whether the groups at one end let traffic out to, and those at the other end let it in from, the other side.
    pub(crate) fn connects(&self, from: &[String], to: &[String], port: u64) -> Result<(), String> {
        let open = |openings: &[Opening], peers: &[String]| {
            openings.iter().any(|opening| {
                (opening.ports.from..=opening.ports.to).contains(&port)
                    && match &opening.peer {
                        Peer::Anywhere => true,
                        Peer::Group(group) => peers.contains(group),
                    }
            })
        };
        // A group that exists outside the template has rules that the template does not show.
        let egress = from.iter().any(|group| match self.groups.get(group) {
            Some(group) if group.declared => open(&group.egress, to),
            _ => true,
        });
        if !egress {
            return Err(format!(
                "{} has no egress rule to {} on port {port}",
                from.join(", "),
                to.join(", ")
            ));
        }
        let ingress = to.iter().any(|group| match self.groups.get(group) {
            Some(group) if group.declared => open(&group.ingress, from),
            _ => true,
        });
        if !ingress {
            return Err(format!(
                "{} has no ingress rule from {} on port {port}",
                to.join(", "),
                from.join(", ")
            ));
        }
        Ok(())
    }
}

pub(super) fn security_group(properties: &mut Properties<'_, '_>, id: &str, network: &mut Network) {
    properties.ignore(&["GroupDescription", "GroupName", "VpcId", "Tags"]);
    let mut ingress = properties.each("SecurityGroupIngress", |rule| {
        opening(rule, "SourceSecurityGroupId")
    });
    let mut egress = if properties.has("SecurityGroupEgress") {
        properties.each("SecurityGroupEgress", |rule| {
            opening(rule, "DestinationSecurityGroupId")
        })
    } else {
        // Without egress rules of its own a group gets one that allows everything.
        vec![Opening {
            ports: PortRange { from: 0, to: 65_535 },
            peer: Peer::Anywhere,
        }]
    };
    let group = network.groups.entry(id.to_owned()).or_default();
    group.declared = true;
    group.ingress.append(&mut ingress);
    group.egress.append(&mut egress);
}

pub(super) fn ingress(properties: &mut Properties<'_, '_>, network: &mut Network) {
    let Some(group) = properties.required("GroupId") else {
        return;
    };
    if let Some(opening) = opening(properties, "SourceSecurityGroupId") {
        network.groups.entry(group).or_default().ingress.push(opening);
    }
}

pub(super) fn egress(properties: &mut Properties<'_, '_>, network: &mut Network) {
    let Some(group) = properties.required("GroupId") else {
        return;
    };
    if let Some(opening) = opening(properties, "DestinationSecurityGroupId") {
        network.groups.entry(group).or_default().egress.push(opening);
    }
}

fn opening(rule: &mut Properties<'_, '_>, group_property: &str) -> Option<Opening> {
    rule.ignore(&["Description"]);
    let protocol = rule.required("IpProtocol")?;
    let ports = match protocol.as_str() {
        "-1" => PortRange { from: 0, to: 65_535 },
        _ => PortRange {
            from: rule.number("FromPort").unwrap_or(0),
            to: rule.number("ToPort").unwrap_or(65_535),
        },
    };
    rule.ignore(&["FromPort", "ToPort"]);
    let cidr = rule.text("CidrIp");
    let peer = match (rule.text(group_property), cidr.as_deref()) {
        (Some(group), None) => Peer::Group(group),
        (None, Some("0.0.0.0/0")) => Peer::Anywhere,
        // A range that holds nobody, which CloudFormation needs where a group shall have no rule.
        (None, Some("127.0.0.1/32" | "255.255.255.255/32")) => return None,
        (_, other) => {
            rule.refuse(format!(
                "address range {other:?} is not placed locally; name a security group"
            ));
            return None;
        }
    };
    // Rules of other protocols never open a port that is asked about here.
    matches!(protocol.as_str(), "tcp" | "6" | "-1").then_some(Opening { ports, peer })
}

pub(super) fn endpoint(properties: &mut Properties<'_, '_>, network: &mut Network) {
    properties.ignore(&["VpcId", "SubnetIds", "Tags", "IpAddressType"]);
    properties.only("VpcEndpointType", "Interface");
    let policy = properties
        .has("PolicyDocument")
        .then(|| properties.policy("PolicyDocument"))
        .flatten();
    let private_dns = properties.flag("PrivateDnsEnabled").unwrap_or(false);
    let security_groups = properties.texts("SecurityGroupIds");
    if let Some(service_name) = properties.required("ServiceName") {
        network.endpoints.push(Endpoint {
            service_name,
            private_dns,
            security_groups,
            policy,
        });
    }
}

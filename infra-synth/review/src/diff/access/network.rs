//! What security groups let through.

use std::collections::BTreeMap;
use std::fmt;

use super::cidr::Cidr;
use crate::diff::model::{Model, Resource};
use crate::diff::review::{AccessChange, Means, Turn, Verdict};
use crate::diff::value::{Text, Value};

/// One rule of a security group, taken apart by peer.
#[derive(Debug, Clone, PartialEq)]
struct Opening {
    group: Text,
    inward: bool,
    protocol: String,
    ports: Ports,
    peer: Peer,
    declared_by: String,
}

#[derive(Debug, Clone, PartialEq)]
enum Ports {
    Range(i64, i64),
    /// Known by name only.
    Named(String),
}

#[derive(Debug, Clone, PartialEq)]
enum Peer {
    Addresses(Cidr),
    /// A security group, a prefix list, or a range that is a parameter.
    Named(Text),
}

const EVERY_PORT: Ports = Ports::Range(0, 65_535);
const PEERS: [&str; 8] = [
    "CidrIp",
    "CidrIpv6",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
    "SourcePrefixListId",
    "DestinationSecurityGroupId",
    "DestinationPrefixListId",
    "SourceSecurityGroupOwnerId",
];

pub(crate) fn changes(old: &Model<'_>, new: &Model<'_>) -> Vec<AccessChange> {
    let (before, after) = (openings(old), openings(new));
    let covered = |all: &[Opening], one: &Opening| all.iter().any(|other| other.covers(one));
    let begins = after
        .iter()
        .filter(|one| !covered(&before, one))
        .map(|one| (one, Turn::Possible));
    let ends = before
        .iter()
        .filter(|one| !covered(&after, one))
        .map(|one| (one, Turn::Impossible));
    begins
        .chain(ends)
        .map(|(one, turn)| one.change(turn, new))
        .collect()
}

fn openings(model: &Model<'_>) -> Vec<Opening> {
    let mut openings = Vec::new();
    for group in model.of_type("AWS::EC2::SecurityGroup") {
        let name = Text::hole(group.id.clone());
        for (property, inward) in [("SecurityGroupIngress", true), ("SecurityGroupEgress", false)] {
            let rules = group.property(property).map(Value::elements).unwrap_or_default();
            for rule in rules {
                match rule {
                    Value::Map(fields) => openings.extend(read(fields, &name, inward, &group.id)),
                    Value::Text(_) | Value::List(_) => openings.push(Opening {
                        group: name.clone(),
                        inward,
                        protocol: "-1".to_owned(),
                        ports: Ports::Named(rule.to_string()),
                        peer: Peer::Named(Text::literal(&rule.to_string())),
                        declared_by: group.id.clone(),
                    }),
                }
            }
            if !inward && rules.is_empty() {
                openings.extend(everywhere(&name, &group.id));
            }
        }
    }
    for (resource_type, inward) in [
        ("AWS::EC2::SecurityGroupIngress", true),
        ("AWS::EC2::SecurityGroupEgress", false),
    ] {
        for rule in model.of_type(resource_type) {
            openings.extend(standalone(rule, inward));
        }
    }
    openings
}

fn standalone(rule: &Resource, inward: bool) -> Vec<Opening> {
    let group = rule
        .property("GroupId")
        .or_else(|| rule.property("GroupName"))
        .and_then(Value::as_text);
    read(
        &rule.properties,
        &group.map(group_name).unwrap_or_default(),
        inward,
        &rule.id,
    )
}

/// EC2 lets a group without outbound rules connect anywhere.
fn everywhere(group: &Text, declared_by: &str) -> Vec<Opening> {
    ["0.0.0.0/0", "::/0"]
        .into_iter()
        .filter_map(Cidr::read)
        .map(|cidr| Opening {
            group: group.clone(),
            inward: false,
            protocol: "-1".to_owned(),
            ports: EVERY_PORT,
            peer: Peer::Addresses(cidr),
            declared_by: declared_by.to_owned(),
        })
        .collect()
}

fn read(rule: &BTreeMap<String, Value>, group: &Text, inward: bool, declared_by: &str) -> Vec<Opening> {
    let text = |name: &str| rule.get(name).and_then(Value::as_text);
    let protocol = match text("IpProtocol")
        .map(Text::to_string)
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "1" => "icmp".to_owned(),
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "58" => "icmpv6".to_owned(),
        "all" => "-1".to_owned(),
        other => other.to_owned(),
    };
    let port = |name: &str| text(name).map(|text| text.as_literal().and_then(|text| text.parse().ok()));
    let ports = match (port("FromPort"), port("ToPort")) {
        _ if protocol == "-1" => EVERY_PORT,
        (None, None) | (Some(Some(-1)), _) => EVERY_PORT,
        (Some(Some(from)), Some(Some(to))) => Ports::Range(from, to),
        _ => Ports::Named(format!(
            "{}-{}",
            text("FromPort").cloned().unwrap_or_default(),
            text("ToPort").cloned().unwrap_or_default()
        )),
    };
    let peers = PEERS.iter().filter_map(|name| text(name)).map(|text| {
        text.as_literal()
            .and_then(Cidr::read)
            .map_or_else(|| Peer::Named(group_name(text)), Peer::Addresses)
    });
    let loopback = Cidr::read("127.0.0.0/8");
    peers
        // A rule for the loopback is how one says "nothing": no packet of it leaves the machine.
        .filter(|peer| !matches!((peer, loopback), (Peer::Addresses(cidr), Some(loopback)) if loopback.covers(cidr)))
        .map(|peer| Opening {
            group: group.clone(),
            inward,
            protocol: protocol.clone(),
            ports: ports.clone(),
            peer,
            declared_by: declared_by.to_owned(),
        })
        .collect()
}

fn group_name(text: &Text) -> Text {
    match text.as_hole() {
        Some(name) => Text::hole(name.strip_suffix(".GroupId").unwrap_or(name)),
        None => text.clone(),
    }
}

fn is_icmp(protocol: &str) -> bool {
    matches!(protocol, "icmp" | "icmpv6")
}

impl Opening {
    fn covers(&self, narrower: &Self) -> bool {
        let ports = match (&self.ports, &narrower.ports) {
            (ours, _) if *ours == EVERY_PORT => true,
            // A type and a code, of which -1 is every one.
            (Ports::Range(kind, code), Ports::Range(their_kind, their_code)) if is_icmp(&self.protocol) => {
                kind == their_kind && (*code == -1 || code == their_code)
            }
            (Ports::Range(from, to), Ports::Range(start, end)) => from <= start && end <= to,
            (ours, theirs) => ours == theirs,
        };
        let peer = match (&self.peer, &narrower.peer) {
            (Peer::Addresses(ours), Peer::Addresses(theirs)) => ours.covers(theirs),
            (ours, theirs) => ours == theirs,
        };
        let protocol = self.protocol == "-1" || self.protocol == narrower.protocol && ports;
        self.group == narrower.group && self.inward == narrower.inward && protocol && peer
    }

    fn change(&self, turn: Turn, new: &Model<'_>) -> AccessChange {
        let (peer, group) = (self.peer.to_string(), self.group.to_string());
        let (principal, resource) = if self.inward { (peer, group) } else { (group, peer) };
        let what = if self.protocol == "-1" {
            "every port and protocol".to_owned()
        } else {
            format!("{} {}", self.protocol, self.ports)
        };
        let (verdict, reason) = match turn {
            Turn::Possible => (
                Verdict::Broadening,
                format!("{principal} may connect to {resource} on {what}"),
            ),
            Turn::Impossible => (
                Verdict::Narrowing,
                format!("{principal} may no longer connect to {resource} on {what}"),
            ),
        };
        AccessChange {
            turn,
            verdict,
            means: Means::Network,
            principal,
            action: format!("connects on {what}"),
            resource,
            condition: None,
            reason,
            logical_id: self.declared_by.clone(),
            source: new.template.source_of(&self.declared_by).map(ToString::to_string),
        }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(from, to) if from == to => write!(f, "{from}"),
            Self::Range(from, to) => write!(f, "{from}-{to}"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Addresses(cidr) if cidr.is_everywhere() => write!(f, "anywhere ({cidr})"),
            Self::Addresses(cidr) => cidr.fmt(f),
            Self::Named(name) => name.fmt(f),
        }
    }
}

use serde_json::Value as Json;

use infra_synth_wiring::{Resource, Wiring, number, text};

/// Whether packets pass.
pub(super) enum Passage {
    Open,
    Closed(String),
    /// It depends on what is not in the template.
    Unknown(String),
}

/// The security groups of a template and what passes between them. A group is known by its logical id, or, if it is
/// outside, by how the template refers to it.
pub(super) struct Groups<'a, 'w> {
    wiring: &'w Wiring<'a>,
}

/// Where a rule leads to or from.
#[derive(PartialEq)]
enum Peer {
    Group(String),
    Anywhere,
    Some,
}

impl<'a, 'w> Groups<'a, 'w> {
    pub(super) fn new(wiring: &'w Wiring<'a>) -> Self {
        Self { wiring }
    }

    /// The groups that a resource is in.
    pub(super) fn of(&self, resource: Resource<'_>, path: &str) -> Vec<String> {
        resource
            .list(path)
            .into_iter()
            .map(|group| self.name(group))
            .collect()
    }

    /// From one of these groups to one of those, on a port.
    pub(super) fn between(&self, from: &[String], to: &[String], port: u16) -> Passage {
        let is_target = |peer: &Peer| match peer {
            Peer::Group(group) => to.contains(group),
            Peer::Anywhere => true,
            Peer::Some => false,
        };
        if !self.peers_out(from, port).iter().any(is_target) {
            return self.closed_or_unknown(
                from,
                format!("the function's security group lets nothing out to it on {port}"),
            );
        }
        self.into(to, from, port)
    }

    /// From one of these groups to everywhere, on a port.
    pub(super) fn out_to_anywhere(&self, from: &[String], port: u16) -> Passage {
        // A prefix list, as gateway endpoints have, is written as some destination that is no group.
        if self
            .peers_out(from, port)
            .iter()
            .any(|peer| matches!(peer, Peer::Anywhere | Peer::Some))
        {
            return Passage::Open;
        }
        self.closed_or_unknown(
            from,
            format!("the function's security group lets nothing out on {port}"),
        )
    }

    /// From one of these groups to whichever group they are let out to, on a port.
    pub(super) fn out_to_some_group(&self, from: &[String], port: u16) -> Passage {
        let mut targets = Vec::new();
        for peer in self.peers_out(from, port) {
            match peer {
                Peer::Group(group) => targets.push(group),
                Peer::Anywhere | Peer::Some => {
                    return Passage::Unknown(format!("{port} is open to addresses, not to a group"));
                }
            }
        }
        if targets.is_empty() {
            return self.closed_or_unknown(
                from,
                format!("the function's security group lets nothing out on {port}"),
            );
        }
        self.into(&targets, from, port)
    }

    fn into(&self, to: &[String], from: &[String], port: u16) -> Passage {
        let is_source = |peer: &Peer| match peer {
            Peer::Group(group) => from.contains(group),
            Peer::Anywhere => true,
            Peer::Some => false,
        };
        if to
            .iter()
            .any(|group| self.rules(group, &INGRESS, port).iter().any(is_source))
        {
            return Passage::Open;
        }
        self.closed_or_unknown(
            to,
            format!("no security group there lets the function in on {port}"),
        )
    }

    fn peers_out(&self, from: &[String], port: u16) -> Vec<Peer> {
        let mut peers = Vec::new();
        for group in from {
            peers.extend(self.rules(group, &EGRESS, port));
            // A group that says nothing of egress lets everything out.
            if self
                .wiring
                .get(group)
                .is_some_and(|found| found.property(EGRESS.inline).is_none())
            {
                peers.push(Peer::Anywhere);
            }
        }
        peers
    }

    /// The peers of a group's rules that cover a port, inline or declared on their own.
    fn rules(&self, group: &str, direction: &Direction, port: u16) -> Vec<Peer> {
        let inline = self
            .wiring
            .get(group)
            .map(|found| found.list(direction.inline))
            .unwrap_or_default();
        let own = self
            .wiring
            .of(direction.kind)
            .filter(|rule| rule.property("GroupId").is_some_and(|id| self.name(id) == group));
        let own = own.filter_map(|rule| rule.body.get("Properties"));
        inline
            .into_iter()
            .chain(own)
            .filter(|rule| covers_port(rule, port))
            .map(|rule| self.peer(rule, direction))
            .collect()
    }

    fn peer(&self, rule: &Json, direction: &Direction) -> Peer {
        if let Some(group) = rule.get(direction.group) {
            return Peer::Group(self.name(group));
        }
        let is_all = |key: &str, all: &str| rule.get(key).and_then(Json::as_str) == Some(all);
        if is_all("CidrIp", "0.0.0.0/0") || is_all("CidrIpv6", "::/0") {
            return Peer::Anywhere;
        }
        // The usual way to say "nothing": a rule that leads back to where it comes from.
        if is_all("CidrIp", "127.0.0.1/32") {
            return Peer::Group(String::new());
        }
        Peer::Some
    }

    fn name(&self, group: &Json) -> String {
        self.wiring
            .target(group)
            .map_or_else(|| text(group), |found| found.id.to_owned())
    }

    /// Rules of a group that is elsewhere may be elsewhere too.
    fn closed_or_unknown(&self, groups: &[String], why: String) -> Passage {
        let all_here = groups.iter().all(|group| self.wiring.get(group).is_some());
        if all_here {
            Passage::Closed(why)
        } else {
            Passage::Unknown(why)
        }
    }
}

struct Direction {
    inline: &'static str,
    kind: &'static str,
    group: &'static str,
}

const EGRESS: Direction = Direction {
    inline: "SecurityGroupEgress",
    kind: "AWS::EC2::SecurityGroupEgress",
    group: "DestinationSecurityGroupId",
};

const INGRESS: Direction = Direction {
    inline: "SecurityGroupIngress",
    kind: "AWS::EC2::SecurityGroupIngress",
    group: "SourceSecurityGroupId",
};

fn covers_port(rule: &Json, port: u16) -> bool {
    let bound = |key: &str| rule.get(key).and_then(number);
    match rule.get("IpProtocol").map(text).as_deref() {
        Some("-1") => true,
        Some("tcp" | "6") => {
            let port = f64::from(port);
            bound("FromPort").is_some_and(|from| from <= port) && bound("ToPort").is_some_and(|to| port <= to)
        }
        _ => false,
    }
}

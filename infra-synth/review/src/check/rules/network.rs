use serde_json::Value as Json;

use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::{Call, Resource, Wiring, covers, statements, text};

mod groups;

use groups::{Groups, Passage};

pub(super) static VPC_CALLS_REACH: Rule = Rule {
    id: "vpc-calls-reach",
    severity: Severity::Error,
    title: "Whatever a function in a VPC may call, it can reach",
    why: "A function in a VPC has no way out of its own: a call without an endpoint or a route hangs until the timeout",
    mend: "Add an endpoint for the service (with private DNS, and a policy that allows the call), and let the security \
           groups pass: out of the function's, into the endpoint's, on 443",
    also_known_as: &[],
    look: vpc_calls_reach,
};

const HTTPS: u16 = 443;
const MYSQL: u16 = 3306;

fn vpc_calls_reach(wiring: &Wiring<'_>, _: &Facts, looks: &mut Looks) {
    for function in wiring
        .functions()
        .filter(|function| function.property("VpcConfig").is_some())
    {
        let mut seen = Vec::new();
        for call in wiring.calls(function) {
            let Some((service, _)) = call.action.split_once(':') else {
                continue;
            };
            if is_made_by_lambda(wiring, function, &call) || seen.contains(&call.action) {
                continue;
            }
            seen.push(call.action);
            let passage = if service == "rds-db" {
                to_database(wiring, function)
            } else {
                to_service(wiring, function, service, call.action)
            };
            let path = "VpcConfig";
            match passage {
                Passage::Open => looks.expect(true, function, path, ""),
                Passage::Closed(why) => looks.expect(
                    false,
                    function,
                    path,
                    format!("`{}` goes nowhere: {why}", call.action),
                ),
                Passage::Unknown(why) => looks.unsure(
                    function,
                    path,
                    format!("whether `{}` arrives: {why}", call.action),
                ),
            }
        }
    }
}

/// Calls that a role must allow, but that Lambda makes from outside the VPC: placing the function there, writing its
/// log and traces, and polling the queues that it consumes.
fn is_made_by_lambda(wiring: &Wiring<'_>, function: Resource<'_>, call: &Call<'_>) -> bool {
    const NETWORK_INTERFACES: [&str; 6] = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
    ];
    const POLLING: [&str; 4] = [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
    ];
    let is_polled = || {
        let queue = call.on.and_then(|on| wiring.target(on));
        queue.is_some_and(|queue| {
            wiring
                .mappings()
                .iter()
                .any(|mapping| mapping.function.id == function.id && mapping.queue.id == queue.id)
        })
    };
    call.action.starts_with("logs:")
        || call.action.starts_with("xray:")
        || NETWORK_INTERFACES.contains(&call.action)
        || (POLLING.contains(&call.action) && is_polled())
}

fn to_service(wiring: &Wiring<'_>, function: Resource<'_>, service: &str, action: &str) -> Passage {
    let groups = Groups::new(wiring);
    let own = groups.of(function, "VpcConfig.SecurityGroupIds");
    if has_route_out(wiring, function) {
        return groups.out_to_anywhere(&own, HTTPS);
    }
    let suffix = format!(".{service}");
    let endpoint = wiring.of("AWS::EC2::VPCEndpoint").find(|endpoint| {
        endpoint
            .property("ServiceName")
            .is_some_and(|name| text(name).ends_with(&suffix))
    });
    let Some(endpoint) = endpoint else {
        return Passage::Closed(format!(
            "the VPC has no endpoint for `{service}` and no route out"
        ));
    };
    let id = endpoint.id;
    if !policy_admits(endpoint, action) {
        return Passage::Closed(format!("the policy of the endpoint `{id}` does not allow it"));
    }
    if endpoint.text("VpcEndpointType") != Some("Interface") {
        if endpoint.list("RouteTableIds").is_empty() {
            return Passage::Closed(format!("the endpoint `{id}` is in no route table"));
        }
        return groups.out_to_anywhere(&own, HTTPS);
    }
    if !endpoint.flag("PrivateDnsEnabled") {
        return Passage::Closed(format!(
            "the endpoint `{id}` has no private DNS, so the service's name leads past it"
        ));
    }
    if let (Some(vpc), Some(other)) = (vpc_of(wiring, function), endpoint.property("VpcId"))
        && text(vpc) != text(other)
    {
        return Passage::Closed(format!("the endpoint `{id}` is in another VPC"));
    }
    groups.between(&own, &groups.of(endpoint, "SecurityGroupIds"), HTTPS)
}

/// The database is not in the template; the way to it is what the functions' security groups allow.
fn to_database(wiring: &Wiring<'_>, function: Resource<'_>) -> Passage {
    let groups = Groups::new(wiring);
    let port = function
        .text("Environment.Variables.DB_PORT")
        .and_then(|port| port.parse().ok())
        .unwrap_or(MYSQL);
    groups.out_to_some_group(&groups.of(function, "VpcConfig.SecurityGroupIds"), port)
}

/// The VPC that a function's security group belongs to, since the function itself does not say.
fn vpc_of<'a>(wiring: &Wiring<'a>, function: Resource<'a>) -> Option<&'a Json> {
    let groups = function.list("VpcConfig.SecurityGroupIds");
    groups
        .into_iter()
        .find_map(|group| wiring.target(group)?.property("VpcId"))
}

/// Whether each of a function's subnets is in the template with a route to a NAT gateway.
fn has_route_out(wiring: &Wiring<'_>, function: Resource<'_>) -> bool {
    let same = |one: Option<&Json>, other: &Json| one.is_some_and(|one| text(one) == text(other));
    let subnets = function.list("VpcConfig.SubnetIds");
    !subnets.is_empty()
        && subnets.into_iter().all(|subnet| {
            wiring
                .of("AWS::EC2::SubnetRouteTableAssociation")
                .filter(|association| same(association.property("SubnetId"), subnet))
                .filter_map(|association| association.property("RouteTableId"))
                .any(|table| {
                    wiring.of("AWS::EC2::Route").any(|route| {
                        same(route.property("RouteTableId"), table)
                            && route.text("DestinationCidrBlock") == Some("0.0.0.0/0")
                            && route.property("NatGatewayId").is_some()
                    })
                })
        })
}

/// An endpoint without a policy lets everything through.
fn policy_admits(endpoint: Resource<'_>, action: &str) -> bool {
    endpoint.property("PolicyDocument").is_none_or(|document| {
        statements(document, "PolicyDocument").iter().any(|statement| {
            statement.allows() && statement.actions().iter().any(|pattern| covers(pattern, action))
        })
    })
}

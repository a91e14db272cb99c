//! Security groups and endpoints.

use super::TypeRules;

pub(super) const RULES: &[TypeRules] = &[
    TypeRules {
        resource_type: "AWS::EC2::SecurityGroup",
        replaces: "GroupDescription GroupName VpcId",
        interrupts: "",
        plain: "",
        judged: "SecurityGroupEgress SecurityGroupIngress",
    },
    TypeRules {
        resource_type: "AWS::EC2::SecurityGroupIngress",
        replaces: "CidrIp CidrIpv6 FromPort GroupId GroupName IpProtocol SourcePrefixListId \
            SourceSecurityGroupId SourceSecurityGroupName SourceSecurityGroupOwnerId ToPort",
        interrupts: "",
        plain: "Description",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::EC2::SecurityGroupEgress",
        replaces: "CidrIp CidrIpv6 DestinationPrefixListId DestinationSecurityGroupId FromPort GroupId \
            IpProtocol ToPort",
        interrupts: "",
        plain: "Description",
        judged: "",
    },
    TypeRules {
        resource_type: "AWS::EC2::VPCEndpoint",
        replaces: "ResourceConfigurationArn ServiceName ServiceNetworkArn ServiceRegion VpcEndpointType VpcId",
        interrupts: "",
        plain: "",
        judged: "DnsOptions IpAddressType PolicyDocument PrivateDnsEnabled RouteTableIds SecurityGroupIds \
            SubnetIds",
    },
];

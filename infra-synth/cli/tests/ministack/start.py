"""Starts MiniStack with the one resource type of the appointment stack that it lacks."""

from ministack.app import main
from ministack.services import ec2
from ministack.services.cloudformation import provisioners


def create(logical_id, props, stack_name):
    ec2._ensure_defaults_initialized()
    group = ec2._security_groups.get(props["GroupId"])
    if group is None:
        raise ValueError(f"The security group '{props['GroupId']}' does not exist")
    group["IpPermissions"] += provisioners._ec2_sg_permissions([props])
    return f"{stack_name}-{logical_id}", {"Id": f"{stack_name}-{logical_id}"}


def update(physical_id, old_props, new_props, stack_name):
    delete(physical_id, old_props)
    stack, _, logical_id = physical_id.rpartition("-")
    return create(logical_id, new_props, stack)


def delete(physical_id, props):
    group = ec2._security_groups.get(props.get("GroupId"))
    if group is not None:
        rules = provisioners._ec2_sg_permissions([props])
        group["IpPermissions"] = [rule for rule in group["IpPermissions"] if rule not in rules]


provisioners._RESOURCE_HANDLERS["AWS::EC2::SecurityGroupIngress"] = {
    "create": create,
    "update": update,
    "delete": delete,
}

main()

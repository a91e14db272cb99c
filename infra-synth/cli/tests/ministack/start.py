"""Starts MiniStack with the one resource type of the appointment stack that it lacks, with secrets known by their ARN,
and as if over TLS.

The queues' policies refuse what comes without TLS. MiniStack listens without it, and asks these policies also when one
service delivers to another, which on AWS is always over TLS.

While the working folder has a file `hold`, the creation of that resource waits, as AWS's slow resources do. Where it has
the pipes `ACTION.asked` and `ACTION.go-on`, the next call of that action tells the first that it was asked for, and waits
for the second.
"""

import contextvars
import pathlib
import time

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import ec2, secretsmanager
from ministack.services.cloudformation import handlers, provisioners, stacks

INGRESS = "AWS::EC2::SecurityGroupIngress"

iam_evaluator._request_origin = contextvars.ContextVar("origin", default=("127.0.0.1", True))
app.pin_request_origin = lambda address, _: iam_evaluator.pin_request_origin(address, True)


def create(logical_id, props, stack_name):
    while pathlib.Path("hold").exists():
        time.sleep(0.02)
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


provisioners._RESOURCE_HANDLERS[INGRESS] = {
    "create": create,
    "update": update,
    "delete": delete,
}

SECRET = "AWS::SecretsManager::Secret"

secrets = provisioners._RESOURCE_HANDLERS[SECRET]


def by_name(handler):
    """The handler, which knows secrets by their names, asked for one by its ARN."""

    def handle(physical_id, *arguments, **named):
        name, _ = secretsmanager._resolve(physical_id)
        return handler(name or physical_id, *arguments, **named)

    return handle


def by_arn(handler):
    """What `Ref` gives for a secret is its ARN, as on AWS, and not its name."""

    def handle(*arguments, **named):
        _, attributes = handler(*arguments, **named)
        return attributes["Arn"], attributes

    return handle


provisioners._RESOURCE_HANDLERS[SECRET] = secrets | {
    "create": by_arn(secrets["create"]),
    "update": by_arn(by_name(secrets["update"])),
    "delete": by_name(secrets["delete"]),
}

runs_on_a_thread = stacks._runs_on_worker_thread
# Its waiting must not stop the server.
stacks._runs_on_worker_thread = lambda kind: kind == INGRESS or runs_on_a_thread(kind)

def when_told(action):
    """The handler of an action, which waits where the pipes say so."""
    handler = handlers._ACTION_HANDLERS[action]

    def handle(params):
        asked = pathlib.Path(f"{action}.asked")
        if asked.exists():
            asked.write_text("")
            asked.unlink()
            pathlib.Path(f"{action}.go-on").read_text()
        return handler(params)

    return handle


for action in ("DescribeStackEvents", "ExecuteChangeSet"):
    handlers._ACTION_HANDLERS[action] = when_told(action)

app.main()

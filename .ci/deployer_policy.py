#!/usr/bin/env python3
"""What who deploys must be allowed to do, as an IAM policy, to standard output.

CloudFormation acts as whoever calls it. What it calls for a resource is in the schema of its type, which cfn-lint brings
along; what the tool calls itself is below. Run by `make deployer-policy`, and compared by `stacks/tests/lint.rs`.
"""

import json
import pathlib
import re

import cfnlint

PROJECT = pathlib.Path(__file__).resolve().parent.parent

# The asset bucket's stack, which no snapshot shows.
BOOTSTRAP = {"AWS::S3::Bucket", "AWS::S3::BucketPolicy"}

# What `infra-synth` and the runbook call.
OWN = {
    "cloudformation": """CancelUpdateStack ContinueUpdateRollback CreateChangeSet DeleteChangeSet DeleteStack DescribeChangeSet DescribeEvents
        DescribeStackDriftDetectionStatus DescribeStackEvents DescribeStackResource DescribeStackResourceDrifts DescribeStacks DetectStackDrift
        DetectStackResourceDrift ExecuteChangeSet GetTemplate ListChangeSets ListStackResources RollbackStack
        UpdateTerminationProtection""",
    # CloudFormation reads the template and the functions' code as the caller, and `ListBucket` makes a missing object
    # a missing one, not a refusal.
    "s3": "GetObject GetObjectVersion ListBucket PutObject",
    # `infra-synth logs`, and the stage's access log.
    "logs": """DeleteLogDelivery DescribeLogGroups DescribeResourcePolicies FilterLogEvents GetLogDelivery ListLogDeliveries
        PutResourcePolicy UpdateLogDelivery""",
    "lambda": "GetFunctionConfiguration",
    # An endpoint with private DNS, which its schema does not say.
    "route53": "AssociateVPCWithHostedZone",
}

# What the schemas name for features that are not used here, of other services or with other data.
NOT_OF = {"elasticfilesystem", "firehose", "kinesis", "s3files", "s3tables", "vpc-lattice", "vpce"}

# Reading and writing what is kept is no part of deploying, nor having it copied elsewhere: items, messages, secrets'
# values, what keys have encrypted.
DATA = {
    "dynamodb": """AssociateTableReplica BatchWriteItem CreateTableReplica DeleteItem DeleteResourcePolicy
        DisableKinesisStreamingDestination EnableKinesisStreamingDestination GetItem ImportTable PutItem PutResourcePolicy Query
        Scan UpdateItem UpdateKinesisStreamingDestination""",
    "kms": "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncrypt ReEncryptFrom ReEncryptTo",
    "logs": "PutLogEvents CreateLogStream",
    "s3": "DeleteObject ListAllMyBuckets PutObjectAcl getObject GetObjectMetadata REST.PUT.OBJECT",
    "secretsmanager": "GetSecretValue RemoveRegionsFromReplication ReplicateSecretToRegions",
}

# As an inline policy of a role. A managed one may have 6,144.
LONGEST = 10_240

# The asset bucket, by the name that CloudFormation makes of its stack's: nobody else's objects.
BUCKET = ["arn:aws:s3:::infra-synth-assets-*", "arn:aws:s3:::infra-synth-assets-*/*"]

# Roles are the way to every other right: only those of this service's stacks.
ROLE = "arn:aws:iam::*:role/appointment-*"
OF_ROLES = re.compile(r"iam:(Attach|Create|Delete|Detach|Get|Pass|Put|Tag|Untag|Update)\w*Role\w*|iam:List\w*RolePolicies")


def resource_types():
    types = set(BOOTSTRAP)
    for snapshot in sorted((PROJECT / "snapshots").glob("*.snap")):
        types.update(re.findall(r"^ +Type: (AWS::\w+::\w+)$", snapshot.read_text(), re.MULTILINE))
    return types


def handlers():
    folder = pathlib.Path(cfnlint.__file__).parent / "data" / "schemas" / "resources"
    for file in folder.rglob("*.json"):
        schema = json.loads(file.read_text())
        if "typeName" in schema:
            yield schema["typeName"], schema.get("handlers", {})


def names(services):
    return {f"{service}:{name}" for service, listed in services.items() for name in listed.split()}


def actions():
    types = resource_types()
    found = names(OWN)
    known = set()
    for name, operations in handlers():
        if name in types:
            known.add(name)
            for operation in operations.values():
                found.update(operation.get("permissions", []))
    if missing := types - known:
        raise SystemExit(f"cfn-lint has no schema of {', '.join(sorted(missing))}")
    # Case does not matter to IAM.
    distinct = {action.lower(): action for action in sorted(found, reverse=True)}
    lower = lambda wanted: {action.lower() for action in wanted}
    unwanted = lower(names(DATA)) - lower(names(OWN))
    return sorted(
        action
        for key, action in distinct.items()
        if key not in unwanted and action.split(":")[0] not in NOT_OF
    )


def policy():
    every = actions()
    roles = [action for action in every if OF_ROLES.fullmatch(action) and "ServiceLinked" not in action]
    linked = ["iam:CreateServiceLinkedRole"]
    bucket = [action for action in every if action.startswith("s3:")]
    rest = [action for action in every if action not in roles + linked + bucket]
    statement = lambda sid, allowed, resource: {
        "Sid": sid,
        "Effect": "Allow",
        "Action": allowed,
        "Resource": resource,
    }
    return {
        "Version": "2012-10-17",
        "Statement": [
            statement("Stack", rest, "*"),
            statement("AssetBucket", bucket, BUCKET),
            statement("Roles", roles, ROLE),
            statement("RolesOfServices", linked, "arn:aws:iam::*:role/aws-service-role/*"),
        ],
    }


document = policy()
# IAM does not count white space.
if (length := len(json.dumps(document, separators=(",", ":")))) > LONGEST:
    raise SystemExit(f"the policy has {length} characters, of which IAM takes {LONGEST}")
print(json.dumps(document, indent=2))

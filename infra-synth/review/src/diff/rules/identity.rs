//! Roles and policies.

use super::TypeRules;

pub(super) const RULES: &[TypeRules] = &[
    TypeRules {
        resource_type: "AWS::IAM::Role",
        replaces: "Path RoleName",
        interrupts: "",
        plain: "Description",
        judged: "AssumeRolePolicyDocument ManagedPolicyArns MaxSessionDuration PermissionsBoundary Policies",
    },
    TypeRules {
        resource_type: "AWS::IAM::Policy",
        replaces: "",
        interrupts: "",
        plain: "PolicyName",
        judged: "Groups PolicyDocument Roles Users",
    },
    TypeRules {
        resource_type: "AWS::IAM::ManagedPolicy",
        replaces: "ManagedPolicyName Description Path",
        interrupts: "",
        plain: "",
        judged: "Groups PolicyDocument Roles Users",
    },
    TypeRules {
        resource_type: "AWS::IAM::RolePolicy",
        replaces: "PolicyName RoleName",
        interrupts: "",
        plain: "",
        judged: "PolicyDocument",
    },
];

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Handle, Resource, RetentionDays, Value,
    kind::{LogGroupArn, LogGroupName, Text},
    stack::to_json,
};

/// `AWS::Logs::LogGroup`.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LogGroup {
    /// The physical name; CloudFormation chooses one when there is none.
    pub log_group_name: Option<Value<Text>>,
    /// How long an event is kept; for ever when not said.
    pub retention_in_days: Option<RetentionDays>,
    /// Whether CloudWatch refuses to delete the group.
    pub deletion_protection_enabled: Option<bool>,
}

impl Resource for LogGroup {
    fn resource_type(&self) -> &'static str {
        "AWS::Logs::LogGroup"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<LogGroup> {
    /// `Fn::GetAtt … Arn`, which ends in `:*`.
    pub fn arn(&self) -> Value<LogGroupArn> {
        self.attribute("Arn")
    }

    /// `Ref`, which for a log group is its name.
    pub fn name(&self) -> Value<LogGroupName> {
        self.reference()
    }
}

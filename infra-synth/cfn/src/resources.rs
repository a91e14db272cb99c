//! One struct a resource type, with CloudFormation's own property names in Rust's spelling.
//!
//! Write a struct literal with `..Default::default()`; where a property is required and nothing sensible could
//! stand for it, a constructor takes it, and `..Queue::default()` becomes `..Subscription::to_queue(a, b)`.
//! A field that is `None` is left out of the template. Attributes are methods of the resource's
//! [`Handle`](crate::Handle).
//!
//! Only the properties that have found a use are here; the reference for all of them is
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/>.

mod api_gateway;
mod cloudwatch;
mod dynamodb;
mod ec2;
mod events;
mod iam;
mod kms;
mod lambda;
mod logs;
mod secrets_manager;
mod sns;
mod sqs;

pub use api_gateway::{
    AccessLogSettings, Cors, HttpApi, Integration, JwtAuthorizer, Route, RouteAuthorization, RouteSettings,
    Stage,
};
pub use cloudwatch::{Alarm, Chart, Dashboard, Metric, MissingData, Statistic};
pub use dynamodb::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchema, KeyType, PointInTimeRecovery,
    Projection, ServerSideEncryption, Table,
};
pub use ec2::{SecurityGroup, SecurityGroupEgress, SecurityGroupIngress, SecurityGroupRule, VpcEndpoint};
pub use events::{DeadLetterConfig, EventBus, EventPattern, RetryPolicy, Rule, Schedule, Target};
pub use iam::Role;
pub use kms::Key;
pub use lambda::{
    Architecture, Code, Environment, EventInvokeConfig, EventSourceMapping, Function, LoggingConfig,
    Permission, ScalingConfig, VpcConfig,
};
pub use logs::LogGroup;
pub use secrets_manager::{GeneratedSecret, Secret};
pub use sns::{Subscription, Topic, TopicPolicy};
pub use sqs::{Queue, QueuePolicy, RedriveAllowPolicy, RedrivePolicy};

/// The property by which a resource of a type is given its name, where it has one that the template may choose.
pub fn name_property(resource_type: &str) -> Option<&'static str> {
    Some(match resource_type {
        "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm" => "AlarmName",
        "AWS::CloudWatch::Dashboard" => "DashboardName",
        "AWS::DynamoDB::Table" => "TableName",
        "AWS::EC2::SecurityGroup" => "GroupName",
        "AWS::Events::Archive" => "ArchiveName",
        "AWS::Events::EventBus"
        | "AWS::Events::Rule"
        | "AWS::SecretsManager::Secret"
        | "AWS::ApiGatewayV2::Api"
        | "AWS::ApiGatewayV2::Authorizer" => "Name",
        "AWS::IAM::Role" => "RoleName",
        "AWS::Lambda::Function" => "FunctionName",
        "AWS::Logs::LogGroup" => "LogGroupName",
        "AWS::S3::Bucket" => "BucketName",
        "AWS::SNS::Topic" => "TopicName",
        "AWS::SQS::Queue" => "QueueName",
        _ => return None,
    })
}

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

//! What a [`Value`](crate::Value) can name. Each type here is empty: it exists for the compiler alone.

/// A kind that is an Amazon Resource Name, and so may stand in a policy statement's `Resource`.
#[diagnostic::on_unimplemented(
    message = "an ARN is wanted here, and a value of kind `{Self}` is none",
    label = "no ARN"
)]
pub trait Arn {}

/// A kind that a template parameter can have.
pub trait ParameterKind {
    /// The parameter's `Type`, for example `AWS::EC2::VPC::Id`: with AWS's own types CloudFormation
    /// refuses a value that does not exist in the account before it changes anything.
    const TYPE: &'static str;
}

/// Text that names nothing in particular.
pub enum Text {}
impl ParameterKind for Text {
    const TYPE: &'static str = "String";
}

/// Any ARN, where which kind does not matter (a policy statement).
pub enum AnyArn {}
impl Arn for AnyArn {}

/// An SQS queue's ARN.
pub enum QueueArn {}
impl Arn for QueueArn {}

/// An SQS queue's URL.
pub enum QueueUrl {}

/// An SNS topic's ARN.
pub enum TopicArn {}
impl Arn for TopicArn {}

/// A DynamoDB table's ARN.
pub enum TableArn {}
impl Arn for TableArn {}

/// The ARN of an index of a DynamoDB table.
pub enum IndexArn {}
impl Arn for IndexArn {}

/// A DynamoDB table's name.
pub enum TableName {}

/// A KMS key's ARN.
pub enum KeyArn {}
impl Arn for KeyArn {}

/// An EventBridge bus's ARN.
pub enum EventBusArn {}
impl Arn for EventBusArn {}

/// An EventBridge bus's name.
pub enum EventBusName {}

/// An EventBridge rule's ARN.
pub enum RuleArn {}
impl Arn for RuleArn {}

/// A Lambda function's ARN.
pub enum FunctionArn {}
impl Arn for FunctionArn {}

/// An IAM role's ARN.
pub enum RoleArn {}
impl Arn for RoleArn {}

/// A CloudWatch log group's ARN, with the `:*` that covers its streams.
pub enum LogGroupArn {}
impl Arn for LogGroupArn {}

/// A CloudWatch log group's name.
pub enum LogGroupName {}

/// The ARN by which RDS knows a database user that signs in with IAM.
pub enum DatabaseUserArn {}
impl Arn for DatabaseUserArn {}

/// What API Gateway calls itself when it invokes a function for one route.
pub enum RouteArn {}
impl Arn for RouteArn {}

/// An HTTP API's identifier.
pub enum HttpApiId {}

/// An HTTP API's integration, as a route's target names it.
pub enum IntegrationId {}

/// A JWT authorizer of an HTTP API.
pub enum JwtAuthorizerId {}

/// A secret's ARN.
pub enum SecretArn {}
impl Arn for SecretArn {}

/// A security group's identifier.
pub enum SecurityGroupId {}
impl ParameterKind for SecurityGroupId {
    const TYPE: &'static str = "AWS::EC2::SecurityGroup::Id";
}

/// A VPC's identifier.
pub enum VpcId {}
impl ParameterKind for VpcId {
    const TYPE: &'static str = "AWS::EC2::VPC::Id";
}

/// A list of subnet identifiers.
pub enum SubnetIds {}
impl ParameterKind for SubnetIds {
    const TYPE: &'static str = "List<AWS::EC2::Subnet::Id>";
}

/// An AWS account's twelve digits.
pub enum AccountId {}

/// An S3 bucket's name.
pub enum BucketName {}
impl ParameterKind for BucketName {
    const TYPE: &'static str = "String";
}

/// The key of an object in an S3 bucket.
pub enum ObjectKey {}
impl ParameterKind for ObjectKey {
    const TYPE: &'static str = "String";
}

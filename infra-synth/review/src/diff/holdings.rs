//! What a resource holds that its replacement does not bring along.

use super::model::Resource;
use super::review::DataFate;

/// What goes with a resource of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holding {
    /// Data, named so that they fit after "it holds".
    Data(&'static str),
    /// Something outside that others hold on to: an address, a subscription.
    Address(&'static str),
    /// It only says who may do what; the access view tells what its end means.
    Declaration,
    /// It does its work and holds nothing.
    Nothing,
}

pub(crate) fn holding(resource_type: &str) -> Holding {
    match resource_type {
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => Holding::Data("items"),
        "AWS::SQS::Queue" => Holding::Data("the messages in it"),
        "AWS::Logs::LogGroup" => Holding::Data("log entries"),
        "AWS::Events::EventBus" => Holding::Data("rules and archives that others have put on it"),
        "AWS::Events::Archive" => Holding::Data("archived events"),
        "AWS::S3::Bucket" => Holding::Data("objects"),
        "AWS::SecretsManager::Secret" | "AWS::SSM::Parameter" => Holding::Data("a value"),
        "AWS::KMS::Key" => Holding::Data("the only way to read what it has encrypted"),
        "AWS::RDS::DBInstance" | "AWS::RDS::DBCluster" => Holding::Data("databases"),
        "AWS::Kinesis::Stream" => Holding::Data("records"),
        "AWS::EFS::FileSystem" => Holding::Data("files"),
        "AWS::ECR::Repository" => Holding::Data("images"),
        "AWS::Cognito::UserPool" => Holding::Data("user accounts"),
        "AWS::ElastiCache::ReplicationGroup" | "AWS::OpenSearchService::Domain" => Holding::Data("data"),
        "AWS::SNS::Topic" => Holding::Address("subscriptions and permissions that others made for its ARN"),
        "AWS::ApiGatewayV2::Api"
        | "AWS::ApiGateway::RestApi"
        | "AWS::ApiGatewayV2::Stage"
        | "AWS::ApiGateway::Stage"
        | "AWS::Lambda::Url" => Holding::Address("the URL that clients call"),
        "AWS::ApiGatewayV2::DomainName" | "AWS::ApiGateway::DomainName" => {
            Holding::Address("the name that clients call")
        }
        "AWS::SQS::QueuePolicy"
        | "AWS::SQS::QueueInlinePolicy"
        | "AWS::SNS::TopicPolicy"
        | "AWS::SNS::TopicInlinePolicy"
        | "AWS::Events::EventBusPolicy"
        | "AWS::S3::BucketPolicy"
        | "AWS::Logs::ResourcePolicy"
        | "AWS::Lambda::Permission"
        | "AWS::IAM::Role"
        | "AWS::IAM::Policy"
        | "AWS::IAM::ManagedPolicy"
        | "AWS::IAM::RolePolicy"
        | "AWS::EC2::SecurityGroupIngress"
        | "AWS::EC2::SecurityGroupEgress"
        | "AWS::ApiGatewayV2::Deployment" => Holding::Declaration,
        _ => Holding::Nothing,
    }
}

/// What becomes of the data under a policy; without one CloudFormation deletes.
pub(crate) fn fate(resource: &Resource, policy: &str) -> DataFate {
    match (resource.attribute(policy), resource.resource_type.as_str()) {
        (Some("Retain" | "RetainExceptOnCreate"), _) => DataFate::Kept,
        (Some("Snapshot"), _) => DataFate::Snapshot,
        // The one default that differs.
        (None, "AWS::RDS::DBCluster") if policy == "DeletionPolicy" => DataFate::Snapshot,
        (None, "AWS::RDS::DBInstance")
            if policy == "DeletionPolicy" && resource.property("DBClusterIdentifier").is_none() =>
        {
            DataFate::Snapshot
        }
        _ => DataFate::Lost,
    }
}

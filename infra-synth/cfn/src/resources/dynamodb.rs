use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Handle, Resource, Value,
    kind::{IndexArn, TableArn, TableName, Text},
    stack::to_json,
};

/// `AWS::DynamoDB::Table`.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Table {
    /// The physical name; CloudFormation chooses one when there is none.
    pub table_name: Option<Value<Text>>,
    /// How capacity is paid for.
    pub billing_mode: BillingMode,
    /// The types of the key attributes, and of no others.
    pub attribute_definitions: Vec<AttributeDefinition>,
    /// The table's own key.
    pub key_schema: Vec<KeySchema>,
    /// Other keys to query by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub global_secondary_indexes: Vec<GlobalSecondaryIndex>,
    /// Restoring to any second of the last 35 days.
    pub point_in_time_recovery_specification: Option<PointInTimeRecovery>,
    /// Encryption with a KMS key instead of one that DynamoDB owns.
    #[serde(rename = "SSESpecification")]
    pub sse_specification: Option<ServerSideEncryption>,
    /// Whether DynamoDB refuses to delete the table.
    pub deletion_protection_enabled: Option<bool>,
}

impl Resource for Table {
    fn resource_type(&self) -> &'static str {
        "AWS::DynamoDB::Table"
    }

    fn properties(&self) -> Json {
        to_json(self)
    }
}

impl Handle<Table> {
    /// `Fn::GetAtt … Arn`.
    pub fn arn(&self) -> Value<TableArn> {
        self.attribute("Arn")
    }

    /// `Ref`, which for a table is its name.
    pub fn name(&self) -> Value<TableName> {
        self.reference()
    }

    /// The ARN of one of its indexes.
    pub fn index_arn(&self, index_name: &str) -> Value<IndexArn> {
        Value::sub(format!("${{{}.Arn}}/index/{index_name}", self.logical_id()))
    }
}

/// How a table's capacity is paid for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BillingMode {
    /// By the request, with no capacity to plan.
    #[default]
    PayPerRequest,
}

/// A key attribute; all that are here are texts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeDefinition {
    /// The attribute.
    pub attribute_name: &'static str,
    /// `S` for a text.
    pub attribute_type: &'static str,
}

impl AttributeDefinition {
    /// An attribute that is a text.
    pub fn text(attribute_name: &'static str) -> Self {
        Self {
            attribute_name,
            attribute_type: "S",
        }
    }
}

/// A part of a key.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeySchema {
    /// The attribute.
    pub attribute_name: &'static str,
    /// Which part.
    pub key_type: KeyType,
}

impl KeySchema {
    /// The part that must be known to read.
    pub fn hash(attribute_name: &'static str) -> Self {
        Self {
            attribute_name,
            key_type: KeyType::Hash,
        }
    }

    /// The part that orders what has the same hash.
    pub fn range(attribute_name: &'static str) -> Self {
        Self {
            attribute_name,
            key_type: KeyType::Range,
        }
    }
}

/// Which part of a key an attribute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// The part that must be known to read.
    Hash,
    /// The part that orders what has the same hash.
    Range,
}

/// Another key to query a table by.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GlobalSecondaryIndex {
    /// The index's name.
    pub index_name: &'static str,
    /// Its key.
    pub key_schema: Vec<KeySchema>,
    /// What of an item it repeats.
    pub projection: Projection,
}

/// What an index repeats of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "ProjectionType", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Projection {
    /// All of it, so that a query needs no second read.
    All,
    /// The keys alone.
    KeysOnly,
}

/// Continuous backup.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PointInTimeRecovery {
    /// Whether it is on.
    pub point_in_time_recovery_enabled: bool,
}

/// Encryption with the KMS key `alias/aws/dynamodb`.
#[derive(Debug, Clone, Serialize)]
pub struct ServerSideEncryption {
    /// Whether that key is used; `false` leaves the key that DynamoDB owns and nobody sees.
    #[serde(rename = "SSEEnabled")]
    pub enabled: bool,
}

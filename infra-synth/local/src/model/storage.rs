//! `AWS::DynamoDB::Table`.

use serde_json::Value;

use super::properties::Properties;

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) logical_id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) key: String,
    pub(crate) indexes: Vec<Index>,
}

#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) hash: String,
    pub(crate) range: Option<String>,
}

pub(super) fn table(properties: &mut Properties<'_, '_>, arn: String) -> Option<Table> {
    let name = properties.required("TableName")?;
    properties.only("BillingMode", "PAY_PER_REQUEST");
    let attributes = properties.each("AttributeDefinitions", |definition| {
        definition.only("AttributeType", "S");
        definition.required("AttributeName")
    });
    let (key, range) = key_schema(properties)?;
    if range.is_some() {
        properties.refuse("a table with a sort key is not supported locally");
    }
    let indexes = properties.each("GlobalSecondaryIndexes", |index| {
        let name = index.required("IndexName")?;
        let (hash, range) = key_schema(index)?;
        if let Some(mut projection) = index.object("Projection") {
            projection.only("ProjectionType", "ALL");
            projection.finish();
        }
        Some(Index { name, hash, range })
    });
    let used = indexes
        .iter()
        .flat_map(|index| [Some(&index.hash), index.range.as_ref()]);
    for attribute in used.flatten().chain([&key]) {
        if !attributes.contains(attribute) {
            properties.refuse(format!(
                "key attribute `{attribute}` is not among AttributeDefinitions"
            ));
        }
    }
    properties.ignore(&[
        "PointInTimeRecoverySpecification",
        "SSESpecification",
        "DeletionProtectionEnabled",
        "ContributorInsightsSpecification",
        "TableClass",
        "Tags",
    ]);
    Some(Table {
        logical_id: properties.logical_id.clone(),
        name,
        arn,
        key,
        indexes,
    })
}

fn key_schema(properties: &mut Properties<'_, '_>) -> Option<(String, Option<String>)> {
    let Some(Value::Array(elements)) = properties.take("KeySchema") else {
        properties.refuse("property `KeySchema` is missing");
        return None;
    };
    let named = |kind: &str| {
        elements
            .iter()
            .find(|element| element["KeyType"] == kind)
            .and_then(|element| element["AttributeName"].as_str())
            .map(str::to_owned)
    };
    let Some(hash) = named("HASH") else {
        properties.refuse("property `KeySchema` has no HASH key");
        return None;
    };
    Some((hash, named("RANGE")))
}

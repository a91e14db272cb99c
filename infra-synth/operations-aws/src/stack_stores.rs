use std::collections::BTreeMap;

use infra_synth_cfn::Template;
use infra_synth_wiring::Wiring;
use schedule_core::{Country, names};
use serde_json::Value;

/// Where a deployed stack keeps its appointments, as the settings of its functions say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackStores {
    pub(crate) table: String,
    pub(crate) topic_arn: String,
    pub(crate) databases: BTreeMap<Country, DatabasePlace>,
}

/// Where a country's database is, and who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DatabasePlace {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) database: String,
    pub(crate) user: String,
}

/// The template does not say where the appointments are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "no function of the deployed stack is given both the table and the topic; was it deployed by this program? \
     see what a deployment would change: infra-synth diff --against deployed"
)]
pub struct NoStores;

impl StackStores {
    /// Reads a template and the physical ids of its resources by their logical ids.
    ///
    /// # Errors
    ///
    /// When no function has both the table and the topic.
    pub fn of(template: &Template, physical_ids: &BTreeMap<String, String>) -> Result<Self, NoStores> {
        let wiring = Wiring::new(template);
        let physical = |value: &Value| match value {
            Value::String(literal) => Some(literal.clone()),
            reference => physical_ids.get(wiring.target(reference)?.id).cloned(),
        };
        let both = wiring
            .settings([names::APPOINTMENTS_TABLE, names::SNS_TOPIC_ARN])
            .find_map(|[table, topic]| Some((physical(table)?, physical(topic)?)));
        let (table, topic_arn) = both.ok_or(NoStores)?;
        let databases = wiring
            .settings([
                names::COUNTRY,
                names::DB_HOST,
                names::DB_PORT,
                names::DB_NAME,
                names::DB_USER,
            ])
            .filter_map(|settings| {
                let [country, host, port, database, user] = settings.map(Value::as_str);
                let place = DatabasePlace {
                    host: host?.to_owned(),
                    port: port?.parse().ok()?,
                    database: database?.to_owned(),
                    user: user?.to_owned(),
                };
                Some((country?.parse().ok()?, place))
            });
        Ok(Self {
            table,
            topic_arn,
            databases: databases.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn where_the_appointments_are_is_read_from_the_functions_settings() {
        let function = |variables: Value| json!({"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": variables}}});
        let template = Template::from_value(json!({"Resources": {
            "Table": {"Type": "AWS::DynamoDB::Table"},
            "Topic": {"Type": "AWS::SNS::Topic"},
            "Get": function(json!({"APPOINTMENTS_TABLE": {"Ref": "Table"}})),
            "Create": function(json!({"APPOINTMENTS_TABLE": {"Ref": "Table"}, "SNS_TOPIC_ARN": {"Ref": "Topic"}})),
            "Peru": function(json!({"COUNTRY": "PE", "DB_HOST": "db", "DB_PORT": "3306", "DB_NAME": "appointments", "DB_USER": "functions"})),
            "Chile": function(json!({"COUNTRY": "CL", "DB_HOST": {"Fn::ImportValue": "host"}, "DB_PORT": "3306", "DB_NAME": "appointments", "DB_USER": "functions"})),
        }}));
        let physical_ids = [("Table", "appointments"), ("Topic", "arn:aws:sns:topic")]
            .map(|(id, name)| (id.to_owned(), name.to_owned()))
            .into();
        let stores = StackStores::of(&template, &physical_ids).unwrap();
        assert_eq!(
            (stores.table.as_str(), stores.topic_arn.as_str()),
            ("appointments", "arn:aws:sns:topic")
        );
        let known: Vec<_> = stores.databases.into_iter().collect();
        let place = DatabasePlace {
            host: "db".to_owned(),
            port: 3306,
            database: "appointments".to_owned(),
            user: "functions".to_owned(),
        };
        assert_eq!(
            known,
            [(Country::PE, place)],
            "what only AWS can resolve is not guessed"
        );
        assert_eq!(StackStores::of(&template, &BTreeMap::new()), Err(NoStores));
    }
}

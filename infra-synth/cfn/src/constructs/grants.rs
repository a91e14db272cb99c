//! `resource.grant_…(&function)`: the least permission for one use, written into the function's own role.

use crate::{
    Handle, Value,
    kind::DatabaseUserArn,
    policy::{Grantee, Statement},
    resources::{EventBus, LogGroup, Queue, Secret, Table, Topic},
};

impl Handle<Table> {
    /// Writing whole items, with conditions.
    pub fn grant_put(&self, to: &impl Grantee) {
        to.grant(Statement::allow(&["dynamodb:PutItem"], &self.arn()));
    }

    /// Changing attributes of an item, with conditions.
    pub fn grant_update(&self, to: &impl Grantee) {
        to.grant(Statement::allow(&["dynamodb:UpdateItem"], &self.arn()));
    }

    /// Reading one item by the table's key.
    pub fn grant_get(&self, to: &impl Grantee) {
        to.grant(Statement::allow(&["dynamodb:GetItem"], &self.arn()));
    }

    /// Querying one index, and not the table.
    pub fn grant_query_index(&self, index_name: &str, to: &impl Grantee) {
        to.grant(Statement::allow(&["dynamodb:Query"], &self.index_arn(index_name)));
    }
}

impl Handle<Topic> {
    /// Publishing messages.
    pub fn grant_publish(&self, to: &impl Grantee) {
        to.grant(Statement::allow(&["sns:Publish"], &self.arn()));
    }
}

impl Handle<EventBus> {
    /// Sending events.
    pub fn grant_put_events(&self, to: &impl Grantee) {
        to.grant(Statement::allow(&["events:PutEvents"], &self.arn()));
    }
}

impl Handle<Queue> {
    /// Receiving messages and deleting them, as an event source mapping does in the function's name.
    pub fn grant_consume(&self, to: &impl Grantee) {
        let calls = [
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
        ];
        to.grant(Statement::allow(&calls, &self.arn()));
    }
}

impl Handle<LogGroup> {
    /// Writing to streams of this group, but not creating a group.
    pub fn grant_write(&self, to: &impl Grantee) {
        to.grant(Statement::allow(
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            &self.arn(),
        ));
    }
}

impl Handle<Secret> {
    /// Reading the value, and nothing else about it.
    pub fn grant_read(&self, to: &impl Grantee) {
        to.grant(Statement::allow(&["secretsmanager:GetSecretValue"], &self.arn()));
    }
}

impl Value<DatabaseUserArn> {
    /// A user of an RDS database (`db-…`) or Aurora cluster (`cluster-…`) that signs in with IAM.
    ///
    /// `resource_id` is the logical id of the parameter or resource that is the database's resource id.
    pub fn database_user(resource_id: &str, user: &str) -> Self {
        Self::arn_here("rds-db", &format!("dbuser:${{{resource_id}}}/{user}"))
    }

    /// Signing in as this user.
    pub fn grant_connect(&self, to: &impl Grantee) {
        to.grant(Statement::allow(&["rds-db:connect"], self));
    }
}

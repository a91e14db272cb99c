use crate::{
    Handle, Stack, Value,
    kind::{AnyArn, Text},
    policy::{PolicyDocument, Principal, Statement},
    resources::{Key, Topic, TopicPolicy},
};

use super::queue::tls_only;

const CLOUDWATCH: &str = "cloudwatch.amazonaws.com";

impl Stack {
    /// Declares a topic that alarms of this account may publish to, its policy `<id>Policy`, and the key `<id>Key`
    /// that its messages are encrypted with.
    ///
    /// A key of our own, since the policy of the one that AWS manages for SNS lets no service in: an alarm on a topic
    /// with `alias/aws/sns` goes off and nobody hears of it
    /// (<https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html>).
    #[track_caller]
    pub fn add_alarm_topic(
        &mut self,
        id: &str,
        name: String,
        key_description: &'static str,
    ) -> Handle<Topic> {
        let key = Key {
            description: key_description,
            enable_key_rotation: true,
            key_policy: PolicyDocument::new(vec![
                Statement::allow_on_all(&["kms:*"]).by(Principal::ThisAccount),
                for_alarms(Statement::allow_on_all(&["kms:Decrypt", "kms:GenerateDataKey*"])),
            ]),
        };
        let key = self.add(&format!("{id}Key"), key);
        let topic = Topic {
            topic_name: Some(name.into()),
            kms_master_key_id: Some(key.id()),
        };
        let topic = self.add(id, topic);
        let policy = TopicPolicy {
            topics: vec![topic.arn()],
            policy_document: PolicyDocument::new(vec![
                for_alarms(Statement::allow(&["sns:Publish"], &topic.arn())),
                tls_only("sns:Publish", &topic.arn()),
            ]),
        };
        self.add(&format!("{id}Policy"), policy);
        topic
    }
}

/// Only for alarms, and only for those of this account.
fn for_alarms(statement: Statement) -> Statement {
    let alarms: Value<AnyArn> =
        Value::sub("arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*");
    let account: Value<Text> = Value::account_id().text();
    statement
        .by(Principal::Service(CLOUDWATCH))
        .when("ArnLike", "aws:SourceArn", alarms.text())
        .when("StringEquals", "aws:SourceAccount", account)
}

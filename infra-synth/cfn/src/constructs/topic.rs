use crate::{
    Handle, Stack, Value,
    kind::{AnyArn, Text},
    policy::{PolicyDocument, Principal, Statement},
    resources::{Key, Topic, TopicPolicy},
};

use super::queue::tls_only;

const CLOUDWATCH: &str = "cloudwatch.amazonaws.com";

/// What keeping a key takes; without its account in its policy it could never be managed again. One by one, so that
/// nobody decrypts or hands the key on because they may manage it.
const MANAGING_A_KEY: [&str; 15] = [
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
];

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
                Statement::allow_on_all(&MANAGING_A_KEY).by(Principal::ThisAccount),
                for_alarms(Statement::allow_on_all(&["kms:Decrypt", "kms:GenerateDataKey"])),
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

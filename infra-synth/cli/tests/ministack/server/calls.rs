use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{Credentials, MiniStack};

/// How long the machine may take for one step, busy as it may be; nothing is asserted about time.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a test asks of AWS itself, as root.
impl MiniStack {
    /// A new user who may do this and nothing else.
    pub(crate) fn user(&self, name: &str, actions: &[&str]) -> Credentials {
        let call = |action, more: &[(&str, &str)]| {
            let mut fields = vec![("Action", action), ("Version", "2010-05-08"), ("UserName", name)];
            fields.extend(more);
            self.form("iam", &fields)
        };
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        call("CreateUser", &[]);
        call(
            "PutUserPolicy",
            &[("PolicyName", "allowed"), ("PolicyDocument", &policy)],
        );
        let key = call("CreateAccessKey", &[]);
        let field = |name: &str| {
            let (_, rest) = key.split_once(&format!("<{name}>")).unwrap();
            rest.split('<').next().unwrap().to_owned()
        };
        Credentials {
            access_key_id: field("AccessKeyId"),
            secret_access_key: field("SecretAccessKey"),
        }
    }

    /// A call in the protocols that take a form, such as CloudFormation's.
    pub(crate) fn form(&self, service: &str, fields: &[(&str, &str)]) -> String {
        self.post(service)
            .send_form(fields.iter().copied())
            .unwrap()
            .body_mut()
            .read_to_string()
            .unwrap()
    }

    /// A call in the JSON protocol, such as DynamoDB's; `target` is `DynamoDB_20120810.PutItem`, for example.
    pub(crate) fn json(&self, service: &str, target: &str, body: &Value) -> Value {
        let request = self
            .post(service)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target);
        let mut answer = request.send(body.to_string()).unwrap();
        answer.body_mut().read_json().unwrap_or(Value::Null)
    }

    /// How many messages a queue holds, in hand or not.
    pub(crate) fn messages_in(&self, queue: &str) -> u64 {
        let attributes = self.json(
            "sqs",
            "AmazonSQS.GetQueueAttributes",
            &json!({"QueueUrl": self.queue_url(queue), "AttributeNames": ["All"]}),
        );
        [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        ]
        .iter()
        .filter_map(|name| attributes["Attributes"][name].as_str()?.parse::<u64>().ok())
        .sum()
    }

    pub(crate) fn send_message(&self, queue: &str, body: &str) {
        let message = json!({"QueueUrl": self.queue_url(queue), "MessageBody": body});
        let sent = self.json("sqs", "AmazonSQS.SendMessage", &message);
        assert!(sent["MessageId"].is_string(), "{sent}");
    }

    /// The body of a message that waits in a queue, where it stays.
    pub(crate) fn message_in(&self, queue: &str) -> String {
        let one = json!({"QueueUrl": self.queue_url(queue), "VisibilityTimeout": 0});
        let answer = self.json("sqs", "AmazonSQS.ReceiveMessage", &one);
        answer["Messages"][0]["Body"].as_str().unwrap().to_owned()
    }

    /// Lets a message that was not processed come again within seconds, not minutes.
    pub(crate) fn retry_soon(&self, queue: &str) {
        let soon = json!({"QueueUrl": self.queue_url(queue), "Attributes": {"VisibilityTimeout": "3"}});
        self.json("sqs", "AmazonSQS.SetQueueAttributes", &soon);
    }

    fn queue_url(&self, queue: &str) -> Value {
        let answer = self.json("sqs", "AmazonSQS.GetQueueUrl", &json!({"QueueName": queue}));
        answer["QueueUrl"].clone()
    }

    /// Waits until it holds, and shows the functions' logs if that takes too long.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let started = Instant::now();
        while !holds() {
            if started.elapsed() > PATIENCE {
                let logs = self.infra_synth(&["logs", "--since", "1h"]);
                panic!("{what}: not within {PATIENCE:?}\n{}{}", logs.data, logs.notes);
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Lets a mapping read its queue.
    pub(crate) fn enable_mapping(&self, id: &str) {
        let url = format!("{}/2015-03-31/event-source-mappings/{id}", self.url);
        let request = ureq::put(url).header("authorization", authorization("lambda"));
        request.send_json(json!({"Enabled": true})).unwrap();
    }

    /// A policy inside a role.
    pub(crate) fn role_policy(&self, role: &str, name: &str) -> Value {
        let fields = [
            ("Action", "GetRolePolicy"),
            ("Version", "2010-05-08"),
            ("RoleName", role),
            ("PolicyName", name),
        ];
        let answer = self.form("iam", &fields);
        let (_, rest) = answer.split_once("<PolicyDocument>").unwrap();
        let document = percent_decoded(rest.split('<').next().unwrap());
        serde_json::from_str(&document).unwrap_or_else(|error| panic!("{error}: {document}"))
    }

    pub(crate) fn write_role_policy(&self, role: &str, name: &str, policy: &Value) {
        let policy = policy.to_string();
        let fields = [
            ("Action", "PutRolePolicy"),
            ("Version", "2010-05-08"),
            ("RoleName", role),
            ("PolicyName", name),
            ("PolicyDocument", &policy),
        ];
        self.form("iam", &fields);
    }

    fn post(&self, service: &str) -> ureq::RequestBuilder<ureq::typestate::WithBody> {
        ureq::post(&self.url).header("authorization", authorization(service))
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// Who signs as root is believed without a look at the signature.
fn authorization(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x"
    )
}

//! The services that the functions talk to, wired as the template says.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use thiserror::Error;
use tokio::sync::watch;
use uuid::Uuid;

use crate::access::{Access, AccessError, Caller};
use crate::evaluate::Environment;
use crate::journal::Journal;
use crate::model::{self, Model};
use crate::queue::{Attribute, Message, Pending, Queue};
use crate::secret::Secrets;
use crate::store::{Batch, Store, StoreError};
use crate::table::{Item, ItemPage, PageQuery, Table, Update};
use infra_synth_matching::MessageAttribute;

/// The service that delivers what rules match.
const EVENT_BRIDGE: &str = "events.amazonaws.com";

/// A call to a service that did not succeed.
#[derive(Debug, Error)]
pub(crate) enum CallError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("there is no {kind} `{name}` in the template")]
    NotFound { kind: &'static str, name: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub(crate) struct Cloud {
    pub(crate) store: Arc<Store>,
    pub(crate) access: Access,
    pub(crate) journal: Journal,
    /// Why the system cannot go on, once it cannot.
    failure: watch::Sender<Option<String>>,
    environment: Environment,
    tables: BTreeMap<String, Table>,
    queues: BTreeMap<String, Arc<Queue>>,
    topics: Vec<model::Topic>,
    pub(crate) subscriptions: Vec<model::Subscription>,
    buses: Vec<model::Bus>,
    pub(crate) rules: Vec<model::Rule>,
    secrets: Secrets,
}

impl Cloud {
    /// Takes the services out of the model; what is left in it are the functions and what triggers them.
    pub(crate) fn open(
        model: &mut Model,
        store: Arc<Store>,
        environment: Environment,
        database: crate::DatabaseServer,
    ) -> Result<Self, StoreError> {
        let tables = std::mem::take(&mut model.tables)
            .into_iter()
            .map(|table| (table.name.clone(), Table::new(table, Arc::clone(&store))))
            .collect();
        Ok(Self {
            tables,
            queues: open_queues(std::mem::take(&mut model.queues), &store)?,
            topics: std::mem::take(&mut model.topics),
            subscriptions: std::mem::take(&mut model.subscriptions),
            buses: std::mem::take(&mut model.buses),
            rules: std::mem::take(&mut model.rules),
            secrets: Secrets::open(&model.secrets, &store)?,
            access: Access::new(environment.clone(), std::mem::take(&mut model.network), database),
            environment,
            store,
            journal: Journal::default(),
            failure: watch::Sender::new(None),
        })
    }

    /// Says that the system cannot go on; what was answered is safe.
    pub(crate) fn fail(&self, reason: String) {
        tracing::error!(reason, "the system cannot go on");
        self.failure.send_replace(Some(reason));
    }

    /// Waits until the system cannot go on; the reason.
    pub(crate) async fn failed(&self) -> String {
        let mut failure = self.failure.subscribe();
        match failure.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            Err(_) => std::future::pending().await,
        }
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn queue(&self, arn: &str) -> Option<&Arc<Queue>> {
        self.queues.get(arn)
    }

    pub(crate) fn queues(&self) -> impl Iterator<Item = &Arc<Queue>> {
        self.queues.values()
    }

    /// A part of a table, for whoever may see everything.
    pub(crate) fn items(
        &self,
        table: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Item)>, StoreError> {
        self.tables
            .get(table)
            .map_or_else(|| Ok(Vec::new()), |table| table.page(after, limit))
    }

    /// An item, for whoever may see everything.
    pub(crate) fn item(&self, table: &str, id: &str) -> Result<Option<Item>, StoreError> {
        self.tables.get(table).map_or(Ok(None), |table| table.get(id))
    }

    /// DynamoDB `PutItem`, conditional on the key being free; says whether it was.
    pub(crate) fn put_item(&self, caller: &Caller, table: &str, item: &Item) -> Result<bool, CallError> {
        let table = self.table(table)?;
        self.access.call(caller, "dynamodb:PutItem", &table.config.arn)?;
        Ok(table.put_if_absent(item)?)
    }

    /// DynamoDB `GetItem`.
    pub(crate) fn get_item(&self, caller: &Caller, table: &str, id: &str) -> Result<Option<Item>, CallError> {
        let table = self.table(table)?;
        self.access.call(caller, "dynamodb:GetItem", &table.config.arn)?;
        Ok(table.get(id)?)
    }

    /// DynamoDB `Query` of an index.
    pub(crate) fn query(
        &self,
        caller: &Caller,
        table: &str,
        index: &str,
        hash: &str,
    ) -> Result<Vec<Item>, CallError> {
        Ok(self.queried(caller, table, index)?.query(index, hash)?)
    }

    /// DynamoDB `Query` of an index, a part of it.
    pub(crate) fn query_page(
        &self,
        caller: &Caller,
        table: &str,
        query: &PageQuery<'_>,
    ) -> Result<ItemPage, CallError> {
        Ok(self.queried(caller, table, query.index)?.query_page(query)?)
    }

    /// The table, if it has the index and the caller may query it.
    fn queried(&self, caller: &Caller, table: &str, index: &str) -> Result<&Table, CallError> {
        let table = self.table(table)?;
        if !table.config.indexes.iter().any(|known| known.name == index) {
            return Err(CallError::NotFound {
                kind: "index",
                name: index.to_owned(),
            });
        }
        self.access.call(
            caller,
            "dynamodb:Query",
            &format!("{}/index/{index}", table.config.arn),
        )?;
        Ok(table)
    }

    /// DynamoDB `UpdateItem`; `change` says whether its condition held.
    pub(crate) fn update_item(
        &self,
        caller: &Caller,
        table: &str,
        id: &str,
        change: impl FnOnce(&mut Item) -> bool,
    ) -> Result<Update, CallError> {
        let table = self.table(table)?;
        self.access
            .call(caller, "dynamodb:UpdateItem", &table.config.arn)?;
        Ok(table.update(id, change)?)
    }

    /// Secrets Manager `GetSecretValue`.
    pub(crate) fn get_secret_value(&self, caller: &Caller, arn: &str) -> Result<&str, CallError> {
        self.access.call(caller, "secretsmanager:GetSecretValue", arn)?;
        self.secrets.value(arn).ok_or_else(|| CallError::NotFound {
            kind: "secret",
            name: arn.to_owned(),
        })
    }

    /// SNS `Publish`: the message is in every queue whose filter it matches, in one step; in which, and as what.
    pub(crate) fn publish(
        &self,
        caller: &Caller,
        topic_arn: &str,
        body: &str,
        attributes: &BTreeMap<String, MessageAttribute>,
    ) -> Result<Placed, CallError> {
        let topic = self.topics.iter().find(|topic| topic.arn == topic_arn);
        let topic = topic.ok_or_else(|| CallError::NotFound {
            kind: "topic",
            name: topic_arn.to_owned(),
        })?;
        self.access
            .call_on(caller, "sns:Publish", &topic.arn, &topic.policies)?;
        let message_id = Uuid::now_v7();
        let mut delivery = Delivery::default();
        for subscription in &self.subscriptions {
            if subscription.topic_arn != topic.arn {
                continue;
            }
            if subscription
                .filter
                .as_ref()
                .is_some_and(|filter| !filter.matches(attributes))
            {
                continue;
            }
            let message = if subscription.raw {
                raw_message(body, attributes)
            } else {
                Message::new(
                    self.notification(topic, subscription, message_id, body, attributes)
                        .to_string(),
                )
            };
            self.deliver(
                &mut delivery,
                &Source {
                    service: "sns.amazonaws.com",
                    arn: &topic.arn,
                    name: &topic.name,
                },
                Some(&subscription.queue_arn),
                subscription.dead_letter_arn.as_deref(),
                &message,
            );
        }
        if delivery.pending.is_empty() {
            tracing::warn!(topic = %topic.name, %message_id, "message matches no subscription and is dropped");
        }
        delivery.commit(&self.store)
    }

    /// EventBridge `PutEvents` of one entry; in which queues the event is now, and as what message.
    pub(crate) fn put_event(
        &self,
        caller: &Caller,
        bus_name: &str,
        source: &str,
        detail_type: &str,
        detail: &Value,
    ) -> Result<Placed, CallError> {
        let bus = self.buses.iter().find(|bus| bus.name == bus_name);
        let bus = bus.ok_or_else(|| CallError::NotFound {
            kind: "event bus",
            name: bus_name.to_owned(),
        })?;
        self.access.call(caller, "events:PutEvents", &bus.arn)?;
        let event = json!({
            "version": "0",
            "id": Uuid::now_v7(),
            "detail-type": detail_type,
            "source": source,
            "account": self.environment.account_id,
            "time": Timestamp::now().round(jiff::Unit::Second).unwrap_or_else(|_| Timestamp::now()),
            "region": self.environment.region,
            "resources": [],
            "detail": detail,
        });
        let mut delivery = Delivery::default();
        for rule in self
            .rules
            .iter()
            .filter(|rule| rule.bus_name == bus.name && rule.pattern.matches(&event))
        {
            for target in &rule.targets {
                self.deliver(
                    &mut delivery,
                    &Source {
                        service: EVENT_BRIDGE,
                        arn: &rule.arn,
                        name: &rule.name,
                    },
                    Some(&target.queue_arn),
                    target.dead_letter_arn.as_deref(),
                    &Message::new(event.to_string()),
                );
            }
        }
        if delivery.pending.is_empty() {
            tracing::warn!(bus = %bus.name, detail_type, "event matches no rule and is dropped");
        }
        delivery.commit(&self.store)
    }

    /// An event that a rule's target would not take, into the target's dead-letter queue.
    pub(crate) fn keep_undelivered(
        &self,
        rule_arn: &str,
        rule_name: &str,
        target: &model::ScheduleTarget,
        event: &Value,
        reason: &str,
    ) -> Result<(), CallError> {
        let source = Source {
            service: EVENT_BRIDGE,
            arn: rule_arn,
            name: rule_name,
        };
        let mut delivery = Delivery::default();
        self.deliver(
            &mut delivery,
            &source,
            None,
            target.dead_letter_arn.as_deref(),
            &Message::new(event.to_string()).undelivered(rule_arn, &target.function_arn, reason),
        );
        delivery.commit(&self.store).map(Placed::deliver)
    }

    /// To the queue if its policy admits the source, else to the dead-letter queue if that one's does.
    fn deliver(
        &self,
        delivery: &mut Delivery,
        source: &Source<'_>,
        queue_arn: Option<&str>,
        dead_letter_arn: Option<&str>,
        message: &Message,
    ) {
        let mut message = Cow::Borrowed(message);
        for (arn, is_dead_letter) in [(queue_arn, false), (dead_letter_arn, true)] {
            let Some(queue) = arn.and_then(|arn| self.queues.get(arn)) else {
                continue;
            };
            let config = &queue.config;
            match self.access.deliver(
                source.service,
                source.arn,
                "sqs:SendMessage",
                &config.arn,
                &config.policies,
            ) {
                Ok(()) => {
                    if is_dead_letter {
                        tracing::warn!(from = source.name, queue = %config.name, message_id = %message.id, "undeliverable message kept");
                    } else {
                        tracing::debug!(from = source.name, queue = %config.name, message_id = %message.id, "message delivered");
                    }
                    delivery
                        .pending
                        .push(queue.prepare(&message, &mut delivery.batch));
                    return;
                }
                Err(reason) => {
                    tracing::error!(from = source.name, queue = %config.name, reason, "message not delivered");
                    // A topic's dead letter is the message and nothing else.
                    if source.service == EVENT_BRIDGE {
                        message =
                            Cow::Owned(message.into_owned().undelivered(source.arn, &config.arn, &reason));
                    }
                }
            }
        }
    }

    /// The envelope in which a topic's message reaches a queue,
    /// <https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html>.
    fn notification(
        &self,
        topic: &model::Topic,
        subscription: &model::Subscription,
        message_id: Uuid,
        body: &str,
        attributes: &BTreeMap<String, MessageAttribute>,
    ) -> Value {
        let attributes: serde_json::Map<String, Value> = attributes
            .iter()
            .map(|(name, attribute)| {
                (
                    name.clone(),
                    json!({"Type": attribute.data_type, "Value": attribute.value}),
                )
            })
            .collect();
        let host = format!("https://sns.{}.amazonaws.com", self.environment.region);
        json!({
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": topic.arn,
            "Message": body,
            "Timestamp": format!("{:.3}", Timestamp::now()),
            "SignatureVersion": "1",
            "Signature": "bm90IHNpZ25lZCBsb2NhbGx5",
            "SigningCertURL": format!("{host}/SimpleNotificationService-local.pem"),
            "UnsubscribeURL": format!("{host}/?Action=Unsubscribe&SubscriptionArn={}:{}", topic.arn, subscription.logical_id),
            "MessageAttributes": attributes,
        })
    }

    fn table(&self, name: &str) -> Result<&Table, CallError> {
        self.tables.get(name).ok_or_else(|| CallError::NotFound {
            kind: "table",
            name: name.to_owned(),
        })
    }
}

/// Without the envelope a message's attributes go beside its body.
fn raw_message(body: &str, attributes: &BTreeMap<String, MessageAttribute>) -> Message {
    let attributes = attributes.iter().map(|(name, attribute)| {
        let attribute = Attribute {
            data_type: attribute.data_type.clone(),
            value: attribute.value.clone(),
        };
        (name.clone(), attribute)
    });
    Message {
        attributes: attributes.collect(),
        ..Message::new(body.to_owned())
    }
}

/// Messages that are in their queues, and that nobody can receive yet.
#[must_use = "a message that is not delivered is received after the next start only"]
pub(crate) struct Placed(Vec<Pending>);

impl Placed {
    /// The queues, and the message's id in each.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (Arc<Queue>, Uuid)> {
        self.0.iter().map(Pending::message)
    }

    /// From now on they can be received.
    pub(crate) fn deliver(self) {
        self.0.into_iter().for_each(Pending::deliver);
    }
}

struct Source<'a> {
    service: &'static str,
    arn: &'a str,
    name: &'a str,
}

/// The messages that one call puts into queues, all or none.
#[derive(Default)]
struct Delivery {
    batch: Batch,
    pending: Vec<Pending>,
}

impl Delivery {
    fn commit(self, store: &Store) -> Result<Placed, CallError> {
        store.commit(self.batch)?;
        Ok(Placed(self.pending))
    }
}

/// Dead-letter queues first, since the others hold on to theirs.
fn open_queues(
    queues: Vec<model::Queue>,
    store: &Arc<Store>,
) -> Result<BTreeMap<String, Arc<Queue>>, StoreError> {
    let mut opened: BTreeMap<String, Arc<Queue>> = BTreeMap::new();
    let (sources, ends): (Vec<_>, Vec<_>) = queues.into_iter().partition(|queue| queue.redrive.is_some());
    for queue in ends.into_iter().chain(sources) {
        let dead_letters = queue
            .redrive
            .as_ref()
            .and_then(|redrive| opened.get(&redrive.dead_letter_arn))
            .cloned();
        let arn = queue.arn.clone();
        opened.insert(
            arn,
            Arc::new(Queue::open(queue, Arc::clone(store), dead_letters)?),
        );
    }
    Ok(opened)
}

use std::fmt;

use aws_sdk_sns::{Client, config::Builder, types::MessageAttributeValue};
use schedule_core::{
    messages::AppointmentCreated,
    ports::{AppointmentTopic, PortError, PortErrorKind},
};

use crate::{clients::AwsClients, fault, settings::Service};

const PUBLISH: &str = "Publish";

/// The topic that tells the countries about new appointments, on SNS. Made once a process.
#[derive(Clone)]
pub struct SnsAppointmentTopic {
    client: Client,
    topic_arn: String,
}

impl SnsAppointmentTopic {
    /// The topic of this ARN. Nothing is connected yet.
    #[must_use]
    pub fn new(clients: &AwsClients, topic_arn: impl Into<String>) -> Self {
        let (config, endpoint) = clients.service(Service::Sns);
        let mut builder = Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self {
            client: Client::from_conf(builder.build()),
            topic_arn: topic_arn.into(),
        }
    }
}

impl fmt::Debug for SnsAppointmentTopic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SnsAppointmentTopic")
            .field("topic_arn", &self.topic_arn)
            .finish_non_exhaustive()
    }
}

impl AppointmentTopic for SnsAppointmentTopic {
    async fn publish_appointment_created(&self, message: &AppointmentCreated) -> Result<(), PortError> {
        let unserializable =
            || PortError::new(PortErrorKind::Invalid, PUBLISH, "the message does not serialize");
        let body = serde_json::to_string(message).map_err(|_| unserializable())?;
        let mut publish = self.client.publish().topic_arn(&self.topic_arn).message(body);
        for (name, value) in message.attributes() {
            let attribute = MessageAttributeValue::builder()
                .data_type("String")
                .string_value(value)
                .build()
                .map_err(|_| unserializable())?;
            publish = publish.message_attributes(name, attribute);
        }
        publish
            .send()
            .await
            .map(|_| ())
            .map_err(|error| fault::from_sdk(PUBLISH, &error))
    }
}

use schedule_core::{
    Country,
    doubles::sample_appointment,
    messages::AppointmentCreated,
    ports::{AppointmentTopic, PortErrorKind},
};

use crate::service::{Answer, Service};

fn message() -> AppointmentCreated {
    let appointment = sample_appointment(1, Country::CL);
    let timestamp = appointment.date_created;
    AppointmentCreated::new(appointment, timestamp)
}

fn refusal(status: u16, code: &str, text: &str) -> Answer {
    let body = format!(
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{text}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    );
    (status, body)
}

#[tokio::test(start_paused = true)]
async fn a_message_goes_out_with_its_attributes() {
    let published = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>\
        <MessageId>1</MessageId></PublishResult></PublishResponse>";
    let service = Service::answering([(200, published.to_owned())]);
    service
        .topic()
        .publish_appointment_created(&message())
        .await
        .expect("it is published");
    let request = &service.bodies()[0];
    let values = |prefix: &str| {
        let mut found: Vec<_> = request
            .split('&')
            .filter_map(|pair| pair.strip_prefix(prefix))
            .collect();
        found.sort_unstable();
        found
    };
    assert_eq!(values("Action="), ["Publish"]);
    // The order of the attributes is not the topic's concern.
    let of_country = if values("MessageAttributes.entry.1.Name=") == ["country"] {
        1
    } else {
        2
    };
    let of_event = 3 - of_country;
    for (entry, field, value) in [
        (of_country, "Name", "country"),
        (of_country, "Value.DataType", "String"),
        (of_country, "Value.StringValue", "CL"),
        (of_event, "Name", "eventType"),
        (of_event, "Value.DataType", "String"),
        (of_event, "Value.StringValue", "APPOINTMENT_CREATED"),
    ] {
        assert_eq!(
            values(&format!("MessageAttributes.entry.{entry}.{field}=")),
            [value]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn each_refusal_has_its_kind() {
    for (answers, kind) in [
        (
            vec![refusal(
                403,
                "AuthorizationError",
                "not authorized to perform: SNS:Publish",
            )],
            PortErrorKind::Denied,
        ),
        (
            vec![refusal(400, "Throttling", "Rate exceeded"); 3],
            PortErrorKind::Throttled,
        ),
        (
            vec![refusal(404, "NotFound", "Topic does not exist")],
            PortErrorKind::Invalid,
        ),
        (
            vec![refusal(400, "InvalidParameter", "about secret")],
            PortErrorKind::Invalid,
        ),
        (
            vec![refusal(500, "InternalError", ""); 3],
            PortErrorKind::Unavailable,
        ),
    ] {
        let count = answers.len();
        let service = Service::answering(answers);
        let refused = service
            .topic()
            .publish_appointment_created(&message())
            .await
            .expect_err("a refusal");
        assert_eq!(refused.kind(), kind, "{refused}");
        assert_eq!(service.bodies().len(), count, "{refused}");
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
}

//! What a person is told of, and the page of charts that shows the same.
//!
//! Each alarm has its section in `docs/runbook.md`, and a test holds the two together.

use infra_synth_cfn::{
    Handle, Seconds, Stack,
    resources::{Alarm, HttpApi, Metric, MissingData, Statistic, Topic},
};

mod dashboard;
mod limits;

use limits::Limit;

use schedule_core::names;

use crate::{StageSettings, functions::Functions, messaging::Messaging};

pub(crate) fn declare(
    stack: &mut Stack,
    settings: &StageSettings,
    messaging: &Messaging,
    functions: &Functions,
    api: &Handle<HttpApi>,
) {
    let topic = stack.add_alarm_topic(
        "AlarmTopic",
        settings.function_name("alarms"),
        "Encrypts what the alarms say on its way",
    );
    stack.output(
        "AlarmTopicArn",
        "Subscribe to it whoever is on call",
        &topic.arn().text(),
    );
    let mut alarms = Alarms {
        stack: &mut *stack,
        settings,
        topic: &topic,
    };

    for queue in messaging.dead_letter_queues() {
        let id = queue.logical_id();
        alarms.add(
            &format!("{id}Alarm"),
            &format!("Messages that nobody will try again lie in {id}"),
            queue.visible_messages(),
            &limits::DEAD_LETTERS,
        );
    }
    for work in messaging.work_queues() {
        let id = work.queue.logical_id();
        alarms.add(
            &format!("{id}AgeAlarm"),
            &format!("Messages wait too long in {id}"),
            work.queue.oldest_message_age(),
            &limits::QUEUE_AGE,
        );
    }
    for function in functions.iter() {
        let id = function.id();
        let errors = if id == functions.republish_pending.id() {
            &limits::SCHEDULED_ERRORS
        } else {
            &limits::FUNCTION_ERRORS
        };
        alarms.add(
            &format!("{id}ErrorsAlarm"),
            &format!("{id} fails"),
            function.errors(),
            errors,
        );
        alarms.add(
            &format!("{id}ThrottlesAlarm"),
            &format!("{id} is not let run"),
            function.throttles(),
            &limits::FUNCTION_THROTTLES,
        );
    }
    alarms.add(
        "HttpApiServerErrorsAlarm",
        "Clients get answers of 500 and above",
        api.server_errors(),
        &limits::SERVER_ERRORS,
    );
    alarms.add(
        "HttpApiLatencyAlarm",
        "One request in a hundred waits too long",
        api.latency(),
        &limits::LATENCY,
    );
    alarms.add(
        "AppointmentConfirmationRuleAlarm",
        "Confirmations cannot be delivered",
        Metric::failed_invocations(Some(&messaging.bus), &settings.name(Messaging::CONFIRMATION_RULE)),
        &limits::FAILED_INVOCATIONS,
    );

    alarms.add(
        "RepublishPendingRuleAlarm",
        "republishPending is not called",
        Metric::failed_invocations(None, &settings.name(Messaging::REPUBLISH_RULE)),
        &limits::FAILED_INVOCATIONS,
    );
    alarms.add(
        "PendingAgeAlarm",
        "An accepted appointment is not completed, or nobody looks any more",
        oldest_pending_age(functions),
        &limits::PENDING_AGE,
    );

    dashboard::declare(stack, settings, messaging, functions, api);
}

/// How long the appointment has waited that waits longest, in seconds; the function writes it in every run.
fn oldest_pending_age(functions: &Functions) -> Metric {
    Metric {
        namespace: names::METRICS_NAMESPACE,
        name: names::OLDEST_PENDING_AGE,
        dimensions: vec![("FunctionName", functions.republish_pending.name())],
        statistic: Statistic::Maximum,
    }
}

struct Alarms<'a> {
    stack: &'a mut Stack,
    settings: &'a StageSettings,
    topic: &'a Handle<Topic>,
}

impl Alarms<'_> {
    #[track_caller]
    fn add(&mut self, id: &str, says: &str, metric: Metric, limit: &Limit) {
        let alarm = Alarm {
            alarm_name: Some(self.settings.function_name(id).into()),
            alarm_description: format!("{says}: see {id} in docs/runbook.md"),
            metric,
            period: limit.period,
            evaluation_periods: limit.periods,
            threshold: limit.most,
            missing_data: limit.missing,
            notify: self.topic.arn(),
        };
        self.stack.add(id, alarm);
    }
}

use infra_synth_cfn::{
    Handle, Seconds, Stack,
    constructs::LambdaFunction,
    resources::{Chart, Dashboard, HttpApi, Metric},
};

use crate::{StageSettings, functions::Functions, messaging::Messaging};

/// One page with what the alarms watch, in the order in which an appointment goes through.
pub(super) fn declare(
    stack: &mut Stack,
    settings: &StageSettings,
    messaging: &Messaging,
    functions: &Functions,
    api: &Handle<HttpApi>,
) {
    let of_functions = |metric: fn(&LambdaFunction) -> Metric| functions.iter().map(metric).collect();
    let charts = vec![
        chart(
            "Requests and answers of 5xx",
            vec![api.requests(), api.server_errors()],
        ),
        chart("Latency of 99 in 100 requests (ms)", vec![api.latency()]),
        chart(
            "Age of the oldest message (s)",
            messaging
                .work_queues()
                .map(|work| work.queue.oldest_message_age())
                .collect(),
        ),
        chart(
            "Dead letters",
            messaging
                .dead_letter_queues()
                .map(Handle::visible_messages)
                .collect(),
        ),
        chart("Errors", of_functions(LambdaFunction::errors)),
        chart("Throttles", of_functions(LambdaFunction::throttles)),
        chart("Longest invocation (ms)", of_functions(LambdaFunction::duration)),
        chart(
            "Events that could not be delivered",
            vec![
                Metric::failed_invocations(
                    Some(&messaging.bus),
                    &settings.name(Messaging::CONFIRMATION_RULE),
                ),
                Metric::failed_invocations(None, &settings.name(Messaging::REPUBLISH_RULE)),
            ],
        ),
        chart(
            "Age of the oldest PENDING appointment (s)",
            vec![super::oldest_pending_age(functions)],
        ),
    ];
    let dashboard = Dashboard {
        dashboard_name: settings.function_name("dashboard").into(),
        charts,
    };
    stack.add("Dashboard", dashboard);
}

fn chart(title: &'static str, metrics: Vec<Metric>) -> Chart {
    Chart {
        title,
        metrics,
        period: Seconds(60),
    }
}

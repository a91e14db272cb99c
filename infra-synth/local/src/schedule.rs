//! Scheduled rules: a function called again and again, as EventBridge calls it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

use crate::cloud::Cloud;
use crate::model::{Model, Retries, Schedule, ScheduleTarget};
use crate::runtime::{InvocationError, Runtime};

/// What Lambda waits before it repeats a call, for every repetition one more:
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>.
const RETRY_DELAY: Duration = Duration::from_secs(60);

/// A rule and one of the functions that it calls.
pub(crate) struct ScheduledCall {
    cloud: Arc<Cloud>,
    rule: Schedule,
    target: ScheduleTarget,
    runtime: Runtime,
    retries: Retries,
    /// Whether the function's permissions admit the rule.
    permitted: Result<(), String>,
}

impl ScheduledCall {
    /// Every call that the template's schedules make; `runtime` finds a function by its ARN.
    pub(crate) fn all(
        model: &Model,
        cloud: &Arc<Cloud>,
        runtime: impl Fn(&str) -> Option<Runtime>,
    ) -> Vec<Self> {
        let targets = model
            .schedules
            .iter()
            .flat_map(|rule| rule.targets.iter().map(move |target| (rule, target)));
        let calls = targets.filter_map(|(rule, target)| {
            let runtime = runtime(&target.function_arn)?;
            let permitted = cloud.access.deliver(
                "events.amazonaws.com",
                &rule.arn,
                "lambda:InvokeFunction",
                &runtime.arn,
                &model.policies_of(&runtime),
            );
            Some(Self {
                cloud: Arc::clone(cloud),
                rule: rule.clone(),
                target: target.clone(),
                retries: model.retries_of(&runtime),
                runtime,
                permitted,
            })
        });
        calls.collect()
    }

    /// Calls until told to stop, then waits for the calls in hand. The first call comes one period after the start,
    /// and none waits for the one before it.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let call = Arc::new(self);
        let mut ticks = tokio::time::interval_at(Instant::now() + call.rule.period, call.rule.period);
        // A machine that slept makes up for nothing: neither does EventBridge.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut in_hand = JoinSet::new();
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                _ = ticks.tick() => {}
                Some(_) = in_hand.join_next() => continue,
            }
            let (call, stop) = (Arc::clone(&call), stop.clone());
            in_hand.spawn(async move { call.once(stop).await });
        }
        while in_hand.join_next().await.is_some() {}
    }

    /// One event: the call, and its repetitions while it fails.
    async fn once(&self, mut stop: watch::Receiver<bool>) {
        let event = self.event();
        if let Err(reason) = &self.permitted {
            self.keep_refused(&event, reason);
            return;
        }
        let (rule, function) = (self.rule.name.as_str(), self.runtime.name.as_str());
        let since = Instant::now();
        let mut delays = (1..)
            .map(|nth| RETRY_DELAY * nth)
            .take(self.retries.attempts as usize);
        while let Err(error) = self.attempt(&event).await {
            let Some(delay) = delays.next() else {
                tracing::error!(rule, function, %error, "scheduled call failed; the next one comes in its time");
                return;
            };
            if since.elapsed() + delay > self.retries.maximum_age {
                tracing::error!(rule, function, %error, "scheduled call failed; its event is too old to repeat it");
                return;
            }
            let seconds = delay.as_secs();
            tracing::warn!(rule, function, %error, seconds, "scheduled call failed; it is repeated");
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(delay) => {}
            }
        }
    }

    async fn attempt(&self, event: &Value) -> Result<(), InvocationError> {
        let started = Instant::now();
        self.runtime.invoke(event.to_string().into_bytes()).await?;
        tracing::debug!(
            rule = self.rule.name,
            function = self.runtime.name,
            milliseconds = started.elapsed().as_millis() as u64,
            "scheduled call done"
        );
        Ok(())
    }

    fn keep_refused(&self, event: &Value, reason: &str) {
        let rule = self.rule.name.as_str();
        tracing::error!(
            rule,
            function = self.runtime.name,
            reason,
            "scheduled call not admitted by the function"
        );
        let kept = self
            .cloud
            .keep_undelivered(&self.rule.arn, rule, &self.target, event, reason);
        if let Err(error) = kept {
            tracing::error!(rule, %error, "the event of a scheduled call cannot be kept");
        }
    }

    /// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html>
    fn event(&self) -> Value {
        let environment = self.cloud.environment();
        json!({
            "version": "0",
            "id": Uuid::now_v7(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": environment.account_id,
            "time": format!("{:.0}", Timestamp::now()),
            "region": environment.region,
            "resources": [self.rule.arn],
            "detail": {},
        })
    }
}

#[cfg(test)]
mod tests;

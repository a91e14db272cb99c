use std::{error::Error, process::ExitCode, sync::Arc};

use jiff::Timestamp;
use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use schedule_core::json_fault::JsonFault;
use schedule_handlers::{EventHandler, HandlerError, Invocation};
use serde_json::value::RawValue;
use tokio::runtime;

use crate::{
    counts::{Counted, Success},
    log,
    settings::Settings,
};

type Failure = Box<dyn Error + Send + Sync>;

/// Runs a function until Lambda ends it: `compose` makes the handler once, and that answers every invocation.
///
/// One thread, because Lambda passes one event at a time; a second one would only cost.
///
/// A failure to start is a line in the log that names what is missing, and ends the process with 1.
pub fn run<H>(success: Success, compose: impl FnOnce(&Settings) -> Result<H, Failure>) -> ExitCode
where
    H: EventHandler<Event: Counted<H::Response>> + 'static,
{
    log::start();
    match start(success, compose) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(reason = %reasons(error.as_ref()), "the function does not run");
            ExitCode::FAILURE
        }
    }
}

fn start<H>(success: Success, compose: impl FnOnce(&Settings) -> Result<H, Failure>) -> Result<(), Failure>
where
    H: EventHandler<Event: Counted<H::Response>> + 'static,
{
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let settings = Settings::from_environment();
        let function = settings.text("AWS_LAMBDA_FUNCTION_NAME")?;
        let (handler, function) = (Arc::new(compose(&settings)?), Arc::<str>::from(function));
        lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
            let (handler, function) = (Arc::clone(&handler), Arc::clone(&function));
            // Boxed, because all adapters' futures within the runtime's would be deeper than the compiler looks.
            Box::pin(async move {
                let invocation = invocation(&event.context);
                invoke(&*handler, success, &function, &event.payload, &invocation).await
            })
        }))
        .await
    })
}

/// What Lambda says of the run in its headers.
fn invocation(context: &Context) -> Invocation {
    let deadline = i64::try_from(context.deadline).ok();
    Invocation {
        request_id: context.request_id.clone(),
        // A deadline beyond the calendar is none.
        deadline: deadline
            .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
            .unwrap_or(Timestamp::MAX),
    }
}

/// Handles one event. It arrives as text, so that an event that does not read is not quoted in the failure.
async fn invoke<H>(
    handler: &H,
    success: Success,
    function: &str,
    payload: &RawValue,
    invocation: &Invocation,
) -> Result<H::Response, Unhandled>
where
    H: EventHandler<Event: Counted<H::Response>>,
{
    let event: H::Event = serde_json::from_str(payload.get())
        .map_err(|error| HandlerError::Event(JsonFault::from(error)))
        .map_err(Unhandled::logged)?;
    let messages = event.messages();
    let response = handler
        .handle(event, invocation)
        .await
        .map_err(Unhandled::logged)?;
    H::Event::counts(messages, &response).write(success, function);
    match H::failure(&response) {
        Some(failure) => Err(Unhandled::logged(failure)),
        None => Ok(response),
    }
}

/// An event as a whole that was not handled; Lambda counts it as an error of the function.
#[derive(Debug)]
struct Unhandled(HandlerError);

impl Unhandled {
    fn logged(error: HandlerError) -> Self {
        tracing::error!(reason = %reasons(&error), "event not handled");
        Self(error)
    }
}

impl From<Unhandled> for Diagnostic {
    fn from(Unhandled(error): Unhandled) -> Self {
        Self {
            error_type: "HandlerError".to_owned(),
            error_message: reasons(&error),
        }
    }
}

/// An error and what is behind it, in one line.
fn reasons(error: &dyn Error) -> String {
    let mut reasons = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        reasons.push_str(": ");
        reasons.push_str(&error.to_string());
        cause = error.source();
    }
    reasons
}

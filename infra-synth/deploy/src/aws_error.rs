use std::{error::Error, fmt::Write};

use aws_sdk_cloudformation::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

/// A call to AWS that failed: which one, and AWS's answer in full.
#[derive(Debug, thiserror::Error)]
#[error("{call}: {answer}")]
pub struct AwsError {
    call: &'static str,
    code: Option<String>,
    answer: String,
}

impl AwsError {
    /// AWS's code for what went wrong, such as `ValidationError`; `None` if the call got no answer.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What AWS, or the way to it, said.
    pub fn answer(&self) -> &str {
        &self.answer
    }

    /// For `map_err`: reads what the SDK reports of this call.
    pub(crate) fn of<E>(call: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        move |error| {
            let metadata = error.as_service_error();
            let code = metadata.and_then(ProvideErrorMetadata::code).map(str::to_owned);
            let message = metadata.and_then(ProvideErrorMetadata::message);
            let answer = match (&code, message) {
                (Some(code), Some(message)) => format!("{code}: {message}"),
                (Some(code), None) => code.clone(),
                // The answer to HEAD has no body that could say more.
                _ => match error.raw_response().map(|response| response.status().as_u16()) {
                    Some(403) => "HTTP status 403: these credentials may not do that there".to_owned(),
                    _ => chain(&error),
                },
            };
            Self { call, code, answer }
        }
    }

    /// An answer that lacks what the call promises.
    pub(crate) fn incomplete(call: &'static str, lacking: &str) -> Self {
        Self {
            call,
            code: None,
            answer: format!("the answer has no `{lacking}`"),
        }
    }
}

/// The error and its causes: the SDK says what failed only in the last of them.
fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !words.ends_with(&said) {
            let _ = write!(words, ": {said}");
        }
        cause = error.source();
    }
    words
}

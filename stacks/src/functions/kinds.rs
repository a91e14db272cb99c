use indexmap::IndexMap;
use infra_synth_cfn::{
    Attributes, Mebibytes, Seconds, Stack, Value,
    constructs::{FunctionSettings, LambdaFunction, WorkQueue},
    kind::{ObjectKey, Text},
    resources::{Code, EventSourceMapping, ScalingConfig},
};
use schedule_core::names;

use super::WORKER_TIMEOUT;
use crate::{AuthSettings, StageSettings, observability, parameters::Parameters};

/// How many messages a function gets at once.
const BATCH_SIZE: u32 = 10;

/// What functions of one kind have in common in a stage.
pub(super) struct Kinds<'a> {
    pub(super) settings: &'a StageSettings,
    pub(super) parameters: &'a Parameters,
}

impl Kinds<'_> {
    /// Declares the function, with what is to be said of all of them.
    #[track_caller]
    pub(super) fn add(&self, stack: &mut Stack, id: &str, settings: FunctionSettings) -> LambdaFunction {
        let function = stack.add_function(id, settings);
        observability::leave_untraced(stack, id);
        function
    }

    /// A queue's function gets its messages, as many as a stage lets it at once.
    pub(super) fn mapping(
        &self,
        work: &WorkQueue,
        function: &LambdaFunction,
        maximum_concurrency: u32,
    ) -> EventSourceMapping {
        EventSourceMapping {
            batch_size: Some(BATCH_SIZE),
            scaling_config: Some(ScalingConfig { maximum_concurrency }),
            ..EventSourceMapping::consuming(&work.queue, function)
        }
    }

    /// A function that the API calls.
    pub(super) fn http(
        &self,
        function: &str,
        description: &'static str,
        code: &Value<ObjectKey>,
    ) -> FunctionSettings {
        let sizes = &self.settings.functions;
        self.function(function, description, code, sizes.http_memory, sizes.http_timeout)
    }

    /// What a function that the API calls is given: its own, and whom the API lets in.
    pub(super) fn http_environment<const N: usize>(
        &self,
        own: [(&'static str, Value<Text>); N],
    ) -> IndexMap<&'static str, Value<Text>> {
        let text = |text: &String| text.as_str().into();
        let auth = match &self.settings.auth {
            AuthSettings::None => vec![(names::AUTH, names::AUTH_NONE.into())],
            AuthSettings::Jwt(jwt) => vec![
                (names::AUTH, names::AUTH_JWT.into()),
                (names::AUTH_INSURED_CLAIM, text(&jwt.insured_claim)),
                (names::AUTH_COUNTRIES_CLAIM, text(&jwt.countries_claim)),
            ],
        };
        own.into_iter().chain(auth).collect()
    }

    /// A function that consumes a queue, or works as long as one that does.
    pub(super) fn worker(
        &self,
        function: &str,
        description: &'static str,
        code: &Value<ObjectKey>,
    ) -> FunctionSettings {
        self.function(
            function,
            description,
            code,
            self.settings.functions.worker_memory,
            WORKER_TIMEOUT,
        )
    }

    fn function(
        &self,
        function: &str,
        description: &'static str,
        code: &Value<ObjectKey>,
        memory: Mebibytes,
        timeout: Seconds,
    ) -> FunctionSettings {
        let name = self.settings.function_name(function);
        FunctionSettings {
            description,
            code: Code {
                s3_bucket: self.parameters.asset_bucket.clone(),
                s3_key: code.clone(),
            },
            architecture: self.settings.architecture,
            memory,
            timeout,
            environment: IndexMap::new(),
            vpc: None,
            attributes: Attributes::default(),
            log_group: observability::log_group(self.settings, format!("/aws/lambda/{name}")),
            log_group_attributes: self.settings.removal(),
            name,
        }
    }
}

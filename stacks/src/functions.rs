use indexmap::IndexMap;
use infra_synth_cfn::{
    Attributes, Handle, Mebibytes, Seconds, Stack, Value,
    constructs::{FunctionSettings, LambdaFunction, WorkQueue},
    kind::{DatabaseUserArn, ObjectKey, Text},
    resources::{Code, EventSourceMapping, ScalingConfig, Secret, Table},
};
use schedule_core::{Country, names};

use crate::{
    AuthSettings, StageSettings,
    messaging::Messaging,
    network::Network,
    observability,
    parameters::{DATABASE_RESOURCE_ID, Parameters},
};

mod republishing;

/// How long a function may take with a batch of messages.
pub(crate) const WORKER_TIMEOUT: Seconds = Seconds(30);

/// How many messages a function gets at once.
const BATCH_SIZE: u32 = 10;

/// The functions that the API calls, those that hang on their queues, each with the beginning of its logical ids, and
/// the one that a schedule calls.
pub(crate) struct Functions {
    pub(crate) create_appointment: LambdaFunction,
    pub(crate) get_appointment: LambdaFunction,
    pub(crate) workers: Vec<(String, LambdaFunction)>,
    pub(crate) republish_pending: LambdaFunction,
}

impl Functions {
    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &LambdaFunction)> {
        let http = [
            ("CreateAppointment", &self.create_appointment),
            ("GetAppointment", &self.get_appointment),
        ];
        let workers = self.workers.iter().map(|(id, function)| (id.as_str(), function));
        http.into_iter()
            .chain(workers)
            .chain([("RepublishPending", &self.republish_pending)])
    }
}

pub(crate) fn declare(
    stack: &mut Stack,
    settings: &StageSettings,
    parameters: &Parameters,
    network: &Network,
    table: &Handle<Table>,
    messaging: &Messaging,
) -> Functions {
    let kinds = Kinds { settings, parameters };

    let create_appointment = stack.add_function(
        "CreateAppointment",
        FunctionSettings {
            environment: kinds.http_environment([
                (names::APPOINTMENTS_TABLE, table.name().text()),
                (names::SNS_TOPIC_ARN, messaging.topic.arn().text()),
            ]),
            ..kinds.http(
                "createAppointment",
                "Takes an appointment, stores it and announces it",
                &parameters.create_appointment_code,
            )
        },
    );
    observability::leave_untraced(stack, "CreateAppointment");
    table.grant_put(&create_appointment);
    // For a request that comes again with its Idempotency-Key.
    table.grant_get(&create_appointment);
    messaging.topic.grant_publish(&create_appointment);

    let cursor_secret = stack.add("CursorSecret", cursor_secret());
    let get_appointment = stack.add_function(
        "GetAppointment",
        FunctionSettings {
            environment: kinds.http_environment([
                (names::APPOINTMENTS_TABLE, table.name().text()),
                (names::CURSOR_SECRET_ARN, cursor_secret.arn().text()),
            ]),
            ..kinds.http(
                "getAppointment",
                "Reads the appointments of an insured person",
                &parameters.get_appointment_code,
            )
        },
    );
    observability::leave_untraced(stack, "GetAppointment");
    table.grant_query_index(names::INSURED_ID_INDEX, &get_appointment);
    // For one appointment by its id.
    table.grant_get(&get_appointment);
    cursor_secret.grant_read(&get_appointment);

    let mut workers = Vec::new();
    for (country, work) in &messaging.country_queues {
        let function = stack.add_function(
            &format!("ProcessAppointment{country}"),
            FunctionSettings {
                environment: country_environment(settings, messaging, *country),
                vpc: Some(network.vpc.clone()),
                // Else the first calls would find no way to what they need.
                attributes: network.ways_first.clone(),
                ..kinds.worker(
                    &format!("processAppointment{country}"),
                    "Books appointments in the country's database and confirms them",
                    &parameters.process_appointment_code,
                )
            },
        );
        observability::leave_untraced(stack, &format!("ProcessAppointment{country}"));
        messaging.bus.grant_put_events(&function);
        Value::<DatabaseUserArn>::database_user(DATABASE_RESOURCE_ID, &settings.database.user)
            .grant_connect(&function);
        stack.except(
            &format!("ProcessAppointment{country}Role"),
            "no-wildcard-resource",
            "Lambda places the function in the VPC with these calls, on network interfaces that do not exist before; \
             the function's own code is denied them",
        );
        stack.add(
            &format!("ProcessAppointment{country}EventSourceMappingSQSAppointmentQueue{country}"),
            // This many functions at once, each with its few connections, for each country: together they stay
            // within the database's budget, which `StageSettings` has checked.
            mapping(work, &function, settings.maximum_concurrency),
        );
        workers.push((format!("ProcessAppointment{country}"), function));
    }

    let process_confirmation = stack.add_function(
        "ProcessConfirmation",
        FunctionSettings {
            environment: IndexMap::from([(names::APPOINTMENTS_TABLE, table.name().text())]),
            ..kinds.worker(
                "processConfirmation",
                "Completes the appointments that a country has confirmed",
                &parameters.process_confirmation_code,
            )
        },
    );
    observability::leave_untraced(stack, "ProcessConfirmation");
    table.grant_update(&process_confirmation);
    stack.add(
        "ProcessConfirmationEventSourceMappingSQSAppointmentConfirmationQueue",
        // No database here; as many as all countries together is as fast as confirmations can come, and leaves
        // the account's other concurrency to the API.
        mapping(
            &messaging.confirmation_queue,
            &process_confirmation,
            settings.maximum_concurrency * StageSettings::COUNTRIES,
        ),
    );

    workers.push(("ProcessConfirmation".to_owned(), process_confirmation));

    Functions {
        create_appointment,
        get_appointment,
        workers,
        republish_pending: republishing::declare(stack, &kinds, table, messaging),
    }
}

/// What the cursors of a list's pages are signed with, so that nobody else can make one.
fn cursor_secret() -> Secret {
    Secret {
        description: Some("Signs the cursors of the appointments' pages"),
        ..Secret::letters_and_digits(64)
    }
}

fn country_environment(
    settings: &StageSettings,
    messaging: &Messaging,
    country: Country,
) -> IndexMap<&'static str, Value<Text>> {
    let database = &settings.database;
    IndexMap::from([
        (names::EVENT_BUS_NAME, messaging.bus.name().text()),
        (names::DB_HOST, database.host.as_str().into()),
        (names::DB_PORT, database.port.to_string().into()),
        (names::DB_NAME, database.name.as_str().into()),
        (names::DB_USER, database.user.as_str().into()),
        (names::COUNTRY, country.as_str().into()),
    ])
}

fn mapping(work: &WorkQueue, function: &LambdaFunction, maximum_concurrency: u32) -> EventSourceMapping {
    EventSourceMapping {
        batch_size: Some(BATCH_SIZE),
        scaling_config: Some(ScalingConfig { maximum_concurrency }),
        ..EventSourceMapping::consuming(&work.queue, function)
    }
}

/// What functions of one kind have in common in a stage.
struct Kinds<'a> {
    settings: &'a StageSettings,
    parameters: &'a Parameters,
}

impl Kinds<'_> {
    fn http(&self, function: &str, description: &'static str, code: &Value<ObjectKey>) -> FunctionSettings {
        let sizes = &self.settings.functions;
        self.function(function, description, code, sizes.http_memory, sizes.http_timeout)
    }

    /// What a function that the API calls is given: its own, and whom the API lets in.
    fn http_environment<const N: usize>(
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

    fn worker(&self, function: &str, description: &'static str, code: &Value<ObjectKey>) -> FunctionSettings {
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

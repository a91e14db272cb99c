//! What is measured: a program with its settings and the event that it gets.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};

/// A function as Lambda would start it.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// The program and its arguments.
    pub(crate) command: Vec<PathBuf>,
    pub(crate) event: &'static str,
    /// What the answer must hold: a wrong one must not look fast.
    pub(crate) answer: &'static str,
    pub(crate) variables: Vec<(&'static str, String)>,
}

/// Where the functions' binaries are built, and the folder that they are started from.
pub(crate) struct Programs {
    pub(crate) built: PathBuf,
    pub(crate) unpacked: PathBuf,
}

impl Programs {
    /// A copy written from its first byte to its last, as Lambda unpacks one: a linker writes here and there, and the
    /// kernel then holds the file in smaller pieces, so that a start maps it in more steps.
    fn unpacked(&self, name: &str) -> Result<PathBuf> {
        let built = self.built.join(name);
        let program = fs::read(&built)
            .with_context(|| format!("no `{}`; run `make bench-functions`", built.display()))?;
        fs::create_dir_all(&self.unpacked)?;
        let copy = self.unpacked.join(name);
        fs::write(&copy, program)?;
        fs::set_permissions(&copy, fs::metadata(&built)?.permissions())?;
        Ok(copy)
    }
}

/// Where the function's AWS is.
pub(crate) struct Cloud {
    pub(crate) url: String,
    /// The certificate to trust, where it speaks TLS.
    pub(crate) authority: Option<PathBuf>,
}

impl Subject {
    /// Starts it with nothing in its environment but what Lambda would give it.
    pub(crate) fn start(&self, runtime_api: &str, cloud: &Cloud, log: &Path) -> Result<Child> {
        let log = File::create(log)?;
        let mut command = Command::new(&self.command[0]);
        command
            .args(&self.command[1..])
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
            .env("AWS_LAMBDA_FUNCTION_NAME", self.name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_SESSION_TOKEN", "test")
            .env("AWS_ENDPOINT_URL", &cloud.url)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        if let Some(authority) = &cloud.authority {
            command
                .env("AWS_CA_BUNDLE", authority)
                .env("NODE_EXTRA_CA_CERTS", authority);
        }
        command.spawn().with_context(|| {
            format!(
                "`{}` does not start; run `make bench-functions`",
                self.command[0].display()
            )
        })
    }

    /// The program's size, if it is one file.
    pub(crate) fn size(&self) -> Result<Option<u64>> {
        match &self.command[..] {
            [program] => Ok(Some(fs::metadata(program)?.len())),
            _ => Ok(None),
        }
    }
}

const CREATE: &str = include_str!("../../handlers/tests/fixtures/api-gateway-post.json");
const CREATE_WITH_TOKEN: &str = include_str!("../../handlers/tests/fixtures/api-gateway-post-jwt.json");
const GET: &str = include_str!("../../handlers/tests/fixtures/api-gateway-get.json");
const CONFIRM: &str = include_str!("../../handlers/tests/fixtures/sqs-eventbridge.json");
const SCHEDULE: &str = include_str!("../../handlers/tests/fixtures/eventbridge-schedule.json");
const PROCESS: &str = include_str!("../../handlers/tests/fixtures/sqs-sns-envelope.json");

/// All that can be measured; the country function only where there is a database.
pub(crate) fn subjects(programs: &Programs, peer: &Path, database: Option<String>) -> Result<Vec<Subject>> {
    let program = |name: &str| Ok::<_, anyhow::Error>(vec![programs.unpacked(name)?]);
    let table = || ("APPOINTMENTS_TABLE", "appointments".to_owned());
    let topic = || {
        let arn = "arn:aws:sns:us-east-1:123456789012:appointment-notifications-topic";
        ("SNS_TOPIC_ARN", arn.to_owned())
    };
    let no_auth = || ("AUTH", "none".to_owned());
    let secret = || {
        let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:cursor-AbCdEf";
        ("CURSOR_SECRET_ARN", arn.to_owned())
    };
    let subject = |name, command, event, answer, variables| Subject {
        name,
        command,
        event,
        answer,
        variables,
    };
    let mut subjects = vec![
        subject(
            "hello world",
            program("hello-world")?,
            CREATE,
            "hello world",
            vec![],
        ),
        subject(
            "hello world, one thread (floor)",
            program("hello-world-one-thread")?,
            CREATE,
            "hello world",
            vec![],
        ),
        subject(
            "createAppointment",
            program("create-appointment")?,
            CREATE,
            "201",
            vec![table(), topic(), no_auth()],
        ),
        subject(
            "createAppointment, with a token",
            program("create-appointment")?,
            CREATE_WITH_TOKEN,
            "201",
            vec![
                table(),
                topic(),
                ("AUTH", "jwt".to_owned()),
                ("AUTH_INSURED_CLAIM", "insured_id".to_owned()),
                ("AUTH_COUNTRIES_CLAIM", "countries".to_owned()),
            ],
        ),
        subject(
            "createAppointment (TypeScript)",
            vec!["/usr/bin/env".into(), "node".into(), peer.to_owned()],
            CREATE,
            "201",
            vec![
                table(),
                topic(),
                ("PATH", std::env::var("PATH").unwrap_or_default()),
            ],
        ),
        subject(
            "getAppointment",
            program("get-appointment")?,
            GET,
            "200",
            vec![table(), secret(), no_auth()],
        ),
        subject(
            "processConfirmation",
            program("process-confirmation")?,
            CONFIRM,
            "\"batchItemFailures\":[]",
            vec![table()],
        ),
        subject(
            "republishPending",
            program("republish-pending")?,
            SCHEDULE,
            "\"shardsFailed\":0",
            vec![table(), topic()],
        ),
    ];
    if let Some(url) = database {
        subjects.push(subject(
            "processAppointment",
            program("process-appointment")?,
            PROCESS,
            "\"batchItemFailures\":[]",
            vec![
                ("COUNTRY", "PE".to_owned()),
                ("EVENT_BUS_NAME", "appointment-events-bus".to_owned()),
                ("DB_URL", url),
            ],
        ));
    }
    Ok(subjects)
}

use std::{fs, io, path::Path};

use infra_synth_cfn::{
    Attributes, DeletionPolicy, Mebibytes, RetentionDays, Seconds,
    resources::{Architecture, RouteSettings},
};
use schedule_core::{Country, country_table};

mod auth;
mod error;
mod reader;
mod shape;

pub use auth::{AuthSettings, JwtSettings};
pub use error::StageError;
use reader::Reader;
use shape::{is_host, is_identifier, is_name, is_origin};

/// How many database connections one running function may hold.
pub const CONNECTIONS_PER_FUNCTION: u32 = country_table::CONNECTIONS_PER_FUNCTION.get() as u32;

/// All that differs from stage to stage.
#[derive(Debug, Clone, PartialEq)]
pub struct StageSettings {
    /// The stage's name, which is its file's.
    pub stage: String,
    /// The service, first part of every function's name.
    pub service: String,
    /// Whether real people's appointments are in this stage.
    pub production: bool,
    /// Appended to every physical name, so that stages can share an account.
    pub qualifier: Option<String>,
    /// The processor that the functions run on.
    pub architecture: Architecture,
    /// How long logs are kept.
    pub log_retention: RetentionDays,
    /// Whether the stack refuses to be deleted. The table always does.
    pub deletion_protection: bool,
    /// Whether queues and log groups outlive the stack. The table always does.
    pub retain_data: bool,
    /// Who may call the HTTP API.
    pub auth: AuthSettings,
    /// How the HTTP API is called.
    pub api: ApiSettings,
    /// The functions' sizes.
    pub functions: FunctionSizes,
    /// The database of the countries' appointments.
    pub database: DatabaseSettings,
    /// How many functions of one country run at once.
    pub maximum_concurrency: u32,
}

/// From which web pages the API may be called, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSettings {
    /// The web pages that may call it, by origin; empty for none.
    pub cors_allow_origins: Vec<String>,
    /// How often each route may be called.
    pub throttling: Throttling,
}

/// How often each route may be called, by all callers together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttling {
    /// Booking an appointment.
    pub create: RouteSettings,
    /// Listing an insured person's appointments.
    pub list: RouteSettings,
    /// Reading one appointment.
    pub read: RouteSettings,
    /// Whatever is no route.
    pub other: RouteSettings,
}

/// What the functions get of memory and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionSizes {
    /// Memory of the functions that the API calls.
    pub http_memory: Mebibytes,
    /// How long the API waits for them.
    pub http_timeout: Seconds,
    /// Memory of the functions that consume queues; their time is fixed, since queues depend on it.
    pub worker_memory: Mebibytes,
}

/// Where the countries' appointments are booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseSettings {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The schema.
    pub name: String,
    /// The user that the functions sign in as, with IAM and no password.
    pub user: String,
    /// How many connections all functions together may hold.
    pub connection_budget: u32,
}

impl StageSettings {
    /// How many countries share the database.
    pub(crate) const COUNTRIES: u32 = Country::ALL.len() as u32;

    /// The stages that have a file in `dir`, by name; none if there is no such folder.
    pub fn stages_in(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        let mut stages: Vec<String> = entries
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        stages.sort();
        stages
    }

    /// Reads `<dir>/<stage>.toml`.
    ///
    /// # Errors
    ///
    /// A stage that has no file, a file that is not TOML, and a setting that is missing, unknown or out of range;
    /// each names the file, the key and what is expected there.
    pub fn load(dir: &Path, stage: &str) -> Result<Self, StageError> {
        // The name becomes part of a path and of physical names: nothing but this can be a stage.
        if !is_name(stage, 16) {
            return Err(no_such_stage(dir, stage));
        }
        let file = dir.join(format!("{stage}.toml"));
        let text = fs::read_to_string(&file).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => no_such_stage(dir, stage),
            _ => StageError::Unreadable {
                file: file.clone(),
                source,
            },
        })?;
        Self::parse(stage, &text, &file)
    }

    fn parse(stage: &str, text: &str, file: &Path) -> Result<Self, StageError> {
        let mut root = Reader::new(text, file)?;
        let settings = Self {
            stage: stage.to_owned(),
            service: root.text("service", SERVICE, |text| is_name(text, 20))?,
            production: root.flag("production")?,
            qualifier: root.optional_text("qualifier", QUALIFIER, |text| is_name(text, 16))?,
            architecture: root.choice(
                "architecture",
                &[("arm64", Architecture::Arm64), ("x86_64", Architecture::X86_64)],
            )?,
            log_retention: read_retention(&mut root)?,
            deletion_protection: root.flag("deletion_protection")?,
            retain_data: root.flag("retain_data")?,
            auth: root.section("auth", auth::read)?,
            api: root.section("api", read_api)?,
            functions: root.section("functions", read_functions)?,
            database: root.section("database", read_database)?,
            maximum_concurrency: root.section("countries", |countries| {
                // Lambda's own bounds for an event source mapping; the second is a half of its 1000, because the
                // mapping of confirmations gets as much as both countries together.
                countries.number("maximum_concurrency", 2..=1000 / Self::COUNTRIES)
            })?,
        };
        root.finish()?;
        settings.check_production(file)?;
        settings.check_function_names(file)?;
        settings.auth.check(settings.production, file)?;
        settings.check_connection_budget(file)?;
        Ok(settings)
    }

    /// A physical name as this stage has it: with the qualifier, if there is one.
    pub fn name(&self, base: &str) -> String {
        match &self.qualifier {
            Some(qualifier) => format!("{base}-{qualifier}"),
            None => base.to_owned(),
        }
    }

    /// A function's physical name: `<service>-<stage>-<function>`, and the qualifier.
    pub fn function_name(&self, function: &str) -> String {
        self.name(&format!("{}-{}-{function}", self.service, self.stage))
    }

    /// What becomes of queues and log groups that the stack no longer wants.
    pub(crate) fn removal(&self) -> Attributes {
        Attributes::on_removal(if self.retain_data {
            DeletionPolicy::RetainExceptOnCreate
        } else {
            DeletionPolicy::Delete
        })
    }

    /// Nobody is to take a stage of this name for anything else.
    fn check_production(&self, file: &Path) -> Result<(), StageError> {
        if self.production || self.stage != PRODUCTION {
            return Ok(());
        }
        Err(StageError::OutOfRange {
            file: file.to_owned(),
            key: "production".to_owned(),
            found: "false".to_owned(),
            expected: format!("true, since the stage is named `{PRODUCTION}`"),
        })
    }

    fn check_function_names(&self, file: &Path) -> Result<(), StageError> {
        let longest = self.function_name(LONGEST_FUNCTION);
        if longest.len() <= LONGEST_FUNCTION_NAME {
            return Ok(());
        }
        Err(StageError::OutOfRange {
            file: file.to_owned(),
            key: "service".to_owned(),
            found: self.service.clone(),
            expected: format!(
                "a name that is shorter by {}, or a shorter stage or `qualifier`: `{longest}` would be a function's \
                 name, of which Lambda allows {LONGEST_FUNCTION_NAME} characters",
                longest.len() - LONGEST_FUNCTION_NAME
            ),
        })
    }

    fn check_connection_budget(&self, file: &Path) -> Result<(), StageError> {
        let possible = self.maximum_concurrency * CONNECTIONS_PER_FUNCTION * Self::COUNTRIES;
        let budget = self.database.connection_budget;
        if possible <= budget {
            return Ok(());
        }
        Err(StageError::OutOfRange {
            file: file.to_owned(),
            key: "countries.maximum_concurrency".to_owned(),
            found: self.maximum_concurrency.to_string(),
            expected: format!(
                "at most {}: that many functions, with {CONNECTIONS_PER_FUNCTION} connections each, in each of {} \
                 countries, stay within `database.connection_budget` = {budget}",
                budget / (CONNECTIONS_PER_FUNCTION * Self::COUNTRIES),
                Self::COUNTRIES,
            ),
        })
    }
}

fn no_such_stage(dir: &Path, stage: &str) -> StageError {
    let stages = StageSettings::stages_in(dir);
    StageError::NoSuchStage {
        stage: stage.to_owned(),
        dir: dir.to_owned(),
        stages,
    }
}

/// The stage that always has real people's appointments.
const PRODUCTION: &str = "prod";

/// The longest of what stands for the function in a function's name.
const LONGEST_FUNCTION: &str = "processAppointmentPE";

/// What Lambda allows.
const LONGEST_FUNCTION_NAME: usize = 64;

const SERVICE: &str = "1 to 20 lower-case letters, digits and inner hyphens";
const QUALIFIER: &str = "1 to 16 lower-case letters, digits and inner hyphens";
const HOST: &str = "a host name, without scheme or port";
const IDENTIFIER: &str = "1 to 32 letters, digits and underscores";
const ORIGIN: &str =
    "origins such as `https://citas.example.com`, or `http://localhost:3000`; no path and no wildcard";

fn read_retention(root: &mut Reader<'_>) -> Result<RetentionDays, StageError> {
    let allowed = RetentionDays::ALLOWED.map(|days| days.to_string()).join(", ");
    let expected = format!("a number of days that CloudWatch allows: {allowed}");
    root.converted("log_retention_days", &expected, |value| {
        value
            .as_integer()
            .and_then(|days| u16::try_from(days).ok())
            .and_then(RetentionDays::new)
    })
}

fn read_api(api: &mut Reader<'_>) -> Result<ApiSettings, StageError> {
    Ok(ApiSettings {
        cors_allow_origins: api.texts("cors_allow_origins", ORIGIN, is_origin)?,
        throttling: api.section("throttling", |throttling| {
            let mut limit = |route| throttling.section(route, read_limit);
            Ok(Throttling {
                create: limit("create")?,
                list: limit("list")?,
                read: limit("read")?,
                other: limit("other")?,
            })
        })?,
    })
}

/// At most what an account may do in all.
fn read_limit(route: &mut Reader<'_>) -> Result<RouteSettings, StageError> {
    Ok(RouteSettings {
        throttling_rate_limit: route.number("rate", 1..=10_000)?,
        throttling_burst_limit: route.number("burst", 1..=5_000)?,
    })
}

fn read_functions(functions: &mut Reader<'_>) -> Result<FunctionSizes, StageError> {
    Ok(FunctionSizes {
        http_memory: Mebibytes(functions.number("http_memory_mib", 128..=10_240)?),
        // An HTTP API gives up after 30 s, and the client should get the function's answer before that. The function
        // gives up a second before its end, and a call of AWS may take four.
        http_timeout: Seconds(functions.number("http_timeout_seconds", 5..=29)?),
        worker_memory: Mebibytes(functions.number("worker_memory_mib", 128..=10_240)?),
    })
}

fn read_database(database: &mut Reader<'_>) -> Result<DatabaseSettings, StageError> {
    Ok(DatabaseSettings {
        host: database.text("host", HOST, is_host)?,
        port: u16::try_from(database.number("port", 1..=65_535)?).unwrap_or(u16::MAX),
        name: database.text("name", IDENTIFIER, is_identifier)?,
        user: database.text("user", IDENTIFIER, is_identifier)?,
        connection_budget: database.number("connection_budget", 1..=16_000)?,
    })
}

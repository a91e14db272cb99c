use anyhow::Result;
use infra_synth_deploy::migrate::{MySqlOptions, apply, pending};

use crate::arguments::MigrateArguments;
use crate::output;

pub(crate) fn run(arguments: &MigrateArguments) -> Result<()> {
    super::run(async {
        let database = MySqlOptions::from_url(&arguments.database_url)?;
        let (migrations, what) = if arguments.dry_run {
            (pending(&database).await?, "would apply")
        } else {
            (apply(&database).await?, "applied")
        };
        if migrations.is_empty() {
            output::note("no changes: the schema is up to date");
        }
        for migration in migrations {
            output::data(&format!("{what} {}: {}\n", migration.version, migration.title))?;
        }
        Ok(())
    })
}

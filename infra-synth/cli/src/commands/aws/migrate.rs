use anyhow::Result;
use infra_synth_deploy::migrate::{DatabaseUrl, apply, pending};

use crate::arguments::MigrateArguments;
use crate::output;

pub(crate) fn run(arguments: &MigrateArguments) -> Result<()> {
    super::run(async {
        let url = DatabaseUrl::parse(&arguments.database_url)?;
        let (migrations, what) = if arguments.dry_run {
            (pending(&url).await?, "would apply")
        } else {
            (apply(&url).await?, "applied")
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

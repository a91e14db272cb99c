use std::path::PathBuf;

use crate::process::{Local, empty_folder, run, text};

/// A stage that asks for tokens.
const STAGE: &str = "prod";

/// The system on this machine, and a token for it.
pub(crate) struct System {
    local: Local,
    token: String,
}

impl System {
    /// Starts it on a folder of this test's own.
    pub(crate) fn start(name: &str) -> Self {
        let folder = empty_folder(name).join("data");
        let folder = folder.to_str().unwrap();
        let local = Local::start(&["--stage", STAGE, "--data-dir", folder]);
        // An insurer's back office, because a tool makes its insured up.
        let countries = ["--country", "PE", "--country", "CL"];
        let made = run(&[
            &["token", "--stage", STAGE, "--data-dir", folder, "--back-office"][..],
            &countries,
        ]
        .concat());
        assert!(made.status.success(), "{}", text(&made.stderr));
        Self {
            local,
            token: text(&made.stdout).trim().to_owned(),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.local.url
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}

/// The file of that name beside these tests.
pub(crate) fn beside(name: &str) -> PathBuf {
    crate::process::project()
        .join("infra-synth/cli/tests/api")
        .join(name)
}

mod api;
mod calls;
mod ended;
mod started;

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use schedule_stacks::CODE_PARAMETERS;

pub(crate) use api::Answer;
pub(crate) use ended::Ended;
pub(crate) use started::Started;

/// What the stack needs from outside; MiniStack has these in every account.
pub(crate) const PARAMETERS: [&str; 4] = [
    "VpcId=vpc-00000001",
    "SubnetIds=subnet-00000001",
    "DatabaseSecurityGroupId=sg-00000001",
    "DatabaseResourceId=db-ABC",
];

/// How often a port that somebody else took is chosen anew.
const PORTS_TRIED: u32 = 3;

/// MiniStack on a free port of this machine, with IAM in force; it ends with the value.
pub(crate) struct MiniStack {
    process: Child,
    url: String,
    folder: PathBuf,
}

/// A user's key.
pub(crate) struct Credentials {
    access_key_id: String,
    secret_access_key: String,
}

impl Credentials {
    fn root() -> Self {
        Self {
            access_key_id: "test".to_owned(),
            secret_access_key: "test".to_owned(),
        }
    }
}

impl MiniStack {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// MiniStack whose functions see these variables too.
    pub(crate) fn start_with(variables: &[(&str, &str)]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ministack-{}-{number}", std::process::id()));
        fs::create_dir_all(folder.join("stages")).unwrap();
        let python = project.join("target/ministack/bin/python");
        assert!(python.is_file(), "install MiniStack first: make setup");
        // Between choosing a port and listening on it, somebody else may take it.
        let started = (0..PORTS_TRIED).find_map(|_| Self::try_start(&python, &project, &folder, variables));
        let (process, url) = started.expect("MiniStack ended before it was ready");

        let stage = fs::read_to_string(project.join("stacks/stages/dev.toml")).unwrap();
        let server = Self { process, url, folder };
        server.write_stage(&stage.replace("arm64", "x86_64"));
        for (_, binary) in CODE_PARAMETERS {
            server.write_executable(binary, "/bin/true");
        }
        server
    }

    /// `None` if it ends before it listens.
    fn try_start(
        python: &Path,
        project: &Path,
        folder: &Path,
        variables: &[(&str, &str)],
    ) -> Option<(Child, String)> {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let url = format!("http://127.0.0.1:{port}");
        let mut process = Command::new(python)
            .arg(project.join("infra-synth/cli/tests/ministack/start.py"))
            .current_dir(folder)
            .envs([
                ("AUTH", "true"),
                ("BIND_HOST", "127.0.0.1"),
                ("MINISTACK_HOST", "127.0.0.1"),
            ])
            .env("GATEWAY_PORT", port.to_string())
            .env("AWS_ENDPOINT_URL", &url)
            .env("TMPDIR", folder)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let ready = log
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains("Running on http"));
        if !ready {
            let _ = process.kill();
            process.wait().unwrap();
            return None;
        }
        // A full pipe would stop it.
        thread::spawn(move || log.map_while(Result::ok).for_each(drop));
        Some((process, url))
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// MiniStack with an asset bucket.
    pub(crate) fn bootstrapped() -> Self {
        let server = Self::start();
        server.infra_synth(&["bootstrap", "--yes"]).succeeded();
        server
    }

    /// Runs `infra-synth` as root of the account, with nobody at the terminal.
    pub(crate) fn infra_synth(&self, arguments: &[&str]) -> Ended {
        self.infra_synth_as(&Credentials::root(), arguments)
    }

    fn infra_synth_as(&self, credentials: &Credentials, arguments: &[&str]) -> Ended {
        Ended::of(&self.command(credentials, arguments).output().unwrap())
    }

    /// Starts `infra-synth` as root and gives it back when it has said this, running still.
    pub(crate) fn start_infra_synth(&self, arguments: &[&str], says: &str) -> Started {
        Started::once_it_says(&mut self.command(&Credentials::root(), arguments), says)
    }

    fn command(&self, credentials: &Credentials, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_infra-synth"));
        command
            .args(arguments)
            .arg("--stages")
            .arg(self.folder.join("stages"))
            .envs([
                ("AWS_ENDPOINT_URL", self.url.as_str()),
                ("AWS_ACCESS_KEY_ID", &credentials.access_key_id),
                ("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key),
                ("AWS_REGION", "us-east-1"),
                ("AWS_CONFIG_FILE", "/dev/null"),
                ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ])
            .env_remove("AWS_PROFILE")
            // The functions as a user gets them, but compiled in a fraction of the time and apart from his; the tests
            // that need them share one build.
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("functions"),
            )
            .envs([
                ("CARGO_PROFILE_FUNCTION_LTO", "off"),
                ("CARGO_PROFILE_FUNCTION_CODEGEN_UNITS", "16"),
                ("CARGO_PROFILE_FUNCTION_OPT_LEVEL", "1"),
            ])
            .stdin(Stdio::null());
        command
    }

    /// `deploy` with stand-ins for the functions.
    pub(crate) fn deploy(&self, arguments: &[&str]) -> Ended {
        let executables = self.folder.join("executables");
        let mut all = vec!["deploy", "--executables", executables.to_str().unwrap()];
        all.extend(arguments);
        self.infra_synth(&all)
    }

    /// `deploy`, with a value for each parameter, when it has said this and runs still.
    pub(crate) fn start_first_deploy(&self, arguments: &[&str], says: &str) -> Started {
        let executables = self.folder.join("executables");
        let mut all = vec!["deploy", "--executables", executables.to_str().unwrap()];
        all.extend(with_parameters(arguments));
        self.start_infra_synth(&all, says)
    }

    /// `deploy`, with a value for each parameter.
    pub(crate) fn first_deploy(&self, arguments: &[&str]) -> Ended {
        self.deploy(&with_parameters(arguments))
    }

    /// The same as someone else than root.
    pub(crate) fn first_deploy_as(&self, credentials: &Credentials, arguments: &[&str]) -> Ended {
        let executables = self.folder.join("executables");
        let mut all = vec!["deploy", "--executables", executables.to_str().unwrap()];
        all.extend(with_parameters(arguments));
        self.infra_synth_as(credentials, &all)
    }

    /// The settings of stage `dev` as they are.
    pub(crate) fn stage(&self) -> String {
        fs::read_to_string(self.folder.join("stages/dev.toml")).unwrap()
    }

    pub(crate) fn write_stage(&self, settings: &str) {
        fs::write(self.folder.join("stages/dev.toml"), settings).unwrap();
    }

    /// Lets a stack's creation stop half-way until [`go_on`](Self::go_on).
    pub(crate) fn hold(&self) {
        fs::write(self.folder.join("hold"), "").unwrap();
    }

    pub(crate) fn go_on(&self) {
        fs::remove_file(self.folder.join("hold")).unwrap();
    }

    /// Lets the next call of an action wait until [`answer`](Self::answer).
    pub(crate) fn hold_call(&self, action: &str) {
        let made = Command::new("mkfifo")
            .args([format!("{action}.asked"), format!("{action}.go-on")])
            .current_dir(&self.folder)
            .status();
        assert!(made.unwrap().success());
    }

    /// Waits until the call is made.
    pub(crate) fn await_call(&self, action: &str) {
        fs::read(self.folder.join(format!("{action}.asked"))).unwrap();
    }

    pub(crate) fn answer(&self, action: &str) {
        fs::write(self.folder.join(format!("{action}.go-on")), "").unwrap();
    }

    /// Makes this program of the system the code of a function.
    pub(crate) fn write_executable(&self, binary: &str, program: &str) {
        let folder = self.folder.join("executables");
        fs::create_dir_all(&folder).unwrap();
        fs::copy(program, folder.join(binary)).unwrap();
    }
}

/// A `deploy` and a value for each parameter.
pub(crate) fn with_parameters<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let parameters = PARAMETERS.iter().flat_map(|parameter| ["--parameter", parameter]);
    arguments.iter().copied().chain(parameters).collect()
}

impl Drop for MiniStack {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

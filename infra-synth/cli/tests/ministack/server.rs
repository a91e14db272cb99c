use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use serde_json::{Value, json};

/// What the stack needs from outside; MiniStack has these in every account.
pub(crate) const PARAMETERS: [&str; 4] = [
    "VpcId=vpc-00000001",
    "SubnetIds=subnet-00000001",
    "DatabaseSecurityGroupId=sg-00000001",
    "DatabaseResourceId=db-ABC",
];

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

/// What a command printed and how it ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) data: String,
    pub(crate) notes: String,
}

impl MiniStack {
    pub(crate) fn start() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ministack-{}-{number}", std::process::id()));
        fs::create_dir_all(folder.join("stages")).unwrap();
        let python = project.join("target/ministack/bin/python");
        assert!(python.is_file(), "install MiniStack first: make setup");
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let url = format!("http://127.0.0.1:{port}");
        let mut process = Command::new(python)
            .arg(project.join("infra-synth/cli/tests/ministack/start.py"))
            .current_dir(&folder)
            .envs([
                ("AUTH", "true"),
                ("BIND_HOST", "127.0.0.1"),
                ("MINISTACK_HOST", "127.0.0.1"),
            ])
            .env("GATEWAY_PORT", port.to_string())
            .env("AWS_ENDPOINT_URL", &url)
            .env("TMPDIR", &folder)
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
        assert!(ready, "MiniStack ended before it was ready");
        // A full pipe would stop it.
        thread::spawn(move || log.map_while(Result::ok).for_each(drop));

        let stage = fs::read_to_string(project.join("stacks/stages/dev.toml")).unwrap();
        let server = Self { process, url, folder };
        server.write_stage(&stage.replace("arm64", "x86_64"));
        for binary in [
            "create-appointment",
            "get-appointment",
            "process-appointment",
            "process-confirmation",
            "republish-pending",
        ] {
            server.write_executable(binary, "/bin/true");
        }
        server
    }

    /// MiniStack with an asset bucket.
    pub(crate) fn bootstrapped() -> Self {
        let server = Self::start();
        server.infra_synth(&["bootstrap", "--yes"]).succeeded();
        server
    }

    /// Runs `infra-synth` as root of the account, with nobody at the terminal.
    pub(crate) fn infra_synth(&self, arguments: &[&str]) -> Ended {
        let root = Credentials {
            access_key_id: "test".to_owned(),
            secret_access_key: "test".to_owned(),
        };
        self.infra_synth_as(&root, arguments)
    }

    fn infra_synth_as(&self, credentials: &Credentials, arguments: &[&str]) -> Ended {
        let output = Command::new(env!("CARGO_BIN_EXE_infra-synth"))
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
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Ended::of(&output)
    }

    /// `deploy` with stand-ins for the functions.
    pub(crate) fn deploy(&self, arguments: &[&str]) -> Ended {
        let executables = self.folder.join("executables");
        let mut all = vec!["deploy", "--executables", executables.to_str().unwrap()];
        all.extend(arguments);
        self.infra_synth(&all)
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

    /// A new user who may do this and nothing else.
    pub(crate) fn user(&self, name: &str, actions: &[&str]) -> Credentials {
        let call = |action, more: &[(&str, &str)]| {
            let mut fields = vec![("Action", action), ("Version", "2010-05-08"), ("UserName", name)];
            fields.extend(more);
            self.form("iam", &fields)
        };
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        call("CreateUser", &[]);
        call(
            "PutUserPolicy",
            &[("PolicyName", "allowed"), ("PolicyDocument", &policy)],
        );
        let key = call("CreateAccessKey", &[]);
        let field = |name: &str| {
            let (_, rest) = key.split_once(&format!("<{name}>")).unwrap();
            rest.split('<').next().unwrap().to_owned()
        };
        Credentials {
            access_key_id: field("AccessKeyId"),
            secret_access_key: field("SecretAccessKey"),
        }
    }

    /// The settings of stage `dev` as they are.
    pub(crate) fn stage(&self) -> String {
        fs::read_to_string(self.folder.join("stages/dev.toml")).unwrap()
    }

    pub(crate) fn write_stage(&self, settings: &str) {
        fs::write(self.folder.join("stages/dev.toml"), settings).unwrap();
    }

    /// Makes this program of the system the code of a function.
    pub(crate) fn write_executable(&self, binary: &str, program: &str) {
        let folder = self.folder.join("executables");
        fs::create_dir_all(&folder).unwrap();
        fs::copy(program, folder.join(binary)).unwrap();
    }

    /// A call in the protocols that take a form, such as CloudFormation's.
    pub(crate) fn form(&self, service: &str, fields: &[(&str, &str)]) -> String {
        self.post(service)
            .send_form(fields.iter().copied())
            .unwrap()
            .body_mut()
            .read_to_string()
            .unwrap()
    }

    /// A call in the JSON protocol, such as DynamoDB's; `target` is `DynamoDB_20120810.PutItem`, for example.
    pub(crate) fn json(&self, service: &str, target: &str, body: &Value) -> Value {
        let request = self
            .post(service)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target);
        let mut answer = request.send(body.to_string()).unwrap();
        answer.body_mut().read_json().unwrap_or(Value::Null)
    }

    fn post(&self, service: &str) -> ureq::RequestBuilder<ureq::typestate::WithBody> {
        ureq::post(&self.url)
            .header("authorization", authorization(service))
            // As a proxy that ends TLS says it: the queues' policies refuse everyone who comes without.
            .header("x-forwarded-proto", "https")
    }
}

fn with_parameters<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let parameters = PARAMETERS.iter().flat_map(|parameter| ["--parameter", parameter]);
    parameters.chain(arguments.iter().copied()).collect()
}

/// Who signs as root is believed without a look at the signature.
fn authorization(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x"
    )
}

impl Drop for MiniStack {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Ended {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            data: String::from_utf8(output.stdout.clone()).unwrap(),
            notes: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.notes);
        self
    }

    #[track_caller]
    pub(crate) fn failed_with(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}", self.notes);
        self.says(words)
    }

    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.notes.contains(word), "`{word}` is not in:\n{}", self.notes);
        }
        self
    }

    #[track_caller]
    pub(crate) fn says_nothing_of(self, words: &[&str]) -> Self {
        for word in words {
            assert!(!self.notes.contains(word), "`{word}` is in:\n{}", self.notes);
        }
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap()
    }
}

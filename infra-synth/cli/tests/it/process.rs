//! Running the binary.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

pub(crate) fn infra_synth(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_infra-synth"));
    command
        .args(arguments)
        .current_dir(project())
        .env_remove("INFRA_SYNTH_STAGES")
        .env("NO_COLOR", "1");
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    infra_synth(arguments).output().unwrap()
}

/// A folder of this test's own, empty.
pub(crate) fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// `infra-synth local` as a process of its own, killed when the test ends.
pub(crate) struct Local {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// Read as it is written: a full pipe would stop the process.
    log: Option<JoinHandle<String>>,
    pub(crate) url: String,
    agent: ureq::Agent,
}

impl Local {
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut child = infra_synth(&["local"])
            .args(if options.contains(&"--listen") {
                &[][..]
            } else {
                &["--listen", "127.0.0.1:0"]
            })
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let url = line
            .trim()
            .strip_prefix("Listening on ")
            .expect("it says where it listens")
            .to_owned();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Self {
            child,
            stdout,
            log: Some(log),
            url,
            agent,
        }
    }

    /// What is to be pasted, as far as the second call of `curl`.
    pub(crate) fn greeting(&mut self) -> Vec<String> {
        let mut commands = Vec::new();
        for line in self.stdout.by_ref().lines().map(Result::unwrap) {
            if line.starts_with("  ") {
                commands.push(line);
            }
            if commands.iter().filter(|line| line.contains("curl")).count() == 2 {
                break;
            }
        }
        commands
    }

    /// Whatever request, with the answer's status, headers and body.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, ureq::http::HeaderMap, String) {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.agent.run(request.body(body.to_owned()).unwrap()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), response.headers().clone(), text)
    }

    pub(crate) fn post(&self, insured_id: &str, country: &str) -> Result<(u16, Value), ureq::Error> {
        let body =
            json!({"insuredId": insured_id, "countryISO": country, "dateSchedule": "2099-05-20T15:30:00Z"});
        let url = format!("{}/appointments", self.url);
        let mut response = self
            .agent
            .post(url)
            .header("content-type", "application/json")
            .send(body.to_string())?;
        Ok((
            response.status().as_u16(),
            serde_json::from_str(&response.body_mut().read_to_string()?).unwrap(),
        ))
    }

    pub(crate) fn get(&self, insured_id: &str) -> Vec<Value> {
        let url = format!("{}/appointments/{insured_id}?limit=200", self.url);
        let mut response = self.agent.get(url).call().unwrap();
        serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap()
    }

    /// Reads the insured's one appointment until it is COMPLETED.
    pub(crate) fn completed(&self, insured_id: &str) {
        let started = Instant::now();
        while self.get(insured_id)[0]["status"] != "COMPLETED" {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "the appointment stays PENDING"
            );
        }
    }

    /// As `kill -9`: nothing can be tidied up.
    pub(crate) fn kill(&self) {
        self.signal("-KILL");
    }

    /// As Ctrl-C: what it says on standard error, and whether it ended well.
    pub(crate) fn interrupt(mut self) -> (bool, String) {
        self.signal("-INT");
        let succeeded = self.child.wait().unwrap().success();
        (succeeded, self.log.take().unwrap().join().unwrap())
    }

    fn signal(&self, signal: &str) {
        assert!(
            Command::new("kill")
                .args([signal, &self.child.id().to_string()])
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

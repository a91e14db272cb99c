//! A MiniStack of the test's own: on a free loopback port, its state in a folder of its own, ended by its process id.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio, id},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

/// How often a port that somebody else took is chosen anew.
const PORTS_TRIED: u32 = 3;

static STARTED: AtomicU32 = AtomicU32::new(0);

pub(crate) struct MiniStack {
    process: Child,
    port: u16,
    folder: PathBuf,
}

impl MiniStack {
    /// Starts a server and waits until it takes connections.
    #[track_caller]
    pub(crate) fn start() -> Self {
        let target = project().join("target");
        let program = target.join("ministack/bin/ministack");
        assert!(
            program.is_file(),
            "`{}` is missing: run `make setup`",
            program.display()
        );
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = target
            .join("test-data")
            .join(format!("ministack-{}-{number}", id()));
        let mut said = String::new();
        // Between choosing a port and listening on it, somebody else may take it.
        for _ in 0..PORTS_TRIED {
            fs::create_dir_all(&folder).expect("a folder");
            let port = free_port();
            let log = fs::File::create(folder.join("log")).expect("a log");
            let process = Command::new(&program)
                .envs([("BIND_HOST", "127.0.0.1"), ("MINISTACK_HOST", "127.0.0.1")])
                .env("GATEWAY_PORT", port.to_string())
                .env("STATE_DIR", folder.join("state"))
                .env("S3_DATA_DIR", folder.join("s3"))
                .env("TMPDIR", &folder)
                .current_dir(&folder)
                .stdin(Stdio::null())
                .stdout(log.try_clone().expect("a log"))
                .stderr(log)
                .spawn()
                .expect("MiniStack starts");
            let mut server = Self {
                process,
                port,
                folder: folder.clone(),
            };
            match server.listens() {
                Ok(()) => return server,
                Err(log) => said = log,
            }
        }
        panic!("MiniStack does not answer; its log:\n{said}");
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits until it says itself that it listens: whatever answers at the port may be another's. Its log, if it does not.
    fn listens(&mut self) -> Result<(), String> {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            if log.contains("Running on http") {
                return Ok(());
            }
            if self.process.try_wait().expect("its state").is_some() || Instant::now() > end {
                return Err(log);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for MiniStack {
    fn drop(&mut self) {
        // Both fail only where there is nothing left to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn project() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).expect("the project's folder").to_owned()
}

/// A port that nothing listens on now.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

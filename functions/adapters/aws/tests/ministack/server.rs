//! A MiniStack of the test's own: on a free loopback port, its state in a folder of its own, ended by its process id.

use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio, id},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

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
            folder,
        };
        server.wait();
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    #[track_caller]
    fn wait(&mut self) {
        let end = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.process.try_wait().expect("its state").is_some();
            let late = Instant::now() > end;
            if ended || late {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("MiniStack does not answer; its log:\n{log}");
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

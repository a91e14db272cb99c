//! The server's process, from its start to its certain end.

use std::{
    fs::File,
    io::{self, Read},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::files;

/// A server that is up. It holds a pipe to the test: when the test's process ends in whatever way, the pipe closes
/// and the server is killed.
#[derive(Debug)]
pub(super) struct ServerProcess {
    child: Child,
    port: u16,
}

/// Becomes the server, after leaving behind a watcher that kills it once standard input ends.
const WATCHED: &str = r#"exec 3<&0
{ cat <&3 >/dev/null; kill -9 $$; } 2>/dev/null &
exec "$@" 3<&- </dev/null"#;

/// How long a start may take on a machine that is busy with other builds.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How long the watcher may take before its work is done for it.
const WATCHER_LIMIT: Duration = Duration::from_secs(5);

/// Another process can take the free port between its choice and the server's start.
const PORTS_TRIED: u32 = 5;

/// When a commit is out of the server's hands, and so outlives its death.
#[derive(Clone, Copy, Debug)]
pub(super) enum Commits {
    /// Within a second; quick, for tests that do not look at data after a kill.
    Soon,
    /// Before it is answered, as on a server that is not told otherwise.
    AtOnce,
}

impl Commits {
    const fn option(self) -> &'static str {
        match self {
            Self::Soon => "--innodb-flush-log-at-trx-commit=0",
            Self::AtOnce => "--innodb-flush-log-at-trx-commit=1",
        }
    }
}

impl ServerProcess {
    #[expect(clippy::expect_used, reason = "a test cannot go on without its server")]
    pub(super) fn start(data: &Path, commits: Commits) -> Self {
        Self::first_ready(data, commits, || free_port().expect("a free port on loopback"))
    }

    /// The killed server once more, on the port that its clients know.
    pub(super) fn restart(&mut self, data: &Path, commits: Commits) {
        self.kill();
        let port = self.port;
        *self = Self::first_ready(data, commits, || port);
    }

    fn first_ready(data: &Path, commits: Commits, port: impl Fn() -> u16) -> Self {
        for _ in 0..PORTS_TRIED {
            let mut server = Self::spawn(data, commits, port());
            if server.becomes_ready() {
                return server;
            }
            server.kill();
        }
        panic!("mariadbd does not start:\n{}", files::log_text(data));
    }

    #[expect(clippy::expect_used, reason = "a test cannot go on without its server")]
    fn spawn(data: &Path, commits: Commits, port: u16) -> Self {
        let log = File::options()
            .append(true)
            .open(files::log_path(data))
            .expect("the log file");
        let child = Command::new("sh")
            .args(["-c", WATCHED, "sh"])
            .arg(files::program("mariadbd"))
            .args(files::common(data))
            .arg(format!("--port={port}"))
            .args([
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--skip-log-bin",
            ])
            // Relative to the data folder: the path of a socket may have 107 bytes, and a checkout's is longer.
            .args(["--socket=mariadb.sock", "--pid-file=mariadb.pid"])
            .args(["--innodb-buffer-pool-size=32M", commits.option()])
            .args(files::user())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("the log file once more"))
            .stderr(log)
            .spawn()
            .expect("a shell");
        Self { child, port }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Waits until the server greets a client; not if it ends before.
    fn becomes_ready(&mut self) -> bool {
        let end = Instant::now() + START_LIMIT;
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            if greets(self.port) {
                return true;
            }
            thread::sleep(Duration::from_millis(10));
        }
        false
    }

    /// Ends the server at once and waits until it is gone.
    pub(super) fn kill(&mut self) {
        // Closing the pipe lets the watcher do it. It comes first: were the server reaped before, the watcher would
        // later signal an id that may belong to another process by then.
        drop(self.child.stdin.take());
        let end = Instant::now() + WATCHER_LIMIT;
        while Instant::now() < end {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Whether the first packet is the handshake of protocol 10, after its four bytes of header.
fn greets(port: u16) -> bool {
    let greeting = || -> io::Result<u8> {
        let limit = Duration::from_secs(1);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, limit)?;
        stream.set_read_timeout(Some(limit))?;
        let mut packet = [0; 5];
        stream.read_exact(&mut packet)?;
        Ok(packet[4])
    };
    greeting().is_ok_and(|protocol| protocol == 10)
}

//! The server's programs and its data folder.

use std::{
    env,
    fs::{self, File},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, id},
};

/// The options of every MariaDB program here: no configuration of the machine, small files, and its own folder for
/// temporary tables. In a shared one each server that starts removes what it takes for an earlier one's leavings, and
/// with it the temporary tables of the servers that run.
pub(super) fn common(data: &Path) -> [String; 4] {
    [
        "--no-defaults".to_owned(),
        "--innodb-log-file-size=8M".to_owned(),
        format!("--datadir={}", data.display()),
        format!("--tmpdir={}", temporary(data).display()),
    ]
}

/// Beside the data, where every folder is a database.
fn temporary(data: &Path) -> PathBuf {
    data.with_extension("tmp")
}

/// Cargo's target folder.
pub(super) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target"),
        PathBuf::from,
    )
}

/// A new data folder with the system tables, and `root` without a password.
#[expect(clippy::expect_used, reason = "a test cannot go on without its data folder")]
pub(super) fn initialize(data: &Path) {
    data.parent().into_iter().for_each(remove_abandoned);
    // A killed process may have had the id of this one.
    remove(data);
    for folder in [data, &temporary(data)] {
        fs::create_dir_all(folder).expect("a folder below target");
    }
    let log = log_path(data);
    let output = File::create(&log).expect("a log file below target");
    let status = Command::new(program("mariadb-install-db"))
        .args(common(data))
        .args([
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--skip-name-resolve",
        ])
        .args(user())
        .stdout(output.try_clone().expect("the log file once more"))
        .stderr(output)
        .status()
        .expect("mariadb-install-db, which was just found");
    assert!(
        status.success(),
        "mariadb-install-db failed ({status}):\n{}",
        log_text(data)
    );
}

/// The path of an installed program of MariaDB.
///
/// # Panics
///
/// If it is not installed; a test without its database has shown nothing, so it must not pass.
pub(super) fn program(name: &str) -> PathBuf {
    let listed = env::var_os("PATH").unwrap_or_default();
    // Debian keeps servers where only root's PATH looks.
    let usual = ["/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"].map(PathBuf::from);
    let found = env::split_paths(&listed)
        .chain(usual)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    assert!(
        found.is_some(),
        "`{name}` is not installed, and this test runs against a real MariaDB; run `make setup`"
    );
    found.unwrap_or_default()
}

/// MariaDB refuses to run as root unless it is told to.
pub(super) fn user() -> Option<&'static str> {
    let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    root.then_some("--user=root")
}

pub(super) fn log_path(data: &Path) -> PathBuf {
    data.with_extension("log")
}

/// The end of the log, for a panic's message.
pub(super) fn log_text(data: &Path) -> String {
    let text = fs::read_to_string(log_path(data)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

pub(super) fn remove(data: &Path) {
    // What cannot be removed lies below target, and the next test run tries again.
    let _ = fs::remove_dir_all(data);
    let _ = fs::remove_dir_all(temporary(data));
    let _ = fs::remove_file(log_path(data));
}

/// Removes what killed processes have left: a folder is called by the id of its process.
fn remove_abandoned(folders: &Path) {
    for folder in fs::read_dir(folders).into_iter().flatten().flatten() {
        let name = folder.file_name();
        let process = name
            .to_str()
            .and_then(|name| name.split_once('-'))
            .map(|(process, _)| process);
        let ended = |process| process != id().to_string() && !Path::new("/proc").join(process).exists();
        if folder.path().is_dir() && process.is_some_and(ended) {
            remove(&folder.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    #[should_panic(expected = "`mariadbd-that-nobody-has` is not installed")]
    fn a_missing_program_fails_the_test_that_needs_it() {
        let _ = program("mariadbd-that-nobody-has");
    }
}

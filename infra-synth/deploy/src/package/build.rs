use std::{
    env,
    ffi::OsString,
    io,
    path::PathBuf,
    process::{Command, ExitStatus},
};

use infra_synth_cfn::resources::Architecture;

use super::{GlibcVersion, Package, PackageError, rust_target};

/// Builds functions with cargo-zigbuild, which links against a C library as old as Lambda's wherever it runs.
#[derive(Debug, Clone)]
pub struct Builder {
    /// The workspace.
    pub root: PathBuf,
    /// The processor to build for.
    pub processor: Architecture,
    /// The cargo profile.
    pub profile: String,
    /// Where cargo writes to.
    pub target_folder: PathBuf,
}

/// Why the executables could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Rust's standard library for the processor is not installed.
    #[error("Rust cannot build for `{target}` here yet; add it: rustup target add {target}")]
    NoTarget {
        /// What Rust calls the processor.
        target: &'static str,
    },
    /// cargo-zigbuild is not installed.
    #[error(
        "cargo-zigbuild is not here; install it with: make setup-package (it comes with zig, from .ci/requirements.txt)"
    )]
    NoZigbuild,
    /// A program could not be started.
    #[error("`{program}` cannot be started")]
    NotStarted {
        /// The program.
        program: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Cargo has said why, on standard error.
    #[error("the functions do not build ({status}); the compiler's messages are above")]
    Failed {
        /// What cargo ended with.
        status: ExitStatus,
    },
}

impl Builder {
    /// Builds these executables, and packs each into `<target_folder>/package/<target>`.
    ///
    /// # Errors
    ///
    /// A missing tool, with the command that installs it; code that does not build; see also
    /// [`Package::of_executable`].
    pub fn package(&self, binaries: &[&str]) -> Result<Vec<Package>, PackageError> {
        let target = rust_target(self.processor);
        self.check_target()?;
        self.build(binaries)?;
        let built = self.target_folder.join(target).join(&self.profile);
        let out = self.target_folder.join("package").join(target);
        Package::of_executables(&built, binaries, &out, Some(self.processor))
    }

    /// Whether Rust can build for the processor here.
    ///
    /// # Errors
    ///
    /// That it cannot, with the command that changes it.
    pub fn check_target(&self) -> Result<(), BuildError> {
        let target = rust_target(self.processor);
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let answer = Command::new(rustc)
            .args(["--print", "target-libdir", "--target", target])
            .current_dir(&self.root)
            .output()
            .map_err(|source| BuildError::NotStarted {
                program: "rustc",
                source,
            })?;
        let folder = PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim());
        if answer.status.success() && folder.is_dir() {
            Ok(())
        } else {
            Err(BuildError::NoTarget { target })
        }
    }

    /// Where cargo-zigbuild is.
    ///
    /// # Errors
    ///
    /// That it is not here, with the command that installs it.
    pub fn zigbuild(&self) -> Result<PathBuf, BuildError> {
        env::split_paths(&self.search_path())
            .map(|folder| folder.join("cargo-zigbuild"))
            .find(|program| program.is_file())
            .ok_or(BuildError::NoZigbuild)
    }

    /// The project's own tools come first: their versions are pinned.
    fn search_path(&self) -> OsString {
        let path = env::var_os("PATH").unwrap_or_default();
        let tools = self.root.join("target/python/bin");
        let folders = [tools].into_iter().chain(env::split_paths(&path));
        env::join_paths(folders).unwrap_or(path)
    }

    fn build(&self, binaries: &[&str]) -> Result<(), BuildError> {
        let mut cargo = Command::new(self.zigbuild()?);
        cargo
            .args([
                "zigbuild",
                "--quiet",
                "--locked",
                "--profile",
                &self.profile,
                "--target",
            ])
            .arg(format!(
                "{}.{}",
                rust_target(self.processor),
                GlibcVersion::LAMBDA
            ))
            .args(binaries.iter().flat_map(|binary| ["--bin", binary]))
            .args(binaries.iter().flat_map(|binary| ["--package", binary]))
            .arg("--target-dir")
            .arg(&self.target_folder)
            .current_dir(&self.root)
            .env("PATH", self.search_path())
            .env("CARGO_ENCODED_RUSTFLAGS", self.without_local_paths());
        let status = cargo.status().map_err(|source| BuildError::NotStarted {
            program: "cargo-zigbuild",
            source,
        })?;
        if status.success() {
            Ok(())
        } else {
            Err(BuildError::Failed { status })
        }
    }

    /// Panics name source files; where those lie on this machine must not change the bytes. Cargo takes flags apart at
    /// a unit separator here, so that a folder's name may have spaces.
    fn without_local_paths(&self) -> OsString {
        let mut flags = env::var_os("CARGO_ENCODED_RUSTFLAGS").unwrap_or_else(|| {
            let flags = env::var("RUSTFLAGS").unwrap_or_default();
            let flags: Vec<_> = flags.split_whitespace().collect();
            flags.join("\x1f").into()
        });
        let cargo_home = env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(env::home_dir()?.join(".cargo")));
        for (folder, name) in [(Some(self.root.clone()), "/workspace"), (cargo_home, "/cargo")] {
            if let Some(folder) = folder {
                if !flags.is_empty() {
                    flags.push("\x1f");
                }
                flags.push("--remap-path-prefix=");
                flags.push(folder);
                flags.push("=");
                flags.push(name);
            }
        }
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_rust_target_is_an_error_with_the_command_that_adds_it() {
        let error = BuildError::NoTarget {
            target: rust_target(Architecture::Arm64),
        };
        assert!(
            error
                .to_string()
                .ends_with("rustup target add aarch64-unknown-linux-gnu")
        );
    }

    #[test]
    fn the_place_of_a_checkout_is_not_in_its_executables() {
        let builder = Builder {
            root: "/home/someone/my checkout".into(),
            processor: Architecture::X86_64,
            profile: "function".to_owned(),
            target_folder: "/tmp".into(),
        };
        let flags = builder.without_local_paths().into_string().unwrap();
        let flags: Vec<_> = flags.split('\x1f').collect();
        assert!(
            flags.contains(&"--remap-path-prefix=/home/someone/my checkout=/workspace"),
            "{flags:?}"
        );
        assert!(
            flags.last().is_some_and(|flag| flag.ends_with("=/cargo")),
            "{flags:?}"
        );
    }
}

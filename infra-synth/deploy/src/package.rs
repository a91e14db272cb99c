//! The functions' code as Lambda takes it: one executable called `bootstrap` in a zip.
//!
//! The same source gives the same bytes, on any machine with the same toolchain, and a package is named by its content:
//! what is in the bucket already is never sent again, and a function changes only when its code does.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use elf::{ElfBytes, endian::AnyEndian};
use infra_synth_cfn::resources::Architecture;
use sha2::{Digest, Sha256};

mod archive;
mod build;
mod glibc;

pub use archive::archive;
pub use build::{BuildError, Builder};
pub use glibc::{GlibcError, GlibcVersion, newest_glibc};

/// A function's code, packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The executable that it was made of.
    pub binary: String,
    /// The SHA-256 of the zip, in hexadecimal.
    pub hash: String,
    /// The file.
    pub file: PathBuf,
    /// The size of the zip.
    pub bytes: usize,
}

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The executables could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// An executable would not start on Lambda.
    #[error("`{binary}` would not start on Lambda")]
    Glibc {
        /// The executable.
        binary: String,
        /// Why.
        #[source]
        source: GlibcError,
    },
    /// A file could not be read or written.
    #[error("cannot {what} `{}`", .file.display())]
    Io {
        /// What was to be done.
        what: &'static str,
        /// The file.
        file: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The executable is for another processor.
    #[error(
        "`{binary}` is not built for `{expected}`, which the stage's functions run on; build it with `infra-synth package`, \
         or change `architecture` in the stage's file"
    )]
    Architecture {
        /// The executable.
        binary: String,
        /// What Rust calls the processor.
        expected: &'static str,
    },
    /// The zip could not be made.
    #[error("`{binary}` cannot be packed")]
    Zip {
        /// The executable.
        binary: String,
        /// Why.
        #[source]
        source: zip::result::ZipError,
    },
}

impl Package {
    /// The key of the package in the asset bucket.
    pub fn key(&self) -> String {
        format!("functions/{}/{}.zip", self.binary, self.hash)
    }

    /// Packs these executables of a folder, in their order and all at the same time: compressing them is most of the time that a deployment
    /// without a change takes.
    ///
    /// # Errors
    ///
    /// As for [`Self::of_executable`], of the first that fails.
    pub fn of_executables(
        folder: &Path,
        binaries: &[&str],
        out: &Path,
        expected: Option<Architecture>,
    ) -> Result<Vec<Self>, PackageError> {
        thread::scope(|scope| {
            let packing: Vec<_> = binaries
                .iter()
                .map(|binary| {
                    scope.spawn(move || Self::of_executable(binary, &folder.join(binary), out, expected))
                })
                .collect();
            let packed = packing.into_iter().map(|packing| {
                let packed = packing.join();
                packed.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            packed.collect()
        })
    }

    /// Packs an executable into `out`, as `<binary>-<hash>.zip`.
    ///
    /// # Errors
    ///
    /// An executable that is none, needs a newer glibc than Lambda has, or is for another processor than the expected
    /// one; a file that cannot be read or written.
    pub fn of_executable(
        binary: &str,
        executable: &Path,
        out: &Path,
        expected: Option<Architecture>,
    ) -> Result<Self, PackageError> {
        let io = |what, file: &Path| {
            let file = file.to_owned();
            move |source| PackageError::Io { what, file, source }
        };
        let content = fs::read(executable).map_err(io("read", executable))?;
        newest_glibc(&content)
            .and_then(GlibcVersion::or_lambdas)
            .map_err(|source| PackageError::Glibc {
                binary: binary.to_owned(),
                source,
            })?;
        if let Some(expected) = expected
            && !runs_on(expected, &content)
        {
            return Err(PackageError::Architecture {
                binary: binary.to_owned(),
                expected: rust_target(expected),
            });
        }
        let zip = archive(&content).map_err(|source| PackageError::Zip {
            binary: binary.to_owned(),
            source,
        })?;
        let hash = hash(&zip);
        fs::create_dir_all(out).map_err(io("make", out))?;
        let file = out.join(format!("{binary}-{hash}.zip", hash = &hash[..16]));
        if !file.is_file() {
            // Another packaging at the same time must not find half a file under a whole one's name.
            let unfinished = out.join(format!("{binary}-{}.unfinished", std::process::id()));
            fs::write(&unfinished, &zip).map_err(io("write", &unfinished))?;
            fs::rename(&unfinished, &file).map_err(io("write", &file))?;
        }
        Ok(Self {
            binary: binary.to_owned(),
            hash,
            file,
            bytes: zip.len(),
        })
    }
}

/// What Rust calls a processor of Lambda's, with the operating system.
pub fn rust_target(processor: Architecture) -> &'static str {
    match processor {
        Architecture::Arm64 => "aarch64-unknown-linux-gnu",
        Architecture::X86_64 => "x86_64-unknown-linux-gnu",
    }
}

fn runs_on(processor: Architecture, executable: &[u8]) -> bool {
    let machine = match processor {
        Architecture::Arm64 => elf::abi::EM_AARCH64,
        Architecture::X86_64 => elf::abi::EM_X86_64,
    };
    ElfBytes::<AnyEndian>::minimal_parse(executable).is_ok_and(|file| file.ehdr.e_machine == machine)
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn hash(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_executable_is_the_same_package() {
        let content: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        let (first, second) = (archive(&content).unwrap(), archive(&content).unwrap());
        assert_eq!(hash(&first), hash(&second));
        assert_ne!(hash(&first), hash(&archive(b"other").unwrap()));
    }

    #[test]
    fn what_is_no_executable_is_refused_by_name() {
        let folder = std::env::temp_dir().join(format!("package-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("get-appointment");
        fs::write(&file, "#!/bin/sh\n").unwrap();
        let error = Package::of_executable("get-appointment", &file, &folder, None).unwrap_err();
        assert_eq!(error.to_string(), "`get-appointment` would not start on Lambda");
        fs::remove_dir_all(&folder).unwrap();
    }
}

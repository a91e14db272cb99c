use std::fmt;

use elf::{ElfBytes, endian::AnyEndian};

/// A version of the GNU C library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GlibcVersion {
    /// The part before the dot; 2 since 1997.
    pub major: u32,
    /// The part behind it.
    pub minor: u32,
}

/// Why an executable would not start on Lambda.
#[derive(Debug, thiserror::Error)]
pub enum GlibcError {
    /// It is no Linux executable, or a damaged one.
    #[error("it is no ELF executable; build it for Linux")]
    NoExecutable(#[source] elf::ParseError),
    /// It was linked against a newer C library.
    #[error(
        "it needs glibc {needed}, and `provided.al2023` has {}; build it with `infra-synth package`, which links against the \
         older one",
        GlibcVersion::LAMBDA
    )]
    TooNew {
        /// What it needs.
        needed: GlibcVersion,
    },
}

impl GlibcVersion {
    /// What `provided.al2023` has. <https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html>
    pub const LAMBDA: Self = Self { major: 2, minor: 34 };

    /// This version, if Lambda has it.
    ///
    /// # Errors
    ///
    /// A newer one.
    pub fn or_lambdas(self) -> Result<Self, GlibcError> {
        if self > Self::LAMBDA {
            return Err(GlibcError::TooNew { needed: self });
        }
        Ok(self)
    }

    /// Reads `GLIBC_2.34`, and also the `GLIBC_2.2.5` of old symbols; `None` for anything else.
    fn parse(name: &str) -> Option<Self> {
        let mut parts = name.strip_prefix("GLIBC_")?.split('.');
        Some(Self {
            major: parts.next()?.parse().ok()?,
            minor: parts.next()?.parse().ok()?,
        })
    }
}

impl fmt::Display for GlibcVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The newest version of glibc that a symbol of this executable needs; 0.0 if it needs none.
///
/// # Errors
///
/// What is no ELF executable.
pub fn newest_glibc(executable: &[u8]) -> Result<GlibcVersion, GlibcError> {
    let file = ElfBytes::<AnyEndian>::minimal_parse(executable).map_err(GlibcError::NoExecutable)?;
    let symbols = file.dynamic_symbol_table().map_err(GlibcError::NoExecutable)?;
    let versions = file.symbol_version_table().map_err(GlibcError::NoExecutable)?;
    let mut newest = GlibcVersion { major: 0, minor: 0 };
    if let (Some((symbols, _)), Some(versions)) = (symbols, versions) {
        for index in 0..symbols.len() {
            let needed = versions
                .get_requirement(index)
                .map_err(GlibcError::NoExecutable)?;
            if let Some(version) = needed.and_then(|needed| GlibcVersion::parse(needed.name)) {
                newest = newest.max(version);
            }
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_an_executable_needs_is_read_from_it() {
        let content = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let needed = newest_glibc(&content).unwrap();
        // Rust's standard library needs 2.17 at least, since it takes functions that are as old.
        assert!(needed >= GlibcVersion { major: 2, minor: 17 }, "{needed}");
    }

    #[test]
    fn an_executable_that_needs_more_than_lambda_has_is_refused() {
        let lambdas = GlibcVersion::LAMBDA;
        assert!(lambdas.or_lambdas().is_ok());
        let newer = GlibcVersion {
            minor: lambdas.minor + 1,
            ..lambdas
        };
        let error = newer.or_lambdas().unwrap_err().to_string();
        assert!(
            error.contains("glibc 2.35") && error.contains("has 2.34"),
            "{error}"
        );
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(GlibcVersion::parse("GLIBC_2.2.5") < GlibcVersion::parse("GLIBC_2.34"));
        assert!(GlibcVersion::parse("GLIBC_2.9") < GlibcVersion::parse("GLIBC_2.10"));
        assert_eq!(GlibcVersion::parse("GLIBC_PRIVATE"), None);
        assert_eq!(GlibcVersion::parse("GCC_3.0"), None);
    }
}

//! Packages of a real executable, built by the real tools.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use infra_synth_cfn::resources::Architecture;
use infra_synth_deploy::package::{BuildError, Builder, Package, PackageError, rust_target};

const MANIFEST: &str = r#"
[package]
name = "hello-function"
version = "0.1.0"
edition = "2024"

[profile.function]
inherits = "release"
strip = true

[workspace]
"#;

// A panic's message names the source file, so that the place of a checkout would be in the executable.
const SOURCE: &str =
    r#"fn main() { if std::env::args().count() > 99 { panic!("so many") } println!("hello") }"#;

/// A checkout in a folder of this name, with this project's tools; made anew.
fn checkout(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("src")).unwrap();
    fs::create_dir_all(root.join("target")).unwrap();
    fs::write(root.join("Cargo.toml"), MANIFEST).unwrap();
    fs::write(
        root.join("Cargo.lock"),
        "version = 4\n\n[[package]]\nname = \"hello-function\"\nversion = \"0.1.0\"\n",
    )
    .unwrap();
    fs::write(root.join("src/main.rs"), SOURCE).unwrap();
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python");
    assert!(
        tools.join("bin/cargo-zigbuild").is_file(),
        "install the tools first: make setup-package"
    );
    symlink(tools, root.join("target/python")).unwrap();
    root
}

fn package(root: &Path, processor: Architecture) -> Result<Vec<Package>, PackageError> {
    let builder = Builder {
        root: root.to_owned(),
        processor,
        profile: "function".to_owned(),
        target_folder: root.join("target"),
    };
    builder.package(&["hello-function"])
}

#[test]
fn two_checkouts_of_the_same_source_give_the_same_bytes() {
    let packages = ["one", "a-longer-name"]
        .map(|name| package(&checkout(name), Architecture::X86_64).unwrap().remove(0));
    assert_eq!(
        fs::read(&packages[0].file).unwrap(),
        fs::read(&packages[1].file).unwrap()
    );
    assert_eq!(packages[0].key(), packages[1].key());
    assert!(
        packages[0]
            .file
            .to_string_lossy()
            .contains(&packages[0].hash[..16])
    );
}

#[test]
fn other_source_gives_another_name() {
    let root = checkout("changed");
    let before = package(&root, Architecture::X86_64).unwrap().remove(0);
    fs::write(root.join("src/main.rs"), SOURCE.replace("hello", "goodbye")).unwrap();
    let after = package(&root, Architecture::X86_64).unwrap().remove(0);
    assert_ne!(before.key(), after.key());
    assert_ne!(before.file, after.file);
}

#[test]
fn code_that_does_not_build_is_no_package() {
    let root = checkout("broken");
    fs::write(root.join("src/main.rs"), "fn main() { missing() }").unwrap();
    let error = package(&root, Architecture::X86_64).unwrap_err();
    assert!(
        matches!(error, PackageError::Build(BuildError::Failed { .. })),
        "{error}"
    );
}

#[test]
fn a_target_that_rust_lacks_is_refused_before_anything_is_built() {
    let root = checkout("arm");
    match package(&root, Architecture::Arm64) {
        Err(PackageError::Build(BuildError::NoTarget { target })) => {
            assert_eq!(target, "aarch64-unknown-linux-gnu");
            assert!(!root.join("target/package").exists());
        }
        // Where the target is installed, the package is there.
        Ok(packages) => assert!(packages[0].file.is_file()),
        Err(error) => panic!("{error}"),
    }
}

/// An executable that takes a function of a glibc that is not there yet: linked, by the linker that Rust needs anyway,
/// with a library that calls itself glibc and has one.
fn executable_of_a_newer_glibc(folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("library.c"), "int of_tomorrow(void) { return 0; }").unwrap();
    fs::write(folder.join("versions"), "GLIBC_2.99 { of_tomorrow; };").unwrap();
    fs::write(
        folder.join("main.c"),
        "int of_tomorrow(void); int main(void) { return of_tomorrow(); }",
    )
    .unwrap();
    let compile = |arguments: &[&str]| {
        let compiled = Command::new("cc").args(arguments).current_dir(folder).status();
        assert!(compiled.unwrap().success());
    };
    compile(&[
        "-shared",
        "-fPIC",
        "-Wl,--version-script=versions,-soname=libtomorrow.so",
        "-o",
        "libtomorrow.so",
        "library.c",
    ]);
    compile(&["-o", "bootstrap", "main.c", "libtomorrow.so"]);
    folder.join("bootstrap")
}

#[test]
fn an_executable_for_another_processor_is_no_package() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("another-processor");
    let this = std::env::current_exe().unwrap();
    let (own, other) = match cfg!(target_arch = "aarch64") {
        true => (Architecture::Arm64, Architecture::X86_64),
        false => (Architecture::X86_64, Architecture::Arm64),
    };
    let package = |expected| Package::of_executable("bootstrap", &this, &folder, Some(expected));
    package(own).unwrap();
    let error = package(other).unwrap_err().to_string();
    assert!(
        error.contains(rust_target(other)) && error.contains("`architecture`"),
        "{error}"
    );
}

#[test]
fn executables_are_packed_in_their_order_and_the_first_that_fails_is_told() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("several");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let names = ["one", "two", "three"];
    for name in names {
        fs::copy("/bin/true", folder.join(name)).unwrap();
    }
    let pack = |binaries: &[&str]| Package::of_executables(&folder, binaries, &folder.join("out"), None);
    let packed = pack(&names).unwrap();
    assert!(packed.iter().map(|package| &package.binary).eq(names));
    let error = pack(&["one", "missing", "absent"]).unwrap_err().to_string();
    assert!(error.contains("several/missing"), "{error}");
}

#[test]
fn an_executable_of_a_newer_glibc_is_no_package() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("newer-glibc");
    let _ = fs::remove_dir_all(&folder);
    let executable = executable_of_a_newer_glibc(&folder);
    let error = Package::of_executable("bootstrap", &executable, &folder, None).unwrap_err();
    let words = format!("{error}: {}", std::error::Error::source(&error).unwrap());
    assert!(
        words.contains("needs glibc 2.99") && words.contains("has 2.34"),
        "{words}"
    );
    let left = fs::read_dir(&folder).unwrap().flatten();
    assert!(
        left.map(|entry| entry.path())
            .all(|path| path.extension().is_none_or(|end| end != "zip"))
    );
}

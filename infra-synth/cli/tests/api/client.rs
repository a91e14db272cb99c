use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::process::{empty_folder, project};
use crate::system::{System, beside};
use crate::tools::{installed, succeed};

#[test]
fn a_client_made_from_the_document_compiles_and_makes_the_round_trip() {
    let folder = empty_folder("client");
    let modules = installed("node/node_modules");
    symlink(&modules, folder.join("node_modules")).unwrap();
    for file in ["client.ts", "tsconfig.json"] {
        fs::copy(beside("client").join(file), folder.join(file)).unwrap();
    }
    fs::write(folder.join("package.json"), r#"{"type": "module"}"#).unwrap();

    let tool = |name: &str| {
        let mut command = Command::new("node");
        command.arg(modules.join(".bin").join(name)).current_dir(&folder);
        command
    };
    let document = project().join("docs/openapi.json");
    succeed(
        tool("openapi-typescript")
            .arg(document)
            .args(["--output", "api.d.ts"]),
    );
    succeed(tool("tsc").args(["--project", "."]));

    let system = System::start("client-system");
    let said = succeed(
        Command::new("node")
            .arg(folder.join("client.js"))
            .env("API_URL", system.url())
            .env("API_TOKEN", system.token()),
    );
    assert_eq!(said.trim(), "the round trip is made", "{said}");
}

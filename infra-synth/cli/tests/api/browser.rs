use std::process::Command;

use crate::process::empty_folder;
use crate::system::{System, beside};
use crate::tools::{installed, succeed};

#[test]
fn the_page_posts_an_appointment_in_a_browser_and_shows_the_answer() {
    let system = System::start("browser-system");
    let screenshot = empty_folder("browser").join("docs.png");
    let said = succeed(
        Command::new("node")
            .arg(beside("browser.mjs"))
            .env("PUPPETEER", installed("node/node_modules/puppeteer-core"))
            .env("API_URL", system.url())
            .env("API_TOKEN", system.token())
            .env("SCREENSHOT", &screenshot),
    );
    assert!(said.starts_with("posted "), "{said}");
    assert!(screenshot.is_file());
}

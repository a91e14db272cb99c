use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::Wiring;

pub(super) static RUNTIME_ALIVE: Rule = Rule {
    id: "runtime-alive",
    severity: Severity::Error,
    title: "Functions run on a runtime that AWS still patches",
    why: "A dead runtime gets no security fix, and after a while functions on it can neither be created nor updated",
    mend: "Choose a runtime from https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    also_known_as: &["AwsSolutions-L1", "CKV_AWS_363", "lambda-function-settings-check"],
    look: runtime_alive,
};

/// The day from which AWS patches a runtime no more, as its list said in November 2026.
static LAST_DAYS: [(&str, &str); 36] = [
    ("dotnet10", "2028-11-14"),
    ("dotnet6", "2024-12-20"),
    ("dotnet8", "2026-11-10"),
    ("dotnet9", "2026-11-10"),
    ("dotnetcore3.1", "2023-04-03"),
    ("go1.x", "2024-01-08"),
    ("java11", "2027-06-30"),
    ("java17", "2027-06-30"),
    ("java21", "2029-06-30"),
    ("java25", "2029-06-30"),
    ("java8", "2024-01-08"),
    ("java8.al2", "2027-06-30"),
    ("nodejs12.x", "2023-03-31"),
    ("nodejs14.x", "2023-12-04"),
    ("nodejs16.x", "2024-06-12"),
    ("nodejs18.x", "2025-09-01"),
    ("nodejs20.x", "2026-04-30"),
    ("nodejs22.x", "2027-04-30"),
    ("nodejs24.x", "2028-04-30"),
    ("provided", "2024-01-08"),
    ("provided.al2", "2026-07-31"),
    ("provided.al2023", "2029-06-30"),
    ("python3.10", "2026-10-31"),
    ("python3.11", "2027-06-30"),
    ("python3.12", "2028-10-31"),
    ("python3.13", "2029-06-30"),
    ("python3.14", "2029-06-30"),
    ("python3.7", "2023-12-04"),
    ("python3.8", "2024-10-14"),
    ("python3.9", "2025-12-15"),
    ("ruby2.7", "2023-12-07"),
    ("ruby3.2", "2026-03-31"),
    ("ruby3.3", "2027-03-31"),
    ("ruby3.4", "2028-03-31"),
    ("ruby4.0", "2029-03-31"),
    ("nodejs10.x", "2021-07-30"),
];

fn runtime_alive(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    let Some(today) = &facts.today else { return };
    for function in wiring.functions() {
        // A container image brings its own runtime.
        let Some(runtime) = function.property("Runtime") else {
            continue;
        };
        let known = LAST_DAYS.iter().find(|(name, _)| runtime == name);
        match known {
            Some((name, last_day)) => looks.expect(
                today.as_str() < *last_day,
                function,
                "Runtime",
                format!("the runtime `{name}` is dead since {last_day}"),
            ),
            None => looks.unsure(
                function,
                "Runtime",
                format!("the runtime `{runtime}` is not in the list"),
            ),
        }
    }
}

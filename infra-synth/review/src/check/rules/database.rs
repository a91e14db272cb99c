use crate::check::Facts;
use crate::check::rule::{Looks, Rule, Severity};
use infra_synth_wiring::{Resource, Wiring};

pub(super) static CONNECTIONS_FIT: Rule = Rule {
    id: "connections-fit",
    severity: Severity::Error,
    title: "All functions at their most take no more connections than the database has for them",
    why: "A rush of appointments otherwise ends in `too many connections`, for everybody who uses the database",
    mend: "Lower `ScalingConfig.MaximumConcurrency`, or raise the stage's `database.connection_budget`",
    also_known_as: &[],
    look: connections_fit,
};

fn connections_fit(wiring: &Wiring<'_>, facts: &Facts, looks: &mut Looks) {
    let Some(database) = facts.database else { return };
    let functions = wiring.database_functions();
    let mut total = 0.0;
    for function in &functions {
        let limit = limit(wiring, *function);
        let path = "ReservedConcurrentExecutions";
        looks.expect(
            limit.is_some(),
            *function,
            path,
            "nothing limits how many of this function run at once",
        );
        total += limit.unwrap_or_default() * f64::from(database.per_function);
    }
    if let Some(first) = functions.first() {
        let what = format!(
            "the functions may hold {total} connections ({} each), and the budget is {}",
            database.per_function, database.budget,
        );
        looks.expect(total <= f64::from(database.budget), *first, "", what);
    }
}

/// How many of a function may run at once; `None` when anything but mappings with a limit calls it.
fn limit(wiring: &Wiring<'_>, function: Resource<'_>) -> Option<f64> {
    let reserved = function.number("ReservedConcurrentExecutions");
    let is_called = wiring.of("AWS::Lambda::Permission").any(|permission| {
        let target = permission
            .property("FunctionName")
            .and_then(|name| wiring.target(name));
        target.is_some_and(|found| found.id == function.id)
    });
    if is_called {
        return reserved;
    }
    let mappings = wiring.mappings();
    let own = mappings
        .iter()
        .filter(|mapping| mapping.function.id == function.id);
    let mapped: Option<f64> = own
        .map(|mapping| mapping.mapping.number("ScalingConfig.MaximumConcurrency"))
        .sum();
    match (mapped, reserved) {
        (Some(mapped), Some(reserved)) => Some(mapped.min(reserved)),
        (mapped, reserved) => mapped.or(reserved),
    }
}

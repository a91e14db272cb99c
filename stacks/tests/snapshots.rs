//! The golden templates: a change of the stack shows here, and `make golden` accepts it.

use std::path::Path;

use schedule_stacks::{StageSettings, appointment_stack};

#[test]
fn every_stage_is_the_template_that_was_accepted() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let stages = workspace.join("stacks/stages");
    insta::with_settings!({
        snapshot_path => workspace.join("snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for stage in StageSettings::stages_in(&stages) {
            let settings = StageSettings::load(&stages, &stage).unwrap();
            let template = appointment_stack(&settings).unwrap();
            insta::assert_snapshot!(stage, template.to_yaml());
        }
    });
}

#[test]
fn dev_and_prod_are_among_the_stages() {
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("stages");
    let found = StageSettings::stages_in(&stages);
    for stage in ["dev", "prod"] {
        assert!(found.iter().any(|found| found == stage), "{found:?}");
    }
}

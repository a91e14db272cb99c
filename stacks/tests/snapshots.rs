//! The golden templates: a change of the stack shows here, and `make golden` accepts it.

use std::path::Path;

use schedule_stacks::{StageSettings, appointment_stack};

#[test]
fn every_stage_is_the_template_that_was_accepted() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    insta::with_settings!({
        snapshot_path => workspace.join("snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for stage in ["dev", "prod"] {
            let settings = StageSettings::load(&workspace.join("stacks/stages"), stage).unwrap();
            let template = appointment_stack(&settings).unwrap();
            insta::assert_snapshot!(stage, template.to_yaml());
        }
    });
}

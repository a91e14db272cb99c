//! What a deployment refuses before it asks anybody.

use crate::process::{infra_synth, text};

#[test]
fn a_parameter_that_the_deployment_sets_itself_is_not_taken() {
    for name in ["AssetBucket", "GetAppointmentCode"] {
        let output = infra_synth(&["deploy", "--parameter", &format!("{name}=mine")])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let words = text(&output.stderr);
        assert!(
            words.contains(&format!("parameter `{name}` is set by the deployment itself")),
            "{words}"
        );
    }
}

use infra_synth_cfn::Template;
use infra_synth_review::check::{Facts, check, rules};
use serde_json::json;

use crate::system::{stage, standing, unjudged};

#[test]
fn every_stage_passes_and_knows_the_line_of_each_finding() {
    for name in ["dev", "prod"] {
        let (template, facts) = stage(name);
        let report = check(&template, &facts);
        assert!(!report.fails(), "stage `{name}`:\n{}", report.to_text());
        assert_eq!(standing(&report), [""; 0]);
        assert_eq!(unjudged(&report), [""; 0]);
        assert!(report.findings().iter().all(|finding| finding.source.is_some()));
    }
}

#[test]
fn a_rule_with_nothing_to_look_at_says_so_instead_of_passing() {
    let empty = Template::from_value(json!({"Resources": {}}));
    let report = check(&empty, &Facts::default());
    assert_eq!(report.kept().len(), 0);
    assert_eq!(report.idle().len(), rules().count());
    assert!(report.to_text().contains("Nothing to look at"));
}

#[test]
fn routes_are_asked_for_authorization_in_production_alone() {
    let (template, facts) = stage("dev");
    let idle = |facts: &Facts| {
        check(&template, facts)
            .idle()
            .iter()
            .any(|rule| rule.id == "authorized-routes")
    };
    assert!(idle(&facts));
    assert!(!idle(&Facts {
        production: true,
        ..facts.clone()
    }));
}

#[test]
fn every_rule_says_why_and_how_to_mend_under_an_id_of_its_own() {
    let mut ids: Vec<&str> = rules().map(|rule| rule.id).collect();
    for rule in rules() {
        assert!(
            rule.id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{}",
            rule.id
        );
        for text in [rule.title, rule.why, rule.mend] {
            assert!(text.len() > 20 && !text.ends_with('.'), "{}: {text}", rule.id);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules().count());
}

#[test]
fn the_page_of_rules_lists_each_of_them_as_it_is() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/check.md");
    let page = std::fs::read_to_string(page).unwrap();
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = rules()
        .map(|rule| {
            let others = match rule.also_known_as {
                [] => "none".to_owned(),
                ids => ids.join(", "),
            };
            format!(
                "| `{}` | {} | {} | {others} |",
                rule.id, rule.severity, rule.title
            )
        })
        .collect();
    assert_eq!(
        listed,
        expected,
        "the rows of docs/check.md should be:\n{}",
        expected.join("\n")
    );
}

use infra_synth_cfn::Template;
use infra_synth_review::diff::{self, Gate, OpenApi, Review, Verdict};

use crate::{Action, Change, Replacement};

/// What a change set loses and opens, of what a reviewer would not want to pass unseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// What the two templates differ in; `None` for a new stack, which takes nothing from anyone.
    pub review: Option<Review>,
    /// What is lost, with the reason and the source line; and what could not be judged.
    pub destructive: Vec<String>,
    /// What is opened.
    pub broadening: Vec<String>,
    /// What anyone who knows the URL can call afterwards, new or not.
    pub open: Vec<OpenApi>,
}

/// Judges a change: by the two templates, and by what CloudFormation, which knows the parameters' values too, will do.
pub fn assess(old: Option<&Template>, new: &Template, changes: &[Change]) -> Assessment {
    let review = old.map(|old| diff::compare(old, new));
    let mut destructive = Vec::new();
    let mut broadening = Vec::new();
    if let Some(review) = &review {
        destructive = Gate::Destructive
            .offence(review)
            .map(|offence| offence.reasons)
            .unwrap_or_default();
        broadening = review.reasons(Verdict::Broadening);
        for change in changes.iter().filter(|change| loses_data(change)) {
            let name = format!("{}: ", change.logical_id);
            if !destructive.iter().any(|reason| reason.starts_with(&name)) {
                let source = new
                    .source_of(&change.logical_id)
                    .map(|source| format!(" ({source})"))
                    .unwrap_or_default();
                destructive.push(format!("{name}{}{source}", fate(change)));
            }
        }
    }
    Assessment {
        review,
        destructive,
        broadening,
        open: diff::open_apis(new),
    }
}

fn loses_data(change: &Change) -> bool {
    let goes = change.action == Action::Remove || change.replacement != Replacement::No;
    goes && !change.is_retained && diff::holds_data(&change.resource_type)
}

fn fate(change: &Change) -> &'static str {
    match (change.action, change.replacement) {
        (Action::Remove, _) => "CloudFormation deletes it, with what is in it",
        (_, Replacement::Perhaps) => "CloudFormation may replace it by an empty one",
        _ => "CloudFormation replaces it by an empty one",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(action: Action, replacement: Replacement, is_retained: bool) -> Change {
        Change {
            action,
            logical_id: "Orders".to_owned(),
            physical_id: Some("orders".to_owned()),
            resource_type: "AWS::SQS::Queue".to_owned(),
            replacement,
            is_retained,
        }
    }

    fn template() -> Template {
        Template::from_value(json!({"Resources": {"Orders": {
            "Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Name"}},
        }}, "Parameters": {"Name": {"Type": "String"}}}))
    }

    #[track_caller]
    fn check(change: Change, expected: usize) {
        let same = template();
        assert_eq!(assess(Some(&same), &same, &[change]).destructive.len(), expected);
    }

    #[test]
    fn a_replacement_that_only_a_parameter_causes_is_destructive() {
        check(change(Action::Modify, Replacement::Yes, false), 1);
        check(change(Action::Modify, Replacement::Perhaps, false), 1);
    }

    #[test]
    fn what_stays_or_is_retained_is_not_destructive() {
        check(change(Action::Modify, Replacement::No, false), 0);
        check(change(Action::Remove, Replacement::No, true), 0);
    }

    #[test]
    fn what_the_review_tells_already_is_not_told_twice() {
        let empty = Template::from_value(json!({"Resources": {}}));
        let assessment = assess(
            Some(&template()),
            &empty,
            &[change(Action::Remove, Replacement::No, false)],
        );
        let about = assessment
            .destructive
            .iter()
            .filter(|reason| reason.starts_with("Orders: "))
            .count();
        assert!(about >= 1, "{:?}", assessment.destructive);
        assert!(
            !assessment
                .destructive
                .iter()
                .any(|reason| reason.contains("CloudFormation deletes"))
        );
    }

    #[test]
    fn a_new_stack_that_is_open_to_anyone_is_said_to_be() {
        let open = Template::from_value(json!({"Resources": {"Bills": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": "GET /bills"},
        }}}));
        let assessment = assess(None, &open, &[]);
        assert_eq!(assessment.open.len(), 1);
        assert_eq!(assessment.open[0].routes, ["GET /bills"]);
    }

    #[test]
    fn a_new_stack_takes_nothing_from_anyone() {
        let assessment = assess(None, &template(), &[change(Action::Add, Replacement::No, false)]);
        assert!(assessment.destructive.is_empty() && assessment.review.is_none());
    }
}

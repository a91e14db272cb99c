//! What AWS is going to do, and what it does, in words.

use infra_synth_deploy::{Action, Assessment, Change, Event, Replacement};
use infra_synth_review::diff;

/// Everything that a person should know before saying yes.
pub(super) fn plan(assessment: &Assessment, changes: &[Change]) -> String {
    let mut words = String::new();
    let review = assessment.review.as_ref().filter(|review| !review.is_empty());
    if let Some(review) = review {
        words.push_str(&diff::text(review, true));
        words.push('\n');
    }
    let open: Vec<String> = match review {
        // It has said so already.
        Some(_) => Vec::new(),
        None => assessment.open.iter().map(ToString::to_string).collect(),
    };
    words.push_str("What CloudFormation will do:\n");
    for change in changes {
        words.push_str(&format!("  {}\n", line(change)));
    }
    for (heading, reasons) in [
        ("This opens:", &assessment.broadening),
        ("This destroys, or may:", &assessment.destructive),
        ("Open to anyone:", &open),
    ] {
        if !reasons.is_empty() {
            words.push_str(&format!("{heading}\n"));
            for reason in reasons {
                words.push_str(&format!("  {reason}\n"));
            }
        }
    }
    words
}

fn line(change: &Change) -> String {
    let kept = if change.is_retained {
        ", and keeps the old one outside the stack"
    } else {
        ""
    };
    let (sign, verb) = match (change.action, change.replacement) {
        (Action::Add, _) => ("+", "creates"),
        (Action::Import, _) => ("<", "takes in, as it is,"),
        (Action::Remove, _) if change.is_retained => ("-", "lets go of, without deleting,"),
        (Action::Remove, _) => ("-", "deletes"),
        (Action::Modify, Replacement::Yes) => ("!", "replaces"),
        (Action::Modify, Replacement::Perhaps) => ("!", "may replace"),
        (Action::Modify, Replacement::No) => ("~", "changes"),
        (Action::Sync, _) => ("=", "finds changed already, and leaves,"),
        (Action::Other, _) => ("?", "decides while it runs what to do with"),
    };
    let kept = if change.action == Action::Modify { kept } else { "" };
    let name = change
        .physical_id
        .as_ref()
        .filter(|_| change.action != Action::Modify || change.replacement != Replacement::No)
        .map(|id| format!(", `{id}`"))
        .unwrap_or_default();
    format!(
        "{sign} {verb} {} ({}{name}){kept}",
        change.logical_id, change.resource_type
    )
}

/// One line of progress.
pub(super) fn event(event: &Event) -> String {
    match event {
        Event::Uploaded { key, bytes } => format!("uploaded {key} ({} KiB)", bytes.div_ceil(1024)),
        Event::Present { key } => format!("unchanged {key}"),
        Event::Unanswered { answer } => format!("no answer, asking again; the operation goes on ({answer})"),
        Event::Resource(event) => {
            let colour = if event.status.ends_with("_FAILED") {
                "\x1b[31m"
            } else if event.status.ends_with("_COMPLETE") {
                "\x1b[32m"
            } else {
                ""
            };
            let reason = event
                .reason
                .as_deref()
                .map(|reason| format!(": {reason}"))
                .unwrap_or_default();
            format!(
                "  {colour}{:<28}\x1b[0m {} ({}){}",
                event.status,
                event.logical_id,
                event.resource_type,
                // What AWS sends must not steer the terminal.
                reason.replace(char::is_control, " ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use infra_synth_cfn::Template;
    use infra_synth_deploy::assess;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(action: Action, replacement: Replacement, is_retained: bool, expected: &str) {
        let change = Change {
            action,
            logical_id: "Orders".to_owned(),
            physical_id: Some("orders".to_owned()),
            resource_type: "AWS::SQS::Queue".to_owned(),
            replacement,
            is_retained,
        };
        assert_eq!(line(&change), expected);
    }

    #[test]
    fn a_stack_that_is_open_to_anyone_is_said_to_be_once() {
        let route = |authorization: &str| {
            Template::from_value(json!({"Resources": {"Bills": {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": {"Ref": "Api"}, "RouteKey": "GET /bills", "AuthorizationType": authorization,
                },
            }}}))
        };
        let (open, closed) = (route("NONE"), route("AWS_IAM"));
        let says = |old, new| {
            let words = plan(&assess(old, new, &[]), &[]);
            words
                .matches("anyone who knows the URL can call GET /bills")
                .count()
        };
        assert_eq!(says(None, &open), 1);
        assert_eq!(says(Some(&open), &open), 1);
        assert_eq!(says(Some(&closed), &open), 1);
        assert_eq!(says(Some(&open), &closed), 0);
    }

    #[test]
    fn a_change_is_told_in_the_words_of_what_becomes_of_the_resource() {
        check(
            Action::Modify,
            Replacement::No,
            false,
            "~ changes Orders (AWS::SQS::Queue)",
        );
        check(
            Action::Modify,
            Replacement::Yes,
            false,
            "! replaces Orders (AWS::SQS::Queue, `orders`)",
        );
        check(
            Action::Modify,
            Replacement::Perhaps,
            true,
            "! may replace Orders (AWS::SQS::Queue, `orders`), and keeps the old one outside the stack",
        );
        check(
            Action::Remove,
            Replacement::No,
            false,
            "- deletes Orders (AWS::SQS::Queue, `orders`)",
        );
        check(
            Action::Remove,
            Replacement::No,
            true,
            "- lets go of, without deleting, Orders (AWS::SQS::Queue, `orders`)",
        );
    }
}

use std::fmt::Write;

use super::{declared, property, values, verdict_in_words};
use crate::diff::review::{Effect, Review, Turn, Verdict};

/// The review as a comment on a pull request: the verdict first, the details folded.
pub fn markdown(review: &Review) -> String {
    let mut out = format!("### Template review\n\n**{}**\n", verdict_in_words(review));
    for (verdict, title) in [
        (Verdict::Destructive, "Destructive"),
        (Verdict::Broadening, "Broadening"),
        (Verdict::Unjudged, "Could not be judged, and counts as not safe"),
    ] {
        let reasons = review.reasons(verdict);
        if !reasons.is_empty() {
            let _ = writeln!(out, "\n{title}:\n");
            for reason in reasons {
                let _ = writeln!(out, "- {}", escaped(&reason));
            }
        }
    }
    if !review.open.is_empty() {
        out.push_str("\nOpen to anyone:\n\n");
    }
    for api in &review.open {
        let _ = writeln!(out, "- {}", escaped(&api.to_string()));
    }
    if let Some(cost) = &review.cost {
        let _ = writeln!(out, "\nCost: {cost}");
    }
    access(&mut out, review);
    resources(&mut out, review);
    if !review.sections.is_empty() {
        fold(
            &mut out,
            &format!("Template ({})", review.sections.len()),
            |out| {
                for section in &review.sections {
                    let text = format!(
                        "{}: {}",
                        section.path,
                        values(section.old.as_ref(), section.new.as_ref())
                    );
                    let _ = writeln!(out, "- {}", escaped(&text));
                }
            },
        );
    }
    out
}

fn access(out: &mut String, review: &Review) {
    if review.access.is_empty() {
        return;
    }
    let begins = review
        .access
        .iter()
        .filter(|access| access.turn == Turn::Possible)
        .count();
    let title = format!("Access: {begins} begin, {} end", review.access.len() - begins);
    fold(out, &title, |out| {
        out.push_str("| | who | does what | on what | when | declared by |\n|---|---|---|---|---|---|\n");
        for access in &review.access {
            let sign = if access.turn == Turn::Possible { "+" } else { "−" };
            let declared = match &access.source {
                Some(source) => format!("{} ({source})", access.logical_id),
                None => access.logical_id.clone(),
            };
            let cells = [
                sign,
                &access.principal,
                &access.action,
                &access.resource,
                access.condition.as_deref().unwrap_or(""),
                &declared,
            ];
            let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    });
}

fn resources(out: &mut String, review: &Review) {
    if review.resources.is_empty() {
        return;
    }
    fold(out, &format!("Resources ({})", review.resources.len()), |out| {
        for resource in &review.resources {
            let forced = match resource.forced_by.as_slice() {
                [] => String::new(),
                names => format!(" forced by {}", names.join(", ")),
            };
            let source = declared(review, resource).map(|source| format!(", {}", escaped(source)));
            let _ = writeln!(
                out,
                "- **{}** ({}): {}{forced}{}",
                escaped(&resource.logical_id),
                escaped(&resource.resource_type),
                resource.effect,
                source.unwrap_or_default()
            );
            if resource.effect != Effect::Creation {
                for change in &resource.properties {
                    let _ = writeln!(out, "  - {}", escaped(&property(change)));
                }
            }
            for finding in &resource.findings {
                let _ = writeln!(out, "  - *{}*: {}", finding.verdict, escaped(&finding.reason));
            }
        }
    });
}

fn fold(out: &mut String, title: &str, body: impl FnOnce(&mut String)) {
    let _ = write!(out, "\n<details><summary>{title}</summary>\n\n");
    body(out);
    out.push_str("\n</details>\n");
}

/// Text from a template, so that it neither formats nor mentions nor breaks a table.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => out.extend(['\\', character]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A mention would call people.
            '@' => out.push_str("&#64;"),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out
}

use std::fmt::Write;

use super::{declared, property, values, verdict_in_words, worst};
use crate::diff::review::{Effect, Review, Turn, Verdict};

/// The review for a terminal; `colour`: with ANSI escapes.
pub fn text(review: &Review, colour: bool) -> String {
    let mut out = Paper {
        out: String::new(),
        colour,
    };
    out.line(
        0,
        style_of(worst(review).first().copied().unwrap_or(Verdict::Harmless)),
        &verdict_in_words(review),
    );
    if !review.access.is_empty() {
        out.heading("Access");
        for access in &review.access {
            let sign = if access.turn == Turn::Possible { "+" } else { "-" };
            out.line(1, style_of(access.verdict), &format!("{sign} {}", access.reason));
            out.line(3, DIM, &place(&access.logical_id, access.source.as_deref()));
        }
    }
    if !review.resources.is_empty() {
        out.heading("Resources");
    }
    for resource in &review.resources {
        let sign = match resource.effect {
            Effect::Creation => "+",
            Effect::Deletion => "-",
            Effect::Replacement => "!",
            Effect::NoInterruption | Effect::SomeInterruption | Effect::Unknown => "~",
        };
        let forced = match resource.forced_by.as_slice() {
            [] => String::new(),
            names => format!(" forced by {}", names.join(", ")),
        };
        out.line(
            1,
            BOLD,
            &format!(
                "{sign} {} ({}): {}{forced}",
                resource.logical_id, resource.resource_type, resource.effect
            ),
        );
        if let Some(declared) = declared(review, resource) {
            out.line(3, DIM, declared);
        }
        if resource.effect != Effect::Creation {
            for change in &resource.properties {
                out.line(3, "", &property(change));
            }
        }
        for finding in &resource.findings {
            out.line(
                3,
                style_of(finding.verdict),
                &format!("{}: {}", finding.verdict, finding.reason),
            );
        }
    }
    if !review.sections.is_empty() {
        out.heading("Template");
    }
    for section in &review.sections {
        out.line(
            1,
            "",
            &format!(
                "{}: {}",
                section.path,
                values(section.old.as_ref(), section.new.as_ref())
            ),
        );
        for finding in &section.findings {
            out.line(
                3,
                style_of(finding.verdict),
                &format!("{}: {}", finding.verdict, finding.reason),
            );
        }
    }
    if !review.open.is_empty() {
        out.heading("Open to anyone");
    }
    for api in &review.open {
        out.line(1, style_of(Verdict::Broadening), &api.to_string());
    }
    if let Some(cost) = &review.cost {
        out.heading("Cost");
        out.line(1, "", &cost.to_string());
    }
    out.out
}

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";

fn style_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Destructive => "\x1b[1;31m",
        Verdict::Broadening => "\x1b[31m",
        Verdict::Unjudged => "\x1b[33m",
        Verdict::Narrowing => "\x1b[36m",
        Verdict::Harmless => "\x1b[32m",
    }
}

fn place(logical_id: &str, source: Option<&str>) -> String {
    source.map_or_else(
        || format!("in {logical_id}"),
        |source| format!("in {logical_id}, {source}"),
    )
}

struct Paper {
    out: String,
    colour: bool,
}

impl Paper {
    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        self.line(0, BOLD, text);
    }

    fn line(&mut self, indent: usize, style: &str, text: &str) {
        // What comes from a template must not steer the terminal.
        let text: String = text.chars().filter(|character| !character.is_control()).collect();
        let (style, end) = if self.colour && !style.is_empty() {
            (style, "\x1b[0m")
        } else {
            ("", "")
        };
        let _ = writeln!(self.out, "{:indent$}{style}{text}{end}", "", indent = indent * 2);
    }
}

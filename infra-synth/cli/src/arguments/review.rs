//! What can be asked of one template.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// How the findings are written
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// Check this template (YAML or JSON) instead of the stage's; what no template says (messages that are
    /// published, connections, whether it is production) is then taken from the stage only if --stage is given
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For a person
    Text,
    /// For a machine
    Json,
    /// For code scanning: SARIF 2.1.0
    Sarif,
}

#[derive(Debug, Args)]
pub(crate) struct CostArguments {
    /// Appointments made in a month; 10k, 1M and 2.5M are numbers too
    #[arg(long, default_value = "1M", value_name = "COUNT", value_parser = count)]
    pub(crate) requests: f64,
    /// How the estimate is written
    #[arg(long, value_enum, default_value_t = CostFormat::Text)]
    pub(crate) format: CostFormat,
    /// Estimate this template (YAML or JSON) instead of the stage's
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CostFormat {
    /// For a person
    Text,
    /// For a machine
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct GraphArguments {
    /// The picture's notation
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub(crate) format: GraphFormat,
    /// Draw this template (YAML or JSON) instead of the stage's
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// For a page on GitHub
    Mermaid,
    /// For Graphviz
    Dot,
}

/// A number, with `k` for thousands or `M` for millions.
fn count(text: &str) -> Result<f64, String> {
    let (digits, factor) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1e3),
        None => text
            .strip_suffix(['m', 'M'])
            .map_or((text, 1.0), |digits| (digits, 1e6)),
    };
    let number: Option<f64> = digits.parse().ok();
    match number.filter(|number| number.is_finite() && *number >= 0.0) {
        Some(number) => Ok(number * factor),
        None => Err("expected a count such as 250000, 10k or 1M".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_may_be_in_thousands_or_millions() {
        for (text, expected) in [
            ("250000", 250_000.0),
            ("10k", 10_000.0),
            ("1M", 1e6),
            ("2.5M", 2.5e6),
            ("0", 0.0),
        ] {
            assert_eq!(count(text), Ok(expected), "{text}");
        }
        for text in ["", "M", "1G", "-1", "inf", "NaN"] {
            assert!(count(text).is_err(), "{text}");
        }
    }
}

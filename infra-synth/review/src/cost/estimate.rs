use super::{Difference, Usage, difference, json, text};

/// What a template costs a month, line by line.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    pub(super) usage: Usage,
    pub(super) lines: Vec<Line>,
    pub(super) unpriced: Vec<(String, String)>,
}

/// One thing that is paid for.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The service on the bill.
    pub service: &'static str,
    /// The resource, by its logical id.
    pub logical_id: String,
    /// What is counted, in the plural: `requests`.
    pub what: &'static str,
    /// How many a month.
    pub amount: f64,
    /// US dollars a month.
    pub usd: f64,
    /// Whether it is paid for even when nobody uses the system.
    pub fixed: bool,
}

/// All lines of one service.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceTotal {
    /// The service on the bill.
    pub service: &'static str,
    /// US dollars a month, whatever the load.
    pub fixed: f64,
    /// US dollars a month at this load, on top.
    pub in_use: f64,
}

impl Estimate {
    /// Every line, in the order of the template.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Resources whose price is not known here, by logical id and type: the estimate is too low by what they cost.
    pub fn unpriced(&self) -> &[(String, String)] {
        &self.unpriced
    }

    /// What was assumed, one sentence each.
    pub fn assumptions(&self) -> Vec<String> {
        self.usage.assumptions()
    }

    /// The services in the order of their names.
    pub fn services(&self) -> Vec<ServiceTotal> {
        let mut totals: Vec<ServiceTotal> = Vec::new();
        for line in &self.lines {
            let position = totals.iter().position(|total| total.service == line.service);
            let position = position.unwrap_or_else(|| {
                totals.push(ServiceTotal {
                    service: line.service,
                    fixed: 0.0,
                    in_use: 0.0,
                });
                totals.len() - 1
            });
            let total = &mut totals[position];
            *(if line.fixed {
                &mut total.fixed
            } else {
                &mut total.in_use
            }) += line.usd;
        }
        totals.sort_by_key(|total| total.service);
        totals
    }

    /// US dollars a month when nobody uses the system.
    pub fn fixed(&self) -> f64 {
        self.lines
            .iter()
            .filter(|line| line.fixed)
            .map(|line| line.usd)
            .fold(0.0, |sum, usd| sum + usd)
    }

    /// US dollars a month at the estimate's load, on top of the fixed ones.
    pub fn in_use(&self) -> f64 {
        self.lines
            .iter()
            .filter(|line| !line.fixed)
            .map(|line| line.usd)
            .fold(0.0, |sum, usd| sum + usd)
    }

    /// US dollars for a million appointments, beside the fixed ones.
    pub fn per_million(&self) -> f64 {
        self.scaled_to_million(self.in_use())
    }

    /// What changes on the bill from this estimate to another one.
    pub fn difference(&self, other: &Self) -> Difference {
        difference::between(self, other)
    }

    /// For a person: a table of services, what was assumed, and what is not in it. The day, as `YYYY-MM-DD`, tells
    /// whether the prices are old.
    pub fn to_text(&self, today: &str) -> String {
        text::render(self, today)
    }

    /// For a machine: `version` 1; a later version adds fields and removes none.
    pub fn to_json(&self, today: &str) -> String {
        format!("{:#}\n", json::render(self, today))
    }

    pub(super) fn scaled_to_million(&self, usd: f64) -> f64 {
        if self.usage.appointments > 0.0 {
            usd / self.usage.appointments * 1e6
        } else {
            0.0
        }
    }
}

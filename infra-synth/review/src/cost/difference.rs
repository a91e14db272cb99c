use std::fmt;

use super::Estimate;

/// What changes on the bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The services whose cost changes, in the order of their names.
    pub services: Vec<ServiceDifference>,
}

/// What changes for one service, in US dollars a month at the estimates' load.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceDifference {
    /// The service on the bill.
    pub service: &'static str,
    /// Before, fixed and in use together.
    pub before: f64,
    /// After.
    pub after: f64,
}

/// Below a cent a month nothing changes that anybody would notice.
const LEAST: f64 = 0.01;

pub(super) fn between(before: &Estimate, after: &Estimate) -> Difference {
    let (old, new) = (before.services(), after.services());
    let mut names: Vec<&'static str> = old.iter().chain(&new).map(|total| total.service).collect();
    names.sort_unstable();
    names.dedup();
    let cost = |totals: &[super::ServiceTotal], name: &str| -> f64 {
        totals
            .iter()
            .filter(|total| total.service == name)
            .map(|total| total.fixed + total.in_use)
            // Not `sum`, which is minus nothing where there is nothing to add.
            .fold(0.0, |sum, usd| sum + usd)
    };
    let all = names.into_iter().map(|service| ServiceDifference {
        service,
        before: cost(&old, service),
        after: cost(&new, service),
    });
    Difference {
        services: all.filter(|one| one.change().abs() >= LEAST).collect(),
    }
}

impl Difference {
    /// Whether the bill stays as it is, to the cent.
    pub fn is_empty(&self) -> bool {
        self.services.is_empty()
    }

    /// US dollars a month more, or, if negative, less.
    pub fn change(&self) -> f64 {
        self.services.iter().map(ServiceDifference::change).sum()
    }
}

impl ServiceDifference {
    /// US dollars a month more, or, if negative, less.
    pub fn change(&self) -> f64 {
        self.after - self.before
    }
}

/// `+3.10 USD a month: SQS +3.10`, or that nothing changes.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("the cost stays the same");
        }
        write!(f, "{:+.2} USD a month: ", self.change())?;
        for (position, one) in self.services.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}{} {:+.2}", one.service, one.change())?;
        }
        Ok(())
    }
}

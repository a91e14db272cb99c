//! What a template costs at a given load, from AWS's list prices.
//!
//! [`estimate()`] follows the wires: a route calls a function, whose role says which calls it makes, whose messages feed
//! queues, whose functions make calls in turn. What no template says (how large an item is, how long a function runs)
//! is [`Usage`], and every estimate repeats it. Free tiers, volume discounts and taxes are left out.
//!
//! ```
//! use infra_synth_cfn::{Stack, resources::Topic};
//! use infra_synth_review::cost::{Usage, estimate};
//!
//! let mut stack = Stack::new("orders");
//! stack.add("Orders", Topic::default());
//! let usage = Usage { appointments: 50_000.0, ..Usage::default() };
//! let estimate = estimate(&stack.synth().unwrap(), &usage);
//! // Nothing publishes to the topic, and a topic alone costs nothing.
//! assert!(estimate.lines().is_empty() && estimate.unpriced().is_empty());
//! ```

mod charges;
mod difference;
mod estimate;
mod flow;
mod json;
mod prices;
mod text;
mod usage;

use infra_synth_cfn::Template;

pub use difference::{Difference, ServiceDifference};
pub use estimate::{Estimate, Line, ServiceTotal};
pub use prices::{list_date, list_is_old, list_region};
pub use usage::Usage;

use infra_synth_wiring::Wiring;

/// What the template costs a month at this usage.
pub fn estimate(template: &Template, usage: &Usage) -> Estimate {
    let wiring = Wiring::new(template);
    let flow = flow::follow(&wiring, usage);
    charges::charge(&wiring, usage, &flow)
}

//! The architecture as it is in a template, as a picture: Mermaid for a page, DOT for Graphviz.
//!
//! What is drawn is what the template wires: routes to functions, calls that roles allow, subscriptions with their
//! filters, rules with their patterns, queues with their dead letters, and what is inside the VPC. The database is not
//! in the template and is drawn because functions sign in to it. The same template gives the same text.
//!
//! ```
//! use infra_synth_cfn::{Stack, resources::{Queue, Subscription, Topic}};
//! use infra_synth_review::graph::mermaid;
//!
//! let mut stack = Stack::new("orders");
//! let orders = stack.add("Orders", Topic::default());
//! let billing = stack.add("Billing", Queue::default());
//! stack.add("OrdersToBilling", Subscription::to_queue(orders.arn(), billing.arn()));
//! let picture = mermaid(&stack.synth().unwrap());
//! assert!(picture.contains(r#"Orders -->|"every message"| Billing"#));
//! ```

mod dot;
mod drawing;
mod labels;
mod mermaid;
mod routes;
mod tracing;

use infra_synth_cfn::Template;

use infra_synth_wiring::Wiring;

/// The template as a Mermaid flowchart (<https://mermaid.js.org/syntax/flowchart.html>), which GitHub draws.
pub fn mermaid(template: &Template) -> String {
    mermaid::render(&tracing::trace(&Wiring::new(template)))
}

/// The template as a Graphviz digraph (<https://graphviz.org/doc/info/lang.html>).
pub fn dot(template: &Template) -> String {
    dot::render(&tracing::trace(&Wiring::new(template)))
}

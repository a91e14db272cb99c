//! CloudFormation as Rust values: a stack is a list of typed resources, and a template is what comes of it.
//!
//! Three layers, each usable without the next:
//!
//! - [`Value`]: a literal or an intrinsic (`Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`), typed by what it
//!   names ([`kind`]). A topic's ARN does not compile where a queue's is wanted.
//! - [`resources`]: one plain struct a resource type, serialized to exactly what CloudFormation reads.
//! - [`constructs`]: what a careful engineer adds around a resource (dead letters, least permission, TLS only).
//!
//! [`Stack::add`] remembers the source line of each declaration, and [`Stack::synth`] checks every reference,
//! so that a mistake is reported where it was written and before anything is deployed. Nothing here does I/O,
//! and the same stack gives the same bytes.
//!
//! ```
//! use infra_synth_cfn::{Stack, resources::{Queue, Subscription, Topic}};
//!
//! let mut stack = Stack::new("orders");
//! let orders = stack.add("Orders", Topic::default());
//! let billing = stack.add("Billing", Queue { queue_name: Some("billing".into()), ..Queue::default() });
//! stack.add("OrdersToBilling", Subscription::to_queue(orders.arn(), billing.arn()));
//! stack.output("BillingUrl", "Where billing reads", &billing.url().text());
//!
//! let template = stack.synth().unwrap();
//! assert!(template.to_yaml().contains("Type: AWS::SNS::Subscription"));
//! assert!(template.source_of("Billing").is_some());
//! ```
#![warn(missing_docs)]

pub mod constructs;
mod error;
mod exception;
mod handle;
pub mod kind;
pub mod policy;
mod references;
pub mod resources;
mod source;
mod stack;
mod template;
mod units;
mod value;

pub use error::{Fault, SynthError};
pub use exception::Exception;
pub use handle::Handle;
pub use source::SourceLine;
pub use stack::{Attributes, DeletionPolicy, Parameter, Resource, Stack};
pub use template::Template;
pub use units::{Mebibytes, RetentionDays, Seconds};
pub use value::Value;

//! Resources together with the practice around them.
//!
//! Each construct writes plain [`resources`](crate::resources), visible in the template as such; none keeps
//! anything back. The functions that declare resources are `#[track_caller]`: the line named is the caller's.

mod function;
mod grants;
mod metrics;
mod queue;
mod route;
mod topic;

pub use function::{FunctionSettings, LambdaFunction};
pub use queue::{Sender, WorkQueue, WorkQueueSettings};
pub use route::{ApiFunction, DeclaredRoute};

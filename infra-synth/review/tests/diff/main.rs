//! What a review says of a change, as an expert would.

mod broadening;
mod edit;
mod foreign;
mod formats;
mod peers;
mod single_changes;

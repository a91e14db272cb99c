use serde::Serialize;

use crate::diff::gate::Offence;
use crate::diff::review::{Review, Verdict};

/// The version of what [`json`] writes: another one means that a field was renamed, removed or given another meaning.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    verdicts: Vec<Verdict>,
    offences: &'a [Offence],
    #[serde(flatten)]
    review: &'a Review,
}

/// The review for a machine, as `docs/diff-json.md` describes it, with the gates that do not hold.
///
/// # Errors
///
/// None that is known: every field is text, a list or a map of these.
pub fn json(review: &Review, offences: &[Offence]) -> Result<String, serde_json::Error> {
    let verdicts = review.verdicts().into_iter().collect();
    let document = Document {
        version: SCHEMA_VERSION,
        verdicts,
        offences,
        review,
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

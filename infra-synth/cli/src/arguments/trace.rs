use std::path::PathBuf;

use clap::Args;

use super::ListFormat;

#[derive(Debug, Args)]
#[command(
    after_help = "The times of the steps are those of the latest 250,000 steps since `infra-synth local` was started; \
    where an appointment stands is always known. No health data is shown.\n\n\
    Of a deployed stage, infra-synth logs shows the lines with the id."
)]
pub(crate) struct TraceArguments {
    /// The appointment's id, or the `x-request-id` of the answer that accepted it
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The data folder of the `infra-synth local` that runs
    #[arg(long, value_name = "DIR", default_value = super::DATA_FOLDER)]
    pub(crate) data_dir: PathBuf,
    /// How the way is written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::output;

pub(crate) fn run(shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "infra-synth", &mut script);
    output::data(&String::from_utf8_lossy(&script))
}

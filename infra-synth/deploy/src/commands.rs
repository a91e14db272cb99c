use std::borrow::Cow;

use crate::ASSET_STACK;

/// The options of the command that runs, as the commands that messages suggest repeat them: without them these would mean
/// another stack.
#[derive(Debug, Clone, Default)]
pub struct SuggestedOptions {
    /// Which account and region, such as `--region` and `sa-east-1`.
    pub account: Vec<(&'static str, String)>,
    /// Which stage.
    pub stage: Vec<(&'static str, String)>,
}

/// The commands that concern one stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackCommands {
    /// Makes the stack, or changes it.
    pub deploy: String,
    /// The options of any other command.
    pub selection: String,
    /// The options of a command of the AWS CLI.
    pub aws_selection: String,
}

impl SuggestedOptions {
    pub(crate) fn commands(&self, stack: &str) -> StackCommands {
        let name = ("--stack-name", stack.to_owned());
        let written = |options: &[&(&str, String)]| {
            let words = options
                .iter()
                .map(|(option, value)| format!("{option} {}", quoted(value)));
            words.collect::<Vec<_>>().join(" ")
        };
        let account: Vec<_> = self.account.iter().collect();
        // Account, region and endpoint are chosen by the same options there.
        let aws_selection = written(&[&[&name], &account[..]].concat());
        if stack == ASSET_STACK {
            return StackCommands {
                deploy: format!("infra-synth bootstrap {}", written(&account))
                    .trim_end()
                    .to_owned(),
                selection: aws_selection.clone(),
                aws_selection,
            };
        }
        let stage: Vec<_> = self.stage.iter().collect();
        let selection = written(&[&[&name], &stage[..], &account[..]].concat());
        StackCommands {
            deploy: format!("infra-synth deploy {selection}"),
            selection,
            aws_selection,
        }
    }
}

/// As one word of a shell.
fn quoted(value: &str) -> Cow<'_, str> {
    // What has a NUL in it was no argument of this program either.
    shlex::try_quote(value).unwrap_or(Cow::Borrowed(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(stack: &str) -> StackCommands {
        let options = SuggestedOptions {
            account: vec![("--region", "sa-east-1".to_owned())],
            stage: vec![
                ("--stage", "prod".to_owned()),
                ("--stages", "my stages".to_owned()),
            ],
        };
        options.commands(stack)
    }

    #[test]
    fn a_stack_is_deployed_with_the_options_that_mean_it() {
        let commands = commands("appointment-prod");
        let selection = "--stack-name appointment-prod --stage prod --stages 'my stages' --region sa-east-1";
        assert_eq!(commands.deploy, format!("infra-synth deploy {selection}"));
        assert_eq!(commands.selection, selection);
        assert_eq!(
            commands.aws_selection,
            "--stack-name appointment-prod --region sa-east-1"
        );
    }

    #[test]
    fn the_asset_buckets_stack_is_made_by_bootstrap_and_is_of_no_stage() {
        let commands = commands(ASSET_STACK);
        assert_eq!(commands.deploy, "infra-synth bootstrap --region sa-east-1");
        let selection = format!("--stack-name {ASSET_STACK} --region sa-east-1");
        assert_eq!(commands.selection, selection);
        let plain = SuggestedOptions::default().commands(ASSET_STACK);
        assert_eq!(plain.deploy, "infra-synth bootstrap");
    }
}

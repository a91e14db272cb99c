use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

use super::Ended;

/// A command that runs still.
pub(crate) struct Started {
    process: Child,
    data: Receiver<String>,
    notes: Receiver<String>,
}

impl Started {
    pub(super) fn once_it_says(command: &mut Command, words: &str) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (data, notes) = (
            lines(process.stdout.take().unwrap()),
            lines(process.stderr.take().unwrap()),
        );
        let started = Self { process, data, notes };
        let said = started.notes.iter().any(|line| line.contains(words));
        assert!(said, "it ended without saying `{words}`");
        started
    }

    /// Waits for a line of data with these words.
    #[track_caller]
    pub(crate) fn tells(&self, words: &str) {
        let told = self.data.iter().find(|line| line.contains(words));
        assert!(told.is_some(), "it ended without telling `{words}`");
    }

    /// Presses Ctrl-C, and waits for the end.
    pub(crate) fn interrupted(mut self) -> Ended {
        let id = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap()
                .success()
        );
        let status = self.process.wait().unwrap();
        let text = |lines: &Receiver<String>| lines.iter().map(|line| line + "\n").collect();
        Ended {
            code: status.code().unwrap(),
            data: text(&self.data),
            notes: text(&self.notes),
        }
    }
}

/// The lines of a pipe, read as they come, so that it never fills.
fn lines(pipe: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        BufReader::new(pipe)
            .lines()
            .map_while(Result::ok)
            .try_for_each(|line| sender.send(line))
    });
    receiver
}

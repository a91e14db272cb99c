use std::fmt;

use crate::SourceLine;

/// Why a stack is not a template: every fault found, in the order of declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynthError {
    faults: Vec<Fault>,
}

impl SynthError {
    /// What is wrong; never empty.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    pub(crate) fn new(faults: Vec<Fault>) -> Self {
        Self { faults }
    }
}

impl fmt::Display for SynthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.faults.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SynthError {}

/// One thing that is wrong with a stack, with the line that said it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Two declarations under one name. Parameters and resources share their names; outputs have their own.
    #[error("{second}: `{id}` is already declared at {first}; give one of the two another logical id")]
    Duplicate {
        /// The name that stands twice.
        id: String,
        /// Where it was declared first.
        first: SourceLine,
        /// Where it was declared again.
        second: SourceLine,
    },
    /// A name that CloudFormation would refuse.
    #[error("{at}: `{id}` is no logical id; use 1 to 255 letters and digits, and nothing else")]
    BadLogicalId {
        /// The name.
        id: String,
        /// Where it was declared.
        at: SourceLine,
    },
    /// A reference to something that the stack does not declare.
    #[error(
        "{at}: `{id}` refers to `{target}` in `{path}`, but the stack declares no such parameter or resource"
    )]
    UnknownReference {
        /// What refers.
        id: String,
        /// Where in it, as property names joined by dots.
        path: String,
        /// What it refers to.
        target: String,
        /// Where the referring resource or output was declared.
        at: SourceLine,
    },
    /// Resources that each need another of them first, so that none can be created.
    #[error("{at}: a circle of references, {}; build one of these ARNs from its name instead", circle(.ids))]
    Circle {
        /// The resources, each referring to the next and the last to the first.
        ids: Vec<String>,
        /// Where the first of them was declared.
        at: SourceLine,
    },
}

fn circle(ids: &[String]) -> String {
    ids.iter()
        .chain(ids.first())
        .map(|id| format!("`{id}`"))
        .collect::<Vec<_>>()
        .join(" → ")
}

use crate::{Operation, StackStatus};

/// Who is told what happens while it happens.
///
/// The library prints nothing; a closure over [`Event`]s is a `Report`.
pub trait Report: Send {
    /// Takes one event.
    fn report(&mut self, event: Event);
}

impl<F: FnMut(Event) + Send> Report for F {
    fn report(&mut self, event: Event) {
        self(event);
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An object was put into the asset bucket.
    Uploaded {
        /// Its key.
        key: String,
        /// Its size.
        bytes: usize,
    },
    /// An object was there already, with the same content.
    Present {
        /// Its key.
        key: String,
    },
    /// CloudFormation did something to a resource, or the stack itself.
    Resource(ResourceEvent),
    /// AWS did not answer while a running operation was watched; the operation goes on, and so does the watching.
    Unanswered {
        /// What was said.
        answer: String,
    },
}

/// One line of a stack's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceEvent {
    /// The event's own identifier.
    pub id: String,
    /// When, as RFC 3339 in UTC.
    pub at: String,
    /// The resource's name in the template, or the stack's.
    pub logical_id: String,
    /// The resource's name in the account.
    pub physical_id: Option<String>,
    /// Its type; `AWS::CloudFormation::Stack` for the stack itself.
    pub resource_type: String,
    /// Its status, such as `CREATE_FAILED`.
    pub status: String,
    /// What AWS says about it, in full.
    pub reason: Option<String>,
}

impl ResourceEvent {
    /// The stack's own status, if this is about the stack and not a resource in it.
    pub fn stack_status(&self) -> Option<StackStatus> {
        let about_stack = self.resource_type == "AWS::CloudFormation::Stack";
        // A nested stack is a resource too.
        (about_stack
            && self
                .physical_id
                .as_deref()
                .is_some_and(|id| id.contains(&format!("/{}/", self.logical_id))))
        .then(|| self.status.parse().unwrap_or_else(|never| match never {}))
    }

    /// Whether it says that someone began an operation on the stack itself.
    pub fn begins_operation(&self) -> bool {
        let asked_for = self
            .reason
            .as_deref()
            .is_some_and(|reason| reason.eq_ignore_ascii_case("user initiated"));
        match self.stack_status() {
            Some(StackStatus::Running(
                Operation::Creation | Operation::Update | Operation::Deletion | Operation::Import,
            )) => true,
            // It follows a failure, unless someone goes on with one that has stopped.
            Some(StackStatus::Running(Operation::UpdateUndoing)) => asked_for,
            _ => false,
        }
    }

    /// Whether it failed on its own account, and not because something else did.
    pub fn is_cause(&self) -> bool {
        let follows = self.reason.as_deref().is_some_and(|reason| {
            let reason = reason.to_ascii_lowercase();
            reason.starts_with("resource ") && reason.contains(" cancelled")
        });
        self.status.ends_with("_FAILED") && !follows
    }
}

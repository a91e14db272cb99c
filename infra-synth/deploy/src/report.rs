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

/// The type of a stack, in the events about it.
pub(crate) const STACK_TYPE: &str = "AWS::CloudFormation::Stack";

impl ResourceEvent {
    /// The stack's own status, if this is about the stack and not a resource in it.
    pub fn stack_status(&self) -> Option<StackStatus> {
        let about_stack = self.resource_type == STACK_TYPE;
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
        const FOLLOWS: [&str; 3] = [
            "Resource creation cancelled",
            "Resource update cancelled",
            "Resource deletion cancelled",
        ];
        let reason = self.reason.as_deref().unwrap_or_default();
        let follows = FOLLOWS.iter().any(|follows| reason.eq_ignore_ascii_case(follows));
        self.status.ends_with("_FAILED") && !follows
    }

    /// Whether it says something of the stack as a whole, beyond that somebody wanted it: an output that another stack
    /// imports fails no resource.
    pub(crate) fn is_said_of_stack(&self) -> bool {
        let tells = self
            .reason
            .as_deref()
            .is_some_and(|reason| !reason.eq_ignore_ascii_case("user initiated"));
        tells && self.stack_status().is_some()
    }
}

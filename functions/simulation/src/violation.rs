use schedule_core::{AppointmentId, Country};

/// What must never be, and was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// An appointment is completed that its country does not have.
    #[error("`{0}` is COMPLETED without a row")]
    CompletedWithoutRow(AppointmentId),
    /// A country has an appointment twice.
    #[error("`{0}` has two rows in {1}")]
    TwoRows(AppointmentId, Country),
    /// A country has an appointment that is another's, or nobody's.
    #[error("`{0}` has a row in {1} that belongs to no appointment of that country")]
    StrayRow(AppointmentId, Country),
    /// A row says something else than the appointment.
    #[error("the row of `{0}` is not the appointment that was accepted")]
    OtherRow(AppointmentId),
    /// A completed appointment was written again.
    #[error("`{0}` was COMPLETED, and was changed again")]
    CompletedTwice(AppointmentId),
    /// An appointment is not in the table any more.
    #[error("`{0}` disappeared from the table")]
    Disappeared(AppointmentId),
    /// Two runs announced the same appointment at once.
    #[error("`{0}` was announced again by two runs within {1} ms")]
    AnnouncedTwice(AppointmentId, i64),
    /// A queue forgot a message whose work was not done.
    #[error("message {0} was deleted from `{1}`, but its work was not done")]
    DeletedUndone(u64, &'static str),
    /// A message failed although nothing went wrong.
    #[error("message {0} of `{1}` failed without a fault")]
    FailedWithoutFault(u64, &'static str),
    /// A message is a dead letter although its deliveries did not all meet a fault.
    #[error("message {0} is a dead letter of `{1}`, and no fault explains it")]
    UnexplainedDeadLetter(u64, &'static str),
    /// What cannot be processed is not where somebody is told of it.
    #[error("poison {0} does not lie whole and once in the dead-letter queue of `{1}`")]
    PoisonLost(u64, &'static str),
    /// An answer that the API does not give to this request.
    #[error("client {0} got {1}: {2}")]
    Answer(usize, u16, &'static str),
    /// A function that a client waits for did not answer in its time.
    #[error("{0} was ended at its timeout, and its client was not answered")]
    EndedUnanswered(&'static str),
    /// The key of a request stands for more than one appointment.
    #[error("client {0} has {1} appointments for one key")]
    KeyNotOnce(usize, usize),
    /// A client that has a key was never answered.
    #[error("client {0} tried until long after the faults, and was never answered 201")]
    NeverAnswered(usize),
    /// What was accepted is not completed.
    #[error("`{0}` was accepted, and is not COMPLETED though all is quiet")]
    NotCompleted(AppointmentId),
    /// The system goes on and on.
    #[error("no rest after {0} steps")]
    NoRest(u64),
    /// A function failed as a whole without a fault.
    #[error("{0} failed as a whole: {1}")]
    Invocation(&'static str, String),
    /// A handler, or the simulation itself, panicked.
    #[error("it panicked: {0}")]
    Panicked(String),
}

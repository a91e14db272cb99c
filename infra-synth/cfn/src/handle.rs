use std::{fmt, marker::PhantomData};

use crate::Value;

/// A declared resource, by its logical id: what [`Stack::add`](crate::Stack::add) returns.
///
/// Its methods are the attributes that CloudFormation gives for `R`, each typed; what is not a method is not
/// an attribute. They stand beside each resource struct in [`resources`](crate::resources).
pub struct Handle<R> {
    logical_id: String,
    resource: PhantomData<fn() -> R>,
}

impl<R> Handle<R> {
    /// The resource's name inside the template.
    pub fn logical_id(&self) -> &str {
        &self.logical_id
    }

    pub(crate) fn new(logical_id: &str) -> Self {
        Self {
            logical_id: logical_id.to_owned(),
            resource: PhantomData,
        }
    }

    pub(crate) fn reference<T>(&self) -> Value<T> {
        Value::reference(&self.logical_id)
    }

    pub(crate) fn attribute<T>(&self, name: &str) -> Value<T> {
        Value::attribute(&self.logical_id, name)
    }
}

impl<R> Clone for Handle<R> {
    fn clone(&self) -> Self {
        Self::new(&self.logical_id)
    }
}

impl<R> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({})", self.logical_id)
    }
}

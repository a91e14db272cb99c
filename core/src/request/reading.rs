use std::collections::HashSet;

use super::{
    Fault, FaultKind, Field,
    members::{Found, Members},
};

/// A body being read: the members that no field has claimed yet, and the faults so far.
pub(super) struct Reading {
    members: Vec<(String, Found)>,
    faults: Vec<Fault>,
}

impl Reading {
    pub(super) fn of(members: Members) -> Self {
        Self {
            members: members.0,
            faults: Vec::new(),
        }
    }

    /// The value of a field that must be there; `None` once its fault is noted.
    pub(super) fn required<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(String) -> Result<T, FaultKind>,
    ) -> Option<T> {
        match self.claim(field) {
            Some(value) => self.parse(field, value, parse),
            None => {
                self.note(field, FaultKind::Missing(field));
                None
            }
        }
    }

    /// The value of a field that may be there; `None` also once its fault is noted.
    pub(super) fn optional<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(String) -> Result<T, FaultKind>,
    ) -> Option<T> {
        let value = self.claim(field)?;
        self.parse(field, value, parse)
    }

    /// Every fault, those of members that no field claimed at the end.
    pub(super) fn into_faults(mut self) -> Vec<Fault> {
        let mut seen = HashSet::new();
        for (name, _) in &self.members {
            if seen.insert(name) {
                let meant = Field::meant_by(name);
                self.faults
                    .push(Fault::of_member(name, FaultKind::UnknownField { meant }));
            }
        }
        self.faults
    }

    fn claim(&mut self, field: Field) -> Option<Found> {
        let mut values = self
            .members
            .extract_if(.., |(name, _)| name == field.name())
            .map(|(_, value)| value);
        let first = values.next();
        let repetitions = values.count();
        if repetitions > 0 {
            self.note(field, FaultKind::Repeated(field));
        }
        first
    }

    fn parse<T>(
        &mut self,
        field: Field,
        value: Found,
        parse: impl FnOnce(String) -> Result<T, FaultKind>,
    ) -> Option<T> {
        let parsed = match value {
            Found::Text(text) => parse(text),
            Found::NotUnicode => Err(FaultKind::NotUnicode(field)),
            Found::Other(found) => Err(FaultKind::NotText { field, found }),
        };
        parsed.map_err(|kind| self.note(field, kind)).ok()
    }

    fn note(&mut self, field: Field, kind: FaultKind) {
        self.faults.push(Fault::of_member(field.name(), kind));
    }
}

//! Access as a view of its own: whatever becomes possible or impossible, by whichever means it is given.

mod api;
mod cidr;
mod collect;
mod compare;
mod condition;
mod filter;
mod flow;
mod network;
mod statement;

use super::model::Model;
use super::review::{AccessChange, Finding};
use super::value::Text;
pub(crate) use api::open as open_apis;
use compare::Sides;
use statement::Grants;

/// Two templates, with what their policies say.
pub(crate) struct Access<'a> {
    old: &'a Model<'a>,
    new: &'a Model<'a>,
    old_grants: Grants,
    new_grants: Grants,
}

impl<'a> Access<'a> {
    pub(crate) fn read(old: &'a Model<'a>, new: &'a Model<'a>) -> Self {
        Self {
            old,
            new,
            old_grants: collect::grants(old),
            new_grants: collect::grants(new),
        }
    }

    /// Everything that begins or ends, by means, what begins first.
    pub(crate) fn changes(&self) -> Vec<AccessChange> {
        let mut changes = compare::changes(&self.sides());
        changes.extend(network::changes(self.old, self.new));
        changes.extend(api::changes(self.old, self.new));
        changes.extend(flow::changes(self.old, self.new));
        changes.sort_by_key(|change| (change.turn, change.means));
        changes
    }

    /// Policies that cannot be read, by the resource that holds them.
    pub(crate) fn unread(&self) -> Vec<(String, Finding)> {
        compare::unread(&self.sides())
    }

    /// What a function may do only through its new role; an error says why that cannot be told.
    pub(crate) fn through_another_role(&self, old: &Text, new: &Text) -> Result<Vec<String>, String> {
        compare::through_another_role(&self.sides(), old, new)
    }

    fn sides(&self) -> Sides<'_> {
        Sides {
            old: self.old,
            new: self.new,
            old_grants: &self.old_grants,
            new_grants: &self.new_grants,
        }
    }
}

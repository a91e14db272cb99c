//! Which grants of one template are not in the other.

use super::collect::scope_of_role;
use super::statement::{Grant, Grants};
use crate::diff::model::{Model, Resource};
use crate::diff::review::{AccessChange, Finding, Means, Turn, Verdict};
use crate::diff::value::Text;

/// Two templates and what their policies say.
pub(crate) struct Sides<'a> {
    pub(crate) old: &'a Model<'a>,
    pub(crate) new: &'a Model<'a>,
    pub(crate) old_grants: &'a Grants,
    pub(crate) new_grants: &'a Grants,
}

/// Every grant that begins or ends.
///
/// Nothing is missed: if each new allowance lies within one old allowance, and each old denial within one new
/// denial, then no request is allowed that was not. Whatever does not lie so is listed.
pub(crate) fn changes(sides: &Sides<'_>) -> Vec<AccessChange> {
    let (old, new) = (&sides.old_grants.grants, &sides.new_grants.grants);
    let lacks = |grants: &[Grant], grant: &Grant| {
        !grants
            .iter()
            .any(|other| other.allows == grant.allows && other.covers(grant))
    };
    let mut changes = Vec::new();
    for grant in new.iter().filter(|grant| lacks(old, grant)) {
        if grant.allows {
            changes.push(change(
                sides,
                grant,
                Turn::Possible,
                Verdict::Broadening,
                widened(old, grant),
            ));
        } else if exists(sides.old, grant) {
            let reason = format!("{} is denied from now on", described(grant));
            changes.push(change(sides, grant, Turn::Impossible, Verdict::Narrowing, reason));
        }
    }
    for grant in old.iter().filter(|grant| lacks(new, grant)) {
        if grant.allows {
            // A grant that only moved within a wider new one is covered by it; what is left has ended.
            let reason = format!("{} ends", described(grant));
            changes.push(change(sides, grant, Turn::Impossible, Verdict::Narrowing, reason));
        } else if stays(sides, grant) {
            changes.push(change(
                sides,
                grant,
                Turn::Possible,
                Verdict::Broadening,
                undenied(grant),
            ));
        }
    }
    changes
}

/// What cannot be compared, by the resource that says it.
pub(crate) fn unread(sides: &Sides<'_>) -> Vec<(String, Finding)> {
    let (old, new) = (&sides.old_grants.unread, &sides.new_grants.unread);
    let same = |one: &super::statement::Unread, other: &super::statement::Unread| {
        one.scope == other.scope && one.statement == other.statement
    };
    let begins = new
        .iter()
        .filter(|one| !old.iter().any(|other| same(one, other)))
        .map(|one| (one, "is new"));
    let ends = old
        .iter()
        .filter(|one| !new.iter().any(|other| same(one, other)))
        .map(|one| (one, "is gone"));
    begins
        .chain(ends)
        .map(|(one, turn)| {
            let reason = format!("a policy that cannot be read here {turn}: `{}`", one.statement);
            (one.declared_by.clone(), Finding::new(Verdict::Unjudged, reason))
        })
        .collect()
}

/// What a function may do through its new role and could not through its old one.
pub(crate) fn through_another_role(
    sides: &Sides<'_>,
    old_role: &Text,
    new_role: &Text,
) -> Result<Vec<String>, String> {
    let (before, after) = (scope_of_role(old_role), scope_of_role(new_role));
    let known =
        |model: &Model<'_>, scope: &Text| scope.as_hole().is_some_and(|id| model.resources.contains_key(id));
    if !known(sides.old, &before.of) || !known(sides.new, &after.of) {
        return Err(format!(
            "what the role `{new_role}` allows is not in the template"
        ));
    }
    if sides
        .new_grants
        .unread
        .iter()
        .chain(&sides.old_grants.unread)
        .any(|one| one.scope == before || one.scope == after)
    {
        return Err(format!(
            "the policies of `{old_role}` and `{new_role}` cannot be compared"
        ));
    }
    let boundary = |model: &'_ Model<'_>, scope: &Text| {
        let role = scope.as_hole().and_then(|id| model.resources.get(id));
        role.and_then(|role| role.property("PermissionsBoundary").cloned())
    };
    let bounds = (boundary(sides.old, &before.of), boundary(sides.new, &after.of));
    if let (Some(old), new) = &bounds
        && new.as_ref() != Some(old)
    {
        return Err(format!(
            "the boundary of `{old_role}` is not that of `{new_role}`; what it kept from the role cannot be seen"
        ));
    }
    let of = |grants: &Grants, scope| -> Vec<Grant> {
        grants
            .grants
            .iter()
            .filter(|grant| grant.scope == scope)
            .map(|grant| about(grant, &after))
            .collect()
    };
    let old = of(sides.old_grants, before.clone());
    let new = of(sides.new_grants, after.clone());
    let covered = |grants: &[Grant], grant: &Grant| {
        grants
            .iter()
            .any(|other| other.allows == grant.allows && other.covers(grant))
    };
    let gained = new.iter().filter(|grant| grant.allows && !covered(&old, grant));
    let undenied = old.iter().filter(|grant| !grant.allows && !covered(&new, grant));
    Ok(gained
        .chain(undenied)
        .map(|grant| format!("{} on {}", grant.action.shown, grant.resource.shown))
        .collect())
}

fn about(grant: &Grant, scope: &super::statement::Scope) -> Grant {
    Grant {
        scope: scope.clone(),
        principal: super::statement::Names::only(&scope.of),
        ..grant.clone()
    }
}

fn change(sides: &Sides<'_>, grant: &Grant, turn: Turn, verdict: Verdict, reason: String) -> AccessChange {
    AccessChange {
        turn,
        verdict,
        means: grant.scope.means,
        principal: grant.principal.shown.clone(),
        action: grant.action.shown.clone(),
        resource: grant.resource.shown.clone(),
        condition: grant.condition.shown(),
        reason,
        logical_id: grant.declared_by.clone(),
        source: sides
            .new
            .template
            .source_of(&grant.declared_by)
            .map(ToString::to_string),
    }
}

fn described(grant: &Grant) -> String {
    let by = match grant.scope.of.as_hole() {
        Some(id) if grant.scope.means == Means::Identity => format!(" by {id}"),
        _ => format!(" by {}", grant.principal.shown),
    };
    let condition = grant
        .condition
        .shown()
        .map(|condition| format!(" where {condition}"))
        .unwrap_or_default();
    format!(
        "{}{by} on {}{condition}",
        grant.action.shown, grant.resource.shown
    )
}

/// What is wider than in the nearest old grant.
fn widened(old: &[Grant], grant: &Grant) -> String {
    let described = described(grant);
    let near = |other: &&Grant| other.allows && other.scope == grant.scope;
    let principal = |other: &Grant| other.principal.covers(&grant.principal);
    let action = |other: &Grant| other.action.covers(&grant.action);
    let resource = |other: &Grant| other.resource.covers(&grant.resource);
    let condition = |other: &Grant| grant.condition.implies(&other.condition);
    let near: Vec<&Grant> = old.iter().filter(near).collect();
    let found = |test: &dyn Fn(&Grant) -> bool| near.iter().find(|other| test(other));
    if let Some(other) = found(&|other| principal(other) && action(other) && resource(other)) {
        let lost = grant.condition.without(&other.condition);
        return format!("{described}: no longer only where {lost}");
    }
    if let Some(other) = found(&|other| principal(other) && action(other) && condition(other)) {
        return format!("{described}: another resource than {}", other.resource.shown);
    }
    if found(&|other| action(other) && resource(other) && condition(other)).is_some() {
        return format!("{described}: a principal is added");
    }
    if found(&|other| principal(other) && resource(other) && condition(other)).is_some() {
        return format!("{described}: an action is added");
    }
    format!("{described} begins")
}

fn undenied(grant: &Grant) -> String {
    let condition = grant.condition.shown().unwrap_or_default();
    let described = described(grant);
    if condition.contains("aws:securetransport = false") {
        format!("requests without TLS are no longer refused: {described}")
    } else {
        format!("{described} is no longer denied")
    }
}

/// Whether what the grant is about was there.
fn exists(model: &Model<'_>, grant: &Grant) -> bool {
    grant
        .scope
        .of
        .as_hole()
        .is_none_or(|id| model.resources.contains_key(id))
}

/// Whether what the grant is about goes on existing, in the stack or outside it.
fn stays(sides: &Sides<'_>, grant: &Grant) -> bool {
    let Some(id) = grant.scope.of.as_hole() else {
        return true;
    };
    sides.new.resources.contains_key(id)
        || sides.old.resources.get(id).is_none_or(|resource: &Resource| {
            resource
                .attribute("DeletionPolicy")
                .is_some_and(|policy| policy != "Delete")
        })
}

use serde_json::Value as Json;

use crate::{Resource, Statement, Wiring, statements};

/// A call that a role's policy allows a function.
pub struct Call<'a> {
    /// For example `events:PutEvents`.
    pub action: &'a str,
    /// On what; `None` where the statement names no resource.
    pub on: Option<&'a Json>,
}

impl<'a> Wiring<'a> {
    /// The settings of every function that has all of these.
    pub fn settings<const N: usize>(&self, names: [&str; N]) -> impl Iterator<Item = [&'a Json; N]> {
        self.functions().filter_map(move |function| {
            let variables = function.property("Environment.Variables")?;
            let found = names.map(|name| &variables[name]);
            found.iter().all(|value| !value.is_null()).then_some(found)
        })
    }

    /// All functions.
    pub fn functions(&self) -> impl Iterator<Item = Resource<'a>> {
        self.of("AWS::Lambda::Function")
    }

    /// The role that a function takes on, if it is in the template.
    pub fn role_of(&self, function: Resource<'a>) -> Option<Resource<'a>> {
        let role = self.target(function.property("Role")?)?;
        (role.kind == "AWS::IAM::Role").then_some(role)
    }

    /// The policies that a principal has in this template: each statement, with the resource that it stands in.
    pub fn identity_statements(&self) -> Vec<(Resource<'a>, Statement<'a>)> {
        let mut found = Vec::new();
        for resource in self.all() {
            match resource.kind {
                "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" => {
                    for (position, policy) in resource.list("Policies").into_iter().enumerate() {
                        let path = format!("Policies.{position}.PolicyDocument");
                        if let Some(document) = policy.get("PolicyDocument") {
                            found.extend(statements(document, &path).into_iter().map(|one| (resource, one)));
                        }
                    }
                }
                "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
                    if let Some(document) = resource.property("PolicyDocument") {
                        let all = statements(document, "PolicyDocument");
                        found.extend(all.into_iter().map(|one| (resource, one)));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// What a function's role allows it, wherever in the template the policy stands.
    pub fn calls(&self, function: Resource<'a>) -> Vec<Call<'a>> {
        let Some(role) = self.role_of(function) else {
            return Vec::new();
        };
        let of_role = |holder: &Resource<'a>| {
            holder.id == role.id
                || holder
                    .list("Roles")
                    .into_iter()
                    .any(|one| self.target(one).is_some_and(|r| r.id == role.id))
        };
        let mut calls = Vec::new();
        for (holder, statement) in self.identity_statements() {
            if !statement.allows() || !of_role(&holder) {
                continue;
            }
            for action in statement.actions() {
                let resources = statement.resources();
                if resources.is_empty() {
                    calls.push(Call { action, on: None });
                }
                calls.extend(resources.into_iter().map(|on| Call { action, on: Some(on) }));
            }
        }
        calls
    }

    /// The functions that sign in to a database which is not in the template.
    pub fn database_functions(&self) -> Vec<Resource<'a>> {
        let signs_in = |function: &Resource<'a>| {
            self.calls(*function)
                .iter()
                .any(|call| call.action == "rds-db:connect")
                || function.property("Environment.Variables.DB_HOST").is_some()
        };
        self.functions().filter(signs_in).collect()
    }
}

use super::{Effect, Principal};

/// Whom a statement of a resource's policy speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Principals {
    pub(super) listed: Vec<Listed>,
}

/// One entry of a `Principal` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Listed {
    /// `*`, which services are part of too.
    Everyone,
    /// An account, by its number.
    Account(String),
    /// A role, by its ARN.
    Role(String),
    /// A service, by its name.
    Service(String),
}

impl Principals {
    /// Whether the statement speaks of this caller.
    ///
    /// To name an account is to leave the decision to the policies of its roles: an allow for it grants
    /// nothing by itself, while a deny for it binds every role of the account. See
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>.
    pub(super) fn include(&self, caller: Principal<'_>, effect: Effect) -> bool {
        self.listed.iter().any(|listed| match (listed, caller) {
            (Listed::Everyone, _) => true,
            (Listed::Role(arn), Principal::Role(role)) => arn == role,
            (Listed::Service(name), Principal::Service(service)) => name == service,
            (Listed::Account(account), Principal::Role(role)) => {
                effect == Effect::Deny && account_of(role) == Some(account)
            }
            _ => false,
        })
    }
}

/// The account number in a role's ARN.
pub(super) fn account_of(role: &str) -> Option<&str> {
    role.split(':').nth(4)
}

//! Who may do what: a check whose outcome the use cases ask for, so that it cannot be forgotten.
//!
//! A [`Caller`] comes from the claims of a token that was verified before, or is anyone where a stage asks for none.
//! [`MayCreate`] and [`MayRead`] are made by its checks and by nothing else:
//!
//! ```compile_fail,E0451
//! use schedule_core::{Countries, InsuredId, authorization::MayRead};
//!
//! fn forged(insured_id: InsuredId) -> MayRead {
//!     MayRead { insured_id, countries: Countries::ALL }
//! }
//! ```

mod claims;

use std::fmt;

pub use claims::Claims;

use crate::{
    domain::{Countries, InsuredId},
    request::AppointmentDraft,
};

/// Whoever sent a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller(Kind);

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Anyone,
    Bearer(Claims),
}

impl Caller {
    /// A caller of a stage that asks for no token: it may do everything.
    #[must_use]
    pub const fn anyone() -> Self {
        Self(Kind::Anyone)
    }

    /// The bearer of a token with these claims, which somebody else has verified.
    #[must_use]
    pub const fn bearer(claims: Claims) -> Self {
        Self(Kind::Bearer(claims))
    }

    /// Lets it create what it asks for, if that is for an insured and in a country that it may act for.
    ///
    /// # Errors
    ///
    /// [`Refusal`], which depends on the caller and on what it sent, never on what is stored.
    pub fn may_create(&self, draft: AppointmentDraft) -> Result<MayCreate, Refusal> {
        if let Kind::Bearer(claims) = &self.0 {
            if !claims.may_write {
                return Err(Refusal::Scope);
            }
            let countries = claims.countries_for(draft.insured_id())?;
            if !countries.contains(draft.country_iso()) {
                return Err(Refusal::Country);
            }
        }
        Ok(MayCreate { draft })
    }

    /// Lets it read an insured's appointments in the countries that it may act for, if it may act for the insured.
    ///
    /// # Errors
    ///
    /// As for [`may_create`](Self::may_create).
    pub fn may_read(&self, insured_id: InsuredId) -> Result<MayRead, Refusal> {
        let countries = match &self.0 {
            Kind::Anyone => Countries::ALL,
            Kind::Bearer(claims) if claims.may_read => claims.countries_for(&insured_id)?,
            Kind::Bearer(_) => return Err(Refusal::Scope),
        };
        Ok(MayRead {
            insured_id,
            countries,
        })
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Kind::Anyone => "Caller(anyone)",
            Kind::Bearer(_) => "Caller(hidden)",
        })
    }
}

/// The proof that a caller may create the appointment in it.
#[derive(Clone, Debug)]
pub struct MayCreate {
    draft: AppointmentDraft,
}

impl MayCreate {
    /// What may be created.
    #[must_use]
    pub const fn draft(&self) -> &AppointmentDraft {
        &self.draft
    }

    /// What may be created, for good.
    #[must_use]
    pub fn into_draft(self) -> AppointmentDraft {
        self.draft
    }
}

/// The proof that a caller may read the appointments of an insured in some countries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MayRead {
    insured_id: InsuredId,
    countries: Countries,
}

impl MayRead {
    /// Whose appointments.
    #[must_use]
    pub const fn insured_id(&self) -> &InsuredId {
        &self.insured_id
    }

    /// Of which countries; at least one.
    #[must_use]
    pub const fn countries(&self) -> Countries {
        self.countries
    }
}

/// Why a caller was not let through. It is for the log: a client is told that it was refused, and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The token has not the scope for it.
    #[error("the token has not the scope that the request needs")]
    Scope,
    /// The request is about another insured than the token.
    #[error("the token is not for the insured of the request")]
    Insured,
    /// The request is about a country that is not in the token.
    #[error("the token is not for the country of the request")]
    Country,
}

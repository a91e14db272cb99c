use super::Refusal;
use crate::{
    domain::{Countries, InsuredId},
    names::{ANY_SCOPE, READ_SCOPE, WRITE_SCOPE},
};

/// What a token says of its bearer, as far as it matters here.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims {
    pub(super) may_read: bool,
    pub(super) may_write: bool,
    any_insured: bool,
    insured_id: Option<InsuredId>,
    countries: Option<Countries>,
}

impl Claims {
    /// Reads the texts of claims, as API Gateway hands them on: a list is `[one two]`, or one text with spaces or commas.
    ///
    /// `scopes` are the texts of `scope` and `scp`. What does not read gives no right: an insured id that is none, a
    /// scope or country that is not known.
    #[must_use]
    pub fn read<'a>(
        scopes: impl IntoIterator<Item = &'a str>,
        insured_id: Option<&str>,
        countries: Option<&str>,
    ) -> Self {
        let mut claims = Self {
            may_read: false,
            may_write: false,
            any_insured: false,
            insured_id: insured_id.and_then(|text| InsuredId::new(text).ok()),
            countries: countries.map(|text| entries(text).filter_map(|entry| entry.parse().ok()).collect()),
        };
        for scope in scopes.into_iter().flat_map(entries) {
            match scope {
                READ_SCOPE => claims.may_read = true,
                WRITE_SCOPE => claims.may_write = true,
                ANY_SCOPE => claims.any_insured = true,
                _ => {}
            }
        }
        claims
    }

    /// The countries in which the bearer may act for an insured.
    pub(super) fn countries_for(&self, insured_id: &InsuredId) -> Result<Countries, Refusal> {
        let countries = if self.any_insured {
            // Whoever may act for everybody must be told where.
            self.countries.unwrap_or(Countries::NONE)
        } else if self.insured_id.as_ref() == Some(insured_id) {
            self.countries.unwrap_or(Countries::ALL)
        } else {
            return Err(Refusal::Insured);
        };
        if countries.is_empty() {
            Err(Refusal::Country)
        } else {
            Ok(countries)
        }
    }
}

fn entries(text: &str) -> impl Iterator<Item = &str> {
    let list = text.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    list.unwrap_or(text)
        .split([' ', ','])
        .filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(entries(text).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn a_list_is_read_in_every_spelling_that_reaches_a_function() {
        check("PE", &["PE"]);
        check("PE CL", &["PE", "CL"]);
        check("PE,CL", &["PE", "CL"]);
        check("[PE CL]", &["PE", "CL"]);
        check("[PE, CL]", &["PE", "CL"]);
        check("[]", &[]);
        check("  ", &[]);
        check("[PE", &["[PE"]);
    }
}

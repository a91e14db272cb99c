use std::collections::BTreeSet;
use std::fmt;

use crate::diff::model::{Model, Resource};
use crate::diff::value::{Text, Value};

/// Whom a route answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Callers {
    /// `None` for everybody.
    authorizer: Option<Authorizer>,
    /// Any of these is enough; none asks for none.
    scopes: BTreeSet<String>,
    api_key: bool,
}

/// What asks who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Authorizer {
    /// It takes these tokens, under whichever name the template has it.
    Tokens {
        issuer: Text,
        /// A token made for any of these is enough; none asks for none.
        audience: BTreeSet<Text>,
    },
    /// What it asks for is not in the template.
    Named(String),
}

impl Callers {
    pub(super) fn read(route: &Resource, model: &Model<'_>) -> Self {
        let text = |name: &str| route.property(name).and_then(Value::as_text);
        let authorizer = match text("AuthorizationType").map(Text::to_string) {
            None => None,
            Some(kind) if kind == "NONE" => None,
            Some(kind) => Some(Authorizer::read(&kind, text("AuthorizerId"), model)),
        };
        let scopes = route
            .property("AuthorizationScopes")
            .map(Value::texts)
            .unwrap_or_default();
        Self {
            authorizer,
            scopes: scopes.into_iter().map(Text::to_string).collect(),
            api_key: route.property("ApiKeyRequired").and_then(Value::as_flag) == Some(true)
                && !is_http(route, model),
        }
    }

    /// Whether nothing asks who is calling.
    pub(super) fn are_everybody(&self) -> bool {
        self.authorizer.is_none() && !self.api_key
    }

    pub(super) fn cover(&self, narrower: &Self) -> bool {
        let key = !self.api_key || narrower.api_key;
        let authorized = match (&self.authorizer, &narrower.authorizer) {
            (None, _) => return key,
            (Some(wide), Some(narrow)) => wide.covers(narrow),
            (Some(_), None) => false,
        };
        let scopes =
            self.scopes.is_empty() || !narrower.scopes.is_empty() && narrower.scopes.is_subset(&self.scopes);
        key && authorized && scopes
    }
}

/// Whether the route is of an HTTP API, which asks for no API key whatever the route says.
fn is_http(route: &Resource, model: &Model<'_>) -> bool {
    let api = route
        .property("ApiId")
        .and_then(Value::as_text)
        .and_then(Text::as_hole);
    api.and_then(|id| model.resources.get(id))
        .and_then(|api| api.property("ProtocolType")?.as_literal())
        == Some("HTTP")
}

impl Authorizer {
    fn read(kind: &str, id: Option<&Text>, model: &Model<'_>) -> Self {
        let declared = id.and_then(Text::as_hole).and_then(|id| model.resources.get(id));
        let tokens = declared
            .filter(|one| one.resource_type == "AWS::ApiGatewayV2::Authorizer" && kind == "JWT")
            .and_then(|one| one.property("JwtConfiguration"));
        let issuer = tokens.and_then(|tokens| tokens.get("Issuer")?.as_text());
        match (issuer, tokens) {
            (Some(issuer), Some(tokens)) => {
                let audience = tokens.get("Audience").map(Value::texts).unwrap_or_default();
                Self::Tokens {
                    issuer: issuer.clone(),
                    audience: audience.into_iter().cloned().collect(),
                }
            }
            _ => Self::Named(id.map_or_else(|| kind.to_owned(), |id| format!("{kind} {id}"))),
        }
    }

    fn covers(&self, narrower: &Self) -> bool {
        match (self, narrower) {
            (
                Self::Tokens { issuer, audience },
                Self::Tokens {
                    issuer: narrower_issuer,
                    audience: narrower_audience,
                },
            ) => {
                let any = audience.is_empty();
                let fewer = !narrower_audience.is_empty() && narrower_audience.is_subset(audience);
                issuer == narrower_issuer && (any || fewer)
            }
            (Self::Named(one), Self::Named(other)) => one == other,
            (Self::Tokens { .. }, Self::Named(_)) | (Self::Named(_), Self::Tokens { .. }) => false,
        }
    }
}

impl fmt::Display for Callers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.authorizer {
            None => f.write_str("everybody")?,
            Some(authorizer) => authorizer.fmt(f)?,
        }
        if !self.scopes.is_empty() {
            let scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
            write!(f, " with scope {}", scopes.join(" or "))?;
        }
        if self.api_key {
            f.write_str(" with an API key")
        } else {
            Ok(())
        }
    }
}

impl fmt::Display for Authorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => write!(f, "whom {name} admits"),
            Self::Tokens { issuer, audience } => {
                let audience: Vec<String> = audience.iter().map(Text::to_string).collect();
                let audience = match audience.as_slice() {
                    [] => "any audience".to_owned(),
                    some => some.join(" or "),
                };
                write!(f, "who has a token of {issuer} for {audience}")
            }
        }
    }
}

//! Who may do what, as a table: the local system and a deployed one are held to the same.
//!
//! Three people: [`OWN`] and [`OTHER`] have an appointment in each country, [`ABSENT`] has none and nobody knows them.

use serde_json::{Value, json};

/// The insured whose token it is, where a token is of one.
pub(crate) const OWN: &str = "00123";
/// Another insured.
pub(crate) const OTHER: &str = "00456";
/// An insured whom the system has never heard of.
pub(crate) const ABSENT: &str = "99999999";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// To book for an insured in a country.
    Create(&'static str, &'static str),
    /// An insured's appointments.
    List(&'static str),
    /// One appointment, below an insured's path: that of an insured in a country, or one that there is not.
    Read(&'static str, Option<(&'static str, &'static str)>),
    /// What is no route: method and path.
    Nowhere(&'static str, &'static str),
}

use Request::{Create, List, Nowhere, Read};

/// The columns of [`MATRIX`].
pub(crate) const REQUESTS: [Request; 17] = [
    Create(OWN, "PE"),
    Create(OWN, "CL"),
    Create(OTHER, "PE"),
    Create(OTHER, "CL"),
    Create(ABSENT, "PE"),
    List(OWN),
    List(OTHER),
    List(ABSENT),
    Read(OWN, Some((OWN, "PE"))),
    Read(OWN, Some((OWN, "CL"))),
    Read(OTHER, Some((OTHER, "PE"))),
    Read(OTHER, Some((OTHER, "CL"))),
    Read(OWN, Some((OTHER, "PE"))),
    Read(OWN, None),
    Read(ABSENT, None),
    Nowhere("GET", "/nowhere"),
    Nowhere("DELETE", "/appointments"),
];

/// A token's scopes, the insured in it and the countries in it, as the issuer writes them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bearer {
    pub(crate) name: &'static str,
    pub(crate) scope: &'static str,
    pub(crate) insured: Option<&'static str>,
    pub(crate) countries: Countries,
}

/// The claim that holds the countries.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Countries {
    Unsaid,
    Text(&'static str),
    List(&'static [&'static str]),
}

impl Bearer {
    /// What the token says beyond who issued it, for whom and until when.
    pub(crate) fn claims(&self) -> Value {
        let mut claims = json!({ "sub": self.name, "scope": self.scope });
        if let Some(insured) = self.insured {
            claims["insured_id"] = json!(insured);
        }
        match self.countries {
            Countries::Unsaid => {}
            Countries::Text(text) => claims["countries"] = json!(text),
            Countries::List(list) => claims["countries"] = json!(list),
        }
        claims
    }
}

const BOTH: &str = "appointments:read appointments:write";
const OFFICE: &str = "appointments:read appointments:write appointments:any";

/// Each bearer, and the status that each of [`REQUESTS`] is answered with.
///
/// 403 by the authorizer (the token has not the route's scope) and by the function (it is about somebody or somewhere
/// else) are one to the caller. What a caller may not see in a country is 404, as if it were not there.
pub(crate) const MATRIX: [(Bearer, [u16; 17]); 14] = [
    (
        bearer("an insured", BOTH, Some(OWN), Countries::Unsaid),
        [
            201, 201, 403, 403, 403, 200, 403, 403, 200, 200, 403, 403, 404, 404, 403, 404, 405,
        ],
    ),
    (
        bearer("an insured of Peru", BOTH, Some(OWN), Countries::Text("PE")),
        [
            201, 403, 403, 403, 403, 200, 403, 403, 200, 404, 403, 403, 404, 404, 403, 404, 405,
        ],
    ),
    (
        bearer(
            "an insured of a country that there is not",
            BOTH,
            Some(OWN),
            Countries::Text("AR"),
        ),
        [
            403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 405,
        ],
    ),
    (
        bearer(
            "an insured who may only read",
            "appointments:read",
            Some(OWN),
            Countries::Unsaid,
        ),
        [
            403, 403, 403, 403, 403, 200, 403, 403, 200, 200, 403, 403, 404, 404, 403, 404, 405,
        ],
    ),
    (
        bearer(
            "an insured who may only book",
            "appointments:write",
            Some(OWN),
            Countries::Unsaid,
        ),
        [
            201, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 405,
        ],
    ),
    (
        bearer("an insured without a scope", "", Some(OWN), Countries::Unsaid),
        [
            403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 405,
        ],
    ),
    (
        bearer(
            "an insured with scopes of something else",
            "openid profile",
            Some(OWN),
            Countries::Unsaid,
        ),
        [
            403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 405,
        ],
    ),
    (
        bearer("nobody in particular", BOTH, None, Countries::Unsaid),
        [
            403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 405,
        ],
    ),
    (
        bearer(
            "somebody whose insured id is none",
            BOTH,
            Some("00123 OR 1=1"),
            Countries::Unsaid,
        ),
        [
            403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 405,
        ],
    ),
    (
        bearer("the back office of Peru", OFFICE, None, Countries::Text("PE")),
        [
            201, 403, 201, 403, 201, 200, 200, 200, 200, 404, 200, 404, 404, 404, 404, 404, 405,
        ],
    ),
    (
        bearer(
            "the back office of both countries",
            OFFICE,
            None,
            Countries::List(&["PE", "CL"]),
        ),
        [
            201, 201, 201, 201, 201, 200, 200, 200, 200, 200, 200, 200, 404, 404, 404, 404, 405,
        ],
    ),
    (
        bearer(
            "the back office of both countries in one text",
            OFFICE,
            Some(OTHER),
            Countries::Text("PE,CL"),
        ),
        [
            201, 201, 201, 201, 201, 200, 200, 200, 200, 200, 200, 200, 404, 404, 404, 404, 405,
        ],
    ),
    (
        bearer(
            "a back office of no country",
            OFFICE,
            Some(OWN),
            Countries::Unsaid,
        ),
        [
            403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 405,
        ],
    ),
    (
        bearer(
            "a back office that may neither book nor read",
            "appointments:any",
            Some(OWN),
            Countries::Text("PE CL"),
        ),
        [
            403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 405,
        ],
    ),
];

const fn bearer(
    name: &'static str,
    scope: &'static str,
    insured: Option<&'static str>,
    countries: Countries,
) -> Bearer {
    Bearer {
        name,
        scope,
        insured,
        countries,
    }
}

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signing {
    /// RS256 with the issuer's key.
    Issuer,
    /// RS256 with a key that is not the issuer's, under the name of the issuer's.
    Stranger,
    /// RS256 with the issuer's key over other claims than those in the token.
    OtherClaims,
    /// Not at all: the third part is empty.
    Nothing,
    /// HS256 with the issuer's public key, which is no secret.
    PublicKeyAsSecret,
}

/// A token that no route takes, whatever the caller may do.
#[derive(Debug, Clone)]
pub(crate) struct BrokenToken {
    pub(crate) name: &'static str,
    pub(crate) header: Value,
    pub(crate) claims: Value,
    pub(crate) signing: Signing,
}

/// Every way in which a token can be bad, by a change of a good one of this header and these claims.
///
/// `header` has `alg` RS256 and the `kid` of the issuer's key; `claims` have `iss`, `aud`, `iat` and `exp`.
pub(crate) fn broken_tokens(header: &Value, claims: &Value, now: i64) -> Vec<BrokenToken> {
    let token = |name, header_change: Value, claims_change: Value, signing| BrokenToken {
        name,
        header: changed(header, &header_change),
        claims: changed(claims, &claims_change),
        signing,
    };
    let with_header = |name, change| token(name, change, json!({}), Signing::Issuer);
    let with_claims = |name, change| token(name, json!({}), change, Signing::Issuer);
    let signed = |name, change, signing| token(name, change, json!({}), signing);
    vec![
        signed("signed by a stranger", json!({}), Signing::Stranger),
        signed("other claims than were signed", json!({}), Signing::OtherClaims),
        signed("not signed", json!({}), Signing::Nothing),
        signed("alg none", json!({ "alg": "none" }), Signing::Nothing),
        signed("alg NONE", json!({ "alg": "NONE" }), Signing::Nothing),
        signed(
            "the public key as a secret",
            json!({ "alg": "HS256" }),
            Signing::PublicKeyAsSecret,
        ),
        with_header("an unknown key", json!({ "kid": "nobody's" })),
        with_header("no key", json!({ "kid": null })),
        with_claims("expired", json!({ "exp": now - 600 })),
        with_claims("not yet valid", json!({ "nbf": now + 600 })),
        with_claims("issued in the future", json!({ "iat": now + 600 })),
        with_claims(EVER, json!({ "exp": null })),
        with_claims(
            "another issuer",
            json!({ "iss": "https://elsewhere.example.com" }),
        ),
        with_claims("no issuer", json!({ "iss": null })),
        with_claims("another audience", json!({ "aud": "another" })),
        with_claims("other audiences", json!({ "aud": ["another", "and-another"] })),
        with_claims("no audience", json!({ "aud": null })),
        with_claims("another client", json!({ "aud": null, "client_id": "another" })),
    ]
}

/// The name of the token that never expires, which AWS refuses and not everything that stands for AWS does.
pub(crate) const EVER: &str = "valid for ever";

/// What is in an `Authorization` header instead of a token, or that there is none; all of them are refused.
pub(crate) const NO_TOKENS: [Option<&str>; 6] = [
    None,
    Some(""),
    Some("Bearer"),
    Some("Bearer nonsense"),
    Some("Bearer a.b.c"),
    Some("Basic aW5zdXJlZDpzZWNyZXQ="),
];

/// The same with these members in place of its own; `null` takes one away.
fn changed(json: &Value, change: &Value) -> Value {
    let mut json = json.clone();
    for (name, value) in change.as_object().into_iter().flatten() {
        if value.is_null() {
            json.as_object_mut().into_iter().for_each(|json| {
                json.shift_remove(name);
            });
        } else {
            json[name] = value.clone();
        }
    }
    json
}

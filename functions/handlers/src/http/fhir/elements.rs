//! The data types that the resources are made of, <https://hl7.org/fhir/R4/datatypes.html>.

use schedule_core::Reference;
use serde::Serialize;

/// Why an element has no value, <https://hl7.org/fhir/R4/extension-data-absent-reason.html>.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(in crate::http) struct Absence {
    /// The only extension there is here: the reason.
    extension: [AbsenceReason; 1],
}

/// The extension that says the reason.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(in crate::http) struct AbsenceReason {
    /// The extension's definition.
    #[cfg_attr(feature = "openapi", schema(format = "uri", examples(json!(DATA_ABSENT_REASON))))]
    url: &'static str,
    /// The reason: `unknown`, or `unsupported` for a text that FHIR does not allow.
    #[cfg_attr(feature = "openapi", schema(examples("unknown")))]
    value_code: &'static str,
}

const DATA_ABSENT_REASON: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

impl Absence {
    /// Nobody here knows the value.
    pub(super) const UNKNOWN: Self = Self::because("unknown");
    /// There is a value, but FHIR does not allow it.
    pub(super) const UNSUPPORTED: Self = Self::because("unsupported");

    const fn because(value_code: &'static str) -> Self {
        Self {
            extension: [AbsenceReason {
                url: DATA_ABSENT_REASON,
                value_code,
            }],
        }
    }
}

/// Something by the id that another system gave it.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(in crate::http) struct LogicalReference {
    /// The type of resource that it is.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schema(examples("Practitioner")))]
    kind: &'static str,
    /// Its id.
    identifier: Identifier,
}

impl LogicalReference {
    pub(super) fn new(kind: &'static str, system: &'static str, id: &str) -> Self {
        let value = is_string(id).then(|| id.to_owned());
        let absence = value.is_none().then_some(Absence::UNSUPPORTED);
        Self {
            kind,
            identifier: Identifier {
                system,
                value,
                absence,
            },
        }
    }
}

/// An id, and the system that it belongs to.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(in crate::http) struct Identifier {
    /// The system of ids.
    #[cfg_attr(
        feature = "openapi",
        schema(format = "uri", examples("urn:medical-schedule:medic"))
    )]
    system: &'static str,
    /// The id as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, examples("4")))]
    value: Option<String>,
    /// Why there is no value, though there is an id: FHIR does not allow its characters.
    #[serde(rename = "_value", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    absence: Option<Absence>,
}

/// A concept by its code in a system, or by its text where FHIR does not allow the code.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(in crate::http) struct CodeableConcept {
    /// Its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    coding: Option<[Coding; 1]>,
    /// The same as text, where it can be no code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(nullable = false, min_length = 1, examples("Medicina  interna"))
    )]
    text: Option<String>,
}

impl CodeableConcept {
    /// The concept, unless FHIR has no way to say it.
    pub(super) fn new(system: &'static str, reference: &Reference) -> Option<Self> {
        let text = reference.as_str();
        if is_code(text) {
            Some(Self {
                coding: Some([Coding {
                    system,
                    code: text.to_owned(),
                }]),
                text: None,
            })
        } else {
            is_string(text).then(|| Self {
                coding: None,
                text: Some(text.to_owned()),
            })
        }
    }
}

/// A code, and the system that defines it.
#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub(in crate::http) struct Coding {
    /// The system of codes.
    #[cfg_attr(feature = "openapi", schema(format = "uri", examples("urn:iso:std:iso:3166")))]
    pub(super) system: &'static str,
    /// The code.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, examples("PE")))]
    pub(super) code: String,
}

/// Whether the text can be a FHIR `string`: not empty, and of white space only blanks, tabs and ends of line.
pub(super) fn is_string(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_allowed)
}

/// The text as a FHIR `string`, other white space and control characters made blanks; `None` if nothing is left.
pub(super) fn to_string(text: &str) -> Option<String> {
    let text: String = text
        .chars()
        .map(|character| if is_allowed(character) { character } else { ' ' })
        .collect();
    (!text.trim().is_empty()).then_some(text)
}

fn is_allowed(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
        || !(character.is_whitespace() || character.is_control() || character == '\u{feff}')
}

/// Whether the text can be a FHIR `code`: words with one blank between them.
fn is_code(text: &str) -> bool {
    is_string(text) && !text.contains(['\t', '\r', '\n']) && text.split(' ').all(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_made_of_words_with_one_blank_between_them() {
        for text in ["4", "Medicina interna", "ñ"] {
            assert!(is_code(text), "{text}");
        }
        for text in ["", " 4", "4 ", "a  b", "a\tb", "a\u{a0}b", "\u{feff}a", "a\0"] {
            assert!(!is_code(text), "{text:?}");
        }
    }

    #[test]
    fn comments_keep_their_lines_and_lose_what_fhir_does_not_allow() {
        assert_eq!(to_string("a\n\tb\u{b}c\u{a0}d").as_deref(), Some("a\n\tb c d"));
        assert_eq!(to_string(""), None);
        assert_eq!(to_string(" \u{a0}\n"), None);
    }
}

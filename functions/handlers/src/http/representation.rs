//! In which form appointments are sent.

use aws_lambda_events::http::{HeaderMap, HeaderValue, header};

use super::{
    problem::Problem,
    quality::{self, Preference},
    response,
};

/// A form in which appointments are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Representation {
    /// The API's own.
    Json,
    /// HL7 FHIR R4.
    Fhir,
}

impl Representation {
    /// The form that a request asks for (`Accept`, RFC 9110, section 12.5.1): the one with the highest quality, of
    /// equals the one that is named more exactly, and of such the API's own.
    pub(super) fn negotiated(headers: &HeaderMap) -> Result<Self, Problem> {
        let Some(wanted) = quality::preferences(headers, &header::ACCEPT) else {
            return Ok(Self::Json);
        };
        let weight_of = |representation: Self| {
            let named = wanted.iter().filter_map(|preference| {
                let exactness = representation.exactness(preference)?;
                Some((exactness, preference.quality))
            });
            named
                .max()
                .map_or((0, 0), |(exactness, quality)| (quality, exactness))
        };
        let (json, fhir) = (weight_of(Self::Json), weight_of(Self::Fhir));
        match json.max(fhir) {
            (0, _) => Err(Problem::NotAcceptable),
            _ if fhir > json => Ok(Self::Fhir),
            _ => Ok(Self::Json),
        }
    }

    /// The media type that says it.
    pub(super) const fn content_type(self) -> HeaderValue {
        match self {
            Self::Json => response::JSON,
            Self::Fhir => response::FHIR_JSON,
        }
    }

    /// How closely a media range names it, if it does.
    fn exactness(self, preference: &Preference<'_>) -> Option<usize> {
        let mut parts = preference.range.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
        let named = match (media_type.as_str(), self) {
            ("*/*", _) => 0,
            ("application/*", _) => 1,
            ("application/json", Self::Json) | ("application/fhir+json", Self::Fhir) => 2,
            _ => return None,
        };
        let parameters: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        parameters
            .iter()
            .all(|parameter| self.has(parameter))
            .then_some(named + parameters.len())
    }

    fn has(self, parameter: &str) -> bool {
        let Some((name, value)) = parameter.split_once('=') else {
            return false;
        };
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "charset" => value.eq_ignore_ascii_case("utf-8"),
            // <https://hl7.org/fhir/R4/versioning.html#mt-version>
            "fhirversion" => self == Self::Fhir && matches!(value, "4.0" | "4.0.1"),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: &str, expected: Option<Representation>) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        assert_eq!(Representation::negotiated(&headers).ok(), expected, "{accept}");
    }

    #[test]
    fn the_form_with_the_highest_quality_is_sent() {
        let fhir = Some(Representation::Fhir);
        let json = Some(Representation::Json);
        check("application/fhir+json", fhir);
        check("Application/FHIR+json; fhirVersion=4.0; charset=UTF-8", fhir);
        check("application/json, application/fhir+json;q=0.9", json);
        check("application/json;q=0.8, application/fhir+json;q=0.9", fhir);
        check("application/json;q=0, */*", fhir);
        check("application/fhir+json;q=0, application/*", json);
        check("text/html, application/*;q=0.1", json);
    }

    #[test]
    fn of_equals_the_one_named_more_exactly_is_sent_and_then_json() {
        check("application/fhir+json, */*", Some(Representation::Fhir));
        check("*/*", Some(Representation::Json));
        check(
            "application/fhir+json, application/json",
            Some(Representation::Json),
        );
    }

    #[test]
    fn whoever_takes_neither_is_told_so() {
        for accept in [
            "text/html",
            "application/xml",
            "application/json;q=0",
            "*/*;q=0",
            "application/fhir+json; fhirVersion=5.0",
            "application/json; version=2",
            "application/fhir+xml",
            "application/json;q=nonsense",
        ] {
            check(accept, None);
        }
    }

    #[test]
    fn whoever_does_not_care_gets_json() {
        assert_eq!(
            Representation::negotiated(&HeaderMap::new()).ok(),
            Some(Representation::Json)
        );
        check("", Some(Representation::Json));
    }
}

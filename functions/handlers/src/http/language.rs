//! What a client reads, in the language that it asks for. Each language is a module; a text that one of them lacks does
//! not compile.

use aws_lambda_events::http::{HeaderMap, header};
use schedule_core::Language;

use super::{english, list_query::QueryFaultKind, problem::Problem, quality, spanish};

/// The language that a request asks for (`Accept-Language`, RFC 9110, section 12.5.4): the one with the highest
/// quality, the first named of equals. Spanish if it asks for none that there is.
#[must_use]
pub fn preferred_language(headers: &HeaderMap) -> Language {
    let wanted = quality::preferences(headers, &header::ACCEPT_LANGUAGE).unwrap_or_default();
    let quality_of = |language: Language| {
        wanted
            .iter()
            .enumerate()
            .filter_map(|(place, preference)| {
                let exactness = exactness(preference.range, language)?;
                Some((exactness, preference.quality, usize::MAX - place))
            })
            .max()
            .filter(|&(_, quality, _)| quality > 0)
            .map_or((0, 0), |(_, quality, place)| (quality, place))
    };
    let [first, rest @ ..] = Language::ALL;
    rest.into_iter().fold(first, |best, language| {
        if quality_of(language) > quality_of(best) {
            language
        } else {
            best
        }
    })
}

/// How closely a range names a language, if it does: `en` and `en-GB` name English, `*` names any.
fn exactness(range: &str, language: Language) -> Option<u8> {
    let primary = range.split('-').next().unwrap_or_default();
    if primary.eq_ignore_ascii_case(language.tag()) {
        Some(1)
    } else {
        (range == "*").then_some(0)
    }
}

/// Said with a 201.
pub(super) const fn created(language: Language) -> &'static str {
    match language {
        Language::Spanish => spanish::CREATED,
        Language::English => english::CREATED,
    }
}

/// The kind of problem, the same for every occurrence.
pub(super) const fn title(problem: &Problem, language: Language) -> &'static str {
    match language {
        Language::Spanish => spanish::title(problem),
        Language::English => english::title(problem),
    }
}

/// What to do about this occurrence.
pub(super) fn detail(problem: &Problem, language: Language) -> String {
    match language {
        Language::Spanish => spanish::detail(problem),
        Language::English => english::detail(problem),
    }
}

/// What is wrong with a parameter of a query.
pub(super) fn query_fault(kind: QueryFaultKind, language: Language) -> String {
    match language {
        Language::Spanish => spanish::query_fault(kind),
        Language::English => english::query_fault(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept_language: &str, expected: Language) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept_language.parse().unwrap());
        assert_eq!(preferred_language(&headers), expected, "{accept_language}");
    }

    #[test]
    fn the_language_with_the_highest_quality_is_spoken() {
        check("en", Language::English);
        check("EN-gb", Language::English);
        check("es-PE,es;q=0.9,en;q=0.8", Language::Spanish);
        check("es;q=0.5, en;q=0.6", Language::English);
        check("fr, en;q=0.2", Language::English);
        check("fr;q=1, es;q=0.1, en;q=0.2", Language::English);
    }

    #[test]
    fn of_equals_the_first_named_is_spoken() {
        check("en, es", Language::English);
        check("es, en", Language::Spanish);
        check("*", Language::Spanish);
    }

    #[test]
    fn what_is_named_outweighs_what_is_meant_by_a_star() {
        check("es;q=0, *", Language::English);
        check("es;q=0.3, *;q=0.5", Language::English);
        check("*, en;q=0.5", Language::Spanish);
    }

    #[test]
    fn spanish_is_spoken_to_whoever_asks_for_nothing_there_is() {
        assert_eq!(preferred_language(&HeaderMap::new()), Language::Spanish);
        for text in ["fr", "en;q=0", "en;q=x", "english", "", "fr, *;q=0"] {
            check(text, Language::Spanish);
        }
    }
}

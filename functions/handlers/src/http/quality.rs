//! What a client prefers, of what it names with quality values (RFC 9110, section 12.4.2).

use aws_lambda_events::http::{HeaderMap, HeaderName};

/// One thing that a client names, such as `application/json;q=0.8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Preference<'a> {
    /// The value with its parameters, but without `q`: `text/html;level=1`.
    pub(super) range: &'a str,
    /// The quality in thousandths; 0 is what the client does not take.
    pub(super) quality: u16,
}

/// What a header asks for, in the client's order; `None` if the client does not send it, or sends it empty.
///
/// A member whose quality is none is taken as one that was not sent.
pub(super) fn preferences<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Vec<Preference<'a>>> {
    let mut values = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|member| !member.is_empty())
        .peekable();
    values.peek()?;
    Some(values.filter_map(preference).collect())
}

fn preference(member: &str) -> Option<Preference<'_>> {
    // The quality is the last parameter that means anything; what comes after it are extensions nobody uses.
    let weight = member.match_indices(';').find_map(|(place, _)| {
        let (name, value) = member[place + 1..].split(';').next()?.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("q")
            .then_some((place, value.trim()))
    });
    match weight {
        Some((place, value)) => Some(Preference {
            range: member[..place].trim_end(),
            quality: thousandths(value)?,
        }),
        None => Some(Preference {
            range: member,
            quality: 1000,
        }),
    }
}

/// A weight: 0 to 1 with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = format!("{decimals:0<3}").parse().ok()?;
    match (whole, fraction) {
        ("0", fraction) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::http::header;

    use super::*;

    #[track_caller]
    fn check(values: &[&str], expected: Option<&[(&str, u16)]>) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT, value.parse().unwrap());
        }
        let found = preferences(&headers, &header::ACCEPT);
        let found = found.map(|found| {
            found
                .iter()
                .map(|preference| (preference.range, preference.quality))
                .collect::<Vec<_>>()
        });
        assert_eq!(found.as_deref(), expected, "{values:?}");
    }

    #[test]
    fn a_member_without_a_weight_has_the_highest() {
        check(&["es, en;q=0.8"], Some(&[("es", 1000), ("en", 800)]));
        check(&["a/b;level=1 ; q=0.25"], Some(&[("a/b;level=1", 250)]));
        check(&["a/b;Q=1.000"], Some(&[("a/b", 1000)]));
        check(&["a/b;q=0"], Some(&[("a/b", 0)]));
    }

    #[test]
    fn a_header_sent_in_parts_is_one_list() {
        check(&["es;q=0.5", "en"], Some(&[("es", 500), ("en", 1000)]));
    }

    #[test]
    fn a_header_that_names_nothing_is_none() {
        check(&[], None);
        check(&[""], None);
        check(&[" , "], None);
    }

    #[test]
    fn what_has_no_readable_weight_is_left_out() {
        for weight in ["2", "1.1", "0.1234", "", "-1", "0.x", "1.0.0", "+1"] {
            check(&[&format!("es;q={weight}, en")], Some(&[("en", 1000)]));
        }
        check(&["es;q=x"], Some(&[]));
    }
}

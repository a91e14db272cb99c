/// Text in which `*` stands for any run of characters and `?` for any one of them.
///
/// A `*` crosses every separator, the colons of an ARN included, as in a `Resource` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wildcard {
    text: Box<str>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Anything,
    Literal,
    Pattern,
}

impl Wildcard {
    pub(super) fn new(text: &str) -> Wildcard {
        let kind = match text {
            "*" => Kind::Anything,
            _ if text.contains(['*', '?']) => Kind::Pattern,
            _ => Kind::Literal,
        };
        Wildcard {
            text: text.into(),
            kind,
        }
    }

    pub(super) fn matches(&self, candidate: &str) -> bool {
        match self.kind {
            Kind::Anything => true,
            Kind::Literal => &*self.text == candidate,
            Kind::Pattern => glob(&self.text, candidate, |left, right| left == right),
        }
    }

    /// As `matches`, with ASCII letters of either case alike.
    pub(super) fn matches_ignoring_case(&self, candidate: &str) -> bool {
        match self.kind {
            Kind::Anything => true,
            Kind::Literal => self.text.eq_ignore_ascii_case(candidate),
            Kind::Pattern => glob(&self.text, candidate, |left, right| {
                left.eq_ignore_ascii_case(&right)
            }),
        }
    }
}

/// Matches greedily and, on a mismatch, gives the last `*` one character more: linear for a single `*`, and
/// never worse than the product of the lengths.
fn glob(pattern: &str, candidate: &str, same: impl Fn(char, char) -> bool) -> bool {
    let (mut pattern, mut candidate) = (pattern.chars(), candidate.chars());
    let mut last_star = None;
    loop {
        let at = (pattern.clone(), candidate.clone());
        match (pattern.next(), candidate.next()) {
            (Some('*'), _) => {
                candidate = at.1;
                last_star = Some((pattern.clone(), candidate.clone()));
            }
            (None, None) => return true,
            (Some(expected), Some(found)) if expected == '?' || same(expected, found) => {}
            _ => {
                let Some((after_star, mut consumed)) = last_star.take() else {
                    return false;
                };
                if consumed.next().is_none() {
                    return false;
                }
                (pattern, candidate) = (after_star.clone(), consumed.clone());
                last_star = Some((after_star, consumed));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(pattern: &str, candidate: &str, expected: bool) {
        assert_eq!(
            Wildcard::new(pattern).matches(candidate),
            expected,
            "{pattern} on {candidate}"
        );
    }

    #[test]
    fn a_star_crosses_the_segments_of_an_arn() {
        check(
            "arn:aws:sqs:*",
            "arn:aws:sqs:us-east-1:123456789012:appointment-queue-pe",
            true,
        );
        check(
            "arn:aws:sqs:*:queue",
            "arn:aws:sqs:us-east-1:123456789012:queue",
            true,
        );
        check(
            "arn:aws:sqs:*:queue",
            "arn:aws:sqs:us-east-1:123456789012:queue-dlq",
            false,
        );
        check(
            "arn:*:table/appointments/index/*",
            "arn:aws:dynamodb:r:1:table/appointments",
            false,
        );
    }

    #[test]
    fn a_question_mark_is_one_character_even_of_several_bytes() {
        check("a?c", "abc", true);
        check("a?c", "ac", false);
        check("a?c", "añc", true);
        check("*?", "ñ", true);
        check("*??", "ñ", false);
    }

    #[test]
    fn text_without_wildcards_is_itself() {
        check("", "", true);
        check("abc", "abcd", false);
        check("ABC", "abc", false);
    }

    #[test]
    fn the_case_of_an_action_is_ignored() {
        assert!(Wildcard::new("sqs:send*").matches_ignoring_case("SQS:SendMessage"));
        assert!(Wildcard::new("sqs:SendMessage").matches_ignoring_case("sqs:sendmessage"));
        assert!(!Wildcard::new("sqs:Send").matches_ignoring_case("sqs:SendMessage"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_textbook_recursion_agrees(pattern in "[abñ*?]{0,8}", candidate in "[abñ]{0,10}") {
            let characters = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(
                Wildcard::new(&pattern).matches(&candidate),
                reference(&characters(&pattern), &characters(&candidate))
            );
        }
    }

    fn reference(pattern: &[char], candidate: &[char]) -> bool {
        match (pattern, candidate) {
            ([], []) => true,
            (['*', rest @ ..], _) => (0..=candidate.len()).any(|taken| reference(rest, &candidate[taken..])),
            (['?', rest @ ..], [_, others @ ..]) => reference(rest, others),
            ([expected, rest @ ..], [found, others @ ..]) => expected == found && reference(rest, others),
            _ => false,
        }
    }
}

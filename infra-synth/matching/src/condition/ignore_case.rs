/// Text that equals any other spelling of itself in upper and lower case.
///
/// Compared character by character, each in its lower, upper or own form, as EventBridge's engine does; one
/// form may have more characters than another (`ß` and `SS`).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IgnoreCase {
    characters: Vec<Forms>,
}

#[derive(Debug, Clone, PartialEq)]
struct Forms {
    own: char,
    lower: String,
    upper: String,
}

impl IgnoreCase {
    pub(super) fn new(text: &str) -> IgnoreCase {
        let characters = text
            .chars()
            .map(|own| Forms {
                own,
                lower: own.to_lowercase().collect(),
                upper: own.to_uppercase().collect(),
            })
            .collect();
        IgnoreCase { characters }
    }

    pub(super) fn equals(&self, text: &str) -> bool {
        consumes(&self.characters, text)
    }
}

fn consumes(characters: &[Forms], text: &str) -> bool {
    let Some((first, rest)) = characters.split_first() else {
        return text.is_empty();
    };
    let own = text.strip_prefix(first.own);
    let lower = text.strip_prefix(first.lower.as_str());
    let upper = text.strip_prefix(first.upper.as_str());
    // Equal remainders are one possibility: without this, plain digits would be tried three times each.
    own.is_some_and(|remainder| consumes(rest, remainder))
        || (lower != own && lower.is_some_and(|remainder| consumes(rest, remainder)))
        || (upper != own && upper != lower && upper.is_some_and(|remainder| consumes(rest, remainder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(
            IgnoreCase::new(pattern).equals(text),
            expected,
            "{pattern} and {text}"
        );
    }

    #[test]
    fn case_alone_makes_no_difference() {
        check("Pending", "PENDING", true);
        check("ñandú 7", "ÑANDÚ 7", true);
        check("straße", "STRASSE", true);
        check("", "", true);
    }

    #[test]
    fn anything_else_does() {
        check("pending", "pendin", false);
        check("pending", "pending ", false);
        check("", "a", false);
    }
}

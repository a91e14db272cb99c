//! Texts with wildcards, and whether one takes in all that another does.

use super::value::{Part, Text};

/// A text of the policy language: `*` stands for any run of characters, `?` for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Token>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Character(char),
    One,
    Run,
    /// Something that is known by name only; the same on both sides.
    Hole(String),
}

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// `*` and `?` are wildcards.
    Wildcards,
    /// The same, and upper and lower case are one.
    AnyCase,
    /// Every character stands for itself.
    Literally,
}

impl Pattern {
    /// `variables`: `${…}` in a literal stands for something that IAM puts there (policy language 2012-10-17).
    pub(crate) fn new(text: &Text, reading: Reading, variables: bool) -> Self {
        let mut tokens = Vec::new();
        for part in text.parts() {
            match part {
                Part::Hole(name) | Part::Opaque { shown: name, .. } => {
                    tokens.push(Token::Hole(name.clone()));
                }
                Part::Literal(literal) => literally(&mut tokens, literal, reading, variables),
            }
        }
        Self(tokens)
    }

    /// Takes in everything.
    pub(crate) fn everything() -> Self {
        Self(vec![Token::Run])
    }

    pub(crate) fn is_everything(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|token| *token == Token::Run)
    }

    /// Whether all that `narrower` takes in is taken in here. `false` also where that cannot be told.
    pub(crate) fn covers(&self, narrower: &Self) -> bool {
        let (wide, narrow) = (&self.0, &narrower.0);
        // `row[j]`: the rest of the wide pattern takes in the narrow one from `j` on.
        let mut row = vec![false; narrow.len() + 1];
        row[narrow.len()] = true;
        for token in wide.iter().rev() {
            let mut next = vec![false; narrow.len() + 1];
            for j in (0..=narrow.len()).rev() {
                next[j] = match token {
                    Token::Run => row[j] || narrow.get(j).is_some() && next[j + 1],
                    Token::One => {
                        matches!(narrow.get(j), Some(Token::Character(_) | Token::One)) && row[j + 1]
                    }
                    Token::Character(_) | Token::Hole(_) => narrow.get(j) == Some(token) && row[j + 1],
                };
            }
            row = next;
        }
        row[0]
    }

    /// Whether some text could be taken in by both. `true` also where that cannot be told.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        let open = |token: &Token| matches!(token, Token::Run | Token::Hole(_));
        let (ours, theirs) = (&self.0, &other.0);
        let mut row = vec![false; theirs.len() + 1];
        row[theirs.len()] = true;
        for j in (0..theirs.len()).rev() {
            row[j] = row[j + 1] && open(&theirs[j]);
        }
        for token in ours.iter().rev() {
            let mut next = vec![false; theirs.len() + 1];
            for j in (0..=theirs.len()).rev() {
                let theirs = theirs.get(j);
                next[j] = open(token) && (row[j] || theirs.is_some() && next[j + 1])
                    || theirs.is_some_and(open) && (next[j + 1] || row[j])
                    || theirs.is_some_and(|theirs| one_character_in_both(token, theirs)) && row[j + 1];
            }
            row = next;
        }
        row[0]
    }

    /// The parts between colons, the sixth with all that follows: ARNs are compared part by part.
    pub(crate) fn arn_parts(&self) -> Vec<Self> {
        self.0
            .splitn(6, |token| *token == Token::Character(':'))
            .map(|part| Self(part.to_vec()))
            .collect()
    }
}

fn one_character_in_both(ours: &Token, theirs: &Token) -> bool {
    match (ours, theirs) {
        (Token::Character(ours), Token::Character(theirs)) => ours == theirs,
        (Token::Character(_) | Token::One, Token::Character(_) | Token::One) => true,
        _ => false,
    }
}

fn literally(tokens: &mut Vec<Token>, literal: &str, reading: Reading, variables: bool) {
    let mut rest = literal;
    while let Some(character) = rest.chars().next() {
        if variables
            && let Some((name, after)) = rest.strip_prefix("${").and_then(|rest| rest.split_once('}'))
        {
            tokens.push(Token::Hole(format!("variable {name}")));
            rest = after;
            continue;
        }
        rest = &rest[character.len_utf8()..];
        match (character, reading) {
            ('*', Reading::Wildcards | Reading::AnyCase) => tokens.push(Token::Run),
            ('?', Reading::Wildcards | Reading::AnyCase) => tokens.push(Token::One),
            (_, Reading::AnyCase) => tokens.extend(character.to_lowercase().map(Token::Character)),
            _ => tokens.push(Token::Character(character)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::new(&Text::literal(text), Reading::Wildcards, true)
    }

    #[test]
    fn a_wider_pattern_covers_a_narrower_one_and_not_the_reverse() {
        for (wide, narrow) in [
            ("*", "a*"),
            ("a*", "ab?"),
            ("a?c", "abc"),
            ("*b*", "*abc*"),
            ("a*", "a"),
            ("*", ""),
        ] {
            assert!(pattern(wide).covers(&pattern(narrow)), "{wide} covers {narrow}");
            assert!(
                !pattern(narrow).covers(&pattern(wide)),
                "{narrow} does not cover {wide}"
            );
        }
    }

    #[test]
    fn a_question_mark_covers_no_policy_variable() {
        assert!(!pattern("home/?").covers(&pattern("home/${aws:username}")));
        assert!(pattern("home/*").covers(&pattern("home/${aws:username}")));
    }

    #[test]
    fn patterns_meet_where_one_text_fits_both() {
        assert!(pattern("a*").may_meet(&pattern("*z")));
        assert!(pattern("a?c").may_meet(&pattern("ab*")));
        assert!(!pattern("a*").may_meet(&pattern("b*")));
        assert!(!pattern("abc").may_meet(&pattern("ab")));
        assert!(pattern("${x}").may_meet(&pattern("anything")));
    }
}

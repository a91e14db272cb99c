//! What must hold of every evaluation: expressions are made together with what they stand for.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::evaluate::{Environment, Evaluator};

/// How deep expressions nest: enough for every function within every other.
const DEEPEST: usize = 4;

/// Reads the bytes as an expression, evaluates it, and panics unless it is what it stands for.
pub(crate) fn hold_for_expression(choices: &[u8]) {
    let (expression, expected) = Choices(choices).expression(DEEPEST);
    let evaluated = evaluate(&template(), &expression);
    assert_eq!(evaluated, Some(Value::String(expected)), "{expression}");
}

/// Reads the bytes as JSON, a template and a value of it; what the value evaluates to holds no call any more.
pub(crate) fn hold_for_json(text: &[u8]) {
    let Ok((template, value)) = serde_json::from_slice::<(Value, Value)>(text) else {
        return;
    };
    if let Some(evaluated) = evaluate(&template, &value) {
        assert_eq!(evaluate(&template, &evaluated).as_ref(), Some(&evaluated));
    }
}

fn evaluate(template: &Value, value: &Value) -> Option<Value> {
    let parameters = BTreeMap::from([("Given".to_owned(), "a}b".to_owned())]);
    let environment = Environment::default();
    Evaluator::new(template, &parameters, &environment)
        .evaluate(value)
        .ok()
}

fn template() -> Value {
    json!({
        "Parameters": {
            "Given": {"Type": "String"},
            "Size": {"Type": "Number", "Default": 3},
        },
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "q-${Size}"}}},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Join": ["", ["t", {"Ref": "Size"}]]}}},
        },
    })
}

/// Names of the template and what they stand for, as `Fn::Sub` spells them.
const NAMES: [(&str, &str); 6] = [
    ("Given", "a}b"),
    ("Size", "3"),
    ("AWS::Region", "us-east-1"),
    ("Queue.Arn", "arn:aws:sqs:us-east-1:000000000000:q-3"),
    ("Queue.QueueName", "q-3"),
    ("Topic", "arn:aws:sns:us-east-1:000000000000:t3"),
];

/// Texts that look like the beginnings and ends of what `Fn::Sub` replaces, none of which is.
const TEXTS: [&str; 8] = ["", "a", "$", "}", "{", "$$", "é", "$ {"];

/// Bytes as a row of choices; when they are used up, the first is chosen.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn below(&mut self, count: usize) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first) % count
            }
            None => 0,
        }
    }

    fn text(&mut self) -> &'static str {
        TEXTS[self.below(TEXTS.len())]
    }

    /// An expression and the text that it stands for.
    fn expression(&mut self, depth: usize) -> (Value, String) {
        match self.below(if depth == 0 { 3 } else { 6 }) {
            0 => {
                let text = self.text();
                (json!(text), text.to_owned())
            }
            1 => (json!({"Ref": "Given"}), "a}b".to_owned()),
            2 => {
                let (name, stands_for) = NAMES[3 + self.below(2)];
                let call = match self.below(2) {
                    0 => json!({"Fn::GetAtt": name}),
                    _ => json!({"Fn::GetAtt": name.split('.').collect::<Vec<_>>()}),
                };
                (call, stands_for.to_owned())
            }
            3 => self.join(depth),
            _ => self.substitution(depth),
        }
    }

    fn join(&mut self, depth: usize) -> (Value, String) {
        let delimiter = self.text();
        let (items, texts): (Vec<Value>, Vec<String>) =
            (0..self.below(4)).map(|_| self.expression(depth - 1)).unzip();
        (json!({"Fn::Join": [delimiter, items]}), texts.join(delimiter))
    }

    fn substitution(&mut self, depth: usize) -> (Value, String) {
        let (mut template, mut expected, mut variables) = (String::new(), String::new(), Map::new());
        let mut hiding_size: Option<String> = None;
        for number in 0..self.below(5) {
            match self.below(4) {
                0 => {
                    let (name, stands_for) = NAMES[self.below(NAMES.len())];
                    template.push_str(&format!("${{{name}}}"));
                    match &hiding_size {
                        Some(text) if name == "Size" => expected.push_str(text),
                        _ => expected.push_str(stands_for),
                    }
                }
                1 => {
                    template.push_str("${!Kept}");
                    expected.push_str("${Kept}");
                }
                2 => {
                    let (value, text) = self.expression(depth - 1);
                    // A variable hides a parameter of its name.
                    let name = if number == 0 {
                        hiding_size = Some(text.clone());
                        "Size".to_owned()
                    } else {
                        format!("V{number}")
                    };
                    template.push_str(&format!("${{{name}}}"));
                    variables.insert(name, value);
                    expected.push_str(&text);
                }
                _ => {
                    // A `$` at the end would make a variable of a `{` that follows.
                    let text = self.text().trim_end_matches('$');
                    template.push_str(text);
                    expected.push_str(text);
                }
            }
        }
        if variables.is_empty() {
            (json!({"Fn::Sub": template}), expected)
        } else {
            (json!({"Fn::Sub": [template, variables]}), expected)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn an_expression_evaluates_to_what_it_stands_for(choices in vec(any::<u8>(), 0..64)) {
            super::hold_for_expression(&choices);
        }

        #[test]
        fn what_is_evaluated_holds_no_call(
            names in vec(proptest::sample::select(vec!["A", "B", "Size", "AWS::Region", "A.Arn"]), 3),
            functions in vec(proptest::sample::select(vec!["Ref", "Fn::Sub", "Fn::GetAtt", "Fn::Join", "Fn::If"]), 3),
        ) {
            // Resources that name each other, in circles too.
            let call = |index: usize| serde_json::json!({functions[index]: names[index]});
            let text = serde_json::json!([
                {
                    "Parameters": {"Size": {"Default": 3}},
                    "Resources": {
                        "A": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": call(0)}},
                        "B": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": call(1)}},
                    },
                },
                [call(2), {"x": call(0)}],
            ]);
            super::hold_for_json(text.to_string().as_bytes());
        }
    }
}

use serde_json::Value as Json;

/// A place in a template that names something by its logical id.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Property names and list positions, joined by dots.
    pub(crate) path: String,
    /// The logical id that it names.
    pub(crate) target: String,
}

/// Every reference in a piece of a template, in order; pseudo parameters (`AWS::Region`) are left out.
pub(crate) fn references(json: &Json) -> Vec<Reference> {
    let mut found = Vec::new();
    walk(json, &mut Vec::new(), &mut found);
    found
}

fn walk(json: &Json, path: &mut Vec<String>, found: &mut Vec<Reference>) {
    match json {
        Json::Object(fields) => {
            if let (1, Some((function, argument))) = (fields.len(), fields.iter().next()) {
                for target in targets(function, argument) {
                    if !target.starts_with("AWS::") {
                        found.push(Reference {
                            path: path.join("."),
                            target: target.to_owned(),
                        });
                    }
                }
            }
            for (name, field) in fields {
                // An intrinsic is no property: the path ends at the property that holds it.
                let is_property = !name.starts_with("Fn::");
                if is_property {
                    path.push(name.clone());
                }
                walk(field, path, found);
                if is_property {
                    path.pop();
                }
            }
        }
        Json::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                path.push(position.to_string());
                walk(item, path, found);
                path.pop();
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn targets<'a>(function: &str, argument: &'a Json) -> Vec<&'a str> {
    match (function, argument) {
        ("Ref", Json::String(target)) => vec![target],
        ("Fn::GetAtt", Json::String(dotted)) => vec![before_dot(dotted)],
        ("Fn::GetAtt", Json::Array(parts)) => parts.first().and_then(Json::as_str).into_iter().collect(),
        ("Fn::Sub", Json::String(text)) => variables(text).collect(),
        ("Fn::Sub", Json::Array(parts)) => {
            let own = parts.get(1).and_then(Json::as_object);
            let is_own = |name: &&str| own.is_some_and(|own| own.contains_key(*name));
            let text = parts.first().and_then(Json::as_str).unwrap_or_default();
            variables(text).filter(|name| !is_own(name)).collect()
        }
        _ => Vec::new(),
    }
}

fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| {
        let name = &rest[..rest.find('}')?];
        // `${!Name}` is how a template writes a literal `${Name}`.
        (!name.starts_with('!')).then(|| before_dot(name))
    })
}

fn before_dot(name: &str) -> &str {
    name.split_once('.').map_or(name, |(target, _)| target)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(json: &Json, expected: &[(&str, &str)]) {
        let found = references(json);
        let found: Vec<_> = found
            .iter()
            .map(|r| (r.path.as_str(), r.target.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_ref_is_found_under_its_property() {
        check(
            &json!({"Role": {"Ref": "R"}, "List": [{"Ref": "S"}]}),
            &[("Role", "R"), ("List.0", "S")],
        );
    }

    #[test]
    fn an_attribute_is_found_in_both_of_its_spellings() {
        check(&json!({"A": {"Fn::GetAtt": ["Q", "Arn"]}}), &[("A", "Q")]);
        check(&json!({"A": {"Fn::GetAtt": "Q.Arn"}}), &[("A", "Q")]);
    }

    #[test]
    fn a_substitution_names_each_of_its_variables() {
        check(
            &json!({"A": {"Fn::Sub": "x:${P}:${Q.Arn}:${!Literal}"}}),
            &[("A", "P"), ("A", "Q")],
        );
    }

    #[test]
    fn a_substitutions_own_variables_are_no_references_but_their_values_are() {
        check(
            &json!({"A": {"Fn::Sub": ["${X}${Y}", {"X": {"Ref": "R"}}]}}),
            &[("A", "Y"), ("A.1.X", "R")],
        );
    }

    #[test]
    fn a_join_is_searched() {
        check(
            &json!({"A": {"Fn::Join": ["", ["arn:", {"Ref": "R"}]]}}),
            &[("A.1.1", "R")],
        );
    }

    #[test]
    fn pseudo_parameters_are_no_references() {
        check(
            &json!({"A": {"Ref": "AWS::Region"}, "B": {"Fn::Sub": "${AWS::AccountId}"}}),
            &[],
        );
    }
}

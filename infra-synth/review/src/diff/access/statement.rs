//! Policy statements, taken apart into grants that can be compared one with another.

use super::condition::Condition;
use crate::diff::pattern::{Pattern, Reading};
use crate::diff::review::Means;
use crate::diff::value::{Text, Value};

/// Beyond this many, the lists of a statement are compared whole: slower to be narrowed, never wrongly safe.
const MOST_GRANTS: usize = 4_096;

/// Who may, or may not, do what on which resource, under which condition.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) scope: Scope,
    pub(crate) allows: bool,
    pub(crate) principal: Names,
    pub(crate) action: Names,
    pub(crate) resource: Names,
    pub(crate) condition: Condition,
    /// The logical id of the resource that says so.
    pub(crate) declared_by: String,
}

/// Where grants count together: statements of one scope open and close for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Scope {
    pub(crate) means: Means,
    /// The role, or the resource whose policy it is.
    pub(crate) of: Text,
}

/// The names that an element of a statement stands for.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    excluded: bool,
    patterns: Vec<Pattern>,
    pub(crate) shown: String,
}

/// A policy document that is not read, or a statement of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) scope: Scope,
    pub(crate) statement: Value,
    pub(crate) declared_by: String,
}

/// Everything that policies say.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    pub(crate) grants: Vec<Grant>,
    pub(crate) unread: Vec<Unread>,
}

impl Grants {
    /// A policy document. `about`: the principal, where the policy itself names none.
    pub(crate) fn document(
        &mut self,
        scope: &Scope,
        document: &Value,
        about: Option<&Names>,
        declared_by: &str,
    ) {
        let unread = |statement: &Value| Unread {
            scope: scope.clone(),
            statement: statement.clone(),
            declared_by: declared_by.to_owned(),
        };
        let Some(statements) = document.get("Statement") else {
            self.unread.push(unread(document));
            return;
        };
        // Under the older language, which is also the default, `${…}` is plain text.
        let variables = document.get("Version").and_then(Value::as_literal) == Some("2012-10-17");
        for statement in statements.elements() {
            match self::statement(scope, statement, about, variables, declared_by) {
                Some(grants) => self.grants.extend(grants),
                None => self.unread.push(unread(statement)),
            }
        }
    }
}

fn statement(
    scope: &Scope,
    statement: &Value,
    about: Option<&Names>,
    variables: bool,
    declared_by: &str,
) -> Option<Vec<Grant>> {
    let allows = match statement.get("Effect")?.as_literal()? {
        "Allow" => true,
        "Deny" => false,
        _ => return None,
    };
    let principals = match (statement.get("Principal"), statement.get("NotPrincipal"), about) {
        (Some(principals), None, _) => principal_names(principals, false)?,
        (None, Some(principals), _) => principal_names(principals, true)?,
        (None, None, Some(about)) => vec![about.clone()],
        _ => return None,
    };
    let actions = names(statement, "Action", "NotAction", Reading::AnyCase, variables)?;
    let resources = match (statement.get("Resource"), statement.get("NotResource")) {
        // A trust policy names none: it is about the role.
        (None, None) => vec![Names::only(&scope.of)],
        _ => names(
            statement,
            "Resource",
            "NotResource",
            Reading::Wildcards,
            variables,
        )?,
    };
    let condition = Condition::read(statement.get("Condition"), variables);
    let grant = |principal: &Names, action: &Names, resource: &Names| Grant {
        scope: scope.clone(),
        allows,
        principal: principal.clone(),
        action: action.clone(),
        resource: resource.clone(),
        condition: condition.clone(),
        declared_by: declared_by.to_owned(),
    };
    if principals.len() * actions.len() * resources.len() > MOST_GRANTS {
        return Some(vec![grant(
            &Names::all_of(&principals),
            &Names::all_of(&actions),
            &Names::all_of(&resources),
        )]);
    }
    let mut grants = Vec::new();
    for principal in &principals {
        for action in &actions {
            grants.extend(
                resources
                    .iter()
                    .map(|resource| grant(principal, action, resource)),
            );
        }
    }
    Some(grants)
}

/// One entry for each name, or a single one for all that are excluded.
fn names(
    statement: &Value,
    included: &str,
    excluded: &str,
    reading: Reading,
    variables: bool,
) -> Option<Vec<Names>> {
    let (list, is_excluded) = match (statement.get(included), statement.get(excluded)) {
        (Some(list), None) => (list, false),
        (None, Some(list)) => (list, true),
        _ => return None,
    };
    let texts: Vec<&Text> = list
        .elements()
        .iter()
        .map(Value::as_text)
        .collect::<Option<_>>()?;
    let one = |text: &Text| Names {
        excluded: false,
        patterns: vec![Pattern::new(text, reading, variables)],
        shown: text.to_string(),
    };
    let all: Vec<Names> = texts.into_iter().map(one).collect();
    Some(if is_excluded {
        vec![Names::all_of(&all).inverted()]
    } else {
        all
    })
}

fn principal_names(principals: &Value, excluded: bool) -> Option<Vec<Names>> {
    let mut all = Vec::new();
    for (kind, list) in principals.as_map()? {
        for text in list.elements() {
            all.push(Names::principal(kind, text.as_text()?));
        }
    }
    Some(if excluded {
        vec![Names::all_of(&all).inverted()]
    } else {
        all
    })
}

impl Names {
    /// Exactly this, wildcards and all.
    pub(crate) fn only(text: &Text) -> Self {
        Self {
            excluded: false,
            patterns: vec![Pattern::new(text, Reading::Literally, false)],
            shown: text.to_string(),
        }
    }

    pub(crate) fn shown_as(self, shown: String) -> Self {
        Self { shown, ..self }
    }

    /// Calls by name, or resources.
    pub(crate) fn matching(text: &Text, reading: Reading) -> Self {
        Self {
            excluded: false,
            patterns: vec![Pattern::new(text, reading, false)],
            shown: text.to_string(),
        }
    }

    /// A principal of a policy: `AWS`, `Service`, `Federated`, `CanonicalUser`. Only a lone `*` is a wildcard in one.
    pub(crate) fn principal(kind: &str, text: &Text) -> Self {
        if kind == "AWS" && text.as_literal() == Some("*") {
            return Self {
                excluded: false,
                patterns: vec![Pattern::everything()],
                shown: "anyone".to_owned(),
            };
        }
        let mut named = Text::literal(&format!("{kind}:"));
        named.push(text);
        Self {
            shown: text.to_string(),
            ..Self::only(&named)
        }
    }

    fn all_of(names: &[Names]) -> Self {
        let shown: Vec<&str> = names.iter().map(|name| name.shown.as_str()).collect();
        Self {
            excluded: false,
            patterns: names
                .iter()
                .flat_map(|name| name.patterns.iter().cloned())
                .collect(),
            shown: shown.join(", "),
        }
    }

    fn inverted(self) -> Self {
        Self {
            excluded: !self.excluded,
            shown: format!("everything but {}", self.shown),
            ..self
        }
    }

    pub(crate) fn is_everything(&self) -> bool {
        !self.excluded && self.patterns.iter().any(Pattern::is_everything)
    }

    /// Whether all that `narrower` stands for is among these. `false` also where that cannot be told.
    pub(crate) fn covers(&self, narrower: &Self) -> bool {
        let among = |wide: &[Pattern], narrow: &Pattern| wide.iter().any(|wide| wide.covers(narrow));
        match (self.excluded, narrower.excluded) {
            (false, false) => narrower
                .patterns
                .iter()
                .all(|narrow| among(&self.patterns, narrow)),
            (true, true) => self.patterns.iter().all(|out| among(&narrower.patterns, out)),
            (true, false) => narrower
                .patterns
                .iter()
                .all(|narrow| self.patterns.iter().all(|out| !out.may_meet(narrow))),
            (false, true) => self.is_everything(),
        }
    }
}

impl Grant {
    /// Whether this counts wherever `narrower` does. `false` also where that cannot be told.
    pub(crate) fn covers(&self, narrower: &Self) -> bool {
        self.scope == narrower.scope
            && self.principal.covers(&narrower.principal)
            && self.action.covers(&narrower.action)
            && self.resource.covers(&narrower.resource)
            && narrower.condition.implies(&self.condition)
    }
}

use std::{ops::RangeInclusive, path::Path};

use toml::{Table, Value};

use super::StageError;

/// Takes settings out of a table one by one, so that what is left over at the end is known to be unknown.
///
/// By hand and not by `derive`: serde says what is wrong, but not the full key and what would be right.
pub(super) struct Reader<'file> {
    file: &'file Path,
    prefix: String,
    table: Table,
    known: Vec<String>,
}

impl<'file> Reader<'file> {
    pub(super) fn new(text: &str, file: &'file Path) -> Result<Self, StageError> {
        let table = text.parse().map_err(|source| StageError::Syntax {
            file: file.to_owned(),
            source: Box::new(source),
        })?;
        Ok(Self {
            file,
            prefix: String::new(),
            table,
            known: Vec::new(),
        })
    }

    pub(super) fn text(
        &mut self,
        key: &str,
        expected: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<String, StageError> {
        self.converted(key, expected, |value| {
            value.as_str().filter(|text| fits(text)).map(str::to_owned)
        })
    }

    pub(super) fn optional_text(
        &mut self,
        key: &str,
        expected: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, StageError> {
        if self.table.contains_key(key) {
            return self.text(key, expected, fits).map(Some);
        }
        self.known.push(key.to_owned());
        Ok(None)
    }

    pub(super) fn texts(
        &mut self,
        key: &str,
        expected: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, StageError> {
        let expected = format!("a list of {expected}");
        self.converted(key, &expected, |value| texts(value, &fits))
    }

    /// As [`Self::texts`], and at least one.
    pub(super) fn some_texts(
        &mut self,
        key: &str,
        expected: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, StageError> {
        let expected = format!("a list of {expected}");
        self.converted(key, &expected, |value| {
            texts(value, &fits).filter(|items| !items.is_empty())
        })
    }

    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<u32>) -> Result<u32, StageError> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        self.converted(key, &expected, |value| {
            let number = u32::try_from(value.as_integer()?).ok()?;
            range.contains(&number).then_some(number)
        })
    }

    pub(super) fn flag(&mut self, key: &str) -> Result<bool, StageError> {
        self.converted(key, "`true` or `false`", Value::as_bool)
    }

    pub(super) fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Result<T, StageError> {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        self.converted(key, &names.join(" or "), |value| {
            let name = value.as_str()?;
            choices
                .iter()
                .find(|(choice, _)| *choice == name)
                .map(|&(_, choice)| choice)
        })
    }

    /// A section, read by `read` to its end.
    pub(super) fn section<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Self) -> Result<T, StageError>,
    ) -> Result<T, StageError> {
        let table = self.converted(key, &format!("a section `[{key}]`"), |value| {
            value.as_table().cloned()
        })?;
        let prefix = format!("{}{key}.", self.prefix);
        let mut section = Self {
            file: self.file,
            prefix,
            table,
            known: Vec::new(),
        };
        let settings = read(&mut section)?;
        section.finish()?;
        Ok(settings)
    }

    /// A setting of whatever type, which `convert` refuses with `None`.
    pub(super) fn converted<T>(
        &mut self,
        key: &str,
        expected: &str,
        convert: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, StageError> {
        self.known.push(key.to_owned());
        let Some(value) = self.table.remove(key) else {
            return Err(StageError::Missing {
                file: self.file.to_owned(),
                key: self.full(key),
                expected: expected.to_owned(),
            });
        };
        convert(&value).ok_or_else(|| StageError::OutOfRange {
            file: self.file.to_owned(),
            key: self.full(key),
            found: shown(&value),
            expected: expected.to_owned(),
        })
    }

    /// Refuses what was not asked for.
    pub(super) fn finish(self) -> Result<(), StageError> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(key) => Err(StageError::Unknown {
                file: self.file.to_owned(),
                key: self.full(key),
                known: self.known,
            }),
        }
    }

    fn full(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }
}

fn texts(value: &Value, fits: &impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let fitting = |item: &Value| item.as_str().filter(|text| fits(text)).map(str::to_owned);
    value.as_array()?.iter().map(fitting).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(flag) => flag.to_string(),
        Value::Datetime(moment) => moment.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Table(_) => "a section".to_owned(),
    }
}

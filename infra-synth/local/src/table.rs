//! Tables with conditional writes and global secondary indexes, over the store.
//!
//! Only what the functions' port needs is here, as operations and not as an expression language: the functions run
//! in this process and speak through their port, not through DynamoDB's API.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::model;
use crate::store::{Batch, Space, Store, StoreError, key, last_part};

/// An item: attributes by name.
pub(crate) type Item = Map<String, Value>;

pub(crate) struct Table {
    pub(crate) config: model::Table,
    store: Arc<Store>,
    /// Held while a write reads what it is conditional on.
    writing: Mutex<()>,
}

/// What became of a conditional update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Update {
    Written,
    /// The condition did not hold.
    Refused,
    NoSuchItem,
}

/// Which part of a partition of an index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageQuery<'a> {
    pub(crate) index: &'a str,
    pub(crate) hash: &'a str,
    /// Sort keys from here on.
    pub(crate) from: Option<&'a str>,
    /// Sort keys before this.
    pub(crate) before: Option<&'a str>,
    /// Only what comes after the item with this sort key and this id.
    pub(crate) after: Option<(&'a str, &'a str)>,
    pub(crate) limit: usize,
}

/// The items of a part, and whether the partition has more of them.
#[derive(Debug)]
pub(crate) struct ItemPage {
    pub(crate) items: Vec<Item>,
    pub(crate) more: bool,
}

impl Table {
    pub(crate) fn new(config: model::Table, store: Arc<Store>) -> Self {
        Self {
            config,
            store,
            writing: Mutex::new(()),
        }
    }

    /// Writes the item unless one with its key exists; says whether it did.
    pub(crate) fn put_if_absent(&self, item: &Item) -> Result<bool, StoreError> {
        let at = self.item_key(attribute(item, &self.config.key));
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.store.get(Space::Items, &at)?.is_some() {
            return Ok(false);
        }
        let mut batch = Batch::default();
        for index in &self.config.indexes {
            if let Some(entry) = self.index_key(index, item) {
                batch.put(Space::Index, entry, at.clone());
            }
        }
        batch.put(Space::Items, at, serde_json::to_vec(item).unwrap_or_default());
        self.store.commit(batch)?;
        Ok(true)
    }

    pub(crate) fn get(&self, id: &str) -> Result<Option<Item>, StoreError> {
        self.load(&self.item_key(id))
    }

    /// At most `limit` items by their keys and in the order of these, those after `after`; one that does not read is empty.
    pub(crate) fn page(&self, after: Option<&str>, limit: usize) -> Result<Vec<(String, Item)>, StoreError> {
        let prefix = key(&[&self.config.name]);
        let after = after.map_or_else(|| prefix.clone(), |after| self.item_key(after));
        let pairs = self.store.page(Space::Items, &prefix, &after, limit)?;
        let items = pairs.into_iter().map(|(at, value)| {
            (
                last_part(&at, &prefix),
                serde_json::from_slice(&value).unwrap_or_default(),
            )
        });
        Ok(items.collect())
    }

    /// The items of one partition of an index, in the order of its sort key.
    pub(crate) fn query(&self, index: &str, hash: &str) -> Result<Vec<Item>, StoreError> {
        let entries = self
            .store
            .scan(Space::Index, &key(&[&self.config.name, index, hash]))?;
        let mut items = Vec::with_capacity(entries.len());
        for (_, at) in entries {
            items.extend(self.load(&at)?);
        }
        Ok(items)
    }

    /// A part of one partition of an index, as DynamoDB's `Query` with a `Limit` gives it.
    pub(crate) fn query_page(&self, query: &PageQuery<'_>) -> Result<ItemPage, StoreError> {
        let partition = key(&[&self.config.name, query.index, query.hash]);
        let at = |range: &str| [partition.as_slice(), range.as_bytes()].concat();
        let mut start = at(query.from.unwrap_or_default());
        if let Some((range, id)) = query.after {
            let last = key(&[&self.config.name, query.index, query.hash, range, id]);
            // The least key that is greater.
            start = start.max([last.as_slice(), &[0]].concat());
        }
        let end = query
            .before
            .map_or_else(|| [partition.as_slice(), &[0xFF]].concat(), at);
        let entries = self
            .store
            .scan_range(Space::Index, &start, &end, query.limit.saturating_add(1))?;
        let more = entries.len() > query.limit;
        let mut items = Vec::with_capacity(entries.len());
        for (_, at) in entries.iter().take(query.limit) {
            items.extend(self.load(at)?);
        }
        Ok(ItemPage { items, more })
    }

    /// Changes an item in place; `change` says whether its condition held.
    pub(crate) fn update(
        &self,
        id: &str,
        change: impl FnOnce(&mut Item) -> bool,
    ) -> Result<Update, StoreError> {
        let at = self.item_key(id);
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut item) = self.load(&at)? else {
            return Ok(Update::NoSuchItem);
        };
        let before = self.index_entries(&item);
        if !change(&mut item) {
            return Ok(Update::Refused);
        }
        let after = self.index_entries(&item);
        let mut batch = Batch::default();
        for entry in &before {
            if !after.contains(entry) {
                batch.remove(Space::Index, entry.clone());
            }
        }
        for entry in after {
            if !before.contains(&entry) {
                batch.put(Space::Index, entry, at.clone());
            }
        }
        batch.put(Space::Items, at, serde_json::to_vec(&item).unwrap_or_default());
        self.store.commit(batch)?;
        Ok(Update::Written)
    }

    fn load(&self, at: &[u8]) -> Result<Option<Item>, StoreError> {
        Ok(self
            .store
            .get(Space::Items, at)?
            .and_then(|value| serde_json::from_slice(&value).ok()))
    }

    fn item_key(&self, id: &str) -> Vec<u8> {
        key(&[&self.config.name, id])
    }

    fn index_entries(&self, item: &Item) -> Vec<Vec<u8>> {
        self.config
            .indexes
            .iter()
            .filter_map(|index| self.index_key(index, item))
            .collect()
    }

    /// An item without the index's attributes is not in the index.
    fn index_key(&self, index: &model::Index, item: &Item) -> Option<Vec<u8>> {
        let hash = item.get(&index.hash)?.as_str()?;
        let range = match &index.range {
            Some(range) => item.get(range)?.as_str()?,
            None => "",
        };
        Some(key(&[
            &self.config.name,
            &index.name,
            hash,
            range,
            attribute(item, &self.config.key),
        ]))
    }
}

fn attribute<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table() -> Table {
        let config = model::Table {
            logical_id: "T".to_owned(),
            name: "t".to_owned(),
            arn: "arn:t".to_owned(),
            key: "id".to_owned(),
            indexes: vec![model::Index {
                name: "ByOwner".to_owned(),
                hash: "owner".to_owned(),
                range: Some("date".to_owned()),
            }],
        };
        Table::new(config, Arc::new(Store::in_memory()))
    }

    fn item(id: &str, owner: &str, date: &str) -> Item {
        match json!({"id": id, "owner": owner, "date": date}) {
            Value::Object(item) => item,
            _ => unreachable!(),
        }
    }

    #[test]
    fn an_item_is_written_once() {
        let table = table();
        assert!(table.put_if_absent(&item("1", "o", "a")).unwrap());
        assert!(!table.put_if_absent(&item("1", "o", "b")).unwrap());
        assert_eq!(table.get("1").unwrap().unwrap()["date"], "a");
    }

    #[test]
    fn a_query_gives_one_partition_in_sort_key_order() {
        let table = table();
        for (id, owner, date) in [
            ("1", "o", "c"),
            ("2", "o", "a"),
            ("3", "oo", "b"),
            ("4", "o", "b"),
        ] {
            table.put_if_absent(&item(id, owner, date)).unwrap();
        }
        let ids: Vec<_> = table
            .query("ByOwner", "o")
            .unwrap()
            .iter()
            .map(|item| item["id"].clone())
            .collect();
        assert_eq!(ids, ["2", "4", "1"]);
    }

    #[test]
    fn the_pages_of_a_partition_follow_one_another_within_the_range() {
        let table = table();
        for (id, owner, date) in [
            ("1", "o", "a"),
            ("3", "o", "b"),
            ("2", "o", "b"),
            ("4", "o", "c"),
            ("5", "o", "d"),
            ("6", "oo", "b"),
            ("7", "p", "b"),
        ] {
            table.put_if_absent(&item(id, owner, date)).unwrap();
        }
        let page = |from, before, after, limit| {
            let page = table
                .query_page(&PageQuery {
                    index: "ByOwner",
                    hash: "o",
                    from,
                    before,
                    after,
                    limit,
                })
                .unwrap();
            let ids: Vec<_> = page
                .items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned())
                .collect();
            (ids.concat(), page.more)
        };
        assert_eq!(page(None, None, None, 9), ("12345".to_owned(), false));
        assert_eq!(page(None, None, None, 2), ("12".to_owned(), true));
        assert_eq!(page(None, None, Some(("b", "2")), 3), ("345".to_owned(), false));
        assert_eq!(page(Some("b"), Some("d"), None, 9), ("234".to_owned(), false));
        assert_eq!(
            page(Some("b"), Some("d"), Some(("b", "2")), 1),
            ("3".to_owned(), true)
        );
        assert_eq!(page(Some("d"), Some("b"), None, 9), (String::new(), false));
    }

    #[test]
    fn an_update_moves_the_index_entry_and_honours_its_condition() {
        let table = table();
        table.put_if_absent(&item("1", "o", "a")).unwrap();
        let moved = table
            .update("1", |item| item.insert("owner".to_owned(), json!("p")).is_some())
            .unwrap();
        assert_eq!(moved, Update::Written);
        assert!(table.query("ByOwner", "o").unwrap().is_empty());
        assert_eq!(table.query("ByOwner", "p").unwrap().len(), 1);
        assert_eq!(table.update("1", |_| false).unwrap(), Update::Refused);
        assert_eq!(table.update("2", |_| true).unwrap(), Update::NoSuchItem);
    }
}

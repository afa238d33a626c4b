//! One part changed by a JSON Patch (RFC 6902).

use std::sync::Arc;

use super::{Content, Part};

impl Part {
    /// This value with the operations of a list carried out, in order. One that fits nowhere changes nothing.
    pub(in crate::subject) fn with_operations(self, operations: &Self) -> Self {
        operations.items().iter().fold(self, |value, one| {
            let way = one.text_of("path").unwrap_or_default();
            let way: Vec<String> =
                way.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
            match (one.text_of("op").as_deref(), one.get("value")) {
                (Some("add" | "replace"), Some(new)) => {
                    let inserts = one.text_of("op").as_deref() == Some("add");
                    value.changed(&way, &|old| match old {
                        Slot::Item(items, at) if inserts => {
                            items.insert(at.min(items.len()), new.clone());
                        }
                        Slot::Item(items, at) => {
                            if let Some(place) = items.get_mut(at) {
                                *place = new.clone();
                            }
                        }
                        Slot::Entry(entries, key) => {
                            match entries.iter_mut().find(|(own, _)| **own == *key) {
                                Some((_, place)) => *place = new.clone(),
                                None => entries.push((Arc::from(key), new.clone())),
                            }
                        }
                    })
                }
                (Some("remove"), _) => value.changed(&way, &|old| match old {
                    Slot::Item(items, at) => {
                        if at < items.len() {
                            items.remove(at);
                        }
                    }
                    Slot::Entry(entries, key) => entries.retain(|(own, _)| **own != *key),
                }),
                _ => value,
            }
        })
    }

    // Recursion is bounded by the depth of the value.
    fn changed(self, way: &[String], change: &dyn Fn(Slot<'_>)) -> Self {
        let Some((first, rest)) = way.split_first() else { return self };
        let pointer = self.pointer.clone();
        if self.is_map() {
            let mut entries = self.into_entries();
            match (rest.is_empty(), entries.iter_mut().find(|(key, _)| **key == **first)) {
                (true, _) => change(Slot::Entry(&mut entries, first)),
                (false, Some((_, inner))) => {
                    *inner = std::mem::replace(inner, Self::map("")).changed(rest, change);
                }
                (false, None) => {}
            }
            return Self { pointer, content: Content::Map(entries) };
        }
        if self.is_scalar() {
            return self;
        }
        let mut items = self.into_items();
        let at = if first == "-" { Some(items.len()) } else { first.parse().ok() };
        match (rest.is_empty(), at) {
            (true, Some(at)) => change(Slot::Item(&mut items, at)),
            (false, Some(at)) => {
                if let Some(inner) = items.get_mut(at) {
                    *inner = std::mem::replace(inner, Self::map("")).changed(rest, change);
                }
            }
            (_, None) => {}
        }
        Self::list(&pointer, items)
    }
}

/// What an operation changes: an item of a list, or an entry of a map.
enum Slot<'s> {
    Item(&'s mut Vec<Part>, usize),
    Entry(&'s mut Vec<(Arc<str>, Part)>, &'s str),
}

#[cfg(test)]
mod tests {
    use crate::document::{self, Limits};

    use super::Part;

    fn part(text: &str) -> Part {
        Part::new(document::read("x", text, &Limits::default()).remove(0).unwrap().root(), "")
    }

    #[test]
    fn operations_are_carried_out_in_order() {
        let value = "{a: [1, 2], b: {c/d: x}, e: y}";
        for (operations, wanted) in [
            ("[{op: add, path: /a/0, value: 0}]", "{a: [0, 1, 2], b: {c/d: x}, e: y}"),
            ("[{op: add, path: /a/-, value: 3}]", "{a: [1, 2, 3], b: {c/d: x}, e: y}"),
            ("[{op: replace, path: /a/1, value: 9}]", "{a: [1, 9], b: {c/d: x}, e: y}"),
            ("[{op: remove, path: /a/0}, {op: remove, path: /a/0}]", "{a: [], b: {c/d: x}, e: y}"),
            ("[{op: add, path: /b/c~1d, value: z}, {op: remove, path: /e}]", "{a: [1, 2], b: {c/d: z}}"),
            ("[{op: add, path: /b/new, value: {f: g}}]", "{a: [1, 2], b: {c/d: x, new: {f: g}}, e: y}"),
            // What fits nowhere changes nothing.
            ("[{op: add, path: /x/y, value: 1}, {op: remove, path: /a/7}, {op: test, path: /e}]", value),
            ("[{op: replace, path: /a/x, value: 1}, {op: add, path: /e/f, value: 1}]", value),
        ] {
            let changed = part(value).with_operations(&part(operations));
            let node = changed.into_node("", &mut Vec::new());
            let wanted = part(wanted).into_node("", &mut Vec::new());
            assert_eq!(
                serde_json::to_value(node).unwrap(),
                serde_json::to_value(wanted).unwrap(),
                "{operations}"
            );
        }
    }
}

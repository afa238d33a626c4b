//! One part changed by a JSON Patch (RFC 6902).
//!
//! The pod that is patched has more than what is known of it. So what an operation needs and is not there is made,
//! an item is taken for the one that a number means only where the controller adds none before it, and whatever else
//! is not known is told.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Content, Part};
use crate::document::pointer_tokens;

/// The lists whose items stand where the controller puts them.
const ORDERED: [&str; 2] = ["containers", "volumes"];

/// Levels that a path may have, and a value that is moved: more than any field of a pod.
const MOST_LEVELS: usize = 16;

/// Values that the operations of a patch may move and copy, of which each costs some more.
const MOST_MOVED: usize = 1_000;
const COST_OF_MOVING: usize = 10;

/// Operations of a patch: each costs as much as what it is put into.
const MOST_OPERATIONS: usize = 1_000;

const UNFIT: &str = "an operation of it fits nothing that is known of the pod";
const WHICH: &str = "it means an item by its number, and what stands there is not known";

/// Why what an operation does is not known in full.
type Doubt = Option<&'static str>;

/// What is done at the end of a path: a value is put there, between the items of a list or in place of what is there,
/// or it is taken away.
struct Act {
    value: Option<Part>,
    inserts: bool,
}

impl Part {
    /// This value with the operations of a list carried out, in order; and the pointers of those that are not known in
    /// full, with the reason.
    pub(in crate::subject) fn with_operations(
        self,
        operations: &Self,
    ) -> (Self, Vec<(String, &'static str)>) {
        let (mut value, mut told, mut room) = (self, Vec::new(), MOST_MOVED);
        for (index, one) in operations.items().into_iter().enumerate() {
            if index == MOST_OPERATIONS {
                told.push((one.pointer, UNFIT));
                break;
            }
            let mut doubt = None;
            value = value.operated(&one, &mut room, &mut doubt);
            told.extend(doubt.map(|why| (one.pointer.clone(), why)));
        }
        (value, told)
    }

    fn operated(self, one: &Self, room: &mut usize, doubt: &mut Doubt) -> Self {
        let way = |key: &str| one.text_of(key).map(|path| tokens(&path));
        let op = one.text_of("op").unwrap_or_default();
        let new = one.get("value");
        let Some(path) = way("path").filter(|path| path.len() <= MOST_LEVELS) else {
            *doubt = Some(UNFIT);
            return self;
        };
        match op.as_str() {
            // The whole fails where it does not hold, and no pod is made.
            "test" => self,
            "add" | "replace" if path.is_empty() && new.as_ref().is_some_and(Self::is_map) => {
                new.unwrap_or(self)
            }
            "add" | "replace" | "remove" if !path.is_empty() => {
                let value = new.filter(|_| op != "remove");
                self.changed(&path, "", &Act { inserts: op == "add", value }, &one.pointer, doubt)
            }
            "copy" | "move" if !path.is_empty() => {
                let from = way("from").unwrap_or_default();
                *room = room.saturating_sub(COST_OF_MOVING);
                let found = if *room == 0 { None } else { self.at(&from) };
                let found = found.filter(|found| found.fits(MOST_LEVELS, room));
                let Some(found) = found else {
                    *doubt = Some(UNFIT);
                    return self;
                };
                let gone = Act { value: None, inserts: false };
                let rest =
                    if op == "move" { self.changed(&from, "", &gone, &one.pointer, doubt) } else { self };
                rest.changed(&path, "", &Act { value: Some(found), inserts: true }, &one.pointer, doubt)
            }
            _ => {
                *doubt = Some(UNFIT);
                self
            }
        }
    }

    /// What stands at the end of a path, which has a first part.
    fn at(&self, way: &[String]) -> Option<Self> {
        let mut name = "";
        let step = |part: Self, token: &String| {
            if part.is_map() { part.get(token) } else { part.items().into_iter().nth(token.parse().ok()?) }
        };
        way.first()?;
        way.iter().try_fold(self.clone(), |part, token| {
            let known = part.is_map() || !part.is_scalar() && ORDERED.contains(&name);
            name = token;
            step(part, token).filter(|_| known)
        })
    }

    /// Whether there is room for its values, which are on so many levels at most.
    fn fits(&self, levels: usize, room: &mut usize) -> bool {
        let Some((levels, left)) = levels.checked_sub(1).zip(room.checked_sub(1)) else { return false };
        *room = left;
        self.inner().iter().all(|(_, part)| part.fits(levels, room))
    }

    /// This value, which stands at a key, with something else at the end of a path that has a first part; what is made
    /// on the way belongs to what stands at a pointer.
    // Recursion is bounded by the length of the path.
    fn changed(self, way: &[String], name: &str, act: &Act, at: &str, doubt: &mut Doubt) -> Self {
        let Some((first, rest)) = way.split_first() else { return self };
        let pointer = self.pointer.clone();
        let below = |old: Option<Self>, doubt: &mut Doubt| match rest.first() {
            None => act.value.clone(),
            Some(next) => {
                let made = || if is_number(next) { Self::list(at, Vec::new()) } else { Self::map(at) };
                let made = || act.value.is_some().then(made);
                let old = old.filter(|old| !old.is_null()).or_else(made)?;
                Some(old.changed(rest, first, act, at, doubt))
            }
        };
        if self.is_map() {
            let mut entries = self.into_entries();
            let place = entries.iter().position(|(key, _)| **key == **first);
            let old = place.map(|place| entries.remove(place).1);
            let new = below(old, doubt).map(|new| (Arc::from(first.as_str()), new));
            new.into_iter().for_each(|new| entries.insert(place.unwrap_or(entries.len()), new));
            return Self { pointer, content: Content::Map(entries) };
        }
        if self.is_scalar() || !is_number(first) {
            *doubt = Some(UNFIT);
            return self;
        }
        let mut items = self.into_items();
        let known = first.parse().ok().filter(|place| *place < items.len() && ORDERED.contains(&name));
        match known {
            Some(place) if rest.is_empty() && act.inserts => {
                items.splice(place..place, act.value.clone()).for_each(drop)
            }
            Some(place) => {
                let new = below(Some(items.remove(place)), doubt);
                items.splice(place..place, new).for_each(drop);
            }
            None => {
                if !rest.is_empty() || act.value.is_none() {
                    *doubt = Some(WHICH);
                }
                items.extend(below(None, doubt));
            }
        }
        Self::list(&pointer, items)
    }
}

/// The keys and numbers of a path.
fn tokens(path: &str) -> Vec<String> {
    pointer_tokens(path).map(Cow::into_owned).collect()
}

/// Whether a part of a path means an item of a list; one below zero counts from its end.
fn is_number(token: &str) -> bool {
    token == "-" || token.parse::<i64>().is_ok()
}

#[cfg(test)]
mod tests {
    use crate::document::{self, Limits};

    use super::Part;

    fn part(text: &str) -> Part {
        Part::new(document::read("x", text, &Limits::default()).remove(0).unwrap().root(), "")
    }

    fn plain(part: Part) -> serde_json::Value {
        serde_json::to_value(part.into_node()).unwrap()
    }

    #[test]
    fn operations_are_carried_out_in_order() {
        let value = "{containers: [1, 2], b: {c/d: x}, e: y}";
        for (operations, wanted) in [
            ("[{op: add, path: /containers/0, value: 0}]", "{containers: [0, 1, 2], b: {c/d: x}, e: y}"),
            ("[{op: add, path: /containers/-, value: 3}]", "{containers: [1, 2, 3], b: {c/d: x}, e: y}"),
            ("[{op: replace, path: /containers/1, value: 9}]", "{containers: [1, 9], b: {c/d: x}, e: y}"),
            (
                "[{op: remove, path: /containers/0}, {op: remove, path: /containers/0}]",
                "{containers: [], b: {c/d: x}, e: y}",
            ),
            (
                "[{op: add, path: /b/c~1d, value: z}, {op: remove, path: /e}]",
                "{containers: [1, 2], b: {c/d: z}}",
            ),
            (
                "[{op: add, path: /b/new, value: {f: g}}, {op: replace, path: /e}]",
                "{containers: [1, 2], b: {c/d: x, new: {f: g}}}",
            ),
            (
                "[{op: move, from: /e, path: /b/e}, {op: copy, from: /b, path: /containers/0}]",
                "{containers: [{c/d: x, e: y}, 1, 2], b: {c/d: x, e: y}}",
            ),
            (
                "[{op: move, from: /containers/0, path: /containers/-}]",
                "{containers: [2, 1], b: {c/d: x}, e: y}",
            ),
            ("[{op: test, path: /e}, {op: remove, path: /x/y}]", value),
            ("[{op: replace, path: '', value: {a: b}}]", "{a: b}"),
            // What is not there is made: the real pod may have it.
            (
                "[{op: add, path: /x/0/z/-, value: 1}, {op: replace, path: /m, value: 2}]",
                "{containers: [1, 2], b: {c/d: x}, e: y, x: [{z: [1]}], m: 2}",
            ),
        ] {
            let (changed, doubts) = part(value).with_operations(&part(operations));
            assert_eq!(plain(changed), plain(part(wanted)), "{operations}");
            let doubts: Vec<&str> = doubts.iter().map(|(_, why)| *why).collect();
            assert_eq!(doubts, vec![super::WHICH; usize::from(operations.contains("/x/0"))], "{operations}");
        }
    }

    #[test]
    fn what_is_not_known_is_told_and_takes_nothing_away() {
        let value = "{containers: [{a: b}], env: [1, 2], e: y}";
        for (operation, why, wanted) in [
            ("{op: remove, path: /env/0}", super::WHICH, value),
            (
                "{op: replace, path: /env/0/f, value: 1}",
                super::WHICH,
                "{containers: [{a: b}], env: [1, 2, {f: 1}], e: y}",
            ),
            (
                "{op: add, path: /containers/7/f, value: 1}",
                super::WHICH,
                "{containers: [{a: b}, {f: 1}], env: [1, 2], e: y}",
            ),
            (
                "{op: add, path: /containers/-1/f, value: 1}",
                super::WHICH,
                "{containers: [{a: b}, {f: 1}], env: [1, 2], e: y}",
            ),
            ("{op: add, path: /containers/a, value: 1}", super::UNFIT, value),
            ("{op: add, path: /e/f, value: 1}", super::UNFIT, value),
            ("{op: move, from: /z, path: /y}", super::UNFIT, value),
            ("{op: copy, from: /env/0, path: /y}", super::UNFIT, value),
            ("{op: copy, from: '', path: /y}", super::UNFIT, value),
            ("{op: move, from: /e, path: ''}", super::UNFIT, value),
            ("{op: remove, path: ''}", super::UNFIT, value),
            ("{op: add, path: '', value: 1}", super::UNFIT, value),
            ("{op: Add, path: /e, value: 1}", super::UNFIT, value),
            ("{path: /e, value: 1}", super::UNFIT, value),
            ("{op: add, value: 1}", super::UNFIT, value),
            ("x", super::UNFIT, value),
        ] {
            let (changed, doubts) = part(value).with_operations(&part(&format!("[{operation}]")));
            assert_eq!(plain(changed), plain(part(wanted)), "{operation}");
            assert_eq!(doubts, [("/0".to_owned(), why)], "{operation}");
        }
    }

    #[test]
    fn what_is_moved_has_bounds() {
        // Each copies all that there is, one level deeper.
        let copies =
            r#"{"op": "copy", "from": "/a", "path": "/b/c"}, {"op": "move", "from": "/b", "path": "/a/d"},"#;
        let (changed, doubts) =
            part("{a: {e: f}}").with_operations(&part(&format!("[{}]", copies.repeat(5_000))));
        assert!(changed.size() < 100_000 && doubts.len() > 900, "{} {}", changed.size(), doubts.len());
        let deep = format!("[{{op: add, path: {}, value: 1}}]", "/a".repeat(100_000));
        let (changed, doubts) = part("{a: b}").with_operations(&part(&deep));
        assert_eq!((plain(changed), doubts.len()), (plain(part("{a: b}")), 1));
    }
}

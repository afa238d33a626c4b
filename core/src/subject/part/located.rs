//! Parts of a tree that was made of parts, with their own places again.

use super::{Content, Part, locate};

impl Part {
    /// This value, whose pointers are those in a tree, with the places that [`Part::into_tree`] gave of the tree, in the
    /// order of its pointers. Without any it stays as it is.
    // Recursion is bounded by the depth of the value.
    pub(in crate::subject) fn located(self, places: &[(String, String)]) -> Self {
        if places.is_empty() {
            return self;
        }
        let pointer = locate(places, &self.pointer);
        let below = format!("{}/", self.pointer);
        let next = || places.get(places.partition_point(|(own, _)| *own < below));
        let is_one = || next().is_none_or(|(own, _)| !own.starts_with(&below));
        if self.is_scalar() || matches!(self.content, Content::Node(_)) && is_one() {
            return Self { pointer, ..self };
        }
        if self.is_map() {
            let entries = self.into_entries().into_iter().map(|(key, part)| (key, part.located(places)));
            return Self { pointer, content: Content::Map(entries.collect()) };
        }
        let items = self.into_items().into_iter().map(|item| item.located(places));
        Self { pointer, content: Content::List(items.collect()) }
    }
}

#[cfg(test)]
mod tests {
    use super::Part;
    use crate::document::{self, Limits};

    #[test]
    fn what_is_made_of_parts_has_the_places_of_these() {
        let text = "a: {b: [1, {c: 2}], d: 3}\n";
        let document = document::read("in.yaml", text, &Limits::default()).remove(0).unwrap();
        let base = Part::new(document.root().get("a").unwrap(), "/a");
        let whole = base.with("e", Part::text("x", "/far"));
        let (node, places) = whole.into_tree("");
        let again = Part::new(&node, "").located(&places);
        let of = |way: &[&str]| again.find(way).unwrap().pointer;
        assert_eq!(of(&["b"]), "/a/b");
        assert_eq!(again.items_of("b")[1].get("c").unwrap().pointer, "/a/b/1/c");
        assert_eq!((of(&["d"]), of(&["e"])), ("/a/d".to_owned(), "/far".to_owned()));
        let inner = Part::new(node.get("b").unwrap(), "/b").located(&places);
        assert_eq!(inner.items()[1].get("c").unwrap().pointer, "/a/b/1/c");
    }
}

//! The parts of a mapping, a list and a variant, as `serde` asks for them.

use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

use super::{At, Fault, Path, Result};
use crate::document::{Entry, Node};

/// The entries of a mapping.
pub(super) struct Entries<'p, 'n> {
    pub(super) at: &'p At<'p, 'n>,
    pub(super) entries: std::slice::Iter<'n, Entry>,
    pub(super) value: Option<&'n Entry>,
}

impl<'n> MapAccess<'n> for Entries<'_, 'n> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'n>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        for entry in self.entries.by_ref() {
            if self.at.reading.skips(Path::Key(&self.at.path, entry.key())) {
                continue;
            }
            self.value = Some(entry);
            return seed.deserialize((entry.key()).into_deserializer()).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value> {
        let Some(entry) = self.value.take() else {
            return Err(Fault::custom("a value was asked for before its key"));
        };
        let path = Path::Key(&self.at.path, entry.key());
        let at = At { node: Some(entry.value()), path, reading: self.at.reading };
        seed.deserialize(&at).map_err(|fault| at.place(fault))
    }
}

/// The items of a list.
pub(super) struct Items<'p, 'n> {
    pub(super) at: &'p At<'p, 'n>,
    pub(super) items: std::iter::Enumerate<std::slice::Iter<'n, Node>>,
}

impl<'n> SeqAccess<'n> for Items<'_, 'n> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'n>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some((index, node)) = self.items.next() else {
            return Ok(None);
        };
        let path = Path::Index(&self.at.path, index);
        // What is passed over in a list keeps its place, as null, so that the others keep theirs.
        let node = if self.at.reading.skips(path) { None } else { Some(node) };
        let at = At { node, path, reading: self.at.reading };
        seed.deserialize(&at).map(Some).map_err(|fault| at.place(fault))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// A variant without content.
pub(super) struct Variant<'n>(pub(super) &'n str);

impl<'n> EnumAccess<'n> for Variant<'n> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'n>>(self, seed: V) -> Result<(V::Value, Self)> {
        seed.deserialize(self.0.into_deserializer()).map(|value| (value, self))
    }
}

impl<'n> VariantAccess<'n> for Variant<'n> {
    type Error = Fault;

    fn unit_variant(self) -> Result<()> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'n>>(self, _: T) -> Result<T::Value> {
        Err(Fault::invalid_type(Unexpected::UnitVariant, &"a variant with content"))
    }

    fn tuple_variant<V: Visitor<'n>>(self, _: usize, _: V) -> Result<V::Value> {
        Err(Fault::invalid_type(Unexpected::UnitVariant, &"a variant with content"))
    }

    fn struct_variant<V: Visitor<'n>>(self, _: &'static [&'static str], _: V) -> Result<V::Value> {
        Err(Fault::invalid_type(Unexpected::UnitVariant, &"a variant with content"))
    }
}

//! Rewrites of the text alone: the values stay, and so do the findings.

use fastrand::Rng;

use super::emit::Style;
use super::{Case, Rewrite};

macro_rules! styles {
    ($($name:literal: $set:expr;)*) => {
        &[$(Rewrite { name: $name, apply: |case, rng| styled(case, rng, $set) }),*]
    };
}

fn styled(case: &mut Case, rng: &mut Rng, set: fn(&mut Style, &mut Rng)) -> bool {
    case.style.seed = rng.u64(..);
    set(&mut case.style, rng);
    true
}

pub(super) const REWRITES: &[Rewrite] = styles! {
    "JSON": |style, _| style.json = true;
    "escapes in JSON": |style, _| (style.json, style.escapes) = (true, true);
    "escapes in YAML": |style, _| style.escapes = true;
    "order of keys": |style, _| style.key_order = true;
    "flow style": |style, _| style.flow = true;
    "indentation": |style, rng| style.deeper = rng.usize(1..6);
    "lists at their key": |style, _| style.flat_lists = true;
    "quotes": |style, _| style.quotes = true;
    "blocks and broken lines": |style, _| style.blocks = true;
    "truth values of YAML 1.1": |style, _| style.truths = true;
    "numbers in other bases": |style, _| style.numbers = true;
    "spellings of null": |style, _| style.nulls = true;
    "tags": |style, _| style.tags = true;
    "comments": |style, _| style.comments = true;
    "document markers": |style, _| style.markers = true;
    "YAML directive": |style, _| style.directive = true;
    "tabs": |style, _| style.tabs = true;
    "anchors": |style, _| style.anchors = true;
    "merge keys": |style, _| style.merges = true;
    "keys with question marks": |style, _| style.question_marks = true;
    "byte order mark": |style, _| style.mark = true;
    "carriage returns": |style, rng| style.line_end = if rng.bool() { "\r\n" } else { "\r" };
};

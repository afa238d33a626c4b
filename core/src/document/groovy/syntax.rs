//! What a Groovy program is made of, as far as values and calls go: operators are told apart only where they put
//! texts together.

use std::ops::Range;

/// A statement.
#[derive(Debug)]
pub(super) enum Statement {
    Plain(Expr),
    /// `def name = value`, with any modifiers and types.
    Declared {
        name: Word,
        value: Option<Expr>,
    },
    Return(Expr),
    /// Something with a block: `if`, `for`, a method, a class.
    Block(Block),
}

#[derive(Debug)]
pub(super) struct Block {
    /// The word that it begins with; `def name` for a method and `class Name` for a class.
    pub(super) word: Word,
    /// What stands between the word and the block.
    pub(super) head: Vec<Expr>,
    /// The names that are set by whoever enters it.
    pub(super) names: Vec<String>,
    pub(super) body: Vec<Statement>,
}

/// A name and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) bytes: Range<usize>,
}

#[derive(Debug)]
pub(super) struct Expr {
    pub(super) kind: Kind,
    pub(super) bytes: Range<usize>,
}

#[derive(Debug)]
pub(super) enum Kind {
    Text(Vec<Piece>),
    /// A number, a truth value or `null`, as it is written.
    Plain,
    Name(String),
    List(Vec<Expr>),
    Map(Vec<(Key, Expr)>),
    Closure {
        names: Vec<String>,
        body: Vec<Statement>,
    },
    /// Something of which members, items or results are taken.
    Path {
        base: Box<Expr>,
        steps: Vec<Step>,
    },
    /// `a + b + …`
    Sum(Vec<Expr>),
    /// Something set, by `=` alone where it is plain. What is counted up or down is set to something empty.
    Set {
        to: Vec<Expr>,
        value: Box<Expr>,
        plain: bool,
    },
    /// Anything else, with the values in it.
    Other(Vec<Expr>),
}

#[derive(Debug)]
pub(super) enum Key {
    Word(Word),
    /// A key that has to be worked out.
    Open(Box<Expr>),
}

impl Key {
    /// Where it stands.
    pub(super) fn bytes(&self) -> Range<usize> {
        match self {
            Self::Word(word) => word.bytes.clone(),
            Self::Open(key) => key.bytes.clone(),
        }
    }
}

#[derive(Debug)]
pub(super) enum Step {
    Member(Word),
    Call(Vec<Argument>),
    Index(Vec<Expr>),
}

/// An argument of a call; a closure behind it is its last.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) name: Option<Key>,
    pub(super) value: Expr,
}

impl Argument {
    /// What is given when something is made: an argument with a name sets what has this name.
    pub(super) fn set(self) -> Expr {
        let Some(Key::Word(name)) = self.name else { return self.value };
        let bytes = name.bytes.start..self.value.bytes.end;
        let to = vec![Expr { kind: Kind::Name(name.text), bytes: name.bytes }];
        Expr { kind: Kind::Set { to, value: Box::new(self.value), plain: false }, bytes }
    }
}

/// A part of a string.
#[derive(Debug)]
pub(super) enum Piece {
    Same(Range<usize>),
    Means(String, Range<usize>),
    /// An expression that is filled in, where there is one, and the bytes of all of it.
    Filled(Option<Box<Expr>>, Range<usize>),
}

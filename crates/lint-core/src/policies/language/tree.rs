//! An expression as it is written.

use std::ops::Range;

/// An expression, and the bytes of its text.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) kind: TreeKind,
    pub(crate) span: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum TreeKind {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    Name(String),
    /// `of.field`, or `has(of.field)`.
    Select {
        of: Box<Tree>,
        field: String,
        /// Where the name stands.
        at: Range<usize>,
        is_test: bool,
    },
    /// An operator or a function.
    Call {
        name: String,
        target: Option<Box<Tree>>,
        args: Vec<Tree>,
        /// Where its name or sign stands.
        at: Range<usize>,
    },
    List(Vec<Tree>),
    Map(Vec<(Tree, Tree)>),
    /// What goes through a list, or the keys of a map.
    Fold(Box<Fold>),
    /// Something that policies have no use for.
    Other(&'static str),
}

#[derive(Debug)]
pub(crate) struct Fold {
    pub(crate) kind: FoldKind,
    pub(crate) over: Tree,
    /// The name of each element.
    pub(crate) name: String,
    /// What each is asked.
    pub(crate) test: Option<Tree>,
    /// What is made of each.
    pub(crate) makes: Option<Tree>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FoldKind {
    All,
    Exists,
    ExistsOne,
    /// `map` and `filter`.
    Collect,
}

/// A fault of an expression, and the bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

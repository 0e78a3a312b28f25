//! An expression whose types are known to fit.

use std::fmt;
use std::sync::Arc;

use crate::policies::language::functions::Function;
use crate::policies::language::tree::FoldKind;

/// What is worked out.
#[derive(Debug)]
pub(crate) enum Code {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Arc<str>),
    List(Vec<Code>),
    Map(Vec<(Code, Code)>),
    /// A root of the view.
    Root(&'static str),
    /// The element that is being looked at, counted from the outermost.
    Element(usize),
    /// A field of a part.
    Field {
        of: Box<Code>,
        name: Arc<str>,
        /// As it is written.
        what: Arc<str>,
    },
    /// Whether a field is set, or a map has a key.
    Has {
        of: Box<Code>,
        name: Arc<str>,
    },
    /// The value of a key.
    Key {
        of: Box<Code>,
        key: Box<Code>,
        what: Arc<str>,
    },
    /// The element of a number.
    Index {
        of: Box<Code>,
        at: Box<Code>,
        what: Arc<str>,
    },
    And(Box<Code>, Box<Code>),
    Or(Box<Code>, Box<Code>),
    Not(Box<Code>),
    Choose(Box<[Code; 3]>),
    Equal(Box<[Code; 2]>),
    /// The order of two, and which orders count: less, equal, greater.
    Order(Box<[Code; 2]>, [bool; 3]),
    In(Box<[Code; 2]>),
    Calculate(Operator, Box<[Code; 2]>),
    Negate(Box<Code>),
    /// Whether something is known, or how sure it is.
    Known(Box<Code>),
    State(Box<Code>),
    Call(&'static Function, Vec<Code>),
    /// `matches` with a pattern that is written out.
    Matches(Box<Code>, Pattern),
    Fold {
        kind: FoldKind,
        over: Box<Code>,
        test: Option<Box<Code>>,
        makes: Option<Box<Code>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A regular expression.
pub(crate) struct Pattern {
    pub(crate) regex: regex_lite::Regex,
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.regex.as_str())
    }
}

//! What the reference of the view says of a field.

use std::rc::Rc;

use crate::policies::language::types::Type;
use crate::policies::view::kind::Kind;

/// A field of a part of the view.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) docs: &'static str,
}

/// The type of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Bool,
    Int,
    Double,
    Text,
    /// Text that is one of these words.
    Word(&'static [&'static str]),
    Texts,
    TextMap,
    One(Kind),
    Many(Kind),
}

pub(crate) const fn field(name: &'static str, shape: Shape, docs: &'static str) -> Field {
    Field { name, shape, docs }
}

impl Shape {
    /// As the type of an expression.
    pub(crate) fn of_expression(self) -> Type {
        match self {
            Shape::Bool => Type::Bool,
            Shape::Int => Type::Int,
            Shape::Double => Type::Double,
            Shape::Text => Type::Text,
            Shape::Word(words) => Type::Word(words),
            Shape::Texts => Type::List(Rc::new(Type::Text)),
            Shape::TextMap => Type::Map(Rc::new(Type::Text)),
            Shape::One(kind) => Type::Part(kind),
            Shape::Many(kind) => Type::List(Rc::new(Type::Part(kind))),
        }
    }

    /// As CEL calls it.
    pub(crate) fn in_cel(self) -> String {
        match self {
            Shape::Bool => "bool".to_owned(),
            Shape::Int => "int".to_owned(),
            Shape::Double => "double".to_owned(),
            Shape::Text | Shape::Word(_) => "string".to_owned(),
            Shape::Texts => "list(string)".to_owned(),
            Shape::TextMap => "map(string, string)".to_owned(),
            Shape::One(kind) => kind.name().to_owned(),
            Shape::Many(kind) => format!("list({})", kind.name()),
        }
    }
}

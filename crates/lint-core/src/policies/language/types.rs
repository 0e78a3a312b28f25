//! The types of expressions.

use std::fmt;
use std::rc::Rc;

use crate::policies::view::kind::Kind;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Any: an element of an empty list.
    Any,
    Bool,
    Int,
    Double,
    Text,
    /// Text that is one of a few words.
    Word(&'static [&'static str]),
    List(Rc<Type>),
    /// From text.
    Map(Rc<Type>),
    /// A part of the view.
    Part(Kind),
    /// What the policy is given.
    Params(Rc<[(String, Type)]>),
}

impl Type {
    /// Whether it is text.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Type::Text | Type::Word(_) | Type::Any)
    }

    /// Whether it is a number.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Type::Int | Type::Double | Type::Any)
    }

    /// Whether it can be written into a message.
    pub(crate) fn is_scalar(&self) -> bool {
        self.is_text() || self.is_number() || *self == Type::Bool
    }

    /// Whether values of the two can be equal. Numbers of both kinds can.
    pub(crate) fn compares_to(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::List(one), Type::List(other)) | (Type::Map(one), Type::Map(other)) => {
                one.compares_to(other)
            }
            (Type::Part(_), _) | (_, Type::Part(_)) | (Type::Params(_), _) | (_, Type::Params(_)) => false,
            (one, other) => {
                one.is_text() && other.is_text()
                    || one.is_number() && other.is_number()
                    || (*one == Type::Bool && *other == Type::Bool)
            }
        }
    }

    /// The type of both, where there is one.
    pub(crate) fn joined(&self, other: &Type) -> Option<Type> {
        match (self, other) {
            (Type::Any, other) => Some(other.clone()),
            (one, Type::Any) => Some(one.clone()),
            (one, other) if one == other => Some(one.clone()),
            (one, other) if one.is_text() && other.is_text() => Some(Type::Text),
            (Type::List(one), Type::List(other)) => Some(Type::List(Rc::new(one.joined(other)?))),
            (Type::Map(one), Type::Map(other)) => Some(Type::Map(Rc::new(one.joined(other)?))),
            _ => None,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("anything"),
            Type::Bool => f.write_str("a truth value"),
            Type::Int => f.write_str("a whole number"),
            Type::Double => f.write_str("a number"),
            Type::Text | Type::Word(_) => f.write_str("text"),
            Type::List(of) => write!(f, "a list (each element {of})"),
            Type::Map(of) => write!(f, "a map (each value {of})"),
            Type::Part(kind) => f.write_str(&kind.with_article()),
            Type::Params(_) => f.write_str("the parameters"),
        }
    }
}

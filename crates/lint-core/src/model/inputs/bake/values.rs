//! What the expressions of Bake come to, as far as that can be said without running anything.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use lint_parser::hcl::{Body, Expr, ExprKind, Piece, Step};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;

use crate::model::inputs::bake::functions;
use crate::model::inputs::bake::value::{Value, text_of};
use crate::model::kit::holes::UNKNOWN;

/// How many expressions are worked out for one file, how deep, and how long a text may become.
const MOST_STEPS: usize = 200_000;
const DEEPEST: usize = 40;
const LONGEST: usize = 16 << 10;

/// The variables of a file.
pub(super) struct Scope<'b> {
    /// Constants, and variables with the expression of their default.
    named: BTreeMap<&'b str, &'b Expr>,
    /// Those that are declared, whatever they hold.
    declared: BTreeSet<&'b str>,
    /// What an axis of a matrix holds.
    pub(super) axes: RefCell<BTreeMap<String, Value>>,
    /// The functions that are declared.
    functions: BTreeMap<&'b str, &'b Body>,
    steps: Cell<usize>,
}

impl<'b> Scope<'b> {
    /// The scope of files that are read one after the other.
    pub(super) fn of(bodies: &'b [Body]) -> Self {
        let mut scope = Self {
            named: BTreeMap::new(),
            declared: BTreeSet::new(),
            axes: RefCell::default(),
            functions: BTreeMap::new(),
            steps: Cell::new(0),
        };
        for body in bodies {
            for attribute in &body.attributes {
                scope.declare(&attribute.name.value, Some(&attribute.value));
            }
            for block in body.blocks.iter().filter(|block| block.kind.value == "function") {
                if let Some(label) = block.labels.first() {
                    scope.functions.insert(&label.value, &block.body);
                }
            }
            for block in body.blocks.iter().filter(|block| block.kind.value == "variable") {
                let Some(label) = block.labels.first() else { continue };
                let default = block.body.attributes.iter().find(|one| one.name.value == "default");
                scope.declare(&label.value, default.map(|default| &default.value));
            }
        }
        scope
    }

    fn declare(&mut self, name: &'b str, value: Option<&'b Expr>) {
        self.declared.insert(name);
        if let Some(value) = value {
            self.named.insert(name, value);
        }
    }

    /// What an expression comes to.
    pub(super) fn value(&self, expr: &Expr, depth: usize) -> Value {
        self.steps.set(self.steps.get() + 1);
        if depth > DEEPEST || self.steps.get() > MOST_STEPS {
            return Value::Unknown;
        }
        match &expr.kind {
            ExprKind::Null => Value::Null,
            ExprKind::Bool(is) => Value::Bool(*is),
            ExprKind::Number(number) => Value::Text(Mapped::replaced(number.clone(), expr.span)),
            ExprKind::Text(pieces) => self.text(pieces, expr.span, depth),
            ExprKind::List(items) => {
                Value::List(items.iter().map(|item| self.value(item, depth + 1)).collect())
            }
            ExprKind::Map(entries) => {
                let entry = |(key, value): &(Expr, Expr)| {
                    let name = text_of(&self.value(key, depth + 1))?.to_owned();
                    Some((name, key.span, self.value(value, depth + 1)))
                };
                Value::Map(entries.iter().filter_map(entry).collect())
            }
            ExprKind::Name(name) => self.named(name, expr.span, depth),
            ExprKind::Part(of, steps) => self.part(of, steps, depth),
            ExprKind::Call(name, args) => {
                let args = args.iter().map(|arg| self.value(arg, depth + 1)).collect::<Vec<_>>();
                match self.functions.get(name.as_str()) {
                    Some(function) => moved(self.declared_function(function, args, depth), expr.span),
                    None => functions::call(name, &args, expr.span),
                }
            }
            ExprKind::If(parts) => {
                let [condition, yes, no] = &**parts;
                match self.value(condition, depth + 1) {
                    Value::Bool(true) => self.value(yes, depth + 1),
                    Value::Bool(false) => self.value(no, depth + 1),
                    _ => Value::Unknown,
                }
            }
            ExprKind::Not(inner) => match self.value(inner, depth + 1) {
                Value::Bool(is) => Value::Bool(!is),
                _ => Value::Unknown,
            },
            ExprKind::Binary(operator, parts) => {
                let [left, right] = [&parts[0], &parts[1]].map(|part| self.value(part, depth + 1));
                compare(operator, &left, &right)
            }
            _ => Value::Unknown,
        }
    }

    /// What a function of the file's own yields.
    fn declared_function(&self, function: &Body, args: Vec<Value>, depth: usize) -> Value {
        let attribute = |name: &str| function.attributes.iter().find(|one| one.name.value == name);
        let name = |expr: &Expr| match &expr.kind {
            ExprKind::Name(name) => Some(name.clone()),
            _ => None,
        };
        let params = match attribute("params").map(|params| &params.value.kind) {
            Some(ExprKind::List(params)) => params.iter().filter_map(name).collect(),
            _ => Vec::new(),
        };
        let rest = attribute("variadic_params").and_then(|rest| name(&rest.value));
        let Some(result) = attribute("result").filter(|_| args.len() >= params.len()) else {
            return Value::Unknown;
        };
        let mut args = args.into_iter();
        let mut known: BTreeMap<String, Value> = params.into_iter().zip(args.by_ref()).collect();
        if let Some(rest) = rest {
            known.insert(rest, Value::List(args.collect()));
        }
        let outer = self.axes.replace(known);
        let value = self.value(&result.value, depth + 1);
        self.axes.replace(outer);
        value
    }

    fn named(&self, name: &str, at: Span, depth: usize) -> Value {
        if let Some(value) = self.axes.borrow().get(name) {
            return moved(value.clone(), at);
        }
        match self.named.get(name) {
            Some(expr) => moved(self.value(expr, depth + 1), at),
            // A variable without a default is empty, but it is there to be set.
            None => Value::Unknown,
        }
    }

    fn part(&self, of: &Expr, steps: &[Step], depth: usize) -> Value {
        let mut value = self.value(of, depth + 1);
        for step in steps {
            let key = match step {
                Step::Name(name) => name.clone(),
                Step::Index(index) => match text_of(&self.value(index, depth + 1)) {
                    Some(text) => text.to_owned(),
                    None => return Value::Unknown,
                },
                Step::Other => return Value::Unknown,
            };
            value = match value {
                Value::Map(entries) => entries
                    .into_iter()
                    .find(|(name, ..)| *name == key)
                    .map_or(Value::Unknown, |(.., value)| value),
                Value::List(items) => {
                    key.parse().ok().and_then(|at: usize| items.get(at).cloned()).unwrap_or(Value::Unknown)
                }
                _ => Value::Unknown,
            };
        }
        value
    }

    fn text(&self, pieces: &[Piece], span: Span, depth: usize) -> Value {
        if let [Piece::Text(text)] = pieces {
            return Value::Text(text.clone());
        }
        let mut out = MappedBuilder::default();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_mapped(text),
                Piece::Value(expr) => match self.value(expr, depth + 1) {
                    Value::Text(text) => out.push_replaced(text.text(), expr.span),
                    Value::Bool(is) => out.push_replaced(if is { "true" } else { "false" }, expr.span),
                    Value::Null => {}
                    _ => out.push_replaced(&UNKNOWN.to_string(), expr.span),
                },
            }
            if out.text().len() > LONGEST {
                return Value::Unknown;
            }
        }
        Value::Text(out.finish(span))
    }
}

/// A value that a variable brings along stands where the variable does.
fn moved(value: Value, at: Span) -> Value {
    match value {
        Value::Text(text) => Value::Text(Mapped::replaced(text.text(), at)),
        Value::List(items) => Value::List(items.into_iter().map(|item| moved(item, at)).collect()),
        Value::Map(entries) => {
            Value::Map(entries.into_iter().map(|(name, _, value)| (name, at, moved(value, at))).collect())
        }
        other => other,
    }
}

fn compare(operator: &str, left: &Value, right: &Value) -> Value {
    match (operator, left, right) {
        ("&&", Value::Bool(a), Value::Bool(b)) => Value::Bool(*a && *b),
        ("||", Value::Bool(a), Value::Bool(b)) => Value::Bool(*a || *b),
        ("==" | "!=", ..) => match functions::same(left, right) {
            Some(is) => Value::Bool(is == (operator == "==")),
            None => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

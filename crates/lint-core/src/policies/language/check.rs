//! Checks the types of an expression against the view: what cannot be worked out is a fault of the configuration, found
//! before anything is linted. A field that does not exist would otherwise make a policy that never fires.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use lint_parser::text::near::nearest;

use crate::policies::language::code::{Code, Operator, Pattern};
use crate::policies::language::functions::{self, Function};
use crate::policies::language::tree::{Fault, Fold, FoldKind, Tree, TreeKind};
use crate::policies::language::types::Type;
use crate::policies::view::{self, kind::Kind};

/// How deep loops may stand in loops: each multiplies the work by the length of a list.
const DEEPEST_LOOPS: usize = 3;

/// The names that an expression may begin with.
pub(crate) struct Names {
    pub(crate) roots: Vec<(&'static str, Kind)>,
    pub(crate) params: Vec<(String, Type)>,
}

/// Checks an expression.
///
/// # Errors
/// The first thing that does not fit.
pub(crate) fn check(text: &str, tree: &Tree, names: &Names) -> Result<(Code, Type), Fault> {
    let mut checker = Checker { text, names, elements: Vec::new() };
    checker.code(tree)
}

struct Checker<'c> {
    text: &'c str,
    names: &'c Names,
    /// The names of the elements of the loops around.
    elements: Vec<(String, Type)>,
}

type Checked = Result<(Code, Type), Fault>;

impl Checker<'_> {
    fn code(&mut self, tree: &Tree) -> Checked {
        match &tree.kind {
            TreeKind::Bool(value) => Ok((Code::Bool(*value), Type::Bool)),
            TreeKind::Int(value) => Ok((Code::Int(*value), Type::Int)),
            TreeKind::Double(value) => Ok((Code::Double(*value), Type::Double)),
            TreeKind::Text(text) => Ok((Code::Text(text.as_str().into()), Type::Text)),
            TreeKind::Name(name) => self.name(name, &tree.span),
            TreeKind::Select { of, field, at, is_test } => self.select(tree, of, field, at, *is_test),
            TreeKind::Call { name, target, args, at } => self.call(tree, name, target.as_deref(), args, at),
            TreeKind::List(items) => self.list(items),
            TreeKind::Map(entries) => self.map(entries),
            TreeKind::Fold(fold) => self.fold(fold),
            TreeKind::Other(what) => {
                Err(Fault::new(tree.span.clone(), format!("{what} has no use in a policy")))
            }
        }
    }

    fn name(&self, name: &str, span: &Range<usize>) -> Checked {
        if let Some(at) = self.elements.iter().rposition(|(own, _)| own == name) {
            let kind = self.elements.get(at).map_or(Type::Any, |(_, kind)| kind.clone());
            return Ok((Code::Element(at), kind));
        }
        if let Some((root, kind)) = self.names.roots.iter().find(|(root, _)| *root == name) {
            return Ok((Code::Root(root), Type::Part(*kind)));
        }
        if name == "params" {
            return Ok((Code::Root("params"), Type::Params(self.names.params.clone().into())));
        }
        let roots = self.names.roots.iter().map(|(root, _)| *root);
        let mut known: Vec<&str> = self.elements.iter().map(|(name, _)| name.as_str()).chain(roots).collect();
        if !self.names.params.is_empty() {
            known.push("params");
        }
        let meant = match nearest(name, known.iter().copied()).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", known.join(", ")),
        };
        Err(Fault::new(span.clone(), format!("there is no `{name}` here; {meant}")))
    }

    fn written(&self, tree: &Tree) -> Arc<str> {
        self.text.get(tree.span.clone()).unwrap_or_default().into()
    }

    fn select(&mut self, tree: &Tree, of: &Tree, field: &str, at: &Range<usize>, is_test: bool) -> Checked {
        let (code, kind) = self.code(of)?;
        let of = Box::new(code);
        let (name, what): (Arc<str>, Arc<str>) = (field.into(), self.written(tree));
        let gives = match &kind {
            Type::Part(part) => match view::field(*part, field) {
                Some(found) => found.shape.of_expression(),
                None => return Err(self.no_field(*part, field, at)),
            },
            Type::Params(params) => match params.iter().find(|(own, _)| own == field) {
                Some((_, kind)) => kind.clone(),
                None => {
                    let near = nearest(field, params.iter().map(|(name, _)| name.as_str()));
                    let meant =
                        near.first().map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                    return Err(Fault::new(at.clone(), format!("`with` gives no `{field}`{meant}")));
                }
            },
            Type::Map(of_value) if is_test => {
                return Ok((Code::Has { of, name }, {
                    let _ = of_value;
                    Type::Bool
                }));
            }
            Type::Map(value) => {
                let value = (**value).clone();
                return Ok((Code::Key { of, key: Box::new(Code::Text(name)), what }, value));
            }
            other => return Err(Fault::new(at.clone(), format!("{other} has no fields, so no `{field}`"))),
        };
        if is_test {
            return Ok((Code::Has { of, name }, Type::Bool));
        }
        Ok((Code::Field { of, name, what }, gives))
    }

    fn no_field(&self, part: Kind, field: &str, at: &Range<usize>) -> Fault {
        let names = || view::fields(part).iter().map(|field| field.name);
        let meant = match nearest(field, names()).first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has {}", names().collect::<Vec<_>>().join(", ")),
        };
        Fault::new(at.clone(), format!("{} has no `{field}`; {meant}", part.with_article()))
    }

    fn list(&mut self, items: &[Tree]) -> Checked {
        let mut of = Type::Any;
        let mut codes = Vec::new();
        for item in items {
            let (code, kind) = self.code(item)?;
            let Some(joined) = of.joined(&kind) else {
                let message = format!("this is {kind}, and what is before it in the list is {of}");
                return Err(Fault::new(item.span.clone(), message));
            };
            of = joined;
            codes.push(code);
        }
        Ok((Code::List(codes), Type::List(Rc::new(of))))
    }

    fn map(&mut self, entries: &[(Tree, Tree)]) -> Checked {
        let mut of = Type::Any;
        let mut codes = Vec::new();
        for (key, value) in entries {
            let (key_code, kind) = self.code(key)?;
            if !kind.is_text() {
                return Err(Fault::new(key.span.clone(), format!("a key is text, and this is {kind}")));
            }
            let (code, kind) = self.code(value)?;
            let Some(joined) = of.joined(&kind) else {
                let message = format!("this is {kind}, and what is before it in the map is {of}");
                return Err(Fault::new(value.span.clone(), message));
            };
            of = joined;
            codes.push((key_code, code));
        }
        Ok((Code::Map(codes), Type::Map(Rc::new(of))))
    }

    fn fold(&mut self, fold: &Fold) -> Checked {
        let (over, kind) = self.code(&fold.over)?;
        let element = match &kind {
            Type::List(of) => (**of).clone(),
            Type::Map(_) => Type::Text,
            other => {
                let message = format!("a list or a map is needed here, and this is {other}");
                return Err(Fault::new(fold.over.span.clone(), message));
            }
        };
        if self.elements.len() >= DEEPEST_LOOPS {
            let message = format!("lists are gone through at most {DEEPEST_LOOPS} deep");
            return Err(Fault::new(fold.over.span.clone(), message));
        }
        self.elements.push((fold.name.clone(), element));
        let inner = self.inner(fold);
        let element = self.elements.pop().map_or(Type::Any, |(_, kind)| kind);
        let (test, makes) = inner?;
        let gives = match (fold.kind, &makes) {
            (FoldKind::All | FoldKind::Exists | FoldKind::ExistsOne, _) => Type::Bool,
            (FoldKind::Collect, Some((_, kind))) => Type::List(Rc::new(kind.clone())),
            (FoldKind::Collect, None) => Type::List(Rc::new(element)),
        };
        let makes = makes.map(|(code, _)| Box::new(code));
        Ok((Code::Fold { kind: fold.kind, over: Box::new(over), test, makes }, gives))
    }

    #[expect(clippy::type_complexity, reason = "what a loop asks of its elements and makes of them")]
    fn inner(&mut self, fold: &Fold) -> Result<(Option<Box<Code>>, Option<(Code, Type)>), Fault> {
        let test = match &fold.test {
            Some(test) => Some(Box::new(self.truth(test)?)),
            None => None,
        };
        let makes = fold.makes.as_ref().map(|makes| self.code(makes)).transpose()?;
        Ok((test, makes))
    }

    /// A part that must be true or false.
    fn truth(&mut self, tree: &Tree) -> Result<Code, Fault> {
        let (code, kind) = self.code(tree)?;
        if !matches!(kind, Type::Bool | Type::Any) {
            return Err(Fault::new(
                tree.span.clone(),
                format!("a truth value is needed here, and this is {kind}"),
            ));
        }
        Ok(code)
    }

    fn call(
        &mut self,
        tree: &Tree,
        name: &str,
        target: Option<&Tree>,
        args: &[Tree],
        at: &Range<usize>,
    ) -> Checked {
        match (name, target, args) {
            ("_&&_", None, [one, two]) => {
                Ok((Code::And(Box::new(self.truth(one)?), Box::new(self.truth(two)?)), Type::Bool))
            }
            ("_||_", None, [one, two]) => {
                Ok((Code::Or(Box::new(self.truth(one)?), Box::new(self.truth(two)?)), Type::Bool))
            }
            ("!_", None, [one]) => Ok((Code::Not(Box::new(self.truth(one)?)), Type::Bool)),
            ("_?_:_", None, [test, one, two]) => self.choose(test, one, two),
            ("_==_", None, [one, two]) => Ok((self.equal(one, two, at)?, Type::Bool)),
            ("_!=_", None, [one, two]) => Ok((Code::Not(Box::new(self.equal(one, two, at)?)), Type::Bool)),
            ("_<_", None, [one, two]) => self.order(one, two, at, [true, false, false]),
            ("_<=_", None, [one, two]) => self.order(one, two, at, [true, true, false]),
            ("_>_", None, [one, two]) => self.order(one, two, at, [false, false, true]),
            ("_>=_", None, [one, two]) => self.order(one, two, at, [false, true, true]),
            ("@in" | "_in_" | "in", None, [one, two]) => self.within(one, two),
            ("_[_]", None, [of, key]) => self.index(tree, of, key),
            ("-_", None, [of]) => {
                let (code, kind) = self.code(of)?;
                match kind.is_number() {
                    true => Ok((Code::Negate(Box::new(code)), kind)),
                    false => Err(Fault::new(of.span.clone(), format!("{kind} cannot be negative"))),
                }
            }
            ("_?._" | "_[?_]", ..) => {
                let message =
                    "fields that nobody sets are empty here; write `.` and, where that matters, `has(…)`";
                Err(Fault::new(at.clone(), message))
            }
            ("known" | "state", None, [of]) => {
                let code = Box::new(self.code(of)?.0);
                Ok(match name {
                    "known" => (Code::Known(code), Type::Bool),
                    _ => (Code::State(code), Type::Word(&["known", "default", "unknown"])),
                })
            }
            (_, None, [one, two]) if operator(name).is_some() => {
                let Some((operator, sign)) = operator(name) else {
                    return self.function(tree, name, target, args, at);
                };
                self.calculate(operator, sign, one, two, at)
            }
            _ => self.function(tree, name, target, args, at),
        }
    }

    fn choose(&mut self, test: &Tree, one: &Tree, two: &Tree) -> Checked {
        let test = self.truth(test)?;
        let ((one_code, one_kind), (two_code, two_kind)) = (self.code(one)?, self.code(two)?);
        let Some(kind) = one_kind.joined(&two_kind) else {
            let message = format!("this is {two_kind}, and the other choice is {one_kind}");
            return Err(Fault::new(two.span.clone(), message));
        };
        Ok((Code::Choose(Box::new([test, one_code, two_code])), kind))
    }

    fn equal(&mut self, one: &Tree, two: &Tree, at: &Range<usize>) -> Result<Code, Fault> {
        let ((one_code, one_kind), (two_code, two_kind)) = (self.code(one)?, self.code(two)?);
        if !one_kind.compares_to(&two_kind) {
            return Err(Fault::new(at.clone(), format!("{one_kind} is never equal to {two_kind}")));
        }
        self.word(&one_kind, two)?;
        self.word(&two_kind, one)?;
        Ok(Code::Equal(Box::new([one_code, two_code])))
    }

    /// Whether a text that is written out is among the words of what it is compared with.
    fn word(&self, kind: &Type, other: &Tree) -> Result<(), Fault> {
        let (Type::Word(words), TreeKind::Text(text)) = (kind, &other.kind) else { return Ok(()) };
        if text.is_empty() || words.contains(&text.as_str()) {
            return Ok(());
        }
        let meant = match nearest(text, words.iter().copied()).first() {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("it is one of {}", words.join(", ")),
        };
        Err(Fault::new(other.span.clone(), format!("it is never '{text}'; {meant}")))
    }

    fn order(&mut self, one: &Tree, two: &Tree, at: &Range<usize>, counts: [bool; 3]) -> Checked {
        let ((one_code, one_kind), (two_code, two_kind)) = (self.code(one)?, self.code(two)?);
        if !one_kind.compares_to(&two_kind) || !one_kind.is_scalar() && one_kind != Type::Any {
            return Err(Fault::new(
                at.clone(),
                format!("{one_kind} is neither less nor more than {two_kind}"),
            ));
        }
        Ok((Code::Order(Box::new([one_code, two_code]), counts), Type::Bool))
    }

    fn within(&mut self, one: &Tree, two: &Tree) -> Checked {
        let ((one_code, one_kind), (two_code, two_kind)) = (self.code(one)?, self.code(two)?);
        match &two_kind {
            Type::List(of) if of.compares_to(&one_kind) => {}
            Type::List(of) => {
                let message = format!("{one_kind} is never in a list of which each element is {of}");
                return Err(Fault::new(one.span.clone(), message));
            }
            Type::Map(_) if one_kind.is_text() => {}
            Type::Map(_) => {
                return Err(Fault::new(one.span.clone(), format!("a key is text, and this is {one_kind}")));
            }
            other => {
                let message = format!("a list or a map is needed here, and this is {other}");
                return Err(Fault::new(two.span.clone(), message));
            }
        }
        if let TreeKind::List(items) = &two.kind {
            items.iter().try_for_each(|item| self.word(&one_kind, item))?;
        }
        Ok((Code::In(Box::new([one_code, two_code])), Type::Bool))
    }

    fn index(&mut self, tree: &Tree, of: &Tree, key: &Tree) -> Checked {
        if let (TreeKind::Text(name), Type::Part(_) | Type::Params(_)) = (&key.kind, &self.code(of)?.1) {
            return self.select(tree, of, name, &key.span, false);
        }
        let ((code, kind), (key_code, key_kind)) = (self.code(of)?, self.code(key)?);
        let (of_code, key_code, what) = (Box::new(code), Box::new(key_code), self.written(tree));
        match &kind {
            Type::Map(value) if key_kind.is_text() => {
                Ok((Code::Key { of: of_code, key: key_code, what }, (**value).clone()))
            }
            Type::Map(_) => {
                Err(Fault::new(key.span.clone(), format!("a key is text, and this is {key_kind}")))
            }
            Type::List(value) if matches!(key_kind, Type::Int | Type::Any) => {
                Ok((Code::Index { of: of_code, at: key_code, what }, (**value).clone()))
            }
            Type::List(_) => Err(Fault::new(
                key.span.clone(),
                format!("a whole number is needed here, and this is {key_kind}"),
            )),
            other => Err(Fault::new(of.span.clone(), format!("{other} has no elements"))),
        }
    }

    fn calculate(
        &mut self,
        operator: Operator,
        sign: &str,
        one: &Tree,
        two: &Tree,
        at: &Range<usize>,
    ) -> Checked {
        let ((one_code, one_kind), (two_code, two_kind)) = (self.code(one)?, self.code(two)?);
        let both = one_kind.joined(&two_kind);
        let fits = match (&both, operator) {
            (Some(Type::Int | Type::Any), _) => true,
            (Some(Type::Double), operator) => operator != Operator::Remainder,
            (Some(Type::Text | Type::Word(_) | Type::List(_)), Operator::Add) => true,
            _ => false,
        };
        let Some(kind) = both.filter(|_| fits) else {
            let hint = match (&one_kind, &two_kind) {
                (Type::Int, Type::Double) | (Type::Double, Type::Int) => {
                    "; `double(…)` makes one of a whole number"
                }
                (text, number) | (number, text) if text.is_text() && number.is_number() => {
                    "; `string(…)` makes text of a number"
                }
                _ => "",
            };
            return Err(Fault::new(
                at.clone(),
                format!("`{sign}` does not go with {one_kind} and {two_kind}{hint}"),
            ));
        };
        let kind = if kind.is_text() && kind != Type::Any { Type::Text } else { kind };
        Ok((Code::Calculate(operator, Box::new([one_code, two_code])), kind))
    }

    fn function(
        &mut self,
        tree: &Tree,
        name: &str,
        target: Option<&Tree>,
        args: &[Tree],
        at: &Range<usize>,
    ) -> Checked {
        let all: Vec<&Tree> = target.into_iter().chain(args).collect();
        let checked = all.iter().map(|arg| self.code(arg)).collect::<Result<Vec<_>, _>>()?;
        let written =
            |function: &Function| if target.is_some() { function.is_method } else { function.is_free };
        let named: Vec<&'static Function> = functions::named(name).collect();
        let Some(first) = named.first() else { return Err(no_function(name, at)) };
        if !named.iter().any(|function| written(function)) {
            let how = if first.is_method { format!("`x.{name}(…)`") } else { format!("`{name}(x)`") };
            return Err(Fault::new(at.clone(), format!("`{name}` is called as {how}")));
        }
        let Some(function) = named.iter().find(|function| function.takes.len() == checked.len()) else {
            let counts: Vec<String> = named
                .iter()
                .map(|function| (function.takes.len() - usize::from(target.is_some())).to_string())
                .collect();
            let message = format!("`{name}` takes {} values here, not {}", counts.join(" or "), args.len());
            return Err(Fault::new(tree.span.clone(), message));
        };
        for ((takes, (_, kind)), arg) in function.takes.iter().zip(&checked).zip(&all) {
            if !takes.fits(kind) {
                let message = format!("`{name}` takes {} here, and this is {kind}", takes.in_words());
                return Err(Fault::new(arg.span.clone(), message));
            }
        }
        let mut codes: Vec<Code> = checked.into_iter().map(|(code, _)| code).collect();
        let gives = function.gives.of_expression();
        if name == "matches"
            && let Some(TreeKind::Text(pattern)) = all.get(1).map(|tree| &tree.kind)
        {
            let span = all.get(1).map_or(at.clone(), |tree| tree.span.clone());
            let regex = functions::pattern(pattern)
                .map_err(|why| Fault::new(span, format!("this is no regular expression: {why}")))?;
            codes.truncate(1);
            let of = codes.pop().unwrap_or(Code::Bool(false));
            return Ok((Code::Matches(Box::new(of), Pattern { regex }), gives));
        }
        Ok((Code::Call(function, codes), gives))
    }
}

fn operator(name: &str) -> Option<(Operator, &'static str)> {
    Some(match name {
        "_+_" => (Operator::Add, "+"),
        "_-_" => (Operator::Subtract, "-"),
        "_*_" => (Operator::Multiply, "*"),
        "_/_" => (Operator::Divide, "/"),
        "_%_" => (Operator::Remainder, "%"),
        _ => return None,
    })
}

fn no_function(name: &str, at: &Range<usize>) -> Fault {
    const MACROS: [&str; 9] =
        ["has", "all", "exists", "exists_one", "existsOne", "map", "filter", "known", "state"];
    if MACROS.contains(&name) {
        let message = match name {
            "has" => "`has` takes one field: `has(container.user.name)`".to_owned(),
            "known" | "state" => format!("`{name}` takes one value: `{name}(container.user.uid)`"),
            _ => format!("`{name}` is called with a name and what is asked of each: `list.{name}(x, …)`"),
        };
        return Fault::new(at.clone(), message);
    }
    let names = functions::ALL.iter().map(|function| function.name).chain(MACROS);
    let meant = match nearest(name, names).first() {
        Some(near) => format!("did you mean `{near}`?"),
        None => "docs/policies.md lists them".to_owned(),
    };
    Fault::new(at.clone(), format!("there is no function `{name}`; {meant}"))
}

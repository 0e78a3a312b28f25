//! Reads expressions with the parser of the crate `cel`, which nothing else of ours knows.
//!
//! That parser recurses on its caller's stack, so it gets a stack of its own that holds any expression of
//! [`LONGEST`] bytes: a chain of 1,500 additions ends a process whose stack is of the usual size. What it makes is
//! turned into our own tree on that stack, and refused where it is deeper than what reads it next can bear.

use std::ops::Range;
use std::thread;

use cel::Env;
use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, SourceInfo};

use crate::policies::language::tree::{Fault, Fold, FoldKind, Tree, TreeKind};

/// The longest expression, in bytes.
pub(crate) const LONGEST: usize = 4096;

/// How deep an expression may nest.
const DEEPEST: usize = 48;

/// How many parts an expression may have.
const MOST_PARTS: usize = 1_000;

/// The stack of the parser, in bytes; only what is used is ever there.
const STACK: usize = 64 << 20;

/// Reads expressions.
pub(crate) fn parse(texts: &[&str]) -> Vec<Result<Tree, Fault>> {
    let plain: Vec<Option<Tree>> = texts.iter().map(|text| path(text)).collect();
    if plain.iter().all(Option::is_some) {
        return plain.into_iter().flatten().map(Ok).collect();
    }
    let read = || {
        let env = Env::stdlib().with_optional_support(true);
        let read = |(text, plain): (&&str, Option<Tree>)| plain.map_or_else(|| one(&env, text), Ok);
        texts.iter().zip(plain).map(read).collect()
    };
    let all = thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read).ok()?;
        reader.join().ok()
    });
    all.unwrap_or_else(|| {
        texts.iter().map(|text| Err(Fault::new(0..text.len(), "the expression could not be read"))).collect()
    })
}

/// Words that name nothing, or that the language keeps for itself.
const KEPT: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// A name with fields, as most messages hold, for which the parser need not be asked: `image.reference`.
fn path(text: &str) -> Option<Tree> {
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !KEPT.contains(word)
    };
    if text.len() > LONGEST || text.matches('.').count() >= DEEPEST {
        return None;
    }
    let mut words = text.split('.');
    let first = words.next().filter(is_name)?;
    let mut tree = Tree { kind: TreeKind::Name(first.to_owned()), span: 0..first.len() };
    for word in words {
        let field = Some(word).filter(is_name)?.to_owned();
        let at = tree.span.end + 1..tree.span.end + 1 + word.len();
        let span = 0..at.end;
        tree = Tree { kind: TreeKind::Select { of: Box::new(tree), field, at, is_test: false }, span };
    }
    Some(tree)
}

fn one(env: &Env, text: &str) -> Result<Tree, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::new(0..text.len(), format!("an expression has at most {LONGEST} bytes")));
    }
    if text.trim().is_empty() {
        return Err(Fault::new(0..text.len(), "an expression is missing"));
    }
    let program = env.compile(text).map_err(|errors| {
        let first =
            errors.errors.iter().find(|error| error.msg.starts_with("Syntax")).or(errors.errors.first());
        first.map_or_else(
            || Fault::new(0..text.len(), "this is no expression"),
            |error| in_words(text, offset(text, error.pos), &error.msg),
        )
    })?;
    let bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut reading = Reading { text, bytes, places: program.source_info(), parts: 0 };
    reading.tree(program.expression(), 0)
}

/// The byte of a line and a column, both from 1, the column in characters.
fn offset(text: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let column = usize::try_from(column).unwrap_or(1).max(1);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at)
}

/// What the parser says, for people.
fn in_words(text: &str, at: usize, said: &str) -> Fault {
    let said = said.strip_prefix("Syntax error: ").unwrap_or(said);
    if said.contains("ecursion") {
        return Fault::new(0..text.len(), "the expression nests too deep");
    }
    let quoted = said.split('\'').nth(1).unwrap_or_default();
    if quoted == "<EOF>" || at >= text.len() {
        return Fault::new(text.len()..text.len(), "the expression ends where something is missing");
    }
    let rest = text.get(at..).unwrap_or_default();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let word: String = match rest.chars().next() {
        Some(first) if is_name(first) => rest.chars().take_while(|c| is_name(*c)).collect(),
        first => first.into_iter().collect(),
    };
    let span = at..at + word.len();
    let starts =
        ["mismatched input", "extraneous input", "no viable alternative", "token recognition", "missing "];
    if starts.iter().any(|start| said.starts_with(start)) {
        return Fault::new(span, format!("`{word}` is not expected here"));
    }
    if said.contains("simple name") {
        return Fault::new(span, "a name for each element is needed here, as in `list.all(x, x > 0)`");
    }
    if said.contains("has()") {
        return Fault::new(span, "`has` takes a field, as in `has(container.user.name)`");
    }
    let first_line = said.lines().next().unwrap_or_default().trim_end_matches(['.', '!']);
    Fault::new(span, first_line.to_owned())
}

struct Reading<'p> {
    text: &'p str,
    /// The byte of each character, and the end.
    bytes: Vec<usize>,
    places: &'p SourceInfo,
    parts: usize,
}

impl Reading<'_> {
    /// Where the parser says that a part stands: an operator at its sign, a field at its dot.
    fn at(&self, id: u64) -> Range<usize> {
        let Some((first, last)) = self.places.offset_for(id) else { return 0..0 };
        let byte = |at: u32| {
            let at = usize::try_from(at).unwrap_or(usize::MAX);
            self.bytes.get(at).copied().unwrap_or(self.text.len())
        };
        byte(first)..byte(last.saturating_add(1)).max(byte(first))
    }

    fn tree(&mut self, from: &IdedExpr, depth: usize) -> Result<Tree, Fault> {
        let at = self.at(from.id);
        self.parts += 1;
        if depth > DEEPEST {
            return Err(Fault::new(0..self.text.len(), "the expression nests too deep"));
        }
        if self.parts > MOST_PARTS {
            return Err(Fault::new(
                0..self.text.len(),
                format!("an expression has at most {MOST_PARTS} parts"),
            ));
        }
        let (kind, span) = match &from.expr {
            Expr::Literal(literal) => (literal_of(literal), at),
            Expr::Ident(name) => (TreeKind::Name(name.clone()), at),
            Expr::Select(select) => {
                let of = self.tree(&select.operand, depth + 1)?;
                let place = self.field(&of, &select.field);
                let span = of.span.start..place.end;
                let (field, is_test) = (select.field.clone(), select.test);
                (TreeKind::Select { of: Box::new(of), field, at: place, is_test }, span)
            }
            Expr::Call(call) => self.call(call, at, depth)?,
            Expr::List(list) if list.optional_indices.is_empty() => {
                let items = self.trees(&list.elements, depth)?;
                let span = items.iter().fold(at, |span, item| cover(&span, &item.span));
                (TreeKind::List(items), span)
            }
            Expr::Map(map) => {
                let mut entries = Vec::new();
                let mut span = at;
                for entry in &map.entries {
                    let EntryExpr::MapEntry(entry) = &entry.expr else { continue };
                    let (key, value) =
                        (self.tree(&entry.key, depth + 1)?, self.tree(&entry.value, depth + 1)?);
                    span = cover(&cover(&span, &key.span), &value.span);
                    entries.push((key, value));
                }
                (TreeKind::Map(entries), span)
            }
            Expr::Comprehension(all) => match self.fold(all, depth)? {
                Some(fold) => {
                    let span = cover(&fold.over.span, &at);
                    (TreeKind::Fold(Box::new(fold)), span)
                }
                None => (TreeKind::Other("this way to go through a list"), at),
            },
            Expr::List(_) => (TreeKind::Other("an optional element"), at),
            Expr::Struct(_) => (TreeKind::Other("a message"), at),
            Expr::Unspecified => (TreeKind::Other("nothing"), at),
        };
        Ok(Tree { kind, span })
    }

    fn trees(&mut self, all: &[IdedExpr], depth: usize) -> Result<Vec<Tree>, Fault> {
        all.iter().map(|one| self.tree(one, depth + 1)).collect()
    }

    /// Where a field's name stands: behind what it is a field of. Within `has` the parser keeps no place of it.
    fn field(&self, of: &Tree, name: &str) -> Range<usize> {
        let from = of.span.end;
        let rest = self.text.get(from..).unwrap_or_default();
        match rest.find(name) {
            Some(after) => from + after..from + after + name.len(),
            None => of.span.clone(),
        }
    }

    fn call(
        &mut self,
        call: &CallExpr,
        at: Range<usize>,
        depth: usize,
    ) -> Result<(TreeKind, Range<usize>), Fault> {
        let target = call.target.as_ref().map(|target| self.tree(target, depth + 1)).transpose()?;
        let args = self.trees(&call.args, depth)?;
        let parts = target.iter().chain(&args);
        let span = parts.fold(at.clone(), |span, part| cover(&span, &part.span));
        // A function stands before its parenthesis, which is the place that the parser gives it.
        let before = self.text.get(..at.start).unwrap_or_default().trim_end();
        let at = match before.strip_suffix(call.func_name.as_str()) {
            Some(before_name) => before_name.len()..before.len(),
            None => at,
        };
        let span = cover(&span, &at);
        Ok((TreeKind::Call { name: call.func_name.clone(), target: target.map(Box::new), args, at }, span))
    }

    /// The macro that a loop was made of.
    fn fold(&mut self, all: &ComprehensionExpr, depth: usize) -> Result<Option<Fold>, Fault> {
        if all.iter_var2.is_some() {
            return Ok(None);
        }
        let is_result = |expr: &IdedExpr| matches!(&expr.expr, Expr::Ident(name) if *name == all.accu_var);
        let (kind, test, makes) = match (&all.accu_init.expr, &all.loop_step.expr) {
            (Expr::Literal(LiteralValue::Boolean(start)), Expr::Call(step)) => {
                let kind = if *start.inner() { FoldKind::All } else { FoldKind::Exists };
                (kind, step.args.last(), None)
            }
            (Expr::Literal(LiteralValue::Int(_)), Expr::Call(step)) => {
                (FoldKind::ExistsOne, step.args.first(), None)
            }
            (Expr::List(_), Expr::Call(step)) if step.args.len() == 3 => {
                (FoldKind::Collect, step.args.first(), step.args.get(1).and_then(appended))
            }
            (Expr::List(_), Expr::Call(step)) if step.args.first().is_some_and(is_result) => {
                (FoldKind::Collect, None, appended(&all.loop_step))
            }
            _ => return Ok(None),
        };
        let over = self.tree(&all.iter_range, depth + 1)?;
        let test = test.map(|test| self.tree(test, depth + 1)).transpose()?;
        let makes = makes.map(|makes| self.tree(makes, depth + 1)).transpose()?;
        Ok(Some(Fold { kind, over, name: all.iter_var.clone(), test, makes }))
    }
}

/// The one element of the list that is added to what there is.
fn appended(step: &IdedExpr) -> Option<&IdedExpr> {
    let Expr::Call(step) = &step.expr else { return None };
    match &step.args.last()?.expr {
        Expr::List(list) => list.elements.first(),
        _ => None,
    }
}

fn literal_of(literal: &LiteralValue) -> TreeKind {
    match literal {
        LiteralValue::Boolean(value) => TreeKind::Bool(*value.inner()),
        LiteralValue::Int(value) => TreeKind::Int(*value.inner()),
        LiteralValue::UInt(value) => {
            i64::try_from(*value.inner()).map_or(TreeKind::Other("a number this large"), TreeKind::Int)
        }
        LiteralValue::Double(value) => TreeKind::Double(*value.inner()),
        LiteralValue::String(value) => TreeKind::Text(value.inner().to_owned()),
        LiteralValue::Bytes(_) => TreeKind::Other("bytes"),
        LiteralValue::Null => TreeKind::Other("`null`"),
    }
}

/// From the first byte of both to the last. The place of what has none is the beginning, and counts for nothing.
fn cover(one: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    if one.is_empty() {
        return other.clone();
    }
    if other.is_empty() {
        return one.clone();
    }
    one.start.min(other.start)..one.end.max(other.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_path_is_what_the_parser_makes_of_it() {
        let env = Env::stdlib().with_optional_support(true);
        for text in ["image", "image.reference", "container.user.uid", "a_b.c1"] {
            let tree = path(text).expect(text);
            assert_eq!(format!("{tree:?}"), format!("{:?}", one(&env, text).expect(text)));
        }
        for text in [
            "true",
            "a.true",
            "a..b",
            "1.5",
            "a.b()",
            "a b",
            "é.x",
            "",
            ".",
            "a[0]",
            "in",
            &"a".repeat(LONGEST + 1),
        ] {
            assert!(path(text).is_none(), "{text}");
        }
    }
}

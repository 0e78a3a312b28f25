//! From the crate's tree to ours.

use hcl_edit::expr::{BinaryOperator, Expression, Object, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::parser::{parse_body, parse_template};
use hcl_edit::structure::{self, BlockLabel};
use hcl_edit::template::{Element, Template};
use hcl_edit::{Number, Span as _};

use crate::hcl::{Attribute, Block, Body, Expr, ExprKind, Piece, Step};
use crate::text::mapped::Mapped;
use crate::text::span::{Span, Spanned};

/// Reads a text; where not, why.
pub(super) fn parse(text: &str) -> Result<Body, (usize, String)> {
    match parse_body(text) {
        Ok(body) => Ok(Convert { text, whole: None }.body(&body)),
        Err(error) => Err((error.location().offset(), format!("no HCL: {}", error.message().trim()))),
    }
}

/// The pieces of a template that stands in another text as `span`.
pub(super) fn template(text: &str, span: Span) -> Option<Vec<Piece>> {
    let template = parse_template(text).ok()?;
    Convert { text, whole: Some(span) }.template(&template)
}

struct Convert<'t> {
    text: &'t str,
    /// Where everything stands, if the text is not the file's own.
    whole: Option<Span>,
}

impl Convert<'_> {
    fn span(&self, range: Option<std::ops::Range<usize>>) -> Span {
        let range = range.unwrap_or_default();
        self.whole.unwrap_or_else(|| Span::new(range.start, range.end.max(range.start)))
    }

    fn body(&self, body: &structure::Body) -> Body {
        let mut made = Body::default();
        for attribute in body.attributes() {
            let name =
                Spanned { span: self.span(attribute.key.span()), value: attribute.key.value().to_string() };
            made.attributes.push(Attribute { name, value: self.expr(&attribute.value) });
        }
        for block in body.blocks() {
            let label = |label: &BlockLabel| Spanned {
                span: self.span(label.span()),
                value: label.as_str().to_owned(),
            };
            made.blocks.push(Block {
                kind: Spanned { span: self.span(block.ident.span()), value: block.ident.value().to_string() },
                labels: block.labels.iter().map(label).collect(),
                body: self.body(&block.body),
            });
        }
        made
    }

    fn expr(&self, expr: &Expression) -> Expr {
        let span = self.span(expr.span());
        let kind = match expr {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(number) => ExprKind::Number(in_full(*number.value())),
            Expression::String(text) => ExprKind::Text(vec![Piece::Text(self.string(text.value(), span))]),
            Expression::Array(items) => ExprKind::List(items.iter().map(|item| self.expr(item)).collect()),
            Expression::Object(object) => ExprKind::Map(self.object(object)),
            Expression::StringTemplate(template) => self.text_of(template),
            Expression::HeredocTemplate(heredoc) => self.text_of(&heredoc.template),
            Expression::Parenthesis(inner) => return self.expr(inner.inner()),
            Expression::Variable(name) => ExprKind::Name(name.value().to_string()),
            Expression::Conditional(one) => ExprKind::If(Box::new([
                self.expr(&one.cond_expr),
                self.expr(&one.true_expr),
                self.expr(&one.false_expr),
            ])),
            Expression::FuncCall(call) if call.args.expand_final() || call.name.is_namespaced() => {
                ExprKind::Other
            }
            Expression::FuncCall(call) => {
                let args = call.args.iter().map(|arg| self.expr(arg)).collect();
                ExprKind::Call(call.name.name.value().to_string(), args)
            }
            Expression::Traversal(traversal) => {
                let steps = traversal.operators.iter().map(|step| match step.value() {
                    TraversalOperator::GetAttr(name) => Step::Name(name.value().to_string()),
                    TraversalOperator::Index(index) => Step::Index(self.expr(index)),
                    _ => Step::Other,
                });
                ExprKind::Part(Box::new(self.expr(&traversal.expr)), steps.collect())
            }
            Expression::UnaryOp(one) if *one.operator.value() == UnaryOperator::Not => {
                ExprKind::Not(Box::new(self.expr(&one.expr)))
            }
            Expression::BinaryOp(one) => {
                let operator = match one.operator.value() {
                    BinaryOperator::Eq => "==",
                    BinaryOperator::NotEq => "!=",
                    BinaryOperator::And => "&&",
                    BinaryOperator::Or => "||",
                    _ => return Expr { span, kind: ExprKind::Other },
                };
                ExprKind::Binary(operator, Box::new([self.expr(&one.lhs_expr), self.expr(&one.rhs_expr)]))
            }
            _ => ExprKind::Other,
        };
        Expr { span, kind }
    }

    fn object(&self, object: &Object) -> Vec<(Expr, Expr)> {
        let entries = object.iter().map(|(key, value)| {
            let key = match key {
                ObjectKey::Ident(name) => {
                    let span = self.span(name.span());
                    let text = Mapped::replaced(name.value().to_string(), span);
                    Expr { span, kind: ExprKind::Text(vec![Piece::Text(text)]) }
                }
                ObjectKey::Expression(expr) => self.expr(expr),
            };
            (key, self.expr(value.expr()))
        });
        entries.collect()
    }

    fn text_of(&self, template: &Template) -> ExprKind {
        self.template(template).map_or(ExprKind::Other, ExprKind::Text)
    }

    fn template(&self, template: &Template) -> Option<Vec<Piece>> {
        let piece = |element: &Element| match element {
            Element::Literal(text) => Some(Piece::Text(self.literal(text.value(), self.span(text.span())))),
            Element::Interpolation(one) => Some(Piece::Value(self.expr(&one.expr))),
            Element::Directive(_) => None,
        };
        template.iter().map(piece).collect()
    }

    /// The text of a string, which stands between quotes.
    fn string(&self, value: &str, span: Span) -> Mapped {
        if self.whole.is_none()
            && span.slice(self.text).get(1..).and_then(|rest| rest.strip_suffix('"')) == Some(value)
        {
            return Mapped::verbatim(value, span.start() + 1);
        }
        Mapped::replaced(value, span)
    }

    /// A part of a template. Where it is written with escapes, the lines that are not stand at their bytes.
    fn literal(&self, value: &str, span: Span) -> Mapped {
        if self.whole.is_none() && span.slice(self.text) == value {
            return Mapped::verbatim(value, span.start());
        }
        lines(self.text, value, span).unwrap_or_else(|| Mapped::replaced(value, span))
    }
}

/// A number in decimal digits, as Bake has it where a text is wanted: `1` for `1.0`, and never an exponent.
fn in_full(number: Number) -> String {
    // `Number`'s own text is another: `1.0`, `1e21`.
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(number), _, _) => number.to_string(),
        (_, Some(number), _) => number.to_string(),
        (_, _, number) => number.unwrap_or_default().to_string(),
    }
}

/// The parts of a line without its indentation in which `$${` stands for `${` and `%%{` for `%{`; `None` where it is not that.
fn pieces<'l>(source: &str, line: &'l str) -> Option<Vec<(Span, &'l str)>> {
    let indent = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let mut at = indent(source).checked_sub(indent(line))?;
    let mut rest = line;
    let mut pieces = Vec::new();
    loop {
        let written = source.get(at..)?;
        let escape = ["$${", "%%{"].iter().filter_map(|escape| written.find(escape)).min();
        let length = escape.unwrap_or(written.len());
        let text = rest.get(..length).filter(|text| written.starts_with(text))?;
        pieces.push((Span::new(at, at + length), text));
        rest = rest.get(length..)?;
        at += length;
        if escape.is_none() {
            return rest.is_empty().then_some(pieces);
        }
        // Three bytes stand for two.
        pieces.push((Span::new(at, at + 3), rest.get(..2)?));
        rest = rest.get(2..)?;
        at += 3;
    }
}

/// The lines of a text that is written at `span` with as many lines: a heredoc whose indentation is taken away, or in which `$${`
/// stands for `${`.
fn lines(text: &str, value: &str, span: Span) -> Option<Mapped> {
    let written = span.slice(text);
    if written.lines().count() != value.lines().count() {
        return None;
    }
    let mut out = crate::text::mapped::MappedBuilder::default();
    let mut at = span.start();
    for (source, line) in written.split_inclusive('\n').zip(value.split_inclusive('\n')) {
        match (source.find(line), pieces(source, line)) {
            (Some(from), _) => out.push_verbatim(line, at + from),
            (None, Some(pieces)) => {
                for (span, text) in pieces {
                    let span = Span::new(at + span.start(), at + span.end());
                    match span.end() - span.start() == text.len() {
                        true => out.push_verbatim(text, span.start()),
                        false => out.push_replaced(text, span),
                    }
                }
            }
            (None, None) => out.push_replaced(line, Span::new(at, at + source.len())),
        }
        at += source.len();
    }
    Some(out.finish(span))
}

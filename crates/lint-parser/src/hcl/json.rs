//! The same in JSON: the members of an object are attributes, and those of some names hold blocks.

use crate::hcl::convert::template;
use crate::hcl::{Attribute, Block, Body, Expr, ExprKind, Piece};
use crate::json::{Json, JsonKind, Member, mapped};
use crate::text::mapped::Mapped;
use crate::text::span::Spanned;

/// Reads an object whose members of the names in `blocks` hold blocks, by their labels. `text` is the file's.
#[must_use]
pub fn body(text: &str, json: &Json, blocks: &[&str]) -> Body {
    let mut made = Body::default();
    for member in json.members().iter().filter(|member| member.name != "//") {
        if !blocks.contains(&member.name.as_str()) {
            made.attributes.push(attribute(text, member));
            continue;
        }
        for block in member.value.members() {
            let attributes = block.value.members().iter().filter(|member| member.name != "//");
            let attributes = attributes.map(|member| attribute(text, member)).collect();
            made.blocks.push(Block {
                kind: Spanned { span: member.name_span, value: member.name.clone() },
                labels: vec![Spanned { span: block.name_span, value: block.name.clone() }],
                body: Body { attributes, blocks: Vec::new() },
            });
        }
    }
    made
}

fn attribute(text: &str, member: &Member) -> Attribute {
    let name = Spanned { span: member.name_span, value: member.name.clone() };
    Attribute { name, value: expr(text, &member.value) }
}

fn expr(text: &str, json: &Json) -> Expr {
    let kind = match &json.kind {
        JsonKind::Null => ExprKind::Null,
        JsonKind::Bool(is) => ExprKind::Bool(*is),
        JsonKind::Number(number) => ExprKind::Number(number.clone()),
        JsonKind::String(value) if value.contains("${") || value.contains("%{") => {
            template(value, json.span).map_or(ExprKind::Other, ExprKind::Text)
        }
        JsonKind::String(_) => ExprKind::Text(vec![Piece::Text(mapped(text, json.span))]),
        JsonKind::Array(items) => ExprKind::List(items.iter().map(|item| expr(text, item)).collect()),
        JsonKind::Object(members) => {
            let entry = |member: &Member| {
                let name = Mapped::replaced(member.name.clone(), member.name_span);
                let key = Expr { span: member.name_span, kind: ExprKind::Text(vec![Piece::Text(name)]) };
                (key, expr(text, &member.value))
            };
            ExprKind::Map(members.iter().map(entry).collect())
        }
    };
    Expr { span: json.span, kind }
}

//! Targets that nothing is seen to build.

use std::collections::{BTreeMap, BTreeSet};

use lint_parser::hcl::{Body, Expr, ExprKind, Piece, Step};

use crate::files::{Files, file_name};
use crate::model::calls::{Calls, Mentions, calls_as, is_trial};
use crate::model::inputs::bake::called::bakes_what_is_unknown;
use crate::model::inputs::bake::targets::{Targets, attribute, linked};
use crate::model::inputs::bake::value::{Value, text_of};
use crate::model::inputs::bake::values::Scope;

/// How deep expressions are looked into.
const DEEPEST: usize = 40;

/// How many workflows are read.
const MOST_PIPELINES: usize = 500;

/// What people start by hand, and no group has.
const BY_HAND: [&str; 16] = [
    "all", "bench", "check", "clean", "default", "docs", "generate", "latest", "local", "print", "push",
    "release", "shell", "update", "vendor", "version",
];

/// The blocks of a file whose targets nothing at hand builds, by the first of these: no group has them, no target needs them, no
/// script names them.
pub(super) fn unreached<'c>(
    targets: &Targets<'_>,
    bodies: &[Body],
    scope: &Scope<'_>,
    files: &dyn Files,
    calls: &dyn Fn() -> &'c Calls,
) -> BTreeMap<String, String> {
    let Some(used) = used(targets, bodies, scope) else { return BTreeMap::new() };
    let has_groups = bodies.iter().flat_map(|body| &body.blocks).any(|block| block.kind.value == "group");
    let blocks = targets.own.blocks.iter().filter(|block| block.kind.value == "target");
    let mut candidates: BTreeMap<String, String> = BTreeMap::new();
    for block in blocks {
        let Some(label) = block.labels.first().map(|label| label.value.as_str()) else { continue };
        let made: Vec<&str> = targets.made_by(label).collect();
        let is_used = used.contains(label) || made.iter().any(|name| used.contains(*name));
        let is_told = attribute(block, "description").is_some() || is_by_hand(label);
        if !is_used && !is_told && (has_groups || label.starts_with('_')) {
            candidates.extend(made.first().map(|first| ((*first).to_owned(), label.to_owned())));
        }
    }
    if candidates.is_empty() {
        return candidates;
    }
    // A file of Bake's names its own targets.
    let is_bake =
        |path: &str| path.ends_with(".hcl") || path.ends_with(".json") && file_name(path).contains("bake");
    let mentions = Mentions::read(files, &|path| !is_bake(path));
    if bakes_what_is_unknown(calls()) || is_action_given_what_is_unknown(files) {
        candidates.retain(|_, label| label.starts_with('_'));
    }
    candidates.retain(|name, label| label.len() > 1 && !mentions.contains(label) && !mentions.contains(name));
    candidates
}

/// Whether a workflow has an expression for what `docker/bake-action` builds.
fn is_action_given_what_is_unknown(files: &dyn Files) -> bool {
    let pipelines = files.scripts().into_iter().filter(|path| calls_as(path) == Some(true));
    let mut texts = pipelines.take(MOST_PIPELINES).filter_map(|path| files.read(&path).ok());
    texts.any(|text| {
        text.contains("/bake-action")
            && text.lines().any(|line| line.trim_start().starts_with("targets:") && line.contains("${{"))
    })
}

/// Whether a target is called as what people build by its name.
fn is_by_hand(name: &str) -> bool {
    let parts = || name.split(['-', '_']);
    is_trial(name) || parts().any(|part| BY_HAND.contains(&part) || part.starts_with("validat"))
}

/// The names that groups, targets and expressions use; `None` where one cannot be worked out.
fn used(targets: &Targets<'_>, bodies: &[Body], scope: &Scope<'_>) -> Option<BTreeSet<String>> {
    let mut used = BTreeSet::new();
    let names = |value: &Value, used: &mut BTreeSet<String>| -> Option<()> {
        let Value::List(items) = value else { return None };
        for item in items {
            used.insert(text_of(item)?.to_owned());
        }
        Some(())
    };
    if targets.has_unknown {
        return None;
    }
    for target in &targets.targets {
        for (name, _, value) in &target.attributes {
            match (name.as_str(), value) {
                ("inherits", value) => names(value, &mut used)?,
                ("contexts", Value::Map(entries)) => {
                    used.extend(
                        entries
                            .iter()
                            .filter_map(|(.., value)| linked(value))
                            .map(|name| name.text().to_owned()),
                    );
                }
                ("contexts", Value::Unknown) => return None,
                _ => {}
            }
        }
    }
    for body in bodies {
        for block in body.blocks.iter().filter(|block| block.kind.value == "group") {
            if let Some(list) = attribute(block, "targets") {
                names(&scope.value(list, 0), &mut used)?;
            }
        }
        read_by_expressions(body, &mut used, 0);
    }
    Some(used)
}

/// `target.base.args`
fn read_by_expressions(body: &Body, used: &mut BTreeSet<String>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    body.attributes.iter().for_each(|attribute| read_by(&attribute.value, used, depth));
    body.blocks.iter().for_each(|block| read_by_expressions(&block.body, used, depth + 1));
}

fn read_by(expr: &Expr, used: &mut BTreeSet<String>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    let mut inside = |expr: &Expr| read_by(expr, used, depth + 1);
    match &expr.kind {
        ExprKind::Text(pieces) => {
            for piece in pieces {
                if let Piece::Value(expr) = piece {
                    inside(expr);
                }
            }
        }
        ExprKind::List(items) => items.iter().for_each(inside),
        ExprKind::Call(_, args) => args.iter().for_each(inside),
        ExprKind::Map(entries) => entries.iter().for_each(|(_, value)| inside(value)),
        ExprKind::If(parts) => parts.iter().for_each(inside),
        ExprKind::Binary(_, parts) => parts.iter().for_each(inside),
        ExprKind::Not(of) => inside(of),
        ExprKind::Part(of, steps) => match (&of.kind, steps.first()) {
            (ExprKind::Name(root), Some(Step::Name(name))) if root == "target" => {
                used.insert(name.clone());
            }
            (ExprKind::Name(root), Some(Step::Index(index))) if root == "target" => {
                if let ExprKind::Text(pieces) = &index.kind
                    && let [Piece::Text(name)] = pieces.as_slice()
                {
                    used.insert(name.text().to_owned());
                }
            }
            _ => inside(of),
        },
        _ => {}
    }
}

//! Files of `docker buildx bake`: their targets are builds.
//!
//! All files that Bake finds in a directory are one, read in its order: variables, functions and targets of one are there for the
//! others, and what a later one says comes on top.

pub(super) mod called;
mod functions;
mod targets;
mod unused;
mod value;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use lint_parser::hcl::{self, Body, ExprKind, Piece};
use lint_parser::json;
use lint_parser::syntax_error::{Parsed, SyntaxError, SyntaxErrorKind};
use lint_parser::text::source::SourceFile;

use crate::files::{Files, directory, file_name, join};
use crate::model::inputs::bake::targets::{Targets, attribute};
use crate::model::inputs::bake::values::Scope;
use crate::model::inputs::tree::{self, Map};
use crate::model::inputs::{Read, Window, comments};
use crate::model::project::Lowered;
use crate::model::project::besides::Besides;
use crate::model::project::input::{Input, InputKind};

/// The names that hold blocks in JSON.
const BLOCKS: [&str; 4] = ["variable", "group", "target", "function"];

/// The files that Bake looks for, in its order, besides those of Compose.
const USUAL: [&str; 4] =
    ["docker-bake.json", "docker-bake.hcl", "docker-bake.override.json", "docker-bake.override.hcl"];

/// How many variables of a file are looked at.
const MOST_VARIABLES: usize = 1_000;

/// The Compose files that Bake reads besides.
const COMPOSE: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// Reads the targets of a file.
pub(super) fn read(file: &SourceFile, window: &Window<'_>) -> Read {
    let Parsed { tree: own, errors } = parse(file.name(), file.text());
    let mut read = Read { comments: comments::of_lines(file.text()), errors, ..Read::default() };
    if !read.errors.is_empty() {
        return read;
    }
    let here = directory(file.name());
    let open = |path: String| {
        if path == file.name() {
            return Some((path, own.clone()));
        }
        let body = parse(&path, &window.files.read(&path).ok()?).tree;
        Some((path, body))
    };
    let layers: Vec<(String, Body)> = match USUAL.contains(&file_name(file.name())) {
        true => USUAL.iter().map(|name| join(here, name)).filter_map(open).collect(),
        // A file of another name may be given together with any.
        false => vec![(file.name().to_owned(), own.clone())],
    };
    let (names, bodies): (Vec<String>, Vec<Body>) = layers.into_iter().unzip();
    let number = names.iter().position(|name| name == file.name()).unwrap_or_default();
    let scope = Scope::of(&bodies);
    let Some(targets) = Targets::of(&bodies, number, &scope) else { return read };
    // With a Compose file beside it, or under a name of its own, others may declare what is missing here.
    let is_whole = USUAL.contains(&file_name(file.name()))
        && !COMPOSE.iter().any(|name| window.files.exists(&join(here, name)));
    let problems = targets.problems(is_whole);
    read.errors.extend(problems.into_iter().map(|problem| {
        let error = SyntaxError::new(SyntaxErrorKind::Bake, problem.span, problem.message);
        match problem.help {
            Some(help) => error.with_help(help),
            None => error,
        }
    }));
    let input = Input::of(InputKind::Bake);
    let unreached = match is_whole {
        true => unused::unreached(&targets, &bodies, &scope, window.files, window.calls),
        false => BTreeMap::new(),
    };
    read.containers.extend(targets.services().into_iter().map(|(name, at, service)| Lowered {
        input,
        besides: Besides { unreached: unreached.get(&name).cloned(), ..Besides::default() },
        tree: tree::project_of(vec![(name, at, service)], at, number),
        directory: here.to_owned(),
        is_open: true,
    }));
    read.containers.extend(variables(&own, number, here));
    read.files = names;
    read
}

/// What variables hold where nothing sets them: a password there is in everybody's hands, whoever uses it.
fn variables(own: &Body, number: usize, here: &str) -> Option<Lowered> {
    let mut held = Map::default();
    let blocks = own.blocks.iter().filter(|block| block.kind.value == "variable");
    let defaults =
        blocks.filter_map(|block| Some((&block.labels.first()?.value, attribute(block, "default")?)));
    let constants = own.attributes.iter().map(|one| (&one.name.value, &one.value));
    for (name, expr) in defaults.chain(constants).take(MOST_VARIABLES) {
        if let ExprKind::Text(pieces) = &expr.kind
            && let [Piece::Text(text)] = pieces.as_slice()
        {
            let mut config = Map::default();
            config.set("content", text.span(), tree::text(text));
            held.set(name, text.span(), config.finish(text.span()));
        }
    }
    let at = held.get_first()?;
    Some(Lowered {
        input: Input::of(InputKind::Bake),
        tree: tree::section("configs", held, at, number),
        directory: here.to_owned(),
        is_open: true,
        besides: Besides::default(),
    })
}

/// The names of everything that can be built in a directory; nothing where that is not all known: where there is no file, or a
/// Compose file lies beside, or a name cannot be worked out.
pub(super) fn names_in(place: &str, files: &dyn Files) -> Option<BTreeSet<String>> {
    if COMPOSE.iter().any(|name| files.exists(&join(place, name))) {
        return None;
    }
    let texts = USUAL.iter().map(|name| join(place, name));
    let mut bodies = Vec::new();
    for (path, text) in texts.filter_map(|path| files.read(&path).ok().map(|text| (path, text))) {
        let Parsed { tree, errors } = parse(&path, &text);
        if !errors.is_empty() {
            return None;
        }
        bodies.push(tree);
    }
    let targets = Targets::of(&bodies, 0, &Scope::of(&bodies))?;
    (!targets.has_unknown).then_some(targets.names)
}

fn parse(path: &str, text: &str) -> Parsed<Body> {
    if path.ends_with(".json") {
        let parsed = json::parse(text);
        let tree = parsed.tree.map(|root| hcl::of_json(text, &root, &BLOCKS)).unwrap_or_default();
        return Parsed { tree, errors: parsed.errors };
    }
    hcl::parse(text)
}

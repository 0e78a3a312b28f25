//! Builds that a command line or a step of a pipeline asks for: `docker build`, `docker buildx bake`, `docker/build-push-action`.

use lint_parser::compose::value::{Value, ValueKind};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::near::nearest;
use lint_parser::text::span::Span;

use crate::files::{Files, join};
use crate::model::calls::ContainerCall;
use crate::model::inputs::bake;
use crate::model::inputs::container::{known_text, name_of_image};
use crate::model::inputs::flag::OTHER_FILES;
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::inputs::tree::{self, Map};
use crate::model::kit::holes::{UNKNOWN, is_known};
use crate::model::project::Lowered;
use crate::model::project::besides::{Besides, UnknownTarget};
use crate::model::project::input::{Input, InputKind};

/// `docker build --build-arg A=b -f Dockerfile .`; flags may follow the context.
pub(super) fn command(call: &ContainerCall, words: &[Word], files: &dyn Files) -> Option<Lowered> {
    let mut flags = Flags::default();
    let mut context: Option<Mapped> = None;
    let mut rest = words;
    while !rest.is_empty() {
        rest = flags.read(Grammar::BUILD, rest);
        let Some((operand, after_it)) = rest.split_first() else { break };
        if operand.is_open {
            flags.is_open = true;
        } else if context.is_none() {
            context = Some(operand.text.clone());
        }
        rest = after_it;
    }
    lowered(flags, context.as_ref(), &call.places, files, call.at)
}

/// A build with what flags say of it. Its Dockerfile is known where one is found in a directory that the command may be run in.
pub(super) fn lowered(
    flags: Flags,
    context: Option<&Mapped>,
    places: &[String],
    files: &dyn Files,
    at: Span,
) -> Option<Lowered> {
    let Flags { mut service, .. } = flags;
    let mut build = service.get("build").map(Map::of).unwrap_or_default();
    let own = known_text(build.get("dockerfile")).map(str::to_owned);
    // Nothing but the Dockerfile is no matter of ours: it is judged by itself.
    let is_remote = context.is_some_and(|context| is_remote(context.text()));
    if !is_remote
        && !["args", "network", "entitlements", "target", "additional_contexts"]
            .iter()
            .any(|key| build.has(key))
    {
        return None;
    }
    let is_open_file = build.has("dockerfile") && own.is_none();
    let written = context.map_or(".", Mapped::text);
    let is_local = !written.contains(UNKNOWN) && !written.contains("://") && written != "-" && !is_open_file;
    let found = places.iter().filter(|_| is_local).find_map(|place| {
        let inside = join(place, written);
        let paths = match &own {
            Some(file) => vec![join(place, file), join(&inside, file)],
            None => vec![join(&inside, "Containerfile"), join(&inside, "Dockerfile")],
        };
        let path = paths.into_iter().find(|path| files.exists(path))?;
        Some((place.clone(), path))
    });
    let span = context.map_or(at, Mapped::span);
    build.remove("dockerfile");
    let directory = match found {
        Some((place, path)) => {
            // Compose looks for it in the context, and the command line where it is run.
            build.set("context", span, tree::made(".", span));
            let relative = path.strip_prefix(&format!("{place}/")).unwrap_or(&path).to_owned();
            build.set("dockerfile", span, tree::made(&relative, span));
            place
        }
        None => {
            let address = context.filter(|_| is_remote);
            let context = match address {
                Some(address) => tree::text(address),
                None => tree::text(&Mapped::replaced(UNKNOWN.to_string(), span)),
            };
            build.set("context", span, context);
            String::new()
        }
    };
    let name = known_text(service.get("image")).map_or_else(|| "build".to_owned(), name_of_image);
    service = Map::default();
    service.set("build", at, build.finish(at));
    Some(Lowered {
        input: Input::of(InputKind::Build),
        tree: tree::project(vec![(name, at, service)], at),
        directory,
        is_open: true,
        besides: Besides::default(),
    })
}

/// Adds what flags say of a build, but for its Dockerfile and its stage.
pub(super) fn add_to(build: &mut Map, flags: &Flags) {
    let Some(Value { kind: ValueKind::Mapping(said), .. }) = flags.service.get("build") else { return };
    for entry in said.entries.iter().filter(|entry| !matches!(&*entry.key, "dockerfile" | "target")) {
        match (&*entry.key, &entry.value.kind) {
            ("args" | "entitlements" | "additional_contexts", ValueKind::Sequence(items)) => {
                items.iter().for_each(|item| build.push(&entry.key, entry.key_origin.span, item.clone()));
            }
            _ => build.add(entry.clone()),
        }
    }
}

/// `docker buildx bake --allow security.insecure --set '*.args.TOKEN=x'`: what is given to the targets of a file.
pub(super) fn bake(call: &ContainerCall, words: &[Word], files: &dyn Files) -> Option<Lowered> {
    let mut flags = Flags::default();
    let named = bake::called::operands(&mut flags, words);
    let definition = named.iter().copied().find(|text| is_remote(text.text()));
    let is_elsewhere = definition.is_some() || flags.service.has(OTHER_FILES);
    flags.service.remove(OTHER_FILES);
    let unknown = match call.places.as_slice() {
        [place] if !is_elsewhere => unknown_targets(&named, place, files),
        _ => Vec::new(),
    };
    of_bake(flags, definition, unknown, call.at)
}

/// The targets among names that the Bake files of a directory do not have.
pub(super) fn unknown_targets(named: &[&Mapped], place: &str, files: &dyn Files) -> Vec<UnknownTarget> {
    let is_pattern = |text: &str| text.contains(['*', '?', '[']);
    let named = named.iter().filter(|name| is_known(name.text()) && !is_pattern(name.text()));
    let mut named = named.filter(|name| !name.is_empty()).peekable();
    if named.peek().is_none() {
        return Vec::new();
    }
    let Some(names) = bake::names_in(place, files) else { return Vec::new() };
    let unknown = named.filter(|name| !names.contains(name.text())).map(|name| UnknownTarget {
        name: name.text().to_owned(),
        origin: tree::origin(name.span()),
        near: nearest(name.text(), names.iter().map(String::as_str)).into_iter().next().map(str::to_owned),
    });
    unknown.collect()
}

/// Whether a context is fetched.
fn is_remote(context: &str) -> bool {
    context.contains("://") || context.starts_with("git@") || context.starts_with("github.com/")
}

/// What targets are given that are written elsewhere.
pub(super) fn of_bake(
    flags: Flags,
    definition: Option<&Mapped>,
    unknown_targets: Vec<UnknownTarget>,
    at: Span,
) -> Option<Lowered> {
    let build: Option<&Value> = flags.service.get("build");
    if build.is_none() && definition.is_none() && unknown_targets.is_empty() {
        return None;
    }
    let mut build = build.map(Map::of).unwrap_or_default();
    match definition {
        Some(definition) => build.set("context", definition.span(), tree::text(definition)),
        None if build.has("context") => {}
        None => build.set("context", at, tree::text(&Mapped::replaced(UNKNOWN.to_string(), at))),
    }
    let mut service = Map::default();
    service.set("build", at, build.finish(at));
    Some(Lowered {
        input: Input::of(InputKind::Build),
        tree: tree::project(vec![("bake".to_owned(), at, service)], at),
        directory: String::new(),
        is_open: true,
        besides: Besides { unknown_targets, ..Besides::default() },
    })
}

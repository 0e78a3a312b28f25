//! `[Build]`: what is built, and from where.

use std::sync::Arc;

use lint_parser::compose::value::{SourceId, Value};
use lint_parser::systemd;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::files::{Files, join};
use crate::model::inputs::builds;
use crate::model::inputs::container::known_text;
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::Grammar;
use crate::model::inputs::quadlet::{Reader, specified, unquoted};
use crate::model::inputs::tree::{self, Map};
use crate::model::kit::holes::UNKNOWN;

impl Reader<'_> {
    /// What one file says of a build; where its Dockerfile lies is looked up when all of them are read.
    pub(super) fn build(&mut self) {
        let mut build = Map::default();
        for (key, attribute) in [
            ("SetWorkingDirectory", "context"),
            ("File", "dockerfile"),
            ("Target", "target"),
            ("Network", "network"),
        ] {
            if let Some(assignment) = self.last(key) {
                build.set(attribute, assignment.key.span, tree::text(&unquoted(&assignment.value)));
            }
        }
        for assignment in self.all("BuildArg") {
            for word in systemd::words(&assignment.value) {
                build.push("args", assignment.key.span, tree::text(&specified(&word)));
            }
        }
        for assignment in self.all("PodmanArgs") {
            let words: Vec<Word> =
                systemd::words(&assignment.value).iter().map(|word| Word::new(specified(word))).collect();
            let mut flags = Flags::default();
            flags.read(Grammar::BUILD, &words);
            builds::add_to(&mut build, &flags);
        }
        if let Some(tag) = self.last("ImageTag") {
            self.flags.service.set("image", tag.key.span, tree::text(&unquoted(&tag.value)));
        }
        let at = self.unit.sections.first().map_or_else(Span::default, |header| header.span);
        self.flags.service.set("build", at, build.finish(at));
    }
}

/// A build with its paths as Compose takes them; nothing where what it reads cannot be known.
pub(super) fn placed(mut build: Map, here: &str, files: &dyn Files, has_unit: bool) -> Option<Map> {
    let is_remote = |text: &str| text.contains("://") || text.starts_with("git@");
    let context = build.take("context");
    let file = build.take("dockerfile");
    if let Some(context) = &context
        && known_text(Some(&context.value)).is_none_or(is_remote)
    {
        // A repository holds its own Dockerfile.
        build.add(context.clone());
        return known_text(Some(&context.value)).map(|_| build);
    }
    if file.as_ref().is_some_and(|file| known_text(Some(&file.value)).is_none_or(is_remote)) {
        return None;
    }
    let said = context.as_ref().or(file.as_ref()).filter(|entry| entry.key_origin.source == SourceId(0));
    let at = said.map_or_else(Span::default, |entry| entry.key_origin.span);
    let written = context.as_ref().and_then(|context| known_text(Some(&context.value)));
    let inner = match written {
        None | Some("unit" | "file" | "yaml") => ".",
        Some(written) => written,
    }
    .to_owned();
    match context {
        Some(mut context) => {
            context.value = renamed(&context.value, &inner);
            build.add(context);
        }
        // A drop-in of a unit that is elsewhere is not where the build is.
        None if !has_unit => {
            let unknown = Mapped::replaced(UNKNOWN.to_string(), at);
            build.set("context", at, tree::text(&unknown));
            return Some(build);
        }
        None => build.set("context", at, tree::made(".", at)),
    }
    let place = join(here, &inner);
    match file {
        // It is relative to the unit, and to Compose it is relative to the context.
        Some(mut file) => {
            let written = known_text(Some(&file.value)).unwrap_or_default().to_owned();
            let path = join(here, &written);
            let relative = match place.as_str() {
                "" | "." => Some(path.as_str()),
                place => path.strip_prefix(&format!("{place}/")),
            };
            file.value = renamed(&file.value, relative.unwrap_or(&written));
            build.add(file);
        }
        None if files.exists(&join(&place, "Containerfile")) => {
            build.set("dockerfile", at, tree::made("Containerfile", at));
        }
        None => {}
    }
    Some(build)
}

/// `Image=web.build` is what that unit builds; `Image=web.image` what that one pulls, and it is told there what that is.
pub(super) fn from_unit(service: &mut Map, here: &str, files: &dyn Files) {
    let Some(image) = known_text(service.get("image")).map(str::to_owned) else { return };
    let is_build = image.ends_with(".build");
    if !is_build && !image.ends_with(".image") {
        return;
    }
    let Some(mut entry) = service.take("image") else { return };
    if is_build && let Some(build) = built(&image, here, files) {
        // Where it is told is this line, whatever the other file says.
        let span = entry.value.origin.span;
        let mut made = Map::default();
        for key in ["context", "dockerfile", "target"] {
            if let Some(text) = known_text(build.get(key)) {
                made.set(key, span, tree::made(text, span));
            }
        }
        entry.key = Arc::from("build");
        entry.value = tree::with(&entry.value, made.into_kind());
        tree::settle(&mut entry);
        service.add(entry);
        return;
    }
    entry.value = renamed(&entry.value, &UNKNOWN.to_string());
    service.add(entry);
}

/// What a unit beside builds, where its Dockerfile is there.
fn built(name: &str, here: &str, files: &dyn Files) -> Option<Map> {
    let unit = systemd::parse(&files.read(&join(here, name)).ok()?).tree;
    let mut reader = Reader { unit: &unit, section: "Build", flags: Flags::default() };
    reader.build();
    let build = Map::of(reader.flags.service.get("build")?);
    let placed = placed(build, here, files, true)?;
    let context = known_text(placed.get("context"))?;
    let dockerfile = known_text(placed.get("dockerfile")).unwrap_or("Dockerfile");
    files.exists(&join(&join(here, context), dockerfile)).then_some(placed)
}

/// Another text at the same place.
fn renamed(value: &Value, text: &str) -> Arc<Value> {
    tree::with(value, tree::made(text, value.origin.span).kind.clone())
}

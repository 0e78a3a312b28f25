//! An image by its name, as a service, a stage or a copy names it.

use std::cell::OnceCell;

use lint_parser::image::{self, ImageReference};
use lint_parser::text::mapped::Mapped;

use crate::model::known::end_of_life;
use crate::model::known::image_facts::{self, ImageFacts, ImageUser};
use crate::policies::language::value::{Fields, Source, Sources, Value};
use crate::policies::view::field::{Field, Shape, field};
use crate::policies::view::kind::Kind;

const USES: &[&str] = &["service", "base", "copy", "mount"];

pub(crate) const FIELDS: &[Field] = &[
    field("reference", Shape::Text, "The whole, as it is written once variables are replaced."),
    field("registry", Shape::Text, "The registry; `docker.io` where none is named."),
    field("repository", Shape::Text, "The path on the registry: `library/alpine`, `bitnami/redis`."),
    field("name", Shape::Text, "As short as Docker prints it, without tag: `alpine`, `ghcr.io/owner/name`."),
    field(
        "tag",
        Shape::Text,
        "The tag that is pulled: `latest` where neither tag nor digest is written; empty where a digest alone is.",
    ),
    field("digest", Shape::Text, "`sha256:…`, where it is pinned by one."),
    field(
        "use",
        Shape::Word(USES),
        "What names it: a service, a stage's `FROM` (`base`), `COPY --from`, or a mount.",
    ),
    field("built", Shape::Bool, "Whether it is built here; its name is what the result is called then."),
    field("scratch", Shape::Bool, "Whether it is `scratch`: nothing."),
    field(
        "known",
        Shape::Bool,
        "Whether Plimsoll knows this public image, so that the fields below are filled.",
    ),
    field("user", Shape::Text, "Who its program runs as, where that is known; empty for root."),
    field("root", Shape::Bool, "Whether that is root."),
    field("ended", Shape::Bool, "Whether its support has ended, as far as Plimsoll knows."),
    field("exposes", Shape::Texts, "The ports it says it listens on, as `80/tcp`."),
    field("volumes", Shape::Texts, "The paths that it makes volumes of."),
];

/// What is known of an image besides its name.
#[derive(Clone, Copy, Default)]
pub(crate) struct Named {
    pub(crate) usage: &'static str,
    pub(crate) is_built: bool,
    pub(crate) is_default: bool,
}

/// An image by its name.
pub(crate) fn of<'a>(reference: &str, named: Named, source: Option<Source>) -> Value<'a> {
    match image::parse(&Mapped::verbatim(reference, 0)) {
        Ok(parsed) => named_by(reference.to_owned(), parsed, named, source),
        Err(_) => unknown(named, source.map(|source| default_if(source, named)), Some(reference)),
    }
}

fn default_if(source: Source, named: Named) -> Source {
    Source { is_default: source.is_default || named.is_default, ..source }
}

/// An image by its name, which has been taken apart.
pub(crate) fn named_by<'a>(
    reference: String,
    parsed: ImageReference,
    named: Named,
    source: Option<Source>,
) -> Value<'a> {
    let source = source.map(|source| default_if(source, named));
    let sources = Sources::of(source.into_iter().collect());
    let view = ImageView { reference, parsed, named, sources: sources.clone(), facts: OnceCell::new() };
    Value::asked(view).with(sources)
}

/// An image whose name is known. Most of what could be asked of it is not.
struct ImageView {
    reference: String,
    parsed: ImageReference,
    named: Named,
    sources: Sources,
    facts: OnceCell<Option<ImageFacts>>,
}

impl ImageView {
    fn facts(&self) -> Option<ImageFacts> {
        let tag = || self.parsed.effective_tag().filter(|_| !self.named.is_built);
        let look = || tag().and_then(|tag| image_facts::lookup(&self.parsed.normalized_name(), tag));
        *self.facts.get_or_init(look)
    }
}

impl<'a> Fields<'a> for ImageView {
    fn kind(&self) -> Kind {
        Kind::Image
    }

    fn get(&self, name: &str) -> Option<Value<'a>> {
        let parsed = &self.parsed;
        let listed = |texts: Option<Vec<&str>>| match texts {
            Some(texts) => Value::list(texts.into_iter().map(Value::text).collect()),
            None => Value::unknown(),
        };
        let value = match name {
            "reference" => Value::text(&self.reference),
            "registry" => Value::text(parsed.registry_name()),
            "repository" => Value::text(&parsed.repository()),
            "name" => Value::text(&parsed.familiar_name()),
            "tag" => Value::text(parsed.effective_tag().unwrap_or_default()),
            "digest" => Value::text(parsed.digest.as_ref().map_or("", Mapped::text)),
            "use" => return Some(Value::text(self.named.usage)),
            "built" => Value::bool(self.named.is_built),
            "scratch" => return Some(Value::bool(false)),
            "known" => Value::bool(self.facts().is_some()),
            "user" => match self.facts().map(|facts| facts.user) {
                Some(ImageUser::NotRoot(user)) => Value::text(user),
                Some(ImageUser::Root | ImageUser::WindowsAdministrator) => Value::text(""),
                Some(ImageUser::Unknown) | None => Value::unknown(),
            },
            "root" => match self.facts().map(|facts| facts.user) {
                Some(ImageUser::NotRoot(_)) => Value::bool(false),
                Some(ImageUser::Root | ImageUser::WindowsAdministrator) => Value::bool(true),
                Some(ImageUser::Unknown) | None => Value::unknown(),
            },
            "ended" => Value::bool(end_of_life::ended(parsed).is_some()),
            "exposes" => listed(self.facts().and_then(|facts| Some(facts.exposes()?.collect()))),
            "volumes" => listed(self.facts().map(|facts| facts.volumes().collect())),
            _ => return None,
        };
        Some(value.with(self.sources.clone()))
    }
}

/// One whose name is not known, or no name.
pub(crate) fn unknown<'a>(named: Named, source: Option<Source>, written: Option<&str>) -> Value<'a> {
    let at = |value: Value<'a>| value.at(source.clone());
    let open = |name: &'static str| (name, at(Value::unknown()));
    record(vec![
        ("reference", at(written.map_or_else(Value::unknown, Value::text))),
        open("registry"),
        open("repository"),
        open("name"),
        open("tag"),
        open("digest"),
        ("use", Value::text(named.usage)),
        ("built", at(Value::bool(named.is_built))),
        ("scratch", Value::bool(false)),
        ("known", Value::bool(false)),
        open("user"),
        open("root"),
        open("ended"),
        open("exposes"),
        open("volumes"),
    ])
    .at(source.clone())
}

/// Nothing: `scratch`, or no image at all.
pub(crate) fn none<'a>(named: Named, is_scratch: bool, source: Option<Source>) -> Value<'a> {
    let at = |value: Value<'a>| value.at(source.clone());
    let written = if is_scratch { "scratch" } else { "" };
    let empty = |name: &'static str| (name, Value::text(""));
    record(vec![
        ("reference", at(Value::text(written))),
        empty("registry"),
        empty("repository"),
        ("name", at(Value::text(written))),
        empty("tag"),
        empty("digest"),
        ("use", Value::text(named.usage)),
        ("built", at(Value::bool(named.is_built))),
        ("scratch", at(Value::bool(is_scratch))),
        ("known", Value::bool(is_scratch)),
        empty("user"),
        ("root", at(Value::bool(is_scratch))),
        ("ended", Value::bool(false)),
        ("exposes", Value::list(Vec::new())),
        ("volumes", Value::list(Vec::new())),
    ])
    .set(is_scratch)
    .at(source.clone())
}

fn record<'a>(fields: Vec<(&'static str, Value<'a>)>) -> Value<'a> {
    Value::record(Kind::Image, fields)
}

//! What a stage starts from: a stage, an image, nothing.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use lint_parser::dockerfile::expansion::Value;
use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::build::request::NamedContext;
use crate::model::build::stage::{Base, BaseImage};
use crate::model::build::user::Accounts;
use crate::model::known::image_facts::{self, ImageFacts};
use crate::model::values::variables::{BaseVariables, Variables};

/// Architectures that Dockerfiles name stages after, the usual one first.
const ARCHITECTURES: [&str; 8] = ["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "mips64le"];

/// What decides what `FROM` names.
pub(super) struct Bases<'a> {
    /// The named contexts of the request.
    pub(super) contexts: &'a BTreeMap<String, NamedContext>,
    /// The variables `FROM` sees.
    pub(super) globals: &'a Variables,
    /// The escape character of the file.
    pub(super) escape: char,
    /// The stages so far, by name.
    pub(super) names: &'a HashMap<String, usize>,
    /// What is known of the images that were asked for already.
    pub(super) facts: &'a RefCell<HashMap<String, Option<ImageFacts>>>,
}

impl Bases<'_> {
    /// What `FROM` names, and the stages it would name on other platforms.
    pub(super) fn base(&self, name: Option<&str>, image: &Mapped) -> (Base, Vec<usize>) {
        if let Some(context) = name.and_then(|name| self.contexts.get(name)) {
            return (self.context(context), Vec::new());
        }
        let word = self.globals.expand(image, self.escape);
        if word.known {
            // An argument nobody gives: BuildKit would refuse the build, so somebody does give it.
            if word.unset.iter().any(|variable| !variable.guarded) || word.shown.is_empty() {
                return (Base::Unknown, Vec::new());
            }
            // So does a default that says it must be overridden.
            if image.text().contains('$')
                && is_placeholder(&word.shown)
                && !self.names.contains_key(&*word.shown)
            {
                return (Base::Unknown, Vec::new());
            }
            return (self.named(&word.shown), Vec::new());
        }
        let mut stages = Vec::new();
        for architecture in ARCHITECTURES {
            let guess = self.globals.expand_with(image, self.escape, |name| match name {
                "TARGETARCH" | "BUILDARCH" => Value::Known(architecture.into()),
                "TARGETOS" | "BUILDOS" => Value::Known("linux".into()),
                "TARGETVARIANT" | "BUILDVARIANT" => Value::Known("".into()),
                _ => match self.globals.get(name) {
                    Some(value) if value.known => Value::Known(value.shown),
                    Some(_) => Value::Unknown,
                    None => Value::Unset,
                },
            });
            let stage = guess.text().and_then(|text| self.names.get(text)).copied();
            if let Some(stage) = stage.filter(|stage| !stages.contains(stage)) {
                stages.push(stage);
            }
        }
        match stages.first() {
            Some(&stage) => {
                stages.remove(0);
                (Base::Stage(stage), stages)
            }
            None => (Base::Unknown, Vec::new()),
        }
    }

    /// Whether `FROM` names an image of another service that runs as root.
    pub(super) fn is_root_image(&self, name: Option<&str>, image: &Mapped) -> bool {
        let contexts = self.contexts;
        let context = name.and_then(|name| contexts.get(name)).or_else(|| {
            let word = self.globals.expand(image, self.escape);
            contexts.get(word.text()?)
        });
        matches!(context, Some(NamedContext::RootImage))
    }

    /// The stage or image of a known name.
    fn named(&self, text: &str) -> Base {
        // Exact: names are lower-cased when they are given, not where `FROM` uses them.
        if let Some(&stage) = self.names.get(text) {
            return Base::Stage(stage);
        }
        if text == "scratch" {
            return Base::Scratch;
        }
        let reference = image::parse(&Mapped::replaced(text, Span::default()));
        let Ok(reference) = reference else { return Base::Unknown };
        let familiar = reference.familiar_name();
        let tagged = reference.effective_tag().map(|tag| format!("{familiar}:{tag}"));
        let context = [Some(text), Some(&familiar).filter(|_| reference.tag.is_none()).map(String::as_str)]
            .into_iter()
            .chain([tagged.as_deref()])
            .flatten()
            .find_map(|name| self.contexts.get(name));
        match context {
            Some(context) => self.context(context),
            None => {
                let known = self.facts.borrow().get(text).copied();
                let facts = known.unwrap_or_else(|| facts_of(&reference));
                if known.is_none() {
                    self.facts.borrow_mut().insert(text.to_owned(), facts);
                }
                Base::Image(Box::new(BaseImage { reference: text.to_owned(), facts }))
            }
        }
    }

    fn context(&self, context: &NamedContext) -> Base {
        match context {
            NamedContext::Image(text) if text == "scratch" => Base::Scratch,
            NamedContext::Image(text) => match image::parse(&Mapped::replaced(text, Span::default())) {
                Ok(reference) => {
                    Base::Image(Box::new(BaseImage { reference: text.clone(), facts: facts_of(&reference) }))
                }
                Err(_) => Base::Unknown,
            },
            NamedContext::RootImage | NamedContext::Other => Base::Unknown,
        }
    }
}

/// What a reference is known to be. An image known by its digest alone may be any version.
pub fn facts_of(reference: &image::ImageReference) -> Option<ImageFacts> {
    image_facts::lookup(&reference.normalized_name(), reference.effective_tag()?)
}

pub(super) fn base_variables(base: &Base) -> BaseVariables {
    match base {
        Base::Scratch => BaseVariables::None,
        Base::Image(image) => {
            image.facts.map_or(BaseVariables::Unknown, |facts| BaseVariables::Known(facts.variables()))
        }
        Base::Unknown | Base::Stage(_) => BaseVariables::Unknown,
    }
}

pub(super) fn base_workdir(base: &Base) -> Option<&'static str> {
    match base {
        Base::Scratch => Some("/"),
        Base::Image(image) => image.facts?.workdir,
        Base::Stage(_) | Base::Unknown => None,
    }
}

pub(super) fn base_accounts(base: &Base) -> Accounts {
    match base {
        Base::Scratch => Accounts::none(),
        Base::Image(image) => image.facts.map_or_else(Accounts::unknown, Accounts::of_image),
        Base::Unknown | Base::Stage(_) => Accounts::unknown(),
    }
}

/// Words that stand for an image which somebody is to name: `ARG BASE=mustoverride`.
const PLACEHOLDERS: [&str; 30] = [
    "changeit",
    "changeme",
    "dummy",
    "fixme",
    "invalid",
    "missing",
    "mustbeset",
    "mustoverride",
    "mustset",
    "none",
    "notset",
    "null",
    "override",
    "overrideme",
    "overriden",
    "overridden",
    "placeholder",
    "replaceme",
    "required",
    "setme",
    "specifyme",
    "tbd",
    "tobedefined",
    "tobeset",
    "todo",
    "undefined",
    "unset",
    "unspecified",
    "youmustset",
    "xxx",
];

/// Whether the default of an argument is no image but a word that says so.
fn is_placeholder(image: &str) -> bool {
    let lower = image.to_ascii_lowercase();
    let whole: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    let has_phrase = ["placeholder", "override", "changeme", "replaceme", "must", "invalid"];
    let is_phrase = !lower.contains(['/', ':']) && has_phrase.iter().any(|phrase| whole.starts_with(phrase));
    is_phrase
        || PLACEHOLDERS.contains(&whole.as_str())
        || lower.split(['/', ':']).any(|part| part == "placeholder")
}

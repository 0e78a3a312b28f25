//! What a build reads besides its Dockerfile: its context, and the contexts that it names.

use lint_parser::compose::ast::build::Build;
use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::{Certainty, Entry, Mapping, Origin, ValueKind};

/// The attributes that Bake reads in `x-bake`; it passes others by.
pub const X_BAKE: [&str; 11] = [
    "cache-from",
    "cache-to",
    "contexts",
    "no-cache",
    "no-cache-filter",
    "output",
    "platforms",
    "pull",
    "secret",
    "ssh",
    "tags",
];

/// A context of a build.
#[derive(Clone, Debug)]
pub struct BuildSource<'a> {
    /// What it is called; `None` for the context itself.
    pub name: Option<&'a str>,
    /// A directory, an address, an image; `None` where a variable decides.
    pub address: Option<&'a str>,
    /// Where it is written.
    pub origin: Origin,
    /// Where the build takes it from.
    pub via: Option<Origin>,
}

/// The contexts of a build. What `x-bake` adds counts: who writes it builds with Bake. It takes nothing away.
#[must_use]
pub fn sources(build: &Build) -> Vec<BuildSource<'_>> {
    let known = |text: &Text| !text.is_unknown();
    let own = build.context.as_ref().map(|context| BuildSource {
        name: None,
        address: Some(context.value.as_str()).filter(|_| known(&context.value)),
        origin: context.value.origin,
        via: context.via,
    });
    let named = build.additional_contexts.iter().flat_map(|contexts| {
        contexts.value.items.iter().map(|pair| {
            let value = pair.value.as_ref();
            BuildSource {
                name: Some(pair.name.as_str()),
                address: value.filter(|value| known(value)).map(Text::as_str),
                origin: value.map_or(pair.origin, |value| value.origin),
                via: pair.via.or(contexts.via),
            }
        })
    });
    let mut all: Vec<BuildSource<'_>> = own.into_iter().chain(named).collect();
    for entry in x_bake(build).iter().flat_map(|x_bake| inside(x_bake, "contexts")) {
        if all.iter().any(|known| known.name == Some(&*entry.key)) {
            continue;
        }
        let text = entry.value.as_scalar().filter(|scalar| scalar.certainty != Certainty::Unknown);
        all.push(BuildSource {
            name: Some(&entry.key),
            address: text.map(|scalar| scalar.text.text()),
            origin: entry.value.origin,
            via: entry.via,
        });
    }
    all
}

/// What a build says to Bake alone, with where it takes that from.
#[must_use]
pub fn x_bake(build: &Build) -> Option<&Mapping> {
    let entry = build.rest.extensions.iter().find(|entry| &*entry.key == "x-bake")?;
    match &entry.value.kind {
        ValueKind::Mapping(mapping) => Some(mapping),
        _ => None,
    }
}

/// The names that `x-bake` gives the image: a list, or a text with blanks between them.
pub fn tags_of_bake(build: &Build) -> impl Iterator<Item = &str> {
    let tags = x_bake(build).and_then(|x_bake| x_bake.entries.iter().find(|entry| &*entry.key == "tags"));
    let texts: Vec<&str> = match tags.map(|tags| &tags.value.kind) {
        Some(ValueKind::Sequence(items)) => {
            items.iter().filter_map(|item| Some(item.as_scalar()?.text.text())).collect()
        }
        Some(ValueKind::Scalar(scalar)) => scalar.text.text().split_whitespace().collect(),
        _ => Vec::new(),
    };
    texts.into_iter()
}

fn inside<'a>(mapping: &'a Mapping, key: &str) -> &'a [Entry] {
    match mapping.get(key).map(|entry| &entry.value.kind) {
        Some(ValueKind::Mapping(inner)) => &inner.entries,
        _ => &[],
    }
}

//! The actions of GitHub that build: `docker/build-push-action`, `docker/bake-action` and their kin.

use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::files::Files;
use crate::model::inputs::builds;
use crate::model::inputs::flags::Flags;
use crate::model::inputs::grammar::Flag;
use crate::model::inputs::volumes::split;
use crate::model::project::Lowered;

/// What an input of an action is to a build.
const BUILD: [(&str, Flag); 8] = [
    ("allow", Flag::BuildItem("entitlements")),
    ("build-args", Flag::BuildItem("args")),
    ("build-contexts", Flag::BuildItem("additional_contexts")),
    ("file", Flag::Build("dockerfile")),
    ("dockerfile", Flag::Build("dockerfile")),
    ("network", Flag::Build("network")),
    ("tags", Flag::Text("image")),
    ("target", Flag::Build("target")),
];
const BAKE: [(&str, Flag); 2] = [("allow", Flag::BuildItem("entitlements")), ("set", Flag::Set)];

/// What an action builds; nothing where it is none that does.
pub(super) fn lowered(
    action: &Mapped,
    input: &dyn Fn(&str) -> Option<(Span, Mapped)>,
    files: &dyn Files,
) -> Option<Lowered> {
    let name = action.text().split('@').next().unwrap_or_default();
    let is_bake = name.ends_with("/bake-action");
    if !is_bake && !["/build-push-action", "/buildah-build"].iter().any(|known| name.ends_with(known)) {
        return None;
    }
    let mut flags = Flags::default();
    let table: &[(&str, Flag)] = if is_bake { &BAKE } else { &BUILD };
    for (name, flag) in table {
        let Some((key, text)) = input(name) else { continue };
        let items: Vec<Mapped> = match flag {
            Flag::BuildItem("entitlements") => {
                lines(&text).iter().flat_map(|line| lines_of(line, ',')).collect()
            }
            Flag::BuildItem(_) | Flag::Set => lines(&text),
            _ => lines(&text).into_iter().take(1).collect(),
        };
        for item in items {
            flags.value(*flag, key, &item);
        }
    }
    let at = action.span();
    if is_bake {
        let source = input("source").map(|(_, source)| source).filter(|source| source.text().contains("://"));
        // What other files hold, or files elsewhere, is not known.
        let is_here = source.is_none() && ["files", "workdir"].iter().all(|name| input(name).is_none());
        let targets = input("targets").filter(|_| is_here).map(|(_, targets)| targets);
        let named: Vec<Mapped> =
            targets.iter().flat_map(lines).flat_map(|line| lines_of(&line, ',')).collect();
        let named: Vec<&Mapped> = named.iter().collect();
        let unknown = builds::unknown_targets(&named, "", files);
        return builds::of_bake(flags, source.as_ref(), unknown, at);
    }
    let context = input("context").map(|(_, context)| context);
    builds::lowered(flags, context.as_ref(), &[String::new()], files, at)
}

fn lines(text: &Mapped) -> Vec<Mapped> {
    lines_of(text, '\n')
}

/// The parts of a list, without blanks, quotes around them, and comments.
fn lines_of(text: &Mapped, sign: char) -> Vec<Mapped> {
    let parts = split(text, sign).into_iter();
    let parts = parts.map(|part| part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')));
    parts.filter(|part| !part.is_empty() && !part.text().starts_with('#')).collect()
}

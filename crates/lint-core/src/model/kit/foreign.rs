//! Texts that are called Dockerfiles or Compose files and are written in another language: its grammar is not ours to judge.

use std::fmt;

use lint_parser::compose;
use lint_parser::dockerfile::ast::{Dockerfile, Instruction, InstructionKind};
use lint_parser::image;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::source::SourceFile;

/// The language that a text is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// That of the image which `# syntax=` names, and which reads the file in place of Docker's own grammar.
    Frontend(String),
    /// That of a template engine, which writes what Docker gets; the mark it is known by.
    Template(&'static str),
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Foreign::Frontend(image) => {
                write!(f, "not judged: `# syntax={image}` hands it to a grammar that is not Docker's")
            }
            Foreign::Template(mark) => {
                write!(f, "not judged: a template (`{mark}`); lint the file that is made of it")
            }
        }
    }
}

/// Whether a frontend image is Docker's own, or a mirror of it.
#[must_use]
pub fn is_dockers_frontend(normalized: &str) -> bool {
    ["docker/dockerfile", "docker/dockerfile-upstream", "moby/dockerfile"]
        .iter()
        .any(|own| normalized.strip_suffix(own).is_some_and(|mirror| mirror.ends_with('/')))
}

/// The language of a Dockerfile, if it is not Docker's.
#[must_use]
pub fn of_dockerfile(tree: &Dockerfile) -> Option<Foreign> {
    frontend(tree).map(Foreign::Frontend).or_else(|| template(tree).map(Foreign::Template))
}

fn frontend(tree: &Dockerfile) -> Option<String> {
    let syntax = tree.directives.iter().find(|directive| directive.name.value == "syntax")?;
    let image = syntax.value.value.split_whitespace().next()?;
    // BuildKit cannot run what is no image, and says so.
    let reference = image::parse(&Mapped::verbatim(image, 0)).ok()?;
    (!is_dockers_frontend(&reference.normalized_name())).then(|| image.to_owned())
}

/// Opening and closing marks of template engines: ERB and EJS, Jinja's statements and comments, Go's, jq's and Jinja's values.
const MARKS: [(&str, &str); 4] = [("<%", "%>"), ("{%", "%}"), ("{#", "#}"), ("{{", "}}")];

fn template(tree: &Dockerfile) -> Option<&'static str> {
    tree.instructions.iter().find_map(|instruction| {
        match &instruction.kind {
            // Where a keyword belongs stands what decides whether the line is there at all.
            InstructionKind::Unknown => {
                let word = &instruction.keyword.value;
                let mark = MARKS.iter().find(|(mark, _)| word.starts_with(mark));
                let macros =
                    ["include(", "define(", "ifdef(", "ifelse(", "changequote(", "divert(", "m4_", "dnl"];
                let is_macro = macros.iter().any(|start| word.starts_with(start));
                mark.map(|(mark, _)| *mark)
                    .or_else(|| is_macro.then_some("m4"))
                    .or_else(|| value(instruction))
            }
            InstructionKind::From(_)
            | InstructionKind::Copy(_)
            | InstructionKind::Add(_)
            | InstructionKind::Workdir(_)
            | InstructionKind::User(_)
            | InstructionKind::Expose(_)
            | InstructionKind::Volume(_)
            | InstructionKind::Arg(_)
            | InstructionKind::Env(_) => value(instruction),
            // A program may be given a template of its own: `docker inspect --format '{{.Id}}'`.
            _ => statement(instruction),
        }
    })
}

/// A template's value in the place of a word.
fn value(instruction: &Instruction) -> Option<&'static str> {
    let text = instruction.arguments.text();
    // Nearly all texts are told here.
    if !text.contains(['<', '{', '%', '@']) && !text.contains("__") {
        return None;
    }
    let is_open = |mark: &str, end: &str| {
        unquoted(text, mark).is_some_and(|at| text.get(at..).is_some_and(|rest| rest.contains(end)))
    };
    let mark = MARKS.iter().find(|(mark, end)| is_open(mark, end)).map(|(mark, _)| *mark);
    let is_from = matches!(instruction.kind, InstructionKind::From(_));
    // `FROM debian:%%SUITE%%`, `FROM @BASE@`: no image has such a name.
    mark.or_else(|| (is_from && has_placeholder(text, "%%")).then_some("%%"))
        .or_else(|| (is_from && has_placeholder(text, "@")).then_some("@"))
        .or_else(|| (is_from && has_placeholder(text, "__")).then_some("__"))
}

/// A statement of Jinja's among the words of a program.
fn statement(instruction: &Instruction) -> Option<&'static str> {
    const WORDS: [&str; 9] = ["if", "for", "else", "elif", "endif", "endfor", "set", "include", "block"];
    let text = instruction.arguments.text();
    let rest = text.get(unquoted(text, "{%")? + 2..)?.trim_start_matches(['-', '+', ' ', '\t']);
    let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next()?;
    (WORDS.contains(&word) && rest.contains("%}")).then_some("{%")
}

/// Where a mark stands first outside of quotes. A template in quotes is a text like others: `ENV FORMAT='{{.Names}}'`.
fn unquoted(text: &str, mark: &str) -> Option<usize> {
    // Nearly all texts are told here.
    let first = text.find(mark)?;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            None if at >= first && text[at..].starts_with(mark) => return Some(at),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// Whether a text has capitals between two marks.
fn has_placeholder(text: &str, mark: &str) -> bool {
    let mut parts = text.split(mark).skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_name = part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        if is_name && parts.peek().is_some() {
            return true;
        }
    }
    false
}

/// The language of a Compose file, if Compose cannot read it because it is a template. Marks that YAML can read are for
/// somebody else: `hostname: "{{.Node.Hostname}}"` is Swarm's.
#[must_use]
pub fn of_compose(file: &SourceFile) -> Option<Foreign> {
    let text = file.text();
    if !MARKS.iter().any(|(mark, end)| text.contains(mark) && text.contains(end)) {
        return None;
    }
    let mark = text.lines().find_map(|line| {
        let line = line.trim_start();
        // In place of a key, of an item or of a value.
        let value = line.split_once(": ").map_or("", |(_, value)| value.trim_start());
        let item = line.strip_prefix("- ").unwrap_or(line);
        let mark = |&&(mark, end): &&(&str, &str)| {
            line.contains(end) && [line, item, value].iter().any(|place| place.starts_with(mark))
        };
        MARKS.iter().find(mark).map(|(mark, _)| *mark)
    })?;
    (!compose::parse(text).errors.is_empty()).then_some(Foreign::Template(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Option<Foreign> {
        of_dockerfile(&lint_parser::dockerfile::parse(text).tree)
    }

    #[test]
    fn templates_of_dockerfiles_are_known_by_what_docker_could_not_mean() {
        for (text, expected) in [
            ("FROM a\n{% if x %}\nRUN b\n{% endif %}\n", "{%"),
            ("FROM debian:{{ version }}\n", "{{"),
            ("FROM debian:%%SUITE%%-slim\n", "%%"),
            ("FROM @BASE_IMAGE@\n", "@"),
            ("FROM debian:__SUITE__-slim\n", "__"),
            ("FROM a\ninclude(common.m4)\n", "m4"),
            ("FROM a\n{{ if .x then ( -}}\nRUN b\n{{ ) else \"\" end -}}\n", "{{"),
            ("FROM a\n<% if x %>\nRUN b\n<% end %>\n", "<%"),
            ("FROM a\nENV V <%= version %>\n", "<%"),
            (
                "FROM a\nRUN apt-get install \\\n{% for p in packages %}\n  {{ p }} \\\n{% endfor %}\n  c\n",
                "{%",
            ),
            ("FROM a\nCOPY {{ item.file }} /srv/\n", "{{"),
        ] {
            assert_eq!(mark(text), Some(Foreign::Template(expected)), "{text}");
        }
        for text in [
            "FROM a\nRUN docker inspect --format '{{.Id}}' x\n",
            "FROM a\nRUN docker inspect --format={{.Id}} x\n",
            "FROM a\nRUN curl -w %{http_code} x\n",
            "FROM a\nRUN echo '{% if x %}y{% endif %}' > t.j2\n",
            "FROM a\nCOPY <<E /t.j2\n{% if x %}\n{{ y }}\n{% endif %}\nE\n",
            "FROM a\nENV FORMAT='{{.Names}}'\n",
            "FROM a@sha256:0123456789012345678901234567890123456789012345678901234567890123\n",
            "FROM a\nLABEL x={{.y}}\n",
            "# {{ x }}\nFROM a\n",
            "FROM a\nRNU b\n",
        ] {
            assert_eq!(mark(text), None, "{text}");
        }
    }

    #[test]
    fn a_frontend_that_is_not_dockers_has_its_own_grammar() {
        let of = |image: &str| mark(&format!("# syntax={image}\nFROM a\n"));
        for image in [
            "docker/dockerfile",
            "docker/dockerfile:1-labs",
            "docker.io/docker/dockerfile-upstream:master",
            "reg.example/docker/dockerfile:1",
            "",
        ] {
            assert_eq!(of(image), None, "{image}");
        }
        for image in ["devthefuture/dockerfile-x", "edrevo/dockerfile-plus:0.1", "ghcr.io/a/docker/mine"] {
            assert_eq!(of(image), Some(Foreign::Frontend(image.to_owned())), "{image}");
        }
    }

    #[test]
    fn a_compose_file_is_a_template_where_compose_cannot_read_it() {
        let of = |text: &str| of_compose(&SourceFile::new("compose.yaml", text));
        for (text, expected) in [
            ("services:\n  a:\n    <% if x %>\n    image: b\n    <% end %>\n", "<%"),
            ("services:\n{% for n in names %}\n  {{ n }}:\n    image: b\n{% endfor %}\n", "{%"),
            ("services:\n  a:\n    image: {{ image }}\n", "{{"),
        ] {
            assert_eq!(of(text), Some(Foreign::Template(expected)), "{text}");
        }
        for text in [
            "services:\n  a:\n    image: b\n    hostname: \"{{.Node.Hostname}}\"\n    imagee: c\n",
            "configs:\n  a:\n    content: |\n      {{ range x }}\n      {{ end }}\nservices: {}\n",
            "services:\n  a: [\n",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}

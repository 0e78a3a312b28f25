//! Whether a file that is not there may be made before it is mounted.

use crate::files::{directory, file_name, join};
use crate::model::container::{BuildFiles, Presence};
use crate::model::kit::names::EXAMPLES;
use crate::model::project::Project;

/// Lines of a `.gitignore` that are read; people write a few hundred.
const MOST_LINES: usize = 5_000;

/// What templates of a file are called, `NAME` standing for its name, `STEM` and `EXTENSION` for its parts.
const TEMPLATES: [&str; 22] = [
    "NAME.example",
    "NAME.sample",
    "NAME.dist",
    "NAME.template",
    "NAME.tmpl",
    "NAME.tpl",
    "NAME.default",
    "NAME.in",
    "NAME.j2",
    "NAME.erb",
    "NAME-example",
    "NAME-sample",
    "NAME.dev",
    "NAME.prod",
    "example.NAME",
    "sample.NAME",
    "default.NAME",
    "STEM.example.EXTENSION",
    "STEM.sample.EXTENSION",
    "STEM-example.EXTENSION",
    "STEM-sample.EXTENSION",
    "STEM.dist.EXTENSION",
];

/// Whether anything at hand speaks of it.
pub(super) fn may_be(path: &str, project: &Project, files: &dyn BuildFiles) -> bool {
    // What lies in a directory of its own that is missing as well, outside of the project, is another repository's.
    let is_elsewhere = path.starts_with("..") && files.presence(&or_here(directory(path))) != Presence::There;
    is_elsewhere || is_ignored(path, project, files) || is_spoken_of(path, files)
}

/// Whether a template of it is there, or something that may call Docker names it.
pub(super) fn is_spoken_of(path: &str, files: &dyn BuildFiles) -> bool {
    has_template(path, files) || files.is_mentioned(file_name(path))
}

fn or_here(path: &str) -> String {
    if path.is_empty() { ".".to_owned() } else { path.to_owned() }
}

fn has_template(path: &str, files: &dyn BuildFiles) -> bool {
    let name = file_name(path);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_there = |name: &str| files.presence(&join(directory(path), name)) == Presence::There;
    let is_made_of = |template: &&str| {
        is_there(&template.replace("NAME", name).replace("STEM", stem).replace("EXTENSION", extension))
    };
    TEMPLATES.iter().any(is_made_of) || (name.contains("env") && EXAMPLES.iter().any(|name| is_there(name)))
}

/// Whether version control is told to leave it alone, or has it from another repository.
fn is_ignored(path: &str, project: &Project, files: &dyn BuildFiles) -> bool {
    let mut from = vec![project.directory.as_str()];
    from.extend(above(path));
    from.extend(above(&project.directory));
    // Above where names start lies the rest of the repository.
    let outside = ["..", "../..", "../../.."].into_iter().filter(|_| !path.starts_with('/'));
    from.into_iter().chain(outside).any(|place| {
        let ignored = files.text(&join(place, ".gitignore")).unwrap_or_default();
        let modules = files.text(&join(place, ".gitmodules")).unwrap_or_default();
        let of_modules = modules.lines().filter_map(|line| line.trim().strip_prefix("path = "));
        ignored.lines().take(MOST_LINES).chain(of_modules).any(|line| matches(line.trim(), path))
    })
}

/// Whether a line of a `.gitignore` may be meant for a path. A pattern that fits any part of it is enough.
fn matches(line: &str, path: &str) -> bool {
    if line.is_empty() || line.starts_with(['#', '!']) {
        return false;
    }
    let line = line.trim_end_matches("/**").trim_end_matches("/*").trim_matches('/');
    let last = file_name(line);
    // `*` alone is for what `!` then takes back.
    !matches!(last, "" | "*" | "**") && path.split('/').any(|part| fits(last, part))
}

/// Whether a pattern with `*` and `?` is a name.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some('?') => (at, read) = (at + 1, read + 1),
            Some(c) if *c == name[read] => (at, read) = (at + 1, read + 1),
            _ => match star {
                Some((star_at, from)) => {
                    star = Some((star_at, from + 1));
                    (at, read) = (star_at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

/// The directories above a path, the nearest first, down from where names start.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(directory(path)), |path| {
        (!path.is_empty() && *path != "/").then(|| directory(path))
    })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn lines_of_a_gitignore() {
        for (line, path) in [
            ("config.yml", "app/config.yml"),
            ("/app/config.yml", "app/config.yml"),
            ("*.yml", "config.yml"),
            ("conf*/", "x/config/a.yml"),
            ("/docker/volumes/*", "docker/volumes/x/y"),
        ] {
            assert!(matches(line, path), "{line} {path}");
        }
        for (line, path) in
            [("# config.yml", "config.yml"), ("*", "a"), ("!a", "a"), ("*.yaml", "a.yml"), ("", "a")]
        {
            assert!(!matches(line, path), "{line} {path}");
        }
    }
}

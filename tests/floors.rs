//! The house keeps its floors: a module uses itself and what lies below it, never what lies above; and no files use one
//! another in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules of crates and of rooms in them, from the ground up; those in one row may not use each other.
const FLOORS: &[(&str, &str, &[&[&str]])] = &[
    (
        "lint-parser",
        "",
        &[
            &["text"],
            &["syntax_error"],
            &["image", "yaml", "json", "systemd", "interpolation"],
            &["hcl"],
            &["shell", "dockerfile", "compose", "dotenv"],
        ],
    ),
    (
        "lint-core",
        "",
        &[
            &["files", "finding", "json"],
            &["settings"],
            &["model"],
            &["rule", "kinds"],
            &["rules", "policies"],
            &["report", "config"],
            &["engine"],
            &["session"],
        ],
    ),
    (
        "lint-core",
        "model",
        &[
            &["kit"],
            &["known", "paths"],
            &["values"],
            // What runs is followed with what variables hold.
            &["runs"],
            &["build"],
            &["secrets", "project"],
            &["edits"],
            &["calls", "container", "daemon", "kubernetes"],
            &["inputs", "repository"],
        ],
    ),
];

/// Files that use one another, and why that is right.
const CIRCLES: &[(&str, &[&str], &str)] = &[
    (
        "lint-parser",
        &["shell::ast", "shell::word", "shell::walk", "shell::wrappers"],
        "A command holds words and a word the commands of `$(…)`: one tree, which also keeps what it was once asked.",
    ),
    (
        "lint-parser",
        &["compose::ast", "compose::lower", "compose::long", "compose::short"],
        "One table, `attributes!`, says what the keys of a mapping are, how each is read, and how it is written out.",
    ),
];

/// A file of a crate: its text without comments and tests.
struct Module {
    /// As a path: `model::build::stage`; empty for the crate's own.
    name: String,
    text: String,
    /// The modules that it declares.
    children: BTreeSet<String>,
}

/// What a file uses: paths as they are written, from the root of the crate, with the module each leads to.
struct Uses<'m> {
    modules: BTreeMap<&'m str, &'m Module>,
    /// The module that a name is really from, by the module that passes it on.
    passed_on: BTreeMap<(&'m str, String), String>,
}

#[test]
fn no_module_reaches_above_its_floor() {
    let mut wrong = Vec::new();
    for (name, room, floors) in FLOORS {
        let modules = modules_of(name);
        let within = |module: &str| -> Option<String> {
            let inside = match *room {
                "" => module,
                room => module.strip_prefix(room)?.strip_prefix("::")?,
            };
            inside.split("::").next().filter(|first| !first.is_empty()).map(str::to_owned)
        };
        let floor_of = |module: &str| floors.iter().position(|row| row.contains(&module));
        let uses = Uses::of(&modules);
        for module in &modules {
            // The crate's door, and tests that look at every room.
            let Some(own) = within(&module.name).filter(|own| own != "tests") else { continue };
            let Some(floor) = floor_of(&own) else { panic!("{name}: `{}` has no floor", module.name) };
            for path in written(&module.text) {
                let Some(used) = absolute(&path, module) else { continue };
                let used = used.join("::");
                let Some(other) = within(&used).filter(|other| *other != own) else { continue };
                match floor_of(&other) {
                    Some(above) if above >= floor => {
                        wrong.push(format!("{name}: {} uses `{used}`, not below it", module.name));
                    }
                    Some(_) => {}
                    None if uses.modules.contains_key(used.as_str()) || room.is_empty() => {
                        wrong.push(format!("{name}: {}: `{used}` does not name its module", module.name));
                    }
                    None => {}
                }
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_files_use_one_another_in_a_circle() {
    let mut wrong = Vec::new();
    for name in ["lint-parser", "lint-core", "lint-disk", "lint-lsp", "lint-cli"] {
        let is_right = |circle: &Vec<String>| {
            CIRCLES.iter().any(|(owner, files, _)| {
                let is_in = |module: &String| files.iter().any(|file| is_within(module, file));
                *owner == name && circle.iter().all(is_in)
            })
        };
        let circles = circles(&modules_of(name)).into_iter().filter(|circle| !is_right(circle));
        wrong.extend(circles.map(|circle| format!("{name}: {}", circle.join(" · "))));
    }
    assert!(wrong.is_empty(), "these use one another:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_is_part_of_its_crate() {
    let mut strays = Vec::new();
    for name in ["lint-parser", "lint-core", "lint-disk", "lint-lsp", "lint-cli"] {
        let modules = modules_of(name);
        let declared: BTreeSet<String> = modules
            .iter()
            .flat_map(|module| module.children.iter().map(|child| within(&module.name, child)))
            .collect();
        let is_stray = |module: &&Module| !module.name.is_empty() && !declared.contains(&module.name);
        strays.extend(modules.iter().filter(is_stray).map(|module| format!("{name}: {}", module.name)));
    }
    assert!(strays.is_empty(), "no module declares these:\n{}", strays.join("\n"));
}

/// What these crates are kept for is their work and nobody else's.
#[test]
fn what_a_crate_does_well_is_left_to_it() {
    let used = [
        ("lint-parser", "nom", "use nom::"),
        ("lint-core", "globset", "globset::"),
        ("lint-core", "serde_yaml", "serde_yaml::"),
        ("lint-cli", "clap", "use clap::"),
        ("lint-cli", "miette", "miette::"),
    ];
    for (crate_name, dependency, path) in used {
        let is_used = modules_of(crate_name).iter().any(|module| module.text.contains(path));
        assert!(is_used, "{crate_name} does without {dependency}");
    }
}

/// Each byte of it is downloaded, and a second reader with its tables has many.
#[test]
fn the_module_for_browsers_has_one_reader_of_json() {
    for module in modules_of("lint-wasm") {
        for reading in ["serde_json::from_", "serde_json::Value", "json!("] {
            assert!(!module.text.contains(reading), "{}: {reading}; `lint_core::json` reads", module.name);
        }
    }
}

#[test]
fn a_circle_is_found_behind_doors_too() {
    let of = |files: &[(&str, &str)]| {
        let files = files.iter().map(|(name, text)| Module::of((*name).to_owned(), (*text).to_owned()));
        circles(&files.collect::<Vec<_>>())
    };
    let door = ("room", "mod a;\nmod b;\npub use a::A;\npub use b::B;\n");
    let (a, b) = (("room::a", "use crate::room::B;"), ("room::b", "use super::{A, c};"));
    assert_eq!(of(&[door, a, b]), [["room::a", "room::b"]]);
    // What a door itself defines, its rooms may use; and a room that nobody uses back is no circle.
    assert!(
        of(&[("room", "mod a;\nstruct Own;\nfn go() { a::go() }\n"), ("room::a", "use super::Own;")])
            .is_empty()
    );
    assert!(of(&[door, a, ("room::b", "pub(in crate::room::a) struct B;")]).is_empty());
}

/// The groups of files that use one another, each sorted. A child may use what its parent defines.
fn circles(modules: &[Module]) -> Vec<Vec<String>> {
    let uses = Uses::of(modules);
    let edges: BTreeMap<&str, BTreeSet<&str>> = modules
        .iter()
        .map(|module| {
            let parent = module.name.rsplit_once("::").map_or("", |(parent, _)| parent);
            let used = written(&module.text).into_iter().filter_map(|path| uses.leads_to(&path, module));
            (module.name.as_str(), used.filter(|used| *used != module.name && *used != parent).collect())
        })
        .collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> = edges
        .keys()
        .map(|&from| {
            let mut seen = BTreeSet::new();
            let mut next = vec![from];
            while let Some(at) = next.pop() {
                next.extend(edges.get(at).into_iter().flatten().copied().filter(|to| seen.insert(*to)));
            }
            (from, seen)
        })
        .collect();
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for (from, seen) in reached.iter().filter(|(from, seen)| seen.contains(*from)) {
        let together = seen.iter().filter(|to| reached[*to].contains(from));
        circles.insert(together.map(|module| (*module).to_owned()).collect());
    }
    circles.into_iter().collect()
}

impl Module {
    fn of(name: String, text: String) -> Self {
        let declared = text.lines().filter_map(|line| line.strip_suffix(';')?.rsplit_once("mod "));
        let children = declared.map(|(_, child)| child.to_owned()).collect();
        Self { name, text, children }
    }
}

impl<'m> Uses<'m> {
    fn of(modules: &'m [Module]) -> Self {
        let modules: BTreeMap<&str, &Module> = modules.iter().map(|m| (m.name.as_str(), m)).collect();
        let mut uses = Self { modules, passed_on: BTreeMap::new() };
        let mut passed_on = BTreeMap::new();
        for module in uses.modules.values() {
            for (at, _) in module.text.match_indices(" use ").chain(module.text.match_indices("\nuse ")) {
                let before = module.text[..at].rsplit('\n').next().unwrap_or_default().trim();
                let statement = module.text[at..].split(';').next().unwrap_or_default();
                for path in written(statement).into_iter().filter(|_| before.starts_with("pub")) {
                    let Some(name) = path.last().cloned() else { continue };
                    let Some(from) = uses.leads_to(&path, module) else { continue };
                    passed_on.insert((module.name.as_str(), name), from.to_owned());
                }
            }
        }
        uses.passed_on = passed_on;
        uses
    }

    /// The module in which what a path names is defined.
    fn leads_to(&self, path: &[String], from: &Module) -> Option<&'m str> {
        let mut path = absolute(path, from)?;
        for _ in 0..8 {
            let depth =
                (0..=path.len()).rev().find(|&n| self.modules.contains_key(path[..n].join("::").as_str()))?;
            let (module, _) = self.modules.get_key_value(path[..depth].join("::").as_str())?;
            match path.get(depth).and_then(|name| self.passed_on.get(&(*module, name.clone()))) {
                Some(other) if other != module => {
                    let rest = path.split_off(depth);
                    path = other.split("::").map(str::to_owned).chain(rest).collect();
                }
                _ => return Some(module).copied().filter(|module| !module.is_empty()),
            }
        }
        None
    }
}

/// A path from the root of the crate; `None` for what is of another crate, or a name that is in scope.
fn absolute(path: &[String], from: &Module) -> Option<Vec<String>> {
    let own = || from.name.split("::").filter(|part| !part.is_empty()).map(str::to_owned);
    let first = path.first()?.as_str();
    let supers = path.iter().take_while(|part| *part == "super").count();
    let (base, rest): (Vec<String>, _) = match first {
        "crate" => (Vec::new(), &path[1..]),
        "self" => (own().collect(), &path[1..]),
        "super" => {
            (own().take(from.name.split("::").count().checked_sub(supers)?).collect(), &path[supers..])
        }
        child if from.children.contains(child) => (own().collect(), path),
        _ => return None,
    };
    Some(base.into_iter().chain(rest.iter().cloned()).collect())
}

/// The paths of more than one part that a text holds, braces written out.
fn written(text: &str) -> Vec<Vec<String>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_word).map(|found| at + found) {
        let end = text[start..].find(|c| !is_word(c)).map_or(text.len(), |length| start + length);
        // Where something may be seen from is no use of it.
        let is_place = text[..start].ends_with("(in ");
        at = match text[end..].starts_with("::") && !is_place {
            true => tree(text, start, &[], &mut paths),
            false if is_place => text[start..].find(')').map_or(text.len(), |length| start + length),
            false => end,
        };
    }
    paths
}

/// Reads a path that begins at a byte; gives where it ends.
fn tree(text: &str, start: usize, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut path = before.to_vec();
    let mut at = start;
    loop {
        let end = text[at..].find(|c| !is_word(c)).map_or(text.len(), |length| at + length);
        match &text[at..end] {
            "" | "self" if !path.is_empty() => {}
            part => path.push(part.to_owned()),
        }
        if !text[end..].starts_with("::") {
            paths.push(path);
            return end;
        }
        at = end + 2;
        if text[at..].starts_with('{') {
            at += 1;
            loop {
                at +=
                    text[at..].find(|c: char| is_word(c) || c == '*' || c == '}').unwrap_or(text.len() - at);
                match text[at..].chars().next() {
                    None => return at,
                    Some('}') => return at + 1,
                    Some('*') => {
                        paths.push(path.clone());
                        at += 1;
                    }
                    Some(_) => at = tree(text, at, &path, paths),
                }
                // `{a as b}`
                if text[at..].starts_with(" as ") {
                    at += text[at..].find([',', '}']).unwrap_or(0);
                }
            }
        }
    }
}

fn within(module: &str, child: &str) -> String {
    if module.is_empty() { child.to_owned() } else { format!("{module}::{child}") }
}

fn is_within(module: &str, room: &str) -> bool {
    module == room || module.strip_prefix(room).is_some_and(|rest| rest.starts_with("::"))
}

fn modules_of(name: &str) -> Vec<Module> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates").join(name).join("src");
    let read = |file: PathBuf| {
        let relative = file.strip_prefix(&root).unwrap().to_string_lossy().replace(['\\', '/'], "::");
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let name = relative.strip_suffix(".rs").unwrap().to_owned();
        let name = if matches!(name.as_str(), "lib" | "main") { String::new() } else { name };
        Module::of(
            name,
            lines.collect::<Vec<_>>().join(
                "
",
            ),
        )
    };
    rust_files(&root).into_iter().map(read).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

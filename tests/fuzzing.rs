//! What fuzzing asks of every text (docs/fuzzing.md), asked of the fixtures and of what fuzzing once found.

use std::path::{Path, PathBuf};

#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub)]
mod fuzz;

/// The targets that take any text.
const PARSERS: [&str; 9] =
    ["compose", "dockerfile", "dotenv", "image", "interpolation", "json", "shell", "systemd", "yaml"];
/// Those that take many files in one.
const WHOLE: [&str; 5] = ["diff", "fixer", "project", "session", "suppressions"];

/// All files below a directory, in order.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten() {
        let path = entry.expect("it is listed").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a target, and says of which text if it fails.
fn hold((name, target): fuzz::Target, path: &Path, text: &str) {
    // Threads that lint have small stacks.
    let work = std::thread::Builder::new().stack_size(2 << 20);
    let (text, shown) = (text.to_owned(), path.display());
    let done = work.spawn(move || target(&text)).expect("a thread").join();
    assert!(done.is_ok(), "{name} does not hold of {shown}");
}

#[test]
fn what_fuzzing_found_stays_mended() {
    for target in fuzz::TARGETS {
        for path in files(&root().join("fuzz/found").join(target.0)) {
            hold(target, &path, &std::fs::read_to_string(&path).expect("it is text"));
        }
    }
}

#[test]
fn every_target_is_a_program() {
    let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("it is there");
    for (name, _) in fuzz::TARGETS {
        let program = std::fs::read_to_string(root().join(format!("fuzz/fuzz_targets/{name}.rs")));
        assert!(program.expect("it is there").contains(&format!("plimsoll_fuzz::{name}(text)")));
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is not built");
    }
}

/// The parsers, over every fixture, whatever it is.
#[test]
fn the_parsers_hold_of_the_fixtures() {
    let parsers = fuzz::TARGETS.into_iter().filter(|(name, _)| PARSERS.contains(name));
    let parsers: Vec<fuzz::Target> = parsers.collect();
    let mut seen = std::collections::HashSet::new();
    for path in files(&root().join("fixtures")) {
        let is_output = path.extension().is_some_and(|extension| extension == "snap");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if is_output || !seen.insert(text.clone()) {
            continue;
        }
        for &target in &parsers {
            hold(target, &path, &text);
        }
    }
}

/// What takes whole projects, over those of the fixtures.
#[test]
fn the_engine_holds_of_projects() {
    let engine = fuzz::TARGETS.into_iter().filter(|(name, _)| WHOLE.contains(name));
    let engine: Vec<fuzz::Target> = engine.collect();
    for project in ["clean", "projects", "audit"].into_iter().flat_map(|group| {
        let group = std::fs::read_dir(root().join("fixtures").join(group)).expect("it is there");
        group.map(|entry| entry.expect("it is listed").path())
    }) {
        let texts: Vec<(String, String)> = files(&project)
            .into_iter()
            .filter_map(|path| {
                let name = path.strip_prefix(&project).expect("it is below").to_str()?.to_owned();
                Some((name, std::fs::read_to_string(path).ok()?))
            })
            .collect();
        let text = fuzz::joined(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        assert_eq!(fuzz::split(&text).len(), texts.len());
        for &target in &engine {
            hold(target, &project, &text);
        }
    }
}

/// What takes one file of an input other than Compose, over one that has a bit of everything.
#[test]
fn the_inputs_hold_of_a_file_each() {
    let seeds = root().join("fuzz/seeds");
    for (name, target) in fuzz::TARGETS {
        let is_input = !PARSERS.contains(&name) && !WHOLE.contains(&name);
        let texts = files(&seeds.join(name));
        assert_eq!(is_input, !texts.is_empty(), "{name} has no text to begin with, or needs none");
        for path in texts {
            hold((name, target), &path, &std::fs::read_to_string(&path).expect("it is text"));
        }
    }
}

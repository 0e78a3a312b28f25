//! The house keeps its floors: a module uses itself and what lies below it, never what lies above.

use std::path::{Path, PathBuf};

/// Each crate's modules from the ground up; those in one row may not use each other.
const FLOORS: &[(&str, &[&[&str]])] = &[
    (
        "lint-parser",
        &[
            &["text"],
            &["syntax_error"],
            &["image", "yaml", "json", "systemd"],
            // Interpolation fills the values that Compose reads.
            &["shell", "dockerfile", "compose", "interpolation", "dotenv"],
        ],
    ),
    (
        "lint-core",
        &[
            &["files", "finding"],
            &["settings"],
            &["model"],
            &["rule", "kinds"],
            &["rules"],
            &["report", "config"],
            &["engine"],
            &["session"],
        ],
    ),
];

/// Upward paths that are right, and why.
const EXCEPTIONS: &[(&str, &str)] = &[];

#[test]
fn no_module_reaches_above_its_floor() {
    let mut wrong = Vec::new();
    for (name, floors) in FLOORS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates").join(name).join("src");
        let floor_of = |module: &str| floors.iter().position(|row| row.contains(&module));
        for file in rust_files(&root) {
            let relative = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let module = relative.split(['/', '.']).next().unwrap_or_default().to_owned();
            // The crate's door, and tests that look at every room.
            if matches!(module.as_str(), "lib" | "tests") {
                continue;
            }
            let own = floor_of(&module).unwrap_or_else(|| panic!("{name}: module `{module}` has no floor"));
            let text = std::fs::read_to_string(&file).unwrap();
            for (_, rest) in text.match_indices("crate::").map(|(at, found)| (at, &text[at + found.len()..]))
            {
                let used: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let excepted = EXCEPTIONS.contains(&(relative.as_str(), used.as_str()));
                match floor_of(&used) {
                    Some(floor) if floor > own && !excepted => {
                        wrong.push(format!("{name}/{relative} uses `{used}`, above it"));
                    }
                    Some(_) => {}
                    None => {
                        wrong.push(format!("{name}/{relative}: `crate::{used}` does not name its module"))
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
    files
}

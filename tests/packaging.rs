//! Versions and hooks that are written down twice say the same.

use std::path::Path;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("it is there")
}

#[test]
fn every_file_names_this_version() {
    for (file, text) in [
        ("packaging/pre-commit-mirror/pyproject.toml", format!("\nversion = \"{VERSION}\"")),
        ("packaging/pre-commit-mirror/pyproject.toml", format!("\"plimsoll=={VERSION}\"")),
        ("compose.yaml", format!("image: plimsoll:{VERSION}\n")),
        ("docs/ci.md", format!("plimsoll-lint/plimsoll@v{VERSION}\n")),
        ("docs/ci.md", format!("version: {VERSION}\n")),
        ("docs/ci.md", format!("--version {VERSION} ")),
        ("docs/ci.md", format!("plimsoll-{VERSION}\n")),
    ] {
        assert!(read(file).contains(&text), "{file} lacks {text:?}");
    }
}

/// crates.io shows the README, and both licences ask to travel with the code.
#[test]
fn every_crate_carries_its_readme_and_the_licences() {
    for library in ["lint-parser", "lint-core", "lint-cli"] {
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            assert_eq!(read(&format!("crates/{library}/{licence}")), read(licence), "{library}");
        }
        assert!(read(&format!("crates/{library}/README.md")).starts_with(&format!("# {library}\n")));
        assert!(
            read("Cargo.toml")
                .contains(&format!("{library} = {{ path = \"crates/{library}\", version = \"{VERSION}\" }}"))
        );
    }
}

/// All but the language, and the first line that tells which file this is.
#[test]
fn the_hook_of_the_mirror_is_the_hook_here() {
    let after_title = |text: String| text.split_once('\n').map(|(_, rest)| rest.to_owned());
    let here = after_title(read(".pre-commit-hooks.yaml")).unwrap();
    let mirror = after_title(read("packaging/pre-commit-mirror/.pre-commit-hooks.yaml")).unwrap();
    assert_ne!(here, mirror);
    assert_eq!(here.replace("language: rust", "language: python"), mirror);
}

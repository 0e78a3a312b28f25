//! What this repository ships for containers passes its own linter.

use std::path::Path;
use std::process::Command;

/// `plimsoll check` at the root of the repository.
fn check(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "--isolated", "--profile=strict", "--output-format=concise"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_dockerfile_and_the_compose_file_have_no_finding_in_the_strict_profile() {
    assert_eq!(check(&["Dockerfile", "compose.yaml"]), (Some(0), String::new()));
}

/// One reason is on record; a second one should be argued for here.
#[test]
fn only_the_builder_lacks_a_digest() {
    let (code, found) = check(&["--ignore-suppressions", "Dockerfile", "compose.yaml"]);
    assert_eq!(code, Some(1));
    assert_eq!(found.lines().count(), 1, "{found}");
    assert!(found.contains("[base-image-without-digest]"), "{found}");
}

/// Cargo reads every manifest of the workspace, so the build context has to hold what they name.
#[test]
fn the_build_context_holds_what_is_copied() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("it is there");
    let (dockerfile, ignored) = (read("Dockerfile"), read(".dockerignore"));
    let copied: Vec<&str> = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .filter(|line| !line.starts_with("--from"))
        .flat_map(|line| line.rsplit_once(' ').map_or("", |(sources, _)| sources).split(' '))
        .collect();
    let kept: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert_eq!(copied.len(), 6, "{copied:?}");
    for path in &copied {
        assert!(root.join(path).exists() && kept.contains(path), "{path}");
    }
    assert_eq!(kept.len(), copied.len());
}

#[test]
fn the_clone_lints_clean() {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("PLIMSOLL_PROFILE")
        .output()
        .expect("the binary runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(" 4 files checked"), "{said}");
}

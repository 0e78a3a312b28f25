//! Where the variables of Compose files come from.

use crate::tree::Tree;

const COMPOSE: &str =
    "services:\n  web:\n    image: a\n    privileged: ${P:-false}\n    hostname: ${H:-none}\n";

fn tree() -> Tree {
    let files = [
        ("app/compose.yaml", COMPOSE),
        (".env", "P=false\n"),
        ("app/.env", "P=false\nH=own\n"),
        ("x.env", "P=true\n"),
    ];
    Tree::new(&files)
}

#[test]
fn env_files_take_the_place_of_the_projects_own() {
    let tree = tree();
    let code = |args: &[&str]| tree.run(&[&["--select=privileged-service", "-s"], args].concat()).code;
    assert_eq!(code(&[]), 0);
    assert_eq!(code(&["--env-file", "x.env"]), 1);
    // The last one wins, and is no file that has to be followed.
    assert_eq!(code(&["--env-file", "x.env", "--env-file", "app/.env"]), 0);
    assert_eq!(
        code(&["--env-file", "app/.env", "--env-file", "x.env", "--no-follow", "app/compose.yaml"]),
        1
    );
    assert_eq!(code(&["--env-file", "/dev/null"]), 0);
}

#[test]
fn projects_and_audits_take_env_files_too() {
    let tree = tree();
    let project = |args: &[&str]| tree.run(&[&["project", "app"], args].concat()).stdout;
    assert!(project(&[]).contains("hostname: own"));
    let other = project(&["--env-file=x.env"]);
    assert!(other.contains("hostname: none") && other.contains("privileged: true"), "{other}");
    let failed = |args: &[&str]| tree.run(&[&["audit", "--output-format=json"], args].concat()).stdout;
    assert!(failed(&["--env-file=x.env"]).contains("privileged-service"));
    assert_ne!(failed(&[]), failed(&["--env-file=x.env"]));
}

#[test]
fn an_env_file_that_is_not_there_is_an_error() {
    let tree = tree();
    for command in [&["check"][..], &["audit"], &["project", "app"]] {
        let run = tree.run(&[command, &["--env-file=missing.env"]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{command:?}");
        assert!(run.stderr.starts_with("error: --env-file: missing.env: "), "{run:?}");
    }
}

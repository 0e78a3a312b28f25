//! What comes on standard input.

use crate::tree::{CLEAN, PRIVILEGED, SELECT, Tree};

const CONCISE: &str = "--output-format=concise";

#[test]
fn its_name_says_what_it_is_and_is_printed() {
    let tree = Tree::new(&[]);
    let args = [SELECT, CONCISE, "--ignore=writable-root-filesystem"];
    let run = tree
        .run_on(PRIVILEGED.as_bytes(), &[&args[..], &["--stdin-filename", "svc/compose.yaml", "-"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    assert!(run.stdout.starts_with("svc/compose.yaml:4:17: error: "), "{}", run.stdout);
}

#[test]
fn a_daemons_configuration_is_known_by_its_path() {
    let tree = Tree::new(&[]);
    let args = ["--select=insecure-registry,loose-socket-mode", CONCISE, "--stdin-filename"];
    let json = tree.run_on(
        b"{\"insecure-registries\": [\"r:5000\"]}",
        &[&args[..], &["etc/docker/daemon.json", "-"]].concat(),
    );
    assert!(json.stdout.contains("[insecure-registry]"), "{json:?}");
    let unit = tree
        .run_on(b"[Socket]\nSocketMode=0666\n", &[&args[..], &["docker.socket.d/mode.conf", "-"]].concat());
    assert!(unit.stdout.contains("[loose-socket-mode]"), "{unit:?}");
}

#[test]
fn without_a_name_the_type_or_the_content_says_it() {
    let tree = Tree::new(&[]);
    let run = tree.run_on(PRIVILEGED.as_bytes(), &[SELECT, CONCISE, "-"]);
    assert!(run.stdout.contains("-:4:17: error: "), "{run:?}");
    let run = tree.run_on(b"web: [", &[SELECT, CONCISE, "--type", "compose", "-"]);
    assert!(run.stdout.starts_with("-:1:"), "{run:?}");
    let run = tree.run_on(b"FROM scratch\n", &[SELECT, "-v", "-"]);
    assert_eq!(run.stderr, "info: checking - (dockerfile)\n");
    for format in ["json", "full"] {
        let run = tree.run_on(b"who knows", &[SELECT, "--output-format", format, "-"]);
        assert_eq!(run.code, 2);
        insta::allow_duplicates! { insta::assert_snapshot!(run.stderr, @r"
        error: -: neither Dockerfile nor Compose file by its name or content; pass --type or --stdin-filename
        "); }
    }
}

#[test]
fn it_takes_the_place_of_the_file_it_is_named_after() {
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    let args = [SELECT, CONCISE, "--stdin-filename", "./compose.yaml", "compose.yaml", "-"];
    assert!(tree.run_on(PRIVILEGED.as_bytes(), &args).stdout.contains("compose.yaml:4:17"));
}

#[test]
fn exclusions_hold_for_its_name_when_forced() {
    let tree = Tree::new(&[]);
    let args =
        [SELECT, "--output-format=json", "--exclude=vendor", "--stdin-filename=vendor/compose.yaml", "-"];
    assert_eq!(tree.run_on(PRIVILEGED.as_bytes(), &args).code, 1);
    let run = tree.run_on(PRIVILEGED.as_bytes(), &[&args[..], &["--force-exclude"]].concat());
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "[]\n", ""));
}

#[test]
fn what_is_no_text_is_located() {
    let tree = Tree::new(&[]);
    let run = tree.run_on(b"FROM a\nRUN \xFF", &["-"]);
    assert_eq!((run.code, run.stderr.as_str()), (2, "error: -:2:5: not UTF-8 text (byte 0xFF)\n"));
}

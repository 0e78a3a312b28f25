//! `--changed-since`, against what `git` writes.

use std::process::Command;

use crate::tree::{PRIVILEGED, Tree};

const SELECT: &str = "--select=privileged-service,missing-user,root-user,syntax-error";
const SAFE: &str = "FROM debian:12\nRUN true\nUSER 1000\n";

/// A repository with a first commit on `main`; `None` where there is no git.
fn repository(files: &[(&str, &str)]) -> Option<Tree> {
    let tree = Tree::new(files);
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("not tested: git is not installed");
        return None;
    }
    git(&tree, &["init", "-q", "-b", "main"]);
    commit(&tree);
    git(&tree, &["checkout", "-q", "-b", "work"]);
    Some(tree)
}

fn git(tree: &Tree, args: &[&str]) {
    let mut git = Command::new("git");
    git.args([
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "protocol.file.allow=always",
    ]);
    let output = git.args(args).current_dir(tree.path()).env("HOME", tree.path()).output().unwrap();
    assert!(output.status.success(), "{args:?}: {output:?}");
}

fn commit(tree: &Tree) {
    git(tree, &["add", "-A"]);
    git(tree, &["commit", "-q", "--allow-empty", "-m", "x"]);
}

/// `file:line [rule]` for each finding.
fn found(tree: &Tree, args: &[&str]) -> Vec<String> {
    let run = tree.run(&[&["-q", "-f=concise", "--isolated", SELECT, "--changed-since"], args].concat());
    assert!(run.code < 2 && run.stderr.is_empty(), "{run:?}");
    let short = |line: &str| {
        let mut parts = line.split(':');
        format!("{}:{} {}", parts.next().unwrap(), parts.next().unwrap(), line.rsplit(' ').next().unwrap())
    };
    run.stdout.lines().map(short).collect()
}

#[test]
fn what_was_there_is_not_told_wherever_its_lines_have_gone() {
    let old = "services:\n  old:\n    image: a\n    privileged: true\n";
    let Some(tree) = repository(&[("compose.yaml", old), ("Dockerfile", "FROM debian:12\nRUN true\n")])
    else {
        return;
    };
    assert_eq!(found(&tree, &["main"]), [""; 0]);
    let new = "  new:\n    image: a\n    privileged: true\n";
    tree.write(
        "compose.yaml",
        format!("# a comment\nname: x\nservices:\n{new}{}", &old["services:\n".len()..]).as_bytes(),
    );
    assert_eq!(found(&tree, &["main"]), ["compose.yaml:6 [privileged-service]"]);
    // Uncommitted or committed, packed or not.
    commit(&tree);
    git(&tree, &["gc", "-q"]);
    let expected = ["compose.yaml:6 [privileged-service]"];
    for revision in ["main", "HEAD~1", "HEAD^", "refs/heads/main", "@~1"] {
        assert_eq!(found(&tree, &[revision]), expected, "{revision}");
    }
    assert_eq!(found(&tree, &["HEAD"]), [""; 0]);
    let run = tree.run(&["--isolated", SELECT, "--changed-since=main"]);
    assert!(run.code == 1 && run.stderr.contains("note: 2 findings were there before"), "{run:?}");
}

#[test]
fn a_deleted_line_and_a_touched_one_count() {
    let Some(tree) = repository(&[("Dockerfile", SAFE), ("a/compose.yaml", PRIVILEGED)]) else { return };
    tree.write("Dockerfile", SAFE.replace("USER 1000\n", "").as_bytes());
    assert_eq!(found(&tree, &["main"]), ["Dockerfile:1 [missing-user]"]);
    tree.write("a/compose.yaml", PRIVILEGED.replace("true", "true # why").as_bytes());
    assert_eq!(found(&tree, &["main"]).len(), 2);
}

#[test]
fn a_new_file_is_new_whether_or_not_git_knows_it() {
    let Some(tree) = repository(&[("compose.yaml", PRIVILEGED)]) else { return };
    tree.write("new/compose.yaml", PRIVILEGED.as_bytes());
    assert_eq!(found(&tree, &["main"]), ["new/compose.yaml:4 [privileged-service]"]);
    git(&tree, &["add", "-A"]);
    assert_eq!(found(&tree, &["main"]), ["new/compose.yaml:4 [privileged-service]"]);
    // A file that others refer to is read as it was.
    tree.write("app/compose.yaml", b"services:\n  a:\n    build: .\n");
    tree.write("app/Dockerfile", SAFE.as_bytes());
    commit(&tree);
    git(&tree, &["tag", "-a", "v1", "-m", "x"]);
    tree.write("app/Dockerfile", b"FROM debian:12\nRUN true\n");
    assert_eq!(found(&tree, &["v1"]), ["app/Dockerfile:1 [missing-user]"]);
}

#[test]
fn what_others_did_since_is_not_this_branch() {
    let Some(tree) = repository(&[("compose.yaml", PRIVILEGED)]) else { return };
    tree.write("b/compose.yaml", PRIVILEGED.as_bytes());
    commit(&tree);
    git(&tree, &["checkout", "-q", "main"]);
    tree.write("compose.yaml", b"services:\n  web:\n    image: a\n");
    commit(&tree);
    git(&tree, &["checkout", "-q", "work"]);
    assert_eq!(found(&tree, &["main"]), ["b/compose.yaml:4 [privileged-service]"]);
    assert_eq!(found(&tree, &["main", "b"]).len(), 1);
}

#[test]
fn line_ends_that_git_writes_change_nothing() {
    let Some(tree) = repository(&[("Dockerfile", "FROM debian:12\nRUN a \\\n  && b\n")]) else { return };
    tree.write("Dockerfile", b"FROM debian:12\r\nRUN a \\\r\n  && b\r\n");
    assert_eq!(found(&tree, &["main"]), [""; 0]);
}

#[test]
fn what_is_missing_does_not_pass_for_unchanged() {
    let Some(tree) = repository(&[("compose.yaml", PRIVILEGED)]) else { return };
    let error = |tree: &Tree, revision: &str| {
        let run = tree.run(&["--isolated", SELECT, "--changed-since", revision]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        run.stderr
    };
    assert!(error(&tree, "origin/main").contains("no revision `origin/main`"));
    assert!(error(&tree, "HEAD~7").contains("before the first commit"));
    assert!(error(&tree, "../../etc/passwd").contains("no revision"));
    commit(&tree);
    let clone = Tree::new(&[]);
    git(&clone, &["clone", "-q", "--depth=1", "--no-local", tree.path().to_str().unwrap(), "."]);
    assert!(error(&clone, "HEAD~1").contains("fetch-depth: 0"));
    assert!(error(&Tree::new(&[("compose.yaml", PRIVILEGED)]), "main").contains("no Git repository"));
}

/// What Git's own commands would run (docs/ci.md says that this runs nothing).
#[test]
#[cfg(unix)]
fn the_repository_cannot_have_a_program_run() {
    let Some(tree) = repository(&[("Dockerfile", SAFE), (".gitattributes", "* filter=x diff=x\n")]) else {
        return;
    };
    let made = tree.path().join("made");
    let touch = format!("touch {}", made.display());
    tree.write("Dockerfile", b"FROM debian:12\nRUN true\n");
    for key in [
        "core.fsmonitor",
        "diff.external",
        "diff.x.command",
        "diff.x.textconv",
        "filter.x.clean",
        "filter.x.smudge",
        "core.sshCommand",
        "core.pager",
    ] {
        git(&tree, &["config", key, &touch]);
    }
    assert_eq!(found(&tree, &["main"]), ["Dockerfile:1 [missing-user]"]);
    assert!(!made.exists());
}

#[test]
fn a_broken_repository_is_an_error_and_no_panic() {
    let Some(tree) = repository(&[("compose.yaml", PRIVILEGED)]) else { return };
    commit(&tree);
    git(&tree, &["gc", "-q"]);
    let pack =
        std::fs::read_dir(tree.path().join(".git/objects/pack")).unwrap().flatten().map(|entry| entry.path());
    for path in pack.filter(|path| path.extension().is_some_and(|end| end == "pack" || end == "idx")) {
        let bytes = std::fs::read(&path).unwrap();
        let _ = std::fs::remove_file(&path);
        for broken in [&bytes[..bytes.len() / 2], &[], &vec![0xFF; bytes.len()], &vec![0; bytes.len()]] {
            std::fs::write(&path, broken).unwrap();
            let run = tree.run(&["--isolated", SELECT, "--changed-since=main"]);
            assert!(run.code != 0 && !run.stderr.contains("internal error"), "{}: {run:?}", path.display());
        }
        std::fs::write(&path, &bytes).unwrap();
    }
}

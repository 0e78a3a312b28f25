//! Nothing of anybody's is lost, whatever happens while a file is written.

use std::fs;

use crate::tree::{PRIVILEGED, SELECT, Tree};

const CASING: &str = "FROM alpine:3.20 as base\n";
const FIX: [&str; 3] = ["--select=from-as-casing", "--fix", "--exit-zero"];

#[test]
fn templates_frontends_and_comments_are_left_alone_with_a_note() {
    let tree = Tree::new(&[
        ("erb/compose.yaml", "services:\n  a:\n    <% if x %>\n    image: b\n    <% end %>\n"),
        ("jinja/Dockerfile", "FROM a\n{% if x %}\nRNU b\n{% endif %}\n"),
        ("plus/Dockerfile", "# syntax=edrevo/dockerfile-plus\nFROM a\nINCLUDE+ b\n"),
        ("empty/compose.extras.yaml", "# yours to fill\n"),
    ]);
    let run = tree.run(&[
        "--isolated",
        "--select=invalid-instruction,invalid-compose,syntax-error,missing-user",
        "-q",
    ]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
    let run = tree.run(&["--isolated", "--select=syntax-error"]);
    let notes: Vec<_> = run.stderr.lines().filter(|line| line.contains("not judged")).collect();
    assert_eq!(notes.len(), 3, "{run:?}");
}

#[test]
fn the_fix_of_a_refused_file_is_not_offered() {
    let tree = Tree::new(&[("Dockerfile", "FROM alpine:3.20 as base\nURL=\"http://X.org/A\"\n")]);
    let before = tree.read("Dockerfile");
    tree.run(&["--profile=strict", "--fix", "--unsafe-fixes"]);
    assert_eq!(tree.read("Dockerfile"), before);
}

#[test]
#[cfg(unix)]
fn hard_links_are_kept() {
    let tree = Tree::new(&[("Dockerfile", CASING)]);
    fs::hard_link(tree.path().join("Dockerfile"), tree.path().join("other.txt")).expect("links can be made");
    let run = tree.run(&FIX);
    assert_eq!(tree.read("other.txt"), CASING.replace(" as ", " AS "), "{run:?}");
    assert_eq!(tree.read("Dockerfile"), tree.read("other.txt"));
    assert_eq!(fs::read_dir(tree.path()).expect("it is there").count(), 2);
}

#[test]
#[cfg(unix)]
fn what_could_not_be_written_was_not_fixed() {
    use std::os::unix::fs::PermissionsExt as _;
    let tree = Tree::new(&[("Dockerfile", CASING)]);
    let path = tree.path().join("Dockerfile");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("it is ours");
    let run = tree.run(&FIX);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("read-only") && !run.stderr.contains("fixed"), "{run:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_the_old_reports() {
    let tree = Tree::new(&[]);
    for number in 0..40 {
        tree.write(&format!("{number}/compose.yaml"), PRIVILEGED.as_bytes());
    }
    for flag in ["--write-baseline", "-o"] {
        tree.write("old.json", b"old\n");
        let binary = env!("CARGO_BIN_EXE_plimsoll");
        // A limit on the size of files is to a writer what a full disk is; the signal would end the run before it can tell.
        let script =
            format!("trap '' XFSZ; ulimit -f 1; exec {binary} --isolated {SELECT} {flag} old.json .");
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(tree.path())
            .output()
            .expect("there is a shell");
        assert_eq!(output.status.code(), Some(2), "{flag}: {output:?}");
        assert_eq!(tree.read("old.json"), "old\n", "{flag}");
        let names = fs::read_dir(tree.path()).expect("it is there").flatten();
        assert_eq!(names.filter(|entry| entry.file_name().to_string_lossy().contains("tmp")).count(), 0);
    }
}

#[test]
fn what_an_interrupted_run_left_is_no_dockerfile_and_goes() {
    let tree = Tree::new(&[("Dockerfile", CASING), (".Dockerfile.1-0.plimsoll-tmp", CASING)]);
    assert_eq!(tree.checked(&[]), ["Dockerfile (dockerfile)"]);
    let left = tree.path().join(".Dockerfile.1-0.plimsoll-tmp");
    let hour = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    fs::File::options().write(true).open(&left).and_then(|file| file.set_modified(hour)).expect("it is ours");
    tree.run(&FIX);
    assert!(!left.exists());
}

#[test]
#[cfg(unix)]
fn ignore_files_that_are_no_files_are_not_opened() {
    for name in [".gitignore", ".ignore"] {
        let tree = Tree::new(&[("Dockerfile", CASING), ("a/Dockerfile", CASING), ("b/Dockerfile", CASING)]);
        let fifo = |path: &str| {
            let made = std::process::Command::new("mkfifo").arg(tree.path().join(path)).status();
            assert!(made.expect("there is mkfifo").success());
        };
        fifo(&format!("a/{name}"));
        assert_eq!(tree.checked(&[]), ["Dockerfile (dockerfile)", "b/Dockerfile (dockerfile)"]);
        let stderr = tree.run(&["--show-files"]).stderr;
        assert!(stderr.contains(&format!("a: not searched: its {name} is not a regular file")), "{stderr}");
        std::os::unix::fs::symlink("/dev/zero", tree.path().join(name)).expect("links can be made");
        assert_eq!(tree.checked(&[]).len(), 3);
    }
}

//! Which files are found, and taken for what.

use crate::tree::{CLEAN, PRIVILEGED, SELECT, Tree};

const FROM: &str = "FROM scratch\n";

fn zoo() -> Tree {
    let dockerfiles = [
        "Dockerfile",
        "dockerfile.dev",
        "Dockerfile_old",
        "svc/Dockerfile-prod",
        "svc/api.dockerfile",
        "Containerfile",
        ".devcontainer/Dockerfile",
        ".github/actions/x/Dockerfile",
        "ContainerFile.x",
        "MyDockerfile",
    ];
    let compose = [
        "compose.yaml",
        "docker-compose.yml",
        "svc/docker-compose.prod.yml",
        "svc/compose-dev.yaml",
        "COMPOSE.YML",
        "mycompose.yaml",
    ];
    let neither = [
        "Dockerfile.dockerignore",
        ".dockerignore",
        "Dockerfile.j2",
        "compose.yaml.tmpl",
        "Dockerfile.bak",
        "Dockerfile~",
        "values.yaml",
        "stack.yml",
        "Dockerfile.md",
        ".git/Dockerfile",
        "x.Dockerfile.orig",
    ];
    let tree = Tree::new(&[]);
    for name in dockerfiles {
        tree.write(name, FROM.as_bytes());
    }
    for name in compose {
        tree.write(name, CLEAN.as_bytes());
    }
    for name in neither {
        tree.write(name, if name.contains("ompose") { CLEAN } else { FROM }.as_bytes());
    }
    tree
}

#[test]
fn a_search_finds_what_names_say() {
    insta::assert_snapshot!(zoo().checked(&[]).join("\n"), @r"
    .devcontainer/Dockerfile (dockerfile)
    .github/actions/x/Dockerfile (dockerfile)
    COMPOSE.YML (compose)
    ContainerFile.x (dockerfile)
    Containerfile (dockerfile)
    Dockerfile (dockerfile)
    Dockerfile_old (dockerfile)
    MyDockerfile (dockerfile)
    compose.yaml (compose)
    docker-compose.yml (compose)
    dockerfile.dev (dockerfile)
    mycompose.yaml (compose)
    svc/Dockerfile-prod (dockerfile)
    svc/api.dockerfile (dockerfile)
    svc/compose-dev.yaml (compose)
    svc/docker-compose.prod.yml (compose)
    ");
}

#[test]
fn what_is_passed_by_is_told_on_request() {
    let tree = zoo();
    tree.write("svc/compose-theme.yaml", b"theme: dark\n");
    tree.write("svc/compose.yml", b"servces: {}\n");
    let stderr = tree.run(&["-v", SELECT]).stderr;
    let skipped: Vec<_> = stderr.lines().filter(|line| line.starts_with("info: skipped")).collect();
    insta::assert_snapshot!(skipped.join("\n"), @r"
    info: skipped Dockerfile.j2: a template; name it to have it linted
    info: skipped compose.yaml.tmpl: a template; name it to have it linted
    info: skipped svc/compose-theme.yaml: no key of a Compose file at its root
    ");
    // Compose would load it, so what is wrong with it must be said.
    assert!(stderr.contains("checking svc/compose.yml (compose)"));
}

#[test]
fn named_files_are_linted_whatever_they_are_called() {
    let tree = zoo();
    tree.write("build.txt", b"# syntax=docker/dockerfile:1\nFROM scratch\n");
    tree.write("fragment.yml", b"include: [a.yaml]\n");
    assert_eq!(
        tree.checked(&[
            "Dockerfile.j2",
            "compose.yaml.tmpl",
            "build.txt",
            "stack.yml",
            "./svc/../fragment.yml"
        ]),
        [
            "Dockerfile.j2 (dockerfile)",
            "build.txt (dockerfile)",
            "compose.yaml.tmpl (compose)",
            "fragment.yml (compose)",
            "stack.yml (dockerfile)"
        ]
    );
    assert_eq!(tree.checked(&["--type", "compose", "note.md", "stack.yml"]), ["stack.yml (compose)"]);
    assert_eq!(tree.checked(&["--type", "dockerfile", "Dockerfile.md"]), ["Dockerfile.md (dockerfile)"]);
}

#[test]
fn the_files_of_the_docker_daemon_are_found() {
    let tree = Tree::new(&[]);
    for name in ["daemon.json", "roles/docker/files/etc/docker/daemon.json", "docker-daemon.json"] {
        tree.write(name, b"{\"icc\": false}");
    }
    for name in ["docker.service", "docker.socket", "containerd.service", "x/docker.service.d/10-flags.conf"]
    {
        tree.write(name, b"[Service]\n");
    }
    for name in
        ["nginx.service", "nginx.service.d/x.conf", "package.json", "daemon.json.bak", "daemon.json.j2"]
    {
        tree.write(name, b"{}");
    }
    // Another program's.
    tree.write("transmission/daemon.json", b"{\"port\": 9091}");
    insta::assert_snapshot!(tree.checked(&[]).join("\n"), @r"
    containerd.service (systemd-unit)
    daemon.json (daemon-json)
    docker-daemon.json (daemon-json)
    docker.service (systemd-unit)
    docker.socket (systemd-unit)
    roles/docker/files/etc/docker/daemon.json (daemon-json)
    x/docker.service.d/10-flags.conf (systemd-unit)
    ");
    // Named, it is linted whatever it holds.
    assert_eq!(tree.checked(&["transmission/daemon.json"]), ["transmission/daemon.json (daemon-json)"]);
    tree.write("settings.json", b"{}");
    tree.write("extra.conf", b"[Service]\n");
    assert_eq!(tree.checked(&["--type", "daemon-json", "settings.json"]), ["settings.json (daemon-json)"]);
    assert_eq!(tree.checked(&["--type", "systemd-unit", "extra.conf"]), ["extra.conf (systemd-unit)"]);
}

#[test]
fn the_files_of_one_daemon_are_judged_together() {
    let tree = Tree::new(&[
        ("rootfs/etc/docker/daemon.json", "{}\n"),
        (
            "rootfs/etc/systemd/system/docker.service.d/flags.conf",
            "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --icc=false\n",
        ),
    ]);
    let select = ["--select=inter-container-communication", "--output-format=concise"];
    assert_eq!(tree.run(&select).stdout, "");
    let alone = tree.run(&[&select[..], &["rootfs/etc/docker"]].concat());
    assert!(alone.stdout.starts_with("rootfs/etc/docker/daemon.json:1:1: info: "), "{alone:?}");
}

#[test]
fn a_path_is_linted_once_and_printed_below_the_current_directory() {
    let tree = Tree::new(&[("svc/compose.yaml", PRIVILEGED)]);
    let absolute = std::fs::canonicalize(tree.path()).unwrap().join("svc/compose.yaml");
    let args = [SELECT, "--output-format=concise", "--fail-on=critical"];
    let run =
        tree.run(&[&args[..], &["svc", "./svc/", "svc/compose.yaml", absolute.to_str().unwrap()]].concat());
    let privileged =
        run.stdout.lines().filter(|line| line.contains("privileged-service")).collect::<Vec<_>>();
    assert_eq!(privileged.len(), 1, "{run:?}");
    assert!(privileged[0].starts_with("svc/compose.yaml:4:17: "), "{run:?}");
}

#[test]
fn ignored_files_are_passed_by_unless_asked_for() {
    let tree = Tree::new(&[(".gitignore", "build/\n"), (".ignore", "Dockerfile.x\n")]);
    for path in ["build/Dockerfile", "Dockerfile.x", "Dockerfile"] {
        tree.write(path, FROM.as_bytes());
    }
    let all = ["Dockerfile (dockerfile)", "Dockerfile.x (dockerfile)", "build/Dockerfile (dockerfile)"];
    assert_eq!(tree.checked(&["."]), all[..1]);
    assert_eq!(tree.checked(&["--no-respect-gitignore"]), all);
    assert_eq!(tree.checked(&["--no-respect-gitignore", "--respect-gitignore"]), all[..1]);
    assert_eq!(tree.checked(&["build/Dockerfile", "Dockerfile.x"]), all[1..]);
}

#[test]
fn exclusions_are_patterns_as_in_gitignore() {
    let tree = Tree::new(&[]);
    for path in ["Dockerfile", "a/Dockerfile", "a/testdata/Dockerfile", "b/testdata/x/Dockerfile"] {
        tree.write(path, FROM.as_bytes());
    }
    let checked = |args: &[&str]| tree.checked(args).join(" ").replace(" (dockerfile)", "");
    assert_eq!(checked(&["--exclude", "testdata"]), "Dockerfile a/Dockerfile");
    assert_eq!(checked(&["--exclude=/a,b/**"]), "Dockerfile");
    assert_eq!(checked(&["--exclude", "/Dockerfile", "--extend-exclude", "a/"]), "b/testdata/x/Dockerfile");
    assert_eq!(
        checked(&["--exclude", "testdata", "b/testdata", "a/testdata/Dockerfile"]),
        "a/testdata/Dockerfile b/testdata/x/Dockerfile"
    );
    let forced =
        ["--force-exclude", "--exclude", "testdata", "b/testdata", "a/testdata/Dockerfile", "Dockerfile"];
    assert_eq!(checked(&forced), "Dockerfile");
}

#[test]
fn what_pre_commit_passes_is_excluded_without_a_word() {
    let tree = zoo();
    let run =
        tree.run(&["check", "--force-exclude", SELECT, "--", "Dockerfile.j2", "Dockerfile.dockerignore"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    tree.write("--config=x/Dockerfile", FROM.as_bytes());
    assert_eq!(tree.checked(&["--", "--config=x/Dockerfile"]), ["--config=x/Dockerfile (dockerfile)"]);
}

#[test]
fn nothing_to_lint_is_a_warning_or_an_error() {
    let tree = Tree::new(&[("a/x.txt", ""), ("b/x.txt", "")]);
    let run = tree.run(&[SELECT, "a", "b"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "No problems found; 0 files checked.\n"));
    insta::assert_snapshot!(run.stderr, @r"
    warning: no Dockerfiles or Compose files found under a, b
    ");
    assert_eq!(tree.run(&[SELECT, "--output-format=json"]).stdout, "[]\n");
    let run = tree.run(&[SELECT, "--error-on-no-files"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr, @r"
    error: no Dockerfiles or Compose files found here
    ");
}

#[test]
fn without_following_nothing_but_the_inputs_is_read() {
    let tree = Tree::new(&[
        ("compose.yaml", "include: [more/compose.yaml]\nservices: {}\n"),
        ("more/compose.yaml", "services:\n  web:\n    image: a\n    privileged: true\n"),
    ]);
    let run = tree.run(&[SELECT, "--output-format=concise", "compose.yaml"]);
    assert!(run.stdout.contains("more/compose.yaml:4:17"), "{run:?}");
    let run = tree.run(&[SELECT, "--output-format=concise", "--no-follow", "compose.yaml"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
}

#[cfg(unix)]
#[test]
fn links_count_as_what_they_point_to_and_are_not_followed_to_directories() {
    use std::os::unix::fs::symlink;

    let tree = Tree::new(&[("real/docker.txt", FROM), ("real/Dockerfile", FROM)]);
    symlink("real/docker.txt", tree.path().join("Dockerfile")).unwrap();
    symlink("nowhere", tree.path().join("Dockerfile.gone")).unwrap();
    symlink(".", tree.path().join("loop")).unwrap();
    symlink("real", tree.path().join("Containerfile")).unwrap();
    assert_eq!(tree.checked(&["."]), ["Dockerfile (dockerfile)", "real/Dockerfile (dockerfile)"]);
    assert_eq!(tree.checked(&["Containerfile"]), ["Containerfile/Dockerfile (dockerfile)"]);
    assert_eq!(tree.run(&[SELECT, "Dockerfile.gone"]).code, 2);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_text_can_be_linted() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let tree = Tree::new(&[]);
    let directory = tree.path().join(OsStr::from_bytes(b"caf\xE9"));
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(directory.join("compose.yaml"), PRIVILEGED).unwrap();
    let run = tree.run(&[SELECT, "--output-format=concise"]);
    assert!(run.stdout.starts_with("caf\u{FFFD}/compose.yaml:"), "{run:?}");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
}

/// pre-commit passes whatever has such a name.
#[test]
fn files_of_other_programs_are_passed_by_unless_they_were_chosen_by_hand() {
    let tree = Tree::new(&[
        ("daemon.json", "{\"port\": 1}\n"),
        ("docker/daemon.json", "{\"icc\": false}\n"),
        ("compose-theme.yaml", "theme: dark\n"),
        ("compose.yaml", "theme: dark\n"),
    ]);
    let named = ["daemon.json", "docker/daemon.json", "compose-theme.yaml", "compose.yaml"];
    let passed = ["compose.yaml (compose)", "docker/daemon.json (daemon-json)"];
    assert_eq!(tree.checked(&[]), passed);
    assert_eq!(tree.checked(&[&["--force-exclude", "--"], &named[..]].concat()), passed);
    assert_eq!(tree.checked(&named).len(), 4);
}

#[test]
fn texts_decide_what_names_leave_open() {
    let tree = Tree::new(&[
        ("stack.yml", CLEAN),
        ("Dockerfile.go", FROM),
        ("dockerfile.go", "package main\n"),
        ("dockerfile_functions.sh", "#!/bin/sh\ncat <<-E\n\tFROM a\n\tE\n"),
        ("config/services.yaml", "services:\n  _defaults:\n    autowire: true\n"),
    ]);
    tree.write("dockerfile-problems.png", b"\x89PNG\0\0\xE9");
    assert_eq!(tree.checked(&[]), ["Dockerfile.go (dockerfile)", "stack.yml (compose)"]);
    let shown = tree.run(&["--show-files"]);
    assert_eq!(shown.stdout, "Dockerfile.go\nstack.yml\n");
    let told: Vec<_> = shown.stderr.lines().collect();
    assert_eq!(
        told,
        ["dockerfile-problems.png", "dockerfile.go", "dockerfile_functions.sh"]
            .map(|name| format!("note: not linted: {name}: neither Dockerfile nor Compose file by its text"))
    );
}

#[test]
fn what_git_tracks_is_judged_whatever_gitignore_says() {
    let tree = Tree::new(&[(".gitignore", "*\n"), ("a/Dockerfile", FROM), ("b/Dockerfile", FROM)]);
    // An index of version 2 that holds a/Dockerfile, a file that is gone, and one that lies elsewhere.
    let mut index = b"DIRC\0\0\0\x02\0\0\0\x03".to_vec();
    for name in ["../b/Dockerfile", "a/Dockerfile", "gone/Dockerfile"] {
        let begin = index.len();
        index.extend([0; 24]);
        index.extend([0, 0, 0x81, 0xA4]);
        index.extend([0; 32]);
        index.extend(u16::try_from(name.len()).expect("it is short").to_be_bytes());
        index.extend(name.as_bytes());
        index.extend(vec![0; 8 - (index.len() - begin) % 8]);
    }
    tree.write(".git/index", &index);
    assert_eq!(tree.checked(&[]), ["a/Dockerfile (dockerfile)"]);
    assert_eq!(tree.checked(&["--exclude=a"]), Vec::<String>::new());
    tree.write(".git/index", b"DIRC\0\0\0\x04\xFF\xFF\xFF\xFF");
    assert_eq!(tree.checked(&[]), Vec::<String>::new());
}

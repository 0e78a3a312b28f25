//! Nothing here talks to a network: not the code, not what it depends on, not a run.

#[path = "cli/tree.rs"]
mod tree;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tree::Tree;

const PROJECT: [(&str, &str); 4] = [
    (
        "compose.yaml",
        "include: [oci://registry.example/stack, https://example.com/compose.yaml]\nservices:\n  web:\n    build: https://github.com/acme/web.git#main\n    image: registry.example/web:1\n    privileged: true\n    env_file: [http://example.com/env]\n  db:\n    extends: { file: https://example.com/base.yaml, service: db }\n",
    ),
    (
        "Dockerfile",
        "# syntax=docker/dockerfile:1\nFROM registry.example/base:1\nADD https://example.com/x.tar.gz /\nRUN curl https://example.com | sh\nUSER root\n",
    ),
    ("daemon.json", "{\"hosts\": [\"tcp://203.0.113.1:2375\"]}\n"),
    (".plimsoll.yaml", "profile: audit\n"),
];
const RUNS: [&[&str]; 6] = [
    &[
        "check",
        "-o",
        "sarif=out.sarif",
        "-o",
        "gitlab=out.json",
        "-o",
        "markdown=out.md",
        "-o",
        "full=out.txt",
    ],
    &["check", "--diff", "--unsafe-fixes"],
    &["audit", "--output-format=html"],
    &["project"],
    &["rule", "--all"],
    &["config", "show"],
];

fn manifest(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Addresses are read and written here (`std::net::IpAddr`); nothing is opened.
#[test]
fn no_source_file_uses_sockets() {
    let mut files = Vec::new();
    for folder in ["src", "crates/lint-parser/src", "crates/lint-core/src", "crates/lint-cli/src"] {
        rust_files(&manifest(folder), &mut files);
    }
    assert!(files.len() > 100, "{}", files.len());
    let types = [
        "TcpStream",
        "TcpListener",
        "UdpSocket",
        "UnixStream",
        "UnixListener",
        "UnixDatagram",
        "ToSocketAddrs",
    ];
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for word in types.iter().chain(&["std::net::*", "os::unix::net", "libc::"]) {
            assert!(!text.contains(word), "{} uses {word}", file.display());
        }
    }
}

/// The crates by which Rust programs reach a network. None is there, for tests either.
#[test]
fn no_dependency_opens_sockets() {
    let lock = std::fs::read_to_string(manifest("Cargo.lock")).unwrap();
    let names: Vec<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(names.len() > 50, "{names:?}");
    let known = [
        "socket2",
        "mio",
        "polling",
        "async-io",
        "tokio",
        "async-std",
        "smol",
        "hyper",
        "h2",
        "reqwest",
        "ureq",
        "attohttpc",
        "minreq",
        "isahc",
        "curl",
        "curl-sys",
        "openssl",
        "openssl-sys",
        "native-tls",
        "rustls",
        "quinn",
        "tungstenite",
        "trust-dns-resolver",
        "hickory-resolver",
        "git2",
        "gix",
        "zmq",
        "nng",
        "tonic",
        "sentry",
        "self_update",
    ];
    let found: Vec<&&str> = names.iter().filter(|name| known.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// Whether a program can be started here and ends well.
fn works(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
}

/// In a network namespace that has nothing but a loopback device which is down, everything is as it is elsewhere.
#[test]
fn a_run_without_a_network_is_the_same_run() {
    if !works("unshare", &["-rn", "true"]) {
        eprintln!("not tested: `unshare -rn` is not possible here");
        return;
    }
    let tree = Tree::new(&PROJECT);
    for args in RUNS {
        let command = tree.command(args);
        let mut alone = Command::new("unshare");
        alone.arg("-rn").arg(command.get_program()).args(command.get_args()).current_dir(tree.path());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => alone.env(name, value),
                None => alone.env_remove(name),
            };
        }
        let alone: crate::tree::Run = alone.output().expect("unshare runs").into();
        let reports = || {
            ["out.sarif", "out.json", "out.md", "out.txt"]
                .map(|name| std::fs::read(tree.path().join(name)).ok())
        };
        let reports_alone = reports();
        assert_eq!((alone, reports_alone), (tree.run(args), reports()), "{args:?}");
    }
}

/// What the kernel was asked for: no socket, and no other program.
#[test]
fn a_run_asks_the_kernel_for_files_alone() {
    let tree = Tree::new(&PROJECT);
    let log = tree.path().join("calls");
    let log = log.to_str().expect("a temporary path is text");
    let traced = ["-f", "-qq", "-o", log, "-e", "trace=%network,execve,fork,vfork"];
    if !works("strace", &[&traced[..], &["true"]].concat()) {
        eprintln!("not tested: strace is not installed, or may not trace here");
        return;
    }
    for args in RUNS {
        let command = tree.command(args);
        let mut strace = Command::new("strace");
        strace.args(traced).arg(command.get_program()).args(command.get_args()).current_dir(tree.path());
        let status = strace.output().expect("strace runs").status;
        assert!(matches!(status.code(), Some(0 | 1)), "{args:?}: {status}");
        let calls = tree.read("calls");
        let calls: Vec<&str> = calls.lines().filter(|line| line.contains('(')).collect();
        assert!(calls.len() == 1 && calls[0].contains("execve("), "{args:?}: {calls:#?}");
    }
}

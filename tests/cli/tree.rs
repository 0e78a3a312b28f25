//! A directory with files to lint, and the binary run in it.

#![allow(dead_code, reason = "each of the tests that share this file uses a part of it")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A service with one critical finding.
pub(crate) const PRIVILEGED: &str = "services:\n  web:\n    image: a\n    privileged: true\n";
/// One that the tests' rules have nothing against.
pub(crate) const CLEAN: &str = "services:\n  web:\n    image: a\n    read_only: true\n";
/// Only these rules: other rules must be free to come without changing what the command line does.
pub(crate) const SELECT: &str = "--select=privileged-service,writable-root-filesystem,syntax-error";
pub(crate) const FORMATS: [&str; 12] = [
    "full",
    "concise",
    "grouped",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "markdown",
];

/// A temporary directory; gone when dropped.
pub(crate) struct Tree(tempfile::TempDir);

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Tree {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().expect("there is room for a directory"));
        for (path, text) in files {
            tree.write(path, text.as_bytes());
        }
        tree
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it lies in the tree")).expect("it can be made");
        std::fs::write(&path, bytes).expect("it can be written");
        path
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).expect("it was written")
    }

    /// The binary, in the tree, free of the tester's own environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        command.args(args).current_dir(self.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("PLIMSOLL_") || name.contains("COLOR") || name == "NO_GRAPHICS" {
                command.env_remove(&*name);
            }
        }
        // git's own ignore file, of whoever runs the tests, is not in question here.
        command.env("HOME", self.path()).env("XDG_CONFIG_HOME", self.path());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().expect("the binary runs").into()
    }

    pub(crate) fn run_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Run {
        self.command(args).envs(variables.iter().copied()).output().expect("the binary runs").into()
    }

    pub(crate) fn run_on(&self, stdin: &[u8], args: &[&str]) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        // It may have ended already, over a wrong argument.
        let _ = child.stdin.take().expect("it is piped").write_all(stdin);
        child.wait_with_output().expect("it ends").into()
    }

    /// The names of what a run checks, by kind, as `--verbose` tells them.
    pub(crate) fn checked(&self, args: &[&str]) -> Vec<String> {
        let run = self.run(&[&["-v", SELECT], args].concat());
        run.stderr
            .lines()
            .filter_map(|line| line.strip_prefix("info: checking "))
            .map(str::to_owned)
            .collect()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it was not killed"),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }
}

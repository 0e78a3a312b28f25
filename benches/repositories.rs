//! Whole repositories: what callers cost, and how much memory many Dockerfiles take.
//!
//! The memory is held, not only shown: 8,000 Dockerfiles of 6 kB in one run take less than `MOST_MEMORY`, since what has been judged is
//! let go. Where `/proc` does not tell, it is not looked at.

use std::fmt::Write as _;
use std::fs;

use divan::Bencher;
use lint_core::{FileError, Files, Linter, Settings, Source, SourceKind};

/// What the run may take, in kilobytes, besides what the process has before it.
const MOST_MEMORY: u64 = 120 << 10;

fn main() {
    hold_memory();
    divan::main();
}

/// Lints a repository before anything else is done, since a process never gives back the most it has taken.
fn hold_memory() {
    let Some(before) = peak() else { return };
    let repository = Repository { dockerfiles: 8_000, scripts: 0 };
    let findings = repository.lint();
    let taken = peak().unwrap_or_default().saturating_sub(before);
    println!("8,000 Dockerfiles, {findings} findings: {} MB", taken >> 10);
    assert!(taken < MOST_MEMORY, "{taken} kB for 8,000 Dockerfiles");
}

/// The most memory that the process has had so far, in kilobytes.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// A repository whose files are written when they are read, so that none of them is memory of the bench.
struct Repository {
    dockerfiles: usize,
    scripts: usize,
}

impl Repository {
    fn lint(&self) -> usize {
        let sources: Vec<Source> = (0..self.dockerfiles)
            .map(|at| Source::path(format!("images/{at}/Dockerfile"), SourceKind::Dockerfile))
            .collect();
        Linter::new(Settings::default()).lint_with(&sources, self).findings().len()
    }
}

impl Files for Repository {
    fn read(&self, path: &str) -> Result<String, FileError> {
        let number = |rest: &str| rest.split(['/', '.']).next()?.parse::<usize>().ok();
        if let Some(at) =
            path.strip_prefix("images/").and_then(number).filter(|_| path.ends_with("/Dockerfile"))
        {
            return Ok(dockerfile(at));
        }
        match path.strip_prefix("ci/").and_then(number) {
            Some(at) => Ok(script(at)),
            None => Err(FileError::NotFound),
        }
    }

    fn exists(&self, path: &str) -> bool {
        self.read(path).is_ok()
    }

    fn scripts(&self) -> Vec<String> {
        (0..self.scripts).map(|at| format!("ci/{at}.sh")).collect()
    }
}

/// A Dockerfile of about 6 kB.
fn dockerfile(at: usize) -> String {
    let mut text = format!("# Image {at}\nFROM debian:13 AS build\nWORKDIR /src\nCOPY . .\n");
    for step in 0..40 {
        let _ = writeln!(
            text,
            "RUN set -eux; apt-get update; apt-get install -y --no-install-recommends lib{step}-dev; \\\n    \
             make -C part{step} install PREFIX=/opt/{at}; rm -rf /var/lib/apt/lists/*"
        );
    }
    text + "FROM debian:13-slim\nCOPY --from=build /opt /opt\nUSER 1000:1000\nENTRYPOINT [\"/opt/run\"]\n"
}

/// A script of which one in ten builds an image.
fn script(at: usize) -> String {
    let mut text = "#!/bin/sh\nset -eu\n".to_owned();
    for line in 0..60 {
        let _ = writeln!(
            text,
            "if [ -n \"${{STEP_{line}:-}}\" ]; then\n  run_step {line} \"$STEP_{line}\" | tee -a log\nfi"
        );
    }
    if at.is_multiple_of(10) {
        let _ = writeln!(text, "docker build -t example.com/{at}:1 images/{at}");
    }
    text
}

/// A thousand Dockerfiles, alone and beside five hundred scripts: the scripts may cost a tenth.
#[divan::bench(args = [0, 500], sample_count = 10)]
fn callers(bencher: Bencher<'_, '_>, scripts: usize) {
    let repository = Repository { dockerfiles: 1_000, scripts };
    bencher.bench(|| repository.lint());
}

//! How long it takes to know what runs, by how much of it there is: four times as much should take four times as long.

use std::collections::BTreeMap;

use divan::Bencher;
use divan::counter::BytesCount;
use lint_core::{Linter, RunProfile, Settings, Source};

fn main() {
    divan::main();
}

fn lint(bencher: Bencher<'_, '_>, source: Source) {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Strict;
    let linter = Linter::new(settings);
    let files: BTreeMap<String, String> = BTreeMap::new();
    let length = source.text.as_ref().map_or(0, String::len);
    let sources = [source];
    bencher.counter(BytesCount::new(length)).bench(|| linter.lint_with(&sources, &files));
}

/// Package managers and downloads.
#[divan::bench(args = [1_000, 4_000])]
fn instructions(bencher: Bencher<'_, '_>, count: usize) {
    let run = |i| format!("RUN apt-get update && apt-get install -y p{i} && curl -fsSL https://x/{i} | sh\n");
    let text: String = (0..count).map(run).collect();
    lint(bencher, Source::dockerfile("Dockerfile", format!("FROM debian:12\n{text}")));
}

/// Services that each run a script.
#[divan::bench(args = [400, 1_600])]
fn services(bencher: Bencher<'_, '_>, count: usize) {
    let service =
        |i| format!("  s{i}: {{image: 'x:{i}', command: [sh, -c, 'chmod 755 /a{i} && exec app']}}\n");
    let text: String = (0..count).map(service).collect();
    lint(bencher, Source::compose("compose.yaml", format!("services:\n{text}")));
}

/// One script, up to the longest that is read; twice that is not.
#[divan::bench(args = [60_000, 240_000, 10_000_000])]
fn script(bencher: Bencher<'_, '_>, length: usize) {
    let text = "echo hi; ".repeat(length / 9);
    lint(bencher, Source::dockerfile("Dockerfile", format!("FROM debian:12\nRUN {text}\n")));
}

//! What grows: four times the work must cost about four times as much. Each bench is run at two sizes; compare the two.
//!
//! Each case is something whose parts once looked at each other: a value that holds the one before, comments that cover the
//! same finding, names that are looked up in a list.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use lint_core::{Linter, RunProfile, Settings, Source};

fn main() {
    divan::main();
}

fn lint(bencher: Bencher<'_, '_>, source: &Source, files: &BTreeMap<String, String>) {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Strict;
    let linter = Linter::new(settings);
    let text = source.text.as_deref().unwrap_or_default();
    bencher
        .counter(BytesCount::of_str(text))
        .bench(|| linter.lint_with(std::slice::from_ref(source), files).findings().len());
}

fn dockerfile(bencher: Bencher<'_, '_>, before: &str, lines: impl Iterator<Item = String>) {
    let text = format!("{before}{}", lines.collect::<String>());
    lint(bencher, &Source::dockerfile("Dockerfile", text), &BTreeMap::new());
}

fn compose(bencher: Bencher<'_, '_>, lines: impl Iterator<Item = String>) {
    let text = format!("services:\n{}", lines.collect::<String>());
    lint(bencher, &Source::compose("compose.yaml", text), &BTreeMap::new());
}

/// Dockerfiles.
mod builds {
    use super::*;

    /// Each value holds the one before.
    #[divan::bench(args = [4_000, 16_000], sample_count = 5)]
    fn a_variable_that_grows(bencher: Bencher<'_, '_>, lines: usize) {
        dockerfile(bencher, "FROM debian:12\n", (0..lines).map(|_| "ENV A=$A:/x\n".to_owned()));
    }

    #[divan::bench(args = [4_000, 16_000], sample_count = 5)]
    fn arguments_that_grow(bencher: Bencher<'_, '_>, lines: usize) {
        let line = |i: usize| format!("ARG A{}=$A{i}:/x\n", i + 1);
        dockerfile(bencher, "FROM debian:12\nARG A0=x\n", (0..lines).map(line));
    }

    /// One long value, named again and again.
    #[divan::bench(args = [2_000, 8_000], sample_count = 5)]
    fn a_long_value(bencher: Bencher<'_, '_>, lines: usize) {
        let before = format!("FROM debian:12\nENV A={}\n", "x".repeat(lines * 10));
        dockerfile(bencher, &before, (0..lines).map(|i| format!("COPY $A$A /{i}\n")));
    }

    #[divan::bench(args = [4_000, 16_000], sample_count = 5)]
    fn a_chain_of_stages(bencher: Bencher<'_, '_>, stages: usize) {
        let line = |i: usize| format!("FROM s{i} AS s{}\nRUN echo x\n", i + 1);
        dockerfile(bencher, "FROM debian:12 AS s0\n", (0..stages).map(line));
    }

    /// Each base is looked for among the stages before it.
    #[divan::bench(args = [8_000, 32_000], sample_count = 5)]
    fn bases_that_are_no_images(bencher: Bencher<'_, '_>, stages: usize) {
        dockerfile(bencher, "", (0..stages).map(|i| format!("FROM S{i} AS s{}\n", i + 1)));
    }

    /// Each name is looked for among the pairs of the instruction itself.
    #[divan::bench(args = [4_000, 16_000], sample_count = 5)]
    fn pairs_that_use_each_other(bencher: Bencher<'_, '_>, pairs: usize) {
        let pair = |i: usize| format!(" A{i}=$A{}", (i + 7) % pairs);
        dockerfile(bencher, "FROM debian:12\nENV", (0..pairs).map(pair));
    }

    /// Each is looked for when a command has its name.
    #[divan::bench(args = [2_000, 8_000], sample_count = 5)]
    fn functions(bencher: Bencher<'_, '_>, functions: usize) {
        let function = |i: usize| format!(" f{i}() {{ id; }}; f{i};");
        dockerfile(bencher, "FROM debian:12\nRUN", (0..functions).map(function));
    }
}

/// Suppression comments.
mod comments {
    use super::*;

    /// The nearest rule of each is looked for.
    #[divan::bench(args = [1_000, 4_000], sample_count = 5)]
    fn unknown_names(bencher: Bencher<'_, '_>, comments: usize) {
        let line = |i: usize| format!("# plimsoll: ignore[root-usr{}]\nRUN true\n", i % 10);
        dockerfile(bencher, "FROM debian:12\n", (0..comments).map(line));
    }

    /// Each covers each finding.
    #[divan::bench(args = [1_000, 4_000], sample_count = 5)]
    fn for_the_whole_file(bencher: Bencher<'_, '_>, comments: usize) {
        let before = "# plimsoll: ignore-file[DL3008] why\n".repeat(comments);
        let line = |_| "RUN apt-get install x\n".to_owned();
        dockerfile(bencher, &format!("{before}FROM debian:12\n"), (0..comments).map(line));
    }
}

/// Compose projects.
mod projects {
    use super::*;

    #[divan::bench(args = [10_000, 40_000], sample_count = 5)]
    fn named_volumes(bencher: Bencher<'_, '_>, volumes: usize) {
        let mounts = (0..volumes).map(|i| format!("      - v{i}:/d{i}\n"));
        let declared = (0..volumes).map(|i| format!("  v{i}:\n"));
        let service = std::iter::once("  a:\n    image: x:1\n    volumes:\n".to_owned());
        let section = std::iter::once("volumes:\n".to_owned());
        compose(bencher, service.chain(mounts).chain(section).chain(declared));
    }

    #[divan::bench(args = [500, 2_000], sample_count = 5)]
    fn services_that_share_an_env_file(bencher: Bencher<'_, '_>, services: usize) {
        let mut text = String::from("services:\n");
        for i in 0..services {
            let _ = writeln!(text, "  s{i}: {{image: 'x:1', env_file: shared.env}}");
        }
        let shared = (0..100).map(|i| format!("KEY_{i}=value\n")).collect();
        let files = BTreeMap::from([("shared.env".to_owned(), shared)]);
        lint(bencher, &Source::compose("compose.yaml", text), &files);
    }
}

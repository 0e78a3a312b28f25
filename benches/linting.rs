//! How fast text becomes a tree, and a tree a report. `cargo bench` prints throughput; compare ratios within
//! one run, since machines are noisy.

use std::collections::BTreeMap;

use divan::Bencher;
use divan::counter::BytesCount;
use lint_core::{Linter, RunProfile, Settings, Source};
use lint_parser::text::mapped::Mapped;

fn main() {
    divan::main();
}

/// An ordinary Dockerfile, as people write them.
const DOCKERFILE: &str = include_str!("../fixtures/projects/webshop/api/Dockerfile");
/// An ordinary Compose file.
const COMPOSE: &str = include_str!("../fixtures/projects/webshop/compose.yaml");

fn dockerfile(instructions: usize) -> String {
    let mut text = String::from("FROM debian:12-slim\n");
    for i in 0..instructions {
        text.push_str(&format!(
            "RUN apt-get update && apt-get install -y --no-install-recommends \\\n      package{i}=1.{i} \\\n && rm -rf /var/lib/apt/lists/*\n"
        ));
    }
    text.push_str("USER 10001\n");
    text
}

fn compose(services: usize) -> String {
    let mut text = String::from(
        "x-base: &base\n  read_only: true\n  security_opt: [no-new-privileges=true]\nservices:\n",
    );
    for i in 0..services {
        text.push_str(&format!(
            "  s{i}:\n    <<: *base\n    image: registry.example/s{i}:1.{i}\n    ports: ['127.0.0.1:{}:80']\n    environment:\n      LOG_LEVEL: ${{LOG_LEVEL:-info}}\n",
            i % 60_000 + 1
        ));
    }
    text
}

#[divan::bench]
fn parse_dockerfile(bencher: Bencher<'_, '_>) {
    let text = dockerfile(1_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| lint_parser::dockerfile::parse(&text));
}

#[divan::bench]
fn parse_compose(bencher: Bencher<'_, '_>) {
    let text = compose(1_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| lint_parser::compose::parse(&text));
}

#[divan::bench]
fn parse_yaml(bencher: Bencher<'_, '_>) {
    let text = compose(1_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| lint_parser::yaml::parse(&text));
}

#[divan::bench]
fn parse_shell(bencher: Bencher<'_, '_>) {
    let script = "apt-get update && apt-get install -y --no-install-recommends curl ca-certificates && rm -rf /var/lib/apt/lists/*\n".repeat(1_000);
    let text = Mapped::verbatim(&script, 0);
    bencher.counter(BytesCount::of_str(&script)).bench(|| lint_parser::shell::parse(&text));
}

fn lint(name: &str, text: &str) -> usize {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Strict;
    let source =
        if name == "Dockerfile" { Source::dockerfile(name, text) } else { Source::compose(name, text) };
    Linter::new(settings).lint_with(&[source], &BTreeMap::new()).findings().len()
}

#[divan::bench]
fn lint_one_dockerfile() -> usize {
    lint("Dockerfile", DOCKERFILE)
}

#[divan::bench]
fn lint_one_compose_file() -> usize {
    lint("compose.yaml", COMPOSE)
}

/// Ten times the instructions must take ten times as long.
#[divan::bench(args = [100, 1_000, 10_000], sample_count = 10)]
fn lint_instructions(bencher: Bencher<'_, '_>, instructions: usize) {
    let text = dockerfile(instructions);
    bencher.counter(BytesCount::of_str(&text)).bench(|| lint("Dockerfile", &text));
}

/// Ten times the services must take ten times as long.
#[divan::bench(args = [10, 100, 1_000], sample_count = 10)]
fn lint_services(bencher: Bencher<'_, '_>, services: usize) {
    let text = compose(services);
    bencher.counter(BytesCount::of_str(&text)).bench(|| lint("compose.yaml", &text));
}

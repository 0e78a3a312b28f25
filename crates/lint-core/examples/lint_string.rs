//! Lints one Dockerfile from a string: `cargo run -p lint-core --example lint_string`.

use lint_core::{Linter, Severity, Source};

const DOCKERFILE: &str = "\
FROM python:3.12-slim
ENV API_TOKEN=abc
COPY . /app
CMD python /app/main.py
";

fn main() {
    let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", DOCKERFILE)]);
    for finding in report.findings() {
        println!(
            "{}: {}: {} [{}]",
            finding.location(),
            finding.severity,
            finding.message(),
            finding.rule().name
        );
        if let Some(help) = &finding.help {
            println!("    {help}");
        }
    }
    if report.worst() >= Some(Severity::High) {
        println!("not to be shipped");
    }
}

//! Prints findings through miette: `cargo run -p lint-core --example render_miette --features miette`.

use lint_core::report::miette::FindingDiagnostic;
use lint_core::{Linter, Source};
use miette::GraphicalReportHandler;

const DOCKERFILE: &str = "FROM debian:12\nADD https://example.com/tool.tar.gz /opt/\nUSER root\n";

fn main() -> std::fmt::Result {
    let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", DOCKERFILE)]);
    let handler = GraphicalReportHandler::new();
    let mut out = String::new();
    for finding in report.findings() {
        handler.render_report(&mut out, &FindingDiagnostic::new(finding))?;
    }
    print!("{out}");
    Ok(())
}

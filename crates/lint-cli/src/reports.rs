//! One report in each format.

use lint_core::Report;
use lint_core::report::sarif::{self, SarifRun};
use lint_core::report::{checkstyle, concise, github, gitlab, json, junit, markdown, rdjson, statistics};

use crate::args::values::OutputFormat;
use crate::render::{self, Look};

/// What a run found, and what a report says of the run besides.
#[derive(Debug)]
pub(crate) struct Reports<'a> {
    pub(crate) report: &'a Report,
    /// The same, as a SARIF log has it.
    pub(crate) for_sarif: &'a Report,
    pub(crate) run: SarifRun<'a>,
}

impl Reports<'_> {
    /// The report in a format. `look` is for those that people read.
    pub(crate) fn write(&self, format: OutputFormat, look: Look) -> String {
        let report = self.report;
        match format {
            OutputFormat::Full => render::full(report, look),
            OutputFormat::Concise => concise::write(report),
            OutputFormat::Grouped => render::grouped::grouped(report, look),
            OutputFormat::Json => json::write(report),
            OutputFormat::JsonLines => json::write_lines(report),
            OutputFormat::Sarif => sarif::write(self.for_sarif, &self.run),
            OutputFormat::Github => github::write(report),
            OutputFormat::Gitlab => gitlab::write(report),
            OutputFormat::Junit => junit::write(report),
            OutputFormat::Checkstyle => checkstyle::write(report),
            OutputFormat::Rdjson => rdjson::write(report),
            // That nothing was found in nothing would be read as a verdict.
            OutputFormat::Markdown if !self.run.successful && report.linted.is_empty() => {
                "### Plimsoll could not judge anything\n".to_owned()
            }
            OutputFormat::Markdown => markdown::write(report),
        }
    }

    /// How many results a SARIF log would have if it may have any number.
    pub(crate) fn results(&self) -> usize {
        let Report { findings, accepted, baselined, .. } = self.for_sarif;
        findings.len() + if self.run.suppressed { accepted.len() + baselined.len() } else { 0 }
    }

    /// The number of findings of each rule, in a format that [`has_statistics`].
    pub(crate) fn statistics(&self, format: OutputFormat, look: Look) -> String {
        match format {
            OutputFormat::Json => statistics::json(self.report),
            _ => render::statistics::statistics(self.report, look),
        }
    }
}

/// Whether a format can be put into another order; whoever reads the others relies on that of files.
pub(crate) fn is_for_people(format: OutputFormat) -> bool {
    matches!(format, OutputFormat::Full | OutputFormat::Grouped)
}

/// Whether a format can hold statistics in place of findings; whoever reads the others expects findings.
pub(crate) fn has_statistics(format: OutputFormat) -> bool {
    matches!(format, OutputFormat::Full | OutputFormat::Concise | OutputFormat::Grouped | OutputFormat::Json)
}

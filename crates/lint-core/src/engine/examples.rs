//! Runs the examples that stand beside policies.

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::PolicyTest;
use crate::engine::linter::Linter;
use crate::engine::source::{Source, SourceKind};
use crate::kinds::{NameSays, by_name, by_text};
use crate::report::Report;
use crate::settings::{DeclaredPolicy, Settings, UnknownMeans};

/// What a policy says of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Pass,
    Fail,
    Unknown,
}

/// Runs an example of a policy: the policy alone, over the files of the example.
///
/// # Errors
/// How what it says differs from what is expected, in one line.
pub fn run_example(policy: &DeclaredPolicy, example: &PolicyTest) -> Result<(), String> {
    let files = files_of(example);
    let sources: Vec<Source> = files.iter().filter_map(|(name, text)| source(name, text)).collect();
    if sources.is_empty() {
        return Err("the example has no Compose file and no Dockerfile".to_owned());
    }
    let report = judge(policy, UnknownMeans::Pass, &sources, &files)?;
    let said = match report.findings.is_empty() {
        false => Said::Fail,
        true if judge(policy, UnknownMeans::Fail, &sources, &files)?.findings.is_empty() => Said::Pass,
        true => Said::Unknown,
    };
    let expected = match example.expect.as_str() {
        "fail" => Said::Fail,
        "unknown" => Said::Unknown,
        _ => Said::Pass,
    };
    if said != expected {
        return Err(differs(said, expected, &report));
    }
    if let Some(at) = &example.at
        && !report
            .findings
            .iter()
            .any(|finding| format!("{}:", finding.location()).starts_with(&format!("{at}:")))
    {
        let places: Vec<String> = report.findings.iter().map(|finding| finding.location()).collect();
        return Err(format!("nothing is found at {at}, but at {}", places.join(", ")));
    }
    if let Some(part) = &example.message
        && !report.findings.iter().any(|finding| finding.message.contains(part.as_str()))
    {
        let messages: Vec<&str> = report.findings.iter().map(|finding| finding.message.as_str()).collect();
        return Err(format!("no message holds `{part}`: {}", messages.join("; ")));
    }
    Ok(())
}

fn files_of(example: &PolicyTest) -> BTreeMap<String, String> {
    let mut files = example.files.clone().unwrap_or_default();
    files.extend(example.compose.clone().map(|text| ("compose.yaml".to_owned(), text)));
    files.extend(example.dockerfile.clone().map(|text| ("Dockerfile".to_owned(), text)));
    files
}

fn source(name: &str, text: &str) -> Option<Source> {
    let kind = match by_name(Path::new(name)) {
        NameSays::Kind(kind) => kind,
        NameSays::Never => return None,
        _ => by_text(text)?,
    };
    Some(match kind {
        SourceKind::Compose => Source::compose(name, text),
        SourceKind::Dockerfile => Source::dockerfile(name, text),
        _ => return None,
    })
}

fn judge(
    policy: &DeclaredPolicy,
    unknown: UnknownMeans,
    sources: &[Source],
    files: &BTreeMap<String, String>,
) -> Result<Report, String> {
    let own = DeclaredPolicy { unknown, directory: String::new(), ..policy.clone() };
    let settings = Settings {
        select: vec![format!("policy/{}", policy.name)],
        policies: vec![own],
        ..Settings::default()
    };
    let mut report = Linter::new(settings).lint_with(sources, files);
    if let Some(failure) = report.failures.first() {
        return Err(format!("{}: {}", failure.during, failure.message));
    }
    report.findings.retain(|finding| finding.rule.name.starts_with("policy/"));
    Ok(report)
}

fn differs(said: Said, expected: Said, report: &Report) -> String {
    let word = |said| match said {
        Said::Pass => "pass",
        Said::Fail => "fail",
        Said::Unknown => "be unknown",
    };
    let found =
        report.findings.first().map(|finding| format!(": {}: {}", finding.location(), finding.message));
    format!("expected to {}, but it is found to {}{}", word(expected), word(said), found.unwrap_or_default())
}

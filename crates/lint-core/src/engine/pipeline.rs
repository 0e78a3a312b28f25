//! The order findings pass through, written once.

use std::collections::HashMap;

use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::engine::baseline::{self, Baseline};
use crate::engine::dispatch::Checks;
use crate::engine::linter::{SettingsByFile, Source, SourceKind};
use crate::engine::script_linter::ScriptLinter;
use crate::engine::suppress::{Ignore, Suppressions};
use crate::engine::unit::Outcome;
use crate::finding::finding::Finding;
use crate::finding::fingerprint::fingerprints;
use crate::finding::fix::Edit;
use crate::finding::label::Place;
use crate::finding::meta::RuleMeta;
use crate::finding::shellcheck;
use crate::report::{Accepted, AcceptedBy, Report};
use crate::rule::check::{JudgedIgnore, NameVerdict, Void};
use crate::rule::context::{Context, Subject};
use crate::rule::rule::Rule;
use crate::rules;
use crate::settings::Settings;

/// What may have found something in a run.
#[derive(Clone, Copy)]
pub(crate) struct Judges<'a> {
    /// The rules that ran.
    pub(crate) rules: &'a [&'static Rule],
    /// Their checks.
    pub(crate) checks: &'a Checks,
    /// What linted the scripts.
    pub(crate) scripts: Option<&'a dyn ScriptLinter>,
}

/// Every finding is judged by the settings of the file it is in, in this order:
///
/// 1. enabled: a rule runs when the settings of any file ask for it;
/// 2. severity, where the settings replace the rule's own;
/// 3. rules dropped for the file or the service;
/// 4. suppression, before anything counts or repairs a finding;
/// 5. the verdict on the suppression comments themselves, which needs to know what they silenced;
/// 6. duplicates: a file that two projects include is judged twice and reported once;
/// 7. the order of the report: file, place, rule, service;
/// 8. fingerprints, which number the findings that look alike: what leaves findings out comes after;
/// 9. the baseline.
pub(crate) fn finish(
    settings: &SettingsByFile,
    baselines: &[Baseline],
    judges: Judges<'_>,
    sources: &[Source],
    outcomes: Vec<Outcome>,
) -> Report {
    let mut report = Report { linted: sources.iter().map(|s| s.name.clone()).collect(), ..Report::default() };
    let mut suppressions = Suppressions::default();
    let mut texts: HashMap<String, SourceFile> = HashMap::new();
    let mut findings: Vec<(Finding, &Settings)> = Vec::new();
    for outcome in outcomes {
        report.seen.services += outcome.services;
        report.seen.dockerfiles += outcome.inline_dockerfiles;
        let unit = settings.of(&outcome.unit);
        let judged = outcome.findings.into_iter().map(|finding| {
            let settings = settings.known(finding.file().name()).unwrap_or(unit);
            (finding, settings)
        });
        findings.extend(judged);
        report.notes.extend(outcome.notes);
        report.unreadable.extend(outcome.unreadable);
        report.failures.extend(outcome.failures);
        report.unjudged.extend(outcome.unjudged);
        for (file, ignores) in outcome.ignores {
            suppressions.insert(&file, || ignores);
            texts.entry(file.name().to_owned()).or_insert(file);
        }
    }

    for (mut finding, settings) in findings {
        if !admit(&mut finding, settings) {
            continue;
        }
        if let Some(reason) = ignored(&finding, settings) {
            let reason = reason.map(str::to_owned);
            report.accepted.push(Accepted { finding, by: AcceptedBy::Configuration, reason });
        } else if finding.rule.suppressible && suppressions.silences(&finding, settings) {
            let reason = suppressions.reason(&finding, settings).map(str::to_owned);
            report.accepted.push(Accepted { finding, by: AcceptedBy::Comment, reason });
        } else {
            report.findings.push(finding);
        }
    }
    for source in sources {
        if let Some(file) = texts.get(&source.name) {
            let settings = settings.of(&source.name);
            let mut findings = Vec::new();
            judge_ignores(settings, judges, file, &suppressions, &mut findings);
            report.findings.extend(
                findings
                    .into_iter()
                    .filter_map(|mut finding| admit(&mut finding, settings).then_some(finding))
                    .filter(|finding| ignored(finding, settings).is_none()),
            );
        }
    }
    sort_and_dedup(&mut report);
    let readable = |source: &&Source| !report.unreadable.iter().any(|(name, _)| *name == source.name);
    for source in sources.iter().filter(readable) {
        match source.kind {
            SourceKind::Dockerfile => report.seen.dockerfiles += 1,
            SourceKind::Compose => report.seen.compose_files += 1,
            SourceKind::DaemonJson => report.seen.daemon_files += 1,
            // Drop-ins lie in a directory that is called after their unit.
            SourceKind::SystemdUnit if source.name.contains("docker.socket") => report.seen.socket_units += 1,
            // containerd's own unit is read for its syntax alone.
            SourceKind::SystemdUnit if source.name.contains("containerd.service") => {}
            SourceKind::SystemdUnit => report.seen.daemon_files += 1,
        }
    }
    number(&mut report);
    baseline::apply(baselines, &mut report, &settings.first().working_directory);
    report
}

/// Step 8. What is accepted is numbered last, so that accepting one of several alike renames none of those before it.
fn number(report: &mut Report) {
    let findings = report.findings.iter_mut();
    let mut all: Vec<&mut Finding> =
        findings.chain(report.accepted.iter_mut().map(|accepted| &mut accepted.finding)).collect();
    let fingerprints = fingerprints(all.iter().map(|finding| &**finding));
    for (finding, fingerprint) in all.iter_mut().zip(fingerprints) {
        finding.fingerprint = fingerprint;
    }
}

/// Steps 1 and 2.
fn admit(finding: &mut Finding, settings: &Settings) -> bool {
    if !settings.enables(finding.rule) {
        return false;
    }
    finding.severity = settings.severity_of(finding);
    true
}

/// Why the settings drop the finding's rule for its file or its service, if they do; they need not say why.
fn ignored<'s>(finding: &Finding, settings: &'s Settings) -> Option<Option<&'s str>> {
    let by_file = settings.ignores_in_file(finding.rule, finding.file().name());
    by_file
        .map(|ignores| ignores.reason.as_deref())
        .or_else(|| settings.ignores_for_service(finding).map(|ignores| ignores.reason.as_deref()))
}

fn judge_ignores(
    settings: &Settings,
    judges: Judges<'_>,
    file: &SourceFile,
    suppressions: &Suppressions,
    findings: &mut Vec<Finding>,
) {
    if !settings.suppressions.allow_inline {
        return;
    }
    let Some(ignores) = suppressions.of(file.name()) else { return };
    let judged = ignores.ignores.iter().map(|ignore| JudgedIgnore::Ignore {
        place: Place::new(file, ignore.comment.span),
        comment: &ignore.comment,
        void: if ignore.comment.has_expired(settings.today) {
            Some(Void::Expired)
        } else {
            ignore.lacks_reason(settings).then_some(Void::Unexplained)
        },
        names: verdicts(settings, judges, file.name(), ignore),
        delete: deletion(file, ignore.comment.span),
    });
    let malformed = ignores
        .malformed
        .iter()
        .map(|comment| JudgedIgnore::Malformed { place: Place::new(file, comment.span), comment });
    let subject = Subject::default();
    for ignore in judged.chain(malformed) {
        for of in &judges.checks.ignore {
            (of.check)(&ignore, &mut Context::new(of.rule, settings, &subject, findings));
        }
    }
}

fn verdicts(settings: &Settings, judges: Judges<'_>, file: &str, ignore: &Ignore) -> Vec<NameVerdict> {
    let runs = |rule: &RuleMeta| settings.enables(rule) && settings.ignores_in_file(rule, file).is_none();
    let is_void = !ignore.holds(settings);
    let names = ignore.comment.names.iter().zip(&ignore.used);
    names
        .map(|(name, &used)| {
            let of_scripts = || {
                let code = shellcheck::code(&name.value)?;
                let rule = shellcheck::meta(code)?;
                judges.scripts.map(|linter| linter.knows(code) && runs(rule))
            };
            let ran = || {
                judges.rules.iter().any(|rule| rule.meta.answers_to(&name.value) && runs(&rule.meta))
                    || of_scripts().unwrap_or(false)
            };
            if used {
                NameVerdict::Used
            } else if ran() {
                if is_void { NameVerdict::Used } else { NameVerdict::Unused }
            } else if rules::find(&name.value).is_empty() {
                NameVerdict::Unknown(rules::near(&name.value))
            } else {
                NameVerdict::Used
            }
        })
        .collect()
}

/// Deletes a comment: with its line when it is alone on it, with the blanks before it when it is not.
fn deletion(file: &SourceFile, comment: Span) -> Edit {
    let number = file.line(comment.start());
    let line = file.line_span(number);
    let before = &file.text()[line.start()..comment.start()];
    let blanks = before.len() - before.trim_end().len();
    let span = if blanks == before.len() {
        let next = file.line_span(number + 1).start();
        Span::new(line.start(), next.max(comment.end()))
    } else {
        Span::new(comment.start() - blanks, comment.end())
    };
    Edit { file: file.clone(), span, text: String::new() }
}

/// Puts everything into the order of the report, each thing once.
pub(crate) fn sort_and_dedup(report: &mut Report) {
    report.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    report.findings.dedup_by(|a, b| a.order() == b.order());
    report.accepted.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
    report.accepted.dedup_by(|a, b| a.finding.order() == b.finding.order());
    report.notes.sort();
    report.notes.dedup();
    report.unreadable.sort_by(|a, b| a.0.cmp(&b.0));
    report.unreadable.dedup();
    report.failures.sort();
    report.failures.dedup();
    // What stops a program stops it for a hundred scripts; the first place is enough.
    report.unjudged.sort();
    let mut said = std::collections::HashSet::new();
    report.unjudged.retain(|unjudged| said.insert(unjudged.message.clone()));
}

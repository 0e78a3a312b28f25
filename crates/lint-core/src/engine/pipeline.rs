//! The order findings pass through, written once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lint_parser::text::near::nearest;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::engine::baseline::{self, Baseline};
use crate::engine::dispatch::Checks;
use crate::engine::ignores::Ignore;
use crate::engine::outcome::Outcome;
use crate::engine::script_linter::ScriptLinter;
use crate::engine::scripts::Scripts;
use crate::engine::settings_by_file::SettingsByFile;
use crate::engine::source::{Source, SourceKind};
use crate::engine::suppress::Suppressions;
use crate::finding::finding::Finding;
use crate::finding::fingerprint;
use crate::finding::fix::Edit;
use crate::finding::label::Place;
use crate::finding::meta::{POLICY, RuleMeta};
use crate::finding::policy;
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

/// What a run has found so far: all that is left of what has been judged.
///
/// Every finding is judged by the settings of the file it is in, in this order:
///
/// 1. enabled: a rule runs when the settings of any file ask for it;
/// 2. severity, where the settings replace the rule's own;
/// 3. rules dropped for the file or the service;
/// 4. suppression, before anything counts or repairs a finding;
/// 5. what tells a fault that another finding tells better;
/// 6. the verdict on the suppression comments themselves, which needs to know what they silenced;
/// 7. duplicates: a file that two projects include is judged twice and reported once;
/// 8. the order of the report: file, place, rule, service;
/// 9. the numbers of findings that look alike, which go into their fingerprints: what leaves findings out comes after;
/// 10. the baseline.
///
/// The first two are done as findings come in, the others once all are known.
pub(crate) struct Found<'s> {
    settings: &'s SettingsByFile,
    report: Report,
    /// The settings of each finding's file.
    judged_by: Vec<&'s Settings>,
    suppressions: Suppressions,
    /// The files that their own language refuses.
    refused: HashSet<String>,
    /// The files that have suppression comments.
    commented: HashMap<String, SourceFile>,
    scripts: Option<Scripts<'s>>,
}

impl<'s> Found<'s> {
    pub(crate) fn new(settings: &'s SettingsByFile, scripts: Option<&'s Arc<dyn ScriptLinter>>) -> Self {
        Self {
            settings,
            report: Report::default(),
            judged_by: Vec::new(),
            suppressions: Suppressions::default(),
            refused: HashSet::new(),
            commented: HashMap::new(),
            scripts: scripts.map(|linter| Scripts::new(linter, settings.first().jobs)),
        }
    }

    /// Adds what came of one unit.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.report.seen.services += outcome.services;
        self.report.seen.other_files += outcome.other_files;
        self.report.seen.dockerfiles += outcome.inline_dockerfiles;
        self.report.evidence.extend(outcome.evidence);
        self.report.pictures.extend(outcome.picture);
        self.report.pod_security.extend(outcome.pod_security);
        self.report.seen.pods += outcome.pods;
        self.report.notes.extend(outcome.notes);
        self.report.unreadable.extend(outcome.unreadable);
        self.report.failures.extend(outcome.failures);
        self.refused.extend(outcome.refused);
        for (file, ignores) in outcome.ignores {
            self.suppressions.insert(&file, || ignores);
            self.commented.entry(file.name().to_owned()).or_insert(file);
        }
        let unit = self.settings.of(&outcome.unit);
        outcome.findings.into_iter().for_each(|finding| self.admit(finding, unit));
        if let Some(scripts) = &mut self.scripts {
            scripts.add(unit, outcome.scripts);
            if scripts.are_many() {
                self.lint_scripts();
            }
        }
    }

    /// Steps 1 and 2. `unit` are the settings of files that have none of their own.
    fn admit(&mut self, mut finding: Finding, unit: &'s Settings) {
        let settings = self.settings.known(finding.file().name()).unwrap_or(unit);
        if admit(&mut finding, settings) {
            self.report.findings.push(finding);
            self.judged_by.push(settings);
        }
    }

    /// Takes note of files that their own language refuses, as others have found.
    pub(crate) fn refuse<'f>(&mut self, files: impl IntoIterator<Item = &'f String>) {
        self.refused.extend(files.into_iter().cloned());
    }

    fn lint_scripts(&mut self) {
        let Some(answers) = self.scripts.as_mut().map(Scripts::lint) else { return };
        self.report.notes.extend(answers.notes);
        self.report.unjudged.extend(answers.unjudged);
        answers.findings.into_iter().for_each(|(finding, unit)| self.admit(finding, unit));
    }

    /// The report.
    pub(crate) fn finish(mut self, baselines: &[Baseline], judges: Judges<'_>, sources: &[Source]) -> Report {
        self.lint_scripts();
        let Self { settings, mut report, judged_by, mut suppressions, refused, commented, .. } = self;
        report.linted = sources.iter().map(|source| source.name.clone()).collect();
        let mut judged_by = judged_by.into_iter();
        let mut accepted = Vec::new();
        let is_accepted = |finding: &mut Finding| {
            let verdict = judged_by.next().and_then(|settings| accepts(finding, settings, &mut suppressions));
            verdict.map(|verdict| accepted.push(verdict)).is_some()
        };
        let findings = report.findings.extract_if(.., is_accepted).collect::<Vec<_>>();
        let found = findings.into_iter().zip(accepted);
        report.accepted.extend(found.map(|(finding, (by, reason))| Accepted { finding, by, reason }));
        leave_out_superseded(&mut report);
        for source in sources {
            if let Some(file) = commented.get(&source.name) {
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
        drop((suppressions, commented));
        report.findings.iter_mut().for_each(|finding| leave_refused(finding, &refused));
        sort_and_dedup(&mut report);
        count(&mut report, sources);
        number(&mut report);
        baseline::apply(baselines, &mut report, &settings.first().working_directory);
        report
    }
}

/// Step 5. Who accepts the one that tells it better accepts the fault: one comment is enough.
fn leave_out_superseded(report: &mut Report) {
    let key = |rule: &'static str, place: &Place, service: &Option<String>| {
        (rule, place.file.name().to_owned(), place.span, service.clone())
    };
    let accepted = report.accepted.iter().map(|accepted| &accepted.finding);
    let told: HashSet<_> = report
        .findings
        .iter()
        .chain(accepted)
        .flat_map(|finding| finding.supersedes.iter().map(|(rule, place)| key(rule, place, &finding.service)))
        .collect();
    if !told.is_empty() {
        report
            .findings
            .retain(|finding| !told.contains(&key(finding.rule.name, &finding.place, &finding.service)));
    }
}

/// Offers no fix of a file that its own language refuses: what its lines are is not certain then, and a fix of one that was
/// taken for something else destroys it. What repairs the refusal is known to touch what the language does understand.
fn leave_refused(finding: &mut Finding, refused: &HashSet<String>) {
    if finding.is_refusal || refused.is_empty() {
        return;
    }
    finding.fixes.retain(|fix| !fix.edits.iter().any(|edit| refused.contains(edit.file.name())));
}

/// Steps 3 and 4: who accepts the finding, and why, if somebody does.
fn accepts(
    finding: &Finding,
    settings: &Settings,
    suppressions: &mut Suppressions,
) -> Option<(AcceptedBy, Option<String>)> {
    if let Some(reason) = ignored(finding, settings) {
        return Some((AcceptedBy::Configuration, reason.map(str::to_owned)));
    }
    if !finding.rule.suppressible || !suppressions.silences(finding, settings) {
        return None;
    }
    Some((AcceptedBy::Comment, suppressions.reason(finding, settings)))
}

/// How much there was to judge.
fn count(report: &mut Report, sources: &[Source]) {
    let unreadable: HashSet<&str> = report.unreadable.iter().map(|(name, _)| name.as_str()).collect();
    for source in sources.iter().filter(|source| !unreadable.contains(source.name.as_str())) {
        match source.kind {
            SourceKind::Dockerfile => report.seen.dockerfiles += 1,
            SourceKind::Compose => report.seen.compose_files += 1,
            SourceKind::DaemonJson => report.seen.daemon_files += 1,
            // Drop-ins lie in a directory that is called after their unit.
            SourceKind::SystemdUnit if source.name.contains("docker.socket") => report.seen.socket_units += 1,
            // containerd's own unit is read for its syntax alone.
            SourceKind::SystemdUnit if source.name.contains("containerd.service") => {}
            SourceKind::SystemdUnit => report.seen.daemon_files += 1,
            SourceKind::Quadlet
            | SourceKind::Commands
            | SourceKind::Pipeline
            | SourceKind::Bake
            | SourceKind::DevContainer => {}
            SourceKind::Kubernetes => report.seen.manifests += 1,
        }
    }
}

/// Step 9. What is accepted is numbered last, so that accepting one of several alike renames none of those before it.
fn number(report: &mut Report) {
    let accepted = report.accepted.iter_mut().map(|accepted| &mut accepted.finding);
    fingerprint::number(report.findings.iter_mut().chain(accepted));
}

/// Steps 1 and 2.
fn admit(finding: &mut Finding, settings: &Settings) -> bool {
    if !settings.enables(finding.rule) || settings.is_too_new(finding) {
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
    let mut names = Names { settings, judges, file: file.name(), known: HashMap::new() };
    let judged = ignores.ignores.iter().map(|ignore| JudgedIgnore::Ignore {
        place: Place::new(file, ignore.comment.span),
        comment: &ignore.comment,
        void: if ignore.comment.has_expired(settings.today) {
            Some(Void::Expired)
        } else {
            ignore.lacks_reason(settings).then_some(Void::Unexplained)
        },
        names: names.verdicts(ignore),
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

/// What becomes of the names in the comments of one file.
struct Names<'a> {
    settings: &'a Settings,
    judges: Judges<'a>,
    file: &'a str,
    /// What is known of a name by itself. A file may hold one a thousand times, and looking for the names that one nobody knows is
    /// near to means a look at each rule.
    known: HashMap<String, Name>,
}

/// A name by itself.
#[derive(Clone)]
enum Name {
    /// Its rule ran.
    Ran,
    /// There is such a rule, and it did not run.
    Idle,
    /// There is none; the nearest names.
    Unknown(Vec<String>),
}

impl Names<'_> {
    fn verdicts(&mut self, ignore: &Ignore) -> Vec<NameVerdict> {
        let is_void = !ignore.holds(self.settings);
        let names = ignore.comment.names.iter().zip(&ignore.used);
        names
            .map(|(name, &used)| {
                if used {
                    return NameVerdict::Used;
                }
                match self.look_up(&name.value) {
                    Name::Ran if !is_void => NameVerdict::Unused,
                    Name::Ran | Name::Idle => NameVerdict::Used,
                    Name::Unknown(near) => NameVerdict::Unknown(near),
                }
            })
            .collect()
    }

    fn look_up(&mut self, name: &str) -> Name {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let found = if self.has_run(name) {
            Name::Ran
        } else if rules::find(name).is_empty() {
            Name::Unknown(self.near(name))
        } else {
            Name::Idle
        };
        self.known.insert(name.to_owned(), found.clone());
        found
    }

    /// Names near to one that is none.
    fn near(&self, name: &str) -> Vec<String> {
        let Some(own) = policy::own_name(name) else {
            return rules::near(name).into_iter().map(str::to_owned).collect();
        };
        let declared = self.settings.policies.iter().map(|policy| policy.name.as_str());
        nearest(own, declared).into_iter().map(|near| format!("{POLICY}{near}")).collect()
    }

    fn has_run(&self, name: &str) -> bool {
        let runs = |rule: &RuleMeta| {
            self.settings.enables(rule) && self.settings.ignores_in_file(rule, self.file).is_none()
        };
        if let Some(own) = policy::own_name(name) {
            let mut policies = self.settings.policies.iter();
            return policies.any(|policy| policy.name.eq_ignore_ascii_case(own));
        }
        let of_scripts = || {
            let code = shellcheck::code(name)?;
            let rule = shellcheck::meta(code)?;
            self.judges.scripts.map(|linter| linter.knows(code) && runs(rule))
        };
        self.judges.rules.iter().any(|rule| rule.meta.answers_to(name) && runs(&rule.meta))
            || of_scripts().unwrap_or(false)
    }
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

/// Whether one service lacks one setting twice: alone and with the files it is started with, where others may set it.
fn lack_the_same(a: &Finding, b: &Finding) -> bool {
    let lack = a.absent.is_some() && b.absent.is_some();
    lack && a.rule.name == b.rule.name && a.service == b.service && a.place == b.place
}

/// Puts everything into the order of the report, each thing once.
pub(crate) fn sort_and_dedup(report: &mut Report) {
    report.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    report.findings.dedup_by(|a, b| a.order() == b.order() || lack_the_same(a, b));
    report.accepted.sort_by(|a, b| a.finding.order().cmp(&b.finding.order()));
    report.accepted.dedup_by(|a, b| a.finding.order() == b.finding.order());
    report.evidence.sort_by(|a, b| a.order().cmp(&b.order()));
    report.evidence.dedup();
    report.pictures.sort_by(|a, b| a.files.cmp(&b.files));
    report.pod_security.sort_by(|a, b| a.order().cmp(&b.order()));
    // A base that several overlays leave as it is.
    report.pod_security.dedup();
    report.notes.sort();
    report.notes.dedup();
    report.unreadable.sort_by(|a, b| a.0.cmp(&b.0));
    report.unreadable.dedup();
    report.failures.sort();
    report.failures.dedup();
    // What stops a program stops it for a hundred scripts; the first place is enough.
    report.unjudged.sort();
    let mut said = HashSet::new();
    report.unjudged.retain(|unjudged| said.insert(unjudged.message.clone()));
}

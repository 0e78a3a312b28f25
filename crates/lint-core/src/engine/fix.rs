//! Fixes until nothing is left to fix, and looks at what each fix did before it stays.

use std::collections::{BTreeMap, HashMap};

use lint_parser::{compose, dockerfile, json, systemd, yaml};

use crate::engine::apply::{Edits, FixedFile};
use crate::engine::linter::Linter;
use crate::engine::overlay::Overlay;
use crate::engine::proof::{Side, is_same};
use crate::engine::source::{Source, SourceKind};
use crate::files::Files;
use crate::finding::finding::Finding;
use crate::finding::fingerprint::kind;
use crate::finding::fix::{Applicability, Fix};
use crate::finding::meta::RuleMeta;
use crate::finding::severity::Severity;
use crate::report::Report;

/// How often what was fixed is looked at again: a fix may wait for another, or follow from it.
const ROUNDS: usize = 10;

/// How many times everything is linted to find the fixes that do no good. One is enough where all do; a file made to
/// have thousands that do not must not be linted thousands of times.
const TRIALS: usize = 100;

/// What a finding is recognised by after its file has changed: where it stands does not count.
type Kind = [u8; 32];

/// What came of fixing.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fixed {
    /// What is found in the fixed texts.
    pub report: Report,
    /// The sources that changed, by name.
    pub files: Vec<FixedFile>,
    /// The fixes that were applied, in the order of files and rules within each round.
    pub applied: Vec<Applied>,
    /// Findings whose fix was left out because it did not do what it should.
    pub dropped: Vec<Finding>,
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied {
    /// The file of the finding.
    pub file: String,
    /// The rule.
    pub rule: &'static RuleMeta,
    /// What the fix did, in its own words.
    pub title: String,
    /// How far it was trusted.
    pub applicability: Applicability,
}

/// Lints, applies fixes and lints again, until there is nothing more to apply. Nothing is written.
///
/// Of the findings that are neither suppressed nor baselined, those that the settings of their file
/// ([`Settings::may_fix`](crate::settings::Settings::may_fix)) and `wanted` admit are fixed when their fix is trusted at
/// least as far as `at_least` and changes sources only: what a source refers to is not ours to change.
///
/// A fix stays when the finding is gone or weighs less, the texts it changed have no more syntax errors than before, and no rule finds
/// more in any file than before, silenced or not. Where only safe fixes are applied, what is built and run must besides be
/// what it was, as far as the model knows. Otherwise it is dropped, and the others stay. Fixes that touch the same
/// bytes are applied one after the other.
///
/// ```
/// use lint_core::fix::fix;
/// use lint_core::{Applicability, Linter, NoFiles, Source};
///
/// let sources = [Source::dockerfile("Dockerfile", "FROM debian:12\nUSER 1000\nMAINTAINER me\n")];
/// let fixed = fix(&Linter::default(), &sources, &NoFiles, Applicability::Safe, &|_| true);
/// for file in &fixed.files {
///     println!("{}: {} bytes become {}", file.name, file.before.len(), file.after.len());
/// }
/// for applied in &fixed.applied {
///     println!("{}: {} [{}]", applied.file, applied.title, applied.rule.name);
/// }
/// assert!(fixed.dropped.is_empty());
/// ```
#[must_use]
pub fn fix(
    linter: &Linter,
    sources: &[Source],
    files: &dyn Files,
    at_least: Applicability,
    wanted: &dyn Fn(&Finding) -> bool,
) -> Fixed {
    let report = linter.lint_with(sources, files);
    let by_name = sources.iter().map(|source| (source.name.as_str(), source)).collect();
    let mut bench = Bench { linter, sources, by_name, files, at_least, before: BTreeMap::new(), trials: 0 };
    let mut state = State { texts: BTreeMap::new(), report };
    let (mut applied, mut dropped) = (Vec::new(), HashMap::new());
    // How many had been applied when those that were left out last got another chance: what was in their way may be gone.
    let mut retried_at = 0;
    for _ in 0..ROUNDS {
        let is_candidate = |finding: &&Finding| {
            let settings = linter.settings_of(finding.file().name());
            is_fixable(finding, at_least)
                && settings.may_fix(finding.rule)
                && wanted(finding)
                && !dropped.contains_key(&kind(finding))
        };
        let candidates: Vec<Finding> = state.report.findings.iter().filter(is_candidate).cloned().collect();
        bench.load(&candidates);
        let batch = bench.compatible(&state, &candidates);
        if batch.is_empty() {
            if dropped.is_empty() || applied.len() == retried_at {
                break;
            }
            retried_at = applied.len();
            dropped.clear();
            continue;
        }
        let mut round = bench.settle(state, &batch);
        round.applied.sort_by(|a, b| a.order().cmp(&b.order()));
        state = round.state;
        applied.extend(round.applied.into_iter().filter_map(|finding| Applied::of(finding, at_least)));
        dropped.extend(round.dropped.into_iter().map(|f| (kind(f), f.clone())));
    }
    let mut dropped: Vec<Finding> = dropped.into_values().collect();
    dropped.sort_by(|a, b| {
        (a.file().name(), a.span(), a.rule.name).cmp(&(b.file().name(), b.span(), b.rule.name))
    });
    let files = state.texts.into_iter().filter_map(|(name, after)| {
        let before = bench.before.remove(&name)?;
        (before != after).then_some(FixedFile { name, before, after })
    });
    Fixed { files: files.collect(), report: state.report, applied, dropped }
}

/// Whether [`fix`] would try to fix a finding: it has a fix that is trusted far enough.
///
/// ```
/// use lint_core::fix::is_fixable;
/// use lint_core::{Applicability, Linter, Source};
///
/// let report = Linter::default().lint(&[Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
/// let fixable = report.findings().iter().filter(|finding| is_fixable(finding, Applicability::Unsafe)).count();
/// assert!(fixable <= report.findings().len());
/// ```
#[must_use]
pub fn is_fixable(finding: &Finding, at_least: Applicability) -> bool {
    finding.fix(at_least).is_some()
}

impl Applied {
    fn of(finding: &Finding, at_least: Applicability) -> Option<Self> {
        let fix = finding.fix(at_least)?;
        let file = finding.file().name().to_owned();
        Some(Self { file, rule: finding.rule, title: fix.title.clone(), applicability: fix.applicability })
    }
}

/// Texts, and what is found in them.
struct State {
    /// Those that differ from what they were.
    texts: BTreeMap<String, String>,
    report: Report,
}

/// What one round did.
struct Round<'f> {
    state: State,
    applied: Vec<&'f Finding>,
    dropped: Vec<&'f Finding>,
}

struct Bench<'a> {
    linter: &'a Linter,
    sources: &'a [Source],
    by_name: HashMap<&'a str, &'a Source>,
    files: &'a dyn Files,
    at_least: Applicability,
    /// The texts of sources that fixes would change, as they were.
    before: BTreeMap<String, String>,
    trials: usize,
}

impl Bench<'_> {
    /// Reads the sources that these findings' fixes would change.
    fn load(&mut self, findings: &[Finding]) {
        let edits =
            findings.iter().filter_map(|finding| finding.fix(self.at_least)).flat_map(|fix| &fix.edits);
        for name in edits.map(|edit| edit.file.name()) {
            if let Some(source) = self.by_name.get(name).filter(|_| !self.before.contains_key(name))
                && let Some(text) = source.text.clone().or_else(|| self.files.read(name).ok())
            {
                self.before.insert(name.to_owned(), text);
            }
        }
    }

    fn text<'s>(&'s self, state: &'s State, name: &str) -> Option<&'s str> {
        state.texts.get(name).or_else(|| self.before.get(name)).map(String::as_str)
    }

    /// The findings whose fixes can be applied at once: the first of those that touch the same bytes.
    fn compatible(&self, state: &State, candidates: &[Finding]) -> Vec<Finding> {
        let mut plan: BTreeMap<&str, Edits<'_>> = BTreeMap::new();
        // Texts are compared once for each file: findings share the file they are in.
        let mut same: HashMap<(&str, *const u8), bool> = HashMap::new();
        let mut compatible = Vec::new();
        for finding in candidates {
            let Some(fix) = finding.fix(self.at_least) else { continue };
            let fits = fix.edits.iter().all(|edit| {
                let (name, text) = (edit.file.name(), edit.file.text());
                *same
                    .entry((name, text.as_ptr()))
                    .or_insert_with(|| self.text(state, name).is_some_and(|current| current == text))
                    && text.get(edit.span.range()).is_some()
            });
            if fits && take(&mut plan, fix) {
                compatible.push(finding.clone());
            }
        }
        // Those that do harm are mostly of one rule, and of those that are trusted less: halves should part them from the others.
        compatible.sort_by_key(|finding| {
            let applicability = finding.fix(self.at_least).map(|fix| fix.applicability);
            (std::cmp::Reverse(applicability), finding.rule.name)
        });
        compatible
    }

    /// Applies what does good of a batch of compatible fixes. When all together do not, halves are tried, down to the
    /// single fix that does harm.
    fn settle<'f>(&mut self, state: State, batch: &'f [Finding]) -> Round<'f> {
        let (mut applied, mut dropped): (Vec<&Finding>, Vec<&Finding>) = (Vec::new(), Vec::new());
        let mut best: Option<State> = None;
        let mut open: Vec<&'f [Finding]> = vec![batch];
        while let Some(part) = open.pop() {
            if self.trials >= TRIALS {
                dropped.extend(part);
                continue;
            }
            let tried: Vec<&Finding> = applied.iter().copied().chain(part).collect();
            match self.attempt(&state, &tried) {
                Some(next) => (best, applied) = (Some(next), tried),
                None if part.len() <= 1 => dropped.extend(part),
                None => {
                    let (first, second) = part.split_at(part.len() / 2);
                    open.extend([second, first]);
                }
            }
        }
        Round { state: best.unwrap_or(state), applied, dropped }
    }

    /// The state after these fixes, when they do good.
    fn attempt<'f>(&mut self, state: &State, fixes: &[&'f Finding]) -> Option<State> {
        self.trials += 1;
        let mut plan: BTreeMap<&str, Edits<'_>> = BTreeMap::new();
        let take = |finding: &&'f Finding| finding.fix(self.at_least).is_some_and(|fix| take(&mut plan, fix));
        if !fixes.iter().all(take) {
            return None;
        }
        let mut texts = state.texts.clone();
        for (name, edits) in &plan {
            let (old, source) = (self.text(state, name)?, self.by_name.get(name)?);
            let new = edits.splice(old);
            if syntax_errors(source.kind, &new) > syntax_errors(source.kind, old) {
                return None;
            }
            texts.insert((*name).to_owned(), new);
        }
        let sources: Vec<Source> = self
            .sources
            .iter()
            .map(|source| Source {
                text: texts.get(&source.name).or(source.text.as_ref()).cloned(),
                ..source.clone()
            })
            .collect();
        let report = self.linter.lint_with(&sources, &Overlay { texts: &texts, below: self.files });
        let changed: Vec<&str> = plan.into_keys().collect();
        let is_good = does_good(&state.report, &report, fixes)
            && (self.at_least < Applicability::Safe || self.is_proven(state, &texts, &sources, &changed));
        is_good.then_some(State { texts, report })
    }
}

impl Bench<'_> {
    /// Whether the sources come to the same as before, as safe fixes promise.
    fn is_proven(
        &self,
        state: &State,
        texts: &BTreeMap<String, String>,
        sources: &[Source],
        changed: &[&str],
    ) -> bool {
        let given = |texts: &BTreeMap<String, String>| {
            let given =
                self.sources.iter().filter_map(|source| Some((source.name.clone(), source.text.clone()?)));
            let mut all: BTreeMap<String, String> = given.chain(self.before.clone()).collect();
            all.extend(texts.clone());
            all
        };
        let (old, new) = (given(&state.texts), given(texts));
        let side = |texts| Side { linter: self.linter, sources, texts, files: self.files };
        let changed: Vec<&Source> =
            changed.iter().filter_map(|name| self.by_name.get(name).copied()).collect();
        is_same(&side(&old), &side(&new), &changed)
    }
}

fn take<'f>(plan: &mut BTreeMap<&'f str, Edits<'f>>, fix: &'f Fix) -> bool {
    let mut by_file: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for edit in &fix.edits {
        by_file.entry(edit.file.name()).or_default().push(edit);
    }
    // All of its files must be free before any is taken: half a fix may be worse than none.
    let is_free = by_file.iter().all(|(name, edits)| {
        plan.get(name).is_none_or(|taken| edits.iter().all(|edit| taken.is_free(edit.span)))
    });
    is_free && by_file.into_iter().all(|(name, edits)| plan.entry(name).or_default().take(&edits))
}

fn syntax_errors(kind: SourceKind, text: &str) -> usize {
    match kind {
        SourceKind::Dockerfile => dockerfile::parse(text).errors.len(),
        SourceKind::Compose => compose::parse(text).errors.len(),
        SourceKind::DaemonJson => json::parse(text).errors.len(),
        SourceKind::SystemdUnit | SourceKind::Quadlet => systemd::parse(text).errors.len(),
        SourceKind::Kubernetes => yaml::parse(text).errors.len(),
        // No fix touches these.
        SourceKind::Commands | SourceKind::Pipeline | SourceKind::Bake | SourceKind::DevContainer => 0,
    }
}

/// Whether what was fixed is gone, or weighs less than before, and nothing came in its place.
fn does_good(before: &Report, after: &Report, fixed: &[&Finding]) -> bool {
    let (old, new) = (severities(before), severities(after));
    let mut expected: HashMap<(Kind, Severity), usize> = HashMap::new();
    for finding in fixed {
        *expected.entry((kind(finding), finding.severity)).or_default() += 1;
    }
    let at_least = |known: &HashMap<Kind, Vec<Severity>>, (kind, severity): &(Kind, Severity)| {
        known.get(kind).map_or(0, |all| all.iter().filter(|one| *one >= severity).count())
    };
    let is_gone = |(key, count): (&(Kind, Severity), &usize)| {
        at_least(&new, key) <= at_least(&old, key).saturating_sub(*count)
    };
    let known = by_rule(before);
    after.failures.len() <= before.failures.len()
        && expected.iter().all(is_gone)
        && by_rule(after).iter().all(|(rule, count)| known.get(rule).is_some_and(|known| count <= known))
}

/// How severe what is found of each kind is.
fn severities(report: &Report) -> HashMap<Kind, Vec<Severity>> {
    let mut known: HashMap<Kind, Vec<Severity>> = HashMap::new();
    for finding in &report.findings {
        known.entry(kind(finding)).or_default().push(finding.severity);
    }
    known
}

/// How much each rule finds in each file, silenced or not: a fix must not take from a comment or a baseline what it
/// recognises a finding by.
fn by_rule(report: &Report) -> HashMap<(&str, &'static str, bool), usize> {
    let told = report.findings.iter().map(|finding| (finding, true));
    let silenced = report.accepted.iter().map(|accepted| &accepted.finding).chain(&report.baselined);
    let all = told.chain(silenced.map(|finding| (finding, false)));
    let mut counts = HashMap::new();
    for (finding, is_told) in all {
        *counts.entry((finding.file().name(), finding.rule.name, is_told)).or_default() += 1;
    }
    counts
}

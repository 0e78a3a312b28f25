//! One named test for each fixture of each rule: `cargo test --test rules root-user`.
//!
//! The folder is the rule, the prefix is the expectation: `bad*` must be flagged by that rule, and is compared
//! with the snapshot beside it; `good*` must not be. A folder is a project of several files. Each case runs the
//! rule under test alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use lint_core::fix::apply;
use lint_core::{
    Applicability, FileError, Files, Finding, Fixable, InGit, Linter, Report, RuleMeta, Settings, Source,
    SourceKind, daemon, rules,
};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for rule in rules::catalogue() {
        let folder = fixtures().join(rule.name);
        let cases = cases(&folder);
        let has = |prefix: &str| cases.iter().any(|case| file_name(case).starts_with(prefix));
        let complete = has("bad") && has("good");
        trials.push(Trial::test(format!("{}/has-both", rule.name), move || {
            if complete { Ok(()) } else { Err(format!("{} needs a bad and a good", folder.display()).into()) }
        }));
        let bad: Vec<PathBuf> =
            cases.iter().filter(|case| file_name(case).starts_with("bad")).cloned().collect();
        trials.push(Trial::test(format!("{}/fixes", rule.name), move || fixes_as_declared(rule, &bad)));
        for case in cases {
            let name = format!("{}/{}", rule.name, file_name(&case));
            trials.push(Trial::test(name, move || check(rule, &case)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules")
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut cases: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    cases.retain(|path| path.extension().is_none_or(|extension| extension != "snap" && extension != "new"));
    cases.sort();
    cases
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The files of a case: the file itself, or everything below the folder, by path relative to it.
fn read(case: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![case.to_path_buf()];
    let root = if case.is_dir() { case } else { case.parent().unwrap_or(case) };
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    files
}

fn lint(rule: &RuleMeta, files: &BTreeMap<String, String>) -> Report {
    let mut settings = Settings::default();
    settings.select = vec![rule.name.to_owned()];
    settings.today = "2030-01-01".parse().ok();
    // The rule about registries needs a list.
    settings.trusted_registries =
        ["docker.io/library", "registry.example.com", "*.corp.example", "*.cloud.example/team"]
            .map(str::to_owned)
            .to_vec();
    // The rules about comments judge what the other rules found.
    if rule.name.ends_with("-ignore") {
        settings.select.push("all".to_owned());
    }
    let sources: Vec<_> =
        files.keys().filter_map(|name| Some(Source::path(name.clone(), kind(name)?))).collect();
    let mut report = Linter::new(settings).lint_with(&sources, &Case(files));
    report.findings.retain(|finding| finding.rule.name == rule.name);
    report
}

/// The files of a case. What Git has of them stands in its `git.txt`: a mode as in Git's index, or `ignored`, and a path.
struct Case<'c>(&'c BTreeMap<String, String>);

impl Files for Case<'_> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        self.0.read(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.exists(path)
    }

    fn in_git(&self, path: &str) -> Option<InGit> {
        let mut lines = self.0.get("git.txt")?.lines().filter_map(|line| line.split_once(' '));
        Some(match lines.find(|(_, known)| *known == path).map(|(mode, _)| mode) {
            Some("100644") => InGit::Tracked,
            Some("100755") => InGit::Executable,
            Some("ignored") => InGit::Ignored,
            _ => InGit::Untracked,
        })
    }

    fn scripts(&self) -> Vec<String> {
        self.0.scripts()
    }
}

fn kind(path: &str) -> Option<SourceKind> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    if name.ends_with("dockerfile") {
        Some(SourceKind::Dockerfile)
    } else if name.contains("compose") && name.ends_with(".yaml") {
        Some(SourceKind::Compose)
    } else if name.contains(".k8s.") || name.starts_with("kustomization.") {
        Some(SourceKind::Kubernetes)
    } else {
        daemon::file_kind(path).or_else(|| match () {
            () if name.ends_with("docker-bake.hcl") => Some(SourceKind::Bake),
            () if name.ends_with("devcontainer.json") => Some(SourceKind::DevContainer),
            () => None,
        })
    }
}

fn check(rule: &'static RuleMeta, case: &Path) -> Result<(), Failed> {
    let files = read(case);
    let report = lint(rule, &files);
    if !report.failures.is_empty() {
        return Err(format!("the linter panicked: {:?}", report.failures).into());
    }
    let name = file_name(case);
    if name.starts_with("good") {
        return match report.findings.as_slice() {
            [] => Ok(()),
            findings => Err(format!("must be silent, found:\n{}", dump(findings)).into()),
        };
    }
    if report.findings.is_empty() {
        return Err("must be flagged, found nothing".into());
    }
    for finding in &report.findings {
        promises_hold(rule, finding)?;
    }
    let mut text = dump(&report.findings);
    if report.findings.iter().any(|finding| !finding.fixes.is_empty()) {
        fix(rule, &files, &mut text)?;
    }
    let folder = case.parent().unwrap_or(case).to_path_buf();
    insta::with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
    Ok(())
}

fn promises_hold(rule: &RuleMeta, finding: &Finding) -> Result<(), Failed> {
    if matches!(rule.fixable, Fixable::Always(_)) && finding.fixes.is_empty() {
        return Err("declares Fixable::Always and does not fix".into());
    }
    for fix in &finding.fixes {
        if !rule.fixable.applicability().contains(&fix.applicability) {
            return Err(
                format!("declares {:?} and has a fix that is {:?}", rule.fixable, fix.applicability).into()
            );
        }
        if !fix.title.starts_with(char::is_uppercase) || fix.title.ends_with('.') {
            return Err(format!("a title is a command without a full stop: {:?}", fix.title).into());
        }
    }
    if finding.severity > rule.severity {
        return Err("a finding is worse than its rule".into());
    }
    if finding.message.ends_with('.') || finding.message.contains('\n') {
        return Err(format!("a message is one sentence without a full stop: {:?}", finding.message).into());
    }
    let places = finding.labels.iter().map(|label| &label.place).chain([&finding.place]);
    for place in places {
        if place.file.text().get(place.span.range()).is_none() {
            return Err(format!("span {:?} is not in {}", place.span, place.file.name()).into());
        }
    }
    Ok(())
}

/// A rule has fixes of the kinds it declares, and no others: each kind is seen in one of its cases at least.
fn fixes_as_declared(rule: &'static RuleMeta, bad: &[PathBuf]) -> Result<(), Failed> {
    let findings: Vec<Finding> = bad.iter().flat_map(|case| lint(rule, &read(case)).findings).collect();
    let seen = |kind: &Applicability| {
        findings.iter().flat_map(|finding| &finding.fixes).any(|fix| fix.applicability == *kind)
    };
    if let Some(unseen) = rule.fixable.applicability().iter().find(|kind| !seen(kind)) {
        return Err(format!("declares fixes that are {unseen:?}, and no case has one").into());
    }
    if let Fixable::Sometimes(_) = rule.fixable
        && findings.iter().all(|finding| !finding.fixes.is_empty())
    {
        return Err("declares Fixable::Sometimes, and no case is without a fix".into());
    }
    Ok(())
}

/// Applies fixes until nothing changes; the fixed text must no longer hold what was fixed.
fn fix(rule: &RuleMeta, files: &BTreeMap<String, String>, text: &mut String) -> Result<(), Failed> {
    let mut fixed = files.clone();
    for _ in 0..10 {
        let findings = lint(rule, &fixed).findings;
        let mut applied = 0;
        for (name, text) in &mut fixed {
            let (next, count) = apply(name, text, &findings, Applicability::Unsafe);
            *text = next;
            applied += count;
        }
        if applied == 0 {
            break;
        }
    }
    let left = lint(rule, &fixed).findings;
    if left.iter().any(|finding| finding.fix(Applicability::Unsafe).is_some()) {
        return Err(format!("fixes do not converge:\n{}", dump(&left)).into());
    }
    for (name, after) in &fixed {
        if files.get(name) != Some(after) {
            let _ = write!(text, "\n--- {name} after fixes\n{after}");
        }
    }
    Ok(())
}

/// Findings as a reviewer reads them: the source text beside each span, so that an off-by-one shows.
fn dump(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(
            text,
            "{} {} at {} ({:?})",
            finding.severity,
            finding.rule.name,
            finding.location(),
            finding.span(),
        );
        let _ = writeln!(text, "  source: {:?}", finding.file().slice(finding.span()));
        let _ = writeln!(text, "  message: {}", finding.message);
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "  help: {help}");
        }
        for (what, value) in [("service", &finding.service), ("stage", &finding.stage)] {
            if let Some(value) = value {
                let _ = writeln!(text, "  {what}: {value}");
            }
        }
        for label in &finding.labels {
            let at = label.place.file.line_column(label.place.span.start());
            let _ = writeln!(
                text,
                "  label: {}:{}:{} {:?}: {}",
                label.place.file.name(),
                at.line,
                at.column,
                label.place.file.slice(label.place.span),
                label.message,
            );
        }
        for fix in &finding.fixes {
            let _ = writeln!(text, "  fix ({:?}): {}", fix.applicability, fix.title);
        }
    }
    text
}

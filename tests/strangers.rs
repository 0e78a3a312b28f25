//! What strangers' files have taught, kind by kind: `cargo test --test strangers apt-keeps-archives`.
//!
//! Each file in `fixtures/strangers` is a kind of fault that linters have been found to overlook, or to see where there is
//! none. Its cases say why the verdict is what it is:
//!
//! ```text
//! ### name-of-the-case: why
//! fires: rule:4, rule path/file:4      a finding of the rule, there; `a|b` for either of two rules, `any` for any at all
//! silent: rule, rule:4                 none; `any` is all but what a container merely lacks
//! once: rule:4                         exactly one
//! is: services.web.user = "1000"       what `project` makes of a value; `absent` where there is none
//! refused:                             `project` refuses the files
//! profile: audit                       `strict` where nothing is said
//! ==== path/file
//! its text
//! ```
//!
//! A finding that a case is about has a line wherever it matters which one it is.

#[path = "cli/tree.rs"]
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use lint_core::kind::{NameSays, by_name, by_text, may_be, starts};
use lint_core::{Linter, RunProfile, Settings, Severity, Source};
use serde_json::Value;
use tree::Tree;

/// What a container lacks is reported of nearly all of them, and is nothing that a case is about.
const LACKS: [&str; 3] = ["missing-user", "new-privileges-allowed", "writable-root-filesystem"];

#[derive(Clone, Debug, Default)]
struct Case {
    name: String,
    /// What is expected, in words, as lines: `fires` and the rest.
    expected: Vec<(String, String)>,
    profile: Option<String>,
    files: Vec<(String, String)>,
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/strangers");
    let mut kinds: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    kinds.sort();
    let mut trials = Vec::new();
    for kind in kinds {
        let name = kind.file_stem().unwrap().to_string_lossy().into_owned();
        let cases = Arc::new(cases(&std::fs::read_to_string(&kind).unwrap()));
        trials.push(Trial::test(name, move || check(&cases)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.split_inclusive('\n') {
        let written = line.trim_end_matches('\n');
        if let Some(title) = written.strip_prefix("### ") {
            let (name, why) = title.split_once(": ").unwrap_or_else(|| panic!("`{title}` does not say why"));
            assert!(!why.is_empty() && cases.iter().all(|case| case.name != name), "{title}");
            cases.push(Case { name: name.to_owned(), ..Case::default() });
            continue;
        }
        // What stands before the first case says what the kind is.
        let Some(case) = cases.last_mut() else { continue };
        if let Some(path) = written.strip_prefix("==== ") {
            case.files.push((path.to_owned(), String::new()));
        } else if let Some((_, text)) = case.files.last_mut() {
            text.push_str(line);
        } else if let Some((verdict, words)) = written.split_once(':') {
            match verdict {
                "profile" => case.profile = Some(words.trim().to_owned()),
                "is" | "refused" => case.expected.push((verdict.to_owned(), words.trim().to_owned())),
                _ => {
                    let each = words.split(',').map(|one| (verdict.to_owned(), one.trim().to_owned()));
                    case.expected.extend(each);
                }
            }
        }
    }
    cases
}

fn check(cases: &[Case]) -> Result<(), Failed> {
    let wrong: Vec<String> = cases.iter().flat_map(wrong).collect();
    assert!(!cases.is_empty());
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// What is found somewhere.
struct Found {
    rule: &'static str,
    file: String,
    line: usize,
    is_style: bool,
}

/// What the files of a case are, as a search of their directory would tell.
fn sources(files: &BTreeMap<String, String>) -> Vec<Source> {
    let kind = |name: &String, text: &str| match by_name(Path::new(name)) {
        NameSays::Kind(kind) => Some(kind),
        NameSays::MayStart(kind) => starts(kind, text).then_some(kind),
        NameSays::Perhaps { .. } => by_text(text).filter(|kind| may_be(Path::new(name), *kind)),
        _ => None,
    };
    let source = |(name, text): (&String, &String)| Some(Source::path(name.clone(), kind(name, text)?));
    files.iter().filter_map(source).collect()
}

fn lint(case: &Case) -> Vec<Found> {
    let files: BTreeMap<String, String> = case.files.iter().cloned().collect();
    let mut settings = Settings::default();
    settings.profile = match case.profile.as_deref() {
        None | Some("strict") => RunProfile::Strict,
        Some("default") => RunProfile::Default,
        Some("audit") => RunProfile::Audit,
        Some(other) => panic!("{}: no profile is called {other}", case.name),
    };
    // Releases come to their end as time goes by.
    settings.today = "2026-11-30".parse().ok();
    let report = Linter::new(settings).lint_with(&sources(&files), &files);
    assert_eq!(report.failures, [], "{}", case.name);
    let found = report.findings().iter().map(|finding| {
        let before = finding.file().text().get(..finding.span().start()).unwrap_or_default();
        Found {
            rule: finding.rule().name,
            file: finding.file().name().to_owned(),
            line: before.matches('\n').count() + 1,
            is_style: finding.severity == Severity::Style,
        }
    });
    found.collect()
}

/// What is not as expected.
fn wrong(case: &Case) -> Vec<String> {
    assert!(!case.expected.is_empty() && !case.files.is_empty(), "{}: nothing is expected", case.name);
    if case.expected.iter().any(|(verdict, _)| verdict == "is" || verdict == "refused") {
        return wrong_as_project(case);
    }
    let found = lint(case);
    let judge = |(verdict, words): &(String, String)| {
        let is_right = match (verdict.as_str(), count(&found, words)) {
            ("fires", count) => count > 0,
            ("silent", count) => count == 0,
            ("once", count) => count == 1,
            _ => panic!("{}: what is `{verdict}`?", case.name),
        };
        let all = || found.iter().map(|one| format!("{} {}:{}", one.rule, one.file, one.line));
        (!is_right).then(|| {
            format!("{}: {verdict}: {words}\n    but: {}", case.name, all().collect::<Vec<_>>().join(", "))
        })
    };
    case.expected.iter().filter_map(judge).collect()
}

/// How many findings there are of `rule path/file:4`. `any` means what is worth more than style, and not merely lacking.
fn count(found: &[Found], words: &str) -> usize {
    let (before, line) = match words.rsplit_once(':') {
        Some((before, line)) => (before, Some(line.parse::<usize>().unwrap_or_else(|_| panic!("{words}")))),
        None => (words, None),
    };
    let (rule, file) = before.split_once(' ').map_or((before, None), |(rule, file)| (rule, Some(file)));
    for rule in rule.split('|').filter(|rule| *rule != "any") {
        assert!(!lint_core::rules::find(rule).is_empty(), "`{rule}` is no rule");
    }
    let is_meant = |one: &&Found| {
        let is_rule = match rule {
            "any" => !LACKS.contains(&one.rule) && !one.is_style,
            _ => rule.split('|').any(|rule| rule == one.rule),
        };
        is_rule && line.is_none_or(|line| one.line == line) && file.is_none_or(|file| one.file == file)
    };
    found.iter().filter(is_meant).count()
}

/// What `project` prints of a case, in a directory that is called after it.
fn wrong_as_project(case: &Case) -> Vec<String> {
    let top = Tree::new(&[]);
    for (path, text) in &case.files {
        top.write(&format!("{}/{path}", case.name), text.as_bytes());
    }
    let mut command = top.command(&["project", "--isolated", "--output-format=json", "."]);
    let run = command.current_dir(top.path().join(&case.name)).output().unwrap();
    let project: Value = serde_json::from_slice(&run.stdout).unwrap_or_default();
    let judge = |(verdict, words): &(String, String)| {
        let is_right = match verdict.as_str() {
            "refused" => !run.status.success(),
            "is" => run.status.success() && is(&project, words),
            _ => panic!("{}: `{verdict}` beside `is`", case.name),
        };
        let said = String::from_utf8_lossy(&run.stderr);
        (!is_right).then(|| format!("{}: {verdict}: {words}\n    but: {project} {said}", case.name))
    };
    case.expected.iter().filter_map(judge).collect()
}

/// Whether `services.web.user = "1000"`.
fn is(project: &Value, words: &str) -> bool {
    let (path, wanted) = words.split_once(" = ").unwrap_or_else(|| panic!("{words}"));
    let at = path.split('.').try_fold(project, |value, key| match value {
        Value::Array(values) => values.get(key.parse::<usize>().ok()?),
        value => value.get(key),
    });
    match wanted {
        "absent" => at.is_none(),
        _ => at == Some(&serde_json::from_str(wanted).unwrap_or_else(|error| panic!("{words}: {error}"))),
    }
}

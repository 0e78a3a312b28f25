//! Fixing converges, and each fix is looked at before it stays.

#[path = "rule_cases/texts.rs"]
mod texts;

use lint_core::fix::{Fixed, fix};
use lint_core::syntax::dockerfile;
use lint_core::{Applicability, Linter, NoFiles, RunProfile, Settings, Source, SourceKind};

use crate::texts::{Texts, cases, kind, read};

fn linter(select: &[&str]) -> Linter {
    let mut settings = Settings::default();
    settings.select = select.iter().map(|&name| name.to_owned()).collect();
    settings.profile = RunProfile::Audit;
    settings.today = "2030-01-01".parse().ok();
    Linter::new(settings)
}

fn fix_all(linter: &Linter, texts: &Texts) -> (Texts, Fixed) {
    fix_at(linter, texts, Applicability::Unsafe)
}

fn fix_at(linter: &Linter, texts: &Texts, at_least: Applicability) -> (Texts, Fixed) {
    let sources: Vec<Source> =
        texts.keys().filter_map(|name| Some(Source::path(name.clone(), kind(name)?))).collect();
    let fixed = fix(linter, &sources, texts, at_least, &|_| true);
    let mut after = texts.clone();
    after.extend(fixed.files.iter().map(|file| (file.name.clone(), file.after.clone())));
    (after, fixed)
}

#[test]
fn fixing_twice_is_fixing_once() {
    let (mut fixed_cases, linter) = (0, linter(&["all"]));
    for case in cases("bad") {
        let root = if case.is_dir() { case.clone() } else { case.parent().unwrap().to_path_buf() };
        let mut texts = Texts::new();
        read(&root, &case, &mut texts);
        let (once, fixed) = fix_all(&linter, &texts);
        let (twice, _) = fix_all(&linter, &once);
        assert_eq!(once, twice, "{}", case.display());
        for file in &fixed.files {
            if kind(&file.name) == Some(SourceKind::Dockerfile) {
                let errors = |text: &str| dockerfile::parse(text).errors.len();
                assert!(errors(&file.after) <= errors(&file.before), "{}", case.display());
            }
        }
        fixed_cases += usize::from(!fixed.applied.is_empty());
    }
    assert!(fixed_cases > 20, "only {fixed_cases} cases had anything to fix");
}

#[test]
fn the_fixes_of_a_rule_hold_in_its_own_cases() {
    let mut wrong = Vec::new();
    for case in cases("bad") {
        let root = if case.is_dir() { case.clone() } else { case.parent().unwrap().to_path_buf() };
        let rule = case.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let mut texts = Texts::new();
        read(&root, &case, &mut texts);
        let select: &[&str] = if rule.ends_with("-ignore") { &[&rule, "all"] } else { &[&rule] };
        // What is safe must besides be proven: what is built and run stays what it was.
        for at_least in [Applicability::Unsafe, Applicability::Safe] {
            let (_, fixed) = fix_at(&linter(select), &texts, at_least);
            let dropped: Vec<_> = fixed.dropped.iter().map(|f| f.location() + " " + f.rule.name).collect();
            wrong.extend(
                (!dropped.is_empty()).then(|| format!("{} {at_least:?}: {dropped:?}", case.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixes_of_the_same_bytes_come_one_after_the_other() {
    // Both rules rewrite the one word, and only what the first of them leaves is what the second may look at.
    let text = "FROM alpine:3.20\nRUN true\nadd a.txt /a.txt\n";
    let texts = Texts::from([("Dockerfile".to_owned(), text.to_owned())]);
    let (after, fixed) =
        fix_all(&linter(&["add-instead-of-copy", "inconsistent-instruction-casing"]), &texts);
    assert_eq!(after["Dockerfile"], "FROM alpine:3.20\nRUN true\nCOPY a.txt /a.txt\n");
    assert!(fixed.report.findings.is_empty() && fixed.dropped.is_empty(), "{:?}", fixed.report.findings);
}

#[test]
fn two_files_are_fixed_at_once() {
    let texts = Texts::from([
        ("Dockerfile".to_owned(), "FROM alpine:3.20 as base\n".to_owned()),
        ("compose.yaml".to_owned(), "version: \"3\"\nservices:\n  web:\n    image: a\n".to_owned()),
    ]);
    let (_, fixed) = fix_all(&linter(&["from-as-casing", "obsolete-version"]), &texts);
    let names: Vec<&str> = fixed.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["Dockerfile", "compose.yaml"]);
    assert!(fixed.report.findings.is_empty() && fixed.dropped.is_empty());
}

#[test]
fn a_fix_that_brings_another_finding_is_left_out_and_the_others_stay() {
    // With `version` gone nothing else stays in this file, which Compose refuses.
    let texts = Texts::from([
        ("compose.yaml".to_owned(), "version: \"3\"\n".to_owned()),
        ("Dockerfile".to_owned(), "FROM alpine:3.24 as base\n".to_owned()),
    ]);
    let (after, fixed) = fix_all(&linter(&["all"]), &texts);
    assert_eq!(after["Dockerfile"], "FROM alpine:3.24 AS base\n");
    assert_eq!(after["compose.yaml"], "version: \"3\"\n", "{:?}", fixed.applied);
}

#[test]
fn only_what_is_wanted_and_trusted_is_fixed() {
    let sources = [Source::dockerfile("Dockerfile", "FROM alpine:3.20 as Base\nADD a /a\n")];
    let linter = linter(&["from-as-casing", "stage-name-casing", "add-instead-of-copy"]);
    let fixed = fix(&linter, &sources, &NoFiles, Applicability::Safe, &|finding| {
        finding.rule.name != "stage-name-casing"
    });
    assert_eq!(fixed.files[0].after, "FROM alpine:3.20 AS Base\nADD a /a\n");
    let rules: Vec<&str> = fixed.report.findings.iter().map(|finding| finding.rule.name).collect();
    assert_eq!(rules, ["stage-name-casing", "add-instead-of-copy"]);
}

/// A Dockerfile as others write it: the same instructions in other clothes.
fn mutated(text: &str, number: usize) -> String {
    // What looks like a heredoc keeps its lines: a mark among them would be part of it.
    let is_plain = !text.contains("<<");
    match number % 6 {
        0 => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        1 => text.trim_end().to_owned(),
        2 if is_plain => text.replace("    ", "\t"),
        // A comment after each line that goes on.
        3 if is_plain => text.replace("\\\n", "\\\n    # goes on\n"),
        4 => format!("{}\n\n# the last word", text.trim_end()),
        _ => text.replace("\n\n", "\n\n\n"),
    }
}

/// The comments of a Dockerfile that are no one's to change: not ours, nor directives that nothing heeds.
fn comments(text: &str) -> Vec<String> {
    let tree = dockerfile::parse(text).tree;
    let texts = tree.comments.into_iter().map(|comment| comment.text.value.trim().to_owned());
    texts.filter(|text| !text.is_empty() && !text.contains("plimsoll") && !text.contains('=')).collect()
}

fn is_subsequence(part: &[String], whole: &[String]) -> bool {
    let mut whole = whole.iter();
    part.iter().all(|one| whole.any(|other| other == one))
}

#[test]
fn fixes_of_mutated_dockerfiles_keep_what_is_not_theirs() {
    let linter = linter(&["all"]);
    let mut changed = 0;
    let mut wrong = Vec::new();
    for (number, case) in cases("bad").into_iter().enumerate() {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if case.is_dir() || kind(&name) != Some(SourceKind::Dockerfile) {
            continue;
        }
        let before = mutated(&std::fs::read_to_string(&case).unwrap(), number);
        let texts = Texts::from([(name.clone(), before.clone())]);
        let (once, fixed) = fix_all(&linter, &texts);
        let after = &once[&name];
        let errors = |text: &str| dockerfile::parse(text).errors.len();
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{} ({}): {what}\n{before}\n=>\n{after}", case.display(), number % 6));
            }
        };
        check(errors(after) <= errors(&before), "more syntax errors");
        check(is_subsequence(&comments(&before), &comments(after)), "a comment is gone");
        check(before.ends_with('\n') == after.ends_with('\n') || after.is_empty(), "the last line end");
        let bare = |text: &str| text.replace("\r\n", "").contains('\n');
        check(!before.contains('\r') || bare(&before) || !bare(after), "the line ends");
        check(fix_all(&linter, &once).0 == once, "a second run changes it again");
        changed += usize::from(!fixed.applied.is_empty());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(changed > 150, "only {changed} were changed");
}

//! What a linter of shell scripts finds passes through everything that a rule's findings do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lint_core::shell::{Script, ScriptFinding, ScriptLinter};
use lint_core::{Linter, Report, RunProfile, Settings, Severity, Source};

/// Reports every `$x` as SC2086, and gives no answer where `FAIL` stands.
#[derive(Debug, Default)]
struct Stub {
    calls: AtomicUsize,
}

impl ScriptLinter for Stub {
    fn lint(&self, scripts: &[Script<'_>]) -> Vec<Result<Vec<ScriptFinding>, String>> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let found = |script: &Script<'_>| {
            assert!(script.text.is_char_boundary(script.begin));
            if script.text.contains("FAIL") {
                return Err("it failed".to_owned());
            }
            let all = script.text.match_indices("$x").map(|(at, found)| ScriptFinding {
                code: 2086,
                range: at..at + found.len(),
                severity: Severity::High,
                message: "Double quote  to prevent\nsplitting.".to_owned(),
            });
            Ok(all.collect())
        };
        // The last answer is missing where a script asks for that.
        let missing = usize::from(scripts.last().is_some_and(|script| script.text.contains("MISSING")));
        scripts.iter().take(scripts.len() - missing).map(found).collect()
    }

    fn longest(&self) -> usize {
        1000
    }

    fn knows(&self, code: u16) -> bool {
        code == 2086
    }
}

fn settings(select: &[&str]) -> Settings {
    let mut settings = Settings::default();
    settings.select = select.iter().map(|name| (*name).to_owned()).collect();
    settings
}

fn lint(settings: Settings, text: &str) -> Report {
    Linter::new(settings)
        .with_script_linter(Arc::new(Stub::default()))
        .lint(&[Source::dockerfile("Dockerfile", text)])
}

fn lines(report: &Report) -> Vec<String> {
    let line = |f: &lint_core::Finding| format!("{} {}", f.file().line(f.span().start()), f.rule().name);
    report.findings().iter().map(line).collect()
}

#[test]
fn findings_lie_in_the_file_and_are_named_as_shellcheck_names_them() {
    let text = "FROM debian AS b\nENV x='a b'\nRUN a \\\n  # c\n  é $x\nRUN <<-E\n\t\t$x\n\tE\n";
    let report = lint(settings(&["shellcheck"]), text);
    assert_eq!(lines(&report), ["5 shellcheck/SC2086", "7 shellcheck/SC2086"]);
    let first = &report.findings()[0];
    assert_eq!((first.span().slice(text), first.location().as_str()), ("$x", "Dockerfile:5:5"));
    // Never above the rule's own severity; one sentence.
    assert_eq!(first.severity, Severity::Low);
    assert_eq!(first.message, "Double quote to prevent splitting");
    assert_eq!(first.stage.as_deref(), Some("b"));
    assert_ne!(first.fingerprint(), "");
    assert_ne!(first.fingerprint(), report.findings()[1].fingerprint());
}

#[test]
fn they_are_found_when_selected_and_only_then() {
    let text = "FROM debian\nRUN a $x\n";
    let count =
        |settings| lint(settings, text).findings.iter().filter(|f| f.rule.name.starts_with("shell")).count();
    assert_eq!(count(Settings::default()), 0);
    let mut audit = Settings::default();
    audit.profile = RunProfile::Audit;
    assert_eq!(count(audit.clone()), 1);
    audit.ignore = vec!["SC2086".to_owned()];
    assert_eq!(count(audit), 0);
    let mut more = Settings::default();
    more.extend_select = vec!["SHELLCHECK".to_owned()];
    assert_eq!(count(more.clone()), 1);
    more.ignore = vec!["shellcheck".to_owned()];
    assert_eq!(count(more), 0);
    for (select, expected) in [
        ("SC2086", 1),
        ("shellcheck/sc2086", 1),
        ("all", 1),
        ("correctness", 1),
        ("SC2046", 0),
        ("security", 0),
    ] {
        assert_eq!(count(settings(&[select])), expected, "{select}");
    }
    let mut severe = settings(&["shellcheck"]);
    severe.severity.insert("shellcheck/SC2086".to_owned(), Severity::Critical);
    assert_eq!(lint(severe, text).findings[0].severity, Severity::Critical);
}

#[test]
fn nothing_is_asked_when_nothing_is_selected() {
    let stub = Arc::new(Stub::default());
    let sources = [Source::dockerfile("Dockerfile", "FROM debian\nRUN a $x\n")];
    let report = Linter::default().with_script_linter(stub.clone()).lint(&sources);
    assert_eq!(report.unjudged, []);
    assert_eq!(stub.calls.load(Ordering::Relaxed), 0);
}

#[test]
fn comments_of_three_tools_silence_them() {
    for comment in [
        "# plimsoll: ignore[shellcheck/SC2086] why",
        "# plimsoll: ignore[SC2086]",
        "# hadolint ignore=DL3006,SC2086",
        "# shellcheck disable=SC2086",
        "# shellcheck disable=SC2000-SC2100",
        "# shellcheck disable=all",
    ] {
        let select = || settings(&["shellcheck", "hygiene"]);
        for text in [
            format!("FROM debian\n{comment}\nRUN a $x\n"),
            format!("FROM debian\nRUN a \\\n{comment}\n $x\n"),
        ] {
            let report = lint(select(), &text);
            assert_eq!((lines(&report), report.accepted.len()), (Vec::new(), 1), "{text}");
        }
        let mut strict = select();
        strict.suppressions.allow_inline = false;
        assert_eq!(
            lint(strict, &format!("FROM debian\n{comment}\nRUN a $x\n")).findings.len(),
            1,
            "{comment}"
        );
    }
    for comment in ["# hadolint ignore=SC2046", "# shellcheck disable=SC2046", "# check=skip=SC2086"] {
        let report = lint(settings(&["shellcheck"]), &format!("FROM debian\n{comment}\nRUN a $x\n"));
        assert_eq!(lines(&report), ["3 shellcheck/SC2086"], "{comment}");
    }
}

#[test]
fn a_comment_is_unused_when_the_linter_looked_and_found_nothing() {
    let text = |name: &str| format!("FROM debian\n# plimsoll: ignore[{name}]\nRUN a\n");
    let judged = |name: &str, select: &[&str]| lines(&lint(settings(select), &text(name)));
    let all = &["shellcheck", "hygiene"];
    assert_eq!(judged("SC2086", all), ["2 unused-ignore"]);
    // Its linter does not look for this one; another build's may.
    assert_eq!(judged("SC2185", all), Vec::<String>::new());
    assert_eq!(judged("SC2086", &["hygiene"]), Vec::<String>::new());
    assert_eq!(judged("SC208", all), ["2 unknown-rule-in-ignore"]);
    // Without a linter the name is known all the same.
    let alone = Linter::new(settings(all)).lint(&[Source::dockerfile("Dockerfile", text("SC2086"))]);
    assert_eq!(lines(&alone), Vec::<String>::new());
}

#[test]
fn what_gives_no_answer_is_told_with_its_place_and_the_rest_is_linted() {
    let text = "FROM debian\nRUN FAIL\nRUN FAIL twice\nRUN a $x\nRUN MISSING";
    let report = lint(settings(&["shellcheck"]), text);
    assert_eq!(lines(&report), ["4 shellcheck/SC2086"]);
    let told: Vec<_> =
        report.unjudged.iter().map(|u| format!("{}:{}: {}", u.file, u.line, u.message)).collect();
    assert_eq!(told, ["Dockerfile:2: it failed", "Dockerfile:5: the linter of shell scripts gave no answer"]);
    let long = format!("FROM debian\nRUN a $x\nRUN {}\n", "a ".repeat(600));
    let report = lint(settings(&["shellcheck"]), &long);
    assert_eq!((lines(&report).len(), report.unjudged.len(), report.notes.len()), (1, 0, 1));
    assert_eq!(
        report.notes[0].message,
        "the script at line 3 is longer than 1000 bytes: not checked as a script"
    );
}

#[test]
fn a_dockerfile_in_a_compose_file_has_scripts_too() {
    let text = "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM debian\n        RUN a \\\n          $$x\n";
    let linter = Linter::new(settings(&["shellcheck"])).with_script_linter(Arc::new(Stub::default()));
    let report = linter.lint(&[Source::compose("compose.yaml", text)]);
    assert_eq!(report.findings()[0].location(), "compose.yaml:7:11");
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let runs: String = (0..50).map(|n| format!("RUN a{n} $x\n")).collect();
    let sources: Vec<Source> = (0..5)
        .map(|n| Source::dockerfile(format!("{n}.Dockerfile"), format!("FROM debian\n{runs}")))
        .collect();
    let found = |jobs: usize| {
        let mut settings = settings(&["shellcheck"]);
        settings.jobs = jobs;
        let stub = Arc::new(Stub::default());
        let findings = Linter::new(settings).with_script_linter(stub.clone()).lint(&sources).findings;
        assert!(stub.calls.load(Ordering::Relaxed) <= jobs, "few calls for many scripts");
        findings
    };
    assert_eq!(found(1), found(4));
    assert_eq!(found(1).len(), 250);
}

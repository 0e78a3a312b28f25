//! The look of findings, on findings made for it.

mod alike;

use lint_core::report::concise::is_unprintable;
use lint_core::rules::find;
use lint_core::syntax::text::source::SourceFile;
use lint_core::syntax::text::span::Span;
use lint_core::{Finding, Label, Linter, Place, Report, Severity, Source};
use proptest::prelude::*;

use crate::args::values::DocsChoice;
use crate::render::summary::Fixable;
use crate::render::{Look, full};
use crate::terminal::Terminal;

const UTF8: Terminal = Terminal { colour: false, links: false, unicode: true, width: Some(80) };

/// A finding about the `nth` occurrence of `what` in a file, at the severity of its rule.
fn finding(file: &SourceFile, what: &str) -> Finding {
    let text = "services:\n  web:\n    image: a\n    privileged: true\n";
    let report = Linter::default().lint(&[Source::compose("compose.yaml", text)]);
    let privileged = |finding: &&Finding| finding.rule.name == "privileged-service";
    let mut finding = report.findings.iter().find(privileged).expect("a privileged service is found").clone();
    finding.place = place(file, what);
    finding.message = "something is wrong here".to_owned();
    finding.help = Some("mend it".to_owned());
    finding.labels = Vec::new();
    finding.service = None;
    finding
}

fn place(file: &SourceFile, what: &str) -> Place {
    let at = file.text().find(what).expect("the text holds the place");
    Place::new(file, Span::new(at, at + what.len()))
}

fn label(file: &SourceFile, what: &str, message: &str) -> Label {
    Label::new(place(file, what), message)
}

fn show_in(terminal: Terminal, findings: Vec<Finding>) -> String {
    show_as(
        Look {
            terminal,
            accessible: false,
            docs: DocsChoice::Auto,
            summary: false,
            fixable: Fixable::default(),
            sort: None,
            group_by: None,
        },
        findings,
    )
}

fn show_as(look: Look, findings: Vec<Finding>) -> String {
    let mut report = Report::default();
    report.linted = vec!["Dockerfile".to_owned(), "compose.yaml".to_owned()];
    report.findings = findings;
    full(&report, look)
}

fn show(finding: Finding) -> String {
    show_in(UTF8, vec![finding])
}

fn dockerfile(text: &str) -> SourceFile {
    SourceFile::new("svc/Dockerfile", text)
}

#[test]
fn one_place() {
    let file = dockerfile("FROM alpine\nUSER root\nCMD true\n");
    insta::assert_snapshot!(show(finding(&file, "root")), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:2:6]
    1 │ FROM alpine
    2 │ USER root
      ·      ────
    3 │ CMD true
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
}

#[test]
fn in_ascii_and_on_one_line_when_it_is_no_terminal() {
    let file = dockerfile("FROM alpine\nUSER root\nCMD true\n");
    let mut finding = finding(&file, "root");
    finding.message = "a message of many words that a terminal would break ".repeat(4).trim_end().to_owned();
    insta::assert_snapshot!(show_in(Terminal::PLAIN, vec![finding]), @r"
     critical: a message of many words that a terminal would break a message of many words that a terminal would break a message of many words that a terminal would break a message of many words that a terminal would break [privileged-service]
      ,-[svc/Dockerfile:2:6]
    1 | FROM alpine
    2 | USER root
      :      ^^^^
    3 | CMD true
      `----
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service (elevation of privilege; CIS 5.5)
    ");
}

#[test]
fn several_places_near_and_far() {
    let file = dockerfile(&format!("FROM alpine AS base\nARG UID=0\n{}USER $UID\n", "RUN true\n".repeat(50)));
    let mut finding = finding(&file, "$UID");
    finding.labels =
        vec![label(&file, "0", "set to root here"), label(&file, "alpine", "which starts as root")];
    insta::assert_snapshot!(show(finding), @r"
     critical: something is wrong here [privileged-service]
       ╭─[svc/Dockerfile:53:6]
    52 │ RUN true
    53 │ USER $UID
       ·      ────
       ╰────
     note: set to root here
      ╭─[svc/Dockerfile:2:9]
    1 │ FROM alpine AS base
    2 │ ARG UID=0
      ·         ─
    3 │ RUN true
      ╰────
     note: which starts as root
      ╭─[svc/Dockerfile:1:6]
    1 │ FROM alpine AS base
      ·      ──────
    2 │ ARG UID=0
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
}

#[test]
fn several_places_close_together() {
    let file = dockerfile("FROM alpine\nARG UID=0\n\nUSER $UID:$UID\n");
    let mut finding = finding(&file, "$UID:$UID");
    finding.labels = vec![label(&file, "0", "set to root here"), label(&file, ":$UID", "the group too")];
    insta::assert_snapshot!(show(finding), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:4:6]
    1 │ FROM alpine
    2 │ ARG UID=0
      ·         ┬
      ·         ╰── set to root here
    3 │ 
    4 │ USER $UID:$UID
      ·      ────┬────┬
      ·          │    ╰── the group too
      ·          ╰── here
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
}

#[test]
fn a_place_in_another_file() {
    let file = dockerfile("FROM alpine\nUSER root\n");
    let compose = SourceFile::new("compose.yaml", "services:\n  web:\n    build: svc\n");
    let mut finding = finding(&file, "root");
    finding.labels = vec![label(&compose, "build: svc", "service `web` builds it")];
    insta::assert_snapshot!(show(finding), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:2:6]
    1 │ FROM alpine
    2 │ USER root
      ·      ────
      ╰────
     note: service `web` builds it
      ╭─[compose.yaml:3:5]
    2 │   web:
    3 │     build: svc
      ·     ──────────
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
}

#[test]
fn several_lines() {
    let file = dockerfile("FROM alpine\nRUN a && \\\n    b && \\\n    c\nCMD true\n");
    let mut finding = finding(&file, "RUN a && \\\n    b && \\\n    c\n");
    finding.labels = vec![label(&file, "b", "this one")];
    insta::assert_snapshot!(show(finding), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:2:1]
    1 │     FROM alpine
    2 │ ╭─▶ RUN a && \
    3 │ │       b && \
      · │       ┬
      · │       ╰── this one
    4 │ ╰─▶     c
    5 │     CMD true
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
}

#[test]
fn many_lines_are_cut_short() {
    let file = dockerfile(&format!("FROM alpine\nRUN a{}\nCMD true\n", " && \\\n  b".repeat(100)));
    let shown = show(finding(&file, &format!("RUN a{}", " && \\\n  b".repeat(100))));
    assert_eq!(shown.matches("  b").count(), 8, "{shown}");
}

#[test]
fn carriage_returns_tabs_and_wide_characters() {
    let file = dockerfile("FROM alpine\r\nRUN\techo 日本語\tsudo ls\r\nCMD true\r\n");
    insta::assert_snapshot!(show(finding(&file, "sudo")), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:2:14]
    1 │ FROM alpine
    2 │ RUN echo 日本語 sudo ls
      ·                 ────
    3 │ CMD true
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
}

#[test]
fn nothing_reaches_the_terminal_that_it_would_act_on() {
    let file = SourceFile::new("a\u{1b}b/Dockerfile", "RUN \u{1b}[31mred\u{202E}evil\u{0} \u{85} \rx # é\n");
    let mut finding = finding(&file, "evil");
    finding.message = "quotes \u{1b}[2J\n of it".to_owned();
    finding.help = Some("not \u{9b}2J".to_owned());
    finding.labels = vec![label(&file, "red", "la\u{202E}bel\n")];
    let shown = show(finding.clone());
    assert!(!shown.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202E}'), "{shown:?}");
    insta::assert_snapshot!(shown, @r"
     critical: quotes �[2J� of it [privileged-service]
      ╭─[a�b/Dockerfile:1:14]
    1 │ RUN ?[31mred�evil? ¿ ?x # é
      ·          ─┬─ ──┬─
      ·           │    ╰── here
      ·           ╰── la�bel�
      ╰────
     help: not �2J
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
    let spoken = show_as(
        Look {
            terminal: UTF8,
            accessible: true,
            docs: DocsChoice::Auto,
            summary: true,
            fixable: Fixable::default(),
            sort: None,
            group_by: None,
        },
        vec![finding],
    );
    assert!(!spoken.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202E}'), "{spoken:?}");
}

#[test]
fn a_line_of_a_megabyte_is_shown_around_its_place() {
    let file = dockerfile(&format!("FROM alpine\nRUN {}sudo {}\n", "a".repeat(500_000), "b".repeat(500_000)));
    insta::assert_snapshot!(show(finding(&file, "sudo")), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:2:500005]
    1 │ FROM alpine
    2 │ …aaaaaaaaaaaaaaaaasudo bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
      ·                   ────
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
    let wide = dockerfile(&format!("RUN {}sudo", "語".repeat(500_000)));
    insta::assert_snapshot!(show(finding(&wide, "sudo")), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:1:500005]
    1 │ …語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語語sudo
      ·                                                                  ────
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
    let all = dockerfile(&"x".repeat(1_000_000));
    assert!(show(finding(&all, &"x".repeat(1_000_000))).len() < 1_000);
}

#[test]
fn an_empty_place_at_the_end_of_a_file() {
    let file = dockerfile("FROM alpine\n");
    let mut at_end = finding(&file, "FROM");
    at_end.place = Place::new(&file, Span::at(file.text().len()));
    insta::assert_snapshot!(show(at_end.clone()), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:2:1]
    1 │ FROM alpine
    2 │ 
      · ▲
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
    let empty = dockerfile("");
    at_end.place = Place::new(&empty, Span::at(0));
    insta::assert_snapshot!(show(at_end.clone()), @r"
     critical: something is wrong here [privileged-service]
      ╭─[svc/Dockerfile:1:1]
    1 │ 
      · ▲
      ╰────
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
    // A place that does not exist is a fault of ours, and still no reason to fail.
    at_end.place = Place::new(&file, Span::new(50, 60));
    show(at_end);
}

#[test]
fn in_words() {
    let file = dockerfile("FROM alpine\nUSER root\n");
    let compose = SourceFile::new("compose.yaml", "services:\n  web:\n    build: svc\n");
    let mut finding = finding(&file, "root");
    finding.labels =
        vec![label(&file, "alpine", "starts as root"), label(&compose, "svc", "service `web` builds it")];
    let look = Look {
        terminal: Terminal::PLAIN,
        accessible: true,
        docs: DocsChoice::Auto,
        summary: true,
        fixable: Fixable::default(),
        sort: None,
        group_by: None,
    };
    insta::assert_snapshot!(show_as(look, vec![finding]), @r"
    critical: something is wrong here [privileged-service]
        Diagnostic severity: error
    Begin snippet for svc/Dockerfile starting at line 1, column 1

    snippet line 1: FROM alpine
        label at line 1, columns 6 to 11: starts as root
    snippet line 2: USER root
        label at line 2, columns 6 to 9
    note: service `web` builds it
        Diagnostic severity: advice
    Begin snippet for compose.yaml starting at line 2, column 1

    snippet line 2:   web:
    snippet line 3:     build: svc
        label at line 3, columns 12 to 14
    help: mend it
    docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service (elevation of privilege; CIS 5.5)

    Found 1 problem (1 critical) in 1 file; 2 files checked.
    ");
}

#[test]
fn colours_and_links() {
    let file = dockerfile("FROM alpine\nUSER root\n");
    let terminal = Terminal { colour: true, links: true, unicode: true, width: Some(80) };
    let shown = show_in(terminal, vec![finding(&file, "root")]);
    insta::assert_snapshot!(shown.replace('\u{1b}', "^["), @r"
     ^[[35;1mcritical:^[[0m something is wrong here [^[]8;;https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service^[\privileged-service^[]8;;^[\]
      ╭─[^[[1msvc/Dockerfile:2:6^[[0m]
    ^[[2m1^[[0m │ FROM alpine
    ^[[2m2^[[0m │ USER root
      · ^[[35;1m     ────^[[0m
      ╰────
     ^[[36;1mhelp:^[[0m mend it
     ^[[36;1mabout:^[[0m elevation of privilege; CIS 5.5
    ");
}

#[test]
fn a_page_is_named_once_for_each_rule_and_the_summary_counts() {
    let file = dockerfile("FROM alpine\nUSER root\n");
    let (first, mut second) = (finding(&file, "alpine"), finding(&file, "root"));
    second.rule = find("unused-ignore").remove(0);
    second.severity = Severity::Low;
    let look = Look {
        terminal: UTF8,
        accessible: false,
        docs: DocsChoice::Auto,
        summary: true,
        fixable: Fixable::default(),
        sort: None,
        group_by: None,
    };
    let shown = show_as(look, vec![first.clone(), first, second]);
    assert_eq!(shown.matches("rules.md#privileged-service").count(), 1, "{shown}");
    assert!(
        shown.ends_with("\n\nFound 3 problems (2 critical, 1 low) in 1 file; 2 files checked.\n"),
        "{shown}"
    );
    assert_eq!(show_as(look, Vec::new()), "No problems found; 2 files checked.\n");
}

proptest! {
    /// miette asserts what it believes of spans and lines; no text and no place may prove it wrong.
    #[test]
    fn any_place_in_any_text_can_be_shown(
        text in "[a\u{e9}\u{65e5}\t \r\n\u{0}\u{1b}\u{85}\u{202e}]{0,200}",
        places in prop::collection::vec((0usize..220, 0usize..220), 1..4),
        width in 0usize..60,
        accessible: bool,
        unicode: bool,
    ) {
        let file = dockerfile(&text);
        let other = SourceFile::new("compose.yaml", text.clone());
        let place = |file: &SourceFile, (start, end): (usize, usize)| {
            let boundary = |at: usize| (at..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(at);
            Place::new(file, Span::new(boundary(start), boundary(end)))
        };
        let mut finding = finding(&dockerfile("FROM a"), "a");
        finding.place = place(&file, places[0]);
        finding.labels = places[1..]
            .iter()
            .flat_map(|&at| [place(&file, at), place(&other, at)])
            .map(|place| Label::new(place, "label"))
            .collect();
        let terminal = Terminal { unicode, width: Some(width), ..UTF8 };
        let shown = show_as(Look { terminal, accessible, docs: DocsChoice::Auto, summary: false, fixable: Fixable::default(), sort: None, group_by: None }, vec![finding]);
        prop_assert!(!shown.chars().any(|c| is_unprintable(c) && c != '\n' && !(accessible && c == '\t')), "{shown:?}");
    }
}

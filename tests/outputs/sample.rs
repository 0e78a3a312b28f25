//! A report with everything in it that a format must cope with.

use lint_core::baseline::number;
use lint_core::syntax::text::source::SourceFile;
use lint_core::syntax::text::span::Span;
use lint_core::{
    Applicability, Edit, Failure, FileError, Finding, Fix, Label, Linter, Note, Place, Report, Settings,
    Severity, Source, rules,
};

/// What a file may say to be taken for something else by whoever reads the report.
pub(crate) const HOSTILE: &str =
    "`a|b` \"<b>&'\u{1b}[31m\0\u{202e}\r\n::error::%0A,]](https://evil.example) @all {0} ]]>";

const COMPOSE: &str =
    "services:\n  wéb:\n    image: a\n    privileged: true\n    command:\n      - x\n  db:\n    image: b\n";

/// Findings of every severity, with and without each of their parts, sorted as the engine sorts them.
pub(crate) fn report() -> Report {
    let compose = SourceFile::new("svc/compose é.yaml", COMPOSE);
    let dockerfile = SourceFile::new("Dockerfile", "FROM a\nRUN x \\\n    y\n\nUSER root\n");
    let at = |file: &SourceFile, text: &str| {
        let start = file.text().find(text).expect("it is there");
        Place::new(file, Span::new(start, start + text.len()))
    };

    let mut elsewhere = finding("privileged-service", Severity::Critical, at(&compose, "true"));
    elsewhere.message = "this container is privileged".to_owned();
    elsewhere.help = Some("remove `privileged`".to_owned());
    elsewhere.service = Some("wéb".to_owned());
    elsewhere.labels = vec![
        Label::new(at(&dockerfile, "USER root"), "its image runs as root"),
        Label::new(at(&compose, "wéb"), "the service"),
    ];

    let mut hostile = finding("privileged-service", Severity::High, at(&compose, "command:\n      - x\n"));
    hostile.message = format!("it says {HOSTILE}");
    hostile.help = Some(HOSTILE.to_owned());
    hostile.service = Some("w<é>b".to_owned());
    hostile.labels = vec![Label::new(at(&compose, "image: b"), HOSTILE)];

    let mut fixed = finding("unused-ignore", Severity::Low, at(&dockerfile, "x"));
    fixed.stage = Some("0".to_owned());
    fixed.fixes = vec![Fix::new(
        "Write z in both places",
        Applicability::Safe,
        vec![Edit::new(at(&dockerfile, "y"), "z"), Edit::new(at(&dockerfile, "x"), "z|\"<")],
    )];

    let mut shown = finding("unused-ignore", Severity::Style, at(&dockerfile, "\n\n"));
    shown.fixes = vec![Fix::new(
        "See what can be done",
        Applicability::Display,
        vec![Edit::new(Place::new(&compose, Span::at(0)), HOSTILE)],
    )];
    let empty = finding("syntax-error", Severity::Medium, Place::new(&compose, Span::at(COMPOSE.len())));

    let mut report = Report::default();
    report.findings = vec![fixed, shown, elsewhere, hostile, empty];
    number(&mut report.findings);
    report.linted = ["Dockerfile", "clean/compose.yaml", "latin/Dockerfile", "svc/compose é.yaml"]
        .map(str::to_owned)
        .to_vec();
    report.notes = vec![Note::new("clean/compose.yaml", ".env: not read")];
    report.unreadable = vec![("latin/Dockerfile".to_owned(), FileError::NotUtf8(7))];
    report.failures = vec![Failure::new("Dockerfile", "some-rule", HOSTILE)];
    report
}

/// A finding as the engine makes them, with other contents.
fn finding(rule: &str, severity: Severity, place: Place) -> Finding {
    let mut settings = Settings::default();
    settings.select = vec!["privileged-service".to_owned()];
    let source = Source::compose("c", "services:\n  web:\n    image: a\n    privileged: true\n");
    let mut finding = Linter::new(settings).lint(&[source]).findings.remove(0);
    finding.rule = rules::find(rule).first().copied().expect("there is such a rule");
    finding.severity = severity;
    finding.place = place;
    finding.message = "something is wrong here".to_owned();
    (finding.help, finding.service, finding.stage) = (None, None, None);
    finding.fixes.clear();
    finding.labels.clear();
    finding
}

//! Comments that are written for what is found silence it and change nothing else.

#[path = "rule_cases/texts.rs"]
mod texts;

use lint_core::project::{Project, ProjectFiles, canonical};
use lint_core::report::project::yaml;
use lint_core::suppressions::{Added, Reason, add};
use lint_core::{Linter, NoFiles, RunProfile, Settings, Source, SourceKind};

use crate::texts::{Texts, cases, kind, read};

fn linter() -> Linter {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Audit;
    settings.today = "2030-01-01".parse().ok();
    Linter::new(settings)
}

fn add_all(texts: &Texts, reason: &str) -> (Texts, Added) {
    let sources: Vec<Source> =
        texts.keys().filter_map(|name| Some(Source::path(name.clone(), kind(name)?))).collect();
    let added = add(&linter(), &sources, texts, &Reason::new(reason).unwrap(), &|_| true);
    let mut after = texts.clone();
    after.extend(added.files.iter().map(|file| (file.name.clone(), file.after.clone())));
    (after, added)
}

/// The effective project that a Compose file makes.
fn effective(name: &str, texts: &Texts) -> String {
    let project = Project::load(&ProjectFiles::new([name]), texts);
    yaml(&canonical(&project, "name"), &|_| None)
}

#[test]
fn comments_silence_what_is_found_and_change_no_project() {
    let (mut comments, mut silenced, mut left) = (0, 0, 0);
    for case in cases("") {
        let root = if case.is_dir() { case.clone() } else { case.parent().unwrap().to_path_buf() };
        let mut texts = Texts::new();
        read(&root, &case, &mut texts);
        let (after, added) = add_all(&texts, "accepted");
        let case = case.display();
        for file in &added.files {
            let lines = |text: &str| {
                let own = |line: &&str| !line.trim_start().starts_with("# plimsoll: ignore[");
                text.lines().filter(own).map(str::to_owned).collect::<Vec<_>>()
            };
            assert_eq!(lines(&file.after), lines(&file.before), "{case}: {}", file.name);
            if kind(&file.name) == Some(SourceKind::Compose) {
                assert_eq!(effective(&file.name, &after), effective(&file.name, &texts), "{case}");
            }
        }
        // Everything that is still found is accounted for.
        assert_eq!(added.report.findings.len(), added.left.len(), "{case}: {:?}", added.left);
        let (again, nothing) = add_all(&after, "accepted");
        assert_eq!((nothing.comments, again), (0, after), "{case}");
        comments += added.comments;
        silenced += added.silenced;
        // JSON has no comments; nearly everything else has a place for one.
        left += added.left.iter().filter(|left| !left.finding.file().name().ends_with(".json")).count();
    }
    assert!(
        comments > 2000 && left * 100 < silenced,
        "{comments} comments, {silenced} silenced, {left} left"
    );
}

#[test]
fn a_comment_that_would_silence_more_is_left_out_and_the_others_stay() {
    let text =
        "services:\n  web:\n    image: a\n    privileged: true\n    ports: [\"8080:80\", \"9090:90\"]\n";
    let sources = [Source::compose("compose.yaml", text)];
    let wanted = |finding: &lint_core::Finding| {
        let at = finding.file().slice(finding.span());
        finding.rule.name == "privileged-service"
            || (finding.rule.name == "port-on-all-interfaces" && at.contains("8080"))
    };
    let added = add(&linter(), &sources, &NoFiles, &Reason::new("").unwrap(), &wanted);
    let expected =
        text.replace("    privileged", "    # plimsoll: ignore[privileged-service]\n    privileged");
    assert_eq!(added.files[0].after, expected);
    assert_eq!((added.comments, added.silenced, added.left.len()), (1, 1, 1));
    assert_eq!(added.left[0].finding.rule.name, "port-on-all-interfaces");
}

#[test]
fn a_comment_between_runs_that_could_be_one_keeps_them_together() {
    let text = "FROM debian:12\nRUN true\nRUN <<EOF\ncurl http://a.example/b | sh\nEOF\n";
    let mut settings = Settings::default();
    settings.select =
        ["consecutive-runs", "download-piped-to-shell", "unused-ignore"].map(str::to_owned).to_vec();
    let sources = [Source::dockerfile("Dockerfile", text)];
    let added = add(&Linter::new(settings), &sources, &NoFiles, &Reason::new("").unwrap(), &|_| true);
    assert_eq!((added.comments, added.left.len(), added.report.findings.len()), (2, 0, 0));
}

#[test]
fn what_nobody_asked_for_is_still_found() {
    let text = "services:\n  web: {image: a, privileged: true, pid: host}\n";
    let sources = [Source::compose("compose.yaml", text)];
    let wanted = |finding: &lint_core::Finding| finding.rule.name == "privileged-service";
    let added = add(&linter(), &sources, &NoFiles, &Reason::new("").unwrap(), &wanted);
    assert_eq!(
        added.files[0].after,
        text.replace("  web", "  # plimsoll: ignore[privileged-service]\n  web")
    );
    assert!(added.report.findings.iter().any(|finding| finding.rule.name == "host-pid-namespace"));
    assert!(added.left.is_empty() && added.silenced == 1);
}

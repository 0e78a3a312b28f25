//! Comments that are written for what is found silence it and change nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lint_core::project::{Project, ProjectFiles, canonical};
use lint_core::report::project::yaml;
use lint_core::suppressions::{Added, Reason, add};
use lint_core::{Linter, NoFiles, RunProfile, Settings, Source, SourceKind, daemon};

type Texts = BTreeMap<String, String>;

fn linter() -> Linter {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Audit;
    settings.today = "2030-01-01".parse().ok();
    Linter::new(settings)
}

fn kind(path: &str) -> Option<SourceKind> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    if name.ends_with("dockerfile") {
        return Some(SourceKind::Dockerfile);
    }
    if name.contains("compose") && name.ends_with(".yaml") {
        return Some(SourceKind::Compose);
    }
    daemon::file_kind(path)
}

fn read(root: &Path, path: &Path, texts: &mut Texts) {
    if path.is_dir() {
        std::fs::read_dir(path).unwrap().flatten().for_each(|entry| read(root, &entry.path(), texts));
    } else if let Ok(text) = std::fs::read_to_string(path) {
        texts.insert(path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), text);
    }
}

/// Every case of every rule, good and bad.
fn cases() -> Vec<PathBuf> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let folders = std::fs::read_dir(rules).unwrap().flatten();
    let cases = folders.flat_map(|rule| std::fs::read_dir(rule.path()).into_iter().flatten().flatten());
    let mut cases: Vec<PathBuf> = cases.map(|case| case.path()).collect();
    cases.retain(|case| !case.to_string_lossy().contains(".snap"));
    cases.sort();
    cases
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
    for case in cases() {
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
        "services:\n  web:\n    image: a\n    privileged: true\n    ports: [\"5432:5432\", \"6379:6379\"]\n";
    let sources = [Source::compose("compose.yaml", text)];
    let wanted = |finding: &lint_core::Finding| {
        let at = finding.file().slice(finding.span());
        finding.rule.name == "privileged-service"
            || (finding.rule.name == "port-on-all-interfaces" && at.contains("5432"))
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

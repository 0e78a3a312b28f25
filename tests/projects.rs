//! Whole trees, all rules of the default profile: what a user would see.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lint_core::report::concise;
use lint_core::{Linter, Report, Settings, Source, SourceKind, daemon};

fn fixtures(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(kind);
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn read(root: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if path.extension().is_none_or(|extension| extension != "snap") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    files
}

fn lint(root: &Path) -> Report {
    let files = read(root);
    let kind = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.to_lowercase().ends_with("dockerfile") {
            Some(SourceKind::Dockerfile)
        } else if name.contains("compose") {
            Some(SourceKind::Compose)
        } else {
            daemon::file_kind(path)
        }
    };
    let sources: Vec<_> =
        files.keys().filter_map(|name| Some(Source::path(name.clone(), kind(name)?))).collect();
    let report = Linter::new(Settings::default()).lint_with(&sources, &files);
    assert_eq!(report.failures, []);
    report
}

#[test]
fn whole_projects() {
    for project in fixtures("projects") {
        let report = lint(&project);
        let mut text = concise::write(&report);
        for note in &report.notes {
            let _ = writeln!(text, "note: {}: {}", note.file, note.message);
        }
        insta::with_settings!({ snapshot_path => &project, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("findings", text);
        });
    }
}

/// The precision corpus: files their authors did well. A finding here is a false alarm.
#[test]
fn clean_projects_yield_nothing() {
    for project in fixtures("clean") {
        let found = concise::write(&lint(&project));
        assert!(found.is_empty(), "{}:\n{found}", project.display());
    }
}

//! The cases of the rules in `fixtures/rules`, as texts by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lint_core::{SourceKind, daemon};

/// Texts by path, relative to their case.
pub(crate) type Texts = BTreeMap<String, String>;

/// What a file of a case is.
pub(crate) fn kind(path: &str) -> Option<SourceKind> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    if name.ends_with("dockerfile") {
        return Some(SourceKind::Dockerfile);
    }
    if name.contains("compose") && name.ends_with(".yaml") {
        return Some(SourceKind::Compose);
    }
    if name.contains(".k8s.") || name.starts_with("kustomization.") {
        return Some(SourceKind::Kubernetes);
    }
    daemon::file_kind(path).or_else(|| name.ends_with("docker-bake.hcl").then_some(SourceKind::Bake))
}

/// Every file of a case, by path relative to it.
pub(crate) fn read(root: &Path, path: &Path, texts: &mut Texts) {
    if path.is_dir() {
        std::fs::read_dir(path).unwrap().flatten().for_each(|entry| read(root, &entry.path(), texts));
    } else if let Ok(text) = std::fs::read_to_string(path) {
        texts.insert(path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), text);
    }
}

/// The cases of all rules whose names begin so: `bad`, or the empty text for every one.
pub(crate) fn cases(prefix: &str) -> Vec<PathBuf> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let folders = std::fs::read_dir(rules).unwrap().flatten();
    let cases = folders.flat_map(|rule| std::fs::read_dir(rule.path()).into_iter().flatten().flatten());
    let mut cases: Vec<PathBuf> = cases.map(|case| case.path()).collect();
    cases.retain(|case| {
        let name = case.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(prefix) && !name.ends_with(".snap") && !name.ends_with(".snap.new")
    });
    cases.sort();
    cases
}

//! Containers that are written down as something else than a Compose file: what comes before the first header is the file that
//! the target is called after, and the rest lies beside it.

use std::collections::BTreeMap;

use lint_core::project::effective;
use lint_core::report::project as print;

use super::engine::{LENGTH, is_fixed_well, is_silenced_well, linter, sound};
use super::files::{sources, split_from};

/// `docker-bake.hcl`.
pub fn bake(text: &str) {
    holds_of("docker-bake.hcl", text);
}

/// A Quadlet unit, and its drop-ins.
pub fn quadlet(text: &str) {
    holds_of("web.container", text);
}

/// A manifest.
pub fn kubernetes(text: &str) {
    holds_of("deploy/web.yaml", text);
}

/// Command lines.
pub fn commands(text: &str) {
    holds_of("run.sh", text);
}

/// A workflow.
pub fn pipeline(text: &str) {
    holds_of(".github/workflows/ci.yml", text);
}

/// `devcontainer.json`.
pub fn devcontainer(text: &str) {
    holds_of(".devcontainer/devcontainer.json", text);
}

/// No rule panics, places lie in their files, what is printed as a project is one, and what is fixed or silenced is better for it.
fn holds_of(first: &str, text: &str) {
    if text.len() > LENGTH {
        return;
    }
    let files: BTreeMap<String, String> = split_from(first, text);
    let sources = sources(&files);
    sound(&linter().lint_with(&sources, &files));
    for source in &sources {
        let Some(tree) = effective(source, &files) else { continue };
        let _ = print::json(&tree);
        let text = print::yaml(&tree, &|_| None);
        let errors = lint_core::syntax::yaml::parse(&text).errors;
        assert_eq!(errors, [], "what is printed is no YAML:\n{text}");
    }
    is_fixed_well(&files);
    is_silenced_well(&files);
}

//! The configuration that is written.

use std::fmt::Write as _;

use lint_core::Release;

use crate::commands::init::BASELINE;
use crate::commands::init::found::Found;

/// A configuration with what matters in this repository; what nobody needs yet stands in a comment.
pub(super) fn configuration(found: &Found, takes_baseline: bool) -> String {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let mut text = format!(
        "# yaml-language-server: $schema={repository}/raw/main/docs/schema/config-v1.json
# {repository}/blob/main/docs/configuration.md explains every key.

# Keeps to the rules of this version when Plimsoll is upgraded, so that an upgrade fails no build.
# `plimsoll --rules-as-of latest` shows what the newest rules find.
rules-as-of: {}

# `strict` adds the usual hardening: read-only file systems, dropped capabilities, limits, digests.
# profile: strict

# Findings below this do not fail the run: critical, high, medium, low, style, never.
# fail-on: medium
",
        Release::CURRENT
    );
    if !found.fixtures.is_empty() {
        text.push_str("\n# Input of tests, which may well be wrong on purpose.\nexclude:\n");
        for directory in &found.fixtures {
            let _ = writeln!(text, "  - {}", quoted(&format!("{directory}/")));
        }
    }
    if !found.projects.is_empty() {
        text.push_str(
            "
# Compose files that are given to `docker compose -f … -f …` together, in order. These lie beside each other, and nothing
# that was found starts them together; uncomment what belongs together.
# projects:
",
        );
        for files in &found.projects {
            let files: Vec<String> = files.iter().map(|file| quoted(file)).collect();
            let _ = writeln!(text, "#   - [{}]", files.join(", "));
        }
    }
    if takes_baseline {
        let _ = write!(
            text,
            "\n# What was there when this file was written. Only what is new fails; mend the rest when you come by.\nbaseline: {BASELINE}\n"
        );
    }
    text
}

/// A path as YAML takes it for text.
fn quoted(path: &str) -> String {
    let is_plain = path.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/'))
        && path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        && path.contains(['/', '.']);
    if is_plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let found = Found {
            fixtures: vec![
                "tests/fixtures".to_owned(),
                "it's/testdata".to_owned(),
                "1.0/testdata".to_owned(),
            ],
            projects: vec![vec!["compose.yaml".to_owned(), "compose.prod.yaml".to_owned()]],
            ..Found::default()
        };
        let text = configuration(&found, true);
        let read = |text: &str| lint_core::config::read(text).unwrap().options;
        let options = read(&text);
        assert_eq!(options.rules_as_of, Some(Release::CURRENT.to_string()));
        assert_eq!(options.exclude.unwrap(), ["tests/fixtures/", "it's/testdata/", "1.0/testdata/"]);
        assert_eq!((options.baseline.as_deref(), options.projects), (Some(BASELINE), None));
        // And so is what stands in comments, once somebody wants it.
        let wanted = text
            .replace("# projects:", "projects:")
            .replace("#   - [", "  - [")
            .replace("# profile", "profile");
        let options = read(&wanted);
        assert_eq!(options.projects.map(|projects| projects.len()), Some(1));
    }
}

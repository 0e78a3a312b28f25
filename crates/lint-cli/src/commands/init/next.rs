//! What to do next, by what the repository uses.

use std::fmt::Write as _;

use crate::commands::init::found::{Found, Tool};
use lint_disk::config_files::NAMES;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// What was written, and the steps that follow.
pub(super) fn steps(found: &Found, takes_baseline: bool) -> String {
    let mut text = format!("Wrote {}.\n\n{}\n", NAMES[0], seen(found));
    let mut steps = Vec::new();
    let Found { findings, .. } = *found;
    match findings {
        _ if takes_baseline => {
            steps.push("Commit both files. `plimsoll` now fails on what is new alone.".to_owned())
        }
        0 => steps.push(
            "Nothing is wrong today: `plimsoll --profile strict` shows what could be harder still."
                .to_owned(),
        ),
        1..=19 => steps.push(
            "`plimsoll` shows what to mend, the worst first; `plimsoll --fix` mends what is safe.".to_owned(),
        ),
        _ => {
            steps.push("`plimsoll` shows where to begin; `plimsoll --fix` mends what is safe.".to_owned());
            steps.push(
                "To fail on what is new alone: `plimsoll --write-baseline .plimsoll-baseline.json` and the line `baseline: .plimsoll-baseline.json`."
                    .to_owned(),
            );
        }
    }
    for (tool, file) in &found.tools {
        if matches!(tool, Tool::Hadolint | Tool::Dclint | Tool::ComposeLint) {
            steps.push(format!("`plimsoll config migrate {file}` prints what that file says in our words."));
        }
    }
    for (tool, title, snippet) in snippets() {
        if found.has(tool) {
            steps.push(format!("{title}\n{}", indented(&snippet)));
        }
    }
    if found.has(Tool::OtherCi) || found.has(Tool::MegaLinter) {
        steps.push(format!("For the other systems you use: {REPOSITORY}/blob/main/docs/ci.md"));
    }
    text.push_str("Next:\n");
    for (number, step) in steps.iter().enumerate() {
        let _ = writeln!(text, "{:>3}. {step}", number + 1);
    }
    text
}

fn seen(found: &Found) -> String {
    let count = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {many}")),
    };
    let kinds = [
        count(found.dockerfiles, "Dockerfile", "Dockerfiles"),
        count(found.compose_files, "Compose file", "Compose files"),
        count(found.other_files, "file of the daemon", "files of the daemon"),
    ];
    let kinds: Vec<String> = kinds.into_iter().flatten().collect();
    if kinds.is_empty() {
        return "There are no Dockerfiles or Compose files here yet.".to_owned();
    }
    let mut text = format!("Found {}", kinds.join(", "));
    if !found.fixtures.is_empty() {
        let _ = write!(text, "; {} left when fixtures are excluded", found.kept);
    }
    match (found.findings, found.worst) {
        (0, _) | (_, None) => text.push_str(", and nothing wrong."),
        (1, Some(worst)) => {
            let _ = write!(text, ", and 1 problem ({worst}).");
        }
        (many, Some(worst)) => {
            let _ = write!(text, ", and {many} problems, the worst of them {worst}.");
        }
    }
    text
}

fn snippets() -> [(Tool, &'static str, String); 5] {
    [
        (
            Tool::PreCommit,
            "In .pre-commit-config.yaml, below `repos:`:",
            format!("- repo: {REPOSITORY}-pre-commit\n  rev: v{VERSION}\n  hooks:\n    - id: plimsoll"),
        ),
        (
            Tool::Lefthook,
            "In lefthook.yml:",
            "pre-commit:\n  jobs:\n    - name: plimsoll\n      glob: [\"**/*ockerfile*\", \"**/*compose*.{yml,yaml}\"]\n      run: plimsoll check --force-exclude -- {staged_files}"
                .to_owned(),
        ),
        (
            Tool::GitHub,
            "In .github/workflows/plimsoll.yml:",
            format!(
                "on: [pull_request]\npermissions:\n  contents: read\njobs:\n  plimsoll:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n        with:\n          persist-credentials: false\n      - uses: plimsoll-lint/plimsoll@v{VERSION}"
            ),
        ),
        (
            Tool::GitLab,
            "In .gitlab-ci.yml:",
            format!("include:\n  - remote: {REPOSITORY}/raw/v{VERSION}/packaging/gitlab/job.yml"),
        ),
        (Tool::Mise, "In mise.toml:", format!("[tools]\n\"github:plimsoll-lint/plimsoll\" = \"{VERSION}\"")),
    ]
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("       {line}")).collect::<Vec<_>>().join("\n")
}

//! Lints a Compose project whose files are in memory: `cargo run -p lint-core --example lint_project`.
//!
//! An editor would hand over its buffers, a service what was uploaded: whatever implements [`Files`].

use lint_core::{FileError, Files, Linter, RunProfile, Settings, Source};

/// The files of a project, by path.
struct Project(&'static [(&'static str, &'static str)]);

impl Project {
    fn find(&self, path: &str) -> Option<&'static str> {
        self.0.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
    }
}

impl Files for Project {
    fn read(&self, path: &str) -> Result<String, FileError> {
        self.find(path).map(str::to_owned).ok_or(FileError::NotFound)
    }

    fn exists(&self, path: &str) -> bool {
        self.find(path).is_some()
    }
}

const PROJECT: Project = Project(&[
    (
        "compose.yaml",
        "services:\n  web:\n    build: api\n    env_file: web.env\n    privileged: ${PRIVILEGED:-false}\n",
    ),
    (".env", "PRIVILEGED=true\n"),
    ("web.env", "LOG_LEVEL=info\n"),
    ("api/Dockerfile", "FROM python:3.12-slim\nCMD [\"python\", \"-m\", \"http.server\"]\n"),
]);

fn main() {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Strict;
    let sources: Vec<Source> =
        PROJECT.find("compose.yaml").map(|text| Source::compose("compose.yaml", text)).into_iter().collect();
    let report = Linter::new(settings).lint_with(&sources, &PROJECT);
    for finding in report.worst_first() {
        let service = finding.service.as_deref().unwrap_or("-");
        println!("{service}: {}: {} [{}]", finding.location(), finding.message(), finding.rule().name);
    }
    for note in &report.notes {
        println!("{}: {}", note.file, note.message);
    }
}

//! What Compose refuses in a project, by itself.

use crate::engine::dispatch::Checks;
use crate::engine::pipeline::sort_and_dedup;
use crate::engine::project_unit::project_fault;
use crate::model::project::Project;
use crate::report::{Note, Report};
use crate::rule::context::{Context, Subject};
use crate::rules;
use crate::settings::Settings;

/// The findings that a lint of the project would begin with: what the parsers and Compose refuse, in the words of the
/// rules that report it. No comment silences them here, because none makes Compose accept the project.
///
/// ```
/// use lint_core::NoFiles;
/// use lint_core::project::{Project, ProjectFiles, refusals};
/// use std::collections::BTreeMap;
///
/// let files = BTreeMap::from([("compose.yaml".to_owned(), "services:\n  web:\n    image: 5\n".to_owned())]);
/// let project = Project::load(&ProjectFiles::new(["compose.yaml"]), &files);
/// assert_eq!(refusals(&project).findings().len(), 1);
/// ```
#[must_use]
pub fn refusals(project: &Project) -> Report {
    let mut report =
        Report { linted: project.inputs().into_iter().map(str::to_owned).collect(), ..Report::default() };
    let (settings, subject, checks) = (Settings::default(), Subject::default(), Checks::of(rules::all()));
    for fault in &project.faults {
        let fault = project_fault(project, fault);
        for of in &checks.fault {
            (of.check)(&fault, &mut Context::new(of.rule, &settings, &subject, &mut report.findings));
        }
    }
    for note in &project.notes {
        let file = note.origin.map(|origin| project.place(origin).file.name().to_owned());
        let file = file.or_else(|| project.files.first().cloned()).unwrap_or_default();
        report.notes.push(Note { file, message: format!("{}: {}", note.file, note.message) });
    }
    sort_and_dedup(&mut report);
    report
}

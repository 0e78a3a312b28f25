//! `plimsoll project`.

use std::path::Path;

use lint_core::Files as _;
use lint_core::path::{directory, file_name, normalise};
use lint_core::project::{Project, ProjectFiles, canonical, default_file, group, normalised_name, refusals};
use lint_core::report::project::{json, yaml};
use lint_core::syntax::compose::value::Origin;

use crate::args::{ProjectArgs, ProjectFormat};
use crate::commands::Exit;
use crate::commands::check::tell_report;
use crate::discover;
use crate::disk::Disk;
use crate::messages::{Messages, Volume};
use crate::output;
use crate::render::summary::Fixable;
use crate::render::{self, Look};
use crate::terminal::{self, Terminal};

/// Prints the effective project, or what Compose refuses in it.
///
/// # Errors
/// When there is no project, or one of its own files cannot be read.
pub(crate) fn run(args: &ProjectArgs) -> Result<Exit, String> {
    if args.provenance && args.output_format == ProjectFormat::Json {
        return Err("--provenance needs YAML: JSON has no comments".to_owned());
    }
    let disk = Disk::default();
    let files = files(args, &disk)?;
    for name in &files.files {
        // What cannot be read is said before anything is judged by its absence.
        disk.read(name).map_err(|error| discover::unreadable(Path::new(name), name, &error))?;
    }
    let project = Project::load(&files, &disk);
    let report = refusals(&project);
    let messages = Messages { colour: terminal::stderr_uses_colour(args.color), volume: Volume::Normal };
    tell_report(messages, &report);
    if !report.findings.is_empty() {
        let accessible = args.accessible || terminal::no_graphics();
        let look = Look {
            terminal: Terminal::stdout(args.color),
            accessible,
            summary: true,
            fixable: Fixable::default(),
        };
        output::print(&render::full(&report, look))?;
        return Ok(Exit::Findings);
    }
    let tree = canonical(&project, &own_name(&project));
    let remark = |origin: Origin| if args.provenance { elsewhere(&project, origin) } else { None };
    output::print(&match args.output_format {
        ProjectFormat::Yaml => yaml(&tree, &remark),
        ProjectFormat::Json => json(&tree),
    })?;
    Ok(Exit::Clean)
}

/// The files of the project: those named, or those that `check` would take together.
fn files(args: &ProjectArgs, disk: &Disk) -> Result<ProjectFiles, String> {
    if !args.file.is_empty() {
        return Ok(ProjectFiles::new(args.file.iter().map(|path| discover::name(path))));
    }
    let name = discover::name(&args.path);
    let file = if args.path.is_dir() {
        default_file(&name, disk).ok_or_else(|| format!("no Compose file found in {name}"))?
    } else {
        name
    };
    Ok(group(&[file], disk).into_iter().next().unwrap_or_default())
}

/// Where a value is written, if that is not the first file.
fn elsewhere(project: &Project, origin: Origin) -> Option<String> {
    let place = project.place(origin);
    let is_first = project.files().first().is_some_and(|first| first == place.file.name());
    (!is_first).then(|| format!("{}:{}", place.file.name(), place.file.line(place.span.start())))
}

/// The name Compose gives a project that has none: that of its directory.
fn own_name(project: &Project) -> String {
    let directory = directory(project.files().first().map_or("", String::as_str));
    let here = std::env::current_dir().unwrap_or_default();
    let directory = normalise(&here.join(directory).to_string_lossy().replace('\\', "/"));
    normalised_name(file_name(&directory))
}

//! `plimsoll project`.

use std::path::{Path, PathBuf};

use lint_core::config::Options;
use lint_core::kind::{NameSays, by_name};
use lint_core::path::{directory, file_name, join, normalise};
use lint_core::project::{
    Project, ProjectFiles, canonical, declared, default_project, effective, group, normalised_name, refusals,
};
use lint_core::report::project::{json, yaml};
use lint_core::syntax::compose::value::Origin;
use lint_core::{FileError, Files, Source, SourceKind};

use crate::args::ProjectArgs;
use crate::args::values::{DocsChoice, ProjectFormat};
use crate::commands::Exit;
use crate::commands::told::{misconfigured, tell_report};
use crate::discover;
use crate::messages::{Messages, Volume};
use crate::output;
use crate::render::summary::Fixable;
use crate::render::{self, Look};
use crate::terminal::{self, Terminal};
use crate::{configure, stdin};
use lint_disk::config_files::ConfigFiles;
use lint_disk::disk::Disk;
use lint_disk::git_state::GitState;
use lint_disk::roots::Roots;

/// What standard input is called among files.
const STDIN: &str = "-";

/// The disk, and the text that came on standard input in the place of `-`.
struct WithStdin<'a> {
    disk: &'a Disk,
    text: Option<String>,
}

impl Files for WithStdin<'_> {
    fn read(&self, path: &str) -> Result<String, FileError> {
        match &self.text {
            Some(text) if path == STDIN => Ok(text.clone()),
            _ => self.disk.read(path),
        }
    }

    fn exists(&self, path: &str) -> bool {
        (path == STDIN && self.text.is_some()) || self.disk.exists(path)
    }

    fn list(&self, directory: &str) -> Vec<String> {
        self.disk.list(directory)
    }
}

/// Prints the effective project, or what Compose refuses in it.
///
/// # Errors
/// When there is no project, or one of its own files cannot be read.
pub(crate) fn run(args: &ProjectArgs) -> Result<Exit, String> {
    if args.provenance && args.output_format == ProjectFormat::Json {
        return Err("--provenance needs YAML: JSON has no comments".to_owned());
    }
    let messages = Messages { colour: terminal::stderr_uses_colour(args.color), volume: Volume::Normal };
    let configs = match ConfigFiles::new(args.config.as_deref(), args.isolated) {
        Ok(configs) => configs,
        Err(errors) => return Ok(misconfigured(messages, &errors)),
    };
    let named = args.file.iter().chain([&args.path]).chain(&args.env_file).map(PathBuf::as_path);
    let disk = Disk {
        here: PathBuf::new(),
        only: None,
        roots: Roots::of(named),
        scripts: Vec::new(),
        git: GitState::silent(),
    };
    if let Some(printed) = other_input(args, &disk) {
        output::print(&printed)?;
        return Ok(Exit::Clean);
    }
    let files = files(args, &configs, &disk);
    if !configs.errors().is_empty() {
        return Ok(misconfigured(messages, &configs.errors()));
    }
    let mut files = files?;
    files.env_files = configure::env_files(&args.env_file)?;
    let mut stdin_text = None;
    for name in &files.files {
        // What cannot be read is said before anything is judged by its absence.
        if name == STDIN && stdin_text.is_some() {
            return Err("standard input can be one file of a project, not several".to_owned());
        } else if name == STDIN {
            stdin_text = stdin::source(None, Some(SourceKind::Compose))?.text;
        } else {
            disk.read(name).map_err(|error| discover::unreadable(Path::new(name), name, &error))?;
        }
    }
    files.directory_name = directory_name(&files);
    let project = Project::load_settled(&files, &WithStdin { disk: &disk, text: stdin_text });
    let report = refusals(&project);
    tell_report(messages, &report);
    if !report.findings.is_empty() {
        let accessible = args.accessible || terminal::no_graphics();
        let look = Look {
            terminal: Terminal::stdout(args.color),
            accessible,
            docs: DocsChoice::Auto,
            summary: true,
            fixable: Fixable::default(),
            sort: None,
            group_by: None,
        };
        output::print(&render::full(&report, look))?;
        return Ok(Exit::Findings);
    }
    let tree = canonical(&project, &normalised_name(files.directory_name.as_deref().unwrap_or_default()));
    let remark = |origin: Origin| if args.provenance { elsewhere(&project, origin) } else { None };
    output::print(&match args.output_format {
        ProjectFormat::Yaml => yaml(&tree, &remark),
        ProjectFormat::Json => json(&tree),
    })?;
    Ok(Exit::Clean)
}

/// The containers of a file that is no Compose file, where that is what is asked for.
fn other_input(args: &ProjectArgs, disk: &Disk) -> Option<String> {
    let path = match args.file.as_slice() {
        [] => &args.path,
        [one] => one,
        _ => return None,
    };
    if !path.is_file() {
        return None;
    }
    let kind = match by_name(path) {
        NameSays::Kind(kind) | NameSays::MayStart(kind) => kind,
        _ => return None,
    };
    let tree = effective(&Source::path(discover::name(path), kind), disk)?;
    Some(match args.output_format {
        ProjectFormat::Yaml => yaml(&tree, &|_| None),
        ProjectFormat::Json => json(&tree),
    })
}

/// The files of the project: those named, or those that `check` would take together.
fn files(args: &ProjectArgs, configs: &ConfigFiles, disk: &Disk) -> Result<ProjectFiles, String> {
    if !args.file.is_empty() {
        return Ok(ProjectFiles::new(args.file.iter().map(|path| discover::name(path))));
    }
    let name = discover::name(&args.path);
    if name == STDIN {
        return Ok(ProjectFiles::new([STDIN]));
    }
    let is_dir = args.path.is_dir();
    let config = if is_dir { configs.of_directory(&args.path) } else { configs.of_file(&args.path) };
    let settings = configure::settings(config.as_deref(), &Options::default(), &configure::here())?;
    let by_compose = if is_dir { default_project(&name, disk) } else { None };
    let found = match &by_compose {
        Some(project) => project.files.first().cloned(),
        None => Some(name.clone()).filter(|_| !is_dir),
    };
    let candidates: Vec<String> = match &found {
        Some(file) => vec![file.clone()],
        // Without a file that Compose looks for, those of the configuration that lie here.
        None => {
            let here = join(&settings.working_directory, &name);
            let files = settings
                .projects
                .iter()
                .flat_map(|project| &project.files)
                .filter(|file| directory(file) == here);
            files.map(|file| discover::name(Path::new(file))).collect()
        }
    };
    let mut declared = declared(&candidates, &settings);
    match (declared.len(), found) {
        (0, Some(file)) => match by_compose {
            Some(project) => Ok(project),
            None => Ok(group(&[file], disk).into_iter().next().unwrap_or_default()),
        },
        (0, None) => Err(format!("no Compose file found in {name}")),
        (1, _) => Ok(declared.remove(0)),
        (number, found) => {
            let files = |project: &ProjectFiles| {
                project.files.iter().map(|file| format!("-f {file}")).collect::<Vec<_>>().join(" ")
            };
            Err(format!(
                "{} is part of {number} projects of the configuration; choose one: {}",
                found.unwrap_or(name),
                declared.iter().map(files).collect::<Vec<_>>().join(", or ")
            ))
        }
    }
}

/// Where a value is written, if that is not the first file.
fn elsewhere(project: &Project, origin: Origin) -> Option<String> {
    let place = project.place(origin);
    let is_first = project.files().first().is_some_and(|first| first == place.file.name());
    (!is_first).then(|| format!("{}:{}", place.file.name(), place.file.line(place.span.start())))
}

/// The name of the project's directory.
fn directory_name(files: &ProjectFiles) -> Option<String> {
    let directory = directory(files.files.first().map_or("", String::as_str));
    let here = std::env::current_dir().unwrap_or_default();
    let directory = normalise(&here.join(directory).to_string_lossy().replace('\\', "/"));
    Some(file_name(&directory).to_owned())
}

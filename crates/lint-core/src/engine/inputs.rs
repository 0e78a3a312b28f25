//! Containers that are written down as something else than a Compose file, judged as services are.

mod mend;

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lint_parser::compose::long::{Long, Node, NodeKind};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml;

use crate::engine::dispatch::Checks;
use crate::engine::ignores::Ignores;
use crate::engine::outcome::Outcome;
use crate::engine::settings_by_file::SettingsByFile;
use crate::engine::source::Source;
use crate::engine::unit::{Bench, Run};
use crate::files::Files;
use crate::finding::finding::Finding;
use crate::finding::severity::Severity;
use crate::kinds::SourceKind;
use crate::model::build::local_images::LocalImages;
use crate::model::inputs::{self, Syntax};
use crate::model::project::canonical::canonical;
use crate::model::project::input::Input;
use crate::model::project::service::Service;
use crate::model::project::{BuiltHere, Lowered, Project};
use crate::rule::check::Fault;
use crate::settings::Settings;

/// How many containers of one file are judged; nobody writes as many by hand.
const MOST_CONTAINERS: usize = 2_000;

impl Run<'_> {
    /// The sources that hold containers and are no Compose files.
    pub(crate) fn inputs(&self) -> Vec<&Source> {
        self.sources.iter().filter(|source| is_input(source.kind)).collect()
    }

    /// Judges the containers of one file; `built` are the full names of the images that services build.
    pub(crate) fn lint_input(&self, source: &Source, built: &HashSet<String>) -> Outcome {
        let mut outcome =
            Outcome { unit: source.name.clone(), files: vec![source.name.clone()], ..Outcome::default() };
        let Some(syntax) = syntax_of(source.kind) else { return outcome };
        let file = match self.read(&source.name) {
            Ok(file) => file,
            Err(error) => {
                outcome.unreadable.push((source.name.clone(), error));
                return outcome;
            }
        };
        let mut bench = Bench::new(self, outcome, &source.name);
        let is_given = source.text.is_some();
        let units = || self.units();
        let window = inputs::Window { files: self.files, calls: &|| self.calls(), units: &units, is_given };
        let read = bench.guarded("reading the containers", || inputs::read(syntax, &file, &window));
        let Some(read) = read else { return bench.outcome };
        let mut ignores = Ignores::of_input(&file, &read);
        if source.kind == SourceKind::Pipeline {
            // A comment in a script is none of YAML's.
            ignores.add_of_yaml(&file, &yaml::parse(file.text()).tree);
        }
        bench.outcome.heed(&file, ignores);
        if !read.errors.is_empty() {
            bench.outcome.refused.insert(source.name.clone());
        }
        bench.faults(read.errors.iter().map(|error| Fault::of_syntax(&file, error, None)));
        let images = OnceCell::new();
        let built_here = || Arc::clone(images.get_or_init(|| self.local_images_and(built)));
        let files = self.files_of(&file, &read);
        let mut known = HashSet::new();
        for lowered in read.containers.iter().take(MOST_CONTAINERS) {
            if self.is_stopped() {
                return bench.outcome;
            }
            let project =
                bench.guarded("reading the containers", || self.lowered(&files, lowered, &built_here));
            if let Some(project) = project {
                bench.lowered(&project, &mut known);
            }
        }
        bench.outcome.other_files = usize::from(bench.outcome.services > 0);
        bench.done()
    }

    /// The units of Podman's and their drop-ins.
    fn units(&self) -> Vec<String> {
        let units = self.sources.iter().filter(|source| source.kind == SourceKind::Quadlet);
        units.map(|source| source.name.clone()).collect()
    }

    /// The files that the values of what was read stand in, by number.
    fn files_of(&self, file: &SourceFile, read: &inputs::Read) -> Vec<SourceFile> {
        let open = |name: &String| match name == file.name() {
            true => Some(file.clone()),
            false => self.read(name).ok(),
        };
        let files: Option<Vec<SourceFile>> = read.files.iter().map(open).collect();
        files.filter(|files| !files.is_empty()).unwrap_or_else(|| vec![file.clone()])
    }

    /// A project that is lowered from files, with what others know of it.
    pub(crate) fn lowered(
        &self,
        files: &[SourceFile],
        lowered: &Lowered,
        built_here: &dyn Fn() -> Arc<LocalImages>,
    ) -> Project {
        let mut project = Project::of_lowered(files, lowered, &|name| self.read(name));
        Self::inform_of_images(&mut project, built_here);
        let images: Vec<String> = project.services.iter().filter_map(image_of).collect();
        for image in images {
            if let Some((dockerfile, target)) = self.calls().build_of(&image) {
                let built =
                    BuiltHere { dockerfile: dockerfile.to_owned(), target: target.map(str::to_owned) };
                project.built_here.insert(image, built);
            }
        }
        project
    }
}

/// The image that a service names, where it is known.
fn image_of(service: &Service) -> Option<String> {
    let image = service.spec.image.as_ref().filter(|image| !image.value.is_unknown())?;
    Some(image.value.as_str().to_owned())
}

impl Bench<'_> {
    /// Judges what was lowered. What the Dockerfile of its image says by itself is told where that is judged.
    fn lowered(&mut self, project: &Project, known: &mut HashSet<(&'static str, Span)>) {
        let before = self.outcome.findings.len();
        self.containers(project, |_| true);
        let found = self.outcome.findings.split_off(before);
        let input = project.input;
        let is_told = |finding: &Finding| {
            finding.file().name() == self.file
                && may_lack(finding, input)
                && !known.contains(&(finding.rule.name, finding.span()))
        };
        let told: Vec<Finding> = found
            .into_iter()
            .filter(is_told)
            .map(|finding| {
                let fix = mend::fix(&finding, input);
                let mut finding = in_words(finding, input);
                finding.fixes.extend(fix);
                finding
            })
            .collect();
        // What several of them take from one place is told there once.
        known.extend(told.iter().map(|finding| (finding.rule.name, finding.span())));
        self.outcome.findings.extend(told);
    }
}

/// Whether a source is a file of containers that is no Compose file.
pub(crate) fn is_input(kind: SourceKind) -> bool {
    syntax_of(kind).is_some()
}

/// How a kind of source is read for containers; `None` where it is read for something else.
fn syntax_of(kind: SourceKind) -> Option<Syntax> {
    match kind {
        SourceKind::Quadlet => Some(Syntax::Quadlet),
        SourceKind::Commands => Some(Syntax::Commands),
        SourceKind::Pipeline => Some(Syntax::Pipeline),
        SourceKind::DevContainer => Some(Syntax::DevContainer),
        SourceKind::Bake => Some(Syntax::Bake),
        _ => None,
    }
}

/// Whether what a finding misses could be said at all, and is wanted of such a container.
pub(super) fn may_lack(finding: &Finding, input: Input) -> bool {
    let Some(lines) = finding.absent else { return true };
    let attribute = lines.split(':').next().unwrap_or_default();
    input.is_lasting() && input.can_say(attribute)
}

/// The finding in the words of what it was found in, and weighed by how the container is used.
pub(super) fn in_words(mut finding: Finding, input: Input) -> Finding {
    if !input.is_compose() {
        let labels = finding.labels.iter().map(|label| label.place.file.slice(label.place.span).to_owned());
        let written: Vec<String> =
            std::iter::once(finding.file().slice(finding.span()).to_owned()).chain(labels).collect();
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        finding.message = input.in_its_words(&finding.message, &written);
        finding.help = finding.help.map(|help| input.in_its_words(&help, &written));
        for label in &mut finding.labels {
            label.message = input.in_its_words(&label.message, &written);
        }
    }
    // The lines are those of a Compose file.
    finding.absent = finding.absent.and_then(|lines| input.lines_for(lines));
    if input.weighs_less() {
        finding.severity = finding.severity.lowered().max(Severity::Low).min(finding.severity);
    }
    finding
}

/// The containers of a source as one tree, as Compose would write them; `None` where it is no file of containers, or one of
/// Compose's. Names that several containers have are numbered.
///
/// ```
/// use lint_core::report::project::yaml;
/// use lint_core::{NoFiles, Source, SourceKind, project};
///
/// let source = Source::new("run.sh", SourceKind::Commands, Some("docker run -d -p 80:80 nginx:1.29\n".to_owned()));
/// let tree = project::effective(&source, &NoFiles).unwrap();
/// assert!(yaml(&tree, &|_| None).starts_with("services:\n  nginx:\n"));
/// ```
#[must_use]
pub fn effective(source: &Source, files: &dyn Files) -> Option<Node> {
    let settings = SettingsByFile { all: vec![Settings::default()], files: HashMap::new() };
    let checks = Checks::of([]);
    let sources = [source.clone()];
    let run = Run::new(&settings, &checks, &sources, files, false);
    let file = run.read(&source.name).ok()?;
    let units = || run.units();
    let window =
        inputs::Window { files, calls: &|| run.calls(), units: &units, is_given: source.text.is_some() };
    let read = inputs::read(syntax_of(source.kind)?, &file, &window);
    let mut services: Vec<(String, Node)> = Vec::new();
    let mut besides: Option<(String, Node)> = None;
    for lowered in &read.containers {
        let project = run.lowered(&run.files_of(&file, &read), lowered, &|| run.local_images());
        // What nobody uses Compose leaves out, and here it is all there is.
        if let Some(declared) = project.spec.networks.as_ref().filter(|_| project.services.is_empty()) {
            besides = Some(("networks".to_owned(), Node::made(declared.value.long())));
        }
        let NodeKind::Map(sections) = canonical(&project, "").kind else { continue };
        let section = sections.into_iter().find(|(name, _)| name == "services");
        let Some((_, Node { kind: NodeKind::Map(found), .. })) = section else { continue };
        for (name, node) in found {
            let is_free = |name: &str| !services.iter().any(|(known, _)| known == name);
            let numbered = (2..).map(|number| format!("{name}-{number}"));
            let name =
                std::iter::once(name.clone()).chain(numbered).find(|name| is_free(name)).unwrap_or(name);
            services.push((name, node));
        }
    }
    let mut root = vec![("services".to_owned(), Node::made(NodeKind::Map(services)))];
    root.extend(besides);
    Some(Node::made(NodeKind::Map(root)))
}

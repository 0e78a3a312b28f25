//! The door to the engine.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::engine::baseline::Baseline;
use crate::engine::builds::Builds;
use crate::engine::dispatch::Checks;
use crate::engine::outcome::Outcome;
use crate::engine::pipeline::{Found, Judges};
use crate::engine::script_linter::ScriptLinter;
use crate::engine::settings_by_file::SettingsByFile;
use crate::engine::source::{Source, SourceKind};
use crate::engine::unit::Run;
use crate::engine::work;
use crate::files::{Files, NoFiles};
use crate::finding::meta::RuleMeta;
use crate::finding::severity::Severity;
use crate::model::project::group::{ProjectFiles, is_base};
use crate::report::Report;
use crate::rule::rule::Rule;
use crate::rules;
use crate::settings::Settings;

/// Lints sources by the rules that its settings enable.
///
/// ```
/// use lint_core::{Linter, Settings, Source};
///
/// let mut settings = Settings::default();
/// settings.ignore = vec!["unpinned-base-image".to_owned()];
/// let linter = Linter::new(settings);
/// let report = linter.lint(&[Source::dockerfile("Dockerfile", "FROM debian\nUSER root\n")]);
/// assert!(report.findings().iter().any(|finding| finding.rule().name == "root-user"));
/// ```
#[derive(Clone, Debug)]
pub struct Linter {
    pub(crate) settings: SettingsByFile,
    pub(crate) baselines: Vec<Baseline>,
    pub(crate) rules: Vec<&'static Rule>,
    pub(crate) script_linter: Option<Arc<dyn ScriptLinter>>,
}

impl Default for Linter {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}

impl Linter {
    /// A linter with the rules that `settings` enable.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let rules = rules::all().filter(|rule| settings.enables(&rule.meta)).collect();
        let settings = SettingsByFile { all: vec![settings], files: HashMap::new() };
        Self { settings, baselines: Vec::new(), rules, script_linter: None }
    }

    /// Judges these files by other settings. A file that belongs to a project without being named here is judged
    /// by the settings of the project's first file. How many threads there are is the first settings' word.
    ///
    /// ```
    /// use lint_core::{Linter, RunProfile, Settings, Source};
    ///
    /// let mut strict = Settings::default();
    /// strict.profile = RunProfile::Strict;
    /// let linter = Linter::default().with_settings(strict, ["release/Dockerfile"]);
    /// assert_eq!(linter.settings_of("release/Dockerfile").profile, RunProfile::Strict);
    /// assert_eq!(linter.settings_of("Dockerfile").profile, RunProfile::Default);
    /// ```
    #[must_use]
    pub fn with_settings(
        mut self,
        settings: Settings,
        files: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let index = self.settings.all.len();
        self.settings.all.push(settings);
        self.settings.files.extend(files.into_iter().map(|file| (file.into(), index)));
        let all = &self.settings.all;
        self.rules =
            rules::all().filter(|rule| all.iter().any(|settings| settings.enables(&rule.meta))).collect();
        self
    }

    /// Leaves out of the report's findings what a baseline accepts; there may be several.
    ///
    /// ```
    /// use lint_core::baseline::Baseline;
    /// use lint_core::{Linter, Source};
    ///
    /// let sources = [Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")];
    /// let report = Linter::default().lint(&sources);
    /// let baseline = Baseline::of(report.findings(), "", "");
    ///
    /// let report = Linter::default().with_baseline(baseline).lint(&sources);
    /// assert!(report.findings().is_empty());
    /// assert!(!report.baselined.is_empty());
    /// ```
    #[must_use]
    pub fn with_baseline(mut self, baseline: Baseline) -> Self {
        self.baselines.push(baseline);
        self
    }

    /// Has the shell scripts in Dockerfiles linted too, where the settings select such findings.
    #[must_use]
    pub fn with_script_linter(mut self, linter: Arc<dyn ScriptLinter>) -> Self {
        self.script_linter = Some(linter);
        self
    }

    /// Whether another linter has the same settings, baselines and linter of scripts.
    pub(crate) fn judges_as(&self, other: &Self) -> bool {
        let scripts = match (&self.script_linter, &other.script_linter) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        scripts && self.settings == other.settings && self.baselines == other.baselines
    }

    /// The settings a file is judged by.
    #[must_use]
    pub fn settings_of(&self, file: &str) -> &Settings {
        self.settings.of(file)
    }

    /// The projects that sources are judged as.
    pub(crate) fn projects(&self, sources: &[Source], files: &dyn Files) -> Vec<ProjectFiles> {
        let checks = Checks::of(self.rules.iter().copied());
        Run::new(&self.settings, &checks, sources, files, false).projects()
    }

    /// The severity of a rule in this run: the worst that the settings that run it give it, where files are judged by
    /// several.
    #[must_use]
    pub fn severity_of(&self, rule: &RuleMeta) -> Severity {
        let running = self.settings.all().iter().filter(|settings| settings.enables(rule));
        let own = |settings: &Settings| settings.severity.get(rule.name).copied().unwrap_or(rule.severity);
        running.map(own).max().unwrap_or(rule.severity)
    }

    /// What the enabled rules say of themselves.
    ///
    /// ```
    /// let linter = lint_core::Linter::default();
    /// assert!(linter.rules().iter().any(|rule| rule.name == "privileged-service"));
    /// ```
    #[must_use]
    pub fn rules(&self) -> Vec<&'static RuleMeta> {
        self.rules.iter().map(|rule| &rule.meta).collect()
    }

    /// Lints sources that refer to nothing else. What they do refer to stays unknown, and nothing is claimed
    /// that depends on it.
    ///
    /// ```
    /// use lint_core::{Linter, Source};
    ///
    /// let report = Linter::default().lint(&[Source::compose(
    ///     "compose.yaml",
    ///     "services:\n  web:\n    image: nginx:1.27\n    privileged: true\n",
    /// )]);
    /// let finding = &report.worst_first()[0];
    /// assert_eq!((finding.rule().name, finding.service.as_deref()), ("privileged-service", Some("web")));
    /// assert_eq!(finding.location(), "compose.yaml:4:17");
    /// ```
    #[must_use]
    pub fn lint(&self, sources: &[Source]) -> Report {
        self.lint_with(sources, &NoFiles)
    }

    /// Lints sources and follows what they refer to through `files`.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use lint_core::{Linter, Source, SourceKind};
    ///
    /// let files = BTreeMap::from([
    ///     ("compose.yaml".to_owned(), "services:\n  web:\n    build: .\n    privileged: ${P}\n".to_owned()),
    ///     (".env".to_owned(), "P=true\n".to_owned()),
    ///     ("Dockerfile".to_owned(), "FROM debian:12\nUSER 1000\n".to_owned()),
    /// ]);
    /// let report = Linter::default().lint_with(&[Source::path("compose.yaml", SourceKind::Compose)], &files);
    /// assert!(report.findings().iter().any(|finding| finding.rule().name == "privileged-service"));
    /// ```
    #[must_use]
    pub fn lint_with(&self, sources: &[Source], files: &dyn Files) -> Report {
        let lints_scripts = self.script_linter.is_some();
        let checks = Checks::of(self.rules.iter().copied());
        let mut run = Run::new(&self.settings, &checks, sources, files, lints_scripts);
        let jobs = self.settings.first().jobs;
        let mut found = Found::new(&self.settings, self.script_linter.as_ref());
        // What the daemons say holds for every container that does not say otherwise.
        run.lint_daemons().into_iter().for_each(|outcome| found.add(outcome));
        // What services build decides what a Dockerfile's own verdict is worth, so those come first.
        let mut builds = Builds::default();
        for mut project in
            without_parts(work::map(jobs, &run.projects(), |project| run.lint_project(project)))
        {
            builds.extend(std::mem::take(&mut project.builds));
            found.add(project);
        }
        let dockerfiles: Vec<_> = sources.iter().filter(|s| s.kind == SourceKind::Dockerfile).collect();
        work::each(jobs, &dockerfiles, |source| run.lint_dockerfile(source, &builds), |file| found.add(file));
        drop((run, builds));
        let judges = Judges { rules: &self.rules, checks: &checks, scripts: self.script_linter.as_deref() };
        found.finish(&self.baselines, judges, sources)
    }
}

/// Leaves out projects that are a part of another one: all their files are included by it. Judged by themselves, without
/// the variables and overrides of the whole, they would mean something that nobody runs.
fn without_parts(mut projects: Vec<Outcome>) -> Vec<Outcome> {
    let all: Vec<&Outcome> = projects.iter().collect();
    let (kept, extended) = (wholes(&all), bases(&all));
    for (project, _) in projects.iter_mut().zip(extended).filter(|(_, is_base)| *is_base) {
        project.leave_refusals();
    }
    projects.into_iter().zip(kept).filter_map(|(project, stays)| stays.then_some(project)).collect()
}

/// Which of the projects are no part of another one.
pub(crate) fn wholes(projects: &[&Outcome]) -> Vec<bool> {
    parts(projects, |whole| &whole.included).into_iter().map(|is_part| !is_part).collect()
}

/// Which of the projects are files that others take services from, under names that Compose does not look for. They are
/// judged by themselves, since they may be started by themselves too; but what Compose would then refuse of them (a network
/// that the others declare, an attribute that they replace) is no fault of theirs. What is, the others say.
pub(crate) fn bases(projects: &[&Outcome]) -> Vec<bool> {
    let extended = parts(projects, |whole| &whole.extended);
    let is_found = |project: &Outcome| project.files.iter().any(|file| is_base(file));
    projects.iter().zip(extended).map(|(project, extended)| extended && !is_found(project)).collect()
}

/// Which of the projects have all their files among those of another one. Two that have each other are no parts.
fn parts(projects: &[&Outcome], files: fn(&Outcome) -> &HashSet<String>) -> Vec<bool> {
    let is_in = |part: &Outcome, whole: &Outcome| {
        !part.files.is_empty() && part.files.iter().all(|file| files(whole).contains(file))
    };
    let wholes: Vec<&Outcome> =
        projects.iter().copied().filter(|project| !files(project).is_empty()).collect();
    let is_part = |part: &Outcome| wholes.iter().any(|whole| is_in(part, whole) && !is_in(whole, part));
    projects.iter().map(|part| is_part(part)).collect()
}

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
#[cfg(feature = "policies")]
use crate::policies::explain::Explained;
#[cfg(feature = "policies")]
use crate::policies::portrait::Portrait;
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
        running.map(|settings| settings.severity_of_rule(rule)).max().unwrap_or(rule.severity)
    }

    /// What the enabled rules say of themselves.
    ///
    /// ```
    /// let linter = lint_core::Linter::default();
    /// assert!(linter.rules().iter().any(|rule| rule.name == "privileged-service"));
    /// ```
    #[must_use]
    pub fn rules(&self) -> Vec<&'static RuleMeta> {
        let own = self.rules.iter().map(|rule| &rule.meta);
        #[cfg(feature = "policies")]
        let own = own.chain(self.policies());
        own.collect()
    }

    /// What the policies that are in force say of themselves, each once.
    #[cfg(feature = "policies")]
    fn policies(&self) -> Vec<&'static RuleMeta> {
        let mut all: Vec<&'static RuleMeta> = Vec::new();
        for settings in self.settings.all() {
            let made = crate::policies::ready::ready(&settings.policies).into_iter().filter_map(Result::ok);
            let enabled = made.map(|policy| policy.meta).filter(|meta| settings.enables(meta));
            let new: Vec<_> =
                enabled.filter(|meta| !all.iter().any(|known| known.name == meta.name)).collect();
            all.extend(new);
        }
        all
    }

    /// What policies can ask of sources, and what they would be told.
    ///
    /// ```
    /// use lint_core::{Linter, NoFiles, Source};
    ///
    /// let sources = [Source::dockerfile("Dockerfile", "FROM alpine:3.20\nUSER 1000\n")];
    /// let explained = Linter::default().explain(&sources, &NoFiles);
    /// let fields = explained.iter().flat_map(|explained| &explained.fields);
    /// assert!(fields.into_iter().any(|field| field.path == "container.user.uid" && field.value == 1000));
    /// ```
    #[cfg(feature = "policies")]
    #[must_use]
    pub fn explain(&self, sources: &[Source], files: &dyn Files) -> Vec<Explained> {
        self.seen(sources, files).0
    }

    /// What projects, services and images are for the engine that runs them, said in one way however they are written.
    #[cfg(feature = "policies")]
    #[must_use]
    pub fn portraits(&self, sources: &[Source], files: &dyn Files) -> Vec<Portrait> {
        self.seen(sources, files).1
    }

    /// The files that others take services from, under names that Compose does not look for: `common.yaml`. What is in them is
    /// a part of others, and is run by nobody by itself.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use lint_core::{Linter, Source, SourceKind};
    ///
    /// let files = BTreeMap::from([
    ///     ("compose.yaml".to_owned(), "services: {web: {extends: {file: common.yaml, service: web}}}".to_owned()),
    ///     ("common.yaml".to_owned(), "services: {web: {image: a}}".to_owned()),
    /// ]);
    /// let sources = ["compose.yaml", "common.yaml"].map(|name| Source::path(name, SourceKind::Compose));
    /// assert_eq!(Linter::default().extended_files(&sources, &files), ["common.yaml"]);
    /// ```
    #[must_use]
    pub fn extended_files(&self, sources: &[Source], files: &dyn Files) -> Vec<String> {
        let checks = Checks::of([]);
        let run = Run::new(&self.settings, &checks, sources, files, false);
        let projects: Vec<Outcome> = run.projects().iter().map(|project| run.lint_project(project)).collect();
        let all: Vec<&Outcome> = projects.iter().collect();
        let extended = all.iter().zip(bases(&all)).filter(|(_, is_base)| *is_base);
        extended.flat_map(|(project, _)| project.files.iter().cloned()).collect()
    }

    #[cfg(feature = "policies")]
    fn seen(&self, sources: &[Source], files: &dyn Files) -> (Vec<Explained>, Vec<Portrait>) {
        let checks = Checks::of([]);
        let run = Run::new(&self.settings, &checks, sources, files, false).explaining();
        let mut builds = Builds::default();
        let (mut all, mut portraits) = (Vec::new(), Vec::new());
        for mut project in
            without_parts(run.projects().iter().map(|project| run.lint_project(project)).collect())
        {
            builds.extend(std::mem::take(&mut project.builds));
            all.extend(project.explained);
            portraits.extend(project.portraits);
        }
        let others =
            run.inputs().iter().map(|source| run.lint_input(source, &builds.images)).collect::<Vec<_>>();
        for mut outcome in others.into_iter().chain(run.lint_kubernetes(&builds)) {
            builds.extend(std::mem::take(&mut outcome.builds));
            all.extend(outcome.explained);
            portraits.extend(outcome.portraits);
        }
        for source in sources.iter().filter(|source| source.kind == SourceKind::Dockerfile) {
            let outcome = run.lint_dockerfile(source, &builds);
            all.extend(outcome.explained);
            portraits.extend(outcome.portraits);
        }
        (all, portraits)
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
        let mut claims = Vec::new();
        for mut project in
            without_parts(work::map(jobs, &run.projects(), |project| run.lint_project(project)))
        {
            builds.extend(std::mem::take(&mut project.builds));
            claims.extend(project.claims.take());
            found.add(project);
        }
        run.lint_repository(&claims).into_iter().for_each(|outcome| found.add(outcome));
        drop(claims);
        let built = builds.images.clone();
        work::each(
            jobs,
            &run.inputs(),
            |source| run.lint_input(source, &built),
            |mut file| {
                builds.extend(std::mem::take(&mut file.builds));
                found.add(file);
            },
        );
        for mut manifest in run.lint_kubernetes(&builds) {
            builds.extend(std::mem::take(&mut manifest.builds));
            found.add(manifest);
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

#[cfg(test)]
mod tests {
    use lint_parser::text::span::Span;

    use super::*;
    use crate::finding::finding::Finding;
    use crate::finding::label::Place;
    use crate::finding::meta::{Category, Change, Profile};
    use crate::finding::release::Release;
    use crate::model::build::BuildPlan;
    use crate::rule::check::Check;
    use crate::settings::RunProfile;

    /// What a release after this one brings.
    static NEWER: Rule = Rule {
        meta: RuleMeta {
            name: "newer-rule",
            severity: Severity::Critical,
            since: "99.0.0",
            ..RuleMeta::of(Category::Privilege)
        },
        checks: &[Check::Dockerfile(|plan, cx| {
            cx.report(place(plan), "newer");
        })],
    };

    /// A rule of now as a later release has it: worse, always on, and with an eye for more.
    static CHANGED: Rule = Rule {
        meta: RuleMeta {
            name: "changed-rule",
            severity: Severity::Critical,
            changes: &[
                Change {
                    version: "99.0.0",
                    what: "is worse",
                    severity_before: Some(Severity::Low),
                    profile_before: None,
                },
                Change {
                    version: "99.1.0",
                    what: "always runs",
                    severity_before: Some(Severity::High),
                    profile_before: Some(Profile::Strict),
                },
            ],
            ..RuleMeta::of(Category::Privilege)
        },
        checks: &[Check::Dockerfile(|plan, cx| {
            cx.report(place(plan), "old");
            cx.report(place(plan), "widened").since("99.0.0");
        })],
    };

    /// The same rule as this release has it.
    static UNCHANGED: Rule = Rule {
        meta: RuleMeta {
            name: "changed-rule",
            severity: Severity::Low,
            profile: Profile::Strict,
            ..RuleMeta::of(Category::Privilege)
        },
        checks: &[Check::Dockerfile(|plan, cx| {
            cx.report(place(plan), "old");
        })],
    };

    static TRIAL: Rule = Rule {
        meta: RuleMeta { name: "trial-rule", preview: true, ..RuleMeta::of(Category::Privilege) },
        checks: &[Check::Dockerfile(|plan, cx| {
            cx.report(place(plan), "trial");
        })],
    };

    fn place(plan: &BuildPlan) -> Place {
        Place::new(&plan.dockerfile.file, Span::at(0))
    }

    /// A linter of a release with these rules besides today's.
    fn linter(settings: &Settings, rules: &[&'static Rule]) -> Linter {
        let mut linter = Linter::new(settings.clone());
        let more = rules.iter().copied().filter(|rule| settings.enables(&rule.meta));
        linter.rules.extend(more);
        linter
    }

    fn told(settings: &Settings, rules: &[&'static Rule]) -> Vec<(String, Severity, String)> {
        let sources =
            [Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\nRUN curl http://x | sh\n")];
        let report = linter(settings, rules).lint(&sources);
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        let told = |f: &Finding| (f.rule.name.to_owned(), f.severity, f.message.clone());
        report.findings.iter().map(told).collect()
    }

    #[test]
    fn an_upgrade_changes_no_finding_of_a_pinned_rule_set() {
        for profile in [RunProfile::Default, RunProfile::Strict, RunProfile::Audit] {
            let unpinned = Settings { profile, ..Settings::default() };
            let pinned = Settings { rules_as_of: Some(Release::CURRENT), ..unpinned.clone() };
            let before = told(&unpinned, &[&UNCHANGED]);
            assert!(before.len() > 2, "{before:?}");
            assert_eq!(told(&pinned, &[&CHANGED, &NEWER]), before, "{profile:?}");
            assert_ne!(told(&unpinned, &[&CHANGED, &NEWER]), before, "{profile:?}");
        }
    }

    #[test]
    fn a_rule_held_back_runs_for_who_names_it() {
        let mut settings = Settings { rules_as_of: Some(Release::CURRENT), ..Settings::default() };
        let runs = |settings: &Settings, rule: &Rule| settings.enables(&rule.meta);
        for many in ["all", "privilege", "security"] {
            settings.select = vec![many.to_owned()];
            assert!(!runs(&settings, &NEWER) && !runs(&settings, &TRIAL), "{many}");
        }
        settings.select = vec!["newer-rule".to_owned(), "trial-rule".to_owned()];
        assert!(runs(&settings, &NEWER) && runs(&settings, &TRIAL));
        let mut rated = Settings { rules_as_of: Some(Release::CURRENT), ..Settings::default() };
        rated.severity.insert("newer-rule".to_owned(), Severity::Low);
        assert!(runs(&rated, &NEWER));
        rated.ignore.push("newer-rule".to_owned());
        assert!(!runs(&rated, &NEWER));
    }

    #[test]
    fn rules_on_trial_run_with_preview() {
        assert!(!Settings::default().enables(&TRIAL.meta));
        let preview = Settings { preview: true, ..Settings::default() };
        assert!(
            preview.enables(&TRIAL.meta) && told(&preview, &[&TRIAL]).iter().any(|told| told.2 == "trial")
        );
    }
}

//! The files of Docker daemons: by themselves, in the images that Dockerfiles build, in the configs of Compose files.

use std::collections::BTreeMap;

use crate::engine::evidence;
use crate::engine::ignores::Ignores;
use crate::engine::outcome::Outcome;
use crate::engine::source::{Source, SourceKind};
use crate::engine::unit::{Bench, Run};
use crate::model::container::Image;
use crate::model::daemon::daemon_config::file::{HostFile, HostTree};
use crate::model::daemon::daemon_config::path::home;
use crate::model::daemon::daemon_config::{DaemonConfig, DaemonDefaults, embedded};
use crate::model::project::Project;
use crate::model::project::service::Service;
use crate::rule::check::Fault;
use crate::rule::context::Subject;
use crate::rule::daemon::DaemonSubject;

impl Run<'_> {
    /// Judges the daemons whose files are among the sources, and takes note of what they say for every container.
    pub(crate) fn lint_daemons(&mut self) -> Vec<Outcome> {
        let mut daemons: BTreeMap<(String, bool), Vec<&Source>> = BTreeMap::new();
        for source in self.sources {
            if matches!(source.kind, SourceKind::DaemonJson | SourceKind::SystemdUnit) {
                daemons.entry(home(&source.name)).or_default().push(source);
            }
        }
        let judged: Vec<_> = daemons.values().map(|sources| self.lint_daemon(sources)).collect();
        let configs: Vec<_> = judged.iter().filter_map(|(_, config)| config.as_ref()).collect();
        // Of a daemon that could not be read nothing is known, so nothing is known of all of them.
        if configs.len() == judged.len() {
            self.daemon = DaemonDefaults::of(configs);
        }
        judged.into_iter().map(|(outcome, _)| outcome).collect()
    }

    fn lint_daemon(&self, sources: &[&Source]) -> (Outcome, Option<DaemonConfig>) {
        let name = sources.first().map_or("", |source| source.name.as_str());
        let mut bench = Bench::new(self, Outcome::default(), name);
        let mut files = Vec::new();
        for source in sources {
            let text = match self.read(&source.name) {
                Ok(text) => text,
                Err(error) => {
                    bench.outcome.unreadable.push((source.name.clone(), error));
                    continue;
                }
            };
            let read = bench.guarded("reading the daemon's configuration", || match source.kind {
                SourceKind::SystemdUnit => HostFile::unit(text),
                _ => HostFile::json(text),
            });
            files.extend(read);
        }
        for file in &files {
            let ignores = match &file.tree {
                HostTree::Json(_) => Ignores::default(),
                HostTree::Unit(unit) => Ignores::of_unit(unit),
            };
            bench.outcome.heed(&file.file, ignores);
        }
        let whole = files.len() == sources.len();
        let config = bench.daemon(&files, &Subject::default());
        if let Some(config) = &config {
            bench.evidence(|| evidence::of_daemon(config, &files));
        }
        (bench.done(), config.filter(|_| whole))
    }
}

impl Bench<'_> {
    /// Judges a daemon by its files.
    fn daemon(&mut self, files: &[HostFile], subject: &Subject) -> Option<DaemonConfig> {
        for file in files {
            self.faults(
                file.errors.iter().map(|error| Fault::of_syntax(&file.file, error, subject.service.clone())),
            );
        }
        let config = self.guarded("laying the daemon's files over each other", || DaemonConfig::of(files))?;
        let daemon = DaemonSubject { config: &config };
        self.checks(&self.run.checks.daemon, subject, |check, cx| check(&daemon, cx));
        Some(config)
    }

    /// Judges the daemon that an image's files configure. Files of the build context that are linted by themselves
    /// are left to that.
    pub(super) fn daemon_in_image(&mut self, image: &Image) {
        let Image::Built { plan, context, .. } = image else { return };
        let run = self.run;
        let read = |source: &str| run.read_unlinted(&crate::files::join(context.as_deref()?, source));
        let files =
            self.guarded("looking for a daemon's files in the image", || embedded::in_image(plan, &read));
        if let Some(files) = files.filter(|files| !files.is_empty()) {
            let scopes = files.iter().filter_map(|file| file.brought_by.clone()).collect();
            self.daemon(&files, &Subject { scopes, ..Subject::default() });
        }
    }

    /// Judges the daemon that a service's configs and mounts configure. Files that are linted by themselves are left to
    /// that.
    pub(super) fn daemon_in_service(&mut self, project: &Project, service: &Service, subject: &Subject) {
        let run = self.run;
        let files = self.guarded("looking for a daemon's files in the service", || {
            embedded::in_service(project, service, &|path| run.read_unlinted(path))
        });
        if let Some(files) = files.filter(|files| !files.is_empty()) {
            let mut subject = subject.clone();
            subject.scopes.extend(files.iter().filter_map(|file| file.brought_by.clone()));
            self.daemon(&files, &subject);
        }
    }
}

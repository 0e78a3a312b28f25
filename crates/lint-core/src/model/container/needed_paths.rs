//! Where programs of public images have to write before they can serve anybody.
//!
//! Read in the images' published Dockerfiles and default configurations: nginx writes `pid /run/nginx.pid` and makes
//! its five temporary directories below `/var/cache/nginx` at the start; httpd writes `logs/httpd.pid`; the databases
//! make a lock file or a socket below `/run`, MySQL and MariaDB temporary files in `/tmp` too.

use lint_parser::compose::ast::field::Text;
use lint_parser::compose::ast::pairs::Command;
use lint_parser::dockerfile::ast::InstructionKind;

use crate::files::normalise;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, Stage};
use crate::model::container::{Container, Image};
use crate::model::known::image_facts::ImageFacts;
use crate::model::project::service::Service;

/// A program and the paths it writes to that are on the image's own file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededPaths {
    /// What people call the program.
    pub program: &'static str,
    /// The paths nothing is mounted at.
    pub paths: Vec<&'static str>,
}

struct Program {
    repository: &'static str,
    name: &'static str,
    /// A path, and the configuration that could move it elsewhere: paths, or the end of one after `*`.
    paths: &'static [(&'static str, &'static [&'static str])],
}

const PROGRAMS: [Program; 5] = [
    Program {
        repository: "docker.io/library/nginx",
        name: "nginx",
        paths: &[("/run", &["/etc/nginx/nginx.conf"]), ("/var/cache/nginx", &["/etc/nginx"])],
    },
    Program {
        repository: "docker.io/library/httpd",
        name: "httpd",
        paths: &[("/usr/local/apache2/logs", &["/usr/local/apache2/conf"])],
    },
    Program {
        repository: "docker.io/library/postgres",
        name: "PostgreSQL",
        paths: &[("/run/postgresql", &["/etc/postgresql", "/usr/share/postgresql", "*/postgresql.conf"])],
    },
    Program { repository: "docker.io/library/mysql", name: "MySQL", paths: MYSQL },
    Program { repository: "docker.io/library/mariadb", name: "MariaDB", paths: MYSQL },
];

const MYSQL: &[(&str, &[&str])] =
    &[("/run/mysqld", &["/etc/my.cnf", "/etc/mysql"]), ("/tmp", &["/etc/my.cnf", "/etc/mysql"])];

/// The paths the container's program has to write to and nothing is mounted at. `None` when the program, its
/// configuration or the mounts are not known.
#[must_use]
pub fn unmounted(container: &Container<'_>) -> Option<NeededPaths> {
    let Some(service) = container.service.map(|of| of.service) else {
        let (plan, stage) = container.target()?;
        let (program, replaced) = built(plan, stage)?;
        return Some(needed(program, &[], &replaced));
    };
    let spec = &service.spec;
    let invalid = |name| spec.rest.invalid(name).is_some();
    let may_differ = ["volumes", "tmpfs", "configs", "command", "entrypoint"].into_iter().any(invalid);
    if service.fragment
        || !service.complete
        || may_differ
        || spec.volumes_from.is_some()
        || spec.command.as_ref().is_some_and(|command| command.value != Command::Null)
        || spec.entrypoint.as_ref().is_some_and(|entrypoint| entrypoint.value != Command::Null)
    {
        return None;
    }
    let (program, mut replaced) = match &container.image {
        Image::Named { facts, .. } => (program(*facts)?, Vec::new()),
        Image::Built { .. } => {
            let (plan, stage) = container.target()?;
            built(plan, stage)?
        }
        _ => return None,
    };
    let mounted = mounted(service)?;
    replaced.extend(mounted.iter().cloned());
    for grant in spec.configs.iter().flat_map(|configs| configs.value.iter()) {
        replaced.push(known_path(&grant.target.as_ref()?.value)?);
    }
    Some(needed(program, &mounted, &replaced))
}

/// What a program needs besides what is mounted, with the configuration that it finds.
fn needed(program: &'static Program, mounted: &[String], replaced: &[String]) -> NeededPaths {
    let paths = program
        .paths
        .iter()
        .filter(|(path, configuration)| {
            let is_mounted = mounted.iter().any(|mount| is_below(path, mount));
            let is_moved = configuration.iter().any(|one| replaced.iter().any(|path| replaces(path, one)));
            !is_mounted && !is_moved
        })
        .map(|(path, _)| *path)
        .collect();
    NeededPaths { program: program.name, paths }
}

fn program(facts: Option<ImageFacts>) -> Option<&'static Program> {
    let facts = facts?;
    PROGRAMS.iter().find(|program| program.repository == facts.repository)
}

/// The program of the base image, if the chain leaves its command alone, and the paths the chain puts files at.
fn built(plan: &BuildPlan, stage: &Stage) -> Option<(&'static Program, Vec<String>)> {
    if stage.config.entrypoint.is_some() || stage.config.cmd.is_some() || !stage.config.volumes.is_empty() {
        return None;
    }
    let root = plan.root_of(stage);
    let Base::Image(base) = &root.base else { return None };
    let program = program(base.facts)?;
    let mut replaced = Vec::new();
    for stage in plan.chain(stage.index) {
        if !stage.triggers.is_empty() {
            return None;
        }
        for index in stage.instructions.clone() {
            match &plan.instruction(index)?.kind {
                InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
                    let to = plan.expand(index, copy.destination.as_ref()?);
                    let to = to.text().filter(|to| to.starts_with('/'))?;
                    replaced.push(normalise(to));
                }
                // What a command changes cannot be seen.
                InstructionKind::Run(_) | InstructionKind::Onbuild(_) => return None,
                _ => {}
            }
        }
    }
    Some((program, replaced))
}

/// Where something is mounted; `None` when one of the places is not known.
pub(super) fn mounted(service: &Service) -> Option<Vec<String>> {
    let mut mounted = Vec::new();
    for volumes in service.spec.volumes.iter() {
        if !volumes.value.invalid.is_empty() {
            return None;
        }
        for mount in volumes.value.iter() {
            mounted.push(known_path(&mount.target.as_ref()?.value)?);
        }
    }
    for tmpfs in service.spec.tmpfs.iter().flat_map(|tmpfs| tmpfs.value.iter()) {
        let path = Some(tmpfs).filter(|text| !text.is_unknown())?.as_str();
        mounted.push(in_container(path.split(':').next().unwrap_or_default()));
    }
    Some(mounted)
}

fn known_path(text: &Text) -> Option<String> {
    (!text.is_unknown()).then(|| in_container(text.as_str()))
}

/// A path of the container, `/var/run` as the `/run` it is a link to.
fn in_container(path: &str) -> String {
    let path = normalise(path);
    match path.strip_prefix("/var/run") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/run{rest}"),
        _ => path,
    }
}

pub(super) fn is_below(path: &str, directory: &str) -> bool {
    directory == "/"
        || path.strip_prefix(directory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether what is put at a path replaces a configuration, in whole or in part.
fn replaces(path: &str, configuration: &str) -> bool {
    match configuration.strip_prefix('*') {
        Some(end) => path.ends_with(end),
        None => is_below(path, configuration) || is_below(configuration, path),
    }
}

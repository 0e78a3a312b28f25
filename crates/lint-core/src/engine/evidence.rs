//! What the verdicts of an audit rest on: the places where files say something of what a recommendation is about.
//!
//! A rule that finds nothing has not seen that all is well. A Dockerfile of one line says nothing about the mode of the
//! host's `daemon.json`, and nothing about who runs in containers that it does not start.

pub(super) mod kubernetes;
pub(super) mod picture;

use lint_parser::compose::value::Origin;
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::finding::reference::Cis;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, Stage};
use crate::model::build::user::UserKind;
use crate::model::container::health::{self, Health};
use crate::model::container::step_down::StepDown;
use crate::model::container::{Container, Image};
use crate::model::daemon::daemon_config::DaemonConfig;
use crate::model::daemon::daemon_config::file::HostFile;
use crate::model::known::host_file_checks::{FileChecks, files_below, files_changed};
use crate::model::paths::host_path::HostPath;
use crate::model::project::Project;
use crate::model::project::host_mounts::host_mounts;
use crate::model::project::service::Service;
use crate::model::runs::hooks;
use crate::report::seen::{Evidence, Input};
use crate::rule::check::{InstructionSubject, StageSubject};

/// Keys of `daemon.json` and the recommendations they speak of.
const DAEMON_KEYS: [(&str, &[&str]); 18] = [
    ("authorization-plugins", &["2.12"]),
    ("cgroup-parent", &["2.10"]),
    ("debug", &["2.3"]),
    ("default-ulimits", &["2.8"]),
    ("experimental", &["2.18"]),
    ("hosts", &["2.7"]),
    ("icc", &["2.2"]),
    ("insecure-registries", &["2.5"]),
    ("iptables", &["2.4"]),
    ("live-restore", &["2.15"]),
    ("log-driver", &["2.13"]),
    ("log-level", &["2.3"]),
    ("no-new-privileges", &["2.14"]),
    ("seccomp-profile", &["2.17"]),
    ("storage-driver", &["2.6", Cis::DEVICEMAPPER.key()]),
    ("storage-opts", &["2.11"]),
    ("userland-proxy", &["2.16"]),
    ("userns-remap", &["2.9"]),
];

/// Of images that come from elsewhere: whom they are from, how old they are, how they are named.
const IMAGE: [&str; 3] = ["4.2", "4.4", "5.28"];

/// What a Dockerfile says.
pub(super) fn of_plan(plan: &BuildPlan) -> Vec<Evidence> {
    let place = |span: Span| Place::new(&plan.dockerfile.file, span);
    let mut seen = vec![Evidence::new(Input::Dockerfile, place(Span::at(0)), Vec::new())];
    let mut add = |span, about| seen.push(Evidence::new(Input::Dockerfile, place(span), about));
    for stage in plan.stages.iter().filter(|stage| plan.is_reachable(stage.index)) {
        if let Base::Image(_) = stage.base {
            add(stage.base_span, IMAGE.to_vec());
        }
        for subject in (StageSubject { plan, stage }).instructions() {
            let about = of_instruction(&subject);
            if !about.is_empty() {
                add(subject.instruction.span, about);
            }
        }
    }
    seen
}

fn of_instruction(subject: &InstructionSubject<'_>) -> Vec<&'static str> {
    match &subject.operation().kind {
        InstructionKind::Run(_) => vec!["4.3", "4.7", "4.8", "4.11", "5.7"],
        InstructionKind::Cmd(_) | InstructionKind::Entrypoint(_) | InstructionKind::Expose(_) => vec!["5.7"],
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
            let mut about = vec!["4.8", "4.9"];
            if subject.is_in_target_chain() {
                let written = subject.plan.written_paths(subject.index, copy);
                about.extend(written.iter().flat_map(|path| files_changed(path, false)).flat_map(numbers));
            }
            about
        }
        _ => Vec::new(),
    }
}

fn numbers(file: FileChecks) -> [&'static str; 2] {
    [file.owner, file.mode]
}

/// What a project says of what belongs to none of its services.
pub(super) fn of_project(project: &Project) -> Vec<Evidence> {
    let networks = project.spec.networks.iter().flat_map(|networks| &networks.value.entries);
    let drivers = networks.filter_map(|network| network.field.value.driver.as_ref());
    let overlay = drivers.filter(|driver| driver.value.as_str() == "overlay");
    overlay.map(|driver| Evidence::new(Input::Service, project.place(driver.origin), vec!["7.3"])).collect()
}

/// What a service says.
pub(super) fn of_service(project: &Project, service: &Service) -> Vec<Evidence> {
    let spec = &service.spec;
    let mut seen: Vec<(Origin, Vec<&'static str>)> = vec![(service.key, Vec::new())];
    let image = spec.image.as_ref().map(|image| image.origin).filter(|_| spec.build.is_none());
    seen.extend(image.map(|origin| (origin, IMAGE.to_vec())));
    let command = spec.entrypoint.as_ref().or(spec.command.as_ref()).map(|command| command.origin);
    let ports = spec.ports.as_ref().map(|ports| ports.origin);
    seen.extend(command.or(ports).map(|origin| (origin, vec!["5.7"])));
    if let Some(driver) = spec.logging.as_ref().and_then(|logging| logging.value.driver.as_ref()) {
        seen.push((driver.origin, vec!["2.13"]));
    }
    for hook in hooks(&service.spec) {
        let command = hook.command.as_ref().map(|command| command.origin);
        seen.extend(command.map(|origin| (origin, vec!["5.23", "5.24"])));
    }
    for mount in host_mounts(project, service) {
        if let HostPath::Absolute(path) = &mount.source
            && mount.read_only == Some(true)
        {
            let about: Vec<_> = files_below(path).into_iter().flat_map(numbers).collect();
            if !about.is_empty() {
                seen.push((mount.origin, about));
            }
        }
    }
    let evidence = |(origin, about)| Evidence {
        service: Some(service.name.to_string()),
        ..Evidence::new(Input::Service, project.place(origin), about)
    };
    seen.into_iter().map(evidence).collect()
}

/// What is known of a container: who runs in it, and whether anybody sees that it works.
pub(super) fn of_container(container: &Container<'_>) -> Vec<Evidence> {
    let target = container.target();
    let input = if container.service.is_some() { Input::Service } else { Input::Dockerfile };
    let of_stage = |(plan, stage): (&BuildPlan, &Stage)| Place::new(&plan.dockerfile.file, stage.base_span);
    let Some(here) = container.service_key().or_else(|| target.map(of_stage)) else { return Vec::new() };
    let evidence = |place: Option<Place>, about: &[&'static str], decides| Evidence {
        service: container.service.map(|of| of.service.name.to_string()),
        decides,
        ..Evidence::new(input, place.unwrap_or_else(|| here.clone()), about.to_vec())
    };
    let steps_down = matches!(container.user.step_down, StepDown::Yes { .. });
    let knows_user = container.user.kind == UserKind::NotRoot || steps_down;
    let health = health::of(container);
    let checked_at = || match (container.service, &container.image) {
        (Some(of), _) if of.service.spec.healthcheck.is_some() => {
            of.service.spec.healthcheck.as_ref().map(|check| of.project.place(check.origin))
        }
        (_, Image::Built { plan, .. }) => {
            let set = plan.target_stage()?.config.healthcheck.as_ref()?;
            Some(Place::new(&plan.dockerfile.file, set.origin.span))
        }
        _ => None,
    };
    vec![
        evidence(container.user_place().filter(|_| knows_user), &["4.1"], knows_user),
        evidence(checked_at(), &["4.6", "5.27"], health == Health::Checked),
    ]
}

/// What the files of a host's daemon say: the files themselves, and what they set.
pub(super) fn of_daemon(config: &DaemonConfig, files: &[HostFile]) -> Vec<Evidence> {
    let own = files.iter().filter(|file| !file.path.contains("containerd.service"));
    let whole = own.map(|file| {
        let input = if file.path.contains("docker.socket") { Input::Socket } else { Input::Daemon };
        Evidence::new(input, file.place(Span::at(0)), Vec::new())
    });
    let keys = DAEMON_KEYS.iter().flat_map(|(key, about)| {
        let settings = config.settings(key);
        settings.map(|setting| Evidence::new(Input::Daemon, setting.place.clone(), about.to_vec()))
    });
    let socket = config.socket.iter().flat_map(|socket| {
        let owner = socket.user.iter().chain(&socket.group).map(|set| (set, vec!["3.15"]));
        owner.chain(socket.mode.iter().map(|set| (set, vec!["3.16"])))
    });
    let socket = socket.map(|(set, about)| Evidence::new(Input::Socket, set.place.clone(), about));
    whole.chain(keys).chain(socket).collect()
}

//! Attributes of one service that exclude each other or must agree.

use std::collections::HashMap;

use lint_parser::compose::ast::field::{Attribute, Cast, Field, Text};
use lint_parser::compose::ast::pairs::Command;
use lint_parser::compose::ast::scalar::WatchAction;
use lint_parser::compose::value::Origin;
use lint_parser::shell::split::split;

use crate::files::normalise;
use crate::model::project::consistency::known;
use crate::model::project::fault::{About, Fault};
use crate::model::project::service::Service;

pub(super) fn check(service: &Service, faults: &mut Vec<Fault>) {
    let mut found = Vec::new();
    build(service, &mut found);
    network(service, &mut found);
    replicas(service, &mut found);
    limits(service, &mut found);
    watch(service, &mut found);
    mounts(service, &mut found);
    commands(service, &mut found);
    faults.extend(found.into_iter().map(|fault| fault.of(&service.name)));
}

/// With how many services of its name each is compared.
const MAX_NAMESAKES: usize = 16;

/// Services that can run together and give their containers one name.
pub(super) fn container_names(services: &[Service], faults: &mut Vec<Fault>) {
    let mut by_name: HashMap<&str, Vec<&Service>> = HashMap::new();
    for service in services {
        let Some(container) = service.spec.container_name.as_ref() else { continue };
        let Some(name) = known(&container.value) else { continue };
        let namesakes = by_name.entry(name).or_default();
        let other = namesakes.iter().find(|other| other.can_run_with(service));
        if let Some(other) = other {
            let message = format!("container name \"{name}\" is already in use by service {}", other.name);
            let fault = conflict(container.origin, message).of(&service.name);
            let first = other.spec.container_name.as_ref().map_or(other.key, |name| name.origin);
            faults.push(fault.with_label(first, "its name"));
        }
        if namesakes.len() < MAX_NAMESAKES {
            namesakes.push(service);
        }
    }
}

/// Command lines that Compose cannot split into words. `healthcheck.test` is left to a shell.
fn commands(service: &Service, faults: &mut Vec<Fault>) {
    let spec = &service.spec;
    let mut check = |command: Option<&Field<Command>>, path: &str| {
        let Some(Command::Line(line)) = command.map(|field| &field.value) else { return };
        if known(line).is_some() && split(&line.mapped).is_err() {
            let message = format!("services.{}.{path}: invalid command line string", service.name);
            let help = "close the quote, or write the words as a list";
            faults.push(conflict(line.origin, message).with_help(help));
        }
    };
    check(spec.command.as_deref(), "command");
    check(spec.entrypoint.as_deref(), "entrypoint");
    for (key, hooks) in
        [("pre_start", &spec.pre_start), ("post_start", &spec.post_start), ("pre_stop", &spec.pre_stop)]
    {
        for (index, hook) in hooks.iter().flat_map(|hooks| hooks.value.iter()).enumerate() {
            check(hook.command.as_deref(), &format!("{key}.{index}.command"));
        }
    }
}

fn conflict(origin: Origin, message: impl Into<String>) -> Fault {
    Fault::new(About::Conflict, origin, message)
}

fn build(service: &Service, faults: &mut Vec<Fault>) {
    let Some(build) = service.spec.build.as_deref().map(|field| &field.value) else { return };
    if let (Some(file), Some(inline)) = (&build.dockerfile, &build.dockerfile_inline)
        && known(&file.value).is_some_and(|text| !text.is_empty())
    {
        let message = "`dockerfile` and `dockerfile_inline` are mutually exclusive";
        faults.push(conflict(inline.key, message).with_label(file.key, "the other one"));
    }
    let (Some(platforms), Some(platform)) = (&build.platforms, &service.spec.platform) else { return };
    let Some(wanted) = known(&platform.value).filter(|text| !text.is_empty()) else { return };
    let listed = platforms.value.iter().all(|text| known(text).is_some_and(|text| text != wanted));
    if listed && !platforms.value.is_empty() {
        let message = format!("`build.platforms` must include the service's platform \"{wanted}\"");
        faults.push(conflict(platforms.key, message).with_label(platform.origin, "the platform"));
    }
}

fn network(service: &Service, faults: &mut Vec<Fault>) {
    let (Some(mode), Some(networks)) = (&service.spec.network_mode, &service.spec.networks) else { return };
    let is_set = known(&mode.value).is_some_and(|mode| !mode.is_empty());
    if is_set && !networks.value.entries.is_empty() {
        let message = "`network_mode` and `networks` are mutually exclusive";
        faults.push(conflict(mode.key, message).with_label(networks.key, "the networks"));
    }
}

fn number(attribute: &Attribute<Cast<i64>>) -> Option<(i64, Origin)> {
    let field = attribute.as_ref()?;
    Some((*field.value.known()?, field.key))
}

fn replicas(service: &Service, faults: &mut Vec<Fault>) {
    let scale = number(&service.spec.scale);
    let replicas = service.spec.deploy.as_ref().and_then(|deploy| number(&deploy.value.replicas));
    for (name, count) in [("scale", scale), ("deploy.replicas", replicas)] {
        if let Some((_, origin)) = count.filter(|(count, _)| *count < 0) {
            faults.push(conflict(origin, format!("{name}: must be greater than or equal to 0")));
        }
    }
    if let (Some((one, origin)), Some((other, replicas))) = (scale, replicas)
        && one != other
    {
        let message = "can't set distinct values on 'scale' and 'deploy.replicas'";
        faults.push(conflict(origin, message).with_label(replicas, "the other value"));
    }
    let (name, count) = match scale {
        Some(scale) => ("scale", Some(scale)),
        None => ("deploy.replicas", replicas),
    };
    let Some((_, origin)) = count.filter(|(count, _)| *count > 1) else { return };
    let Some(container) = service.spec.container_name.as_ref() else { return };
    // Compose compares with the empty text; a name that depends on a variable is a name all the same.
    if known(&container.value) != Some("") {
        let message = format!("can't set container_name and {name} as container name must be unique");
        let fault = conflict(container.key, message).with_label(origin, "more than one container");
        faults.push(fault.with_help("remove `container_name`: Compose numbers the containers itself"));
    }
}

/// Limits are one setting with two names. As soon as there are `deploy` limits, those not among them count as
/// set to nothing.
fn limits(service: &Service, faults: &mut Vec<Fault>) {
    let Some(resources) = service.spec.deploy.as_ref().and_then(|deploy| deploy.value.resources.as_ref())
    else {
        return;
    };
    let mut compare = |name: &str, other: &str, one: Option<(f64, Origin)>, two: Deployed| {
        let Some((value, origin)) = one.filter(|(value, _)| *value != 0.0) else { return };
        let (differs, label) = match two {
            Deployed::Unknown => return,
            Deployed::Absent(section) => (true, (section, "has limits, but not this one")),
            Deployed::Set(deployed, key) => (value != deployed, (key, "the other value")),
        };
        if differs {
            let message = format!("can't set distinct values on '{name}' and 'deploy.resources.{other}'");
            let help = format!("keep `deploy.resources.{other}` alone, or give both the same value");
            faults.push(conflict(origin, message).with_label(label.0, label.1).with_help(help));
        }
    };
    let spec = &service.spec;
    if let Some(limits) = resources.value.limits.as_ref() {
        let (set, key) = (&limits.value, limits.key);
        let deployed = deployed(&set.cpus, key, |cpus| cpus.0);
        compare("cpus", "limits.cpus", plain(&spec.cpus, |cpus| cpus.0), deployed);
        let deployed = self::deployed(&set.memory, key, |size| size.0 as f64);
        compare("mem_limit", "limits.memory", plain(&spec.mem_limit, |size| size.0 as f64), deployed);
        let deployed = self::deployed(&set.pids, key, |count| *count as f64);
        compare("pids_limit", "limits.pids", plain(&spec.pids_limit, |count| *count as f64), deployed);
    }
    if let Some(reservations) = resources.value.reservations.as_ref() {
        let deployed = deployed(&reservations.value.memory, reservations.key, |size| size.0 as f64);
        let one = plain(&spec.mem_reservation, |size| size.0 as f64);
        compare("mem_reservation", "reservations.memory", one, deployed);
    }
}

/// What `deploy` says of a limit.
enum Deployed {
    Unknown,
    Absent(Origin),
    Set(f64, Origin),
}

fn deployed<T>(attribute: &Attribute<Cast<T>>, section: Origin, value: impl Fn(&T) -> f64) -> Deployed {
    match attribute {
        None => Deployed::Absent(section),
        Some(field) => match field.value.known() {
            Some(known) => Deployed::Set(value(known), field.key),
            None => Deployed::Unknown,
        },
    }
}

fn plain<T>(attribute: &Attribute<Cast<T>>, value: impl Fn(&T) -> f64) -> Option<(f64, Origin)> {
    let field = attribute.as_ref()?;
    Some((value(field.value.known()?), field.key))
}

fn watch(service: &Service, faults: &mut Vec<Fault>) {
    let watch = service.spec.develop.as_ref().and_then(|develop| develop.value.watch.as_ref());
    for item in watch.iter().flat_map(|list| &list.value.items) {
        let Some(action) = item.value.action.as_ref().and_then(|action| action.value.known()) else {
            continue;
        };
        let needs_target = !matches!(action, WatchAction::Rebuild | WatchAction::Restart);
        let has_target = item.value.target.as_ref().is_some_and(|target| known(&target.value) != Some(""));
        if needs_target && !has_target && item.value.rest.invalid("target").is_none() {
            let message = "develop.watch: target is required for non-rebuild actions";
            faults.push(conflict(item.origin, message));
        }
    }
}

/// A path of the container on which two things are mounted, one of them a tmpfs. Of two volumes the later one
/// silently wins, which the merge has seen to. Compose takes the path of a tmpfs as it is written.
fn mounts(service: &Service, faults: &mut Vec<Fault>) {
    let mut taken: HashMap<String, Origin> = HashMap::new();
    let mut mount = |target: String, text: &Text| {
        let message = format!("target {target} is already mounted");
        if let Some(first) = taken.insert(target, text.origin) {
            faults.push(conflict(text.origin, message).with_label(first, "mounted here first"));
        }
    };
    for text in service.spec.tmpfs.iter().flat_map(|list| list.value.iter()) {
        let Some(whole) = known(text) else { continue };
        let (target, _) = whole.split_once(':').unwrap_or((whole, ""));
        mount(target.to_owned(), text);
    }
    for volume in service.spec.volumes.iter().flat_map(|list| list.value.iter()) {
        let Some(target) = volume.target.as_ref() else { continue };
        if let Some(path) = known(&target.value) {
            mount(normalise(path), &target.value);
        }
    }
}

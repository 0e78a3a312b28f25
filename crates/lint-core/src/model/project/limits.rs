//! What a service may use up of its host: memory, processors, processes.

use lint_parser::compose::ast::field::{Attribute, Cast};
use lint_parser::compose::ast::scalar::{ByteSize, Decimal};
use lint_parser::compose::value::Origin;

use crate::model::project::service::Service;

/// How a service is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Nothing is written.
    Absent,
    /// What is written means "no limit", as `0` and `-1` do; where.
    Unlimited(Origin),
    /// There is one.
    Limited,
    /// That depends on a variable nobody sets, or could not be read.
    Unknown,
}

/// The limit of the memory: `mem_limit`, `deploy.resources.limits.memory`.
#[must_use]
pub fn memory(service: &Service) -> Limit {
    let spec = &service.spec;
    let deployed = limits(service).and_then(|limits| value(&limits.memory, |size: &ByteSize| size.0 > 0));
    let own = value(&spec.mem_limit, |size: &ByteSize| size.0 > 0);
    together(service, "memory", [deployed, own])
}

/// The limit of the processor time: `cpus`, `cpu_quota`, `cpu_shares`, `deploy.resources.limits.cpus`; on Windows
/// `cpu_count` and `cpu_percent`. Which processors it may use (`cpuset`) is no limit of how much of them.
#[must_use]
pub fn cpu(service: &Service) -> Limit {
    let spec = &service.spec;
    let positive = |number: &i64| *number > 0;
    together(
        service,
        "cpus",
        [
            limits(service).and_then(|limits| value(&limits.cpus, |cpus: &Decimal| cpus.0 > 0.0)),
            value(&spec.cpus, |cpus: &Decimal| cpus.0 > 0.0),
            value(&spec.cpu_quota, positive),
            value(&spec.cpu_shares, positive),
            value(&spec.cpu_count, positive),
            value(&spec.cpu_percent, |percent| percent.0 > 0.0),
        ],
    )
}

/// The limit of the number of processes and threads: `pids_limit`, `deploy.resources.limits.pids`.
#[must_use]
pub fn pids(service: &Service) -> Limit {
    let positive = |number: &i64| *number > 0;
    let deployed = limits(service).and_then(|limits| value(&limits.pids, positive));
    together(service, "pids", [deployed, value(&service.spec.pids_limit, positive)])
}

/// Whether `deploy` has limits already: Compose refuses others beside them, and a further one belongs there.
#[must_use]
pub fn has_deployed(service: &Service) -> bool {
    limits(service).is_some()
}

fn limits(service: &Service) -> Option<&lint_parser::compose::ast::deploy::ResourceLimits> {
    let deploy = service.spec.deploy.as_ref()?;
    let resources = deploy.value.resources.as_ref()?;
    resources.value.limits.as_ref().map(|limits| &limits.value)
}

/// What one attribute says; `None` when it is not written.
fn value<T>(attribute: &Attribute<Cast<T>>, limits: impl Fn(&T) -> bool) -> Option<Limit> {
    let field = attribute.as_ref()?;
    Some(match field.value.known() {
        None => Limit::Unknown,
        Some(value) if limits(value) => Limit::Limited,
        Some(_) => Limit::Unlimited(field.origin),
    })
}

/// What several attributes say together: the engine is given each of them that is a limit, and Compose refuses
/// two that contradict each other.
fn together<const N: usize>(service: &Service, key: &str, said: [Option<Limit>; N]) -> Limit {
    let has = |wanted: Limit| said.contains(&Some(wanted));
    if has(Limit::Limited) {
        Limit::Limited
    } else if has(Limit::Unknown) || is_unreadable(service, key) {
        Limit::Unknown
    } else {
        said.into_iter().flatten().next().unwrap_or(Limit::Absent)
    }
}

/// Whether something on the way to `deploy.resources.limits` is written and could not be read.
fn is_unreadable(service: &Service, key: &str) -> bool {
    let Some(deploy) = &service.spec.deploy else { return false };
    let Some(resources) = &deploy.value.resources else {
        return deploy.value.rest.invalid("resources").is_some();
    };
    match &resources.value.limits {
        Some(limits) => limits.value.rest.invalid(key).is_some(),
        None => resources.value.rest.invalid("limits").is_some(),
    }
}

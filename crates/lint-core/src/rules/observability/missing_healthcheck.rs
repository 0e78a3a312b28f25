use crate::model::build::BuildPlan;
use crate::model::build::base_image::is_for_building_on;
use crate::model::build::stage::{Base, ImageCommand};
use crate::model::container::health::{self, Health};
use crate::model::container::{Container, Image};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-healthcheck",
        docs: "Nothing checks whether the program in the container still works.

## Why
The engine sees that a process runs, not that it answers. A program that hangs keeps getting requests, and services
that wait for it with `condition: service_healthy` cannot.

## Instead
`HEALTHCHECK CMD` in the Dockerfile or `healthcheck.test` on the service, with a program that the image has anyway.

## Fix safety
The fix adds the check that an official image of a database or a broker has the program for. It is unsafe: what waits for the service to be healthy waits for it. Other services have none.

## Limits
Not reported are services whose end others wait for (`service_completed_successfully`), jobs, and a Dockerfile without
`CMD` and `ENTRYPOINT` on a base that starts no server: an image for others to build on. Where the base image is not
known it may bring a check: reported as style then. A check that is switched off is
`disabled-healthcheck`'s.

## When to allow it
A container that does one thing and ends; an orchestrator that brings its own probes, as Kubernetes does.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::DenialOfService],
        references: &[
            Reference::cis("4.6"),
            Reference::cis("5.27"),
            Reference::Nist("4.4.3"),
            Reference::Hadolint("DL3057"),
            Reference::Trivy("DS-0026"),
            Reference::Checkov("CKV_DOCKER_2"),
            Reference::Kics("Healthcheck Instruction Missing"), Reference::KubeLinter("no-liveness-probe"), Reference::KubeLinter("no-readiness-probe"), Reference::Kubescape("C-0056"), Reference::Kubescape("C-0018"), Reference::Checkov("CKV_K8S_8"), Reference::Checkov("CKV_K8S_9"), Reference::Polaris("livenessProbeMissing"), Reference::Polaris("readinessProbeMissing")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let (built, is_certain) = match health::of(container) {
        Health::Absent(place) => (place, true),
        Health::Open(place) => (place, false),
        Health::Checked | Health::Disabled(_) | Health::Unknown => return,
    };
    if container.image.plan().is_some_and(BuildPlan::is_for_development) || is_job(container) {
        return;
    }
    if container.service.is_none() && starts_nothing(container) {
        return;
    }
    let Some(place) = container.service_key().or(built) else { return };
    let message = match is_certain {
        true => "nothing checks whether the program still works",
        false => "nothing checks whether the program still works, unless its base image does",
    };
    let draft = cx
        .report(place, message)
        .maybe_fix(known_check(container))
        .help("add a health check with a program that the image has");
    if !is_certain {
        draft.at_most(Severity::Style);
    }
}

/// An image of files alone, made from nothing, or one for others to build on: nothing but a shell or an interpreter is
/// there to start.
fn starts_nothing(container: &Container<'_>) -> bool {
    let Some((plan, stage)) = container.target() else { return false };
    if plan.starts_prompt(stage) {
        return true;
    }
    // `ENTRYPOINT ["tini", "--"]` alone starts nothing either.
    let has_command =
        stage.config.cmd.as_ref().is_some_and(|command| matches!(command.value, ImageCommand::Line { .. }));
    if !has_command && stage.config.entrypoint.is_some() && is_for_building_on(plan, stage) {
        return true;
    }
    if stage.config.entrypoint.is_some() || stage.config.cmd.is_some() {
        return false;
    }
    match &plan.root_of(stage).base {
        Base::Scratch => true,
        Base::Image(base) => {
            let serves = base.facts.and_then(|facts| facts.exposes()).map(|mut ports| ports.next().is_some());
            serves == Some(false) && stage.config.exposed.is_empty()
        }
        _ => false,
    }
}

/// Does its work and ends: others wait for that, or it is said to be a job.
fn is_job(container: &Container<'_>) -> bool {
    let Some(of) = container.service else { return false };
    let mode = of.service.spec.deploy.as_ref().and_then(|deploy| deploy.value.mode.as_ref());
    of.project.waits_for_end_of(&of.service.name)
        || mode.is_some_and(|mode| matches!(mode.value.as_str(), "replicated-job" | "global-job"))
}

/// The check that the documentation of an official image has.
fn known_check(container: &Container<'_>) -> Option<Fix> {
    let of = container.service?;
    let Image::Named { facts: Some(facts), .. } = &container.image else { return None };
    let test: &[&str] = match facts.repository {
        "docker.io/library/postgres" => &["CMD", "pg_isready"],
        "docker.io/library/redis" => &["CMD", "redis-cli", "ping"],
        "docker.io/valkey/valkey" => &["CMD", "valkey-cli", "ping"],
        "docker.io/library/mariadb" => &["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"],
        "docker.io/library/mysql" => &["CMD", "mysqladmin", "ping", "--silent"],
        "docker.io/library/rabbitmq" => &["CMD", "rabbitmq-diagnostics", "--quiet", "ping"],
        _ => return None,
    };
    let program = *test.get(1)?;
    let test = Yaml::Flow(test.iter().map(|word| Yaml::text(*word)).collect());
    let check = Yaml::Map(vec![
        ("test", test),
        ("interval", Yaml::Bare("30s")),
        ("timeout", Yaml::Bare("5s")),
        ("retries", Yaml::Bare("3")),
    ]);
    let change = of.project.editor_for(of.service).set_in_service(of.service, &["healthcheck"], check)?;
    Some(change.unsafely(format!("Check with `{program}`")))
}

use crate::model::container::{Container, Image};
use crate::model::stage::Base;
use crate::rule::prelude::*;

declare_rule! {
    /// Nothing checks whether the program in the container still works.
    ///
    /// ## Why
    /// The engine sees that a process runs, not that it answers. A program that hangs keeps getting requests, and services
    /// that wait for it with `condition: service_healthy` cannot.
    ///
    /// ## Instead
    /// `HEALTHCHECK CMD` in the Dockerfile or `healthcheck.test` on the service, with a program that the image has anyway.
    ///
    /// ## Limits
    /// Where the base image is not known it may bring a check: reported as style then. A check that is switched off is
    /// `disabled-healthcheck`'s.
    ///
    /// ## When to allow it
    /// A container that does one thing and ends; an orchestrator that brings its own probes, as Kubernetes does.
    pub(super) static RULE = {
        name: "missing-healthcheck",
        severity: Severity::Low,
        category: Category::Observability,
        stride: &[Stride::DenialOfService],
        references: &[
            Reference::cis("4.6"),
            Reference::cis("5.27"),
            Reference::Nist("4.4.3"),
            Reference::Hadolint("DL3057"),
            Reference::Trivy("DS-0026"),
            Reference::Checkov("CKV_DOCKER_2"),
            Reference::Kics("Healthcheck Instruction Missing"),
        ],
        fixable: Fixable::Never,
        profile: Profile::Strict,
        since: "0.1.0",
        checks: &[Check::Container(check)],
    }
}

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    if let Some(of) = container.service {
        let spec = &of.service.spec;
        let check = spec.healthcheck.as_ref().map(|healthcheck| &healthcheck.value);
        let decided = check.is_some_and(|check| {
            check.test.is_some() || check.disable.as_ref().is_some_and(|disable| disable.value.is(true))
        });
        let may_be_set =
            of.service.fragment || !of.service.complete || spec.rest.invalid("healthcheck").is_some();
        if decided || may_be_set || spec.provider.is_some() {
            return;
        }
    }
    let known = match &container.image {
        Image::Built { plan, .. } => {
            let Some(stage) = plan.target_stage() else { return };
            let has_command = stage.config.entrypoint.is_some() || stage.config.cmd.is_some();
            let root = plan.chain(stage.index).last().map(|root| &root.base);
            if stage.config.healthcheck.is_some() {
                return;
            }
            match root {
                Some(Base::Scratch) if !has_command && container.service.is_none() => return,
                Some(Base::Scratch) => Some(false),
                Some(Base::Image(image)) => image.facts.and_then(|facts| facts.healthcheck),
                _ => None,
            }
        }
        Image::Named { facts, .. } => facts.and_then(|facts| facts.healthcheck),
        _ => return,
    };
    if known == Some(true) {
        return;
    }
    let built = container.target().map(|(plan, stage)| Place::new(&plan.dockerfile.file, stage.base_span));
    let Some(place) = container.service_key().or(built) else { return };
    let message = match known {
        Some(_) => "nothing checks whether the program still works",
        None => "nothing checks whether the program still works, unless its base image does",
    };
    let draft = cx.report(place, message).help("add a health check with a program that the image has");
    if known.is_none() {
        draft.at_most(Severity::Style);
    }
}

use crate::model::project::images::pulled;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;
use crate::rule::subject::StageSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "untrusted-registry",
        docs: "An image comes from a registry that is not on your list.

## Why
Whoever runs a registry, or owns an account on one, decides what its images do on your machines. A list of
the ones you trust turns a mistyped name, or an image somebody found, into a finding.

## Instead
Use the image's counterpart on a registry of the list, or mirror it there. Or add the registry to the list.

## Limits
Runs, whatever the profile, where the configuration has a list: `trusted-registries`, each entry a registry
or the beginning of a repository's path on it (`ghcr.io`, `docker.io/library`,
`registry.example.com:5000/team`). `*.example.com` is every registry below that domain. Images that a
service of the project builds are not pulled.
",
        severity: Severity::High,
        profile: Profile::OptIn,
        stride: &[Stride::Tampering, Stride::Spoofing],
        references: &[
            Reference::cis("4.2"),
            Reference::Cwe(829),
            Reference::Owasp("#13"),
            Reference::Nist("4.1.5"),
            Reference::Hadolint("DL3026"),
            Reference::Kubescape("C-0001"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Stage(in_dockerfile)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let trusted = &cx.settings().trusted_registries;
    if trusted.is_empty() {
        return;
    }
    let Some(image) = pulled(subject.project, subject.service) else { return };
    let name = image.reference.normalized_name();
    if trusted.iter().any(|entry| covers(entry, &name)) {
        return;
    }
    subject
        .report_field(
            cx,
            image.field,
            format!("`{}` is on no registry of the list", image.reference.familiar_name()),
        )
        .help("use an image of a trusted registry, or add this one to the list");
}

/// Whether an entry is the beginning of a name, part by part: `ghcr.io/acme` covers `ghcr.io/acme/app` and not
/// `ghcr.io/acme-fork/app`. `*.example.com` covers every registry below that domain, and not the domain itself.
fn covers(entry: &str, name: &str) -> bool {
    let entry = entry.trim_end_matches("/*").trim_end_matches('/');
    let begins = |name: &str, with: &str| {
        name.strip_prefix(with).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match entry.strip_prefix("*.") {
        None => begins(name, entry),
        // Host names know no case, and end where the path begins.
        Some(entry) => {
            let (host, path) = name.split_at(name.find('/').unwrap_or(name.len()));
            let (domain, team) = entry.split_at(entry.find('/').unwrap_or(entry.len()));
            let is_below = host
                .len()
                .checked_sub(domain.len() + 1)
                .and_then(|at| host.split_at_checked(at))
                .is_some_and(|(label, rest)| {
                    !label.is_empty()
                        && rest.strip_prefix('.').is_some_and(|rest| rest.eq_ignore_ascii_case(domain))
                });
            is_below && begins(path, team)
        }
    }
}

fn in_dockerfile(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let trusted = &cx.settings().trusted_registries;
    if trusted.is_empty() || !subject.is_reachable() {
        return;
    }
    for image in subject.plan.used_images(subject.stage) {
        let name = image.reference.normalized_name();
        if trusted.iter().any(|entry| covers(entry, &name)) {
            continue;
        }
        let message = format!("`{}` is on no registry of the list", image.reference.familiar_name());
        cx.report(subject.place(image.span), message)
            .help("use an image of a trusted registry, or add this one to the list");
    }
}

use crate::model::container::confinement::escalates;
use lint_parser::compose::ast::field::Item;
use lint_parser::compose::ast::lifecycle::SecurityOpt;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "new-privileges-allowed",
        docs: r#"Processes in the container can gain privileges they were not started with.

## Why
A program with the setuid bit, such as `su` or `mount`, runs as its owner: whoever takes over a process
that runs as an ordinary user can become root in the container through one of them. With
`no-new-privileges` the kernel refuses that for every process of the container.

## Instead
Add `no-new-privileges=true` to `security_opt`. The older spelling with a colon works too. Of several
entries the last one counts.

## Fix safety
The fix is unsafe, even where the image is known to need nothing more: what the kernel allows the container changes. Where the
image or a command is known to gain privileges (`sudo`, a file with capabilities) it is only shown. The entry is written as the
file writes it elsewhere, with a colon or with `=`.

## Limits
That it is not set is reported as `low`, since nearly every service lacks it; that it is switched off, as `medium`. The daemon can make it the default (`"no-new-privileges": true` in `daemon.json`). When such a file is linted
along, only services that switch it off are reported. Services that a `provider` runs and Windows containers have no such setting.

## When to allow it
A container whose program needs `sudo`, `ping` of old, or another setuid program to work.
"#,
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("5.26"),
            Reference::Cwe(269),
            Reference::Owasp("#4"),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0003"),
            Reference::Kics("No New Privileges Not Set"),
            Reference::Semgrep("no-new-privileges"),
            Reference::CisKubernetes("5.2.6"),
            Reference::KubeLinter("privilege-escalation-container"),
            Reference::Kubescape("C-0016"),
            Reference::Trivy("KSV-0001"),
            Reference::Checkov("CKV_K8S_20"),
            Reference::Polaris("privilegeEscalationAllowed"),
            Reference::Kics("Privilege Escalation Allowed"),
        ],
        fixable: Fixable::Sometimes(UNSAFE_OR_DISPLAY),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "add `no-new-privileges=true` to `security_opt`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    if !subject.has_linux_container() || subject.may_be_set("security_opt") {
        return;
    }
    let options = subject.spec().security_opt.as_ref();
    let items = options.map_or(&[][..], |options| &options.value.items);
    // An option that a variable may turn into anything may be this one.
    if items.iter().any(|item| item.value.key.is_unknown()) {
        return;
    }
    let Some(Item { value: option, origin }) = last_word(items) else {
        if cx.daemon().no_new_privileges {
            return;
        }
        let siblings = subject.siblings_with(|other| {
            let items = other.spec.security_opt.as_ref().map_or(&[][..], |options| &options.value.items);
            last_word(items).is_some_and(|item| matches!(verdict(&item.value), Verdict::Prevented))
        });
        let message = format!(
            "processes in this container can gain new privileges: `no-new-privileges` is not set{siblings}"
        );
        // Nearly every service lacks it; it does not stand beside one that somebody has opened.
        let fix = prevented(subject);
        subject
            .report_absence(cx, message)
            .help(HELP)
            .absent("security_opt:\n  - no-new-privileges=true")
            .maybe_fix(fix)
            .at_most(Severity::Low);
        return;
    };
    let message = match verdict(option) {
        Verdict::Prevented | Verdict::Unknown => return,
        Verdict::Allowed => {
            "processes in this container can gain new privileges: `no-new-privileges` is switched off"
        }
        Verdict::NotABoolean => {
            "`no-new-privileges` is neither true nor false here, so the engine refuses the container"
        }
    };
    let fix = subject.editor().replace(*origin, spelling(subject)).map(|change| offered(subject, change));
    subject.report_at(cx, *origin, message).maybe_fix(fix).help(HELP);
}

/// How many services are asked for their spelling.
const MOST_SIBLINGS: usize = 200;

/// The option, in the spelling that the file has for it: the engine prefers `=`, and people mostly write a colon.
fn spelling(subject: &ServiceSubject<'_>) -> &'static str {
    let services = subject.project.services.iter().take(MOST_SIBLINGS);
    let mut options =
        services.flat_map(|service| &service.spec.security_opt).flat_map(|list| list.value.iter());
    match options.any(|option| option.text.as_str().starts_with("no-new-privileges:")) {
        true => "no-new-privileges:true",
        false => "no-new-privileges=true",
    }
}

/// The option among those there are, or in a list of its own.
fn prevented(subject: &ServiceSubject<'_>) -> Option<Fix> {
    let option = Yaml::text(spelling(subject));
    let change = match subject.spec().security_opt.as_ref() {
        Some(options) => subject.editor().append(options.origin, &[option]),
        None => {
            subject.editor().add_to_service(subject.service, &[("security_opt", Yaml::List(vec![option]))])
        }
    };
    change.map(|change| offered(subject, change))
}

fn offered(subject: &ServiceSubject<'_>, change: Change) -> Fix {
    let title = format!("Set `{}`", spelling(subject));
    match subject.container.is_some_and(escalates) {
        true => change.shown(title),
        false => change.unsafely(title),
    }
}

/// Of several entries the engine heeds the last.
fn last_word(items: &[Item<SecurityOpt>]) -> Option<&Item<SecurityOpt>> {
    items.iter().rev().find(|item| item.value.key.as_str() == "no-new-privileges")
}

enum Verdict {
    Prevented,
    Allowed,
    NotABoolean,
    Unknown,
}

/// The engine reads the value with Go's `strconv.ParseBool`; the option alone means true.
fn verdict(option: &SecurityOpt) -> Verdict {
    let Some(value) = &option.value else { return Verdict::Prevented };
    match value.as_str() {
        _ if value.is_unknown() => Verdict::Unknown,
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Verdict::Prevented,
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Verdict::Allowed,
        _ => Verdict::NotABoolean,
    }
}

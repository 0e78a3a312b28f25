use crate::model::daemon::is_loopback;
use crate::model::downloads::downloads;
use crate::model::packages::{Action, Manager, PackageCommand};
use crate::model::runs::Program;
use crate::rule::check::InstructionSubject;
use crate::rule::context::Draft;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, ProgramSubject, VariableSubject};
use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "tls-verification-disabled",
        docs: r#"The check of certificates is switched off.

## Why
Without it TLS protects against nobody who can do more than listen: whoever sits between the build and the server,
on a public network or a misconfigured proxy, decides what is downloaded. What is downloaded in a build is mostly run
as root. Set in `ENV` or a service's `environment`, it holds for everything the container does later.

## Instead
Install the certificates (`ca-certificates`), or add the authority that signed the server's:
`COPY corporate-ca.crt /usr/local/share/ca-certificates/` and `RUN update-ca-certificates`. Or check what was
downloaded: `echo "<hash>  file" | sha256sum -c`.

## Limits
Looked for are the switches of `curl`, `wget`, `git`, `pip`, `npm`, `yarn`, `pnpm`, `apt`, `yum`, `dnf`, `conda` and
`composer`, as options, settings and variables; of a service and of what an image starts, the variables and the options of
`git`, `helm`, `kubectl`, `skopeo` and `podman`. What is checked by hash or signature later in the same `RUN`, and
what stays on the machine (`localhost`), is not reported.
"#,
        severity: Severity::High,
        stride: &[Stride::Tampering, Stride::Spoofing],
        references: &[
            Reference::cis("4.11"),
            Reference::Cwe(295),
            Reference::Owasp("#13"),
            Reference::Nist("4.1.5"),
            Reference::Checkov("CKV2_DOCKER_2"),
            Reference::Checkov("CKV2_DOCKER_3"),
            Reference::Checkov("CKV2_DOCKER_4"),
            Reference::Checkov("CKV2_DOCKER_5"),
            Reference::Checkov("CKV2_DOCKER_6"),
            Reference::Checkov("CKV2_DOCKER_12"),
            Reference::Checkov("CKV2_DOCKER_13"),
            Reference::Checkov("CKV2_DOCKER_14"),
            Reference::Checkov("CKV2_DOCKER_15"),
            Reference::Checkov("CKV2_DOCKER_16"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check), Check::Program(program), Check::Variable(variable)],
};

const HELP: &str = "install the authority's certificate instead, or check what was downloaded by its hash";

/// `curl`, `wget` and the package managers of a build.
fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    if subject.run().is_none() {
        return;
    }
    let mut found = Vec::new();
    for download in downloads(subject.plan, subject.index) {
        let is_local =
            !download.urls.is_empty() && download.urls.iter().all(|url| url.host().is_some_and(is_loopback));
        if let Some(span) = download.insecure.filter(|_| !download.verified && !is_local) {
            found.push((span, format!("`{}` takes any certificate here", download.program)));
        }
    }
    for command in subject.plan.package_commands(subject.index) {
        found.extend(of_manager(command));
    }
    found.sort_by_key(|(span, _)| *span);
    found.dedup_by_key(|(span, _)| *span);
    for (span, message) in found {
        weigh(&Owner::Instruction(*subject), subject.report(cx, span, message));
    }
}

fn weigh(owner: &Owner<'_>, draft: Draft<'_>) {
    let draft = draft.help(HELP);
    if !owner.is_shipped() {
        draft.at_most(Severity::Medium);
    }
}

fn variable(subject: &VariableSubject<'_>, cx: &mut Context<'_>) {
    if switches_off(&subject.name, &subject.value) {
        let message = format!("`{}` switches the check of certificates off", subject.name);
        weigh(&subject.owner, subject.report(cx, message));
    }
}

fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    if let Some((span, message)) = of_program(subject.program) {
        weigh(&subject.owner, subject.report(cx, span, message));
    }
}

fn switches_off(name: &str, value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    let off = matches!(lower.as_str(), "0" | "false" | "no" | "off");
    let upper = name.to_ascii_uppercase();
    match upper.as_str() {
        "NODE_TLS_REJECT_UNAUTHORIZED" => lower == "0",
        "PYTHONHTTPSVERIFY" => lower == "0",
        "NPM_CONFIG_STRICT_SSL" | "YARN_STRICT_SSL" | "YARN_ENABLE_STRICT_SSL" | "CONDA_SSL_VERIFY" => off,
        "GIT_SSL_NO_VERIFY" => !off && !lower.is_empty(),
        "PIP_TRUSTED_HOST" | "UV_INSECURE_HOST" => lower.split_whitespace().any(|host| !is_loopback(host)),
        "COMPOSER_DISABLE_TLS" => !off && !lower.is_empty(),
        _ => false,
    }
}

fn of_manager(command: &PackageCommand) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for option in &command.options {
        let value = option.value.as_deref().unwrap_or_default().to_ascii_lowercase();
        let off = || value.ends_with("=0") || value.ends_with("=false") || value.ends_with("=no");
        let switched_off = match (command.manager, option.name.as_str()) {
            (Manager::Pip, "--trusted-host" | "--allow-insecure-host")
            | (Manager::Uv, "--allow-insecure-host") => !is_loopback(&value),
            (Manager::Npm | Manager::Yarn | Manager::Pnpm, "--strict-ssl") => value == "false",
            (Manager::Npm | Manager::Pnpm, "--no-strict-ssl") => true,
            (Manager::Dnf, "--setopt") => {
                let setting = value.split('=').next().unwrap_or_default();
                (setting == "sslverify" || setting.ends_with(".sslverify")) && off()
            }
            (Manager::Dnf, "--nosslverify") => true,
            (Manager::Apt, "-o" | "--option") => {
                (value.contains("verify-peer") || value.contains("verify-host")) && off()
            }
            (Manager::Composer, "--no-secure-http") => true,
            _ => false,
        };
        if switched_off {
            found.push((option.span, format!("`{}` takes any certificate here", command.program)));
        }
    }
    if command.action == Action::Configure && turns_off(command) {
        found.push((command.span, format!("`{}` takes any certificate from here on", command.program)));
    }
    found
}

/// `npm config set strict-ssl false`, `npm set strict-ssl=false`, `composer config disable-tls true`
fn turns_off(command: &PackageCommand) -> bool {
    let words: Vec<_> = command.operands.iter().filter_map(Word::literal_text).collect();
    let text = words.join("=").replace(' ', "=").to_ascii_lowercase();
    let settings = [
        "strict-ssl=false",
        "strict-ssl=0",
        "enablestrictssl=false",
        "disable-tls=true",
        "secure-http=false",
    ];
    let hosts = (command.manager == Manager::Pip)
        .then(|| {
            text.split_once("=global.trusted-host=").or_else(|| text.split_once("=install.trusted-host="))
        })
        .flatten();
    if hosts.is_some_and(|(_, hosts)| hosts.split('=').any(|host| !host.is_empty() && !is_loopback(host))) {
        return true;
    }
    let flag = command.options.iter().any(|option| option.name == "--set");
    settings.iter().any(|setting| text == *setting || text.ends_with(&format!("={setting}")))
        || (command.manager == Manager::Conda && flag && text == "ssl_verify=false")
        || (command.manager == Manager::Conda && text.ends_with("ssl_verify=false"))
}

fn of_program(program: &Program) -> Option<(Span, &'static str)> {
    let args = program.args();
    let text = |word: &Word| word.literal_text().map(|text| text.to_ascii_lowercase());
    let last = args.last()?;
    match program.name()? {
        "git" => {
            for (at, word) in args.iter().enumerate() {
                let Some(option) = text(word) else { continue };
                let next = args.get(at + 1).and_then(text).unwrap_or_default();
                let setting = option.ends_with("http.sslverify") || option.ends_with(".sslverify");
                if matches!(option.as_str(), "http.sslverify=false" | "http.sslverify=0")
                    || (setting && matches!(next.as_str(), "false" | "0"))
                {
                    return Some((word.span().cover(last.span()), "`git` takes any certificate here"));
                }
            }
            None
        }
        "helm" | "kubectl" | "oc" | "skopeo" | "podman" | "buildah" => {
            let flags = [
                "--insecure-skip-tls-verify",
                "--insecure-skip-tls-verify=true",
                "--tls-verify=false",
                "--src-tls-verify=false",
            ];
            let word = args.iter().find(|word| flags.iter().any(|flag| word.is(flag)))?;
            Some((word.span(), "this takes any certificate"))
        }
        _ => None,
    }
}

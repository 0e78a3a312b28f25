use crate::model::runs::packages::PackageCommand;
use crate::model::runs::tls;
use crate::rule::check::InstructionSubject;
use crate::rule::context::Draft;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, ProgramSubject, RunsSubject, VariableSubject};
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

## Fix safety
Certificates are then checked, so that the build stops where one is not what it should be.

## Limits
Looked for are the switches of `curl`, `wget`, `git`, `pip`, `uv`, `npm`, `yarn`, `pnpm`, `apt`, `yum`, `dnf`, `conda`,
`composer`, `bundle`, `gem`, `poetry`, `apk`, `zypper`, `go`, `deno`, `mvn`, `mix`, `aws`, `az`, `gcloud`, `kubectl`, `helm`,
`podman`, `skopeo`, `oras`, `vault`, `consul`, `nomad`, `svn`, `hg`, `lftp`, `rclone`, `mc`, MongoDB's tools, `ansible-galaxy` and HTTPie, as options, variables and settings, also in the files that they read (`.npmrc`, `.curlrc`,
`wgetrc`, `apt.conf.d`, `*.repo` …), with the values that each of them takes for no: for `GIT_SSL_NO_VERIFY` that is any value. What is
checked by hash or signature later in the same `RUN` or command, and what stays on the machine (`localhost`), is not
reported; nor are the downloads of a health check.
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
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[
        Check::Runs(check),
        Check::Instruction(copied),
        Check::Program(program),
        Check::Variable(variable),
    ],
};

const HELP: &str = "install the authority's certificate instead, or check what was downloaded by its hash";

/// `curl`, `wget` and the package managers.
fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    for download in subject.downloads() {
        if let Some(span) = download.insecure.filter(|_| !download.verified && !download.is_local()) {
            found.push((span, format!("`{}` takes any certificate here", download.program)));
        }
    }
    for command in subject.package_commands().iter() {
        found.extend(of_manager(command));
    }
    found.extend(
        tls::settings_written(&subject.course()).into_iter().map(|set| (set.span, of_file(&set.file))),
    );
    found.sort_by_key(|(span, _)| *span);
    found.dedup_by_key(|(span, _)| *span);
    for (span, message) in found {
        let fix = match &subject.owner {
            Owner::Instruction(own) => without(own, span),
            Owner::Service(_) => None,
        };
        weigh(&subject.owner, subject.report(cx, subject.file_at(span), span, message).maybe_fix(fix));
    }
}

/// The command without the option, where the word is nothing but that.
fn without(subject: &InstructionSubject<'_>, option: Span) -> Option<Fix> {
    let written = subject.plan.dockerfile.file.slice(option);
    let bare = written.trim_matches(['"', '\'']);
    let is_option = bare == "-k" || (bare.starts_with("--") && !bare.contains(char::is_whitespace));
    let edit = subject.edits().remove_option(subject.index, option).filter(|_| is_option);
    Fix::of(format!("Remove `{bare}`"), Applicability::Unsafe, [edit])
}

fn of_file(file: &str) -> String {
    format!("what reads `{file}` takes any certificate from here on")
}

/// `COPY <<EOF /root/.npmrc`
fn copied(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let Some(copy) = subject.copy() else { return };
    let operation = subject.operation();
    if operation.heredocs.is_empty() {
        return;
    }
    let paths = subject.plan.written_paths(subject.index, copy);
    for (heredoc, path) in operation.heredocs.iter().zip(&paths) {
        for span in tls::settings_of_file(path, &heredoc.content) {
            let draft = subject.report(cx, span, of_file(crate::files::file_name(path)));
            weigh(&Owner::Instruction(*subject), draft);
        }
    }
}

fn weigh(owner: &Owner<'_>, draft: Draft<'_>) {
    let draft = draft.help(HELP);
    if !owner.is_shipped() {
        draft.at_most(Severity::Medium);
    }
}

fn variable(subject: &VariableSubject<'_>, cx: &mut Context<'_>) {
    if tls::variable(&subject.name, &subject.value) {
        let message = format!("`{}` switches the check of certificates off", subject.name);
        weigh(&subject.owner, subject.report(cx, message));
    }
}

fn program(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let program = subject.program;
    if let Some(span) = tls::in_program(&program.invocation().words) {
        let message = format!("`{}` takes any certificate here", program.name().unwrap_or_default());
        weigh(&subject.owner, subject.report(cx, span, message));
    }
}

fn of_manager(command: &PackageCommand) -> Vec<(Span, String)> {
    let here = tls::in_options(command);
    let mut found: Vec<_> =
        here.map(|span| (span, format!("`{}` takes any certificate here", command.program))).collect();
    if tls::is_configured_off(command) {
        found.push((command.span, format!("`{}` takes any certificate from here on", command.program)));
    }
    found
}

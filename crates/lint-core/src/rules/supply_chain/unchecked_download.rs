use crate::model::runs::downloads::{Download, Url, UseKind};
use crate::rule::prelude::*;
use crate::rule::program::RunsSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unchecked-download",
        docs: r#"A program, an archive or a package is downloaded and used, and nothing says what must come.

## Why
`curl -o` and `wget` leave to the server what becomes part of the image, as `ADD` of an address does. A release that was
replaced, a server that was taken over, a cache in between: the build takes what comes, and nobody is told. `https` says who
sent it, not what it is.

## Instead
Compare a hash before the file is used, in the same `RUN`:
`curl -fsSLo kit.tgz https://.../kit-1.4.tgz && echo "<hash>  kit.tgz" | sha256sum -c && tar xzf kit.tgz`. Or a signature, with
`gpg --verify`; or let BuildKit do it: `ADD --checksum=sha256:... https://... /tmp/kit.tgz`. Of what is piped into `tar` nothing can be
checked before it is unpacked: save it first.

## Limits
Reported is what is unpacked, installed as a package, made executable or run. Keys, configuration and data are not, nor what
comes from this machine or from an address that holds a commit or a hash. Any check that may speak for the file counts, one that
names another file does not. Severity depends on the address: one without a version in it gives something else
tomorrow, one with a version only if somebody replaces a release.
"#,
        severity: Severity::Medium,
        profile: Profile::Strict,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("4.11"),
            Reference::Cwe(494),
            Reference::Owasp("#13"),
            Reference::Nist("4.1.5"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Runs(check)],
};

fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    for download in subject.downloads() {
        let Some(used) = download.used.filter(|_| !download.verified && !download.fetches_nothing) else {
            continue;
        };
        // A shell that runs it unseen is a finding of its own, and plain HTTP too.
        let is_said = download.runner.is_some() || download.urls.iter().any(Url::is_plain_http);
        if is_said || download.is_local() || !download.urls.iter().any(is_open) {
            continue;
        }
        let what = match used.kind {
            UseKind::Unpacked => "unpacked",
            UseKind::Installed => "installed",
            UseKind::Run => "made executable or run",
        };
        let file = subject.file_at(download.span);
        let draft = subject.report(cx, file, download.span, message(download, what));
        let draft = draft.help("compare a hash before it is used: `echo \"<hash>  <file>\" | sha256sum -c`");
        if download.urls.iter().all(names_version) {
            draft.at_most(Severity::Low);
        }
    }
}

fn message(download: &Download, what: &str) -> String {
    match download.urls.iter().all(names_version) {
        true => format!("whatever the server sends is {what}, and nothing checks it"),
        false => format!("whatever the server sends at the time is {what}, and nothing checks it"),
    }
}

/// Whether the server decides what is behind an address: one that is known, without a commit or a hash in it.
fn is_open(url: &Url) -> bool {
    let is_remote = matches!(url.scheme().as_deref(), Some("https" | "http" | "ftp" | "ftps"));
    let is_digest = |part: &str| part.len() >= 40 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_remote && url.text.contains("://") && !url.text.split(['/', '?', '=', ':', '@', '-']).any(is_digest)
}

/// Whether an address holds a version, or a variable, which may be one: `/v1.4/`, `kit-2024.1.tgz`, `${VERSION}`.
fn names_version(url: &Url) -> bool {
    let path = url.text.split_once("://").map_or(&*url.text, |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let is_version = |part: &str| {
        let digits = part.trim_start_matches(['v', 'V', 'r']);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && (digits.len() < part.len() || digits.contains('.') || digits.len() > 3)
    };
    path.contains(['$', '`']) || path.split(['/', '-', '_', '=', '@', '+']).any(is_version)
}

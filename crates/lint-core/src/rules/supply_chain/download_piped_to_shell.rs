use crate::rule::prelude::*;
use crate::rule::program::RunsSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "download-piped-to-shell",
        docs: r#"A program is downloaded and run without anybody having seen it.

## Why
What the server sends is run, mostly as root: in the build, or each time the service starts. Nothing says that it is what it was yesterday: the server
may be taken over, the domain sold, the connection cut in the middle of a line. With plain `http` everybody in between
decides, too.

## Instead
Use a package of the distribution; or download a fixed version, compare its hash, and run it then:
`curl -fsSLO https://.../install-1.2.sh && echo "<hash>  install-1.2.sh" | sha256sum -c && sh install-1.2.sh`.

## Limits
Understood are pipes into shells, Python, Perl, Ruby, PHP and Node.js, filters in between included, and
`sh -c "$(curl ...)"`, `bash <(curl ...)`, `eval`, in a build and in what a service runs. A script that is saved and
then run is what `unchecked-download` is for.
"#,
        severity: Severity::Medium,
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
        let Some(runner) = download.runner.as_ref().filter(|_| !download.is_local()) else { continue };
        let plain = download.urls.iter().any(|url| url.is_plain_http());
        let way = if plain { ", over plain HTTP" } else { "" };
        let message = format!("`{}` runs whatever the server sends{way}", runner.name);
        subject
            .report(cx, subject.file_at(download.span), download.span.cover(runner.span), message)
            .help("download a fixed version, check its hash, and run it then");
    }
}

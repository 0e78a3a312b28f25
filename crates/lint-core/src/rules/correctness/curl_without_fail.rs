use crate::model::runs::downloads::{Download, Url, UseKind};
use crate::model::runs::{By, Program};
use crate::rule::prelude::*;
use crate::rule::program::{Owner, RunsSubject};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "curl-without-fail",
        docs: "When the server answers with an error, `curl` saves the page that says so.

## Why
Without `-f`, `curl` succeeds whatever the server answers: what it was to download is then a page that says \"404 Not
Found\", and the build goes on. The image has a configuration, a key or a program that is none, and it shows when the container starts.

## Instead
`curl -fsSLo file https://...`. `--fail-with-body` keeps the page and fails too. `wget` fails by itself.

## Fix safety
A build that went on with an error page then stops.

## Limits
Reported are files that a `RUN` saves. Nothing is said where the file is checked, or where what comes next would not take the page: it is
unpacked, installed, or read by another program; nor where the status is asked for with `-w`.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        references: &[Reference::Url("https://curl.se/docs/manpage.html#-f")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Runs(check)],
};

fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    let Owner::Instruction(own) = subject.owner else { return };
    for download in subject.downloads().iter().filter(|download| keeps_errors(download)) {
        // The one that stands there: what a script of a script runs is not ours to edit.
        let is_it = |program: &&Program| {
            program.by == By::Run && program.span() == download.span && !program.may_have_options()
        };
        let Some(program) = subject.programs.iter().find(is_it) else { continue };
        let fix = Fix::of(
            "Add `-f`",
            Applicability::Unsafe,
            [own.edits().add_option(own.index, program.name_span(), "-f")],
        );
        own.report(
            cx,
            program.name_span(),
            "`curl` saves the server's error page as the file, and the build goes on",
        )
        .help("add `-f`")
        .maybe_fix(fix);
    }
}

/// Whether an error page becomes the file, and nothing that comes next would stop at it.
fn keeps_errors(download: &Download) -> bool {
    let is_refused = |kind: UseKind| matches!(kind, UseKind::Unpacked | UseKind::Installed);
    let is_saved = |file: &String| !file.starts_with("/dev/");
    !download.minds_errors
        && !download.fetches_nothing
        && !download.verified
        && download.files.iter().any(is_saved)
        && !download.used.is_some_and(|used| is_refused(used.kind))
        && !download.is_local()
        && download.urls.iter().any(is_http)
}

/// Errors are what servers of HTTP answer; of others `curl` knows.
fn is_http(url: &Url) -> bool {
    matches!(url.scheme().as_deref(), Some("http" | "https"))
}

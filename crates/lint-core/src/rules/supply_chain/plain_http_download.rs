use crate::model::runs::Program;
use crate::model::runs::checks::verifies;
use crate::model::runs::downloads::{host, is_plain_http};
use crate::model::runs::packages::{Action, Manager};
use crate::model::values::shell_words::evaluate;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;
use crate::rule::program::{Owner, RunsSubject};
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "plain-http-download",
        docs: r#"Something is downloaded over plain HTTP and nothing checks what came.

## Why
Everybody between the build and the server can put something else in its place: the network at the office, a proxy,
a provider. What is downloaded in a build is mostly run as root, or shipped.

## Instead
Use `https`. Where the server has none, compare a hash in the same `RUN`: `echo "<hash>  file" | sha256sum -c`, or
`ADD --checksum=sha256:...`.

## Fix safety
Offered for hosts that are known to serve HTTPS.

## Limits
Looked at are `curl`, `wget`, `git clone`, `ADD`, and the addresses of packages and indexes given to `pip`, `npm`,
`gem`, `rpm`, `yum` and `dnf`. Repositories whose packages are signed are not, nor what stays on the machine. A host
that is known at build time only may be the machine itself.
"#,
        severity: Severity::Medium,
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("4.11"),
            Reference::Cwe(319),
            Reference::Cwe(494),
            Reference::Owasp("#13"),
            Reference::Nist("4.1.5"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Runs(check), Check::Instruction(added)],
};

fn check(subject: &RunsSubject<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    for download in subject.downloads() {
        if !download.fetches_nothing && !download.verified {
            found.extend(download.urls.iter().filter(|url| url.is_plain_http()).map(|url| url.span));
        }
    }
    if !verifies(subject.programs) {
        found.extend(of_packages(subject));
    }
    found.sort();
    found.dedup();
    for span in found {
        let fix = match &subject.owner {
            Owner::Instruction(own) => encrypted(own, span),
            Owner::Service(_) => None,
        };
        subject.report(cx, subject.file_at(span), span, MESSAGE).help(HELP).maybe_fix(fix);
    }
}

/// `ADD http://…`
fn added(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Add(_) = &subject.operation().kind else { return };
    let Some(copy) = subject.copy().filter(|_| subject.operation().flag("checksum").is_none()) else {
        return;
    };
    for source in &copy.sources {
        if is_plain_http(&subject.plan.expand(subject.index, source).shown) {
            subject
                .report(cx, source.span(), MESSAGE)
                .help(HELP)
                .maybe_fix(encrypted(subject, source.span()));
        }
    }
}

const MESSAGE: &str = "this comes over plain HTTP, and nothing checks what came";
const HELP: &str = "use `https`, or compare a hash of what was downloaded";

/// Hosts that serve the same over HTTPS, and the domains whose every host does.
const SERVE_HTTPS: [&str; 31] = [
    "apache.org",
    "apt.postgresql.org",
    "archive.org",
    "bitbucket.org",
    "cpan.org",
    "cran.r-project.org",
    "deb.debian.org",
    "deb.nodesource.com",
    "dl.google.com",
    "docker.com",
    "downloads.sourceforge.net",
    "ftp.gnu.org",
    "getcomposer.org",
    "github.com",
    "githubusercontent.com",
    "gitlab.com",
    "golang.org",
    "googleapis.com",
    "launchpad.net",
    "maven.org",
    "microsoft.com",
    "mirrors.kernel.org",
    "nginx.org",
    "nodejs.org",
    "php.net",
    "pypi.org",
    "python.org",
    "repo1.maven.org",
    "rubygems.org",
    "security.debian.org",
    "sourceforge.net",
];

/// The address with `https`.
fn encrypted(subject: &InstructionSubject<'_>, span: Span) -> Option<Fix> {
    let written = subject.plan.dockerfile.file.slice(span);
    let at = span.start() + written.find("http://")?;
    let host = host(written.get(at - span.start()..)?)?;
    let is_known = SERVE_HTTPS
        .iter()
        .any(|known| host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    let is_one = written.matches("http://").count() == 1;
    let edit =
        subject.edits().replace(Span::new(at, at + "http".len()), "https").filter(|_| is_known && is_one);
    Fix::of("Use `https`", Applicability::Unsafe, [edit])
}

fn of_packages(subject: &RunsSubject<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    for command in subject.package_commands().iter() {
        let unsigned = matches!(
            command.manager,
            Manager::Pip | Manager::Uv | Manager::Npm | Manager::Yarn | Manager::Pnpm | Manager::Gem
        );
        let files =
            matches!(command.manager, Manager::Rpm | Manager::Dnf) && command.action == Action::Install;
        if unsigned {
            let addresses =
                ["--index-url", "-i", "--extra-index-url", "--registry", "--source", "--find-links"];
            let options = command.options.iter().filter(|option| addresses.contains(&option.name.as_str()));
            found.extend(
                options.filter(|option| option.value.as_deref().is_some_and(is_plain_http)).map(|o| o.span),
            );
        }
        if unsigned || files || command.verb.iter().any(|verb| verb.is("--import")) {
            let operands = command.operands.iter();
            found.extend(operands.filter(|word| is_plain(subject, word)).map(Word::span));
        }
    }
    let clones = |program: &&Program| {
        program.name() == Some("git") && program.args().iter().any(|word| word.is("clone"))
    };
    let args = subject.programs.iter().filter(clones).flat_map(Program::args);
    found.extend(args.filter(|word| is_plain(subject, word)).map(Word::span));
    found
}

fn is_plain(subject: &RunsSubject<'_>, word: &Word) -> bool {
    match evaluate(word, subject.owner.variables()) {
        Some(text) => is_plain_http(&text),
        None => is_plain_http(&word.unquoted()),
    }
}

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::model::runs::downloads::host;
use crate::model::runs::packages::Manager;
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "extra-package-index",
        docs: "pip takes packages from two indexes at once.

## Why
`--extra-index-url` puts both indexes on one footing: of each package pip takes the highest version, from whichever
has it. Who registers the name of your private package on PyPI, with a higher number, has their code in your
image. This is called dependency confusion, and it has worked on large companies.

## Instead
Give one index, `--index-url`, that serves both: a proxy in front of PyPI. Or let uv install, which takes each
package from the first index that has it; or pin hashes, `--require-hashes`.

## Fix safety
The index must then have all that is installed.

## Limits
Indexes that publish for everybody what is on PyPI too (PyTorch's, NVIDIA's, piwheels) are not reported.
Settings in files (`pip.conf`, `requirements.txt`) are not read.
",
        severity: Severity::Medium,
        profile: Profile::Strict,
        stride: &[Stride::Spoofing, Stride::Tampering],
        references: &[Reference::cis("4.11"), Reference::Cwe(427), Reference::Nist("4.1.5")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// Hosts of indexes whose packages are public.
const PUBLIC: [&str; 6] = [
    "download.pytorch.org",
    "pypi.nvidia.com",
    "pypi.ngc.nvidia.com",
    "piwheels.org",
    "www.piwheels.org",
    "pypi.anaconda.org",
];

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let mut found: Vec<Span> = Vec::new();
    if subject.run().is_some() {
        for command in subject.plan.package_commands(subject.index) {
            if command.manager != Manager::Pip
                || command.program == "uv"
                || command.option(&["--require-hashes"]).is_some()
            {
                continue;
            }
            let extra = command.options.iter().filter(|option| option.name == "--extra-index-url");
            found.extend(
                extra
                    .filter(|option| option.value.as_deref().is_some_and(is_private))
                    .map(|option| option.span),
            );
        }
        let set = subject.plan.variables_set(subject.index).iter();
        let indexes = set.filter(|set| &*set.name == "PIP_EXTRA_INDEX_URL" && is_private(&set.value));
        found.extend(indexes.map(|set| set.span));
    }
    if let (InstructionKind::Env(pairs), true) = (&subject.operation().kind, subject.is_reachable()) {
        for pair in pairs {
            let Some(value) = &pair.value else { continue };
            let value = subject.plan.expand(subject.index, value);
            if pair.key.text() == "PIP_EXTRA_INDEX_URL" && is_private(&value.shown) {
                found.push(pair.span);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    for span in found {
        subject
            .report(cx, span, "whichever index has the higher version of a package decides what is installed")
            .help("give one index that serves both with `--index-url`, or pin hashes")
            .maybe_fix(as_only_index(subject, span));
    }
}

/// The index as the only one, where no other is named.
fn as_only_index(subject: &InstructionSubject<'_>, span: Span) -> Option<Fix> {
    let text = subject.plan.dockerfile.file.slice(span);
    let own = subject.plan.dockerfile.file.slice(subject.instruction.span);
    let is_only = own.matches("index-url").count() == 1 && !own.contains(" -i ");
    let name = "--extra-index-url";
    let at = Span::new(span.start(), span.start() + name.len());
    let edit =
        subject.edits().replace_word(at, name, "--index-url").filter(|_| is_only && text.starts_with(name));
    Fix::of("Use `--index-url`", Applicability::Unsafe, [edit])
}

/// Whether one of the addresses, parted by blanks, may be that of a private index.
fn is_private(value: &str) -> bool {
    value.split_whitespace().any(|url| host(url).is_none_or(|host| !PUBLIC.contains(&host)))
}

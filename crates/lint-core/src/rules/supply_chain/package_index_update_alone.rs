use crate::model::runs::Program;
use crate::model::runs::packages::{Action, PackageCommand};
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;
use lint_parser::dockerfile::ast::{InstructionKind, Run};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "package-index-update-alone",
        docs: "A `RUN` fetches the package index and installs nothing with it.

## Why
The layer is cached. A later `RUN apt-get install` uses the index of the day the layer was built, for months
perhaps: it installs versions with known faults, or fails because they are no longer there.

## Instead
Fetch and install in one `RUN`, so that both are done again together:
`RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*`. `apk
add --no-cache` needs no update at all.

## Fix safety
The fix makes one `RUN` of this one and the next, where that one installs something. It is unsafe: the image has other layers.

## Limits
Where the same `RUN` goes on to a script or program of your own, that may install something. A cache mount
for the index is not reported: nothing of it stays in the layer.
",
        severity: Severity::Low,
        fixable: Fixable::Sometimes(UNSAFE),
        stride: &[Stride::Tampering],
        references: &[
            Reference::cis("4.7"),
            Reference::Cwe(1104),
            Reference::Owasp("#9"),
            Reference::Nist("4.1.1"),
            Reference::Trivy("DS-0017"),
            Reference::Checkov("CKV_DOCKER_5"),
            Reference::Kics("Update Instruction Alone"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let Some(programs) = subject.run() else { return };
    let InstructionKind::Run(run) = &subject.operation().kind else { return };
    if subject.plan.script(subject.index).is_some_and(|script| script.unparsed.is_some()) {
        return;
    }
    let calls = subject.plan.package_commands(subject.index);
    let Some(first) = calls.iter().find(|call| call.action == Action::Refresh) else { return };
    if keeps_index_outside(run) || may_install(programs, first) {
        return;
    }
    let mut used = BTreeSet::new();
    let mut alone = Vec::new();
    for call in calls.iter().rev() {
        if call.uses_index() || call.verb.first().is_some_and(|verb| verb.literal_text().is_none()) {
            used.insert(call.manager);
        } else if call.action == Action::Refresh && !used.contains(&call.manager) {
            alone.push(call);
        }
    }
    for call in alone.into_iter().rev() {
        let message =
            format!("`{}` fetches the package index, and nothing in this `RUN` uses it", call.program);
        subject
            .report(cx, call.span, message)
            .help("install in the same `RUN`")
            .maybe_fix(joined(subject, call));
    }
}

/// One `RUN` of this one and the next, where that one installs something.
fn joined(subject: &InstructionSubject<'_>, call: &PackageCommand) -> Option<Fix> {
    let next = subject.index + 1;
    let flags = |index: usize| Some(subject.plan.instruction(index)?.flags.len());
    let calls = subject.plan.package_commands(next);
    let installs = calls.iter().any(|other| other.uses_index() && other.manager == call.manager);
    // What else it does may take the index away again.
    let is_alone = subject.run().is_some_and(|programs| programs.len() == 1);
    let is_plain = installs && is_alone && flags(subject.index) == Some(0) && flags(next) == Some(0);
    let edit = subject.edits().join_runs(subject.index, next).filter(|_| is_plain);
    Fix::of("Install in the same `RUN`", Applicability::Unsafe, [edit])
}

fn keeps_index_outside(run: &Run) -> bool {
    let options = run.mounts.iter().flat_map(|mount| &mount.options);
    let targets = options.filter(|option| matches!(option.key.text(), "target" | "dst" | "destination"));
    targets.filter_map(|option| option.value.as_ref()).any(|target| {
        let target = target.text();
        ["/var/lib/apt", "/var/cache", "/etc/apk/cache", "/var/lib/pacman"]
            .iter()
            .any(|dir| target.starts_with(dir))
    })
}

/// Whether a program runs that may install packages in its own way.
fn may_install(programs: &[Program], first: &PackageCommand) -> bool {
    programs.iter().any(|program| {
        let Some(word) = program.invocation().words.first() else { return false };
        if word.span() < first.program_span {
            return false;
        }
        let Some(name) = program.name() else { return true };
        let path = word.literal_text().unwrap_or_default();
        let own = path.starts_with("./")
            || path.contains(".sh")
            || path.starts_with("/tmp")
            || path.starts_with("/opt");
        let runs_script =
            matches!(name, "sh" | "bash" | "ash" | "." | "source" | "make" | "python" | "python3")
                && program.invocation().script().is_none();
        let installers = [
            "install_packages",
            "gdebi",
            "mk-build-deps",
            "rosdep",
            "tasksel",
            "apt-fast",
            "install-php-extensions",
            "docker-php-ext-install",
            "clean-install",
            "apt-install",
            "playwright",
            "npx",
            "dpkg-reconfigure",
            "pecl",
            "xargs",
            "debootstrap",
            "multistrap",
            "apt-cache",
            "apt-rdepends",
            "cmd",
        ];
        own || runs_script || installers.contains(&name)
    })
}

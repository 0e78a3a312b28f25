use crate::model::build::BuildPlan;
use crate::model::runs::packages::undone::Undone;
use crate::model::runs::packages::{Action, Manager, PackageCommand};
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "needless-package",
        docs: "The image holds programs that serve an attacker more than its service.

## Why
Whoever gets into a container works with what is there. Network tools find the next host, debuggers read the memory
of other processes, a compiler builds the rest; and each of them is one more program with faults to patch.

## Instead
Compile in a stage of its own and copy the result: `COPY --from=build`. Debug with `docker debug`, or with a second
container that shares the first one's namespaces.

## Fix safety
What needs the package when it runs no longer finds it.

## Limits
A list of packages of Debian, Alpine, Fedora, SUSE and Arch. Only the stages the image is made of are looked at;
packages that the same `RUN` removes again are not reported, be it by name, by `apt-mark auto` and `apt-get purge
--auto-remove`, as a virtual one of `apk`, or by `dnf history undo`.

## When to allow it
An image for development, or one whose purpose is the tool.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::cis("4.3"), Reference::Cwe(1125), Reference::Nist("4.1.2")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

/// Names of packages, and what they are.
const PACKAGES: [(&[&str], &str); 5] = [
    (
        &[
            "telnet",
            "telnetd",
            "inetutils-telnet",
            "inetutils-telnetd",
            "telnet-server",
            "busybox-extras",
            "rsh-client",
            "rsh-server",
            "rsh",
        ],
        "a program that sends passwords in the clear",
    ),
    (
        &[
            "vsftpd",
            "proftpd",
            "proftpd-basic",
            "proftpd-core",
            "pure-ftpd",
            "ftpd",
            "tftpd",
            "tftpd-hpa",
            "tftp-server",
        ],
        "a file server that sends passwords in the clear",
    ),
    (
        &[
            "netcat",
            "netcat-openbsd",
            "netcat-traditional",
            "nmap",
            "nmap-ncat",
            "ncat",
            "socat",
            "tcpdump",
            "wireshark",
            "tshark",
            "hping3",
            "masscan",
            "ettercap-text-only",
        ],
        "a tool to explore the network with",
    ),
    (&["gdb", "gdbserver", "strace", "ltrace", "lldb"], "a debugger"),
    (
        &["build-essential", "build-base", "gcc", "g++", "clang", "gcc-c++", "base-devel", "make", "cmake"],
        "a tool to build programs with",
    ),
];

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    if plan.is_for_development() {
        return;
    }
    for index in plan.shipped().flat_map(|stage| stage.instructions.clone()) {
        if !plan.instruction(index).is_some_and(|i| matches!(i.kind, InstructionKind::Run(_))) {
            continue;
        }
        let calls = plan.package_commands(index);
        for (at, call) in calls.iter().enumerate().filter(|(_, call)| is_install(call)) {
            let found = needless(call);
            if found.is_empty() {
                continue;
            }
            let undone = Undone::of(calls, &plan.course(index));
            let leaves_others = call.operands.len() > found.len();
            for (span, name, what) in found.into_iter().filter(|(_, name, _)| !undone.removes(at, name)) {
                let edit = Edits::of(plan).remove_option(index, span).filter(|_| leaves_others);
                let fix = Fix::of(format!("Leave `{name}` out"), Applicability::Unsafe, [edit]);
                cx.report(Place::new(&plan.dockerfile.file, span), format!("`{name}` is {what}"))
                    .help("install it in a stage the image is not made of, or not at all")
                    .maybe_fix(fix);
            }
        }
    }
}

fn is_install(call: &PackageCommand) -> bool {
    call.action == Action::Install
        && matches!(
            call.manager,
            Manager::Apt | Manager::Apk | Manager::Dnf | Manager::Zypper | Manager::Pacman
        )
}

fn needless(call: &PackageCommand) -> Vec<(Span, String, &'static str)> {
    let operands = call.operands.iter().filter_map(|word| {
        let text = word.literal_text()?;
        let name = text.split(['=', '~', '<', '>', ':']).next().unwrap_or_default();
        let (_, what) = PACKAGES.iter().find(|(names, _)| names.contains(&name))?;
        Some((word.span(), name.to_owned(), *what))
    });
    operands.collect()
}

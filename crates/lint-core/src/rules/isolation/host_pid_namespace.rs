use crate::model::project::namespaces::Namespace;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-pid-namespace",
        docs: "The container sees the host's processes.

## Why
It sees every process of the host with its arguments and, as root, its environment and open files
(`/proc/1/root` is the host's file system). It can send them signals. Together with `SYS_PTRACE` it is root on
the host.

## Instead
Remove `pid`. To watch or debug another service, join its processes alone: `pid: service:name`.

## Fix safety
The fix is unsafe: a program that looks at processes of the host, such as a monitor, sees its own alone. Where the service joins another one, that one is to change.

## Limits
Services that join another service (`service:name`) are followed.

## When to allow it
Programs that watch the host, such as a process exporter.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[
            Reference::cis("5.16"),
            Reference::Cwe(653),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0010"),
            Reference::Kics("Host Namespace is Shared"), Reference::CisKubernetes("5.2.3"), Reference::KubeLinter("host-pid"), Reference::Kubescape("C-0038"), Reference::Trivy("KSV-0010"), Reference::Checkov("CKV_K8S_17"), Reference::Polaris("hostPIDSet"), Reference::Kics("Shared Host PID Namespace")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "remove `pid`, or join the one service it is meant for: `pid: service:name`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let message = "this container sees and can signal every process of the host";
    if let Some(draft) = subject.report_in_host(cx, Namespace::Pid, message) {
        draft.maybe_fix(subject.leave_host(Namespace::Pid)).help(HELP);
    }
}

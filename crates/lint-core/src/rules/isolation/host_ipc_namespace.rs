use crate::model::project::namespaces::Namespace;

use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-ipc-namespace",
        docs: "The container shares memory segments with the host.

## Why
Shared memory, semaphores and message queues of the host's programs can be read and changed from the container;
databases and graphics programs keep their working data there.

## Instead
Remove `ipc`. Services that share memory with each other use `ipc: shareable` in one and `ipc: service:name` in
the others; a program that needs much of it gets `shm_size`.

## Fix safety
The fix is unsafe: a program that shares memory with the host stops working. Where the service joins another one, that one is to change.

## Limits
Services that join another service (`service:name`) are followed.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege, Stride::InformationDisclosure],
        references: &[
            Reference::cis("5.17"),
            Reference::Cwe(653),
            Reference::Nist("4.4.3"),
            Reference::ComposeLint("CL-0010"),
            Reference::Kics("Shared Host IPC Namespace"), Reference::CisKubernetes("5.2.4"), Reference::KubeLinter("host-ipc"), Reference::Trivy("KSV-0008"), Reference::Checkov("CKV_K8S_18"), Reference::Polaris("hostIPCSet")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

const HELP: &str = "remove `ipc`, or share between services: `ipc: shareable` and `ipc: service:name`";

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let message = "this container shares memory segments and semaphores with the host's programs";
    if let Some(draft) = subject.report_in_host(cx, Namespace::Ipc, message) {
        draft.maybe_fix(subject.leave_host(Namespace::Ipc)).help(HELP);
    }
}

use crate::model::kubernetes::access::Binding;
use crate::rule::kubernetes::ObjectSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "anonymous-role-binding",
        docs: "A role is given to everybody, or to whoever has not said who they are.

## Why
`system:anonymous` and `system:unauthenticated` are requests without credentials: what they may do, everybody may who reaches the API server.
`system:authenticated` is every account of the cluster, and `system:serviceaccounts` every pod.

## Instead
Bind the role to the users and service accounts that need it.

## Limits
The bindings that Kubernetes and kubeadm make by themselves, to roles that show public information, are left alone.
",
        severity: Severity::Critical,
        stride: &[Stride::Spoofing, Stride::ElevationOfPrivilege],
        references: &[Reference::Cwe(284), Reference::Cwe(306), Reference::Kubescape("C-0262"), Reference::Trivy("KSV-0122")],
        ..super::DEFAULTS
    },
    checks: &[Check::Object(check)],
};

fn check(subject: &ObjectSubject<'_>, cx: &mut Context<'_>) {
    let Some(binding) = Binding::of(subject.object).filter(|binding| !binding.is_public()) else { return };
    for (name, origin) in binding.subjects_named() {
        let (who, is_anybody) = match name {
            "system:anonymous" | "system:unauthenticated" => {
                ("whoever reaches the API server, without any credentials", true)
            }
            "system:authenticated" => ("every account of the cluster", false),
            "system:serviceaccounts" => ("every pod of the cluster", false),
            _ => continue,
        };
        let message = format!("the role `{}` is given to {who}", binding.role);
        let draft = subject
            .report(cx, origin, message)
            .help("bind it to the users and service accounts that need it");
        let draft = if is_anybody { draft } else { draft.weakened() };
        // What may only be read in one namespace is less than the cluster.
        if subject.object.kind == "RoleBinding" || !binding.commands_cluster() && !is_anybody {
            draft.weakened();
        }
    }
}

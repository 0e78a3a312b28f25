use crate::model::build::user::UserKind;
use crate::model::container::Container;
use crate::model::kubernetes::tree;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "lost-image-group",
        docs: "The group of the image's user is lost in Kubernetes.

## Why
The kubelet hands the number of the user on, and not the group that stands behind it: `USER 1000:2000` runs as `1000:2000` under Docker, and in a pod with the group
that `/etc/passwd` of the image has for 1000, or with the group of root where it has none. Files that the group may read are closed then, and those of the root
group are open.

## Instead
Set `runAsGroup` in the `securityContext`, or create the user in the Dockerfile with that group as its own.
",
        severity: Severity::Low,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::Cwe(266), Reference::Url("https://github.com/kubernetes/kubernetes/issues/93666")],
        ..super::DEFAULTS
    },
    checks: &[Check::Pod(check)],
};

fn check(subject: &PodSubject<'_>, cx: &mut Context<'_>) {
    let pod = subject.pod;
    if pod.is_for_windows() || pod.object.partial {
        return;
    }
    for container in subject.containers {
        let says = &container.says;
        if pod.effective(says, "runAsGroup").is_some() || pod.effective(says, "runAsUser").is_some() {
            continue;
        }
        let Some(image) = &container.image else { continue };
        let Some((user, group)) = image.user.text.as_deref().and_then(|text| text.split_once(':')) else {
            continue;
        };
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // The group of a user that has a name is that of its account.
        let is_lost = is_number(user)
            && user != "0"
            && !matches!(group, "" | "0" | "root")
            && image.user.kind == UserKind::NotRoot;
        if !is_lost || has_account(image, user) {
            continue;
        }
        let message = format!(
            "the image's user is `{user}:{group}`, and a pod runs it with the group of root: Kubernetes hands the group of `USER` to nobody"
        );
        let mut draft = subject
            .report_of(cx, says, tree::origin_of(says.value, &["image"]), message)
            .help(format!("set `runAsGroup: {group}`, if that is its number"));
        if let Some(place) = image.user_place() {
            draft = draft.label(place, "the group stands here");
        }
        let _ = draft;
    }
}

/// Whether the image has an account of the number, whose group it then has; or may have one.
fn has_account(image: &Container<'_>, uid: &str) -> bool {
    let Some((_, stage)) = image.target() else { return true };
    let uid = uid.parse().ok();
    stage
        .accounts
        .known
        .iter()
        .any(|(_, account)| account.uid.is_none() && account.origin.is_some() || account.uid == uid)
}

use crate::model::build::user::UserKind;
use crate::model::container::Container;
use crate::model::container::runtime_user::{RuntimeUser, SetBy};
use crate::model::kubernetes::tree;
use crate::model::values::origin::Confidence;
use crate::rule::kubernetes::PodSubject;

use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "refused-image-user",
        docs: "The container must not run as root, and the kubelet cannot tell that its image does not.

## Why
`runAsNonRoot: true` changes nobody: it is a check before the start. The kubelet looks at the number of the user alone. An image whose `USER` is a name, or that
has none and so runs as root, fails it, and the container stays in `CreateContainerConfigError` for ever. The manifest looks right, and the image works under
Docker.

## Instead
Write a number: `USER 10001` in the Dockerfile, or `runAsUser: 10001` in the manifest.

## Fix safety
The fix is unsafe, and sets the number that the Dockerfile gives the user. Where it gives none there is none.

## Limits
The image is known where the repository builds it, or where it is one that is widely known.
",
        severity: Severity::High,
        references: &[Reference::Url("https://github.com/kubernetes/kubernetes/issues/57041")],
        fixable: Fixable::Sometimes(UNSAFE),
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
        let Some(check) =
            pod.effective(says, "runAsNonRoot").filter(|check| tree::boolean(check) == Some(true))
        else {
            continue;
        };
        if let Some(user) = pod.effective(says, "runAsUser") {
            if tree::integer(user) == Some(0) {
                let message = "the container is never started: `runAsNonRoot` forbids the root that `runAsUser` asks for";
                subject
                    .report_of(cx, says, user.origin, message)
                    .help("set `runAsUser` to another number")
                    .label(pod.place(check.origin), "here");
            }
            continue;
        }
        let Some(image) = &container.image else { continue };
        let Some((why, is_known)) = refused(&image.user) else { continue };
        let message = format!("the container is never started: `runAsNonRoot` is set, and {why}");
        let mut draft = subject
            .report_of(cx, says, check.origin, message)
            .help("set `runAsUser` to the number of the image's user, or write a number after `USER`");
        let number = image.user.text.as_deref().and_then(|name| number_of(image, name));
        let fix = number.and_then(|number| {
            let path = ["securityContext", "runAsUser"];
            let title = format!("Set `runAsUser: {number}`, the user of the image");
            subject.setting(says.value, &path, &number.to_string(), &title)
        });
        draft = draft.maybe_fix(fix);
        if let Some(place) = image.user_place() {
            draft = draft.label(place, "the user of the image");
        }
        let draft = draft.scope(pod.place(tree::origin_of(says.value, &["image"])));
        if !is_known {
            draft.weakened();
        }
    }
}

/// The number that the image gives a user's name.
fn number_of(image: &Container<'_>, name: &str) -> Option<i64> {
    let (_, stage) = image.target()?;
    stage.accounts.known.get(name.split(':').next()?)?.uid.filter(|uid| *uid > 0)
}

/// Why the kubelet refuses an image's user, and whether that is certain.
fn refused(user: &RuntimeUser) -> Option<(String, bool)> {
    if user.certainty == Confidence::Possible {
        return None;
    }
    let is_written = matches!(user.set_by, SetBy::Instruction(_));
    match &user.kind {
        UserKind::Root(_) => Some(("its image runs as root".to_owned(), true)),
        UserKind::NotRoot => {
            let name = user.text.as_deref()?.split(':').next()?;
            let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
            (!is_number && !name.is_empty()).then(|| {
                (
                    format!("the user of its image, `{name}`, is a name, by which the kubelet cannot tell"),
                    is_written,
                )
            })
        }
        UserKind::Invalid(_) | UserKind::Unknown => None,
    }
}

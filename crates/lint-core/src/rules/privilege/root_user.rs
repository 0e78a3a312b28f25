use crate::model::build::user::{RootForm, UserKind};
use crate::model::container::runtime_user::{RuntimeUser, SetBy};
use crate::model::container::{Container, Image};
use crate::model::known::image_facts::ImageUser;
use crate::model::values::origin::Confidence;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "root-user",
        docs: r#"The container's main process is told to run as root.

## Why
Root in the container is the same user as root on the host, held back by namespaces and capabilities
alone. A fault in the program becomes a way to change the container's own programs, and with a fault in
the kernel, or one mount too many, a way to the host.

## Instead
End the stage with a user that is not root: `USER 10001`, or the name of one that a `RUN useradd` has
created. In a Compose file, `user: "10001:10001"`. A number lets an orchestrator see that it is not
root. A program that must begin as root can step down by itself: `gosu`, `su-exec` and `setpriv` in the
entrypoint are understood.

## Fix safety
The fix removes `user` from a service whose image has a user that is not root, who then runs it. It is unsafe: he may not own its files. Elsewhere there is none.

## Limits
The user is the one of the container as it will run: inherited from an earlier stage, with `ARG` and
`ENV` replaced, and with `user:` of the Compose service over it. Builder stages may be root. A variable
that only a build argument could set gives a finding only where its default is root. Below its severity when a
`daemon.json` with `userns-remap` is linted along: root is then nobody in particular on the host.

## When to allow it
A base image for others to build on, or a container whose work is the host's: a network plug-in, a
backup of everything.
"#,
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("4.1"),
            Reference::Cwe(250),
            Reference::Owasp("#2"),
            Reference::Nist("4.1.2"),
            Reference::Hadolint("DL3002"),
            Reference::ComposeLint("CL-0018"),
            Reference::Kics("Last User Is 'root'"),
            Reference::Trivy("DS-0002"),
            Reference::Checkov("CKV_DOCKER_8"),
            Reference::Semgrep("last-user-is-root"),
            Reference::Tally("tally/stateful-root-runtime"),
            Reference::CisKubernetes("5.2.7"),
            Reference::KubeLinter("run-as-non-root"),
            Reference::Kubescape("C-0013"),
            Reference::Trivy("KSV-0105"),
            Reference::Checkov("CKV_K8S_23"),
            Reference::Polaris("runAsRootAllowed"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some(user) = container.root_user() else { return };
    if container.is_rootless() {
        return;
    }
    let Some(place) = container.user_place() else { return };
    let UserKind::Root(form) = user.kind else { return };
    let message = match form {
        RootForm::Name | RootForm::Number => "the container's main process runs as root".to_owned(),
        RootForm::Empty => "this comes to no user at all, so the main process runs as root".to_owned(),
        RootForm::GroupOnly => "a group without a user leaves the main process running as root".to_owned(),
        RootForm::Alias => "this user has uid 0, so the main process runs as root".to_owned(),
        RootForm::WindowsAdministrator => "the container's main process runs as the administrator".to_owned(),
    };
    let unset = unset(user);
    let message = match unset.as_slice() {
        [] => message,
        [one] => format!("`{one}` is not set here, and {message}"),
        several => format!("`{}` are not set here, and {message}", several.join("` and `")),
    };
    let remapped = cx.daemon().userns_remap;
    let mut draft = cx.report(place, message);
    if user.certainty == Confidence::Possible {
        draft = draft.at_most(Severity::Medium);
    }
    if remapped {
        draft = draft.weakened();
    }
    if let (Some(key), SetBy::Instruction(_)) = (container.service_key(), user.set_by) {
        draft = draft.label(key, "this service runs it");
    }
    if let (Image::Built { plan, .. }, SetBy::Service, Some((_, stage))) =
        (&container.image, user.set_by, container.target())
        && let Some(own) = &stage.config.user
    {
        draft =
            draft.label(Place::new(&plan.dockerfile.file, own.origin.span), "it replaces the user set here");
    }
    // The variable is why it is root, so that this is one fault.
    if !unset.is_empty() {
        draft = draft.supersedes("user-from-unset-variable");
    }
    draft.maybe_fix(images_own(container)).help(match user.set_by {
        SetBy::Service if !unset.is_empty() => {
            "write a default, as in `${UID:-1000}`, or `${UID:?}` to make it an error"
        }
        _ if !unset.is_empty() => "declare it with a default in this stage, as in `ARG APP_USER=app`",
        _ if form == RootForm::WindowsAdministrator => "run as `ContainerUser`, if the program can",
        SetBy::Service => "name a user that is not root, such as `user: \"10001:10001\"`",
        _ => "end the stage with a user that is not root, such as `USER 10001`",
    });
}

/// The service's `user` removed, where the image has one of its own that is not root.
fn images_own(container: &Container<'_>) -> Option<Fix> {
    let of = container.service.filter(|_| container.user.set_by == SetBy::Service)?;
    let has_own = match &container.image {
        Image::Named { facts, .. } => matches!(facts.as_ref()?.user, ImageUser::NotRoot(_)),
        Image::Built { .. } => {
            let (_, stage) = container.target()?;
            let own =
                stage.config.user.as_ref()?.value.text()?.split(':').next().unwrap_or_default().to_owned();
            !matches!(&*own, "" | "root" | "0")
        }
        _ => false,
    };
    let user = of.service.spec.user.as_ref().filter(|_| has_own)?;
    Some(of.project.editor_for(of.service).remove_key(user.key)?.unsafely("Leave it to the image's own user"))
}

/// The variables that nothing sets and without which the text names no user.
fn unset(user: &RuntimeUser) -> Vec<&str> {
    match user.kind {
        UserKind::Root(RootForm::Empty | RootForm::GroupOnly) => user
            .unset
            .iter()
            .filter(|variable| !variable.guarded)
            .map(|variable| variable.name.as_str())
            .collect(),
        _ => Vec::new(),
    }
}

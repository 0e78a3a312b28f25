use crate::model::build::user::{InvalidUser, UserKind};
use crate::model::container::Container;
use crate::model::container::runtime_user::SetBy;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-user",
        docs: "The container cannot start as this user.

## Why
The engine looks for the user when the container starts, not when the image is built: a name that is not in
the image's `/etc/passwd`, or a number that is no uid, is an error then, on somebody else's machine.

## Instead
Create the user in the Dockerfile, or name it by number: `USER 10001` needs no entry in `/etc/passwd`. A
comment needs a line of its own: Dockerfiles have none at the end of a line, so that `USER app # not root`
names a user called `app # not root`.

## Limits
Names are judged where all users of the image are known: those of common base images, and what `useradd` and
`adduser` add. Packages and scripts may create more, and after those only what can be nobody's name is
reported.
",
        severity: Severity::Medium,
        stride: &[Stride::DenialOfService],
        references: &[Reference::Tally("tally/named-identity-in-passwdless-stage")],
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let UserKind::Invalid(why) = &container.user.kind else { return };
    let Some(place) = container.user_place() else { return };
    let (message, help) = match why {
        InvalidUser::Blank => (
            "this whole text is the user's name, so the container cannot start".to_owned(),
            "put the comment on a line of its own, and name the user alone".to_owned(),
        ),
        InvalidUser::Substitution => (
            "no command is run for this: the engine looks for a user or group of just this name".to_owned(),
            "write the number, or a variable that is set where the container is started".to_owned(),
        ),
        InvalidUser::Unexpanded => (
            "the `$` is part of the user's name here, so the container cannot start".to_owned(),
            "use double quotes or none, so that the variable is replaced".to_owned(),
        ),
        InvalidUser::UidOutOfRange => (
            "this number is no uid, so the container cannot start".to_owned(),
            "use a number from 1 to 2147483647".to_owned(),
        ),
        InvalidUser::NoPasswd => (
            "the image has no `/etc/passwd` to find this name in, so the container cannot start".to_owned(),
            "name the user by number, or copy an `/etc/passwd` into the image".to_owned(),
        ),
        InvalidUser::UnknownName { meant: Some(meant) } => (
            format!("the image has no user of this name, only `{meant}`: the container cannot start"),
            "names are case-sensitive".to_owned(),
        ),
        InvalidUser::UnknownName { meant: None } => (
            "the image has no user of this name, so the container cannot start".to_owned(),
            "create it before, or name the user by number".to_owned(),
        ),
    };
    let mut draft = cx.report(place, message);
    if let (Some(key), SetBy::Instruction(_)) = (container.service_key(), container.user.set_by) {
        draft = draft.label(key, "which this service runs");
    }
    draft.help(help);
}

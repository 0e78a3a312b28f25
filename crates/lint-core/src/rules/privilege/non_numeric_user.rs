use std::collections::HashSet;

use lint_parser::dockerfile::ast::InstructionKind;

use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;
use crate::model::values::origin::Setting;
use crate::model::values::variables::Expanded;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "non-numeric-user",
        docs: "The image's user is a name, which an orchestrator cannot tell from root.

## Why
Kubernetes with `runAsNonRoot` reads the image's configuration, not its `/etc/passwd`: it refuses to start
a container whose user is a name, since any name may have uid 0. A name also stops working when somebody
mounts or replaces `/etc/passwd`.

## Instead
`USER 10001`, or `USER 10001:10001` where the group matters.

## Fix safety
The process is the same user. Programs that ask for its name, or for its home, may get another answer.

## Limits
Only the user that an image ends with. `root` is the business of `root-user`.
",
        severity: Severity::Low,
        profile: Profile::Strict,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::cis("4.1"), Reference::Hadolint("DL3066")],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Dockerfile(check)],
};

fn check(plan: &BuildPlan, cx: &mut Context<'_>) {
    // A user that several targets inherit is told once.
    let mut told = HashSet::new();
    for stage in plan.images().filter(|stage| !stage.accounts.windows) {
        let Some(setting) = &stage.config.user else { continue };
        if told.insert(setting.origin.instruction) {
            check_user(plan, stage, setting, cx);
        }
    }
}

fn check_user(plan: &BuildPlan, stage: &Stage, setting: &Setting<Expanded>, cx: &mut Context<'_>) {
    let Some(user) = setting.value.text() else { return };
    let name = user.split(':').next().unwrap_or_default();
    if name.is_empty() || name == "root" || name.chars().all(|c| c.is_ascii_digit()) {
        return;
    }
    // Users of Windows have no number, whatever the base is.
    let of_windows = ["ContainerUser", "ContainerAdministrator"];
    if name.contains('\\') || of_windows.iter().any(|user| name.eq_ignore_ascii_case(user)) {
        return;
    }
    let span = match plan.instruction(setting.origin.instruction).map(|instruction| &instruction.kind) {
        Some(InstructionKind::User(word)) => word.span(),
        _ => setting.origin.span,
    };
    let number = stage.accounts.known.get(name).and_then(|account| account.uid);
    let help = match number {
        Some(uid) => format!("write its number: `USER {uid}`"),
        None => "create the user with a fixed uid and write that number".to_owned(),
    };
    cx.report(
        Place::new(&plan.dockerfile.file, span),
        format!("nothing but the image's own files can tell that `{name}` is not root"),
    )
    .help(help)
    .maybe_fix(number.and_then(|uid| {
        let text = plan.dockerfile.file.slice(span);
        let rest = text.strip_prefix(name)?;
        let edit = Edits::of(plan).replace(span, format!("{uid}{rest}"));
        Fix::of(format!("Write `USER {uid}{rest}`"), Applicability::Unsafe, [edit])
    }));
}

use lint_parser::syntax_error::SyntaxErrorKind;
use lint_parser::text::near::nearest;

use crate::model::project::Project;
use crate::model::project::build_sources::{X_BAKE, x_bake};
use crate::rule::check::Fault;
use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "invalid-bake",
        docs: "A file of `docker buildx bake` names a target that does not exist, or says what Bake does not hear.

## Why
A group with a target that nothing declares stops the whole build. An attribute that a target does not have is worse: Bake passes it by
without a word, and what was meant to be built with it is built without. So is an attribute of `x-bake` in a Compose file.

## Instead
Write the name that is meant.

## Limits
Names are looked for in the files that Bake finds beside this one. Where a Compose file lies there, or the file has a name of its own
and may be given together with others, a target may come from there, and only attributes are judged.
",
        severity: Severity::High,
        ..super::DEFAULTS
    },
    checks: &[Check::Fault(check), Check::Service(in_compose), Check::Project(called)],
};

fn check(fault: &Fault, cx: &mut Context<'_>) {
    if fault.kind == SyntaxErrorKind::Bake {
        fault.report(cx);
    }
}

/// `x-bake` has a dozen attributes; what `build` says is written there and not here.
fn in_compose(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(build) = &subject.spec().build else { return };
    let entries = x_bake(&build.value).into_iter().flat_map(|x_bake| &x_bake.entries);
    for entry in entries.filter(|entry| !X_BAKE.contains(&&*entry.key)) {
        let name = &entry.key;
        let message = format!("`x-bake` has no attribute `{name}`, so it says nothing");
        let near = nearest(name, X_BAKE).into_iter().next();
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "say it in `build`, or remove it".to_owned(),
        };
        subject.report_part(cx, entry.key_origin, entry.via.or(build.via), message).help(help);
    }
}

/// `docker buildx bake wed`
fn called(project: &Project, cx: &mut Context<'_>) {
    for target in &project.besides.unknown_targets {
        let message = format!("there is no target or group `{}` in the Bake files here", target.name);
        let draft = cx.report(project.place(target.origin), message);
        match &target.near {
            Some(near) => draft.help(format!("did you mean `{near}`?")),
            None => draft.help("name one that is there: `docker buildx bake --list=targets` shows them"),
        };
    }
}

use crate::model::container::Container;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "whole-context-copied",
        docs: "`COPY . .` takes along files that belong in no image.

## Why
The build context is whatever lies in the directory: `.env` and `.npmrc` with their passwords and tokens, and
`.git` with everything that was ever committed. Whoever has the image can read them, in every layer.

## Instead
List them in `.dockerignore`, or begin it with `*` and let in what the image needs with `!` patterns. Or copy
by name: `COPY src/ src/`.

## Limits
Reported where such a file is in the directory that a service builds from, and only for stages the image is
made of. `.git` alone is reported with the strict profile, as low. A Dockerfile that no service builds may
be built from any directory: what lies beside it is reported as low.
",
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("4.10"),
            Reference::Cwe(538),
            Reference::Owasp("#12"),
            Reference::Nist("4.1.4"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some((plan, _)) = container.target() else { return };
    for copy in container.whole_context() {
        let mut names: Vec<String> = copy.secrets.iter().map(|name| format!("`{name}`")).collect();
        if names.is_empty() && !cx.is_strict() {
            continue;
        }
        if copy.repository {
            names.push("`.git`".to_owned());
        }
        let listed = match names.as_slice() {
            [] => continue,
            [one] => one.clone(),
            [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
        };
        let verb = if names.len() > 1 { "come" } else { "comes" };
        let message = match container.service {
            Some(_) => format!("{listed} of the build context {verb} into the image"),
            None => {
                format!("{listed} beside this Dockerfile {verb} into the image, if it is built from here")
            }
        };
        let mut draft = cx.report(Place::new(&plan.dockerfile.file, copy.span), message);
        if let Some(of) = container.service
            && let Some(build) = &of.service.spec.build
        {
            let at = build.value.context.as_ref().map_or(build.key, |context| context.origin);
            draft = draft.label(of.project.place(at), "the context of this service");
        }
        if copy.secrets.is_empty() || container.service.is_none() {
            draft = draft.at_most(Severity::Low);
        }
        draft.help(match copy.has_ignore {
            true => "add it to `.dockerignore`",
            false => "write a `.dockerignore` that keeps it out",
        });
    }
}

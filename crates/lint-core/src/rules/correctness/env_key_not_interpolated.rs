use crate::rule::prelude::*;
use crate::rule::subject::ServiceSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "env-key-not-interpolated",
        docs: "A variable in a name, where Compose does not replace it.

## Why
Compose replaces variables in values alone. `${NAME}: x` in a mapping defines an environment variable, a
label or an argument that is really called `${NAME}`, and the one that was meant does not exist.

## Instead
Write the pairs as a list: in `- ${NAME}=x` the whole element is a value, and variables in it are replaced.
",
        severity: Severity::Medium,
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let spec = subject.spec();
    let build = spec.build.as_deref().map(|build| &build.value);
    let deploy = spec.deploy.as_deref().map(|deploy| &deploy.value);
    let pairs = [
        spec.environment.as_deref(),
        spec.labels.as_deref(),
        spec.annotations.as_deref(),
        build.and_then(|build| build.args.as_deref()),
        build.and_then(|build| build.labels.as_deref()),
        deploy.and_then(|deploy| deploy.labels.as_deref()),
    ];
    for field in pairs.into_iter().flatten().filter(|field| !field.value.is_list) {
        for pair in field.value.items.iter().filter(|pair| has_variable(pair.name.as_str())) {
            let via = pair.via.or(field.via);
            subject
                .report_part(
                    cx,
                    pair.name.origin,
                    via,
                    "Compose replaces no variables in names, so this is one literally",
                )
                .help("write the pairs as a list: `- ${NAME}=value`");
        }
    }
}

/// `${` or `$` and a letter.
fn has_variable(name: &str) -> bool {
    name.as_bytes()
        .windows(2)
        .any(|two| two[0] == b'$' && (two[1] == b'{' || two[1] == b'_' || two[1].is_ascii_alphabetic()))
}

use lint_parser::dockerfile::ast::InstructionKind;

use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "host-port-in-expose",
        docs: "`EXPOSE` names an address or a port of the host.

## Why
An image cannot say where its ports are published: Docker ignores what stands before the last colon. Who
wrote `EXPOSE 127.0.0.1:80:80` may believe the port to be closed to the network, and it is not.

## Instead
`EXPOSE 80`, and publish it with `docker run -p 127.0.0.1:80:80` or Compose's `ports`.

## Fix safety
The part of the host says nothing to an image.
",
        severity: Severity::Low,
        references: &[Reference::BuildKit("ExposeInvalidFormat")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Expose(words) = &subject.instruction.kind else { return };
    for word in words {
        let expanded = subject.plan.expand(subject.index, word);
        let Some(port) = expanded.text().filter(|_| expanded.unset.is_empty()) else { continue };
        let Some((host, container)) = port.rsplit_once(':') else { continue };
        if host.is_empty() {
            continue;
        }
        cx.report(subject.place(word.span()), "an image cannot choose an address or port of the host")
            .help(format!("write `EXPOSE {container}` and publish it when the container is run"))
            .maybe_fix(Fix::of(
                format!("Write `{container}`"),
                Applicability::Safe,
                [subject.edits().replace_word(word.span(), port, container)],
            ));
    }
}

use lint_parser::dockerfile::ast::InstructionKind;

use crate::finding::fix::Fix;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "expose-protocol-casing",
        docs: "The protocol of an exposed port is not in lower case.

## Why
`docker inspect` and every tool that reads the image show `80/tcp`; searching the Dockerfile for what
they show finds nothing.

## Instead
`EXPOSE 80/tcp`.

## Fix safety
BuildKit lower-cases the protocol itself.
",
        severity: Severity::Style,
        profile: Profile::Strict,
        references: &[Reference::BuildKit("ExposeProtoCasing")],
        fixable: Fixable::Sometimes(SAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Expose(words) = &subject.instruction.kind else { return };
    for word in words {
        let port = subject.plan.expand(subject.index, word);
        let Some((_, protocol)) = port.text().and_then(|port| port.rsplit_once('/')) else { continue };
        let lower = protocol.to_lowercase();
        if lower == protocol || !["tcp", "udp", "sctp"].contains(&lower.as_str()) {
            continue;
        }
        let draft = cx
            .report(subject.place(word.span()), format!("the protocol `{protocol}` is not in lower case"))
            .help(format!("write `{lower}`"));
        let written = word.text();
        if let Some(start) = written.len().checked_sub(protocol.len())
            && written.get(start..) == Some(protocol)
        {
            let span = word.span_of(start..written.len());
            draft.fix(Fix::replace(format!("Write `{lower}`"), subject.place(span), lower));
        }
    }
}

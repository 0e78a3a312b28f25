//! The ports an image has `EXPOSE` for.

use lint_parser::compose::ast::scalar::PortRange;
use lint_parser::dockerfile::ast::{Instruction, InstructionKind};
use lint_parser::text::span::Span;

use crate::model::build::plan::BuildPlan;
use crate::model::build::stage::{Base, Stage};

/// Ports of one word of an `EXPOSE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExposedPorts {
    /// The ports.
    pub ports: PortRange,
    /// `tcp`, `udp` or `sctp`, in lower case.
    pub protocol: String,
    /// The word in the Dockerfile; `None` when the base image exposes them.
    pub span: Option<Span>,
}

/// The ports that a stage's image exposes, in the order of the Dockerfile, the base image's own first.
///
/// `None` when that cannot be known: of the base image nothing is known, or a port depends on something
/// unknown.
#[must_use]
pub fn of(plan: &BuildPlan, stage: usize) -> Option<Vec<ExposedPorts>> {
    let mut chain: Vec<&Stage> = plan.chain(stage).collect();
    chain.reverse();
    let mut exposed = match &chain.first()?.base {
        Base::Scratch => Vec::new(),
        Base::Image(base) => base.facts?.exposes()?.map(|word| parse(word, None)).collect::<Option<_>>()?,
        Base::Unknown | Base::Stage(_) => return None,
    };
    for stage in chain {
        // What a trigger's variables are is known where it runs alone.
        if stage.triggers.iter().filter_map(|&at| plan.instruction(at)).any(exposes) {
            return None;
        }
        for index in stage.instructions.clone() {
            let Some(Instruction { kind: InstructionKind::Expose(words), .. }) = plan.instruction(index)
            else {
                continue;
            };
            for word in words {
                let text = plan.expand(index, word);
                // Whoever builds may give it a value.
                if !text.unset.is_empty() {
                    return None;
                }
                // A variable may hold several ports.
                for part in text.text()?.split_ascii_whitespace() {
                    exposed.push(parse(part, Some(word.span()))?);
                }
            }
        }
    }
    Some(exposed)
}

fn exposes(instruction: &Instruction) -> bool {
    match &instruction.kind {
        InstructionKind::Onbuild(Some(trigger)) => matches!(trigger.kind, InstructionKind::Expose(_)),
        _ => false,
    }
}

/// `8080`, `8080/udp`, `8000-8010`.
fn parse(word: &str, span: Option<Span>) -> Option<ExposedPorts> {
    let (ports, protocol) = word.split_once('/').unwrap_or((word, "tcp"));
    // `EXPOSE 80:8080` exposes the latter.
    let ports = ports.rsplit(':').next().unwrap_or(ports);
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let ports = PortRange { first: first.parse().ok()?, last: last.parse().ok()? };
    (ports.first <= ports.last).then(|| ExposedPorts { ports, protocol: protocol.to_ascii_lowercase(), span })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use lint_parser::text::source::SourceFile;

    use super::*;
    use crate::model::build::dockerfile::ParsedDockerfile;
    use crate::model::build::plan;
    use crate::model::build::request::BuildRequest;

    fn exposed(text: &str) -> Option<Vec<(u16, u16, String)>> {
        let file = SourceFile::new("Dockerfile", text);
        let plan = plan(Arc::new(ParsedDockerfile::parse(file)), &BuildRequest::default());
        let ports = of(&plan, plan.target?)?;
        Some(ports.into_iter().map(|port| (port.ports.first, port.ports.last, port.protocol)).collect())
    }

    fn tcp(port: u16) -> (u16, u16, String) {
        (port, port, "tcp".to_owned())
    }

    #[test]
    fn the_whole_chain_counts() {
        let text = "FROM nginx AS a\nEXPOSE 8080\nFROM a\nARG P=9000\nEXPOSE $P 53/UDP 7000-7002\n";
        assert_eq!(
            exposed(text),
            Some(vec![
                tcp(80),
                tcp(8080),
                tcp(9000),
                (53, 53, "udp".to_owned()),
                (7000, 7002, "tcp".to_owned())
            ])
        );
        assert_eq!(exposed("FROM scratch\n"), Some(Vec::new()));
        assert_eq!(exposed("FROM python:3.12\n"), Some(Vec::new()));
    }

    #[test]
    fn what_may_be_anything_is_not_known() {
        for text in [
            "FROM example.com/base\nEXPOSE 80\n",
            "FROM scratch\nARG P\nEXPOSE $P\n",
            "FROM scratch\nEXPOSE http\n",
            "FROM scratch AS a\nONBUILD EXPOSE 80\nFROM a\n",
        ] {
            assert_eq!(exposed(text), None, "{text}");
        }
    }
}

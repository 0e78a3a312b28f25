//! Whether two texts say the same but for their comments.

use lint_parser::yaml::node::{Node, NodeKind};
use lint_parser::{dockerfile, json, systemd, yaml};

use crate::engine::source::SourceKind;

/// Whether Docker and Compose read the same out of both.
pub(in crate::engine) fn means_the_same(kind: SourceKind, before: &str, after: &str) -> bool {
    match kind {
        SourceKind::Dockerfile => dockerfiles(before, after),
        SourceKind::Compose | SourceKind::Pipeline | SourceKind::Kubernetes => streams(before, after),
        SourceKind::SystemdUnit | SourceKind::Quadlet => units(before, after),
        // Nothing is written into these.
        SourceKind::Commands | SourceKind::Bake | SourceKind::DevContainer => before == after,
        SourceKind::DaemonJson => json::parse(after).errors.is_empty() && before == after,
    }
}

fn dockerfiles(before: &str, after: &str) -> bool {
    let (a, b) = (dockerfile::parse(before), dockerfile::parse(after));
    let directives = |tree: &dockerfile::ast::Dockerfile| {
        let pair = |directive: &dockerfile::ast::Directive| {
            (directive.name.value.clone(), directive.value.value.clone())
        };
        tree.directives.iter().map(pair).collect::<Vec<_>>()
    };
    let instructions = a.tree.instructions.iter().map(|instruction| instruction.span.slice(before));
    a.errors.len() == b.errors.len()
        && a.tree.escape == b.tree.escape
        && directives(&a.tree) == directives(&b.tree)
        && instructions.eq(b.tree.instructions.iter().map(|instruction| instruction.span.slice(after)))
}

fn streams(before: &str, after: &str) -> bool {
    let (a, b) = (yaml::parse(before), yaml::parse(after));
    let (documents, others) = (&a.tree.documents, &b.tree.documents);
    a.errors.len() == b.errors.len()
        && documents.len() == others.len()
        && documents.iter().zip(others).all(|(one, other)| match (&one.root, &other.root) {
            (Some(one), Some(other)) => nodes(one, other),
            (None, None) => true,
            _ => false,
        })
}

/// Depth is bounded by the YAML parser.
fn nodes(a: &Node, b: &Node) -> bool {
    a.tag.as_ref().map(|tag| &tag.value) == b.tag.as_ref().map(|tag| &tag.value)
        && a.anchor.as_ref().map(|anchor| &anchor.value) == b.anchor.as_ref().map(|anchor| &anchor.value)
        && match (&a.kind, &b.kind) {
            (NodeKind::Scalar(a), NodeKind::Scalar(b)) => {
                a.style == b.style && a.text.text() == b.text.text()
            }
            (NodeKind::Alias(a), NodeKind::Alias(b)) => a == b,
            (NodeKind::Sequence(a), NodeKind::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| nodes(a, b))
            }
            (NodeKind::Mapping(a), NodeKind::Mapping(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| nodes(&a.key, &b.key) && nodes(&a.value, &b.value))
            }
            _ => false,
        }
}

fn units(before: &str, after: &str) -> bool {
    let (a, b) = (systemd::parse(before), systemd::parse(after));
    let assignments = |unit: &systemd::Unit| {
        let assignment = |assignment: &systemd::Assignment| {
            (assignment.section, assignment.key.value.clone(), assignment.value.text().to_owned())
        };
        unit.assignments.iter().map(assignment).collect::<Vec<_>>()
    };
    a.errors.len() == b.errors.len() && assignments(&a.tree) == assignments(&b.tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_change_nothing_and_text_does() {
        for (kind, before, after, expected) in [
            (SourceKind::Dockerfile, "FROM a\nUSER b\n", "FROM a\n# c\nUSER b\n", true),
            (SourceKind::Dockerfile, "FROM a\nRUN <<E\na\nE\n", "FROM a\nRUN <<E\n# c\na\nE\n", false),
            (SourceKind::Dockerfile, "# escape=`\nFROM a\n", "# c\n# escape=`\nFROM a\n", false),
            (SourceKind::Compose, "a:\n  b: c\n", "a:\n  # c\n  b: c\n", true),
            (SourceKind::Compose, "a: |\n  b\n", "a: |\n  # c\n  b\n", false),
            (SourceKind::Compose, "a: b\n  c\n", "a: b\n# c\n  c\n", false),
            (SourceKind::Compose, "a: |\n  b\nc: d\n", "a: |\n  b\n  # c\nc: d\n", false),
            (SourceKind::SystemdUnit, "[Service]\nA=b\n", "[Service]\n# c\nA=b\n", true),
            (SourceKind::SystemdUnit, "[Service]\nA=b\n", "[Service]\nA=c\n", false),
        ] {
            assert_eq!(means_the_same(kind, before, after), expected, "{after}");
        }
    }
}

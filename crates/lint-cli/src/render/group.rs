//! Findings that differ in nothing but the service: the line they are about stands in a file once, in an anchor
//! or in a fragment, however many services take it from there.

use lint_core::finding::finding::Finding;

/// A finding, and the services it was found for.
#[derive(Clone, Debug)]
pub(crate) struct Group<'a> {
    /// The first of them.
    pub(crate) finding: &'a Finding,
    /// Those that say the same of other services.
    pub(crate) others: Vec<&'a Finding>,
}

/// Groups findings that are sorted by place and rule.
pub(crate) fn groups(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in findings {
        match groups.last_mut() {
            Some(group) if is_same(group.finding, finding) => group.others.push(finding),
            _ => groups.push(Group { finding, others: Vec::new() }),
        }
    }
    groups
}

fn is_same(a: &Finding, b: &Finding) -> bool {
    a.rule.name == b.rule.name
        && a.severity == b.severity
        && a.place == b.place
        && a.service.is_some()
        && b.service.is_some()
        && a.service != b.service
}

impl Group<'_> {
    /// Which services it is about, when it is about several: all of them, or, where the messages differ and the
    /// first service has its own already, the others.
    pub(crate) fn services(&self) -> Option<String> {
        if self.others.is_empty() {
            return None;
        }
        let same = self.others.iter().all(|other| other.message == self.finding.message);
        let first = self.finding.service.as_deref().filter(|_| same);
        let mut names: Vec<String> = first
            .into_iter()
            .chain(self.others.iter().filter_map(|other| other.service.as_deref()))
            .map(|name| format!("`{name}`"))
            .collect();
        names.dedup();
        let last = names.pop()?;
        let (kind, names) = match names.len() {
            0 => ("service", last),
            _ => ("services", format!("{} and {last}", names.join(", "))),
        };
        Some(if same {
            format!("it applies to {kind} {names}")
        } else {
            format!("the same goes for {kind} {names}")
        })
    }
}

//! Findings that differ in nothing but the service: the line they are about stands in a file once, in an anchor
//! or in a fragment, however many services take it from there.

use std::collections::HashMap;

use lint_core::{Finding, Severity};

/// A finding, and the services it was found for.
#[derive(Clone, Debug)]
pub(crate) struct Group<'a> {
    /// The first of them.
    pub(crate) finding: &'a Finding,
    /// Those that say the same of other services.
    pub(crate) others: Vec<&'a Finding>,
}

/// What is shown as one.
#[derive(Clone, Debug)]
pub(crate) enum Shown<'a> {
    /// One finding, for one service or several.
    Group(Group<'a>),
    /// Several settings that a service lacks.
    Lack(Lack<'a>),
}

/// Settings that a service lacks, and the other services that lack the same.
#[derive(Clone, Debug)]
pub(crate) struct Lack<'a> {
    /// What the first of the services lacks, one finding for each setting.
    pub(crate) findings: Vec<&'a Finding>,
    /// The services, the first of them first.
    pub(crate) services: Vec<&'a str>,
}

/// Puts together what services lack: a service without the usual hardening is one thing to mend, and so are fifty
/// services that share it. Everything else stays as it is; each thing stands where its first finding does.
pub(crate) fn shown<'a>(groups: &[Group<'a>]) -> Vec<Shown<'a>> {
    let mut by_service: HashMap<(&str, usize, &str), Vec<&'a Finding>> = HashMap::new();
    for finding in groups.iter().filter_map(lacking) {
        by_service.entry(service_of(finding)).or_default().push(finding);
    }
    let mut shown: Vec<Shown<'a>> = Vec::new();
    let mut places: HashMap<Vec<(&str, &str, &str)>, usize> = HashMap::new();
    for group in groups {
        let Some(finding) = lacking(group) else {
            shown.push(Shown::Group(group.clone()));
            continue;
        };
        // The first of a service's findings stands for all of them.
        let Some(findings) = by_service.remove(&service_of(finding)) else { continue };
        let same = findings.iter().map(|f| (f.file().name(), f.rule.name, &*f.message)).collect();
        let service = finding.service.as_deref().unwrap_or_default();
        match places.get(&same).and_then(|&at| shown.get_mut(at)) {
            Some(Shown::Lack(lack)) => lack.services.push(service),
            Some(Shown::Group(group)) => group.others.push(finding),
            None => {
                places.insert(same, shown.len());
                shown.push(match findings.as_slice() {
                    [_] => Shown::Group(group.clone()),
                    _ => Shown::Lack(Lack { findings, services: vec![service] }),
                });
            }
        }
    }
    shown
}

/// The finding of a group that is one setting that one service lacks.
fn lacking<'a>(group: &Group<'a>) -> Option<&'a Finding> {
    let finding = group.finding;
    (finding.absent.is_some() && group.others.is_empty()).then_some(finding)
}

fn service_of(finding: &Finding) -> (&str, usize, &str) {
    (finding.file().name(), finding.span().start(), finding.service.as_deref().unwrap_or_default())
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

impl Lack<'_> {
    /// The worst of it.
    pub(crate) fn severity(&self) -> Severity {
        self.findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Style)
    }

    /// The lines to add. Settings below one key, such as two limits of `deploy`, share its line.
    pub(crate) fn lines(&self) -> Vec<&'static str> {
        let mut lines = Vec::new();
        let mut before = "";
        for block in self.findings.iter().filter_map(|finding| finding.absent) {
            let shared = block.lines().zip(before.lines()).take_while(|(one, other)| one == other).count();
            lines.extend(block.lines().skip(shared));
            before = block;
        }
        lines
    }

    /// What is wrong, in one sentence.
    pub(crate) fn message(&self) -> String {
        let service = self.services.first().copied().unwrap_or_default();
        let others = match self.services.len() {
            0 | 1 => {
                return format!("`{service}` lacks {} settings that would contain it", self.findings.len());
            }
            2 => "1 other service".to_owned(),
            services => format!("{} other services", services - 1),
        };
        format!("`{service}` and {others} lack {} settings that would contain them", self.findings.len())
    }
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
        let kind = if names.len() > 1 { "services" } else { "service" };
        let names = listed(names)?;
        Some(if same {
            format!("it applies to {kind} {names}")
        } else {
            format!("the same goes for {kind} {names}")
        })
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(mut names: Vec<String>) -> Option<String> {
    let last = names.pop()?;
    Some(if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) })
}

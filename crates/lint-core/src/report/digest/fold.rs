//! What is put together.

use std::collections::{BTreeMap, HashMap};

use crate::finding::finding::Finding;
use crate::finding::severity::Severity;
use crate::model::project::input::is_of_pod;
use crate::report::digest::item::{Item, Lack, Problem, Repeated, Setting};
use crate::report::digest::{FEW, GroupBy};

/// How many places make a fault one that repeats; two are told each by itself.
pub(super) const MANY: usize = 3;

/// Puts findings together that differ in nothing but the service. They are sorted by place and rule.
pub(super) fn problems(findings: &[Finding]) -> Vec<Problem<'_>> {
    let mut problems: Vec<Problem<'_>> = Vec::new();
    for finding in findings {
        match problems.last_mut() {
            Some(problem) if is_same(problem.finding, finding) => problem.others.push(finding),
            _ => problems.push(Problem { finding, others: Vec::new() }),
        }
    }
    problems
}

fn is_same(a: &Finding, b: &Finding) -> bool {
    a.rule.name == b.rule.name
        && a.severity == b.severity
        && a.place == b.place
        && a.service.is_some()
        && b.service.is_some()
        && a.service != b.service
}

/// Puts problems together, in the order of their first places.
pub(super) fn fold(problems: Vec<Problem<'_>>, group_by: GroupBy) -> Vec<Item<'_>> {
    if group_by == GroupBy::None {
        return problems.into_iter().map(Item::Problem).collect();
    }
    if group_by != GroupBy::Rule {
        let few = bases(lacks(problems.clone()));
        if few.len() <= FEW {
            return few;
        }
    }
    let least = if group_by == GroupBy::Rule { 2 } else { MANY };
    repeated(project_lack(problems), least)
}

/// Puts together what services lack: a service without the usual hardening is one thing to mend, and so are fifty services
/// of a file that share it.
fn lacks(problems: Vec<Problem<'_>>) -> Vec<Item<'_>> {
    let mut by_service: HashMap<(&str, usize, &str), Vec<&Finding>> = HashMap::new();
    for finding in problems.iter().filter_map(lacking) {
        by_service.entry(service_of(finding)).or_default().push(finding);
    }
    let mut items: Vec<Item<'_>> = Vec::new();
    let mut places: HashMap<Vec<(&str, &str, &str)>, usize> = HashMap::new();
    for problem in problems {
        let Some(finding) = lacking(&problem) else {
            items.push(Item::Problem(problem));
            continue;
        };
        // The first of a service's findings stands for all of them.
        let Some(findings) = by_service.remove(&service_of(finding)) else { continue };
        let same = findings.iter().map(|f| (f.file().name(), f.rule.name, &*f.message)).collect();
        match places.get(&same).and_then(|&at| items.get_mut(at)) {
            Some(Item::Lack(lack)) => add_service(lack, &findings),
            Some(Item::Problem(problem)) => problem.others.push(finding),
            _ => {
                places.insert(same, items.len());
                items.push(match findings.as_slice() {
                    [_] => Item::Problem(problem),
                    _ => {
                        let mut lack =
                            Lack { settings: Vec::new(), services: Vec::new(), findings: Vec::new() };
                        add_service(&mut lack, &findings);
                        Item::Lack(lack)
                    }
                });
            }
        }
    }
    items
}

/// The hardening that services of the whole run lack is one thing. What is worse than low is none of it: a service that
/// runs as root is wrong by itself.
fn project_lack(problems: Vec<Problem<'_>>) -> Vec<Item<'_>> {
    let is_hardening =
        |problem: &Problem<'_>| problem.finding.absent.is_some() && problem.finding.severity <= Severity::Low;
    let (hardening, rest): (Vec<_>, Vec<_>) = problems.into_iter().partition(is_hardening);
    let mut by_service: BTreeMap<(&str, usize, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in hardening.iter().flat_map(Problem::findings) {
        by_service.entry(service_of(finding)).or_default().push(finding);
    }
    // What a pod's container lacks is written in another way, and so is another thing.
    let mut lacks =
        [(); 2].map(|()| Lack { settings: Vec::new(), services: Vec::new(), findings: Vec::new() });
    for findings in by_service.values() {
        let is_of_pod = findings.iter().filter_map(|finding| finding.absent).any(is_of_pod);
        add_service(&mut lacks[usize::from(is_of_pod)], findings);
    }
    let items = rest.into_iter().map(Item::Problem);
    items.chain(lacks.into_iter().filter(|lack| !lack.findings.is_empty()).map(Item::Lack)).collect()
}

fn add_service<'a>(lack: &mut Lack<'a>, findings: &[&'a Finding]) {
    let Some(first) = findings.first() else { return };
    lack.services.push((first.file().name(), first.service.as_deref().unwrap_or_default()));
    for &finding in findings {
        let known = lack.settings.iter_mut().find(|setting| setting.finding.rule.name == finding.rule.name);
        match known {
            Some(setting) => setting.services += 1,
            None => lack.settings.push(Setting { finding, services: 1 }),
        }
        lack.findings.push(finding);
    }
}

/// Base images that run as root are one thing, however few there are.
fn bases(items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    let is_base = |item: &Item<'_>| matches!(item, Item::Problem(problem) if problem.finding.for_base);
    let (bases, rest): (Vec<_>, Vec<_>) = items.into_iter().partition(is_base);
    [rest, repeated(bases, 2)].concat()
}

/// Puts together what breaks the same rule in at least so many places.
fn repeated(items: Vec<Item<'_>>, least: usize) -> Vec<Item<'_>> {
    let key = |finding: &Finding| (finding.rule.name, finding.for_base);
    let mut places: HashMap<(&str, bool), Vec<Problem<'_>>> = HashMap::new();
    for item in &items {
        if let Item::Problem(problem) = item {
            places.entry(key(problem.finding)).or_default().push(problem.clone());
        }
    }
    let mut folded: Vec<Item<'_>> = Vec::new();
    for item in items {
        let Item::Problem(problem) = &item else {
            folded.push(item);
            continue;
        };
        match places.get(&key(problem.finding)) {
            Some(problems) if problems.len() < least => folded.push(item),
            // The first place stands for all of them.
            Some(_) => {
                let mut problems = places.remove(&key(problem.finding)).unwrap_or_default();
                problems.sort_by_key(|problem| std::cmp::Reverse(problem.finding.severity));
                folded.push(Item::Repeated(Repeated { problems }));
            }
            None => {}
        }
    }
    folded
}

/// The finding of a problem that is one setting that one service lacks.
fn lacking<'a>(problem: &Problem<'a>) -> Option<&'a Finding> {
    let finding = problem.finding;
    (finding.absent.is_some() && problem.others.is_empty()).then_some(finding)
}

fn service_of(finding: &Finding) -> (&str, usize, &str) {
    (finding.file().name(), finding.span().start(), finding.service.as_deref().unwrap_or_default())
}

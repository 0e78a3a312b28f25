//! What is told as one thing.

use std::collections::BTreeSet;

use crate::finding::finding::Finding;
use crate::finding::meta::RuleMeta;
use crate::finding::severity::Severity;
use crate::model::project::input::is_of_pod;
use crate::report::seen::count;

/// What is told as one thing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Item<'a> {
    /// A fault in one place, of one service or several.
    Problem(Problem<'a>),
    /// The same rule broken in many places.
    Repeated(Repeated<'a>),
    /// Settings that services lack.
    Lack(Lack<'a>),
}

/// A finding, and those that differ from it in nothing but the service: the line they are about stands in a file once, in
/// an anchor or in a fragment, however many services take it from there.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Problem<'a> {
    /// The first of them.
    pub finding: &'a Finding,
    /// Those that say the same of other services.
    pub others: Vec<&'a Finding>,
}

/// A rule that is broken in many places.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Repeated<'a> {
    /// Where, the worst first; at least two.
    pub problems: Vec<Problem<'a>>,
}

/// Settings that services lack.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lack<'a> {
    /// Which, with how many services each.
    pub settings: Vec<Setting<'a>>,
    /// The services, each with its file.
    pub services: Vec<(&'a str, &'a str)>,
    /// All that was found.
    pub findings: Vec<&'a Finding>,
}

/// A setting that services lack.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Setting<'a> {
    /// What was found of the first of them.
    pub finding: &'a Finding,
    /// How many services lack it.
    pub services: usize,
}

impl<'a> Problem<'a> {
    /// All of its findings.
    pub fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        std::iter::once(self.finding).chain(self.others.iter().copied())
    }

    /// Which services it is about, when it is about several: all of them, or, where the messages differ and the
    /// first service has its own already, the others.
    #[must_use]
    pub fn services(&self) -> Option<String> {
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

impl<'a> Repeated<'a> {
    /// The worst of it, at the first place.
    #[must_use]
    pub fn first(&self) -> Option<&'a Finding> {
        self.problems.first().map(|problem| problem.finding)
    }

    /// `missing-user in 111 places: Nothing sets a user`, without a full stop.
    #[must_use]
    pub fn headline(&self) -> String {
        let Some(first) = self.first() else { return String::new() };
        let same = self.problems.iter().all(|problem| problem.finding.message == first.message);
        let what = if same { first.message() } else { first.rule.summary().trim_end_matches('.') };
        if first.for_base {
            return format!(
                "{} base images run as root, and so does what others build on them",
                self.problems.len()
            );
        }
        format!("{} places: {}", self.problems.len(), within_sentence(what))
    }
}

/// A sentence as it goes on behind a colon: its first word in small letters, unless that is a name.
fn within_sentence(text: &str) -> String {
    let word = text.split(' ').next().unwrap_or_default();
    let mut letters = word.chars();
    let is_capital = letters.next().is_some_and(char::is_uppercase);
    let is_name = ["Compose", "Docker"].contains(&word) || letters.any(char::is_uppercase);
    match is_capital && !is_name {
        true => {
            text.chars().next().into_iter().flat_map(char::to_lowercase).chain(text.chars().skip(1)).collect()
        }
        false => text.to_owned(),
    }
}

impl<'a> Lack<'a> {
    /// The lines to add for the first service. Settings below one key, such as two limits of `deploy`, share its line.
    #[must_use]
    pub fn lines(&self) -> Vec<&'static str> {
        let mut lines = Vec::new();
        let mut before = "";
        for block in self.settings.iter().filter_map(|setting| setting.finding.absent) {
            let shared = block.lines().zip(before.lines()).take_while(|(one, other)| one == other).count();
            lines.extend(block.lines().skip(shared));
            before = block;
        }
        lines
    }

    /// Whether these are containers of pods, and not services: they are set in another way.
    #[must_use]
    pub fn is_of_pods(&self) -> bool {
        self.settings.iter().filter_map(|setting| setting.finding.absent).any(is_of_pod)
    }

    /// What each of them is called.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        if self.is_of_pods() { "container" } else { "service" }
    }

    /// Whether the services lie in one file and lack the same.
    #[must_use]
    pub fn is_uniform(&self) -> bool {
        let files: BTreeSet<_> = self.services.iter().map(|(file, _)| file).collect();
        files.len() < 2 && self.settings.iter().all(|setting| setting.services == self.services.len())
    }

    /// `the same goes for service `b``: those behind the first, where there are any.
    #[must_use]
    pub fn others_in_words(&self) -> Option<String> {
        let others: Vec<String> = self.services.iter().skip(1).map(|(_, name)| format!("`{name}`")).collect();
        let (noun, ending) = (self.noun(), if others.len() > 1 { "s" } else { "" });
        listed(others).map(|others| format!("the same goes for {noun}{ending} {others}"))
    }

    /// What is wrong, in one sentence.
    #[must_use]
    pub fn headline(&self) -> String {
        let (_, service) = self.services.first().copied().unwrap_or_default();
        let settings = count(self.settings.len(), "setting");
        if !self.is_uniform() {
            let lack = if self.services.len() == 1 { "lacks" } else { "lack" };
            return format!(
                "{} {lack} settings that would contain them",
                count(self.services.len(), self.noun())
            );
        }
        let others = match self.services.len() {
            0 | 1 => return format!("`{service}` lacks {settings} that would contain it"),
            2 => format!("1 other {}", self.noun()),
            services => format!("{} other {}s", services - 1, self.noun()),
        };
        format!("`{service}` and {others} lack {settings} that would contain them")
    }
}

impl<'a> Item<'a> {
    /// All of its findings.
    #[must_use]
    pub fn findings(&self) -> Vec<&'a Finding> {
        match self {
            Item::Problem(problem) => problem.findings().collect(),
            Item::Repeated(repeated) => repeated.problems.iter().flat_map(Problem::findings).collect(),
            Item::Lack(lack) => lack.findings.clone(),
        }
    }

    /// The worst of it.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.findings().iter().map(|finding| finding.severity).max().unwrap_or(Severity::Style)
    }

    /// The rule that found it, or the first of those that did.
    ///
    /// # Panics
    /// Never: there is nothing to tell without a finding.
    #[must_use]
    pub fn rule(&self) -> &'static RuleMeta {
        match self {
            Item::Problem(problem) => problem.finding.rule,
            Item::Repeated(repeated) => repeated.problems[0].finding.rule,
            Item::Lack(lack) => lack.findings[0].rule,
        }
    }

    /// Whether it is told once and is in many places.
    #[must_use]
    pub fn is_widespread(&self) -> bool {
        matches!(self, Item::Repeated(_))
    }

    /// Whether it is something that a whole repository does by its nature: base images that run as root, hardening that
    /// services lack. It comes last, unless somebody has raised its severity.
    #[must_use]
    pub fn is_habit(&self) -> bool {
        let lacks = match self {
            Item::Problem(problem) => problem.finding.for_base || problem.finding.absent.is_some(),
            Item::Repeated(repeated) => repeated.problems.iter().all(|problem| problem.finding.for_base),
            Item::Lack(_) => true,
        };
        lacks && self.severity() <= Severity::Low
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(mut names: Vec<String>) -> Option<String> {
    let last = names.pop()?;
    Some(if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) })
}

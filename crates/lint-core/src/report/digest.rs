//! A report as people read it: the worst first, and the same thing told once.
//!
//! The findings of a report are one for each place and service, in the order of files, since programs want them so. A person who is
//! to mend three hundred of them wants to know where to begin, and that eighty are one habit.

mod fold;
mod item;
mod overview;

pub use crate::report::digest::item::{Item, Lack, Problem, Repeated, Setting};
pub use crate::report::digest::overview::{DirectoryLine, Overview, RuleLine};

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::severity::Severity;
use crate::report::Report;
use crate::report::digest::fold::{fold, problems};
use crate::report::seen::count;
use crate::report::tally::Tally;

/// How many things are told each by itself before those that repeat are told once.
pub const FEW: usize = 10;

/// In which order things are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Sort {
    /// The worst first; among equals, what is wrong in one place before what is wrong in many.
    #[default]
    Severity,
    /// By file and place.
    Path,
    /// By the name of the rule.
    Rule,
}

/// What is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum GroupBy {
    /// What services lack, and of more than [`FEW`] things those that repeat.
    #[default]
    Auto,
    /// Nothing: each problem at its place.
    None,
    /// Each rule is told once, with its places.
    Rule,
    /// The problems of each file, below its name.
    File,
    /// The problems of each directory, below its name.
    Directory,
}

/// A report as people read it.
///
/// ```
/// use lint_core::report::digest::{Digest, GroupBy, Sort};
/// use lint_core::{Linter, Source};
///
/// let sources: Vec<_> =
///     (1..=20).map(|n| Source::dockerfile(format!("{n}/Dockerfile"), "FROM debian:12\nUSER root\n")).collect();
/// let report = Linter::default().lint(&sources);
/// let digest = Digest::of(&report, Sort::Severity, GroupBy::Auto);
/// assert_eq!((digest.tally.findings, digest.items().count()), (20, 1));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Digest<'a> {
    /// How many findings there are.
    pub tally: Tally,
    /// What is told, under the headings that were asked for.
    pub sections: Vec<Section<'a>>,
}

/// What is told under a heading.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Section<'a> {
    /// `web/Dockerfile: 3 problems (1 high, 2 low)`; `None` when nothing was to be put below headings.
    pub title: Option<String>,
    /// What is told.
    pub items: Vec<Item<'a>>,
}

impl<'a> Digest<'a> {
    /// A report as people read it.
    #[must_use]
    pub fn of(report: &'a Report, sort: Sort, group_by: GroupBy) -> Self {
        let tally = Tally::of(&report.findings);
        let problems = problems(&report.findings);
        let by: fn(&Problem<'_>) -> String = match group_by {
            GroupBy::File => |problem| problem.finding.file().name().to_owned(),
            GroupBy::Directory => |problem| directory(problem.finding.file().name()).to_owned(),
            GroupBy::Auto | GroupBy::None | GroupBy::Rule => {
                let items = sorted(fold(problems, group_by), sort);
                return Self { tally, sections: vec![Section { title: None, items }] };
            }
        };
        let mut parts: BTreeMap<String, Vec<Problem<'a>>> = BTreeMap::new();
        for problem in problems {
            parts.entry(by(&problem)).or_default().push(problem);
        }
        let mut sections: Vec<(Severity, Section<'a>)> = Vec::new();
        for (name, problems) in parts {
            let tally = Tally::of(problems.iter().flat_map(Problem::findings));
            let number = count(tally.findings, "problem");
            let title = Some(format!("{name}: {number} ({})", tally.severities_in_words()));
            let worst = tally.severities.first().map_or(Severity::Style, |&(severity, _)| severity);
            let items = sorted(fold(problems, GroupBy::Auto), sort);
            sections.push((worst, Section { title, items }));
        }
        if sort == Sort::Severity {
            sections.sort_by_key(|&(worst, _)| Reverse(worst));
        }
        Self { tally, sections: sections.into_iter().map(|(_, section)| section).collect() }
    }

    /// Everything that is told.
    pub fn items(&self) -> impl Iterator<Item = &Item<'a>> {
        self.sections.iter().flat_map(|section| &section.items)
    }
}

fn sorted<'a>(mut items: Vec<Item<'a>>, sort: Sort) -> Vec<Item<'a>> {
    match sort {
        Sort::Severity => items.sort_by_key(|item| {
            // A rule that half the repository breaks is a habit; what is wrong in one place is an accident, and mended at once.
            let places = if item.is_widespread() { item.findings().len() } else { 0 };
            (item.is_habit(), Reverse(item.severity()), places > 0, Reverse(places))
        }),
        Sort::Path => {}
        Sort::Rule => items.sort_by_key(|item| item.rule().name),
    }
    items
}

/// The directory of a file, `.` for one that lies where the run began.
#[must_use]
pub fn directory(file: &str) -> &str {
    match file.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((directory, _)) => directory,
        None => ".",
    }
}

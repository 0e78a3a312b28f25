//! What is in many places, told once.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lint_core::Finding;
use lint_core::report::concise::printable;
use lint_core::report::digest::{Lack, Repeated, directory};
use lint_core::report::seen::count;
use owo_colors::{OwoColorize as _, Style};

use crate::render::diagnostic::Snippet;
use crate::render::{Printer, severity_style, worst};

/// How many directories are named, and how many places one by one.
const SHOWN: usize = 6;
const FIRST: usize = 2;

impl Printer {
    /// The rule, the first place, and where the others are.
    pub(super) fn repeated(&mut self, repeated: &Repeated<'_>) {
        let Some(first) = repeated.first() else { return };
        let message = format!("[{}] {}", first.rule.name, repeated.headline());
        let snippet = Snippet::at(&first.place, message, first.severity, &self.bounds());
        self.snippet(first.severity.name(), severity_style(first.severity), &snippet);
        let findings: Vec<&Finding> = repeated.problems.iter().map(|problem| problem.finding).collect();
        if !repeated.headline().ends_with(&*first.message) {
            self.footer("note", Style::new().green().bold(), &format!("here, {}", first.message));
        }
        self.places(&findings);
        self.help(first);
        self.fixes(first);
        self.docs(first);
        self.out.push('\n');
    }

    /// The hardening that services of the whole run lack.
    pub(super) fn project_lack(&mut self, lack: &Lack<'_>) {
        let Some(first) = lack.findings.first() else { return };
        let severity = worst(&lack.findings);
        let rules: Vec<&str> = lack.settings.iter().map(|setting| setting.finding.rule.name).collect();
        let message = format!("{} [{}]", lack.headline(), rules.join(", "));
        let snippet = Snippet::at(&first.place, message, severity, &self.bounds());
        self.snippet(severity.name(), severity_style(severity), &snippet);
        for setting in &lack.settings {
            let rule = setting.finding.rule;
            let said =
                format!("{}: {} [{}]", count(setting.services, lack.noun()), rule.summary(), rule.name);
            self.footer("note", Style::new().green().bold(), &said);
        }
        let mut seen = std::collections::HashSet::new();
        let services = lack.findings.iter().copied().filter(|f| seen.insert((f.file().name(), &f.service)));
        self.places(&services.collect::<Vec<_>>());
        self.lines_to_add(lack);
    }

    /// Few places one by one; many by directory, with their number and the first of each.
    fn places(&mut self, findings: &[&Finding]) {
        self.footer("note", Style::new().green().bold(), &severities(findings));
        if findings.len() <= SHOWN {
            for finding in findings {
                self.line(&finding.location());
            }
            return;
        }
        let mut depth = 1;
        let mut parts = by_directory(findings, depth);
        // Where everything lies below one directory, its name tells nothing.
        while parts.len() == 1 && depth < 8 {
            depth += 1;
            parts = by_directory(findings, depth);
        }
        let mut parts: Vec<(String, Vec<&Finding>)> = parts.into_iter().collect();
        parts.sort_by_key(|(_, findings)| std::cmp::Reverse(findings.len()));
        if parts.len() > SHOWN && parts.iter().all(|(_, findings)| findings.len() == 1) {
            // A number beside each of a hundred directories would tell nothing.
            findings.iter().take(FIRST).for_each(|finding| self.line(&finding.location()));
            self.line(&format!("and {} more, each in a directory of its own", findings.len() - FIRST));
            return;
        }
        let width = parts.iter().take(SHOWN).map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, findings) in parts.iter().take(SHOWN) {
            let first = findings.first().map(|finding| finding.location()).unwrap_or_default();
            // The directory stands before it already.
            let first = first.strip_prefix(name.as_str()).unwrap_or(&first);
            self.line(&format!("{name:width$}  {:>4}  {first}", findings.len()));
        }
        let rest: usize = parts.iter().skip(SHOWN).map(|(_, findings)| findings.len()).sum();
        if rest > 0 {
            let more = match parts.len() - SHOWN {
                1 => "1 more directory".to_owned(),
                more => format!("{more} more directories"),
            };
            self.line(&format!("and {rest} in {more}"));
        }
    }

    fn line(&mut self, text: &str) {
        let text = printable(text);
        let text = match self.look.terminal.width {
            Some(columns) => text.chars().take(columns.saturating_sub(10)).collect(),
            None => text,
        };
        let text = if self.look.terminal.colour { text.dimmed().to_string() } else { text };
        let _ = writeln!(self.out, "          {text}");
    }
}

/// `in 98 files`, and how many at each severity where there are several.
fn severities(findings: &[&Finding]) -> String {
    let tally = lint_core::report::tally::Tally::of(findings.iter().copied());
    let files = count(tally.files, "file");
    match tally.severities.len() {
        0 | 1 => format!("in {files}"),
        _ => format!("in {files}: {}", tally.severities_in_words()),
    }
}

fn by_directory<'f>(findings: &[&'f Finding], depth: usize) -> BTreeMap<String, Vec<&'f Finding>> {
    let mut parts: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let path = directory(finding.file().name());
        let name: Vec<&str> = path.split('/').take(depth).collect();
        parts.entry(format!("{}/", name.join("/"))).or_default().push(finding);
    }
    parts
}

//! Findings for people; `--output-format full` is written here. Nothing outside this module knows miette.

pub(crate) mod audit;
mod diagnostic;
mod excerpt;
mod folded;
pub(crate) mod grouped;
mod overview;
pub(crate) mod statistics;
pub(crate) mod summary;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt::Write as _;

use lint_core::fix::preview;
use lint_core::report::concise::printable;
use lint_core::report::digest::{Digest, GroupBy, Item, Lack, Problem, Sort};
use lint_core::{Applicability, Finding, Label, Place, Report, Severity};
use miette::{GraphicalReportHandler, GraphicalTheme, NarratableReportHandler};
use owo_colors::{OwoColorize as _, Style};
use textwrap::{WordSeparator, WordSplitter};

use crate::args::values::DocsChoice;
use crate::diff::unified;
use crate::render::diagnostic::Snippet;
use crate::render::summary::Fixable;
use crate::terminal::Terminal;

/// How the findings are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) terminal: Terminal,
    /// In words, without drawings.
    pub(crate) accessible: bool,
    /// When the pages of the rules are named.
    pub(crate) docs: DocsChoice,
    /// With a last line that counts them.
    pub(crate) summary: bool,
    /// How many of them can be fixed.
    pub(crate) fixable: Fixable,
    /// In which order; by default the worst first.
    pub(crate) sort: Option<Sort>,
    /// What is put together.
    pub(crate) group_by: Option<GroupBy>,
}

/// How many lines make more than a screen.
const SCREEN: usize = 40;

/// How many lines of a fix that is a choice for a person are shown.
const LONGEST_DIFF: usize = 30;

/// The findings with excerpts of their files, and a summary.
pub(crate) fn full(report: &Report, look: Look) -> String {
    let digest = Digest::of(report, look.sort.unwrap_or_default(), look.group_by.unwrap_or_default());
    let mut printer = Printer { look, explained: HashSet::new(), out: String::new() };
    for section in &digest.sections {
        if let Some(title) = &section.title {
            let title = printable(title);
            let title = if look.terminal.colour { title.bold().underline().to_string() } else { title };
            let _ = writeln!(printer.out, "{title}\n");
        }
        section.items.iter().for_each(|item| printer.item(item));
    }
    if look.summary {
        let shown = digest.items().count();
        if shown > 1 && printer.out.lines().take(SCREEN + 1).count() > SCREEN {
            printer.out.push_str(&overview::overview(report, look));
        }
        printer.out.push_str(&summary::line(report, &digest.tally, shown, look));
    }
    printer.out
}

/// The style a severity is shown in.
pub(crate) fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Critical => Style::new().magenta().bold(),
        Severity::High => Style::new().red().bold(),
        Severity::Medium => Style::new().yellow().bold(),
        Severity::Low => Style::new().cyan().bold(),
        Severity::Style => Style::new().blue(),
    }
}

/// `elevation of privilege; CIS 5.4`: the threats that the rule stops and the recommendations that are broken, in the newest
/// version of the benchmark.
fn why(finding: &Finding) -> Option<String> {
    let threats: Vec<&str> = finding.rule.stride.iter().map(|stride| stride.name()).collect();
    let mut numbers: Vec<String> = finding.cis().map(|cis| cis.number()).collect();
    // Those of one matter, such as every file of the daemon below a directory, are too many for a line.
    let more = numbers.len().saturating_sub(3);
    numbers.truncate(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let cis = (!numbers.is_empty()).then(|| format!("CIS {}{more}", numbers.join(", ")));
    let parts: Vec<String> =
        (!threats.is_empty()).then(|| threats.join(", ")).into_iter().chain(cis).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The worst severity of findings.
fn worst(findings: &[&Finding]) -> Severity {
    findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Style)
}

struct Printer {
    look: Look,
    /// The rules whose page has been named already.
    explained: HashSet<&'static str>,
    out: String,
}

impl Printer {
    fn item(&mut self, item: &Item<'_>) {
        match item {
            Item::Problem(problem) => self.problem(problem),
            Item::Repeated(repeated) => self.repeated(repeated),
            Item::Lack(lack) if lack.is_uniform() => self.lack(lack),
            Item::Lack(lack) => self.project_lack(lack),
            _ => {}
        }
    }

    fn problem(&mut self, problem: &Problem<'_>) {
        let finding = problem.finding;
        let (here, elsewhere): (Vec<&Label>, Vec<&Label>) =
            finding.labels.iter().partition(|label| is_near(&label.place, &finding.place));
        self.finding(finding, &here);
        for label in elsewhere {
            self.snippet("note", Style::new().green().bold(), &Snippet::elsewhere(label, &self.bounds()));
        }
        if let Some(services) = problem.services() {
            self.footer("note", Style::new().green().bold(), &services);
        }
        self.help(finding);
        self.fixes(finding);
        self.docs(finding);
        self.out.push('\n');
    }

    /// What to do, unless a fix says just that.
    pub(super) fn help(&mut self, finding: &Finding) {
        let is_said = |help: &str| finding.fixes.iter().any(|fix| fix.title.eq_ignore_ascii_case(help));
        if let Some(help) = finding.help.as_deref().filter(|help| !is_said(help)) {
            self.footer("help", Style::new().cyan().bold(), help);
        }
    }

    /// What would repair it, and how far that is trusted; what is a choice for a person as the edit it is.
    pub(super) fn fixes(&mut self, finding: &Finding) {
        for fix in &finding.fixes {
            let how = match fix.applicability {
                Applicability::Safe => "--fix",
                Applicability::Unsafe => "--fix --unsafe-fixes",
                Applicability::Display => "to be done by hand",
            };
            self.footer("fix", Style::new().green().bold(), &format!("{} ({how})", fix.title));
            if fix.applicability != Applicability::Display {
                continue;
            }
            for file in preview(fix) {
                // The name of the file is above.
                for line in unified(&file, Terminal::PLAIN).lines().skip(2).take(LONGEST_DIFF) {
                    let _ = writeln!(self.out, "          {}", printable(line).trim_end());
                }
            }
        }
    }

    /// Several settings that a service lacks: what each would do, and the lines to add.
    fn lack(&mut self, lack: &Lack<'_>) {
        let Some(first) = lack.findings.first() else { return };
        let severity = worst(&lack.findings);
        let snippet = Snippet::at(&first.place, lack.headline(), severity, &self.bounds());
        self.snippet(severity.name(), severity_style(severity), &snippet);
        for setting in &lack.settings {
            let finding = setting.finding;
            let said = format!("{} [{}] ({})", finding.message, finding.rule.name, finding.severity);
            self.footer("note", Style::new().green().bold(), &said);
        }
        if let Some(others) = lack.others_in_words() {
            self.footer("note", Style::new().green().bold(), &others);
        }
        self.lines_to_add(lack);
    }

    /// What to add to the first service, and the pages that say why.
    fn lines_to_add(&mut self, lack: &Lack<'_>) {
        let (_, service) = lack.services.first().copied().unwrap_or_default();
        let place = match lack.is_of_pods() {
            true => format!("in the container `{}`:", service.rsplit('.').next().unwrap_or_default()),
            false => format!("below `{service}:`"),
        };
        let help = format!("add what the program can live with, such as, {place}");
        self.footer("help", Style::new().cyan().bold(), &help);
        for line in lack.lines() {
            let _ = writeln!(self.out, "          {}", printable(line));
        }
        for setting in &lack.settings {
            self.docs(setting.finding);
        }
        self.out.push('\n');
    }

    /// Whether the addresses of pages are printed: a link in the header does without.
    fn names_pages(&self) -> bool {
        match self.look.docs {
            DocsChoice::Auto => !self.look.terminal.links,
            DocsChoice::Always => true,
            DocsChoice::Never => false,
        }
    }

    /// Once for each rule is enough.
    fn docs(&mut self, finding: &Finding) {
        if !self.explained.insert(finding.rule.name) {
            return;
        }
        let style = Style::new().cyan().bold();
        let url = finding.rule.url();
        match (self.names_pages(), why(finding)) {
            (true, Some(why)) => self.footer("docs", style, &format!("{url} ({why})")),
            (true, None) => self.footer("docs", style, &url),
            (false, Some(why)) => self.footer("about", style, &why),
            (false, None) => {}
        }
    }

    fn finding(&mut self, finding: &Finding, here: &[&Label]) {
        let snippet = Snippet::of(finding, here, &self.bounds());
        let from = self.out.len();
        self.snippet(finding.severity.name(), severity_style(finding.severity), &snippet);
        if self.look.terminal.links && self.look.docs != DocsChoice::Never {
            let name = format!("[{}]", finding.rule.name);
            let link =
                format!("[\u{1b}]8;;{}\u{1b}\\{}\u{1b}]8;;\u{1b}\\]", finding.rule.url(), finding.rule.name);
            let linked = self.out[from..].replacen(&name, &link, 1);
            self.out.truncate(from);
            self.out.push_str(&linked);
        }
    }

    fn bounds(&self) -> excerpt::Bounds {
        let width = self.look.terminal.width.unwrap_or(160);
        excerpt::Bounds {
            // What line numbers and the gutter take.
            columns: if self.look.accessible { 200 } else { width.saturating_sub(12) },
            ellipsis: if self.look.terminal.unicode { "…" } else { "..." },
        }
    }

    fn snippet(&mut self, kind: &str, style: Style, snippet: &Snippet) {
        let result = if self.look.accessible {
            let _ = write!(self.out, "{kind}: ");
            NarratableReportHandler::new().render_report(&mut self.out, snippet)
        } else {
            self.graphics(kind, style).render_report(&mut self.out, snippet)
        };
        // Excerpts hold every place their labels name, and a string takes whatever is written: neither fails.
        debug_assert!(result.is_ok(), "{snippet:?}");
    }

    fn footer(&mut self, kind: &str, style: Style, text: &str) {
        if self.look.accessible {
            let _ = writeln!(self.out, "{kind}: {}", printable(text));
        } else {
            self.snippet(kind, style, &Snippet::text(text));
        }
    }

    /// A miette that draws as we like it: the kind of message where its icon would be, in that kind's style.
    fn graphics(&self, kind: &str, style: Style) -> GraphicalReportHandler {
        let terminal = self.look.terminal;
        let mut theme = match (terminal.unicode, terminal.colour) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::unicode_nocolor(),
            (false, true) => GraphicalTheme::ascii(),
            (false, false) => GraphicalTheme::none(),
        };
        // Which of the three miette takes depends on the level, which only the words of `accessible` need.
        theme.characters.error = format!("{kind}:");
        theme.characters.warning.clone_from(&theme.characters.error);
        theme.characters.advice.clone_from(&theme.characters.error);
        if terminal.colour {
            (theme.styles.error, theme.styles.warning, theme.styles.advice) = (style, style, style);
            theme.styles.link = Style::new().bold();
            theme.styles.highlights = vec![style, Style::new().blue().bold(), Style::new().green().bold()];
        }
        GraphicalReportHandler::new_themed(theme)
            .with_width(terminal.width.unwrap_or(usize::MAX))
            // An address, or a rule's name, that is broken in two leads nowhere.
            .with_break_words(false)
            .with_word_separator(WordSeparator::AsciiSpace)
            .with_word_splitter(WordSplitter::NoHyphenation)
            .with_wrap_lines(terminal.width.is_some())
    }
}

/// Whether a label's lines and the finding's make one snippet. Those farther away get one of their own, below: the
/// finding comes first, even where what explains it stands higher up in the file.
fn is_near(label: &Place, finding: &Place) -> bool {
    let lines = |place: &Place| (place.file.line(place.span.start()), place.file.line(place.span.end()));
    if label.file != finding.file {
        return false;
    }
    let ((first, last), (begin, end)) = (lines(label), lines(finding));
    first <= end + 3 && begin <= last + 3
}

/// A severity's name in its style, padded on the right.
pub(crate) fn severity_cell(severity: Severity, width: usize, colour: bool) -> String {
    let name = format!("{:width$}", severity.name());
    if colour { name.style(severity_style(severity)).to_string() } else { name }
}

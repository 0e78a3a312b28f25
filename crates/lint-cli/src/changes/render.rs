//! What has changed, for people and for programs.

use std::fmt::Write as _;

use lint_core::Finding;
use lint_core::policy::{Fact, Portrait};
use lint_core::report::concise::printable;
use owo_colors::OwoColorize as _;
use serde_json::{Value, json};

use crate::changes::{Changed, Changes, Difference, Verdict};

/// How many rows a comment has: as many as fit a screen.
const MOST_ROWS: usize = 30;

/// How many of the rows are kept for findings, which come last.
const MOST_KEPT: usize = 8;

/// How long a value is in a row.
const LONGEST: usize = 80;

/// One line for a change that makes no difference.
pub(crate) fn nothing(changes: &Changes<'_>) -> String {
    match changes.compared {
        0 => "Nothing to compare: no services and no images in either.\n".to_owned(),
        1 => "Nothing changes for the one container: it is what it was.\n".to_owned(),
        compared => format!("Nothing changes for the containers: all {compared} are what they were.\n"),
    }
}

/// For the terminal.
pub(crate) fn text(changes: &Changes<'_>, colour: bool) -> String {
    if changes.is_empty() {
        return nothing(changes);
    }
    let mut text = String::new();
    if changes.subjects.is_empty() {
        text = format!("{}\n", nothing(changes));
    }
    for changed in &changes.subjects {
        let Some(subject) = changed.subject() else { continue };
        let _ = writeln!(text, "{}{}", title(subject), state(changed));
        for one in &changed.facts {
            let (mark, line) = (mark(one), line(one));
            let places = places(one);
            let row = printable(&format!(
                "  {mark} {line}{}",
                if places.is_empty() { String::new() } else { format!("  ({places})") }
            ));
            match (one.verdict(), colour) {
                (Verdict::Worse, true) => drop(writeln!(text, "{}", row.red())),
                (Verdict::Better, true) => drop(writeln!(text, "{}", row.green())),
                _ => drop(writeln!(text, "{row}")),
            }
        }
        text.push('\n');
    }
    for (what, findings) in [("Findings that come", &changes.new), ("Findings that go", &changes.gone)] {
        if findings.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{what}");
        for finding in findings {
            let _ = writeln!(text, "  {}", printable(&of_finding(finding)));
        }
        text.push('\n');
    }
    let end = if changes.subjects.is_empty() { of_findings(changes) } else { summary(changes) };
    let _ = writeln!(text, "{end}");
    text
}

/// For a comment on a pull request.
pub(crate) fn markdown(changes: &Changes<'_>) -> String {
    if changes.is_empty() {
        return nothing(changes);
    }
    let mut text = match changes.subjects.is_empty() {
        true => format!("{}\n**{}**\n", nothing(changes), of_findings(changes)),
        false => format!("**{}**\n", summary(changes)),
    };
    let kept = (changes.new.len() + changes.gone.len()).min(MOST_KEPT);
    let mut left = MOST_ROWS - kept;
    let mut omitted = 0;
    for changed in &changes.subjects {
        let Some(subject) = changed.subject() else { continue };
        if left == 0 {
            omitted += changed.facts.len().max(1);
            continue;
        }
        left = left.saturating_sub(1);
        let _ = write!(text, "\n{}{}\n", cell(&title(subject)), state(changed));
        if changed.facts.is_empty() {
            continue;
        }
        text.push_str("\n| | | before | after |\n| --- | --- | --- | --- |\n");
        for one in &changed.facts {
            if left == 0 {
                omitted += 1;
                continue;
            }
            left -= 1;
            let mark = match one.verdict() {
                Verdict::Worse => "⚠",
                Verdict::Better => "✓",
                Verdict::Other => "",
            };
            let about = [one.aspect(), one.item()]
                .into_iter()
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join(" ");
            let _ = writeln!(
                text,
                "| {mark} | {} | {} | {} |",
                cell(&cut(&about)),
                side(one.before),
                side(one.after)
            );
        }
    }
    left += kept;
    for (what, findings) in [("Findings that come", &changes.new), ("Findings that go", &changes.gone)] {
        if findings.is_empty() {
            continue;
        }
        if left == 0 {
            omitted += findings.len();
            continue;
        }
        let _ = write!(text, "\n{what}:\n\n");
        for finding in findings.iter() {
            if left == 0 {
                omitted += 1;
                continue;
            }
            left -= 1;
            let _ = writeln!(text, "- {}", cell(&of_finding(finding)));
        }
    }
    if omitted > 0 {
        let _ = write!(text, "\n… and {omitted} more: `plimsoll diff` tells them.\n");
    }
    text
}

/// For programs.
pub(crate) fn as_json(changes: &Changes<'_>, before: &str, after: &str) -> String {
    let fact = |fact: Option<&Fact>| match fact {
        Some(fact) => json!({ "value": fact.value, "at": at(fact) }),
        None => Value::Null,
    };
    let subjects: Vec<Value> = changes
        .subjects
        .iter()
        .filter_map(|changed| {
            let subject = changed.subject()?;
            let facts: Vec<Value> = changed
                .facts
                .iter()
                .map(|one| {
                    let verdict = match one.verdict() {
                        Verdict::Worse => "worse",
                        Verdict::Better => "better",
                        Verdict::Other => "other",
                    };
                    json!({ "aspect": one.aspect(), "item": one.item(), "before": fact(one.before), "after": fact(one.after), "verdict": verdict })
                })
                .collect();
            let state = match (changed.before, changed.after) {
                (None, _) => "new",
                (_, None) => "gone",
                _ => "changed",
            };
            Some(json!({ "kind": subject.kind, "name": subject.name, "file": subject.file, "state": state, "changes": facts }))
        })
        .collect();
    let finding = |finding: &&Finding| {
        json!({
            "rule": finding.rule().name,
            "severity": finding.severity.to_string(),
            "message": finding.message(),
            "at": finding.location(),
            "service": finding.service,
        })
    };
    let all = json!({
        "version": 1,
        "before": before,
        "after": after,
        "compared": changes.compared,
        "subjects": subjects,
        "new": changes.new.iter().map(finding).collect::<Vec<_>>(),
        "gone": changes.gone.iter().map(finding).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&all).unwrap_or_default();
    text.push('\n');
    text
}

fn title(subject: &Portrait) -> String {
    match (subject.kind, subject.name.as_str()) {
        ("project", _) => format!("project {}", subject.file),
        ("image", "") => format!("image of {}", subject.file),
        ("image", name) => format!("image of {}, stage `{name}`", subject.file),
        (kind, name) => format!("{kind} `{name}` of {}", subject.file),
    }
}

fn state(changed: &Changed<'_>) -> &'static str {
    match (changed.before, changed.after) {
        (None, _) => ": new",
        (_, None) => ": gone",
        _ => "",
    }
}

fn mark(one: &Difference<'_>) -> char {
    match one.verdict() {
        Verdict::Worse => '!',
        _ => match (one.before, one.after) {
            (None, _) => '+',
            (_, None) => '-',
            _ => '~',
        },
    }
}

fn line(one: &Difference<'_>) -> String {
    let item = if one.item().is_empty() { String::new() } else { format!(" {}", cut(one.item())) };
    let value =
        |fact: &Fact| if fact.value.is_empty() { String::new() } else { format!(": {}", cut(&fact.value)) };
    match (one.before, one.after) {
        (Some(before), Some(after)) => {
            format!("{}{item}: {} becomes {}", one.aspect(), cut(&before.value), cut(&after.value))
        }
        (None, Some(after)) => format!("{}{item}{}", one.aspect(), value(after)),
        (Some(before), None) => format!("no more {}{item}{}", one.aspect(), value(before)),
        (None, None) => String::new(),
    }
}

fn at(fact: &Fact) -> Option<String> {
    let place = fact.at.as_ref()?;
    Some(format!("{}:{}", place.file.name(), place.file.line(place.span.start())))
}

fn places(one: &Difference<'_>) -> String {
    let before = one.before.and_then(at).map(|place| format!("was {place}"));
    let after = one.after.and_then(at);
    [after, before].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn side(fact: Option<&Fact>) -> String {
    let Some(fact) = fact else { return "—".to_owned() };
    let value = if fact.value.is_empty() { "yes".to_owned() } else { cut(&fact.value) };
    match at(fact) {
        Some(place) => format!("{} ({})", cell(&value), cell(&place)),
        None => cell(&value),
    }
}

fn of_finding(finding: &Finding) -> String {
    let (severity, message) = (finding.severity, finding.message());
    format!("{severity}: {message} [{}] {}", finding.rule().name, finding.location())
}

fn summary(changes: &Changes<'_>) -> String {
    let facts = || changes.subjects.iter().flat_map(|changed| &changed.facts);
    let worse = match facts().filter(|one| one.verdict() == Verdict::Worse).count() {
        0 => "none".to_owned(),
        worse => worse.to_string(),
    };
    // One that comes or goes is a change, whatever is known of it.
    let all = changes.subjects.iter().map(|changed| changed.facts.len().max(1)).sum();
    let all = counted(all, "change", "changes");
    let places = counted(changes.subjects.len(), "place", "places");
    format!("{all} in {places}, {worse} for the worse; {}", of_findings(changes))
}

/// How many findings come and go.
fn of_findings(changes: &Changes<'_>) -> String {
    format!(
        "{} and {}.",
        counted(changes.new.len(), "finding comes", "findings come"),
        counted(changes.gone.len(), "goes", "go")
    )
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn cut(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", one_line.get(..at).unwrap_or_default()),
        None => one_line,
    }
}

/// Text of a stranger's files in a table.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in printable(text).chars() {
        if matches!(c, '|' | '<' | '>' | '*' | '_' | '[' | ']' | '\\' | '#' | '@' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

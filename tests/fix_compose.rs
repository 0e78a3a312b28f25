//! Fixes of Compose files, on the fixtures as they are and as other people would write them: another indentation, other line
//! ends, comments everywhere, JSON, anchors.
//!
//! Each fix by itself must leave a text that reads as before but for what it is about, with every comment; and all of them
//! together must leave nothing that they would change once more.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lint_core::fix::{fix, preview};
use lint_core::{Applicability, Finding, Fix, Linter, RunProfile, Settings, Source};
use lint_parser::text::span::Span;
use lint_parser::yaml;
use lint_parser::yaml::node::{Node, NodeKind, Stream};

/// How many files are taken through all rounds of all fixes, which is slow: every so many-th.
const EVERY: usize = 6;

/// Each file is written in every so many-th of the ways there are.
const STYLES: usize = 4;

#[test]
fn each_fix_changes_what_it_is_about_and_nothing_else() {
    let mut seen = 0;
    for (at, (name, text)) in fixtures().into_iter().enumerate() {
        for (style, text) in written_differently(&text).into_iter().skip(at % STYLES).step_by(STYLES) {
            let report = linter().lint(&[Source::compose("compose.yaml", &*text)]);
            for finding in report.findings() {
                for fix in &finding.fixes {
                    seen += 1;
                    if let Err(fault) = is_clean(&text, fix) {
                        panic!("{name}, {style}: {} ({}): {fault}\n{text}", finding.rule.name, fix.title);
                    }
                }
            }
        }
    }
    assert!(seen > 1000, "{seen} fixes were tried");
}

#[test]
fn a_second_run_changes_nothing() {
    let mut changed = 0;
    for (at, (name, text)) in fixtures().into_iter().enumerate() {
        let mut styles = written_differently(&text);
        if at % EVERY > 0 || styles.is_empty() {
            continue;
        }
        let (style, text) = styles.swap_remove(at / EVERY % styles.len());
        let once = all_fixes(&text, Applicability::Unsafe);
        let twice = all_fixes(&once, Applicability::Unsafe);
        assert_eq!(once, twice, "{name}, {style}");
        assert!(findings(&once) <= findings(&text), "{name}, {style}");
        changed += usize::from(once != text);
    }
    assert!(changed > 20, "{changed} files were changed");
}

fn linter() -> Linter {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Strict;
    Linter::new(settings)
}

fn findings(text: &str) -> usize {
    linter().lint(&[Source::compose("compose.yaml", text)]).findings().len()
}

fn all_fixes(text: &str, at_least: Applicability) -> String {
    let sources = [Source::compose("compose.yaml", text)];
    let every = |_: &Finding| true;
    let fixed = fix(&linter(), &sources, &lint_core::NoFiles, at_least, &every);
    fixed.files.into_iter().next().map_or_else(|| text.to_owned(), |file| file.after)
}

/// The Compose files of the rules' cases, by name.
fn fixtures() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let mut open: Vec<PathBuf> = vec![root];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if path.file_name().is_some_and(|name| name.to_string_lossy().ends_with("compose.yaml")) {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// The text as it is, and as others would write it. Only texts that mean the same to YAML, comments apart.
fn written_differently(text: &str) -> Vec<(&'static str, String)> {
    if text.contains(['\r', '\t', '\u{feff}']) {
        return vec![("as it is", text.to_owned())];
    }
    let mut styles = vec![
        ("as it is", text.to_owned()),
        ("other line ends", text.replace('\n', "\r\n")),
        ("no last line end", text.trim_end().to_owned()),
        ("wide", text.lines().map(widened).collect()),
        ("blank lines", text.replace('\n', "\n\n")),
        ("comments", text.lines().map(|line| format!("{line} # as we do\n")).collect()),
        (
            "comments between",
            text.lines().map(|line| format!("{line}\n{}# about it\n", indent(line))).collect(),
        ),
        ("with a head", format!("# ours\n---\n{text}")),
    ];
    styles.extend(as_json(text).map(|text| ("json", text)));
    styles.extend(anchored(text).map(|text| ("anchors", text)));
    let tree = values(text);
    styles.retain(|(style, other)| *style == "as it is" || *style == "anchors" || values(other) == tree);
    styles
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn widened(line: &str) -> String {
    format!("{}{line}\n", indent(line))
}

/// The same as JSON, over several lines.
fn as_json(text: &str) -> Option<String> {
    let stream = yaml::parse(text);
    let [document] = stream.tree.documents.as_slice() else { return None };
    let mut json = String::new();
    write_json(document.root.as_ref()?, 0, &mut json)?;
    Some(json)
}

fn write_json(node: &Node, depth: usize, json: &mut String) -> Option<()> {
    if node.tag.is_some() || node.anchor.is_some() {
        return None;
    }
    let pad = "  ".repeat(depth + 1);
    match &node.kind {
        NodeKind::Alias(_) => return None,
        NodeKind::Scalar(scalar) => {
            let text = scalar.text.text();
            let plain = scalar.style == yaml::node::ScalarStyle::Plain;
            match text {
                "" if plain => json.push_str("null"),
                "true" | "false" if plain => json.push_str(text),
                _ if plain && text.parse::<u32>().is_ok() => json.push_str(text),
                _ => json.push_str(&format!("{text:?}")),
            }
        }
        NodeKind::Sequence(items) => {
            json.push('[');
            for (at, item) in items.iter().enumerate() {
                json.push_str(if at > 0 { ", " } else { "" });
                write_json(item, depth + 1, json)?;
            }
            json.push(']');
        }
        NodeKind::Mapping(entries) => {
            json.push_str("{\n");
            for (at, entry) in entries.iter().enumerate() {
                let NodeKind::Scalar(key) = &entry.key.kind else { return None };
                json.push_str(&format!("{}{pad}{:?}: ", if at > 0 { ",\n" } else { "" }, key.text.text()));
                write_json(&entry.value, depth + 1, json)?;
            }
            json.push_str(&format!("\n{}}}", "  ".repeat(depth)));
        }
    }
    Some(())
}

/// The same with an anchor on the first service in block style, and another service that is the same.
fn anchored(text: &str) -> Option<String> {
    let at = text.find("services:\n")? + "services:\n".len();
    let line = text[at..].lines().next()?;
    line.trim().strip_suffix(':')?;
    let end = at + line.len();
    Some(format!("{} &first{}\n{}twin_of_it: *first\n", &text[..end], text[end..].trim_end(), indent(line)))
}

/// Whether a text reads as before after a fix, but for the bytes it changes.
fn is_clean(text: &str, fix: &Fix) -> Result<(), String> {
    let files = preview(fix);
    let [file] = files.as_slice() else { return Err("it changes nothing".to_owned()) };
    let (before, after) = (yaml::parse(text), yaml::parse(&file.after));
    if after.errors.len() > before.errors.len() {
        return Err(format!("{}\n--- after\n{}", after.errors[0].message, file.after));
    }
    let touched: Vec<Span> = fix.edits.iter().map(|edit| edit.span).collect();
    let is_touched =
        |span: Span| touched.iter().any(|edit| edit.start() <= span.end() && span.start() <= edit.end());
    let kept = comments(&after.tree);
    for comment in &before.tree.comments {
        let goes = touched.iter().any(|edit| edit.encloses(comment.span));
        if !goes && !kept.contains(&comment.text.value.trim().to_owned()) {
            return Err(format!("`{}` is gone\n--- after\n{}", comment.text.value, file.after));
        }
    }
    let is_windows = text.contains("\r\n");
    if is_windows && file.after.matches('\n').count() != file.after.matches("\r\n").count() {
        return Err(format!("line ends differ: {:?}", file.after));
    }
    // What was said elsewhere is said as before; a place in a list may have moved.
    let said = leaves(&after.tree);
    for (path, (value, span)) in &leaves(&before.tree) {
        let same = said.get(path).is_some_and(|(other, _)| other == value);
        let moved = path.contains('[') || path.contains("<<");
        if !same && !moved && !is_touched(*span) && !lies_in_removed(path, text, fix) {
            return Err(format!("`{path}` was `{value}`\n--- after\n{}", file.after));
        }
    }
    Ok(())
}

/// Whether a key above the path is among what goes.
fn lies_in_removed(path: &str, text: &str, fix: &Fix) -> bool {
    let mut above = path.split('.').filter(|key| !key.is_empty());
    above.any(|key| fix.edits.iter().any(|edit| edit.span.slice(text).contains(key)))
}

fn comments(stream: &Stream) -> Vec<String> {
    stream.comments.iter().map(|comment| comment.text.value.trim().to_owned()).collect()
}

fn values(text: &str) -> BTreeMap<String, String> {
    leaves(&yaml::parse(text).tree).into_iter().map(|(path, (value, _))| (path, value)).collect()
}

/// Every scalar by its path, and where it is written.
fn leaves(stream: &Stream) -> BTreeMap<String, (String, Span)> {
    let mut found = BTreeMap::new();
    for root in stream.documents.iter().filter_map(|document| document.root.as_ref()) {
        collect(root, String::new(), &mut found);
    }
    found
}

fn collect(node: &Node, path: String, found: &mut BTreeMap<String, (String, Span)>) {
    match &node.kind {
        NodeKind::Alias(name) => drop(found.insert(path, (format!("*{name}"), node.span))),
        NodeKind::Scalar(scalar) => {
            // JSON has a word for what is not written.
            let text = if scalar.text.text() == "null" { "" } else { scalar.text.text() };
            found.insert(path, (text.to_owned(), node.span));
        }
        NodeKind::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(item, format!("{path}[{at}]"), found);
            }
        }
        NodeKind::Mapping(entries) => {
            for entry in entries {
                let key = match &entry.key.kind {
                    NodeKind::Scalar(key) => key.text.text().to_owned(),
                    _ => "?".to_owned(),
                };
                collect(&entry.value, format!("{path}.{key}"), found);
            }
        }
    }
}

//! The recipes of a Makefile, its variables replaced.

use std::collections::BTreeMap;

use crate::files::file_name;
use crate::model::calls::frame::{Frame, is_aside, is_name};
use crate::model::calls::shell::Reader;
use crate::model::kit::holes::{ROOTED, UNKNOWN};

/// How long a line may become by what is put into it.
const LONGEST: usize = 8 << 10;

/// How deep variables may hold each other, and Makefiles include each other.
const DEEPEST: usize = 12;

/// How many Makefiles are included by one.
const MOST_INCLUDED: usize = 32;

/// How many bytes variables may bring into one Makefile.
const MOST_PUT_IN: usize = 1 << 20;

#[derive(Default)]
struct Makefile {
    variables: BTreeMap<String, String>,
    exported: Vec<String>,
    exports_all: bool,
    included: usize,
    put_in: usize,
    /// Recipe lines with the target they belong to.
    recipes: Vec<(String, String)>,
}

/// Reads the recipes.
pub(super) fn read(text: &str, frame: &Frame, reader: &mut Reader<'_>) {
    let mut makefile = Makefile::default();
    makefile.variables.insert("MAKE".to_owned(), "make".to_owned());
    let here = if frame.here().is_empty() { "." } else { frame.here() };
    for name in ["CURDIR", "PWD"] {
        makefile.variables.insert(name.to_owned(), format!("{ROOTED}{here}"));
    }
    makefile.lines(text, frame, reader, 0);
    let exported = std::mem::take(&mut makefile.exported);
    reader.found.exports.extend(exported);
    if makefile.exports_all {
        reader.found.exports.extend(makefile.variables.keys().filter(|name| is_name(name)).cloned());
    }
    for (target, line) in std::mem::take(&mut makefile.recipes) {
        if makefile.put_in > MOST_PUT_IN {
            break;
        }
        let line = makefile.expand(&line, 0);
        let script = line.trim_start_matches(['@', '-', '+', ' ', '\t']);
        if script.is_empty() {
            continue;
        }
        let mut frame = frame.clone();
        frame.is_aside |= is_aside(&target);
        reader.script_apart(script, &frame);
    }
}

impl Makefile {
    fn lines(&mut self, text: &str, frame: &Frame, reader: &Reader<'_>, depth: usize) {
        let mut target = String::new();
        let mut is_definition = false;
        for line in joined(text) {
            if let Some(recipe) = line.strip_prefix('\t').filter(|_| !is_definition) {
                self.recipes.push((target.clone(), recipe.to_owned()));
                continue;
            }
            let line = strip_comment(&line).trim();
            let word = line.split_whitespace().next().unwrap_or_default();
            match word {
                "define" => is_definition = true,
                "endef" => is_definition = false,
                _ if is_definition => {}
                "include" | "-include" | "sinclude" => {
                    let files = self.expand(line[word.len()..].trim(), 0);
                    for file in files.split_whitespace() {
                        self.include(file, frame, reader, depth);
                    }
                }
                "export" => self.export(line[word.len()..].trim()),
                "override" => {
                    self.assign(line[word.len()..].trim());
                }
                _ if self.assign(line) => {}
                _ => {
                    if let Some((names, rest)) = line.split_once(':') {
                        target = names.trim().to_owned();
                        if target == ".EXPORT_ALL_VARIABLES" {
                            self.exports_all = true;
                        }
                        self.of_target(rest, &target);
                    }
                }
            }
        }
    }

    /// `up: export TAG = 1`, `up: db ; docker compose up`
    fn of_target(&mut self, rest: &str, target: &str) {
        let rest = rest.trim_start_matches(':').trim();
        if let Some(exported) = rest.strip_prefix("export ") {
            self.export(exported.trim());
        } else if let Some((_, recipe)) = rest.split_once(';') {
            self.recipes.push((target.to_owned(), recipe.trim().to_owned()));
        } else {
            self.assign(rest);
        }
    }

    fn export(&mut self, text: &str) {
        if text.is_empty() {
            self.exports_all = true;
        } else if self.assign(text) {
            let name = text.split(['=', ':', '?', '+', ' ', '\t']).next().unwrap_or_default();
            self.exported.push(name.to_owned());
        } else {
            let names = text.split_whitespace().filter(|name| is_name(name));
            self.exported.extend(names.map(str::to_owned));
        }
    }

    /// Takes a line for an assignment, if it is one.
    fn assign(&mut self, line: &str) -> bool {
        let Some(at) = line.find('=') else { return false };
        let before = &line[..at];
        let name = before.trim_end_matches([':', '?', '+', '!']).trim();
        if name.is_empty() || name.contains(char::is_whitespace) || name.contains([':', '$', '#']) {
            return false;
        }
        let value = line[at + 1..].trim();
        let known = self.variables.get(name);
        if before.ends_with('?') && known.is_some() {
            return true;
        }
        let value = match (before.chars().next_back(), known) {
            (Some('!'), _) => UNKNOWN.to_string(),
            (Some('+'), Some(known)) => format!("{known} {value}"),
            // A value may hold the variable itself where it is replaced at once.
            (Some(':'), Some(known)) => {
                value.replace(&format!("$({name})"), known).replace(&format!("${{{name}}}"), known)
            }
            _ => value.to_owned(),
        };
        if value.len() <= LONGEST {
            self.variables.insert(name.to_owned(), value);
        }
        true
    }

    fn include(&mut self, file: &str, frame: &Frame, reader: &Reader<'_>, depth: usize) {
        if depth >= DEEPEST || self.included >= MOST_INCLUDED {
            return;
        }
        self.included += 1;
        let text = frame.paths(file).iter().find_map(|path| (reader.read)(path));
        let Some(text) = text else { return };
        // A file of variables: what is exported goes to whatever is run.
        self.lines(&text, frame, reader, depth + 1);
        if file_name(file).contains("env") {
            self.exported.extend(text.lines().filter_map(|line| {
                let name = line.trim().trim_start_matches("export ").split_once('=')?.0.trim();
                is_name(name).then(|| name.to_owned())
            }));
        }
    }

    /// A text with its variables replaced. `$$` is the shell's `$`.
    fn expand(&mut self, text: &str, depth: usize) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let Some(next) = rest.chars().next() else { break };
            let name = match next {
                '$' => {
                    out.push('$');
                    rest = &rest[1..];
                    continue;
                }
                '(' | '{' => {
                    let end = closing(rest);
                    let name = &rest[1..end];
                    rest = rest.get(end + 1..).unwrap_or_default();
                    name
                }
                next => {
                    let name = &rest[..next.len_utf8()];
                    rest = &rest[next.len_utf8()..];
                    name
                }
            };
            match self.variables.get(name).cloned() {
                Some(value) if depth < DEEPEST && out.len() + value.len() <= LONGEST => {
                    self.put_in = self.put_in.saturating_add(value.len());
                    if self.put_in <= MOST_PUT_IN {
                        let value = self.expand(&value, depth + 1);
                        out.push_str(&value);
                    }
                }
                _ => out.push(UNKNOWN),
            }
            if out.len() > LONGEST {
                return out;
            }
        }
        out.push_str(rest);
        out
    }
}

/// Where the bracket closes that a text begins with; its end where none does.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The lines, those that end in a backslash joined with the next; in recipes the shell joins them.
fn joined(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        match lines.last_mut().filter(|_| is_open) {
            Some(last) => {
                last.push(' ');
                last.push_str(line.trim_start());
            }
            None => lines.push(line.to_owned()),
        }
        is_open = false;
        if let Some(last) = lines.last_mut()
            && last.ends_with('\\')
        {
            last.pop();
            is_open = true;
        }
    }
    lines
}

fn strip_comment(line: &str) -> &str {
    match line.find('#') {
        Some(at) if at == 0 || line[..at].ends_with(char::is_whitespace) => &line[..at],
        _ => line,
    }
}

//! The recipes of a Makefile, its variables replaced.

use std::collections::{BTreeMap, BTreeSet};

use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::span::Span;

use crate::files::file_name;
use crate::model::calls::frame::{Frame, is_aside, is_name};
use crate::model::calls::shell::Reader;
use crate::model::calls::wrappers::engine_named;
use crate::model::kit::holes::{ROOTED, UNKNOWN};

/// How long a line may become by what is put into it.
const LONGEST: usize = 8 << 10;

/// How deep variables may hold each other, and Makefiles include each other.
const DEEPEST: usize = 12;

/// How many Makefiles are included by one.
const MOST_INCLUDED: usize = 32;

/// How many targets one line names.
const MOST_NEEDED: usize = 64;

/// How many bytes variables may bring into one Makefile.
const MOST_PUT_IN: usize = 1 << 20;

/// How many lines recipes may become.
const MOST_SPELLED_OUT: usize = 200_000;

#[derive(Default)]
struct Makefile {
    variables: BTreeMap<String, String>,
    exported: Vec<String>,
    exports_all: bool,
    included: usize,
    put_in: usize,
    /// Recipe lines with the target they belong to, and whether they stand in a file that is included.
    recipes: Vec<Recipe>,
    /// The variables that may have another value than the one that is known.
    doubtful: BTreeSet<String>,
    /// The lines that `define` gives a name, each a line of a recipe where the name is one.
    defined: BTreeMap<String, Vec<Mapped>>,
    /// What recipes begin with where it is no tab.
    prefix: Option<char>,
    /// How many conditionals are open.
    branches: usize,
    /// What targets need, or make in their recipes.
    needed: BTreeMap<String, Vec<String>>,
}

struct Recipe {
    target: String,
    line: Mapped,
    is_elsewhere: bool,
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
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for Recipe { target, line, is_elsewhere } in makefile.spelled_out() {
        if makefile.put_in > MOST_PUT_IN {
            break;
        }
        let is_prefix = |c: char| matches!(c, '@' | '-' | '+' | ' ' | '\t');
        let length = line.text().len() - line.text().trim_start_matches(is_prefix).len();
        let script = makefile.expand_recipe(&line.slice(length..line.text().len()));
        if script.text().trim().is_empty() {
            continue;
        }
        let mut frame = frame.clone();
        frame.name(&target);
        frame.is_elsewhere |= is_elsewhere;
        let group = groups.entry(target.clone()).or_insert_with(|| reader.found.new_group());
        frame.group = Some(*group);
        makefile.calls_itself(&target, script.text());
        reader.script_apart(&script, &frame);
    }
    for (target, needed) in std::mem::take(&mut makefile.needed) {
        let needed = needed.iter().map(|name| group_of(name, &mut groups, reader)).collect();
        let group = group_of(&target, &mut groups, reader);
        reader.found.before.push((group, needed));
    }
}

impl Makefile {
    /// The recipes, those in the place of which a name stands too: `$(run)`, `$(call run,web)`.
    fn spelled_out(&mut self) -> Vec<Recipe> {
        let mut all = Vec::new();
        for recipe in std::mem::take(&mut self.recipes) {
            let lines = name_alone(recipe.line.text()).and_then(|name| self.defined.get(name));
            match lines.filter(|lines| all.len() + lines.len() <= MOST_SPELLED_OUT) {
                Some(lines) => all.extend(lines.iter().map(|line| Recipe {
                    target: recipe.target.clone(),
                    line: line.clone(),
                    is_elsewhere: recipe.is_elsewhere,
                })),
                None => all.push(recipe),
            }
        }
        all
    }

    fn lines(&mut self, text: &str, frame: &Frame, reader: &Reader<'_>, depth: usize) {
        let mut target = String::new();
        let mut definition: Option<String> = None;
        for mapped in joined(text) {
            let line = mapped.text();
            let prefix = self.prefix.unwrap_or('\t');
            if line.starts_with(prefix) && definition.is_none() {
                self.recipe(&target, &mapped, prefix.len_utf8(), depth);
                continue;
            }
            let line = strip_comment(line).trim();
            let word = line.split_whitespace().next().unwrap_or_default();
            match word {
                "define" => {
                    let name = line[word.len()..].trim().trim_end_matches(['=', ':', '?', '+', '!']).trim();
                    definition = Some(name.to_owned());
                    self.defined.insert(name.to_owned(), Vec::new());
                }
                "endef" => definition = None,
                _ if definition.is_some() => {
                    let lines = definition.as_ref().and_then(|name| self.defined.get_mut(name));
                    // Of what another file defines, the bytes are not this one's.
                    if let Some(lines) = lines.filter(|_| depth == 0) {
                        lines.push(mapped);
                    }
                }
                "ifeq" | "ifneq" | "ifdef" | "ifndef" => self.branches += 1,
                "endif" => self.branches = self.branches.saturating_sub(1),
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
                        let recipe = mapped.text().find(';').filter(|_| rest.contains(';'));
                        if let Some(at) = recipe.filter(|_| !rest.trim_start().starts_with("export ")) {
                            self.recipe(&target, &mapped, at + 1, depth);
                        } else {
                            self.of_target(rest);
                            self.needs(&target, rest);
                        }
                    }
                }
            }
        }
    }

    /// Takes note of a recipe, or of one behind a target: `up: db ; docker compose up`.
    fn recipe(&mut self, target: &str, line: &Mapped, from: usize, depth: usize) {
        let line = line.slice(from..line.text().len());
        self.recipes.push(Recipe { target: target.to_owned(), line, is_elsewhere: depth > 0 });
    }

    /// `up: export TAG = 1`
    fn of_target(&mut self, rest: &str) {
        let rest = rest.trim_start_matches(':').trim();
        if let Some(exported) = rest.strip_prefix("export ") {
            self.export(exported.trim());
        } else {
            self.assign(rest);
        }
    }

    /// `up: infra app`
    fn needs(&mut self, target: &str, rest: &str) {
        if rest.contains(['=', ':', '$', '%'])
            || target.is_empty()
            || target.starts_with('.')
            || is_aside(target)
        {
            return;
        }
        let names = rest.split_whitespace().filter(|name| *name != "|").map(str::to_owned);
        self.needed.entry(target.to_owned()).or_default().extend(names.take(MOST_NEEDED));
    }

    /// `up: ; $(MAKE) infra app`
    fn calls_itself(&mut self, target: &str, script: &str) {
        for command in script.split("&&") {
            let Some(rest) = command.trim().strip_prefix("make ") else { continue };
            let names = rest.split_whitespace().filter(|word| !word.contains('='));
            let names: Vec<&str> = names.collect();
            if names.iter().all(|name| !name.starts_with('-')) {
                self.needs(target, &names.join(" "));
            }
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
        if name == ".RECIPEPREFIX" {
            // `.RECIPEPREFIX +=` makes it a blank.
            let is_blank = before.ends_with('+');
            self.prefix = line[at + 1..].trim().chars().next().or(Some(' ').filter(|_| is_blank));
            return true;
        }
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
        let is_default = before.ends_with('?');
        if self.branches > 0
            || known.is_some_and(|known| *known != value && !before.ends_with('+')) && !is_default
        {
            self.doubtful.insert(name.to_owned());
        }
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

    /// A recipe with its variables replaced, each part at its bytes. What starts a container has those alone of which one value
    /// is certain.
    fn expand_recipe(&mut self, recipe: &Mapped) -> Mapped {
        let whole = recipe.text();
        let is_strict = ["run", "create"].iter().any(|word| whole.contains(word));
        let mut out = MappedBuilder::default();
        let mut from = 0;
        while let Some(at) = whole[from..].find('$').map(|at| from + at) {
            out.push_slice(recipe, from..at);
            let rest = &whole[at + 1..];
            let length = match rest.chars().next() {
                None => break,
                Some('$') => {
                    out.push_slice(recipe, at..at + 1);
                    from = at + 2;
                    continue;
                }
                Some('(' | '{') => (closing(rest) + 1).min(rest.len()),
                Some(c) => c.len_utf8(),
            };
            let end = at + 1 + length;
            let name = rest[..length].trim_start_matches(['(', '{']).trim_end_matches([')', '}']);
            let is_doubtful = is_strict && self.doubtful.contains(name);
            let value = if is_doubtful { UNKNOWN.to_string() } else { self.expand(&whole[at..end], 0) };
            out.push_replaced(&value, recipe.span_of(at..end));
            from = end;
            if out.text().len() > LONGEST {
                return out.finish(recipe.span());
            }
        }
        out.push_slice(recipe, from..whole.len());
        out.finish(recipe.span())
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
                None if engine_named(name).is_some() => out.push_str(engine_named(name).unwrap_or_default()),
                None if name == "HOME" && out.is_empty() => out.push('~'),
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

/// `$(run)`, `@$(call run,web)`: a name that is all there is of a recipe's line.
fn name_alone(line: &str) -> Option<&str> {
    let line = line.trim_matches(|c: char| matches!(c, '@' | '-' | '+') || c.is_whitespace());
    let inner = line.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')'));
    let inner = inner.or_else(|| line.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')))?;
    let name =
        inner.strip_prefix("call ").map_or(inner, |rest| rest.split(',').next().unwrap_or(rest)).trim();
    (!name.contains(['(', ')', '{', '}', '$', ' '])).then_some(name)
}

/// The group of a target. One that has no recipe of its own may need others.
fn group_of(target: &str, groups: &mut BTreeMap<String, usize>, reader: &mut Reader<'_>) -> usize {
    *groups.entry(target.to_owned()).or_insert_with(|| reader.found.new_group())
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
fn joined(text: &str) -> Vec<Mapped> {
    let mut lines = Vec::new();
    let mut open: Option<(usize, MappedBuilder)> = None;
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']);
        let (begun, mut builder, piece) = match open.take() {
            Some((begun, builder)) => (begun, builder, line.trim_start()),
            None => (at, MappedBuilder::default(), line),
        };
        let start = at + line.len() - piece.len();
        at += whole.len();
        match piece.strip_suffix('\\') {
            Some(before) => {
                builder.push_verbatim(before, start);
                builder.push_replaced(" ", Span::new(start + before.len(), at));
                open = Some((begun, builder));
            }
            None => {
                builder.push_verbatim(piece, start);
                lines.push(builder.finish(Span::new(begun, start + piece.len())));
            }
        }
    }
    if let Some((begun, builder)) = open {
        lines.push(builder.finish(Span::new(begun, at)));
    }
    lines
}

fn strip_comment(line: &str) -> &str {
    match line.find('#') {
        Some(at) if at == 0 || line[..at].ends_with(char::is_whitespace) => &line[..at],
        _ => line,
    }
}

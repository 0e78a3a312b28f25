//! Files that the programs of an instruction write, and files that they take away again.

use std::collections::HashSet;
use std::sync::Arc;

use lint_parser::shell::ast::{Compound, Redirection, RedirectionOperator, SimpleCommand};
use lint_parser::shell::word::{PartKind, Quoting, Word};
use lint_parser::text::span::Span;

use crate::files::{directory, file_name};
use crate::model::runs::course::{Course, Step};
use crate::model::runs::downloads::arguments::arguments;

/// A file that a step writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its path, as far as that is known.
    pub path: String,
    /// Which step of the course.
    pub step: usize,
    /// The word that names it.
    pub span: Span,
    /// How.
    pub how: How,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// Something is added to it, or changed in it.
    Changed,
    /// It is replaced, or new.
    Replaced,
}

/// The files that the programs of a course write: by redirections, `tee`, `cp`, `sed -i`, `curl -o`, `gpg -o` and their like.
#[must_use]
pub fn written(course: &Course<'_>) -> Vec<Written> {
    let mut writing = Writing { course, compounds: HashSet::new(), found: Vec::new() };
    for (at, step) in course.steps.iter().enumerate() {
        if step.program.is_outermost() {
            writing.around(at, step);
            writing.redirected(at, step, &step.program.command().redirections);
        }
        writing.by_program(at, step);
    }
    writing.found
}

struct Writing<'c, 'a> {
    course: &'c Course<'a>,
    /// The compound commands whose redirections have been looked at.
    compounds: HashSet<*const Compound>,
    found: Vec<Written>,
}

impl Writing<'_, '_> {
    /// `{ …; } > file`, told at the first of the commands.
    fn around(&mut self, at: usize, step: &Step<'_>) {
        let mut within = step.program.context.within.as_ref();
        while let Some(around) = within {
            if !self.compounds.insert(Arc::as_ptr(&around.compound)) {
                break;
            }
            self.redirected(at, step, &around.compound.redirections);
            within = around.outer.as_ref();
        }
    }

    fn redirected(&mut self, at: usize, step: &Step<'_>, redirections: &[Redirection]) {
        use RedirectionOperator as Operator;
        for redirection in redirections {
            let how = match redirection.operator {
                Operator::Append | Operator::AppendOutputAndError => How::Changed,
                Operator::Output | Operator::Clobber | Operator::OutputAndError => How::Replaced,
                _ => continue,
            };
            self.add(at, step, &redirection.target, how);
        }
    }

    fn add(&mut self, at: usize, step: &Step<'_>, word: &Word, how: How) {
        for path in self.course.paths(step, word) {
            self.found.push(Written { path, step: at, span: word.span(), how });
        }
    }

    fn by_program(&mut self, at: usize, step: &Step<'_>) {
        let program = step.program;
        let args = program.args();
        let operands = || args.iter().filter(|arg| !arg.static_prefix().starts_with('-'));
        let has = |options: &[&str]| args.iter().any(|arg| options.iter().any(|option| arg.is(option)));
        match program.name() {
            Some("tee") => {
                let how = if has(&["-a", "--append"]) { How::Changed } else { How::Replaced };
                operands().for_each(|word| self.add(at, step, word, how));
            }
            Some("touch" | "truncate") => operands().for_each(|word| self.add(at, step, word, How::Changed)),
            Some("sed" | "perl") if is_in_place(args) => {
                operands().skip(1).for_each(|word| self.add(at, step, word, How::Changed));
            }
            Some("cp" | "mv" | "install" | "ln" | "rsync") => self.copied(at, step),
            Some("dd") => {
                for arg in args {
                    for text in self.course.texts(step, arg) {
                        if let Some(path) = text.strip_prefix("of=") {
                            let path = step.path(path);
                            self.found.push(Written { path, step: at, span: arg.span(), how: How::Replaced });
                        }
                    }
                }
            }
            Some("gpg" | "gpg2") => {
                let adds = args.iter().any(|arg| {
                    let text = arg.static_prefix();
                    ["--import", "--recv", "--receive", "--fetch"]
                        .iter()
                        .any(|option| text.starts_with(option))
                });
                let options: &[&str] =
                    if adds { &["-o", "--output", "--keyring"] } else { &["-o", "--output"] };
                self.by_options(at, step, options);
            }
            Some("apt-key") if has(&["add", "adv"]) => self.by_options(at, step, &["--keyring"]),
            Some("openssl") => self.by_options(at, step, &["-out"]),
            _ => self.downloaded(at, step),
        }
    }

    /// The value of the last of these options, attached or the next word.
    fn by_options(&mut self, at: usize, step: &Step<'_>, options: &[&str]) {
        let args = step.program.args();
        for (index, arg) in args.iter().enumerate() {
            if options.iter().any(|option| arg.is(option)) {
                if let Some(value) = args.get(index + 1) {
                    self.add(at, step, value, How::Replaced);
                }
                continue;
            }
            let prefix = arg.static_prefix();
            let Some(option) = options.iter().find(|option| {
                prefix.strip_prefix(**option).is_some_and(|rest| {
                    if option.starts_with("--") { rest.starts_with('=') } else { !rest.is_empty() }
                })
            }) else {
                continue;
            };
            for text in self.course.texts(step, arg) {
                let value = text.strip_prefix(option).unwrap_or_default().trim_start_matches('=');
                let path = step.path(value.trim_start_matches("gnupg-ring:"));
                self.found.push(Written { path, step: at, span: arg.span(), how: How::Replaced });
            }
        }
    }

    fn copied(&mut self, at: usize, step: &Step<'_>) {
        let Some(copy) = Copy::of(self.course, step) else { return };
        for path in copy.destinations() {
            self.found.push(Written { path, step: at, span: copy.span, how: How::Replaced });
        }
    }

    fn downloaded(&mut self, at: usize, step: &Step<'_>) {
        let course = self.course;
        let text = |word: &Word| course.texts(step, word).into_iter().next().unwrap_or_default();
        let Some(download) = arguments(step.program.invocation(), &text) else { return };
        for file in &download.files {
            let path = step.path(file);
            self.found.push(Written { path, step: at, span: download.span, how: How::Replaced });
        }
    }
}

/// What `cp`, `mv`, `install` and `ln` put where.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The sources.
    pub sources: Vec<String>,
    /// The file or the directory.
    destination: String,
    /// Whether it is certainly a directory.
    is_directory: bool,
    /// The word that names it.
    span: Span,
}

impl Copy {
    /// Reads one; `None` for other programs.
    #[must_use]
    pub fn of(course: &Course<'_>, step: &Step<'_>) -> Option<Self> {
        let values = match step.program.name()? {
            "cp" | "mv" | "ln" => "tS",
            "install" => "mogSt",
            "rsync" => "e",
            _ => return None,
        };
        let args = step.program.args();
        let mut operands: Vec<&Word> = Vec::new();
        let mut target = None;
        let mut at = 0;
        while let Some(arg) = args.get(at) {
            at += 1;
            let prefix = arg.static_prefix();
            if let Some(letters) = prefix.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                let takes = !letters.starts_with('-') && letters.ends_with(|letter| values.contains(letter));
                let long = ["--target-directory", "--mode", "--owner", "--group", "--suffix"];
                if takes || long.iter().any(|option| arg.is(option)) {
                    if letters.ends_with('t') || arg.is("--target-directory") {
                        target = args.get(at);
                    }
                    at += 1;
                }
                continue;
            }
            operands.push(arg);
        }
        let is_directory = target.is_some() || operands.len() > 2;
        let destination = target.or_else(|| operands.pop())?;
        let text = course.texts(step, destination).into_iter().next()?;
        let sources = operands.into_iter().flat_map(|word| course.paths(step, word)).collect();
        let is_directory = is_directory || text.ends_with('/') || text == ".";
        Some(Self { sources, destination: step.path(&text), is_directory, span: destination.span() })
    }

    /// The files that are there then, as far as that is known: a destination that may be a directory stands for both.
    #[must_use]
    pub fn destinations(&self) -> Vec<String> {
        self.sources.iter().flat_map(|source| self.destinations_of(source)).collect()
    }

    /// Where one of the sources is then.
    #[must_use]
    pub fn destinations_of(&self, source: &str) -> Vec<String> {
        let inside = format!("{}/{}", self.destination.trim_end_matches('/'), file_name(source));
        if self.is_directory { vec![inside] } else { vec![self.destination.clone(), inside] }
    }
}

fn is_in_place(args: &[Word]) -> bool {
    args.iter().any(|arg| {
        let prefix = arg.static_prefix();
        prefix.starts_with("--in-place")
            || (prefix.starts_with('-') && !prefix.starts_with("--") && prefix.contains('i'))
    })
}

/// The file that standard output goes to.
#[must_use]
pub fn output(command: &SimpleCommand) -> Option<&Word> {
    use RedirectionOperator as Operator;
    let redirection = command.redirections.iter().find(|redirection| {
        let is_output = redirection.descriptor.as_ref().is_none_or(|descriptor| descriptor.text() == "1");
        let writes = [Operator::Output, Operator::Append, Operator::Clobber, Operator::OutputAndError];
        is_output && writes.contains(&redirection.operator)
    })?;
    Some(&redirection.target)
}

/// A path that a step takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Its path, `/*` at the end taken off.
    pub path: String,
    /// Which step of the course.
    pub step: usize,
}

/// The paths that the programs of a course take away: by `rm`, `rmdir`, `unlink`, `shred -u`, `find -delete`, `mv` elsewhere.
#[must_use]
pub fn removed(course: &Course<'_>) -> Vec<Removed> {
    let mut found = Vec::new();
    for (step, one) in course.steps.iter().enumerate() {
        let args = one.program.args();
        let operands = args.iter().filter(|arg| !arg.static_prefix().starts_with('-'));
        let mut add = |path: String| {
            // Every package list of apt has an underscore in its name.
            let lists = path.strip_suffix("/*_*").filter(|path| path.ends_with("/apt/lists"));
            let path =
                lists.or_else(|| path.strip_suffix("/*")).unwrap_or(&path).trim_end_matches('/').to_owned();
            if path.len() > 1 {
                found.push(Removed { path, step });
            }
        };
        match one.program.name() {
            Some("rm" | "rmdir" | "unlink" | "shred") => {
                operands
                    .filter(|arg| !has_quoted_star(arg))
                    .flat_map(|arg| course.paths(one, arg))
                    .for_each(add);
            }
            Some("find") if takes_away(one) => {
                // The places stand before the first condition.
                let places = args.iter().take_while(|arg| !arg.static_prefix().starts_with(['-', '(', '!']));
                let places: Vec<String> = places.flat_map(|arg| course.paths(one, arg)).collect();
                if places.is_empty() { add(one.path(".")) } else { places.into_iter().for_each(add) }
            }
            // `ls -d /var/lib/apt/lists/* | xargs rm -rf`
            Some("ls" | "echo" | "printf") if feeds_rm(one) => {
                operands.flat_map(|arg| course.paths(one, arg)).for_each(add);
            }
            Some("mv") => {
                let sources = Copy::of(course, one).map(|copy| copy.sources);
                sources.unwrap_or_default().into_iter().for_each(add);
            }
            _ => {}
        }
    }
    found
}

/// `rm -rf "/var/lib/apt/lists/*"`: a star in quotes is a star, and `-f` hides that no file is called so.
fn has_quoted_star(word: &Word) -> bool {
    word.parts.iter().any(|part| {
        part.kind == PartKind::Literal && part.quoting != Quoting::None && part.text.text().contains('*')
    })
}

fn takes_away(find: &Step<'_>) -> bool {
    let program = find.program;
    let runs_rm = |words: &str| words.contains("rm");
    program.args().iter().any(|arg| arg.is("-delete"))
        || program.command().invocations().iter().any(|inner| inner.name().is_some_and(|name| name == "rm"))
        || program.context.piped_to.as_ref().is_some_and(|reader| runs_rm(reader.text().text()))
}

fn feeds_rm(printer: &Step<'_>) -> bool {
    let reader = printer.program.context.piped_to.as_ref();
    reader.is_some_and(|reader| {
        let mut words = reader.text().text().split_whitespace();
        words.next() == Some("xargs") && words.any(|word| word == "rm")
    })
}

/// Whether a path is taken away behind a step, with a directory it lies in or by itself. A file of which only the pattern is
/// known is gone with its directory, or with the same pattern.
#[must_use]
pub fn is_removed(removed: &[Removed], path: &str, after: usize) -> bool {
    removed.iter().any(|one| one.step > after && holds(&one.path, path))
}

/// Whether a path is another one or lies in it. A `*` at the end of the other stands for all that begins so.
#[must_use]
pub fn holds(folder: &str, path: &str) -> bool {
    if folder == path || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')) {
        return true;
    }
    match folder.split_once('*') {
        // `/tmp/*.tgz`, `/etc/sudoers.d/*`
        Some((start, end)) if !start.is_empty() && start != "/" && !end.contains('*') => {
            directory(path) == directory(folder)
                && path.strip_prefix(start).is_some_and(|rest| rest.ends_with(end))
        }
        _ => false,
    }
}

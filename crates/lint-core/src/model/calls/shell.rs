//! The commands of a script, with what is known of its variables and of the directory they run in.
//!
//! Every branch is read, the one after the other: what is set in one of them is taken for set after it.

use lint_parser::shell;
use lint_parser::shell::ast::{
    AndOrOperator, Assignment, AssignmentValue, Command, CompoundKind, List, RedirectionOperator,
    SimpleCommand,
};
use lint_parser::shell::word::{Parameter, Part, PartKind, Quoting, Word};
use lint_parser::text::mapped::Mapped;

use crate::files::{directory, file_name};
use crate::model::calls::besides::{change_directory, copied, make};
use crate::model::calls::frame::{Frame, LONGEST, is_name, names_of_variables};
use crate::model::calls::text::upwards;
use crate::model::calls::trials::is_trial;
use crate::model::calls::wrappers::{are_wrappers, engine_named};
use crate::model::calls::{Found, docker};
use crate::model::kit::holes::{ROOTED, UNKNOWN};

/// How many commands are looked at for one file, each turn of a loop for itself.
const MOST_COMMANDS: usize = 20_000;

/// How many words one becomes.
const MOST_WORDS: usize = 1_000;

/// How many turns of a loop are looked at.
const MOST_TURNS: usize = 32;

/// How deep scripts may be written in scripts, and read in by `source`.
const DEEPEST: usize = 4;

/// Reads the commands of one file.
pub(super) struct Reader<'a> {
    /// The text of another file.
    pub(super) read: &'a dyn Fn(&str) -> Option<String>,
    pub(super) found: &'a mut Found,
    commands: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(read: &'a dyn Fn(&str) -> Option<String>, found: &'a mut Found) -> Self {
        Self { read, found, commands: 0 }
    }

    /// Reads a script.
    pub(super) fn script(&mut self, text: &Mapped, frame: &mut Frame) {
        let script = shell::parse(text).tree;
        let group = frame.group;
        frame.group = group.or_else(|| Some(self.found.new_group()));
        self.list(&script.commands, frame);
        frame.group = group;
    }

    /// Reads a script in which the others of the file have no part: what it sets and where it goes ends with it.
    pub(super) fn script_apart(&mut self, text: &Mapped, frame: &Frame) {
        self.script(text, &mut frame.clone());
    }

    fn list(&mut self, list: &List, frame: &mut Frame) {
        for and_or in list.iter() {
            let before = (frame.is_branch, frame.is_background, frame.group);
            frame.is_background |= and_or.background;
            for (index, pipeline) in and_or.pipelines.iter().enumerate() {
                // `[ -t 0 ] && TTY=-t`
                frame.is_branch |= index > 0;
                let is_spare = index.checked_sub(1).and_then(|before| and_or.operators.get(before));
                if is_spare.is_some_and(|(operator, _)| *operator == AndOrOperator::Or) {
                    frame.group = Some(self.found.new_group());
                }
                pipeline.commands.iter().for_each(|command| self.command(command, frame));
            }
            (frame.is_branch, frame.is_background, frame.group) = before;
        }
    }

    /// Reads what may be run without what stands around it.
    fn apart(&mut self, frame: &mut Frame, read: impl FnOnce(&mut Self, &mut Frame)) {
        let group = frame.group.replace(self.found.new_group());
        read(self, frame);
        frame.group = group;
    }

    fn command(&mut self, command: &Command, frame: &mut Frame) {
        match command {
            Command::Simple(command) => self.simple(command, frame),
            Command::Compound(compound) => {
                let is_branch = frame.is_branch;
                let always = matches!(compound.kind, CompoundKind::Subshell(_) | CompoundKind::Group(_));
                frame.is_branch |= !always;
                self.compound(&compound.kind, frame);
                frame.is_branch = is_branch;
            }
            Command::Function(function) => {
                let before = (frame.places.clone(), frame.is_branch, frame.is_trial);
                frame.is_branch = true;
                frame.is_trial |= is_trial(function.name.text());
                self.apart(frame, |reader, frame| reader.compound(&function.body.kind, frame));
                (frame.places, frame.is_branch, frame.is_trial) = before;
            }
        }
    }

    fn compound(&mut self, kind: &CompoundKind, frame: &mut Frame) {
        self.commands += 1;
        if self.commands > MOST_COMMANDS {
            return;
        }
        match kind {
            CompoundKind::Subshell(list) => self.list(list, &mut frame.clone()),
            CompoundKind::Group(list) => self.list(list, frame),
            CompoundKind::If { branches, otherwise } => {
                for branch in branches {
                    self.list(&branch.condition, frame);
                    self.apart(frame, |reader, frame| reader.list(&branch.body, frame));
                }
                if let Some(list) = otherwise {
                    self.apart(frame, |reader, frame| reader.list(list, frame));
                }
            }
            CompoundKind::For { name, words, body } => {
                let name = name.literal_text().map(|name| name.into_owned()).unwrap_or_default();
                let words = words.as_ref().map(|words| self.words(words, frame)).unwrap_or_default();
                let turns = if words.is_empty() { vec![UNKNOWN.to_string()] } else { words };
                for turn in turns.into_iter().take(MOST_TURNS) {
                    frame.set(&name, vec![turn]);
                    self.list(body, frame);
                }
            }
            CompoundKind::ArithmeticFor { body, .. } => self.list(body, frame),
            CompoundKind::While(branch) | CompoundKind::Until(branch) => {
                self.list(&branch.condition, frame);
                self.list(&branch.body, frame);
            }
            CompoundKind::Case { items, .. } => {
                for item in items {
                    self.apart(frame, |reader, frame| reader.list(&item.body, frame));
                }
            }
            _ => {}
        }
    }

    fn simple(&mut self, command: &SimpleCommand, frame: &mut Frame) {
        self.commands += 1;
        if self.commands > MOST_COMMANDS {
            return;
        }
        self.written(command, frame);
        let words = self.words(&command.words, frame);
        let Some(first) = words.first() else {
            command.assignments.iter().for_each(|assignment| self.assign(assignment, frame));
            return;
        };
        let mut own: Option<Frame> = None;
        if !command.assignments.is_empty() {
            let own = own.insert(frame.clone());
            for assignment in &command.assignments {
                own.expose(assignment.name.text());
                self.assign(assignment, own);
            }
        }
        // `sudo bash -c '…'`: the shell is what runs.
        let shell_at = words.iter().position(|word| is_shell(file_name(word))).unwrap_or_default();
        let shell_at = if are_wrappers(&words[..shell_at]) { shell_at } else { 0 };
        let first = words.get(shell_at).unwrap_or(first);
        let rest = &words[shell_at + 1..];
        self.remote(first, rest, command, own.as_ref().unwrap_or(frame));
        match file_name(first) {
            "cd" | "pushd" => change_directory(rest, frame),
            "popd" => frame.places = upwards(frame.here()),
            "export" | "declare" | "typeset" | "readonly" | "local" => {
                self.declaration(first, rest, command, frame)
            }
            "source" | "." => self.source(rest, frame),
            name if is_shell(name) => {
                let inner = own.as_ref().unwrap_or(frame);
                match rest
                    .iter()
                    .position(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'))
                {
                    Some(at) => {
                        if let Some(script) = rest.get(at + 1).filter(|_| frame.depth < DEEPEST) {
                            let mut inner = inner.clone();
                            inner.depth += 1;
                            let script = inner_script(command, script);
                            self.script(&script, &mut inner);
                        }
                    }
                    None => {
                        let file = rest.iter().find(|word| !word.starts_with('-'));
                        if let Some(file) = file {
                            self.found.runs.push((inner.paths(file), (*inner.environment).clone()));
                        }
                    }
                }
            }
            "make" | "gmake" => make(rest, own.as_ref().unwrap_or(frame), self.found),
            "cp" | "install" | "mv" | "ln" => copied(rest, frame, self.found),
            _ => {
                let inner = own.as_mut().unwrap_or(frame);
                if first.contains('/') && docker::program(&words).is_none() {
                    self.found.runs.push((inner.paths(first), (*inner.environment).clone()));
                }
                docker::command(&words, inner, self.found);
                self.container(&command.words, &words, inner);
            }
        }
    }

    /// What is handed to a shell elsewhere: `ssh host '…'`, `su -c '…'`, `ssh host <<EOF`, `bash -s <<EOF`.
    fn remote(&mut self, first: &str, rest: &[String], command: &SimpleCommand, frame: &Frame) {
        let name = file_name(first);
        if !(is_shell(name) || matches!(name, "ssh" | "su" | "runuser" | "eval")) || frame.depth >= DEEPEST {
            return;
        }
        let mut frame = frame.clone();
        frame.depth += 1;
        let script = match name {
            "ssh" => rest.iter().skip(1).rfind(|word| word.contains(' ') && docker_is_in(word)),
            "eval" => rest.first().filter(|script| rest.len() == 1 && docker_is_in(script)),
            "su" | "runuser" => {
                let at = rest.iter().position(|word| matches!(word.as_str(), "-c" | "--command" | "-lc"));
                at.and_then(|at| rest.get(at + 1))
            }
            _ => None,
        };
        if let Some(script) = script {
            let script = inner_script(command, script);
            self.script(&script, &mut frame.clone());
        }
        let bodies = command.redirections.iter().filter_map(|redirection| redirection.here_document());
        for body in bodies.filter(|body| docker_is_in(body.body.text.text())) {
            self.script(&body.body.as_script(), &mut frame.clone());
        }
    }

    fn assign(&mut self, assignment: &Assignment, frame: &mut Frame) {
        let name = assignment.name.text();
        let mut words = match &assignment.value {
            AssignmentValue::Word(word) => vec![self.word(word, frame).join(" ")],
            AssignmentValue::Array(words) => self.words(words, frame),
        };
        if assignment.append
            && let Some(before) = frame.variables.get(name)
        {
            words = match assignment.value {
                AssignmentValue::Word(_) => vec![before.iter().chain(&words).cloned().collect()],
                AssignmentValue::Array(_) => before.iter().chain(&words).cloned().collect(),
            };
        }
        match assignment.append {
            true => frame.grow(name, words),
            false => frame.set(name, words),
        }
    }

    /// `export A=1 B`; `export $(cat .env)` exports what the file holds.
    fn declaration(&mut self, name: &str, words: &[String], command: &SimpleCommand, frame: &mut Frame) {
        let mut exports = name == "export";
        for word in words {
            if let Some(options) = word.strip_prefix('-') {
                exports |= options.contains('x');
                continue;
            }
            let (variable, value) = match word.split_once('=') {
                Some((variable, value)) => (variable, Some(value)),
                None => (word.as_str(), None),
            };
            if !is_name(variable) {
                continue;
            }
            if let Some(value) = value {
                frame.set(variable, vec![value.to_owned()]);
            }
            if exports {
                self.found.exports.insert(variable.to_owned());
            }
        }
        if exports {
            let parts = command.words.iter().flat_map(|word| &word.parts);
            let lists = parts.filter_map(|part| match &part.kind {
                PartKind::CommandSubstitution(list) => Some(list),
                _ => None,
            });
            for command in lists.flat_map(|list| simple_commands(list)) {
                let named = self.words(&command.words, frame);
                let read = named
                    .last()
                    .filter(|_| matches!(named.first().map(String::as_str), Some("cat" | "grep" | "sed")));
                if let Some(text) = read.and_then(|file| self.open(file, frame)) {
                    self.found.exports.extend(names_of_variables(&text));
                }
            }
        }
    }

    /// `. ./lib.sh`: its variables are those of this script. Those of a file of variables are exported, as they are meant.
    fn source(&mut self, words: &[String], frame: &mut Frame) {
        let Some(file) = words.first() else { return };
        if frame.depth >= DEEPEST {
            return;
        }
        let Some(text) = self.open(file, frame) else { return };
        if !file.ends_with(".sh") && !file.ends_with(".bash") {
            self.found.exports.extend(names_of_variables(&text));
        }
        frame.depth += 1;
        let (places, is_elsewhere) = (frame.places.clone(), frame.is_elsewhere);
        frame.is_elsewhere = true;
        self.script(&Mapped::verbatim(&text, 0), frame);
        (frame.places, frame.is_elsewhere) = (places, is_elsewhere);
        frame.depth -= 1;
    }

    fn open(&self, file: &str, frame: &Frame) -> Option<String> {
        frame.paths(file).iter().find_map(|path| (self.read)(path))
    }

    /// Takes note of a `.env` that a command writes: `echo "TAG=1" >> .env`, `cat > .env <<EOF`.
    fn written(&mut self, command: &SimpleCommand, frame: &Frame) {
        use RedirectionOperator::{Append, Clobber, Output};
        let output = command.redirections.iter().find(|r| matches!(r.operator, Output | Append | Clobber));
        let target = match output {
            Some(output) => self.word(&output.target, frame).concat(),
            None if command.name() == Some("tee") => {
                let words = self.words(command.args(), frame);
                words.into_iter().find(|word| !word.starts_with('-')).unwrap_or_default()
            }
            None => return,
        };
        let is_github = command.text.text().contains("GITHUB_ENV");
        if !is_github && !file_name(&target).contains("env") {
            return;
        }
        let bodies = command.redirections.iter().filter_map(|redirection| redirection.here_document());
        let mut text: String = bodies.map(|body| body.body.text.text().to_owned()).collect();
        for word in command.args() {
            text.push('\n');
            text.push_str(&word.as_script().text().replace("\\n", "\n"));
        }
        let names = names_of_variables(&text);
        if is_github {
            self.found.exports.extend(names);
        } else {
            self.found.written.push((frame.paths(&target), names));
        }
    }

    /// The words that words become.
    fn words(&mut self, words: &[Word], frame: &Frame) -> Vec<String> {
        let mut all = Vec::with_capacity(words.len());
        let mut length = 0;
        for word in words {
            for word in self.word(word, frame) {
                length += word.len();
                if length > LONGEST {
                    return all;
                }
                all.push(word);
            }
        }
        all
    }

    fn word(&mut self, word: &Word, frame: &Frame) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut is_quoted = false;
        for part in &word.parts {
            is_quoted |= part.quoting != Quoting::None;
            let values = match &part.kind {
                PartKind::Literal | PartKind::Escape(_) => {
                    vec![part.value().unwrap_or_default().into_owned()]
                }
                PartKind::Parameter(parameter) => self.parameter(parameter, frame),
                PartKind::CommandSubstitution(list) => vec![self.substitution(list, frame)],
                _ => vec![UNKNOWN.to_string()],
            };
            join_part(&mut words, part, &values);
            if words.len() > MOST_WORDS || words.iter().map(String::len).sum::<usize>() > LONGEST {
                return vec![UNKNOWN.to_string()];
            }
        }
        if words.len() == 1 && words[0].is_empty() && !is_quoted && !word.parts.is_empty() {
            return Vec::new();
        }
        words
    }

    pub(super) fn parameter(&mut self, parameter: &Parameter, frame: &Frame) -> Vec<String> {
        let name = parameter.name.text();
        let unknown = || vec![UNKNOWN.to_string()];
        if parameter.length || parameter.indirect {
            return unknown();
        }
        let value = match name {
            "0" | "BASH_SOURCE" => Some(vec![format!("{ROOTED}{}", frame.file)]),
            "PWD" => Some(vec![".".to_owned()]),
            "GITHUB_WORKSPACE" | "CI_PROJECT_DIR" => Some(vec![UNKNOWN.to_string()]),
            name => match frame.variables.get(name) {
                Some(value) => Some(value.clone()),
                None => engine_named(name).map(|engine| vec![engine.to_owned()]),
            },
        };
        match (parameter.operator.as_ref().map(|operator| operator.text()), &parameter.word) {
            (None, _) => value.unwrap_or_else(unknown),
            (Some(":-" | "-" | ":=" | "="), Some(word)) => value.unwrap_or_else(|| self.word(word, frame)),
            (Some(":?" | "?"), _) => value.unwrap_or_else(unknown),
            _ => unknown(),
        }
    }

    /// What the usual ways to find one's own directory yield.
    pub(super) fn substitution(&mut self, list: &List, frame: &Frame) -> String {
        let commands = simple_commands(list);
        let mut last = UNKNOWN.to_string();
        let mut went = None;
        for command in commands.into_iter().take(4) {
            let words = self.words(&command.words, frame);
            let argument = words.iter().skip(1).rfind(|word| !word.starts_with('-')).cloned();
            last = match (words.first().map(String::as_str), argument) {
                (Some("dirname"), Some(path)) => parent(&path),
                (Some("cd"), Some(path)) => {
                    went = Some(path.clone());
                    path
                }
                (Some("pwd"), _) => went.clone().unwrap_or_else(|| ".".to_owned()),
                (Some("realpath" | "readlink" | "echo"), Some(path)) => path,
                _ => UNKNOWN.to_string(),
            };
        }
        last
    }
}

/// A script that is a word of a command, at the bytes that the word is written as.
fn inner_script(command: &SimpleCommand, text: &str) -> Mapped {
    let words = command.words.iter().chain(command.words.iter().rev().take(1));
    let same = words.map(Word::as_script).find(|word| word.text() == text);
    same.unwrap_or_else(|| Mapped::replaced(text, command.text.span()))
}

fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "bash" | "dash" | "zsh" | "ash")
}

fn docker_is_in(text: &str) -> bool {
    text.contains("docker") || text.contains("podman")
}

fn simple_commands(list: &List) -> Vec<&SimpleCommand> {
    let commands = list.iter().flat_map(|and_or| &and_or.pipelines).flat_map(|pipeline| &pipeline.commands);
    commands.filter_map(Command::simple).map(|command| &**command).collect()
}

fn parent(path: &str) -> String {
    match path.strip_prefix(ROOTED) {
        Some(path) => format!("{ROOTED}{}", if directory(path).is_empty() { "." } else { directory(path) }),
        None if path.contains('/') => directory(path).to_owned(),
        None if path.contains(UNKNOWN) => path.to_owned(),
        None => ".".to_owned(),
    }
}

/// Adds a part to the words it is in: what is not quoted falls apart at its blanks.
fn join_part(words: &mut Vec<String>, part: &Part, values: &[String]) {
    let is_text = matches!(part.kind, PartKind::Literal | PartKind::Escape(_));
    let is_one = is_text || (part.quoting != Quoting::None && values.len() <= 1);
    let mut pieces: Vec<&str> = Vec::new();
    for value in values {
        match is_one || part.quoting != Quoting::None {
            true => pieces.push(value),
            false => {
                // A blank at either end parts words too.
                pieces.extend(value.starts_with(char::is_whitespace).then_some(""));
                pieces.extend(value.split_whitespace());
                pieces
                    .extend((value.ends_with(char::is_whitespace) && !value.trim().is_empty()).then_some(""));
            }
        }
    }
    for (index, piece) in pieces.into_iter().enumerate() {
        match words.last_mut() {
            Some(last) if index == 0 => last.push_str(piece),
            _ => words.push(piece.to_owned()),
        }
    }
}

//! What `curl` and `wget` fetch in an instruction: from where, what reads it, and whether anything checks it.

mod arguments;

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::shell::ast::{Command, Script, SimpleCommand};
use lint_parser::shell::walk::Site;
use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

use crate::model::build::downloads::arguments::{arguments, is_fetcher};
use crate::model::build::plan::BuildPlan;
use crate::model::kit::hosts::is_loopback;
use crate::model::runs::{Commands, MAX_DEPTH, Program};
use crate::model::values::variables::Variables;

/// How far down a pipeline a download is followed.
const MAX_PIPES: usize = 16;

/// A call of `curl`, `wget` or the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// `curl`, `wget`.
    pub program: String,
    /// The whole command.
    pub span: Span,
    /// What is fetched.
    pub urls: Vec<Url>,
    /// The option that switches off the check of certificates.
    pub insecure: Option<Span>,
    /// Whether what is fetched goes to standard output.
    pub to_stdout: bool,
    /// Whether it asks or tells rather than fetches: `--head`, `--data`, `--spider`.
    pub fetches_nothing: bool,
    /// The program that runs what was fetched, unseen.
    pub runner: Option<Runner>,
    /// Whether a later command of the instruction checks a hash or a signature.
    pub verified: bool,
}

/// A program that takes what was fetched for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runner {
    /// `sh`, `python3`, `eval`.
    pub name: String,
    /// Where it is written.
    pub span: Span,
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// With ARG and ENV replaced, as far as they are known.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

impl Url {
    /// The scheme in lower case. An address without one is `http` for `curl` and `wget`; `None` where it is known
    /// at run time only.
    #[must_use]
    pub fn scheme(&self) -> Option<String> {
        match self.text.split_once("://") {
            Some((scheme, _)) if scheme.contains('$') => None,
            Some((scheme, _)) => Some(scheme.to_ascii_lowercase()),
            None if self.text.starts_with('$') => None,
            None => Some("http".to_owned()),
        }
    }

    /// The host without user and port; `None` where part of it is known at run time only.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        host(&self.text)
    }

    /// Whether it is on the network, unencrypted.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.scheme().as_deref() == Some("http") && self.host().is_some_and(|host| !is_loopback(host))
    }
}

/// The host of an address; `None` where it is not known, or there is none.
#[must_use]
pub fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(inside) => inside.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    (!name.is_empty() && !name.contains(['$', '`', '{'])).then_some(name)
}

/// Whether an address, variables replaced, is plain HTTP to another machine.
#[must_use]
pub fn is_plain_http(url: &str) -> bool {
    let http = url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"));
    http && host(url).is_some_and(|host| !is_loopback(host))
}

/// What an instruction downloads, in the order written.
#[must_use]
pub fn downloads(plan: &BuildPlan, instruction: usize) -> Vec<Download> {
    let programs = plan.programs(instruction);
    // Nearly all instructions fetch nothing.
    if !programs.iter().any(|program| program.name().is_some_and(is_fetcher)) {
        return Vec::new();
    }
    match plan.commands(instruction) {
        Some(commands) => of_commands(commands, plan.variables_at(instruction)),
        None => Vec::new(),
    }
}

fn of_commands(commands: &Commands, variables: &Variables) -> Vec<Download> {
    let mut walk = Walk { variables, found: Vec::new(), step: 0, last_check: None };
    match commands {
        Commands::Script(script) => walk.script(script, None, 0),
        Commands::Words(command) => walk.command(command, None, 0),
    }
    let last_check = walk.last_check;
    let finish = |(step, download): (usize, Download)| Download {
        verified: last_check.is_some_and(|check| check > step),
        ..download
    };
    walk.found.into_iter().map(finish).collect()
}

/// Whether commands check a hash or a signature.
#[must_use]
pub fn verifies(programs: &[Program]) -> bool {
    programs.iter().any(|program| is_check(program.invocation()))
}

struct Walk<'v> {
    variables: &'v Variables,
    /// With the step each is at.
    found: Vec<(usize, Download)>,
    step: usize,
    /// The step of the last command that checks something.
    last_check: Option<usize>,
}

/// A script's commands, with who reads whose output.
struct Pipes<'s> {
    sites: &'s [Site],
    /// The sites that read what a command writes, by the command's address.
    readers: HashMap<*const SimpleCommand, Vec<usize>>,
}

impl<'s> Pipes<'s> {
    fn new(sites: &'s [Site]) -> Self {
        let mut readers: HashMap<*const SimpleCommand, Vec<usize>> = HashMap::new();
        if sites.iter().all(|site| site.context.piped_to.is_none() && site.context.piped_from.is_none()) {
            return Self { sites, readers };
        }
        let by_command: HashMap<*const SimpleCommand, usize> =
            sites.iter().enumerate().map(|(at, site)| (Arc::as_ptr(&site.command), at)).collect();
        for (at, site) in sites.iter().enumerate() {
            let to = site.context.piped_to.as_ref().and_then(Command::simple);
            if let Some(&reader) = to.and_then(|to| by_command.get(&Arc::as_ptr(to))) {
                readers.entry(Arc::as_ptr(&site.command)).or_default().push(reader);
            }
            if let Some(from) = site.context.piped_from.as_ref().and_then(Command::simple) {
                readers.entry(Arc::as_ptr(from)).or_default().push(at);
            }
        }
        Self { sites, readers }
    }

    /// The program that runs what a command writes, directly or behind filters.
    fn runner(&self, command: &Arc<SimpleCommand>) -> Option<Runner> {
        let mut current = command;
        for _ in 0..MAX_PIPES {
            let readers = self.readers.get(&Arc::as_ptr(current))?;
            let mut readers = readers.iter().take(MAX_PIPES).filter_map(|&at| self.sites.get(at));
            if let Some(runner) = readers.clone().find_map(|site| reads_program(&site.command)) {
                return Some(runner);
            }
            current = &readers.next()?.command;
        }
        None
    }
}

impl Walk<'_> {
    fn script(&mut self, script: &Script, outer: Option<&Runner>, depth: u8) {
        let sites = script.simple_commands();
        let pipes = Pipes::new(sites);
        for site in sites {
            let runner = substituted(site).or_else(|| pipes.runner(&site.command));
            self.command(&site.command, runner.as_ref().or(outer), depth);
        }
    }

    fn command(&mut self, command: &SimpleCommand, runner: Option<&Runner>, depth: u8) {
        for invocation in command.invocations() {
            self.step += 1;
            if is_check(invocation) {
                self.last_check = Some(self.step);
            }
            if let Some(mut download) = arguments(invocation, self.variables) {
                download.to_stdout &= !writes_to_file(command);
                download.runner = runner.filter(|_| download.to_stdout).cloned();
                self.found.push((self.step, download));
            }
            if depth < MAX_DEPTH
                && let Some(script) = invocation.script()
            {
                self.script(script, runner, depth + 1);
            }
        }
    }
}

fn writes_to_file(command: &SimpleCommand) -> bool {
    use lint_parser::shell::ast::RedirectionOperator as Operator;
    command.redirections.iter().any(|redirection| {
        let output = redirection.descriptor.as_ref().is_none_or(|descriptor| descriptor.text() == "1");
        output
            && matches!(
                redirection.operator,
                Operator::Output | Operator::Append | Operator::Clobber | Operator::OutputAndError
            )
    })
}

/// `sh -c "$(curl ...)"`, `eval "$(curl ...)"`, `. <(curl ...)`, `bash <(curl ...)`
fn substituted(site: &Site) -> Option<Runner> {
    let command = site.context.substituted_into.as_ref()?;
    let last = command.invocations().last()?;
    let name = last.name()?;
    let span = last.words.first()?.span();
    let inside = site.command.text.span();
    let holds = |word: &Word| word.span().start() <= inside.start() && inside.end() <= word.span().end();
    let position = last.args().iter().position(holds)?;
    let word = last.args().get(position)?;
    let whole = word.text.text().trim_start_matches('"');
    let runs = match name {
        "eval" => true,
        "." | "source" => whole.starts_with("<("),
        _ if is_interpreter(name) => {
            let option = position.checked_sub(1).and_then(|before| last.args().get(before));
            let by_option = option.and_then(Word::literal_text).is_some_and(|option| {
                option.starts_with('-') && !option.starts_with("--") && option.contains(['c', 'e'])
            });
            // Among other words it is data: `bash -c "echo $(curl ...)"`.
            let alone = whole.starts_with("$(") || whole.starts_with('`');
            (by_option && alone) || (whole.starts_with("<(") && position == 0)
        }
        _ => false,
    };
    runs.then(|| Runner { name: name.to_owned(), span: span.cover(word.span()) })
}

fn is_interpreter(name: &str) -> bool {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    is_shell(name) || matches!(base, "python" | "perl" | "ruby" | "node" | "php")
}

fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "bash" | "ash" | "dash" | "ksh" | "mksh" | "zsh" | "fish")
}

/// The program among these words that takes its standard input for a program.
fn reads_program(command: &SimpleCommand) -> Option<Runner> {
    let last = command.invocations().last()?;
    let first = last.words.first()?;
    // `python${PYTHON_VERSION}` is some Python.
    let name = last.name().map(str::to_owned).or_else(|| {
        let prefix = first.static_prefix();
        let name = crate::files::file_name(&prefix);
        matches!(name, "python" | "php").then(|| name.to_owned())
    })?;
    let span = first.span();
    let mut stdin = true;
    if is_shell(&name) {
        let mut value = false;
        for arg in last.args() {
            let text = arg.literal_text().unwrap_or_default();
            if std::mem::take(&mut value) {
                continue;
            }
            let short = text.starts_with(['-', '+']) && !text.starts_with("--");
            match &*text {
                "-" | "--" => break,
                "/dev/stdin" => break,
                option if short && option.contains('s') => break,
                option if short && option.contains('c') => {
                    stdin = false;
                    break;
                }
                option if short => value = option.ends_with('o'),
                option if option.starts_with("--") => {}
                _ => {
                    stdin = false;
                    break;
                }
            }
        }
    } else if is_interpreter(&name) {
        let first = last.args().first();
        // `php -- --install-dir=bin`: what follows is for the script that comes through the pipe.
        stdin = first.is_none_or(|first| first.is("-") || first.is("--") || first.is("/dev/stdin"));
    } else {
        return None;
    }
    stdin.then_some(Runner { name, span })
}

/// Programs that compare a hash or a signature.
fn is_check(invocation: &Invocation) -> bool {
    let Some(name) = invocation.name() else { return false };
    let has =
        |options: &[&str]| invocation.args().iter().any(|arg| options.iter().any(|option| arg.is(option)));
    match name {
        "sha1sum" | "sha224sum" | "sha256sum" | "sha384sum" | "sha512sum" | "shasum" | "md5sum" | "b2sum"
        | "b3sum" | "gpgv" | "gpgv2" | "minisign" | "signify" | "sha256" | "sha512" => true,
        "gpg" | "gpg2" => has(&["--verify", "--verify-files", "--decrypt", "-d"]),
        "cosign" => has(&["verify", "verify-blob"]),
        "openssl" => has(&["dgst", "sha256", "sha512", "cms", "smime"]),
        "rpm" => has(&["-K", "--checksig"]),
        "jarsigner" => has(&["-verify"]),
        "slsa-verifier" | "rpmkeys" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;

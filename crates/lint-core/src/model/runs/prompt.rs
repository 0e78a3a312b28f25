//! Commands that wait for somebody to type, and do nothing by themselves.

use lint_parser::dockerfile::ast::CommandLine;
use lint_parser::text::mapped::Mapped;

use crate::files::file_name;

/// Interpreters and shells that do nothing by themselves.
const INTERPRETERS: [&str; 35] = [
    "ash",
    "bash",
    "bun",
    "bundle",
    "busybox",
    "clojure",
    "cmd",
    "dart",
    "dash",
    "deno",
    "elixir",
    "erl",
    "fish",
    "ghci",
    "groovysh",
    "iex",
    "ipython",
    "irb",
    "jshell",
    "julia",
    "ksh",
    "lua",
    "node",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "python",
    "python2",
    "python3",
    "R",
    "ruby",
    "scala",
    "sh",
    "zsh",
];

/// Options with which they still wait.
const INTERACTIVE: [&str; 8] = ["-a", "-i", "-il", "-it", "-l", "-li", "--interactive", "--login"];

/// How many words of a command are looked at; a prompt has two or three.
const MOST_WORDS: usize = 8;

/// The first words of a command, as a shell would part a simple one.
pub(in crate::model) fn first_words(line: &CommandLine) -> Vec<String> {
    match line {
        CommandLine::Exec { words, .. } => {
            words.iter().take(MOST_WORDS).map(Mapped::text).map(str::to_owned).collect()
        }
        CommandLine::Shell(text) => {
            text.text().split_whitespace().take(MOST_WORDS).map(str::to_owned).collect()
        }
    }
}

/// Programs that start another one and look after its children.
const INITS: [&str; 5] = ["catatonit", "docker-init", "dumb-init", "tini", "tini-static"];

/// Whether a command is such a program with nothing to start.
pub(in crate::model) fn is_bare_init(words: &[String]) -> bool {
    let Some((program, options)) = words.split_first() else { return false };
    INITS.contains(&file_name(program)) && options.iter().all(|option| option.starts_with('-'))
}

/// Whether a command is an interpreter, or a shell, without a program.
pub(in crate::model) fn is_prompt(words: &[String]) -> bool {
    let Some((program, options)) = words.split_first() else { return false };
    let name = file_name(program).trim_end_matches(".exe");
    let is_version = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let known = INTERPRETERS.contains(&name) || name.strip_prefix("python3.").is_some_and(is_version);
    known && options.iter().all(|option| INTERACTIVE.contains(&option.as_str()))
}

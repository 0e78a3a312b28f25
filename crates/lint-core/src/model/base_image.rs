//! Images that are made for others to build on, as their own Dockerfiles show.
//!
//! `golang` ends without a command, `python` with an interpreter that waits for a program, `node:onbuild` with triggers: none of
//! them runs a service, and who builds on them decides whom it runs as. An image that takes something of its build context
//! and has no command of its own may well run the server of its base, so it is none of these.

use lint_parser::dockerfile::ast::CommandLine;

use crate::files::file_name;
use crate::model::build::BuildPlan;
use crate::model::stage::{Base, CopySource, ImageCommand, Stage};

/// Interpreters and shells that do nothing by themselves.
const INTERPRETERS: [&str; 29] = [
    "ash",
    "bash",
    "bundle",
    "bun",
    "clojure",
    "cmd",
    "dart",
    "deno",
    "elixir",
    "erl",
    "fish",
    "ghci",
    "groovysh",
    "iex",
    "irb",
    "jshell",
    "julia",
    "lua",
    "node",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "python",
    "python3",
    "R",
    "scala",
    "sh",
    "zsh",
];

/// Options with which an interpreter or a shell still waits for somebody to type.
const INTERACTIVE: [&str; 6] = ["-a", "-i", "-l", "--login", "-it", "--interactive"];

/// Whether others are to build on what a stage makes.
#[must_use]
pub fn is_for_building_on(plan: &BuildPlan, stage: &Stage) -> bool {
    if !stage.onbuild.is_empty() {
        return true;
    }
    let command = stage.config.cmd.as_ref().map(|cmd| &cmd.value);
    match (command, &stage.config.entrypoint) {
        // `ENTRYPOINT ["docker-entrypoint.sh"]` before `CMD ["node"]` is the official images' way.
        (Some(ImageCommand::Line { line, .. }), _) => waits(line),
        (None | Some(ImageCommand::Empty), None) => {
            let from_context =
                |stage: &Stage| stage.copies.iter().any(|copied| copied.from == CopySource::Context);
            let chain: Vec<&Stage> = plan.chain(stage.index).collect();
            !chain.iter().any(|stage| from_context(stage))
                && chain.last().is_some_and(|root| serves_nothing(&root.base))
        }
        _ => false,
    }
}

/// Whether a command is an interpreter, or a shell, without a program.
fn waits(line: &CommandLine) -> bool {
    let words: Vec<String> = match line {
        CommandLine::Exec { words, .. } => words.iter().map(|word| word.text().to_owned()).collect(),
        CommandLine::Shell(text) => text.text().split_whitespace().map(str::to_owned).collect(),
    };
    let Some((program, options)) = words.split_first() else { return false };
    let name = file_name(program).trim_end_matches(".exe");
    let known = INTERPRETERS.contains(&name) || name.strip_prefix("python3.").is_some_and(is_number);
    known && options.iter().all(|option| INTERACTIVE.contains(&option.as_str()))
}

/// Whether an image is known, and not for something that listens.
fn serves_nothing(base: &Base) -> bool {
    match base {
        Base::Image(image) => image.facts.is_some_and(|facts| {
            facts.steps_down.is_none() && facts.exposes().is_none_or(|mut ports| ports.next().is_none())
        }),
        Base::Scratch => true,
        Base::Stage(_) | Base::Unknown => false,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

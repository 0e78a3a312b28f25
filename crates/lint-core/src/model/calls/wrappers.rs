//! What stands before a command and runs it, and the variables that hold the name of an engine.

use crate::files::file_name;

/// What may stand before a command and run it.
const WRAPPERS: [&str; 25] = [
    "sudo",
    "doas",
    "env",
    "exec",
    "time",
    "nohup",
    "nice",
    "ionice",
    "timeout",
    "command",
    "xargs",
    "retry",
    "setsid",
    "stdbuf",
    "winpty",
    "chrt",
    "eatmydata",
    "!",
    "then",
    "do",
    "unbuffer",
    "travis_retry",
    "cross-env",
    "dotenv",
    "npx",
];

/// Whether words run what stands behind them: `sudo -E -u deploy`, `timeout 5`, `A=b`.
pub(super) fn are_wrappers(words: &[String]) -> bool {
    let is_wrapper = |word: &String| {
        let name = file_name(word);
        WRAPPERS.contains(&name)
            || name.starts_with("retry")
            || word.starts_with('-')
            || (word.contains('=') && !word.starts_with('='))
            || word.starts_with(|c: char| c.is_ascii_digit())
    };
    let after_option = |at: usize| {
        let option = words.get(at.wrapping_sub(1));
        option.is_some_and(|word| {
            matches!(word.as_str(), "-u" | "-g" | "-n" | "-I" | "-i" | "-d" | "-P" | "-L")
        })
    };
    words.iter().enumerate().all(|(at, word)| is_wrapper(word) || after_option(at))
}

/// Variables that hold the name of an engine, where nothing at hand sets them. Which one it is only who runs it says; the flags
/// that count are the same.
const ENGINES: [&str; 9] = [
    "CONTAINER_CLI",
    "CONTAINER_CMD",
    "CONTAINER_ENGINE",
    "CONTAINER_RUNTIME",
    "CONTAINER_TOOL",
    "DOCKER",
    "DOCKER_BIN",
    "DOCKER_CMD",
    "OCI_RUNTIME",
];

/// The engine that a variable of that name holds.
pub(super) fn engine_named(variable: &str) -> Option<&'static str> {
    match variable {
        "PODMAN" => Some("podman"),
        name => ENGINES.contains(&name).then_some("docker"),
    }
}

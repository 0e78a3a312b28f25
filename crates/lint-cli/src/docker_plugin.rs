//! `docker plimsoll …`: what the docker command line asks of its plugins.
//!
//! A plugin is a program called `docker-NAME` in one of a few directories; a link to this one will do. The docker command runs it with
//! `docker-cli-plugin-metadata` to learn what it is, on each of its own `--help`, so nothing is read for that. To use it, it passes
//! on everything that was typed after `docker`, its own flags and the name among it.

use std::ffi::{OsStr, OsString};
use std::path::Path;

/// What the program is called as a plugin, without the ending that Windows wants.
const PROGRAM: &str = "docker-plimsoll";

/// What is typed after `docker`.
const NAME: &str = "plimsoll";

/// Flags of the docker command that take a value, which may be our name.
const WITH_VALUE: [&str; 10] = [
    "--config",
    "-c",
    "--context",
    "-H",
    "--host",
    "-l",
    "--log-level",
    "--tlscacert",
    "--tlscert",
    "--tlskey",
];

/// What is to be done with a command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// It is to be understood as it stands, or without what was for the docker command.
    Parse(Vec<OsString>),
    /// The docker command wants to know what this is.
    Metadata,
    /// The docker command wants candidates for completion in a form that is not spoken here.
    Completion,
}

/// Takes the command line of a process apart.
pub(crate) fn call(arguments: impl Iterator<Item = OsString>) -> Call {
    let arguments: Vec<OsString> = arguments.collect();
    if let [_, only] = arguments.as_slice()
        && only == "docker-cli-plugin-metadata"
    {
        return Call::Metadata;
    }
    let is_plugin =
        arguments.first().is_some_and(|program| Path::new(program).file_stem() == Some(OsStr::new(PROGRAM)));
    if !is_plugin {
        return Call::Parse(arguments);
    }
    let typed = &arguments[1..];
    if typed.first().is_some_and(|first| first == "__complete" || first == "__completeNoDesc") {
        return Call::Completion;
    }
    let mut wants_help = false;
    let mut rest = typed.iter();
    while let Some(argument) = rest.next() {
        if argument == NAME {
            break;
        }
        wants_help |= argument == "help" || argument == "--help" || argument == "-h";
        if WITH_VALUE.iter().any(|flag| argument == flag) {
            rest.next();
        }
    }
    let mut ours = vec![OsString::from(format!("docker {NAME}"))];
    ours.extend(rest.cloned());
    if wants_help {
        ours.push("--help".into());
    }
    Call::Parse(ours)
}

/// What the docker command reads. The names are those of the Go structure it reads them into.
pub(crate) fn metadata() -> String {
    let metadata = serde_json::json!({
        "SchemaVersion": "0.1.0",
        "Vendor": "Plimsoll",
        "Version": env!("CARGO_PKG_VERSION"),
        "ShortDescription": "Lint Dockerfiles and Compose files",
        "URL": env!("CARGO_PKG_HOMEPAGE"),
    });
    format!("{metadata}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> String {
        match call(line.split(' ').map(OsString::from)) {
            Call::Parse(arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|a| a.to_string_lossy()).collect();
                arguments.join("|")
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_was_for_docker_is_taken_away() {
        for (typed, ours) in [
            ("/p/docker-plimsoll plimsoll", "docker plimsoll"),
            ("/p/docker-plimsoll plimsoll check .", "docker plimsoll|check|."),
            ("docker-plimsoll.exe plimsoll -q", "docker plimsoll|-q"),
            ("docker-plimsoll --context plimsoll -D plimsoll a", "docker plimsoll|a"),
            ("docker-plimsoll --config=x plimsoll plimsoll", "docker plimsoll|plimsoll"),
            ("docker-plimsoll help plimsoll rule", "docker plimsoll|rule|--help"),
            ("docker-plimsoll --help plimsoll", "docker plimsoll|--help"),
            ("docker-plimsoll __complete plimsoll che", "Completion"),
            ("docker-plimsoll docker-cli-plugin-metadata", "Metadata"),
            ("plimsoll docker-cli-plugin-metadata", "Metadata"),
            // Without the name of a plugin nothing is taken away.
            ("plimsoll plimsoll", "plimsoll|plimsoll"),
            ("plimsoll docker-cli-plugin-metadata x", "plimsoll|docker-cli-plugin-metadata|x"),
        ] {
            assert_eq!(parsed(typed), ours, "{typed}");
        }
    }
}

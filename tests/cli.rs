//! The built binary, as its users run it.

#[path = "cli/changed.rs"]
mod changed;
#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/discovery.rs"]
mod discovery;
#[path = "cli/docker_plugin.rs"]
mod docker_plugin;
#[path = "cli/editor.rs"]
mod editor;
#[path = "cli/exit_codes.rs"]
mod exit_codes;
#[path = "cli/fix.rs"]
mod fix;
#[path = "cli/flags.rs"]
mod flags;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/lost.rs"]
mod lost;
#[path = "cli/output.rs"]
mod output;
#[path = "cli/pipes.rs"]
mod pipes;
#[path = "cli/project.rs"]
mod project;
#[path = "cli/rule_sets.rs"]
mod rule_sets;
#[path = "cli/shellcheck.rs"]
mod shellcheck;
#[path = "cli/stdin.rs"]
mod stdin;
#[path = "cli/suppressions.rs"]
mod suppressions;
#[path = "cli/texts.rs"]
mod texts;
#[path = "cli/tree.rs"]
mod tree;
#[path = "cli/variables.rs"]
mod variables;

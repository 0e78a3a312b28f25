//! What can be typed on the command line.

pub(crate) mod check;
pub(crate) mod values;

use std::path::PathBuf;

use lint_core::report::pod_security::PodSecurityVersion;

use clap::{Args, Parser, Subcommand};
use lint_core::{NoRelease, Release};

use crate::args::check::{CheckArgs, FileArgs, build_arg};
use crate::args::values::{
    AuditFormat, BenchmarkName, ColorChoice, DiffFormat, ExplainFormat, FailOn, ProjectFormat, RulesFormat,
    Shell, VersionFormat,
};

/// The whole command line.
// `check` is the default command: its options stand at the top level too, and once one of them or a path has
// been given, the name of a command is only another path.
#[derive(Debug, Parser)]
#[command(
    name = "plimsoll",
    version,
    about = "Lints Dockerfiles and Compose files as Docker would build and run them",
    after_help = "\
Exit codes, the same for every output format:
  0  no finding at or above --fail-on
  1  at least one; or --diff would change something
  2  the command line is wrong, a file could not be read or written, or Plimsoll failed",
    args_conflicts_with_subcommands = true,
    args_override_self = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: CheckArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lint files and directories; what happens when no command is given
    Check(Box<CheckArgs>),
    /// Write a configuration for the repository at hand, and say what to do next
    Init(InitArgs),
    /// Print what Compose makes of a project: every file merged, every default written out
    Project(ProjectArgs),
    /// Report on the checks of the CIS Docker Benchmark and the threats of the STRIDE model
    Audit(Box<AuditArgs>),
    /// List the rules
    Rules(RulesArgs),
    /// Show, write and explain configuration files
    Config(ConfigArgs),
    /// Say what a change makes of the containers, between two revisions or since one
    Diff(DiffArgs),
    /// Test policies, and print what they can ask
    Policy(PolicyArgs),
    /// Explain rules
    #[command(visible_alias = "explain")]
    Rule(RuleArgs),
    /// Serve an editor: the Language Server Protocol on standard input and output
    Lsp(LspArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, for whoever packages this
    #[command(hide = true)]
    Man(ManArgs),
    /// Print the version
    Version(VersionArgs),
}

/// The names of the commands, for whoever takes one for a path.
pub(crate) const COMMANDS: [&str; 14] = [
    "diff",
    "policy",
    "audit",
    "check",
    "init",
    "project",
    "config",
    "rules",
    "rule",
    "explain",
    "lsp",
    "completions",
    "man",
    "version",
];

#[derive(Debug, Args)]
pub(crate) struct LspArgs {
    /// Use this configuration file for everything instead of the nearest
    #[arg(long, value_name = "PATH", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, alias = "no-config")]
    pub(crate) isolated: bool,
    /// Speak over standard input and output; there is no other way, but some editors say so
    #[arg(long)]
    pub(crate) stdio: bool,
    /// The editor's process, which some editors tell; nothing hangs on it
    #[arg(long, alias = "clientProcessId", value_name = "PID")]
    pub(crate) client_process_id: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The directory that the configuration is for
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Accept what is found today in a baseline, and name that in the configuration
    #[arg(long)]
    pub(crate) baseline: bool,
    /// Print the configuration, and write nothing
    #[arg(long, conflicts_with = "baseline")]
    pub(crate) stdout: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", ignore_case = true)]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Files and directories to judge; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// The version of the benchmark whose checks and numbers are used
    #[arg(long, value_name = "VERSION", default_value = "1.8.0", alias = "cis-version")]
    pub(crate) benchmark: BenchmarkName,
    /// The version of the Pod Security Standards that the pods of Kubernetes manifests are judged by
    #[arg(long, value_name = "VERSION", default_value = "latest")]
    pub(crate) pod_security_version: PodSecurityVersion,
    /// How the report is printed
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        default_value = "text",
        ignore_case = true,
        alias = "format"
    )]
    pub(crate) output_format: AuditFormat,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output_file: Option<PathBuf>,
    /// Say what has changed since an earlier report, which was written with `--output-format json`
    #[arg(long, value_name = "REPORT")]
    pub(crate) since: Option<PathBuf>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", ignore_case = true)]
    pub(crate) color: ColorChoice,
    /// Fail (exit code 1) on findings at least this severe [default: low] [env: PLIMSOLL_FAIL_ON]
    #[arg(long, value_name = "SEVERITY", ignore_case = true, alias = "failure-threshold", short_alias = 't')]
    pub(crate) fail_on: Option<FailOn>,
    /// Never fail because of findings
    #[arg(long, alias = "no-fail")]
    pub(crate) exit_zero: bool,
    /// Judge everything by this configuration file, whatever others there are [env: PLIMSOLL_CONFIG]
    #[arg(long, value_name = "PATH", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, alias = "no-config")]
    pub(crate) isolated: bool,
    /// A build argument, as `docker build --build-arg` takes it; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = build_arg)]
    pub(crate) build_arg: Vec<(String, String)>,
    /// A file of variables for Compose projects, in the place of their `.env`, as `docker compose --env-file` takes it; can
    /// be repeated, and the last one wins
    #[arg(long, value_name = "PATH")]
    pub(crate) env_file: Vec<PathBuf>,
    #[command(flatten, next_help_heading = "Files")]
    pub(crate) files: FileArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ProjectArgs {
    /// The directory of the project, or one of its files; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// A Compose file, as `docker compose -f` takes it, `-` for standard input: no other is added, and each overrides
    /// those before it; can be repeated
    #[arg(short, long, value_name = "PATH", conflicts_with = "path")]
    pub(crate) file: Vec<PathBuf>,
    /// A file of variables in the place of `.env`, as `docker compose --env-file` takes it; can be repeated, and the last
    /// one wins
    #[arg(long, value_name = "PATH")]
    pub(crate) env_file: Vec<PathBuf>,
    /// How the project is printed
    #[arg(long, value_name = "FORMAT", default_value = "yaml", ignore_case = true, alias = "format")]
    pub(crate) output_format: ProjectFormat,
    /// Say behind each value where it is written, when that is not the first file
    #[arg(long)]
    pub(crate) provenance: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", ignore_case = true)]
    pub(crate) color: ColorChoice,
    /// Describe what Compose refuses in words, without drawings [env: NO_GRAPHICS]
    #[arg(long)]
    pub(crate) accessible: bool,
    /// Take `projects` from this configuration file, whatever others there are [env: PLIMSOLL_CONFIG]
    #[arg(long, value_name = "PATH", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, alias = "no-config")]
    pub(crate) isolated: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the settings that count for a file or directory, and where each comes from
    Show {
        /// The file or directory
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
        /// Judge by this configuration file, whatever others there are [env: PLIMSOLL_CONFIG]
        #[arg(long, value_name = "PATH", conflicts_with = "isolated")]
        config: Option<PathBuf>,
        /// Read no configuration file
        #[arg(long)]
        isolated: bool,
    },
    /// Print the name of the configuration file that counts for a file or directory
    Path {
        /// The file or directory
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
    },
    /// Print the JSON Schema of configuration files
    Schema,
    /// Write a configuration file that says all that may be said; `plimsoll init` writes what matters in a repository
    Init,
    /// Print a configuration file that says what another linter's says
    Migrate {
        /// A .hadolint.yaml, .dclintrc or .compose-lint.yml
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The revision to compare with; `HEAD` where none is named
    #[arg(value_name = "REV")]
    pub(crate) before: Option<String>,
    /// The revision that is compared; the files as they are where none is named
    #[arg(value_name = "REV")]
    pub(crate) after: Option<String>,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text", ignore_case = true)]
    #[arg(short = 'f', alias = "format")]
    pub(crate) output_format: DiffFormat,
    /// Exit with 1 when something has become worse
    #[arg(long)]
    pub(crate) fail_on_worse: bool,
    /// Use this configuration file for everything instead of the nearest
    #[arg(long, value_name = "PATH", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, alias = "no-config")]
    pub(crate) isolated: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", ignore_case = true)]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    #[command(subcommand)]
    pub(crate) command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Run the examples that stand beside the policies of a configuration
    Test(PolicyTestArgs),
    /// Print what policies can ask of files, and what they would be told
    Explain(Box<PolicyExplainArgs>),
    /// List the policies that a configuration can name
    Library,
    /// Print the reference of what expressions can name, in Markdown
    Reference,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyTestArgs {
    /// The file or directory whose configuration is tested
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Test this configuration file instead of the nearest
    #[arg(long, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,
    /// Run the examples of the library instead
    #[arg(long)]
    pub(crate) library: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyExplainArgs {
    /// Files and directories to explain; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text", ignore_case = true)]
    #[arg(short = 'f', alias = "format")]
    pub(crate) output_format: ExplainFormat,
    /// Use this configuration file for everything instead of the nearest
    #[arg(long, value_name = "PATH", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long, alias = "no-config")]
    pub(crate) isolated: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// List what came, and what was changed, after a version
    #[arg(long, value_name = "VERSION", value_parser = since)]
    pub(crate) since: Option<Release>,
    /// List only rules that can fix what they find, and say how
    #[arg(long)]
    pub(crate) fixable: bool,
    /// How the list is printed
    #[arg(long, value_name = "FORMAT", default_value = "text", ignore_case = true)]
    #[arg(short = 'f', alias = "format")]
    pub(crate) output_format: RulesFormat,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", ignore_case = true)]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Args)]
pub(crate) struct RuleArgs {
    /// Names of rules, or what other linters call them: DL3002, CKV_DOCKER_3, CIS-5.5
    #[arg(value_name = "NAME", required_unless_present = "all")]
    pub(crate) names: Vec<String>,
    /// Explain every rule
    #[arg(long, conflicts_with = "names")]
    pub(crate) all: bool,
    /// How the explanation is printed
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        default_value = "text",
        ignore_case = true,
        alias = "format"
    )]
    pub(crate) output_format: RulesFormat,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", ignore_case = true)]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write a page for each command into this directory instead
    #[arg(long, value_name = "PATH")]
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VersionArgs {
    /// How the version is printed
    #[arg(
        short = 'f',
        long,
        value_name = "FORMAT",
        default_value = "text",
        ignore_case = true,
        alias = "format"
    )]
    pub(crate) output_format: VersionFormat,
}

/// Parses `--since`: a version that is not known here yet has brought nothing.
fn since(text: &str) -> Result<Release, String> {
    text.parse().map_err(|error: NoRelease| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_list_of_commands_is_complete() {
        let command = Cli::command();
        let mut names: Vec<&str> = command
            .get_subcommands()
            .flat_map(|c| std::iter::once(c.get_name()).chain(c.get_all_aliases()))
            .collect();
        names.sort_unstable();
        let mut listed = COMMANDS.to_vec();
        listed.sort_unstable();
        assert_eq!(listed, names);
    }
}

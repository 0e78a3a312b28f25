//! The options of `check`, which stand at the top level too.

use std::path::PathBuf;

use clap::Args;
use lint_core::Release;

use crate::args::values::{
    ColorChoice, DocsChoice, FailOn, FileType, GroupName, OutputFormat, ProfileName, SeverityName, SortName,
};

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Files and directories to lint; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten, next_help_heading = "Output")]
    pub(crate) output: OutputArgs,
    #[command(flatten, next_help_heading = "Rules")]
    pub(crate) selection: SelectionArgs,
    #[command(flatten, next_help_heading = "Fixes")]
    pub(crate) fixes: FixArgs,
    #[command(flatten, next_help_heading = "Suppressions")]
    pub(crate) suppressions: SuppressionArgs,
    #[command(flatten, next_help_heading = "Baseline")]
    pub(crate) baseline: BaselineArgs,
    #[command(flatten, next_help_heading = "Files")]
    pub(crate) files: FileArgs,
}

#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// How findings are printed [default: full] [env: PLIMSOLL_OUTPUT_FORMAT]
    // The alias `--format` keeps editor integrations working that were written for other linters.
    #[arg(short = 'f', long, value_name = "FORMAT", ignore_case = true, alias = "format")]
    pub(crate) output_format: Option<OutputFormat>,
    /// Write to a file instead of standard output; FORMAT=PATH writes a further report, and can be repeated
    #[arg(short, long, value_name = "[FORMAT=]PATH")]
    pub(crate) output_file: Vec<String>,
    /// Keep in SARIF logs what comments, the configuration and baselines accept, marked as suppressed
    #[arg(long)]
    pub(crate) show_suppressed: bool,
    /// Print how many findings each rule has instead of the findings
    #[arg(long)]
    pub(crate) statistics: bool,
    /// In which order `full` and `grouped` tell what was found [default: severity]
    #[arg(long, value_name = "ORDER", ignore_case = true)]
    pub(crate) sort: Option<SortName>,
    /// What `full` and `grouped` put together [default: auto, and file for `grouped`]
    #[arg(long, value_name = "WHAT", ignore_case = true)]
    pub(crate) group_by: Option<GroupName>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", ignore_case = true)]
    pub(crate) color: ColorChoice,
    #[arg(long, hide = true)]
    pub(crate) no_color: bool,
    /// When `full` names the pages of the rules: where the terminal has no links, also there, or not at all
    #[arg(long, value_name = "WHEN", default_value = "auto", ignore_case = true)]
    pub(crate) show_docs_url: DocsChoice,
    /// Describe findings in words, without drawings, for screen readers and braille [env: NO_GRAPHICS]
    #[arg(long)]
    pub(crate) accessible: bool,
    /// Print findings and errors only: no summary, warnings or notes
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Say on standard error what is checked and what is skipped
    #[arg(short, long, conflicts_with_all = ["quiet", "silent"])]
    pub(crate) verbose: bool,
    /// Print errors only; the exit code tells the rest
    #[arg(short, long)]
    pub(crate) silent: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SelectionArgs {
    /// Which rules run: what nobody would want to ship, the usual hardening too, or everything
    /// [default: default] [env: PLIMSOLL_PROFILE]
    #[arg(long, ignore_case = true)]
    pub(crate) profile: Option<ProfileName>,
    /// Keep to the rules, severities and profiles of a version; `latest` for all there are, whatever the configuration says
    #[arg(long, value_name = "VERSION", value_parser = rules_as_of)]
    pub(crate) rules_as_of: Option<String>,
    /// Run the rules that are still on trial too
    #[arg(long)]
    pub(crate) preview: bool,
    /// Run these rules and no others: names, other linters' names, categories, `security` or `all`
    #[arg(long, value_name = "RULE,...", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Run these rules too
    #[arg(long, value_name = "RULE,...", value_delimiter = ',')]
    pub(crate) extend_select: Vec<String>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE,...", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Drop what these rules find in the files of a pattern, which is written as in .gitignore
    #[arg(long, value_name = "GLOB:RULE,...", value_delimiter = ',', value_parser = file_ignore)]
    pub(crate) per_file_ignores: Vec<(String, String)>,
    /// Print only what this branch has brought since it left another one, a tag or a commit: findings that were not there, and
    /// those on lines that were changed
    #[arg(long, value_name = "REVISION")]
    #[arg(conflicts_with_all = ["fix", "fix_only", "diff", "add_suppressions", "write_baseline"])]
    pub(crate) changed_since: Option<String>,
    /// Print only findings at least this severe
    #[arg(long, value_name = "SEVERITY", ignore_case = true)]
    pub(crate) min_severity: Option<SeverityName>,
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
    /// Print the settings that count for each path, flags included, and where each comes from, and stop
    #[arg(long, conflicts_with = "show_files")]
    pub(crate) show_settings: bool,
    /// A build argument, as `docker build --build-arg` takes it; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = build_arg)]
    pub(crate) build_arg: Vec<(String, String)>,
    /// A file of variables for Compose projects, in the place of their `.env`, as `docker compose --env-file` takes it; can
    /// be repeated, and the last one wins
    #[arg(long, value_name = "PATH")]
    pub(crate) env_file: Vec<PathBuf>,
    /// Have the shell scripts in Dockerfiles checked by this ShellCheck program too, and select what it finds
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) shellcheck: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct FixArgs {
    /// Fix what can be fixed without changing what the container does, and report the rest; what came on standard
    /// input is printed, and its findings on standard error
    #[arg(long)]
    pub(crate) fix: bool,
    /// Fix also where what the container does may change; with --fix or --diff
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Print what --fix would change, write nothing, and fail (exit code 1) when there is something
    #[arg(long, conflicts_with_all = ["statistics", "output_file", "output_format", "write_baseline"])]
    pub(crate) diff: bool,
    /// Fix, and say nothing of the rest
    #[arg(long, conflicts_with_all = ["statistics", "output_file", "write_baseline"])]
    pub(crate) fix_only: bool,
    /// List what was fixed, on standard error
    #[arg(long)]
    pub(crate) show_fixes: bool,
    /// Fix what these rules find and nothing else
    #[arg(long, value_name = "RULE,...", value_delimiter = ',')]
    pub(crate) fixable: Vec<String>,
    /// Do not fix what these rules find
    #[arg(long, value_name = "RULE,...", value_delimiter = ',')]
    pub(crate) unfixable: Vec<String>,
    /// Fail (exit code 1) when something was fixed, even if nothing is left
    #[arg(long)]
    pub(crate) exit_non_zero_on_fix: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SuppressionArgs {
    /// Report what suppression comments silence
    #[arg(long)]
    pub(crate) ignore_suppressions: bool,
    /// Report suppression comments that silence nothing, whatever the configuration says; the default
    #[arg(long, overrides_with = "no_warn_unused_suppressions")]
    pub(crate) warn_unused_suppressions: bool,
    /// Do not report suppression comments that silence nothing
    #[arg(long)]
    pub(crate) no_warn_unused_suppressions: bool,
    /// Write comments that silence what is found, and report the rest; with --diff, print what would be written. Without a
    /// reason they say that one is missing
    #[arg(long, value_name = "REASON", num_args = 0..=1, require_equals = true, default_missing_value = "TODO: say why")]
    #[arg(conflicts_with_all = ["fix", "fix_only", "ignore_suppressions", "write_baseline", "show_fixes"])]
    pub(crate) add_suppressions: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BaselineArgs {
    /// Leave out the findings that this file accepts
    #[arg(long, value_name = "PATH")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write a file that accepts everything found; with --baseline, bring that one up to date
    #[arg(long, value_name = "PATH")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Print the findings that the baseline accepts too; they do not fail the run
    #[arg(long)]
    pub(crate) show_baselined: bool,
}

#[derive(Debug, Default, Args)]
pub(crate) struct FileArgs {
    /// Skip what matches these patterns, written as in .gitignore
    #[arg(long, value_name = "GLOB,...", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// Skip these too
    #[arg(long, value_name = "GLOB,...", value_delimiter = ',')]
    pub(crate) extend_exclude: Vec<String>,
    /// Treat paths named on the command line as if a search had found them, so that exclusions hold for them
    #[arg(long)]
    pub(crate) force_exclude: bool,
    /// Skip what .gitignore and .ignore files exclude; the default
    #[arg(long, overrides_with = "no_respect_gitignore")]
    pub(crate) respect_gitignore: bool,
    /// Search what .gitignore and .ignore files exclude
    #[arg(long)]
    pub(crate) no_respect_gitignore: bool,
    /// The name of what comes on standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// What named files and standard input are, whatever their names say
    #[arg(long, value_name = "TYPE", ignore_case = true)]
    pub(crate) r#type: Option<FileType>,
    /// Read no files but those named or found: no build contexts, includes, env files
    #[arg(long)]
    pub(crate) no_follow: bool,
    /// How many threads to use [default: one for each processor] [env: PLIMSOLL_JOBS]
    #[arg(short, long, value_name = "N", value_parser = jobs)]
    pub(crate) jobs: Option<usize>,
    /// Print which files would be linted, and stop
    #[arg(long)]
    pub(crate) show_files: bool,
    /// Fail (exit code 2) when there is nothing to lint
    #[arg(long)]
    pub(crate) error_on_no_files: bool,
}

/// Parses `--jobs`.
pub(crate) fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs) if (1..=1024).contains(&jobs) => Ok(jobs),
        _ => Err("expected a number from 1 to 1024".to_owned()),
    }
}

/// Parses `--rules-as-of`.
fn rules_as_of(text: &str) -> Result<String, String> {
    if text.eq_ignore_ascii_case("latest") {
        return Ok(Release::CURRENT.to_string());
    }
    lint_core::config::release(text).map(|release| release.to_string())
}

fn file_ignore(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once(':') {
        Some((glob, rule)) if !glob.is_empty() && !rule.is_empty() => Ok((glob.to_owned(), rule.to_owned())),
        _ => Err("expected GLOB:RULE".to_owned()),
    }
}

pub(super) fn build_arg(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        // `docker build --build-arg NAME` takes the value from the environment; a verdict must not depend on it.
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

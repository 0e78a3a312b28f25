//! From flags and configuration files to a linter.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lint_core::baseline::{self, Baseline};
use lint_core::config::{
    Options, ScopedRules, SuppressionOptions, Threshold, is_selector, last, unknown_selector,
};
use lint_core::path::{join, relative};
use lint_core::settings::PathPattern;
use lint_core::{Linter, Report, Severity, Source};
use lint_disk::config_files::ConfigFiles;
use lint_disk::configure::{directory_of, read_baseline};
pub(crate) use lint_disk::configure::{here, linter, settings};
use lint_disk::disk::{self, Disk};
use lint_disk::git_state::GitState;
use lint_disk::roots::Roots;

use crate::args::check::{BaselineArgs, FileArgs, FixArgs, SelectionArgs, SuppressionArgs};
use crate::args::values::FailOn;
use crate::messages::Messages;
use crate::{discover, environment, output};

/// What the command line says, and the variables that stand in for it.
///
/// # Errors
/// When a rule does not exist, or a variable holds nonsense.
pub(crate) fn flags(
    args: &SelectionArgs,
    fixes: &FixArgs,
    comments: &SuppressionArgs,
) -> Result<Options, String> {
    let mut options = Options::default();
    options.rules_as_of.clone_from(&args.rules_as_of);
    options.preview = args.preview.then_some(true);
    let profile = args.profile.map_or_else(|| environment::named("PLIMSOLL_PROFILE"), |p| Ok(Some(p)))?;
    options.profile = profile.map(crate::args::values::ProfileName::run_profile);
    let fail_on = args.fail_on.map_or_else(|| environment::named("PLIMSOLL_FAIL_ON"), |f| Ok(Some(f)))?;
    options.fail_on = fail_on.map(FailOn::threshold);
    options.select = selectors("--select", &args.select)?;
    options.extend_select = selectors("--extend-select", &args.extend_select)?;
    options.ignore = selectors("--ignore", &args.ignore)?;
    options.fixable = selectors("--fixable", &fixes.fixable)?;
    options.unfixable = selectors("--unfixable", &fixes.unfixable)?;
    let mut ignores: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (glob, rule) in &args.per_file_ignores {
        PathPattern::new("", glob).map_err(|error| format!("--per-file-ignores '{glob}': {error}"))?;
        let rules = selectors("--per-file-ignores", std::slice::from_ref(rule))?;
        ignores.entry(glob.clone()).or_default().extend(rules.unwrap_or_default());
    }
    if !ignores.is_empty() {
        let rules = ignores.into_iter().map(|(glob, rules)| (glob, ScopedRules::Rules(rules)));
        options.per_file_ignores = Some(rules.collect());
    }
    let mut suppressions = SuppressionOptions::default();
    if comments.ignore_suppressions {
        suppressions.allow_inline = Some(false);
    }
    if comments.warn_unused_suppressions || comments.no_warn_unused_suppressions {
        suppressions.warn_unused = Some(!comments.no_warn_unused_suppressions);
    }
    if suppressions != SuppressionOptions::default() {
        options.suppressions = Some(suppressions);
    }
    if !args.build_arg.is_empty() {
        options.build_args = Some(args.build_arg.iter().cloned().collect());
    }
    Ok(options)
}

/// Everything that is selected by name.
pub(crate) fn selections(options: &Options) -> impl Iterator<Item = &String> {
    options.select.iter().chain(&options.extend_select).flatten()
}

/// The selectors that a flag was given.
///
/// # Errors
/// When a rule does not exist.
pub(crate) fn selectors(flag: &str, names: &[String]) -> Result<Option<Vec<String>>, String> {
    let names: Vec<&str> = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    if let Some(unknown) = names.iter().find(|name| !is_selector(name)) {
        return Err(format!("{flag}: {}", unknown_selector(unknown)));
    }
    Ok((!names.is_empty()).then(|| names.into_iter().map(str::to_owned).collect()))
}

/// The least severity of a finding in a file that fails the run.
pub(crate) fn fail_on(configs: &ConfigFiles, flags: &Options, file: &str) -> Option<Severity> {
    let configured = || {
        let config = configs.of_file(Path::new(file))?;
        last(&config.layers, |options| options.fail_on.as_ref()).map(|(_, threshold)| *threshold)
    };
    let said = flags.fail_on.or_else(configured);
    said.map_or(Some(Severity::Low), Threshold::severity)
}

/// The disk as a run may see it: without following, what was named or found, files of variables among it.
pub(crate) fn disk(
    sources: &[Source],
    linter: &Linter,
    paths: &[PathBuf],
    args: &FileArgs,
    scripts: Vec<String>,
) -> Disk {
    let variables = sources.first().map(|source| linter.settings_of(&source.name).env_files.as_slice());
    let variables = variables.unwrap_or_default();
    let names = sources.iter().map(|source| &source.name).chain(variables);
    let named = paths.iter().chain(&args.stdin_filename).map(PathBuf::as_path);
    let named = named.chain(variables.iter().map(Path::new));
    Disk {
        here: PathBuf::new(),
        only: args.no_follow.then(|| names.cloned().collect()),
        roots: Roots::of(named),
        scripts,
        git: GitState::default(),
    }
}

/// The files of `--env-file`, as the core knows them.
///
/// # Errors
/// When one cannot be read: a run must not pass because of a typing error.
pub(crate) fn env_files(paths: &[PathBuf]) -> Result<Vec<String>, String> {
    let readable = |path: &PathBuf| {
        let name = discover::name(path);
        // Compose is told that way to read none.
        if name != "/dev/null" {
            disk::read(path)
                .map_err(|error| format!("--env-file: {}", discover::unreadable(path, &name, &error)))?;
        }
        Ok(name)
    };
    paths.iter().map(readable).collect()
}

/// The baselines that a run begins with: the one that was asked for, else those that configuration files name.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn baselines<'a>(
    args: &BaselineArgs,
    sources: impl Iterator<Item = &'a Source>,
    configs: &ConfigFiles,
) -> Result<Vec<(PathBuf, Baseline)>, String> {
    let paths: Vec<PathBuf> = match (&args.baseline, &args.write_baseline) {
        (Some(path), _) => vec![path.clone()],
        // What is written anew does not lean on what is there.
        (None, Some(_)) => Vec::new(),
        (None, None) => {
            let named = sources.filter_map(|source| configs.of_file(Path::new(&source.name))?.baseline());
            let mut paths: Vec<PathBuf> = named.collect();
            paths.sort();
            paths.dedup();
            paths
        }
    };
    paths
        .into_iter()
        .map(|path| Ok((path.clone(), read_baseline(Path::new(""), &path, args.write_baseline.is_some())?)))
        .collect()
}

/// Says how many entries of baselines match nothing any more. Those of files that were not linted, but are still
/// there, may well match.
pub(crate) fn tell_stale(messages: Messages, baselines: &[(PathBuf, Baseline)], report: &Report) {
    for (path, baseline) in baselines {
        let stale = stale(baseline, report).len();
        if stale > 0 {
            let (entries, they) = if stale == 1 { ("entry", "matches") } else { ("entries", "match") };
            let path = discover::name(path);
            messages.warning(&format!(
                "{stale} {entries} of {path} {they} nothing any more; --baseline and --write-baseline together remove {them}",
                them = if stale == 1 { "it" } else { "them" },
            ));
        }
    }
}

fn stale<'a>(baseline: &'a Baseline, report: &Report) -> Vec<&'a baseline::Entry> {
    let here = here();
    let linted: std::collections::HashSet<String> =
        report.linted.iter().map(|name| join(&here, name)).collect();
    let is_settled = |entry: &&baseline::Entry| {
        let file = join(&baseline.directory, &entry.file);
        linted.contains(&file) || !Path::new(&file).exists()
    };
    baseline.unmatched(report, &here).into_iter().filter(is_settled).collect()
}

/// Writes what was found, and what given baselines accept elsewhere, to a baseline, and takes it out of the report.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_baseline(
    path: &Path,
    given: &[(PathBuf, Baseline)],
    report: &mut Report,
    messages: Messages,
) -> Result<(), String> {
    let (here, directory) = (here(), directory_of(Path::new(""), path));
    let mut all: Vec<_> = report.findings.iter().chain(&report.baselined).cloned().collect();
    baseline::sort(&mut all);
    let mut written = Baseline::of(&all, &directory, &here);
    for (_, given) in given {
        let stale = stale(given, report);
        let kept = given.entries.iter().filter(|entry| !stale.contains(entry));
        // A fingerprint holds the path from its own baseline; in another directory it would match nothing.
        if given.directory == directory {
            written.entries.extend(kept.cloned());
        } else {
            let elsewhere = kept.filter(|entry| {
                let file = relative(&directory, &join(&given.directory, &entry.file));
                !written.entries.iter().any(|known| known.file == file)
            });
            let lost = elsewhere.count();
            if lost > 0 {
                messages.warning(&format!(
                    "{lost} entries of files that were not linted cannot be taken over from another directory"
                ));
            }
        }
    }
    output::write(path, &written.to_json())?;
    let count = written.entries.len();
    let findings = if count == 1 { "finding" } else { "findings" };
    messages.note(&format!("{} accepts {count} {findings}", discover::name(path)));
    report.findings.retain(|finding| !baseline::is_acceptable(finding));
    report.baselined = all.into_iter().filter(baseline::is_acceptable).collect();
    Ok(())
}

/// Puts the baselined findings back among the others, to be shown.
pub(crate) fn show_baselined(report: &mut Report) {
    for mut finding in std::mem::take(&mut report.baselined) {
        finding.message.push_str(" (accepted by the baseline)");
        report.findings.push(finding);
    }
    baseline::sort(&mut report.findings);
}

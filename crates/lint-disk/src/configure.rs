//! From configuration files to a linter.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use lint_core::baseline::Baseline;
use lint_core::config::{Layer, Options, unknown_policy};
use lint_core::settings::Date;
use lint_core::{FileError, Linter, Settings, Source};

use crate::config_files::{Config, ConfigFiles, absolute, policies, text};
use crate::{discover, disk};

/// The settings of files that a configuration counts for.
///
/// # Errors
/// When a pattern cannot be understood.
pub fn settings(config: Option<&Config>, flags: &Options, here: &str) -> Result<Settings, String> {
    let mut layers = config.map(|config| config.layers.clone()).unwrap_or_default();
    layers.push(Layer::new("", flags.clone()));
    let mut settings = Settings::resolve(&layers, here)?;
    settings.today = today();
    Ok(settings)
}

/// Files that one configuration counts for.
struct Group {
    config: Option<Arc<Config>>,
    files: Vec<String>,
}

/// A linter that judges each source by the configuration that counts for it.
///
/// # Errors
/// As [`settings`].
pub fn linter<'a>(
    sources: impl Iterator<Item = &'a Source>,
    configs: &ConfigFiles,
    flags: &Options,
    change: impl Fn(&mut Settings),
) -> Result<Linter, String> {
    let here = text(configs.here());
    // By the file that counts, so that the order of the groups is that of names.
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for source in sources {
        let config = configs.of_file(Path::new(&source.name));
        let name = config.as_ref().and_then(|config| config.files.last());
        let name = name.map(|file| file.source.name().to_owned()).unwrap_or_default();
        let group = groups.entry(name).or_insert_with(|| Group { config, files: Vec::new() });
        group.files.push(source.name.clone());
    }
    let declared = groups.values().filter_map(|group| group.config.as_ref());
    let declared: Vec<&str> =
        declared.flat_map(|config| &config.layers).flat_map(|layer| policies(&layer.options)).collect();
    flagged(flags, &declared)?;
    let mut linter: Option<Linter> = None;
    let several = groups.len() > 1;
    for Group { config, files } in groups.into_values() {
        let mut settings = settings(config.as_deref(), flags, &here)?;
        change(&mut settings);
        let base = linter.unwrap_or_else(|| Linter::new(settings.clone()));
        linter = Some(if several { base.with_settings(settings, files) } else { base });
    }
    match linter {
        Some(linter) => Ok(linter),
        None => Ok(Linter::new(settings(None, flags, &here)?)),
    }
}

/// Looks at the policies that flags name: some configuration must declare them.
fn flagged(flags: &Options, declared: &[&str]) -> Result<(), String> {
    let lists = [
        ("--select", &flags.select),
        ("--extend-select", &flags.extend_select),
        ("--ignore", &flags.ignore),
        ("--fixable", &flags.fixable),
        ("--unfixable", &flags.unfixable),
    ];
    for (flag, names) in lists {
        let mut names = names.iter().flatten();
        if let Some(error) = names.find_map(|name| unknown_policy(name, declared)) {
            return Err(format!("{flag}: {error}"));
        }
    }
    Ok(())
}

/// The working directory, as the core knows it.
pub fn here() -> String {
    std::env::current_dir().map(|here| text(&here)).unwrap_or_default()
}

/// Today in Coordinated Universal Time: the same day for everybody who runs at the same moment.
fn today() -> Option<Date> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(Date::from_unix_days(u32::try_from(seconds / 86_400).ok()?))
}

/// Reads a baseline. Where there may be none yet, one without entries is what a file that is not there holds.
///
/// # Errors
/// When it cannot be read, in one line.
pub fn read_baseline(here: &Path, path: &Path, may_be_missing: bool) -> Result<Baseline, String> {
    let shown =
        if here.as_os_str().is_empty() { discover::name(path) } else { discover::name_in(here, path) };
    let directory = directory_of(here, path);
    match disk::read(&here.join(path)) {
        Ok(text) => Baseline::parse(&text, &directory).map_err(|error| format!("{shown}: {error}")),
        Err(FileError::NotFound) if may_be_missing => Ok(Baseline::new(directory)),
        Err(FileError::NotFound) => Err(format!("{shown}: no such baseline; --write-baseline writes one")),
        Err(error) => Err(discover::unreadable(path, &shown, &error)),
    }
}

/// Where a file lies, from the root. Relative paths start from `here`, or, where that is empty, from the current directory.
#[must_use]
pub fn directory_of(here: &Path, file: &Path) -> String {
    let current = || std::env::current_dir().unwrap_or_default();
    let here = if here.as_os_str().is_empty() { current() } else { here.to_path_buf() };
    absolute(&here, file).parent().map(text).unwrap_or_default()
}

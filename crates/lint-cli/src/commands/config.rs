//! `plimsoll config`.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lint_core::Release;
use lint_core::config::{KEYS, Key, Options, Shape, merged, schema};
use serde_json::Value;

use crate::args::values::{ColorChoice, FailOn, ProfileName};
use crate::args::{ConfigArgs, ConfigCommand};
use crate::commands::Exit;
use crate::messages::{Messages, Volume};
use crate::{discover, environment, migrate, output, terminal};
use lint_disk::config_files::{Config, ConfigFile, ConfigFiles, NAMES};
use lint_disk::disk;

pub(crate) fn run(args: &ConfigArgs) -> Result<Exit, String> {
    match &args.command {
        ConfigCommand::Show { path, config, isolated } => show(path, config.as_deref(), *isolated),
        ConfigCommand::Path { path } => print_path(path),
        ConfigCommand::Schema => output::print(&schema::json()).map(|()| Exit::Clean),
        ConfigCommand::Init => init(),
        ConfigCommand::Migrate { file } => {
            let name = discover::name(file);
            let text = disk::read(file).map_err(|error| discover::unreadable(file, &name, &error))?;
            let ours = migrate::migrate(lint_core::path::file_name(&name), &text)
                .map_err(|error| format!("{name}: {error}"))?;
            output::print(&ours).map(|()| Exit::Clean)
        }
    }
}

/// The configuration that counts for a path; nothing when one is broken, which is told.
fn found(path: &Path, configs: &ConfigFiles) -> Result<Option<Arc<Config>>, Exit> {
    let config = if path.is_dir() { configs.of_directory(path) } else { configs.of_file(path) };
    let errors = configs.errors();
    if errors.is_empty() { Ok(config) } else { Err(fail(&errors)) }
}

fn fail(errors: &[String]) -> Exit {
    let colour = terminal::stderr_uses_colour(ColorChoice::Auto);
    let messages = Messages { colour, volume: Volume::Errors };
    errors.iter().for_each(|error| messages.error(error));
    Exit::Failed
}

fn print_path(path: &Path) -> Result<Exit, String> {
    let configs = match ConfigFiles::new(None, false) {
        Ok(configs) => configs,
        Err(errors) => return Ok(fail(&errors)),
    };
    let config = match found(path, &configs) {
        Ok(config) => config,
        Err(exit) => return Ok(exit),
    };
    if let Some(file) = config.as_ref().and_then(|config| config.files.last()) {
        output::print(&format!("{}\n", file.source.name()))?;
    }
    Ok(Exit::Clean)
}

/// What counts for a path besides flags.
fn show(path: &Path, chosen: Option<&Path>, isolated: bool) -> Result<Exit, String> {
    let configs = match ConfigFiles::new(chosen, isolated) {
        Ok(configs) => configs,
        Err(errors) => return Ok(fail(&errors)),
    };
    let config = match found(path, &configs) {
        Ok(config) => config,
        Err(exit) => return Ok(exit),
    };
    let mut said = Options::default();
    said.profile = environment::named::<ProfileName>("PLIMSOLL_PROFILE")?.map(ProfileName::run_profile);
    said.fail_on = environment::named::<FailOn>("PLIMSOLL_FAIL_ON")?.map(FailOn::threshold);
    output::print(&settings(config.as_deref(), &said, &|_| false)).map(|()| Exit::Clean)
}

/// `--show-settings`: what counts for each path, flags included. `said` is what flags and the environment say, and
/// `is_flag` tells of a key whether a flag says it.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn show_all(
    paths: &[PathBuf],
    configs: &ConfigFiles,
    said: &Options,
    is_flag: &dyn Fn(&str) -> bool,
) -> Result<Exit, String> {
    let mut texts = Vec::new();
    for path in paths {
        let config = match found(path, configs) {
            Ok(config) => config,
            Err(exit) => return Ok(exit),
        };
        let title = if paths.len() > 1 { format!("# {}\n", discover::name(path)) } else { String::new() };
        texts.push(title + &settings(config.as_deref(), said, is_flag));
    }
    output::print(&texts.join("\n")).map(|()| Exit::Clean)
}

/// Every key with its value, as a configuration file has it, and where it comes from.
fn settings(config: Option<&Config>, said: &Options, is_flag: &dyn Fn(&str) -> bool) -> String {
    let layers = config.map(|config| config.layers.as_slice()).unwrap_or_default();
    let options = Options::defaults().merged(merged(layers)).merged(said.clone());
    let (values, said) = (object(&options), object(said));
    let mut rows = Vec::new();
    for key in KEYS.iter().filter(|key| key.name != "extends") {
        let value = values.get(key.name).map(Value::to_string).unwrap_or_default();
        let mut places = config.map(|config| places(config, key.name)).unwrap_or_default();
        if said.get(key.name).is_some_and(|value| !value.is_null()) {
            places.push(match (key.name, is_flag(key.name)) {
                ("suppressions", _) => "command line".to_owned(),
                (name, true) => format!("--{name}"),
                ("profile", false) => "PLIMSOLL_PROFILE".to_owned(),
                (_, false) => "PLIMSOLL_FAIL_ON".to_owned(),
            });
        }
        let origin = match (adds_up(key), places.pop()) {
            (_, None) => "default".to_owned(),
            (false, Some(last)) => last,
            (true, Some(last)) => places.into_iter().chain([last]).collect::<Vec<_>>().join(", "),
        };
        rows.push((format!("{}: {value}", key.name), origin));
    }
    // A comment after very long values would be out of sight.
    let width = rows.iter().map(|(row, _)| row.chars().count()).filter(|&n| n <= 60).max().unwrap_or(0);
    let mut text = String::new();
    for (row, origin) in rows {
        let _ = writeln!(text, "{row:width$}  # {origin}");
    }
    text
}

fn object(options: &Options) -> serde_json::Map<String, Value> {
    match serde_json::to_value(options) {
        Ok(Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    }
}

/// Whether what several places say of a key adds up.
fn adds_up(key: &Key) -> bool {
    matches!(key.name, "ignore" | "extend-select" | "unfixable")
        || matches!(
            key.shape,
            Shape::RuleWords(_) | Shape::PathRules | Shape::NameRules | Shape::TextMap | Shape::Section(_)
        )
}

/// The places in files that set a key.
fn places(config: &Config, key: &str) -> Vec<String> {
    let place = |file: &ConfigFile| {
        let span = file.content.places.get(key)?;
        Some(format!("{}:{}", file.source.name(), file.source.line(span.start())))
    };
    config.files.iter().filter_map(place).collect()
}

/// A file to begin with: everything is explained, and nothing said yet.
fn init() -> Result<Exit, String> {
    let there = NAMES.into_iter().find(|name| PathBuf::from(name).exists());
    if let Some(name) = there {
        return Err(format!("{name} is there already"));
    }
    let name = NAMES[0];
    let mut text = format!(
        "# yaml-language-server: $schema={}/raw/main/docs/schema/config-v1.json\n#\n# Every key may be left out. `plimsoll config show` prints what counts.\n",
        env!("CARGO_PKG_REPOSITORY")
    );
    let defaults = object(&Options::defaults());
    for key in KEYS {
        let value = match key.name {
            "extends" => "../.plimsoll.yaml".to_owned(),
            "rules-as-of" => Release::CURRENT.to_string(),
            "baseline" => ".plimsoll-baseline.json".to_owned(),
            name => defaults.get(name).map(Value::to_string).unwrap_or_default(),
        };
        let _ = write!(text, "\n# {}\n# {}: {value}\n", key.docs, key.name);
    }
    // `create_new`: what has come in the meantime is not written over.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(name)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| format!("cannot write {name}: {error}"))?;
    output::print(&format!("Wrote {name}\n")).map(|()| Exit::Clean)
}

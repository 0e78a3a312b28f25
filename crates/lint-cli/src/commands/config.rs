//! `plimsoll config`.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lint_core::config::{KEYS, Options, Shape, merged, schema};
use serde_json::Value;

use crate::args::values::{ColorChoice, FailOn, ProfileName};
use crate::args::{ConfigArgs, ConfigCommand};
use crate::commands::Exit;
use crate::config_files::{Config, ConfigFiles, NAMES};
use crate::messages::{Messages, Volume};
use crate::{discover, disk, environment, migrate, output, terminal};

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

/// Every key with its value, as a configuration file has it, and where it comes from.
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
    let layers = config.as_ref().map(|config| config.layers.as_slice()).unwrap_or_default();
    let options = Options::defaults().merged(merged(layers)).merged(said.clone());
    let (values, said) = (object(&options), object(&said));

    let mut rows = Vec::new();
    for key in KEYS.iter().filter(|key| key.name != "extends") {
        let value = values.get(key.name).map(Value::to_string).unwrap_or_default();
        let variable = match key.name {
            _ if said.get(key.name).is_none_or(Value::is_null) => None,
            "profile" => Some("PLIMSOLL_PROFILE".to_owned()),
            _ => Some("PLIMSOLL_FAIL_ON".to_owned()),
        };
        let origin = variable.or_else(|| Some(origin(config.as_deref()?, key.name, key.shape)));
        let origin = origin.filter(|origin| !origin.is_empty()).unwrap_or_else(|| "default".to_owned());
        rows.push((format!("{}: {value}", key.name), origin));
    }
    // A comment after very long values would be out of sight.
    let width = rows.iter().map(|(row, _)| row.chars().count()).filter(|&n| n <= 60).max().unwrap_or(0);
    let mut text = String::new();
    for (row, origin) in rows {
        let _ = writeln!(text, "{row:width$}  # {origin}");
    }
    output::print(&text).map(|()| Exit::Clean)
}

fn object(options: &Options) -> serde_json::Map<String, Value> {
    match serde_json::to_value(options) {
        Ok(Value::Object(object)) => object,
        _ => serde_json::Map::new(),
    }
}

/// The places that set a key: of what is replaced as a whole the last one, of what adds up all.
fn origin(config: &Config, key: &str, shape: Shape) -> String {
    let adds_up = matches!(key, "ignore" | "extend-select")
        || matches!(
            shape,
            Shape::RuleWords(_) | Shape::PathRules | Shape::NameRules | Shape::TextMap | Shape::Section(_)
        );
    let places: Vec<String> = config
        .files
        .iter()
        .filter_map(|file| {
            let span = file.content.places.get(key)?;
            Some(format!("{}:{}", file.source.name(), file.source.line(span.start())))
        })
        .collect();
    match (adds_up, places.last()) {
        (true, _) => places.join(", "),
        (false, Some(last)) => last.clone(),
        (false, None) => String::new(),
    }
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

//! `plimsoll policy`.

use std::fmt::Write as _;

use lint_core::config::{Options, WrittenPolicy, policy_library};
use lint_core::policy::{Explained, FieldState, reference, run_example};
use lint_core::report::concise::printable;
use lint_disk::config_files::{Config, ConfigFiles};
use serde_json::json;

use crate::args::check::FileArgs;
use crate::args::values::ExplainFormat;
use crate::args::{PolicyArgs, PolicyCommand, PolicyExplainArgs, PolicyTestArgs};
use crate::commands::Exit;
use crate::commands::told::{misconfigured, tell_inputs};
use crate::messages::{Messages, Volume};
use crate::{configure, discover, output, terminal};

pub(crate) fn run(args: &PolicyArgs) -> Result<Exit, String> {
    match &args.command {
        PolicyCommand::Test(args) => test(args),
        PolicyCommand::Explain(args) => explain(args),
        PolicyCommand::Library => output::print(&library()).map(|()| Exit::Clean),
        PolicyCommand::Reference => output::print(&reference()).map(|()| Exit::Clean),
    }
}

fn messages() -> Messages {
    let colour = terminal::stderr_uses_colour(crate::args::values::ColorChoice::Auto);
    Messages { colour, volume: Volume::Normal }
}

/// Runs the examples beside the policies that count for a path.
fn test(args: &PolicyTestArgs) -> Result<Exit, String> {
    let configs = match ConfigFiles::new(args.config.as_deref(), false) {
        Ok(configs) => configs,
        Err(errors) => return Ok(misconfigured(messages(), &errors)),
    };
    let config =
        if args.path.is_dir() { configs.of_directory(&args.path) } else { configs.of_file(&args.path) };
    if !configs.errors().is_empty() {
        return Ok(misconfigured(messages(), &configs.errors()));
    }
    let policies = match (args.library, &config) {
        (true, _) => policy_library().to_vec(),
        (false, Some(config)) => written(config),
        (false, None) => return Err(format!("no configuration counts for {}", discover::name(&args.path))),
    };
    if policies.is_empty() {
        return Err("the configuration has no policies".to_owned());
    }
    let (mut text, mut ran, mut failed) = (String::new(), 0, 0);
    for policy in &policies {
        let name = policy.name.as_deref().unwrap_or_default();
        let Some(declared) = policy.declared("") else { continue };
        let tests = policy.tests.as_deref().unwrap_or_default();
        for (at, example) in tests.iter().enumerate() {
            let title = example.name.clone().unwrap_or_else(|| format!("example {}", at + 1));
            ran += 1;
            match run_example(&declared, example) {
                Ok(()) => drop(writeln!(text, "ok      {name}: {}", printable(&title))),
                Err(why) => {
                    failed += 1;
                    let _ = writeln!(text, "FAILED  {name}: {}: {}", printable(&title), printable(&why));
                }
            }
        }
        let shows = |expect: &str| tests.iter().any(|test| test.expect == expect);
        let missing = match (tests.is_empty(), shows("fail"), shows("pass")) {
            (true, ..) => "has no examples",
            (_, false, _) => "is met in every example",
            (_, _, false) => "is met in no example",
            _ => continue,
        };
        let _ = writeln!(text, "note    {name}: {missing}");
    }
    let _ = writeln!(text, "\n{ran} examples, {failed} failed");
    output::print(&text)?;
    Ok(if failed > 0 { Exit::Findings } else { Exit::Clean })
}

/// The policies of a configuration, each as the last file that has it says it.
fn written(config: &Config) -> Vec<WrittenPolicy> {
    let options =
        config.layers.iter().fold(Options::default(), |base, layer| base.merged(layer.options.clone()));
    options.policies.unwrap_or_default().iter().map(lint_core::config::PolicyOptions::written).collect()
}

/// Prints what policies can ask of files, and what they would be told.
fn explain(args: &PolicyExplainArgs) -> Result<Exit, String> {
    let configs = match ConfigFiles::new(args.config.as_deref(), args.isolated) {
        Ok(configs) => configs,
        Err(errors) => return Ok(misconfigured(messages(), &errors)),
    };
    let files = FileArgs::default();
    let inputs = discover::discover(&args.paths, &files, 1, &configs)?;
    let linter = configure::linter(inputs.found.sources.values(), &configs, &Options::default(), |_| {})?;
    if !configs.errors().is_empty() {
        return Ok(misconfigured(messages(), &configs.errors()));
    }
    if tell_inputs(messages(), &inputs.found, true) {
        return Ok(Exit::Failed);
    }
    let sources: Vec<_> = inputs.found.sources.into_values().collect();
    let disk = configure::disk(&sources, &linter, &args.paths, &files, inputs.found.scripts);
    let explained = linter.explain(&sources, &disk);
    output::print(&match args.output_format {
        ExplainFormat::Text => as_text(&explained),
        ExplainFormat::Json => as_json(&explained),
    })?;
    Ok(Exit::Clean)
}

fn as_text(explained: &[Explained]) -> String {
    let mut text = String::new();
    for one in explained {
        let _ = writeln!(text, "# {} in {}", one.kind, printable(&one.file));
        for field in &one.fields {
            let value = match field.state {
                FieldState::Unknown => "?".to_owned(),
                FieldState::Withheld => "(withheld)".to_owned(),
                _ => field.value.to_string(),
            };
            let mut remarks: Vec<&str> = Vec::new();
            if field.state != FieldState::Known {
                remarks.push(field.state.name());
            }
            remarks.extend(field.at.as_deref());
            let line = printable(&format!("{}: {value}", field.path));
            match remarks.is_empty() {
                true => drop(writeln!(text, "{line}")),
                false => drop(writeln!(text, "{line}  # {}", printable(&remarks.join(", ")))),
            }
        }
        text.push('\n');
    }
    text
}

fn as_json(explained: &[Explained]) -> String {
    let one = |one: &Explained| {
        let fields: Vec<_> = one
            .fields
            .iter()
            .map(|field| {
                json!({ "path": field.path, "value": field.value, "state": field.state.name(), "at": field.at })
            })
            .collect();
        json!({ "kind": one.kind, "file": one.file, "fields": fields })
    };
    let all = json!({ "version": 1, "explained": explained.iter().map(one).collect::<Vec<_>>() });
    let mut text = serde_json::to_string_pretty(&all).unwrap_or_default();
    text.push('\n');
    text
}

/// The policies that can be named.
fn library() -> String {
    let mut text = String::new();
    for policy in policy_library() {
        let name = policy.name.as_deref().unwrap_or_default();
        let subject = policy.subject.as_deref().unwrap_or_default();
        let _ = writeln!(text, "{name} (for each {subject})");
        let _ = writeln!(text, "    {}", policy.docs.as_deref().unwrap_or_default().trim());
        for (param, value) in policy.params.iter().flatten() {
            let _ = writeln!(text, "    with {param}: {value}");
        }
    }
    text
}

//! Every folder of `fixtures/stages-model` is a build: a `Dockerfile`, the files of its context, and where it
//! matters a `request` with lines `arg NAME=VALUE`, `arg NAME` (unknown), `target NAME`,
//! `context NAME=docker-image://REF`, `user TEXT`, `entrypoint WORD WORD`, `command WORD WORD`.
//! `model.snap` beside them is what the model makes of it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::build::stage::{Base, ImageCommand, ImageHealthcheck, Stage};
use crate::model::build::{BuildArg, BuildPlan, BuildRequest, NamedContext, ParsedDockerfile, plan};
use crate::model::container::runtime_user::runtime_user;
use crate::model::container::runtime_user::{RuntimeUser, SetBy};
use crate::model::container::step_down::Overrides;
use crate::model::values::origin::SetAt;
use crate::model::values::variables::Expanded;
use lint_parser::dockerfile::ast::CommandLine;
use lint_parser::text::source::SourceFile;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/stages-model")
}

#[derive(Default)]
struct Request {
    build: BuildRequest,
    user: Option<Expanded>,
    entrypoint: Option<Vec<String>>,
    command: Option<Vec<String>>,
}

fn request(text: &str) -> Request {
    let mut request = Request::default();
    let mut args = Vec::new();
    for line in text.lines() {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        let words = || value.split_whitespace().map(str::to_owned).collect();
        match key {
            "arg" => match value.split_once('=') {
                Some((name, value)) => args.push((name, BuildArg::Known(value.to_owned()))),
                None => args.push((value, BuildArg::Unknown)),
            },
            "target" => request.build.target = Some(value.to_owned()),
            "context" => {
                let (name, value) = value.split_once('=').expect("context NAME=VALUE");
                let context = match value.strip_prefix("docker-image://") {
                    Some(image) => NamedContext::Image(image.to_owned()),
                    None => NamedContext::Other,
                };
                request.build.contexts.insert(name.to_owned(), context);
            }
            "user" => request.user = Some(Expanded::literal(value)),
            "entrypoint" => request.entrypoint = Some(words()),
            "command" => request.command = Some(words()),
            other => panic!("unknown line {other:?}"),
        }
    }
    request.build.args = args.into_iter().collect();
    request
}

#[test]
fn builds_are_what_the_snapshots_say() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(fixtures())
        .expect("fixtures/stages-model")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    for case in cases {
        let read = |name: &str| std::fs::read_to_string(case.join(name)).ok();
        let text = read("Dockerfile").expect("a Dockerfile");
        let request = request(&read("request").unwrap_or_default());
        let file = SourceFile::new("Dockerfile", text.as_str());
        let plan = plan(Arc::new(ParsedDockerfile::parse(file)), &request.build);
        let overrides = Overrides {
            user: request.user.as_ref(),
            entrypoint: request.entrypoint.as_deref(),
            command: request.command.as_deref(),
        };
        let verdict = plan.target.map(|target| runtime_user(&plan, target, &overrides, &read));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(text);
        settings.bind(|| insta::assert_snapshot!("model", dump(&plan, verdict.as_ref())));
    }
}

fn dump(plan: &BuildPlan, verdict: Option<&RuntimeUser>) -> String {
    let mut out = String::new();
    for stage in &plan.stages {
        dump_stage(&mut out, plan, stage).expect("writing to a string");
    }
    match verdict {
        None => out.push_str("no such target\n"),
        Some(user) => {
            let set_by = match user.set_by {
                SetBy::Service => "service".to_owned(),
                SetBy::Base => "base".to_owned(),
                SetBy::Instruction(origin) => place(plan, origin),
            };
            writeln!(out, "runs as {:?} {:?} by {set_by}, {:?}", user.kind, user.text, user.certainty)
                .expect("writing to a string");
            if !user.unset.is_empty() {
                writeln!(out, "  unset {:?}", user.unset).expect("writing to a string");
            }
            let step_down = format!("{:?}", user.step_down);
            let step_down = step_down.split("SetAt").next().unwrap_or_default();
            writeln!(out, "  steps down: {step_down}").expect("writing to a string");
        }
    }
    out
}

fn place(plan: &BuildPlan, origin: SetAt) -> String {
    let line = plan.dockerfile.file.line(origin.span.start());
    let trigger = if origin.trigger { " (trigger)" } else { "" };
    format!("line {line}{trigger}")
}

fn word(word: &Expanded) -> String {
    let known = if word.known { "" } else { " (unknown)" };
    let unset: Vec<&str> = word.unset.iter().map(|variable| variable.name.as_str()).collect();
    let unset = if unset.is_empty() { String::new() } else { format!(" (unset {})", unset.join(", ")) };
    format!("{:?}{known}{unset}", &*word.shown)
}

fn command(value: &ImageCommand) -> String {
    match value {
        ImageCommand::Empty => "none".to_owned(),
        ImageCommand::Line { line, shell } => match shell {
            Some(shell) if matches!(**line, CommandLine::Shell(_)) => format!("{} {shell:?}", of_line(line)),
            _ => of_line(line),
        },
    }
}

fn of_line(line: &CommandLine) -> String {
    match line {
        CommandLine::Exec { words, .. } => {
            format!("{:?}", words.iter().map(|word| word.text()).collect::<Vec<_>>())
        }
        CommandLine::Shell(text) => format!("{:?}", text.text()),
    }
}

fn dump_stage(out: &mut String, plan: &BuildPlan, stage: &Stage) -> std::fmt::Result {
    let name = stage.name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    let reached = if plan.is_reachable(stage.index) { "" } else { " (not built)" };
    let target = if plan.target == Some(stage.index) { " (target)" } else { "" };
    writeln!(out, "stage {}{name}{target}{reached}", stage.index)?;
    match &stage.base {
        Base::Stage(parent) => writeln!(out, "  base: stage {parent}")?,
        Base::Scratch => writeln!(out, "  base: scratch")?,
        Base::Unknown => writeln!(out, "  base: unknown")?,
        Base::Image(image) => {
            let known = image.facts.map(|facts| format!("{:?}", facts.user));
            writeln!(out, "  base: image {} ({})", image.reference, known.as_deref().unwrap_or("unknown"))?;
        }
    }
    for (label, list) in
        [("alternatives", &stage.alternatives), ("reads", &stage.reads), ("triggers", &stage.triggers)]
    {
        if !list.is_empty() {
            writeln!(out, "  {label}: {list:?}")?;
        }
    }
    let config = &stage.config;
    if let Some(set) = &config.user {
        writeln!(out, "  user: {} at {}", word(&set.value), place(plan, set.origin))?;
    }
    for (label, set) in [("entrypoint", &config.entrypoint), ("cmd", &config.cmd)] {
        if let Some(set) = set {
            writeln!(out, "  {label}: {} at {}", command(&set.value), place(plan, set.origin))?;
        }
    }
    if let Some(set) = &config.healthcheck {
        let check = match &set.value {
            ImageHealthcheck::Disabled => "none".to_owned(),
            ImageHealthcheck::Check(line) => of_line(line),
        };
        writeln!(out, "  healthcheck: {check} at {}", place(plan, set.origin))?;
    }
    if let Some(set) = &config.workdir {
        writeln!(out, "  workdir: {:?} at {}", set.value, place(plan, set.origin))?;
    }
    for (label, map) in [("env", &config.env), ("label", &config.labels)] {
        for (key, set) in map {
            writeln!(out, "  {label}: {key}={} at {}", word(&set.value), place(plan, set.origin))?;
        }
    }
    for (label, map) in [("expose", &config.exposed), ("volume", &config.volumes)] {
        for (key, origin) in map {
            writeln!(out, "  {label}: {key} at {}", place(plan, *origin))?;
        }
    }
    for (name, account) in &stage.accounts.known {
        if let Some(origin) = account.origin {
            writeln!(out, "  creates: {name} {:?} at {}", account.uid, place(plan, origin))?;
        }
    }
    if !stage.accounts.others {
        writeln!(out, "  users: all known")?;
    }
    Ok(())
}

fn planned(text: &str) -> BuildPlan {
    let file = SourceFile::new("Dockerfile", text);
    plan(Arc::new(ParsedDockerfile::parse(file)), &BuildRequest::default())
}

/// Long files: in quadratic time each of these would take minutes, and a recursion over the stages would
/// overflow the stack.
#[test]
fn long_chains_and_long_stages_take_linear_time() {
    const MANY: usize = 20_000;
    let mut chain = "FROM alpine AS s0\nENV A=1\nUSER 1000\n".to_owned();
    for i in 1..MANY {
        let _ = writeln!(
            chain,
            "FROM s{} AS s{i}\nENV V{i}=$A LAST=$V1\nLABEL l{i}=x\nARG UNSET\nUSER $UNSET$A",
            i - 1
        );
    }
    let mut instructions = "FROM scratch\n".to_owned();
    for i in 0..MANY {
        let _ = writeln!(instructions, "ENV V{i}=$V0$MISSING\nCOPY a{i} /b/\nRUN useradd u{i}");
    }
    let mut triggers = "FROM alpine AS a\n".to_owned() + &"ONBUILD USER 7\n".repeat(MANY);
    triggers.push_str(&"FROM a\n".repeat(MANY));
    let mut copies = "FROM alpine AS a\n".to_owned() + &"COPY . /x\n".repeat(MANY);
    copies.push_str("ENTRYPOINT [\"/x/run\"]\n");
    let script = "/x/other one\nexec /x/other \"$@\"\n".repeat(2_000);
    let started = std::time::Instant::now();
    for (text, user) in [(chain, "1"), (instructions, ""), (triggers, "${ONBUILD}"), (copies, "")] {
        let plan = planned(&text);
        let read = |path: &str| (path == "run").then(|| script.clone());
        let verdict = runtime_user(&plan, plan.target.unwrap_or(0), &Overrides::default(), &read);
        assert_eq!(verdict.text.as_deref().unwrap_or_default(), user);
        assert!(plan.reachable().count() >= 1);
    }
    let taken = started.elapsed();
    assert!(taken.as_secs() < 60, "{taken:?}");
}

/// Files that are cut off anywhere, as an editor sends them while they are typed.
#[test]
fn unfinished_files_have_a_model_too() {
    for entry in std::fs::read_dir(fixtures()).expect("fixtures/stages-model") {
        let text =
            std::fs::read_to_string(entry.expect("an entry").path().join("Dockerfile")).expect("a file");
        for (end, _) in text.char_indices() {
            let plan = planned(&text[..end]);
            for stage in &plan.stages {
                assert!(plan.chain(stage.index).count() <= plan.stages.len());
                assert!(stage.instructions.end <= plan.dockerfile.tree.instructions.len());
                let verdict =
                    runtime_user(&plan, stage.index, &Overrides::default(), &|_| Some("exec $0".to_owned()));
                if let SetBy::Instruction(origin) = verdict.set_by {
                    assert!(origin.span.end() <= end && origin.stage <= stage.index);
                }
            }
        }
    }
}

//! What a Dockerfile comes to, in a form that can be compared: two texts of one digest build the same images.
//!
//! It holds each stage's base, each step that writes files with what is in force there (user, directory, shell, variables),
//! and the configuration that the stage ends with. What a later instruction replaces before anything saw it is not in it,
//! nor is what leaves no trace (`script`).

mod script;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lint_parser::dockerfile::ast::{
    CommandLine, Copy, Flag, From, Healthcheck, Instruction, InstructionKind,
};
use lint_parser::text::mapped::Mapped;

use crate::files::{is_absolute, join};
use crate::model::build::archives::is_copied_as_it_is;
use crate::model::build::plan::BuildPlan;
use crate::model::build::stage::{Base, ImageCommand, Stage};

/// The label that `MAINTAINER` is an old way to write.
const AUTHORS: &str = "org.opencontainers.image.authors";

/// What a Dockerfile comes to, line by line.
#[must_use]
pub fn digest(plan: &BuildPlan) -> Vec<String> {
    let mut lines = Vec::new();
    for stage in &plan.stages {
        let mut walk = Walk { plan, stage, lines: Vec::new(), state: State::of(plan, stage) };
        walk.base();
        for index in stage.instructions.clone() {
            if let Some(instruction) = plan.instruction(index) {
                walk.instruction(index, instruction);
            }
        }
        walk.end();
        lines.append(&mut walk.lines);
    }
    lines
}

/// What is in force between two instructions.
#[derive(Default)]
struct State {
    user: Option<String>,
    workdir: Option<String>,
    shell: Vec<String>,
    /// Variables that have been set since the last step saw them.
    variables: BTreeMap<String, String>,
    /// What only the image's configuration holds, by its kind and name.
    config: BTreeMap<(&'static str, String), String>,
}

impl State {
    fn of(plan: &BuildPlan, stage: &Stage) -> Self {
        let parent = stage.parent().and_then(|parent| plan.stages.get(parent)).map(|parent| &parent.config);
        let workdir = parent.and_then(|config| config.workdir.as_ref());
        let workdir = workdir.map(|set| set.value.clone().unwrap_or_else(|| "?".to_owned()));
        let shell = parent.and_then(|config| config.shell.as_ref());
        Self {
            user: parent.and_then(|config| config.user.as_ref()).map(|set| set.value.shown.to_string()),
            workdir: workdir.or_else(|| stage.config.base_workdir.map(str::to_owned)),
            shell: shell.map(|set| set.value.to_vec()).unwrap_or_default(),
            ..Self::default()
        }
    }
}

struct Walk<'a> {
    plan: &'a BuildPlan,
    stage: &'a Stage,
    lines: Vec<String>,
    state: State,
}

impl Walk<'_> {
    fn base(&mut self) {
        let stage = self.stage;
        let from = self.plan.instruction(stage.from);
        let base = match &stage.base {
            Base::Stage(index) => format!("stage {index}"),
            Base::Scratch => "scratch".to_owned(),
            Base::Image(image) => image.reference.clone(),
            Base::Unknown => match from.map(|from| &from.kind) {
                Some(InstructionKind::From(From { image, .. })) => self.shown(stage.from, image),
                _ => String::new(),
            },
        };
        // The platform that is built for is the one that is taken when none is named.
        let platform = from.and_then(|from| from.flag("platform")).and_then(|flag| flag.value.as_ref());
        let platform = platform
            .map(Mapped::text)
            .filter(|text| !matches!(text.trim_matches(['{', '}', '$', '"']), "TARGETPLATFORM"));
        self.lines.push(format!("from {base} {} {:?}", platform.unwrap_or_default(), stage.name));
    }

    fn instruction(&mut self, index: usize, instruction: &Instruction) {
        match &instruction.kind {
            InstructionKind::Run(_) => self.run(index, instruction),
            InstructionKind::Copy(copy) | InstructionKind::Add(copy) => self.copy(index, instruction, copy),
            InstructionKind::Env(pairs) => {
                for pair in pairs {
                    let value = pair.value.as_ref().map(|value| self.shown(index, value));
                    let name = format!("env {}", self.shown(index, &pair.key));
                    self.state.variables.insert(name, value.unwrap_or_default());
                }
            }
            InstructionKind::Arg(pairs) => {
                for pair in pairs {
                    let value = pair.value.as_ref().map(|value| self.shown(index, value));
                    let name = format!("arg {}", pair.key.text());
                    self.state.variables.insert(name, format!("{value:?}"));
                }
            }
            InstructionKind::Label(pairs) => {
                for pair in pairs {
                    let value = pair.value.as_ref().map(|value| self.shown(index, value));
                    let key = self.shown(index, &pair.key);
                    self.set("label", key, value.unwrap_or_default());
                }
            }
            InstructionKind::Maintainer(text) => {
                let value = self.shown(index, text);
                self.set("label", AUTHORS.to_owned(), value);
            }
            InstructionKind::User(word) => self.state.user = Some(self.shown(index, word)),
            InstructionKind::Workdir(word) => self.state.workdir = Some(self.path(index, word)),
            InstructionKind::Shell(CommandLine::Exec { words, .. }) => {
                self.state.shell = words.iter().map(|word| word.text().to_owned()).collect();
            }
            InstructionKind::Expose(words) => {
                for word in words {
                    let port = self.shown(index, word).to_lowercase();
                    // The host's part says nothing to an image.
                    let port = port.rsplit_once(':').map_or(port.as_str(), |(_, port)| port);
                    let port = port.strip_suffix("/tcp").unwrap_or(port).to_owned();
                    self.set("expose", port, String::new());
                }
            }
            InstructionKind::Volume(words) => {
                let paths: Vec<String> = words.iter().map(|word| self.shown(index, word)).collect();
                self.step(&format!("volume {paths:?}"));
            }
            InstructionKind::Stopsignal(word) => {
                let signal = self.shown(index, word);
                self.set("stopsignal", String::new(), signal);
            }
            InstructionKind::Onbuild(Some(trigger)) => {
                self.lines.push("onbuild".to_owned());
                let state = std::mem::take(&mut self.state);
                self.instruction(index, trigger);
                let unseen = std::mem::replace(&mut self.state, state);
                self.lines.push(format!(
                    "{:?} {:?} {:?}",
                    unseen.variables,
                    unseen.config,
                    (unseen.user, unseen.workdir)
                ));
            }
            // These count as they are at the end.
            InstructionKind::Cmd(_)
            | InstructionKind::Entrypoint(_)
            | InstructionKind::Healthcheck(_)
            | InstructionKind::Shell(_)
            | InstructionKind::From(_) => {}
            _ => self.lines.push(self.plan.dockerfile.file.slice(instruction.span).to_owned()),
        }
        // A trigger has no end of its own.
        if let InstructionKind::Cmd(_) | InstructionKind::Entrypoint(_) | InstructionKind::Healthcheck(_) =
            instruction.kind
            && self.plan.instruction(index).is_some_and(|outer| outer.span != instruction.span)
        {
            self.lines.push(self.command_of(index, None));
        }
    }

    fn set(&mut self, kind: &'static str, name: String, value: String) {
        self.state.config.insert((kind, name), value);
    }

    fn shown(&self, index: usize, word: &Mapped) -> String {
        self.plan.expand(index, word).shown.to_string()
    }

    /// A path from the working directory.
    fn path(&self, index: usize, word: &Mapped) -> String {
        let path = self.shown(index, word);
        match &self.state.workdir {
            Some(directory) if !is_absolute(&path) => join(directory, &path),
            _ if is_absolute(&path) => join("/", &path),
            _ => path,
        }
    }

    fn step(&mut self, what: &str) {
        let State { user, workdir, shell, .. } = &self.state;
        let shell: Vec<&String> =
            shell.iter().filter(|word| !["-e", "-o", "pipefail", "-eo"].contains(&word.as_str())).collect();
        let mut line = format!("{what}\n  user {user:?} in {workdir:?} shell {shell:?}");
        for (name, value) in std::mem::take(&mut self.state.variables) {
            let _ = write!(line, "\n  {name}={value}");
        }
        self.lines.push(line);
    }

    fn run(&mut self, index: usize, instruction: &Instruction) {
        let mut line = "run".to_owned();
        let is_cache = |flag: &&Flag| {
            let value = flag.value.as_ref().map_or("", Mapped::text);
            flag.name.text() == "mount" && value.split(',').any(|option| option == "type=cache")
        };
        for flag in instruction.flags.iter().filter(|flag| !is_cache(flag)) {
            self.flag(&mut line, index, flag);
        }
        // The heredocs of a script that is not one of a shell, and of shells we do not read.
        let commands = match self.plan.commands(index) {
            Some(commands) => {
                let may_matter =
                    instruction.arguments.text().contains("sudo") || !instruction.heredocs.is_empty();
                script::commands(commands, may_matter && self.plan.runs_as_root(index))
            }
            None => heredocs(instruction, instruction.arguments.text()),
        };
        let _ = write!(line, "\n{commands}");
        self.step(&line);
    }

    fn flag(&self, line: &mut String, index: usize, flag: &Flag) {
        let value = flag.value.as_ref().map(|value| self.shown(index, value));
        let value = value.as_deref().unwrap_or_default();
        // `0755` is `755`.
        let value = if flag.name.text() == "chmod" { value.trim_start_matches('0') } else { value };
        let _ = write!(line, " --{}={value}", flag.name.text());
    }

    fn copy(&mut self, index: usize, instruction: &Instruction, copy: &Copy) {
        let sources: Vec<String> = copy.sources.iter().map(|word| self.shown(index, word)).collect();
        let is_add = matches!(instruction.kind, InstructionKind::Add(_))
            && !(instruction.flags.is_empty() && sources.iter().all(|source| is_copied_as_it_is(source)));
        let mut line = if is_add { "add" } else { "copy" }.to_owned();
        let mut flags: Vec<&Flag> = instruction.flags.iter().collect();
        flags.sort_by(|a, b| a.name.text().cmp(b.name.text()));
        flags.iter().for_each(|flag| self.flag(&mut line, index, flag));
        let destination = copy.destination.as_ref();
        let is_directory =
            sources.len() > 1 || destination.is_some_and(|word| word.text().ends_with(['/', '.', '"', ']']));
        let path = destination.map(|word| self.path(index, word)).unwrap_or_default();
        let _ = write!(line, " {sources:?} {path} {is_directory} {}", heredocs(instruction, ""));
        self.step(&line);
    }

    /// The command an instruction holds, or what is set by it.
    fn command_of(&self, index: usize, line: Option<&CommandLine>) -> String {
        let commands = self.plan.commands(index).map(|commands| script::commands(commands, false));
        commands.unwrap_or_else(|| match line {
            Some(CommandLine::Shell(text)) => text.text().to_owned(),
            Some(CommandLine::Exec { words, .. }) => {
                format!("{:?}", words.iter().map(Mapped::text).collect::<Vec<_>>())
            }
            None => String::new(),
        })
    }

    /// The configuration that the stage ends with.
    fn end(&mut self) {
        let config = &self.stage.config;
        let mut is_shell_entrypoint = false;
        let mut line = "config".to_owned();
        for (what, setting) in [("entrypoint", &config.entrypoint), ("cmd", &config.cmd)] {
            let Some(setting) = setting else { continue };
            let origin = setting.origin;
            let instruction = self.plan.instruction(origin.instruction);
            let kind = instruction.map(|instruction| &instruction.kind);
            let own = match kind {
                Some(InstructionKind::Onbuild(Some(trigger))) => Some(&trigger.kind),
                kind => kind,
            };
            let (Some(InstructionKind::Entrypoint(command) | InstructionKind::Cmd(command)), true) =
                (own, setting.value != ImageCommand::Empty)
            else {
                continue;
            };
            // `CMD` is no part of a command that a shell reads.
            if what == "cmd" && is_shell_entrypoint {
                continue;
            }
            is_shell_entrypoint |= what == "entrypoint" && matches!(command, CommandLine::Shell(_));
            let _ = write!(line, "\n  {what} {}", self.command_of(origin.instruction, Some(command)));
        }
        if let Some(check) = config.healthcheck.as_ref().map(|set| set.origin.instruction) {
            let instruction = self.plan.instruction(check);
            let flags = instruction.into_iter().flat_map(|instruction| &instruction.flags);
            flags.for_each(|flag| self.flag(&mut line, check, flag));
            let own = match instruction.map(|instruction| &instruction.kind) {
                Some(InstructionKind::Healthcheck(Healthcheck::Cmd(command))) => {
                    self.command_of(check, Some(command))
                }
                _ => "none".to_owned(),
            };
            let _ = write!(line, "\n  healthcheck {own}");
        }
        for ((kind, name), value) in std::mem::take(&mut self.state.config) {
            let _ = write!(line, "\n  {kind} {name}={value}");
        }
        self.step(&line);
    }
}

fn heredocs(instruction: &Instruction, command: &str) -> String {
    let mut text = command.to_owned();
    for heredoc in &instruction.heredocs {
        let _ = write!(text, "\n<<{} {}\n{}", heredoc.name.value, heredoc.expand, heredoc.content.text());
    }
    text
}

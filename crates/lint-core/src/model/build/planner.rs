//! Runs a Dockerfile's instructions as BuildKit does, on what is known of images alone.

mod copies;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use lint_parser::dockerfile::ast::{
    CommandLine, Dockerfile, From, Healthcheck, Instruction, InstructionKind, Pair,
};
use lint_parser::text::mapped::Mapped;

use crate::files;
use crate::model::build::base::{Bases, base_accounts, base_variables, base_workdir};
use crate::model::build::dockerfile::ParsedDockerfile;
use crate::model::build::growth::Growth;
use crate::model::build::request::{BuildArg, BuildRequest};
use crate::model::build::runs;
use crate::model::build::stage::{Base, Config, ImageCommand, ImageHealthcheck, Stage};
use crate::model::build::system_shell;
use crate::model::build::user::Accounts;
use crate::model::known::image_facts::ImageFacts;
use crate::model::values::origin::SetAt;
use crate::model::values::origin::Setting;
use crate::model::values::variables::{Expanded, Variables};

/// Triggers run in one build. Every child runs all of its parent's, so that their number may be the product of
/// two halves of the file; nobody writes a thousand.
const MOST_TRIGGERS: usize = 100_000;

/// The arguments BuildKit predefines for `FROM`, and what they are for a build on and for `linux/amd64`.
const PLATFORM: [(&str, &str); 8] = [
    ("TARGETPLATFORM", "linux/amd64"),
    ("TARGETOS", "linux"),
    ("TARGETARCH", "amd64"),
    ("BUILDPLATFORM", "linux/amd64"),
    ("BUILDOS", "linux"),
    ("BUILDARCH", "amd64"),
    ("TARGETVARIANT", ""),
    ("BUILDVARIANT", ""),
];
/// Empty on most machines, unknown on the others.
const OTHER_PLATFORM: [&str; 3] = ["TARGETOSVERSION", "BUILDOSVERSION", "TARGETSTAGE"];

pub(super) struct Planner<'a> {
    dockerfile: &'a ParsedDockerfile,
    pub(super) tree: &'a Dockerfile,
    pub(super) request: &'a BuildRequest,
    pub(super) stages: Vec<Stage>,
    pub(super) globals: Variables,
    pub(super) before: Vec<Variables>,
    /// Whether a POSIX shell reads the shell form, at each instruction.
    pub(super) posix: Vec<bool>,
    /// The working directory at each instruction, as far as it is known.
    pub(super) directories: Vec<Option<Arc<str>>>,
    /// Stages by lower-cased name; of two of one name the later.
    pub(super) names: HashMap<String, usize>,
    /// The stages of the whole file by lower-cased name, of two of one name the later, and how many there are.
    everywhere: HashMap<String, usize>,
    count: usize,
    triggers: usize,
    /// What is known of the images that were met: a file may start a thousand stages from one.
    pub(super) facts: RefCell<HashMap<String, Option<ImageFacts>>>,
    accounts: RefCell<HashMap<String, Accounts>>,
    pub(super) growth: Growth,
}

/// The stage that is being built.
struct Building {
    stage: Stage,
    reads: BTreeSet<usize>,
    /// Whether the stage itself has set CMD: then ENTRYPOINT leaves it alone.
    own_cmd: bool,
}

impl Building {
    /// Claims no more about a stage whose triggers were too many to run.
    fn give_up(&mut self, parent: usize, instruction: usize) {
        let span = self.stage.from_span;
        let origin = SetAt { stage: parent, instruction, span, trigger: true };
        let value = Expanded::unknown("${ONBUILD}");
        self.stage.config.user = Some(Setting { value, origin });
        self.stage.accounts = Accounts::unknown();
    }

    /// What the image starts, how it is checked, and the shell of both.
    fn set_command(&mut self, kind: &InstructionKind, origin: SetAt) {
        let command = |line: &CommandLine, shell: &Option<Setting<Arc<[String]>>>| match line {
            CommandLine::Exec { words, .. } if words.is_empty() => ImageCommand::Empty,
            line => ImageCommand::Line {
                line: Arc::new(line.clone()),
                shell: shell.as_ref().map(|shell| Arc::clone(&shell.value)),
            },
        };
        let stage = &mut self.stage;
        match kind {
            InstructionKind::Entrypoint(line) => {
                let value = command(line, &stage.config.shell);
                stage.config.entrypoint = Some(Setting { value, origin });
                if !self.own_cmd {
                    stage.config.cmd = Some(Setting { value: ImageCommand::Empty, origin });
                }
            }
            InstructionKind::Cmd(line) => {
                let value = command(line, &stage.config.shell);
                stage.config.cmd = Some(Setting { value, origin });
                self.own_cmd = true;
            }
            InstructionKind::Shell(CommandLine::Exec { words, .. }) if !words.is_empty() => {
                let value = words.iter().map(|word| word.text().to_owned()).collect();
                stage.config.shell = Some(Setting { value, origin });
            }
            InstructionKind::Healthcheck(check) => {
                let value = match check {
                    Healthcheck::None { .. } => ImageHealthcheck::Disabled,
                    Healthcheck::Cmd(line) => ImageHealthcheck::Check(Arc::new(line.clone())),
                    Healthcheck::Invalid => return,
                };
                stage.config.healthcheck = Some(Setting { value, origin });
            }
            _ => {}
        }
    }
}

impl<'a> Planner<'a> {
    pub(super) fn new(dockerfile: &'a ParsedDockerfile, request: &'a BuildRequest) -> Self {
        let tree = &dockerfile.tree;
        let stages = tree.instructions.iter().filter_map(|instruction| match &instruction.kind {
            InstructionKind::From(from) => Some(from.name.as_ref()),
            _ => None,
        });
        let named = stages.clone().enumerate();
        let everywhere =
            named.filter_map(|(index, name)| Some((name?.text().to_lowercase(), index))).collect();
        Self {
            dockerfile,
            tree,
            request,
            stages: Vec::new(),
            globals: Variables::default(),
            before: Vec::with_capacity(tree.instructions.len()),
            posix: Vec::with_capacity(tree.instructions.len()),
            directories: Vec::with_capacity(tree.instructions.len()),
            names: HashMap::new(),
            everywhere,
            count: stages.count(),
            triggers: 0,
            facts: RefCell::default(),
            accounts: RefCell::default(),
            growth: Growth::default(),
        }
    }

    fn bases(&self) -> Bases<'_> {
        Bases {
            contexts: &self.request.contexts,
            globals: &self.globals,
            escape: self.tree.escape,
            names: &self.names,
            facts: &self.facts,
        }
    }

    pub(super) fn run(&mut self) {
        for (name, value) in PLATFORM {
            let value = match self.request.args.get(name) {
                Some(BuildArg::Known(value)) => Expanded::literal(value),
                _ => Expanded::unknown(value),
            };
            self.globals.set_env(name, value, None);
        }
        for name in OTHER_PLATFORM {
            self.globals.set_env(name, Expanded::unknown(""), None);
        }
        let mut building: Option<Building> = None;
        for (index, instruction) in self.tree.instructions.iter().enumerate() {
            if let InstructionKind::From(from) = &instruction.kind {
                self.before.push(self.globals.clone());
                self.posix.push(false);
                self.directories.push(None);
                if let Some(done) = building.take() {
                    self.finish(done);
                }
                building = Some(self.begin(index, instruction, from));
                continue;
            }
            match &mut building {
                Some(building) => {
                    self.before.push(building.stage.variables.clone());
                    self.posix.push(building.stage.reads_posix());
                    let directory = directory(&building.stage);
                    // One text for all that have it.
                    let last = self.directories.last().cloned().flatten();
                    let directory =
                        directory.map(|now| last.filter(|last| **last == *now).unwrap_or_else(|| now.into()));
                    self.directories.push(directory);
                    building.stage.instructions.end = index + 1;
                    if !self.is_replaced(&building.stage) {
                        self.execute(building, index, instruction, None);
                    }
                }
                None => {
                    self.before.push(self.globals.clone());
                    self.posix.push(false);
                    self.directories.push(None);
                    if let InstructionKind::Arg(pairs) = &instruction.kind {
                        self.global_arguments(pairs);
                    }
                }
            }
        }
        if let Some(done) = building {
            self.finish(done);
        }
    }

    fn finish(&mut self, building: Building) {
        let Building { mut stage, reads, .. } = building;
        stage.reads = reads.into_iter().collect();
        if let Some(name) = &stage.name {
            self.names.insert(name.clone(), stage.index);
        }
        self.stages.push(stage);
    }

    /// Whether a named context stands in for the stage: then its instructions do not run.
    fn is_replaced(&self, stage: &Stage) -> bool {
        stage.name.as_ref().is_some_and(|name| self.request.contexts.contains_key(name))
    }

    fn global_arguments(&mut self, pairs: &[Pair]) {
        for pair in pairs {
            let value = self
                .build_argument(pair.key.text())
                .or_else(|| pair.value.as_ref().map(|value| self.expand(&self.globals, value)));
            self.globals.set_arg(pair.key.text(), value, None);
        }
    }

    /// What a word comes to, to be kept.
    fn expand(&self, variables: &Variables, word: &Mapped) -> Expanded {
        self.growth.keep(variables.expand(word, self.tree.escape), word)
    }

    fn known(&self, stage: &Stage, word: &Mapped) -> Option<String> {
        self.expand(&stage.variables, word).text().map(str::to_owned)
    }

    fn key(&self, variables: &Variables, key: &Mapped) -> String {
        self.expand(variables, key).shown.to_string()
    }

    /// Pairs of one instruction, all expanded with what was in force before it.
    fn expanded_pairs(&self, variables: &Variables, pairs: &[Pair]) -> Vec<(String, Expanded)> {
        let empty = Mapped::default();
        pairs
            .iter()
            .map(|pair| {
                let value = self.expand(variables, pair.value.as_ref().unwrap_or(&empty));
                (self.key(variables, &pair.key), value)
            })
            .collect()
    }

    /// The value given from outside.
    fn build_argument(&self, name: &str) -> Option<Expanded> {
        Some(match self.request.args.get(name)? {
            BuildArg::Known(value) => Expanded::literal(value),
            BuildArg::Unknown => Expanded::unknown(&format!("${{{name}}}")),
        })
    }

    fn accounts(&self, base: &Base) -> Accounts {
        let Base::Image(image) = base else { return base_accounts(base) };
        let mut known = self.accounts.borrow_mut();
        known.entry(image.reference.clone()).or_insert_with(|| base_accounts(base)).clone()
    }

    fn begin(&mut self, index: usize, instruction: &Instruction, from: &From) -> Building {
        let stage_index = self.stages.len();
        let name = from.name.as_ref().map(|name| name.text().to_lowercase());
        let (base, alternatives) = self.bases().base(name.as_deref(), &from.image);
        let base_runs_as_root =
            matches!(base, Base::Unknown) && self.bases().is_root_image(name.as_deref(), &from.image);
        let base_is_open = matches!(base, Base::Unknown)
            && from.image.text().contains('$')
            && !name.as_deref().is_some_and(|name| self.request.contexts.contains_key(name));
        let parent = match base {
            Base::Stage(parent) => self.stages.get(parent),
            Base::Scratch | Base::Image(_) | Base::Unknown => None,
        };
        let (config, variables, accounts, triggers) = match parent {
            Some(parent) => (
                parent.config.clone(),
                parent.variables.inherited_by(stage_index),
                parent.accounts.clone(),
                parent.onbuild.clone(),
            ),
            None => (
                Config { base_workdir: base_workdir(&base), ..Config::default() },
                Variables::of_stage(stage_index, base_variables(&base)),
                self.accounts(&base),
                Vec::new(),
            ),
        };
        let stage = Stage {
            index: stage_index,
            name,
            from: index,
            from_span: instruction.span,
            base_span: from.image.span(),
            instructions: index + 1..index + 1,
            triggers: Vec::new(),
            onbuild: Vec::new(),
            root: parent.map_or(stage_index, |parent| parent.root),
            replaces_sh: parent.is_some_and(|parent| parent.replaces_sh),
            base,
            base_runs_as_root,
            base_is_open,
            config,
            variables,
            accounts,
            copies: Vec::new(),
            reads: Vec::new(),
            alternatives,
        };
        let parent = stage.parent();
        let mut building = Building { stage, reads: BTreeSet::new(), own_cmd: false };
        let (Some(parent), false) = (parent, self.is_replaced(&building.stage)) else { return building };
        for at in triggers {
            if self.triggers >= MOST_TRIGGERS {
                building.give_up(parent, at);
                break;
            }
            self.triggers += 1;
            building.stage.triggers.push(at);
            if let Some(Instruction { kind: InstructionKind::Onbuild(Some(trigger)), .. }) =
                self.tree.instructions.get(at)
            {
                self.execute(&mut building, at, trigger, Some(parent));
            }
        }
        building
    }

    /// Runs one instruction; `parent` is the stage whose `ONBUILD` it is a trigger of.
    fn execute(
        &self,
        building: &mut Building,
        index: usize,
        instruction: &Instruction,
        parent: Option<usize>,
    ) {
        let escape = self.tree.escape;
        let stage = &mut building.stage;
        let origin = SetAt {
            stage: parent.unwrap_or(stage.index),
            instruction: index,
            span: instruction.span,
            trigger: parent.is_some(),
        };
        match &instruction.kind {
            InstructionKind::Arg(pairs) => self.arguments(stage, pairs, origin),
            InstructionKind::Env(pairs) => {
                for (key, value) in self.expanded_pairs(&stage.variables, pairs) {
                    stage.variables.set_env(&key, value.clone(), Some(origin));
                    stage.config.env.insert(key, Setting { value, origin });
                }
            }
            InstructionKind::Label(pairs) => {
                for (key, value) in self.expanded_pairs(&stage.variables, pairs) {
                    stage.config.labels.insert(key, Setting { value, origin });
                }
            }
            // BuildKit refuses `USER` without a name.
            InstructionKind::User(word) if !word.is_empty() => {
                let value = self.growth.keep(stage.variables.expand_user(word, escape), word);
                stage.config.user = Some(Setting { value, origin });
            }
            InstructionKind::Workdir(word) => {
                let path = self.expand(&stage.variables, word);
                let value = path.text().and_then(|path| absolute(stage, path));
                stage.config.workdir = Some(Setting { value, origin });
            }
            InstructionKind::Stopsignal(word) => {
                let value = self.expand(&stage.variables, word);
                stage.config.stopsignal = Some(Setting { value, origin });
            }
            InstructionKind::Expose(words) => {
                for word in words {
                    let Some(port) = self.known(stage, word) else { continue };
                    let port = if port.contains('/') { port } else { format!("{port}/tcp") };
                    stage.config.exposed.insert(port, SetAt { span: word.span(), ..origin });
                }
            }
            InstructionKind::Volume(words) => {
                let paths: Vec<String> = words.iter().filter_map(|word| self.known(stage, word)).collect();
                for path in paths {
                    stage.config.volumes.insert(path, origin);
                }
            }
            InstructionKind::Entrypoint(_)
            | InstructionKind::Cmd(_)
            | InstructionKind::Shell(_)
            | InstructionKind::Healthcheck(_) => building.set_command(&instruction.kind, origin),
            InstructionKind::Onbuild(Some(_)) if parent.is_none() => stage.onbuild.push(index),
            InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
                self.copy(building, instruction, copy, origin);
            }
            InstructionKind::Run(run) => {
                for from in runs::mounted_from(run) {
                    building.reads.extend(self.everywhere.get(&from.to_lowercase()));
                }
                stage.replaces_sh |= system_shell::replaces_sh(instruction.arguments.text());
                let commands = self.dockerfile.commands(origin.instruction);
                runs::users(&mut stage.accounts, instruction, commands, &stage.variables, origin);
            }
            _ => {}
        }
    }

    fn arguments(&self, stage: &mut Stage, pairs: &[Pair], origin: SetAt) {
        let values: Vec<(String, Option<Expanded>)> = pairs
            .iter()
            .map(|pair| {
                let key = self.key(&stage.variables, &pair.key);
                let value = self.build_argument(&key).or_else(|| match &pair.value {
                    Some(value) => Some(self.expand(&stage.variables, value)),
                    None => self.globals.get(&key),
                });
                (key, value)
            })
            .collect();
        for (key, value) in values {
            stage.variables.set_arg(&key, value, Some(origin));
        }
    }
}

/// The working directory of a stage as far as it is built; `None` while it is one that nobody knows.
fn directory(stage: &Stage) -> Option<&str> {
    match (&stage.config.workdir, stage.config.base_workdir) {
        (Some(Setting { value, .. }), _) => value.as_deref(),
        (None, of_base) => of_base.or(matches!(stage.base, Base::Scratch).then_some("/")),
    }
}

/// A path of the image, from its working directory; `None` while that is the base image's.
fn absolute(stage: &Stage, path: &str) -> Option<String> {
    let from = match (&stage.config.workdir, stage.config.base_workdir) {
        _ if files::is_absolute(path) => "/",
        (Some(Setting { value: Some(directory), .. }), _) => directory,
        (None, Some(directory)) => directory,
        _ => return None,
    };
    Some(files::join(from, path))
}

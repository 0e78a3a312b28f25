//! Stages of Dockerfiles, their instructions, and what those run.

use std::sync::Arc;

use lint_parser::dockerfile::ast::{CommandLine, Copy, Instruction, InstructionKind};
use lint_parser::shell::word::Word;

use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, CopySource, ImageCommand, ImageHealthcheck, Stage};
use crate::model::build::user::{UserKind, classify};
use crate::model::runs::packages::record::Version;
use crate::model::runs::packages::{Action, PackageCommand};
use crate::model::runs::{By, Program};
use crate::policies::language::value::{Fields, Source, Value};
use crate::policies::view::field::{Field, Shape, field};
use crate::policies::view::image;
use crate::policies::view::kind::Kind;
use crate::policies::view::read::{self, expanded, in_dockerfile, setting, sorted};

pub(crate) const STAGE: &[Field] = &[
    field("name", Shape::Text, "The name after `AS`, in small letters; empty without one."),
    field("index", Shape::Int, "Its place, from 0."),
    field(
        "base",
        Shape::One(Kind::Image),
        "What it starts from; of one built on another stage, what that starts from.",
    ),
    field("from", Shape::Text, "The stage it is built on; empty where that is an image."),
    field("target", Shape::Bool, "Whether it becomes the image that is built."),
    field("shipped", Shape::Bool, "Whether its layers are part of the image."),
    field("needed", Shape::Bool, "Whether the build needs it at all."),
    field("user", Shape::Text, "The last `USER`, inherited ones too; empty where the base decides."),
    field("root", Shape::Bool, "Whether that is root."),
    field("workdir", Shape::Text, "The working directory at its end."),
    field("labels", Shape::TextMap, "The labels that `LABEL` sets, inherited ones too."),
    field(
        "environment",
        Shape::TextMap,
        "What `ENV` sets, inherited ones too; values of secrets are withheld.",
    ),
    field("exposes", Shape::Texts, "What `EXPOSE` says, as `80/tcp`."),
    field("volumes", Shape::Texts, "What `VOLUME` says."),
    field("healthcheck", Shape::Bool, "Whether it has a health check of its own."),
    field("entrypoint", Shape::Texts, "The words of `ENTRYPOINT`; of the shell form the whole line."),
    field("command", Shape::Texts, "The words of `CMD`; of the shell form the whole line."),
    field("stop_signal", Shape::Text, "What `STOPSIGNAL` says."),
    field("instructions", Shape::Many(Kind::Instruction), "Its own instructions, in order."),
    field("packages", Shape::Many(Kind::Package), "What its own instructions install."),
    field("programs", Shape::Many(Kind::Program), "What its own instructions run."),
];

pub(crate) const INSTRUCTION: &[Field] = &[
    field("keyword", Shape::Text, "`RUN`, `COPY`, …, in capitals; of `ONBUILD` the instruction it holds."),
    field(
        "text",
        Shape::Text,
        "What stands behind the keyword and its flags; withheld where it holds a secret.",
    ),
    field("line", Shape::Int, "Its line."),
    field("onbuild", Shape::Bool, "Whether it waits for another build, as the trigger of `ONBUILD`."),
    field("exec", Shape::Bool, "Whether its command is a JSON array, which no shell reads."),
    field(
        "flags",
        Shape::TextMap,
        "Its flags: `--chown=app` is `flags.chown`; one without a value is `true`.",
    ),
    field("sources", Shape::Texts, "What `COPY` and `ADD` copy."),
    field("destination", Shape::Text, "Where they put it."),
    field("remote", Shape::Bool, "Whether `ADD` downloads."),
    field("packages", Shape::Many(Kind::Package), "What it installs."),
    field("programs", Shape::Many(Kind::Program), "What it runs."),
];

const RUN_BY: &[&str] = &["run", "start", "healthcheck", "hook"];

pub(crate) const PROGRAM: &[Field] = &[
    field("name", Shape::Text, "Its name without directories: `curl`."),
    field("arguments", Shape::Texts, "Its words; what is known at run time only stands as it is written."),
    field("text", Shape::Text, "All of it with blanks between; withheld where it holds a secret."),
    field(
        "by",
        Shape::Word(RUN_BY),
        "What runs it: `RUN`, the start of the container, its health check, a hook.",
    ),
];

pub(crate) const PACKAGE: &[Field] = &[
    field("name", Shape::Text, "Its name."),
    field("version", Shape::Text, "The version that is asked for; empty where none is."),
    field("manager", Shape::Text, "The program that installs it: `apt-get`, `apk`, `pip`."),
];

pub(crate) const FILE: &[Field] = &[
    field("source", Shape::Text, "What is copied."),
    field("target", Shape::Text, "Where to, from the root of the image."),
    field(
        "from",
        Shape::Text,
        "Another stage, by its place (`stage 0`), or `elsewhere`; empty for the build context.",
    ),
    field("owner", Shape::Text, "Whom `--chown` gives it to; empty for root."),
    field("mode", Shape::Text, "The mode that `--chmod` gives it."),
];

/// A stage.
#[derive(Clone, Copy)]
pub(crate) struct StageView<'a> {
    pub(crate) plan: &'a BuildPlan,
    pub(crate) stage: &'a Stage,
}

/// An instruction.
#[derive(Clone, Copy)]
pub(crate) struct InstructionView<'a> {
    pub(crate) plan: &'a BuildPlan,
    pub(crate) index: usize,
    pub(crate) instruction: &'a Instruction,
}

impl<'a> StageView<'a> {
    /// Its own instructions.
    pub(crate) fn instructions(self) -> impl Iterator<Item = InstructionView<'a>> {
        let StageView { plan, stage } = self;
        stage.instructions.clone().filter_map(move |index| {
            Some(InstructionView { plan, index, instruction: plan.instruction(index)? })
        })
    }

    fn from(&self) -> Source {
        in_dockerfile(self.plan, self.stage.from_span)
    }

    fn user(&self) -> Value<'a> {
        setting(self.plan, self.stage.config.user.as_ref())
    }

    fn is_root(&self) -> Value<'a> {
        let Some(set) = &self.stage.config.user else { return Value::unknown() };
        let value = match set.value.text().map(|text| classify(text, &self.stage.accounts)) {
            Some(UserKind::Root(_)) => Value::bool(true),
            Some(UserKind::NotRoot) => Value::bool(false),
            _ => Value::unknown(),
        };
        value.at(in_dockerfile(self.plan, set.origin.span))
    }

    /// What it starts from.
    pub(crate) fn base(&self) -> Value<'a> {
        let root = self.plan.root_of(self.stage);
        let named = image::Named { usage: "base", ..image::Named::default() };
        let at = Some(in_dockerfile(self.plan, root.base_span));
        match &root.base {
            Base::Image(base) => {
                let is_default = self.plan.dockerfile.file.slice(root.base_span).contains('$');
                image::of(&base.reference, image::Named { is_default, ..named }, at)
            }
            Base::Scratch => image::none(named, true, at),
            Base::Stage(_) | Base::Unknown => image::unknown(named, at, None),
        }
    }
}

impl<'a> Fields<'a> for StageView<'a> {
    fn kind(&self) -> Kind {
        Kind::Stage
    }

    fn get(&self, name: &str) -> Option<Value<'a>> {
        let (plan, stage) = (self.plan, self.stage);
        let config = &stage.config;
        let place = |span| in_dockerfile(plan, span);
        Some(match name {
            "name" => Value::text(stage.name.as_deref().unwrap_or_default()).at(self.from()),
            "index" => Value::int(i64::try_from(stage.index).unwrap_or(i64::MAX)).at(self.from()),
            "base" => self.base(),
            "from" => {
                let parent = stage.parent().and_then(|parent| plan.stages.get(parent));
                let name =
                    parent.map(|parent| parent.name.clone().unwrap_or_else(|| parent.index.to_string()));
                Value::text(&name.unwrap_or_default()).at(place(stage.base_span))
            }
            "target" => Value::bool(plan.is_image(stage.index)).at(self.from()),
            "shipped" => Value::bool(plan.is_in_target_chain(stage.index)).at(self.from()),
            "needed" => Value::bool(plan.is_reachable(stage.index)).at(self.from()),
            "user" => self.user(),
            "root" => self.is_root(),
            "workdir" => match &config.workdir {
                Some(set) => {
                    set.value.as_deref().map_or_else(Value::unknown, Value::text).at(place(set.origin.span))
                }
                None => config.base_workdir.map_or_else(Value::unknown, Value::text),
            },
            "labels" => labels(plan, stage),
            "environment" => {
                let pairs = config.env.iter().map(|(name, set)| {
                    let value = expanded(plan, &set.value, set.origin);
                    (Arc::from(name), read::withheld(name, value).0)
                });
                sorted(pairs.collect())
            }
            "exposes" => Value::list(
                config.exposed.iter().map(|(port, at)| Value::text(port).at(place(at.span))).collect(),
            ),
            "volumes" => Value::list(
                config.volumes.iter().map(|(path, at)| Value::text(path).at(place(at.span))).collect(),
            ),
            "healthcheck" => match &config.healthcheck {
                Some(set) => Value::bool(set.value != ImageHealthcheck::Disabled).at(place(set.origin.span)),
                None => Value::bool(false),
            },
            "entrypoint" => command(plan, config.entrypoint.as_ref()),
            "command" => command(plan, config.cmd.as_ref()),
            "stop_signal" => setting(plan, config.stopsignal.as_ref()),
            "instructions" => Value::list(self.instructions().map(Value::asked).collect()),
            "packages" => Value::list(self.instructions().flat_map(InstructionView::packages).collect()),
            "programs" => Value::list(self.instructions().flat_map(InstructionView::programs).collect()),
            _ => return None,
        })
    }
}

/// The files that a stage copies.
pub(crate) fn files<'a>(plan: &'a BuildPlan, stage: &'a Stage) -> Vec<Value<'a>> {
    let copied = stage.copies.iter().map(|copied| {
        let at = in_dockerfile(plan, copied.origin.span);
        let from = match copied.from {
            CopySource::Stage(index) => format!("stage {index}"),
            CopySource::Elsewhere => "elsewhere".to_owned(),
            CopySource::Context | CopySource::Heredoc(_) => String::new(),
        };
        let flag = |name: &str| {
            let flag =
                plan.instruction(copied.origin.instruction).and_then(|instruction| instruction.flag(name));
            let value =
                flag.and_then(|flag| flag.value.as_ref()).map(lint_parser::text::mapped::Mapped::text);
            Value::text(value.unwrap_or_default()).at(at.clone())
        };
        Value::record(
            Kind::File,
            vec![
                ("source", Value::text(&copied.source).at(at.clone())),
                ("target", Value::text(&copied.destination).at(at.clone())),
                ("from", Value::text(&from).at(at.clone())),
                ("owner", flag("chown")),
                ("mode", flag("chmod")),
            ],
        )
        .at(at.clone())
    });
    copied.collect()
}

/// The labels of an image that a stage becomes.
pub(crate) fn labels<'a>(plan: &BuildPlan, stage: &Stage) -> Value<'a> {
    let labels = stage.config.labels.iter();
    sorted(labels.map(|(key, set)| (Arc::from(key), expanded(plan, &set.value, set.origin))).collect())
}

/// The words of `ENTRYPOINT` or `CMD`.
pub(crate) fn command<'a>(
    plan: &BuildPlan,
    set: Option<&crate::model::values::origin::Setting<ImageCommand>>,
) -> Value<'a> {
    let Some(set) = set else { return Value::list(Vec::new()) };
    let words = match &set.value {
        ImageCommand::Empty => Vec::new(),
        ImageCommand::Line { line, .. } => match &**line {
            CommandLine::Exec { words, .. } => {
                words.iter().map(|word| read::without_secrets(word.text())).collect()
            }
            CommandLine::Shell(line) => vec![read::without_secrets(line.text())],
        },
    };
    Value::list(words).set(true).at(in_dockerfile(plan, set.origin.span))
}

impl<'a> InstructionView<'a> {
    /// The instruction, or the trigger that an `ONBUILD` holds.
    fn operation(&self) -> &'a Instruction {
        match &self.instruction.kind {
            InstructionKind::Onbuild(Some(trigger)) => trigger,
            _ => self.instruction,
        }
    }

    fn source(&self) -> Source {
        in_dockerfile(self.plan, self.instruction.span)
    }

    fn copy(&self) -> Option<&'a Copy> {
        match &self.operation().kind {
            InstructionKind::Copy(copy) | InstructionKind::Add(copy) => Some(copy),
            _ => None,
        }
    }

    fn word(&self, word: &lint_parser::text::mapped::Mapped) -> Value<'a> {
        let at = in_dockerfile(self.plan, word.span());
        let word = self.plan.expand(self.index, word);
        let value = word.text().map_or_else(Value::unknown, Value::text);
        value.at(Source { is_default: word.through_arguments, ..at })
    }

    pub(crate) fn packages(self) -> Vec<Value<'a>> {
        let commands = self.plan.package_commands(self.index);
        commands.iter().flat_map(|command| packages(self.plan, command)).collect()
    }

    pub(crate) fn programs(self) -> Vec<Value<'a>> {
        self.plan
            .programs(self.index)
            .iter()
            .map(|one| program(one, in_dockerfile(self.plan, one.span())))
            .collect()
    }
}

impl<'a> Fields<'a> for InstructionView<'a> {
    fn kind(&self) -> Kind {
        Kind::Instruction
    }

    fn get(&self, name: &str) -> Option<Value<'a>> {
        let operation = self.operation();
        let at = |value: Value<'a>| value.at(self.source());
        Some(match name {
            "keyword" => at(Value::text(&operation.keyword.value.to_ascii_uppercase())),
            "text" => at(read::without_secrets(operation.arguments.text())),
            "line" => {
                let line = self.plan.dockerfile.file.line(self.instruction.span.start());
                at(Value::int(i64::try_from(line).unwrap_or(i64::MAX)))
            }
            "onbuild" => at(Value::bool(matches!(self.instruction.kind, InstructionKind::Onbuild(_)))),
            "exec" => at(Value::bool(is_exec(operation))),
            "flags" => {
                let flags = operation.flags.iter().map(|flag| {
                    let value = match &flag.value {
                        Some(value) => self.word(value),
                        None => Value::text("true"),
                    };
                    (Arc::from(flag.name.text()), value.set(true).at(in_dockerfile(self.plan, flag.span)))
                });
                sorted(flags.collect())
            }
            "sources" => {
                let sources = self.copy().into_iter().flat_map(|copy| &copy.sources);
                at(Value::list(sources.map(|source| self.word(source)).collect()))
            }
            "destination" => match self.copy().and_then(|copy| copy.destination.as_ref()) {
                Some(destination) => self.word(destination),
                None => Value::text(""),
            },
            "remote" => {
                let is_add = matches!(operation.kind, InstructionKind::Add(_));
                let is_url = |text: &str| {
                    text.contains("://")
                        || text.starts_with("git@")
                        || (text.ends_with(".git") && text.contains('/'))
                };
                let remote = self.copy().and_then(|copy| {
                    copy.sources.iter().find(|source| is_url(&self.plan.expand(self.index, source).shown))
                });
                at(Value::bool(is_add && remote.is_some()))
            }
            "packages" => at(Value::list(self.packages())),
            "programs" => at(Value::list(self.programs())),
            _ => return None,
        })
    }
}

fn is_exec(instruction: &Instruction) -> bool {
    match &instruction.kind {
        InstructionKind::Run(run) => matches!(run.command, CommandLine::Exec { .. }),
        InstructionKind::Cmd(line) | InstructionKind::Entrypoint(line) | InstructionKind::Shell(line) => {
            matches!(line, CommandLine::Exec { .. })
        }
        _ => false,
    }
}

/// The words of a program.
fn word<'a>(word: &Word) -> Value<'a> {
    read::without_secrets(&word.unquoted())
}

/// A program.
pub(crate) fn program<'a>(program: &Program, at: Source) -> Value<'a> {
    let by = match program.by {
        By::Run => "run",
        By::Start => "start",
        By::Healthcheck => "healthcheck",
        By::Hook => "hook",
    };
    let name = program.name().map_or_else(Value::unknown, Value::text);
    let mut text = program.name().unwrap_or("?").to_owned();
    for argument in program.args() {
        text.push(' ');
        text.push_str(&argument.unquoted());
    }
    Value::record(
        Kind::Program,
        vec![
            ("name", name.at(at.clone())),
            ("arguments", Value::list(program.args().iter().map(word).collect()).at(at.clone())),
            ("text", read::without_secrets(&text).at(at.clone())),
            ("by", Value::text(by).at(at.clone())),
        ],
    )
    .at(at)
}

/// The packages that a command of a package manager installs by name.
fn packages<'a>(plan: &BuildPlan, command: &PackageCommand) -> Vec<Value<'a>> {
    if command.action != Action::Install {
        return Vec::new();
    }
    let sign = match command.manager.record().version {
        Some(Version::After(sign)) => sign,
        _ => "",
    };
    let named = command.operands.iter().map(|operand| {
        let at = in_dockerfile(plan, operand.span());
        let text = operand.literal_text();
        let (name, version) = match &text {
            // npm's scopes begin with what parts a name from its version.
            Some(text) if !sign.is_empty() => match text.get(1..).and_then(|rest| rest.find(sign)) {
                Some(before) => text.split_at(before + 1),
                None => (text.as_ref(), ""),
            },
            Some(text) => (text.as_ref(), ""),
            None => ("", ""),
        };
        let (name, version) = match &text {
            Some(_) => (Value::text(name), Value::text(version.trim_start_matches(sign))),
            None => (Value::unknown(), Value::unknown()),
        };
        Value::record(
            Kind::Package,
            vec![
                ("name", name.at(at.clone())),
                ("version", version.at(at.clone())),
                ("manager", Value::text(&command.program).at(at.clone())),
            ],
        )
        .at(at)
    });
    named.collect()
}

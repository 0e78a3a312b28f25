//! What there is to say of a Dockerfile.

use lint_parser::dockerfile::ast::{Instruction, InstructionKind};
use lint_parser::dockerfile::expansion;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::model::build::BuildPlan;
use crate::model::build::from_references::from_references;
use crate::model::build::stage::{Base, Stage};
use crate::model::container::Container;
use crate::model::container::runtime_user::{runtime_user, runtime_user_of_image};
use crate::model::container::step_down::Overrides;
use crate::session::facts::values::shown;
use crate::session::facts::{Facts, Subject, Symbol, SymbolKind, container};

/// How many characters of an instruction an outline shows.
const LONGEST: usize = 60;

/// Adds what a Dockerfile by itself shows.
pub(in crate::session) fn of_dockerfile(container: &Container<'_>, facts: &mut Facts) {
    let Some(plan) = container.image.plan() else { return };
    for stage in &plan.stages {
        of_stage(plan, stage, facts);
    }
    for (index, instruction) in plan.dockerfile.tree.instructions.iter().enumerate() {
        of_instruction(plan, index, instruction, facts);
    }
    if let Some((plan, stage)) = container.target() {
        let name = name_of(stage);
        facts.fact(keyword(plan, stage), container::describe(&name, container));
        facts.subjects.push(Subject {
            name_span: stage.from_span,
            name,
            is_service: false,
            runs_as: container::runs_as(container),
        });
    }
}

fn name_of(stage: &Stage) -> String {
    stage.name.clone().unwrap_or_else(|| format!("stage {}", stage.index))
}

/// `FROM` and the stage's name: what stands for the stage.
fn keyword(plan: &BuildPlan, stage: &Stage) -> Span {
    plan.instruction(stage.from).map_or(stage.from_span, |from| from.keyword.span)
}

fn of_stage(plan: &BuildPlan, stage: &Stage, facts: &mut Facts) {
    let file = &plan.dockerfile.file;
    let end = file.line_span(file.line(stage.from_span.end())).end();
    match &stage.base {
        Base::Image(image) => {
            facts.fact(stage.base_span, container::image(&image.reference));
            if file.slice(stage.base_span).contains('$') {
                facts.hint(
                    stage.base_span.end(),
                    format!("= {}", image.reference),
                    "What the variable comes to",
                );
            }
        }
        Base::Stage(parent) => {
            if let Some(parent) = plan.stages.get(*parent) {
                facts.link(stage.base_span, Place::new(file, parent.from_span));
                facts.fact(stage.base_span, format!("The stage `{}` of this file", name_of(parent)));
            }
        }
        Base::Scratch => {
            facts.fact(stage.base_span, "`scratch`: an image without anything in it, users among it")
        }
        Base::Unknown => {}
    }
    let begins_as = begins_as(plan, stage);
    if let Some(user) = &begins_as {
        facts.hint(end, format!("begins as {user}"), "Whom this stage runs as until a `USER` says otherwise");
    }
    let user = runtime_user(plan, stage.index, &Overrides::default(), &|_| None);
    let said = container::user(&user).unwrap_or_else(|| "a user that is not known from the files".to_owned());
    facts.fact(keyword(plan, stage), format!("**{}** ends as {said}", name_of(stage)));
    let children = stage.instructions.clone().filter_map(|index| symbol(plan, plan.instruction(index)?));
    let last = stage.instructions.clone().next_back().and_then(|index| plan.instruction(index));
    let detail = file.slice(stage.base_span).to_owned();
    facts.symbols.push(Symbol {
        name: name_of(stage),
        detail,
        kind: SymbolKind::Stage,
        span: last.map_or(stage.from_span, |last| stage.from_span.cover(last.span)),
        name_span: stage.from_span,
        children: children.collect(),
    });
}

/// Who a stage runs as where it begins.
fn begins_as(plan: &BuildPlan, stage: &Stage) -> Option<String> {
    match &stage.base {
        Base::Scratch => Some("root".to_owned()),
        Base::Stage(parent) => {
            container::user(&runtime_user(plan, *parent, &Overrides::default(), &|_| None))
        }
        Base::Image(image) => {
            let user = runtime_user_of_image(image.facts, &Overrides::default());
            container::user(&user).map(|user| user.split(',').next().unwrap_or_default().to_owned())
        }
        Base::Unknown => None,
    }
}

fn symbol(plan: &BuildPlan, instruction: &Instruction) -> Option<Symbol> {
    let text =
        plan.dockerfile.file.slice(instruction.span).lines().next()?.trim_end_matches(['\\', '`']).trim();
    let cut = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    Some(Symbol {
        name: text.get(..cut).unwrap_or_default().to_owned(),
        detail: String::new(),
        kind: SymbolKind::Instruction,
        span: instruction.span,
        name_span: instruction.keyword.span,
        children: Vec::new(),
    })
}

fn of_instruction(plan: &BuildPlan, index: usize, instruction: &Instruction, facts: &mut Facts) {
    let file = &plan.dockerfile.file;
    for (word, is_mount) in from_references(instruction) {
        let number = || word.text().parse::<usize>().ok().filter(|_| !is_mount);
        let named = plan.names.get(&word.text().to_lowercase()).copied().or_else(number);
        match named.and_then(|stage| plan.stages.get(stage)) {
            Some(stage) => {
                facts.link(word.span(), Place::new(file, stage.from_span));
                facts.fact(word.span(), format!("The stage `{}` of this file", name_of(stage)));
            }
            None if !word.text().contains('$') => facts.fact(word.span(), container::image(word.text())),
            None => {}
        }
    }
    if let InstructionKind::User(user) = &instruction.kind {
        let expanded = plan.expand(index, user);
        if user.text().contains('$') && expanded.known {
            facts.hint(user.span().end(), format!("= {}", expanded.shown), "What the variable comes to");
        }
        if let Some(stage) = plan.stage_of(index) {
            let accounts = &stage.accounts;
            let name = expanded.shown.split(':').next().unwrap_or_default();
            let uid = accounts.known.get(name).and_then(|account| account.uid);
            let text = match uid {
                Some(uid) => format!("`{name}` is uid {uid} in this image"),
                None if name.parse::<u32>().is_ok() => format!("Uid {name}, whatever it is called"),
                None => format!("What uid `{name}` has is not known from the files"),
            };
            facts.fact(user.span(), text);
        }
    }
    for word in words(instruction) {
        variables(plan, index, word, facts);
    }
}

/// The words of an instruction that BuildKit replaces variables in.
fn words(instruction: &Instruction) -> Vec<&Mapped> {
    let flags = instruction.flags.iter().filter_map(|flag| flag.value.as_ref());
    let words: Vec<&Mapped> = match &instruction.kind {
        InstructionKind::From(from) => vec![&from.image],
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) => {
            copy.sources.iter().chain(&copy.destination).collect()
        }
        InstructionKind::Env(pairs) | InstructionKind::Label(pairs) | InstructionKind::Arg(pairs) => {
            pairs.iter().filter_map(|pair| pair.value.as_ref()).collect()
        }
        InstructionKind::Expose(words) | InstructionKind::Volume(words) => words.iter().collect(),
        InstructionKind::User(word) | InstructionKind::Workdir(word) | InstructionKind::Stopsignal(word) => {
            vec![word]
        }
        _ => Vec::new(),
    };
    words.into_iter().chain(flags).collect()
}

fn variables(plan: &BuildPlan, index: usize, word: &Mapped, facts: &mut Facts) {
    if !word.text().contains('$') {
        return;
    }
    let is_from = matches!(
        plan.instruction(index).map(|instruction| &instruction.kind),
        Some(InstructionKind::From(_))
    );
    let variables = if is_from { &plan.globals } else { plan.variables_at(index) };
    let file = &plan.dockerfile.file;
    let Ok(parsed) = expansion::parse(word, plan.dockerfile.tree.escape) else { return };
    let unknown = |_: &str| expansion::Value::Unknown;
    let uses = expansion::expand(&parsed, unknown).map(|expanded| expanded.uses).unwrap_or_default();
    for used in uses {
        let name = used.name.as_str();
        let origin = variables.origin(name);
        let origin =
            origin.map(|origin| origin.span).or_else(|| if is_from { global(plan, name) } else { None });
        if let Some(origin) = origin {
            facts.link(used.span, Place::new(file, origin));
        }
        let at =
            origin.map(|origin| format!(", set in line {}", file.line(origin.start()))).unwrap_or_default();
        let text = match variables.get(name) {
            Some(value) if value.known => format!("`{name}` is {}{at}", shown(name, &value.shown)),
            Some(_) => format!("What `{name}` is depends on something that is not in the files{at}"),
            None if variables.is_declared(name) => {
                format!("`{name}` has no value unless whoever builds passes one")
            }
            None => format!("Nothing sets `{name}`: it is empty"),
        };
        facts.fact(used.span, text);
    }
}

/// The `ARG` before the first stage that declares a variable.
fn global(plan: &BuildPlan, name: &str) -> Option<Span> {
    let first = plan.stages.first().map_or(usize::MAX, |stage| stage.from);
    let mut before = plan.dockerfile.tree.instructions.iter().take(first);
    let declares = |instruction: &&Instruction| match &instruction.kind {
        InstructionKind::Arg(pairs) => pairs.iter().any(|pair| pair.key.text() == name),
        _ => false,
    };
    before.rfind(declares).map(|instruction| instruction.span)
}

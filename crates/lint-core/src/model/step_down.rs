//! Entrypoints that start as root and give it up: `gosu`, `su-exec`, `setpriv` and their kin.
//!
//! Only what the container runs counts. Installing gosu, or `RUN gosu nobody true`, shows nothing.

mod files_of_image;
mod tools;

use lint_parser::dockerfile::ast::CommandLine;
use lint_parser::shell;
use lint_parser::shell::word::Word;
use lint_parser::text::mapped::Mapped;

use crate::files;
use crate::model::build::BuildPlan;
use crate::model::image_facts::ImageFacts;
use crate::model::stage::{Base, ImageCommand, Origin, Setting, Stage};
use crate::model::step_down::tools::Command;
use crate::model::user::runtime::Overrides;
use crate::model::user::{Accounts, UserKind, classify};
use crate::model::variables::Variables;

/// Whether entrypoint and command leave root before the program proper runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepDown {
    /// They do.
    Yes {
        /// The user they change to, as written where it is known at run time only; `None` where the image's own
        /// entrypoint decides.
        user: Option<String>,
        /// Where that is written.
        place: StepDownPlace,
    },
    /// Nothing shows that they do.
    No,
    /// They may: an init system with services we cannot see, a user that is known at run time only.
    Unknown,
}

/// Where stepping down is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepDownPlace {
    /// In the service's `entrypoint` or `command`.
    Service,
    /// In an `ENTRYPOINT` or `CMD`.
    Instruction(Origin),
    /// In a script of the build context; the path there.
    Script(String),
    /// In a script that the Dockerfile itself holds as a heredoc.
    Heredoc(Origin),
    /// In the entrypoint the base image comes with.
    BaseImage,
}

/// Reads a file of the build context by its path in it; `None` when it cannot be read.
pub type ContextFile<'a> = &'a dyn Fn(&str) -> Option<String>;

/// How deep scripts may call scripts, and commands hold commands.
const DEEPEST: usize = 8;
/// Programs looked for in the image for one verdict.
const MOST_PROGRAMS: usize = 64;

/// What the container of a stage does.
pub(crate) fn of_stage(
    plan: &BuildPlan,
    stage: &Stage,
    overrides: &Overrides<'_>,
    context: ContextFile<'_>,
) -> StepDown {
    let root = plan.chain(stage.index).last().unwrap_or(stage);
    let facts = match &root.base {
        Base::Image(image) => image.facts,
        Base::Stage(_) | Base::Scratch | Base::Unknown => None,
    };
    let mut search = Search {
        accounts: &stage.accounts,
        variables: &stage.variables,
        facts,
        image: Some((plan, stage, context)),
        programs: 0,
    };
    let entrypoint = stage.config.entrypoint.as_ref();
    if overrides.entrypoint.is_none() && entrypoint.is_none() && facts.is_some_and(|facts| facts.steps_down) {
        return StepDown::Yes { user: None, place: StepDownPlace::BaseImage };
    }
    let mut words = Vec::new();
    let mut origin = None;
    let mut shell_form = false;
    match overrides.entrypoint {
        Some(entrypoint) => words.extend(literal_words(entrypoint)),
        None => {
            if let Some(Setting { value, origin: at }) = entrypoint {
                shell_form = add(&mut words, value);
                origin = Some(*at).filter(|_| !words.is_empty());
            }
        }
    }
    match (overrides.command, overrides.entrypoint) {
        // The shell of a shell form ignores what follows.
        _ if shell_form => {}
        (Some(command), _) => words.extend(literal_words(command)),
        (None, Some(_)) => {}
        (None, None) => {
            if let Some(Setting { value, origin: at }) = &stage.config.cmd {
                add(&mut words, value);
                origin = origin.or(Some(*at));
            }
        }
    }
    let place = origin.map_or(StepDownPlace::Service, StepDownPlace::Instruction);
    search.command(&words, &place, DEEPEST)
}

/// What the container of an image that is not built here does.
pub(crate) fn of_image(
    facts: &'static ImageFacts,
    accounts: &Accounts,
    variables: &Variables,
    overrides: &Overrides<'_>,
) -> StepDown {
    if overrides.entrypoint.is_none() && facts.steps_down {
        return StepDown::Yes { user: None, place: StepDownPlace::BaseImage };
    }
    let mut search = Search { accounts, variables, facts: Some(facts), image: None, programs: 0 };
    search.command(&service_words(overrides), &StepDownPlace::Service, DEEPEST)
}

/// What a service's own words show, whatever its image.
pub(crate) fn of_words(overrides: &Overrides<'_>, accounts: &Accounts, variables: &Variables) -> StepDown {
    let mut search = Search { accounts, variables, facts: None, image: None, programs: 0 };
    search.command(&service_words(overrides), &StepDownPlace::Service, DEEPEST)
}

fn service_words(overrides: &Overrides<'_>) -> Vec<Word> {
    let parts = [overrides.entrypoint, overrides.command];
    parts.into_iter().flatten().flat_map(literal_words).collect()
}

fn literal_words(words: &[String]) -> impl Iterator<Item = Word> {
    words.iter().map(|word| Word::of_literal(Mapped::verbatim(word, 0)))
}

/// Adds the words of an ENTRYPOINT or CMD; `true` for a shell form.
fn add(words: &mut Vec<Word>, command: &ImageCommand) -> bool {
    let ImageCommand::Line { line, shell } = command else { return false };
    match &**line {
        CommandLine::Exec { words: exec, .. } => {
            words.extend(exec.iter().cloned().map(Word::of_literal));
            false
        }
        CommandLine::Shell(text) => {
            match shell {
                Some(shell) => words.extend(literal_words(shell)),
                None => {
                    words.extend(["/bin/sh", "-c"].map(|word| Word::of_literal(Mapped::verbatim(word, 0))))
                }
            }
            words.push(Word::of_literal(text.clone()));
            true
        }
    }
}

struct Search<'a> {
    accounts: &'a Accounts,
    variables: &'a Variables,
    facts: Option<&'static ImageFacts>,
    image: Option<(&'a BuildPlan, &'a Stage, ContextFile<'a>)>,
    programs: usize,
}

impl Search<'_> {
    fn command(&mut self, words: &[Word], place: &StepDownPlace, depth: usize) -> StepDown {
        let Some(depth) = depth.checked_sub(1) else { return StepDown::No };
        match tools::read(words, self.variables) {
            Command::None => StepDown::No,
            Command::Drops(user) => self.user(user, place),
            Command::Script(text) => {
                let script = shell::parse(&text).tree;
                // `sh -c 'prepare; exec gosu app serve'`: what is run last is what stays.
                match script.simple_commands().iter().rev().find(|site| {
                    !site.context.in_substitution
                        && !site.context.in_condition
                        && !site.command.words.is_empty()
                }) {
                    Some(last) => self.command(&last.command.words, place, depth),
                    None => StepDown::No,
                }
            }
            Command::Init => match self.facts {
                Some(facts) if facts.steps_down => {
                    StepDown::Yes { user: None, place: StepDownPlace::BaseImage }
                }
                _ => StepDown::Unknown,
            },
            Command::Program(path) => self.program(&path, depth),
        }
    }

    fn user(&self, user: tools::User, place: &StepDownPlace) -> StepDown {
        match user {
            tools::User::Known(name) => match classify(&name, self.accounts) {
                UserKind::Root(_) => StepDown::No,
                // A user that does not exist is not root either: the container does not start.
                UserKind::NotRoot | UserKind::Invalid(_) | UserKind::Unknown => {
                    StepDown::Yes { user: Some(name), place: place.clone() }
                }
            },
            // `gosu "$APP_USER"`, set by nobody we see: whoever writes that means to step down.
            tools::User::AtRunTime(written) => StepDown::Yes { user: Some(written), place: place.clone() },
        }
    }

    /// A program or script of the image.
    fn program(&mut self, path: &str, depth: usize) -> StepDown {
        self.programs += 1;
        if self.programs <= MOST_PROGRAMS
            && let Some((plan, stage, context)) = self.image
            && let Some((text, place)) = files_of_image::read(plan, stage, path, context)
        {
            return self.script(&text, &place, depth);
        }
        // The base image's own entrypoint, named again by a derived image.
        let name = files::file_name(path);
        let stock = self.facts.is_some_and(|facts| facts.steps_down)
            && matches!(name, "docker-entrypoint.sh" | "docker-entrypoint" | "entrypoint.sh");
        if stock {
            return StepDown::Yes { user: None, place: StepDownPlace::BaseImage };
        }
        StepDown::No
    }

    /// A script steps down when one of its commands does: it stands in `if [ "$(id -u)" = 0 ]`, or at the end.
    fn script(&mut self, text: &str, place: &StepDownPlace, depth: usize) -> StepDown {
        if text.contains('\0') {
            return StepDown::No;
        }
        let script = shell::parse(&Mapped::verbatim(text, 0)).tree;
        let mut verdict = StepDown::No;
        for site in script.simple_commands() {
            let context = &site.context;
            if context.in_substitution || context.in_condition || context.background {
                continue;
            }
            // `gosu app true` before the program proper is a task, not the program; `"$@"` or `exec` is.
            let hands_over = site.command.name() == Some("exec")
                || site.command.words.iter().any(|word| word.text.text().contains("$@"))
                || site.command.words.iter().any(|word| word.text.text().contains("$*"))
                || context.function.is_none() && is_last(&script, &site.command);
            if !hands_over && !sets_arguments(&site.command) {
                continue;
            }
            let words = arguments_set(&site.command);
            match self.command(words, place, depth) {
                yes @ StepDown::Yes { .. } => return yes,
                StepDown::Unknown => verdict = StepDown::Unknown,
                StepDown::No => {}
            }
        }
        verdict
    }
}

/// `set -- gosu app "$@"`, after which the script runs `exec "$@"`.
fn sets_arguments(command: &shell::ast::SimpleCommand) -> bool {
    command.name() == Some("set") && command.args().first().is_some_and(|word| word.is("--"))
}

fn arguments_set(command: &shell::ast::SimpleCommand) -> &[Word] {
    if sets_arguments(command) { command.args().get(1..).unwrap_or_default() } else { &command.words }
}

fn is_last(script: &shell::ast::Script, command: &shell::ast::SimpleCommand) -> bool {
    let last = script.commands.last().and_then(|list| list.pipelines.last()).and_then(|p| p.commands.last());
    last.is_some_and(|last| {
        let end = last.text().range().end;
        command.text.range().end >= end || last.text().range().contains(&command.text.range().start)
    })
}

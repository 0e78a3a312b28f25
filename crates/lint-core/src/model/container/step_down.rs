//! Entrypoints that start as root and give it up: `gosu`, `su-exec`, `setpriv` and their kin.
//!
//! Only what the container runs counts. Installing gosu, or `RUN gosu nobody true`, shows nothing.

mod files_of_image;
mod held;
mod links;
mod tools;

use lint_parser::dockerfile::ast::CommandLine;
use lint_parser::shell;
use lint_parser::shell::word::Word;
use lint_parser::text::mapped::Mapped;

use crate::files;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Base, Copied, ImageCommand, Stage};
use crate::model::build::user::{Accounts, UserKind, classify};
use crate::model::container::step_down::tools::Command;
use crate::model::known::image_facts::ImageFacts;
use crate::model::values::origin::SetAt;
use crate::model::values::origin::Setting;
use crate::model::values::shell_words::evaluate;
use crate::model::values::variables::{Expanded, Variables};

/// What a Compose service sets over its image.
#[derive(Clone, Copy, Debug, Default)]
pub struct Overrides<'a> {
    /// `user:`, interpolated; an empty one counts as not set.
    pub user: Option<&'a Expanded>,
    /// `entrypoint:` as words. It replaces the image's and clears its CMD.
    pub entrypoint: Option<&'a [String]>,
    /// `command:` as words.
    pub command: Option<&'a [String]>,
}

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
    Instruction(SetAt),
    /// In a script of the build context; the path there.
    Script(String),
    /// In a script that the Dockerfile itself holds as a heredoc.
    Heredoc(SetAt),
    /// In the entrypoint the base image comes with.
    BaseImage,
}

/// Reads a file of the build context by its path in it; `None` when it cannot be read.
pub type ContextFile<'a> = &'a dyn Fn(&str) -> Option<String>;

/// How deep scripts may call scripts, and commands hold commands.
const DEEPEST: usize = 8;
/// Programs looked for in the image for one verdict.
const MOST_PROGRAMS: usize = 64;

/// The copy that puts a file at a path of a stage's image, or at any directory where the path is a name alone, and the file's path in
/// what it is copied from.
pub(super) fn copied_to<'p>(
    plan: &'p BuildPlan,
    stage: &Stage,
    path: &str,
    context: ContextFile<'_>,
) -> Option<(&'p Copied, String)> {
    files_of_image::find(plan, stage, path, !path.contains('/'), context)
}

/// What the container of a stage does.
pub(crate) fn of_stage(
    plan: &BuildPlan,
    stage: &Stage,
    overrides: &Overrides<'_>,
    context: ContextFile<'_>,
) -> StepDown {
    let root = plan.root_of(stage);
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
        links: links::Links::default(),
    };
    let entrypoint = stage.config.entrypoint.as_ref();
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
    if overrides.entrypoint.is_none()
        && entrypoint.is_none()
        && let Some(step) = search.own_step(words.first())
    {
        return step;
    }
    let place = origin.map_or(StepDownPlace::Service, StepDownPlace::Instruction);
    search.command(&words, &place, DEEPEST)
}

/// What the container of an image that is not built here does.
pub(crate) fn of_image(
    facts: ImageFacts,
    accounts: &Accounts,
    variables: &Variables,
    overrides: &Overrides<'_>,
) -> StepDown {
    let mut search = Search {
        accounts,
        variables,
        facts: Some(facts),
        image: None,
        programs: 0,
        links: links::Links::default(),
    };
    let words = service_words(overrides);
    if overrides.entrypoint.is_none()
        && let Some(step) = search.own_step(words.first())
    {
        return step;
    }
    search.command(&words, &StepDownPlace::Service, DEEPEST)
}

/// What a service's own words show, whatever its image.
pub(crate) fn of_words(overrides: &Overrides<'_>, accounts: &Accounts, variables: &Variables) -> StepDown {
    let mut search =
        Search { accounts, variables, facts: None, image: None, programs: 0, links: links::Links::default() };
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
    facts: Option<ImageFacts>,
    image: Option<(&'a BuildPlan, &'a Stage, ContextFile<'a>)>,
    programs: usize,
    /// The other names of files, of each stage that was looked into.
    links: links::Links,
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
            Command::Init => self.own_step(None).unwrap_or(StepDown::Unknown),
            Command::Program(path, rest) => self.program(&path, rest.first(), depth),
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
    fn program(&mut self, path: &str, first: Option<&Word>, depth: usize) -> StepDown {
        self.programs += 1;
        if self.programs <= MOST_PROGRAMS
            && let Some((plan, stage, context)) = self.image
            && let Some((text, place)) = files_of_image::read(plan, stage, path, context, &mut self.links)
        {
            return self.script(&text, &place, depth);
        }
        // The base image's own entrypoint, named again by a derived image.
        let name = files::file_name(path);
        let stock = matches!(name, "docker-entrypoint.sh" | "docker-entrypoint" | "entrypoint.sh");
        stock.then(|| self.own_step(first)).flatten().unwrap_or(StepDown::No)
    }

    /// What a script does that another one reads into itself.
    fn sourced(&mut self, script: &shell::ast::Script, word: &Word, depth: usize) -> StepDown {
        let Some(depth) = depth.checked_sub(1) else { return StepDown::No };
        let Some(path) = evaluate(word, self.variables) else {
            // One of a directory's files may be the one that goes on as somebody else.
            return if held::is_of_directory(script, word) { StepDown::Unknown } else { StepDown::No };
        };
        self.programs += 1;
        match self.image {
            Some((plan, stage, context)) if self.programs <= MOST_PROGRAMS => {
                match files_of_image::read(plan, stage, &path, context, &mut self.links) {
                    Some((text, place)) => self.script(&text, &place, depth),
                    None => StepDown::No,
                }
            }
            _ => StepDown::No,
        }
    }

    /// What the entrypoint of the base image does, given a command that begins with this word.
    fn own_step(&self, first: Option<&Word>) -> Option<StepDown> {
        let step = self.facts?.steps_down?;
        let first = first.and_then(|word| evaluate(word, self.variables));
        step.is_taken_for(first.as_deref())
            .then(|| StepDown::Yes { user: step.user.map(str::to_owned), place: StepDownPlace::BaseImage })
    }

    /// A script steps down when one of its commands does: it stands in `if [ "$(id -u)" = 0 ]`, or at the end.
    fn script(&mut self, text: &str, place: &StepDownPlace, depth: usize) -> StepDown {
        if text.contains('\0') {
            return StepDown::No;
        }
        let script = shell::parse(&Mapped::verbatim(text, 0)).tree;
        let mut verdict = StepDown::No;
        let sites = script.simple_commands();
        for site in sites {
            let context = &site.context;
            if context.in_substitution || context.in_condition || context.background {
                continue;
            }
            if let ([word, ..], Some("." | "source")) = (site.command.args(), site.command.name()) {
                match self.sourced(&script, word, depth) {
                    yes @ StepDown::Yes { .. } => return yes,
                    StepDown::Unknown => verdict = StepDown::Unknown,
                    StepDown::No => {}
                }
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
            let held = held::alternatives(&script, sites, words);
            for words in held.iter().map(Vec::as_slice).chain([words]) {
                match self.command(words, place, depth) {
                    yes @ StepDown::Yes { .. } => return yes,
                    StepDown::Unknown => verdict = StepDown::Unknown,
                    StepDown::No => {}
                }
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

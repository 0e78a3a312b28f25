//! What a `COPY . .` takes along that nobody means to have in an image.

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::files::{join, normalise};
use crate::model::build::BuildPlan;
use crate::model::container::{BuildFiles, Presence};
use crate::model::paths::dockerignore::Budget;

/// Files at the root of a project that hold credentials.
const SECRETS: [&str; 6] = [".env", ".git-credentials", ".netrc", ".npmrc", ".pypirc", ".aws/credentials"];

/// Copies of the whole context that are looked at; each costs some questions to the disk.
const MOST_COPIES: usize = 20;

/// A `COPY` of a whole build context, and what comes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeContext {
    /// The source in the Dockerfile.
    pub span: Span,
    /// Files that hold credentials, as they are called in the context.
    pub secrets: Vec<&'static str>,
    /// Whether the history of the repository comes along.
    pub repository: bool,
    /// Whether there is a `.dockerignore`, which does not keep them out.
    pub has_ignore: bool,
}

/// The copies of a whole context into the image, where something certainly comes along.
#[must_use]
pub(super) fn taken_along(plan: &BuildPlan, context: &str, files: &dyn BuildFiles) -> Vec<WholeContext> {
    let mut found = Vec::new();
    for span in whole_copies(plan) {
        let Some(taken) = taken(plan, context, span, files) else { break };
        if !taken.secrets.is_empty() || taken.repository {
            found.push(taken);
        }
    }
    found
}

/// Where the whole context is copied into a stage the image is made of.
fn whole_copies(plan: &BuildPlan) -> Vec<Span> {
    let mut found = Vec::new();
    for index in plan.shipped().flat_map(|stage| stage.instructions.clone()) {
        let Some(instruction) = plan.instruction(index) else { continue };
        let (InstructionKind::Copy(copy) | InstructionKind::Add(copy)) = &instruction.kind else { continue };
        if instruction.flag("from").is_some() || instruction.flag("exclude").is_some() {
            continue;
        }
        let whole = copy.sources.iter().find(|word| {
            let source = plan.expand(index, word);
            let is_root = |text: &str| !text.is_empty() && normalise(&format!("/{text}")) == "/";
            source.unset.is_empty() && source.text().is_some_and(is_root)
        });
        found.extend(whole.map(|word| word.span()));
        if found.len() >= MOST_COPIES {
            break;
        }
    }
    found
}

/// `None` where it cannot be known what is kept out.
fn taken(plan: &BuildPlan, context: &str, span: Span, files: &dyn BuildFiles) -> Option<WholeContext> {
    if plan.ignored.is_none() {
        let own = format!("{}.dockerignore", plan.dockerfile.file.name());
        for path in [own, join(context, ".dockerignore")] {
            if files.presence(&path) != Presence::Missing {
                return None;
            }
        }
    }
    let comes = |path: &str, within: &str| {
        let mut budget = Budget::default();
        let mut kept_out = |path: &str| {
            plan.ignored.as_ref().is_some_and(|ignored| ignored.excluded_by(path, &mut budget).is_some())
        };
        files.presence(&join(context, path)) == Presence::There && !kept_out(path) && !kept_out(within)
    };
    Some(WholeContext {
        span,
        secrets: SECRETS.into_iter().filter(|path| comes(path, path)).collect(),
        repository: comes(".git", ".git/config"),
        has_ignore: plan.ignored.is_some(),
    })
}

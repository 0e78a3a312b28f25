//! The verdict: who a container's main process runs as, for an image alone or for a service that runs it.

use crate::model::build::BuildPlan;
use crate::model::build::stage::Base;
use crate::model::build::user::{Accounts, InvalidUser, RootForm, UserKind, classify};
use crate::model::container::step_down::{self, ContextFile, Overrides, StepDown};
use crate::model::kit::holes::is_known;
use crate::model::known::image_facts::{ImageFacts, ImageUser};
use crate::model::values::origin::{Confidence, SetAt};
use crate::model::values::variables::{Expanded, UnsetVariable, Variables};

/// Who the main process of a container runs as, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeUser {
    /// What the effective string means.
    pub kind: UserKind,
    /// The effective string; where it depends on something unknown, a guess. `None` when no file says any.
    pub text: Option<String>,
    /// Who says so.
    pub set_by: SetBy,
    /// How sure that is.
    pub certainty: Confidence,
    /// Variables the string depends on that nothing sets.
    pub unset: Vec<UnsetVariable>,
    /// Whether entrypoint and command leave root before the program proper runs. Worked out for root alone;
    /// `No` for everybody else.
    pub step_down: StepDown,
}

/// What decides the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// The service's `user:`.
    Service,
    /// A `USER` instruction, of the target stage or an ancestor.
    Instruction(SetAt),
    /// Nobody but the base image of the target chain: report at the `FROM` of the target stage.
    Base,
}

impl RuntimeUser {
    /// Whether the program proper runs as root, as far as can be known: root, and nothing steps down or may.
    #[must_use]
    pub fn stays_root(&self) -> bool {
        matches!(self.kind, UserKind::Root(_)) && self.step_down == StepDown::No
    }
}

/// Who runs in a container of a stage. `context` reads files of the build context, by their path in it.
#[must_use]
pub fn runtime_user(
    plan: &BuildPlan,
    stage: usize,
    overrides: &Overrides<'_>,
    context: ContextFile<'_>,
) -> RuntimeUser {
    let Some(built) = plan.stages.get(stage) else { return unknown_image(overrides) };
    let root = plan.root_of(built);
    let mut user = match (service_user(overrides, &built.accounts), &built.config.user) {
        (Some(user), _) => user,
        (None, Some(setting)) => of_text(&setting.value, SetBy::Instruction(setting.origin), &built.accounts),
        (None, None) => match &root.base {
            Base::Scratch | Base::Stage(_) => {
                by_base(UserKind::Root(RootForm::Empty), None, Confidence::Certain)
            }
            Base::Image(image) => image.facts.map_or_else(unknown_base, of_image),
            Base::Unknown if root.base_runs_as_root || root.base_is_open => unknown_base(),
            Base::Unknown => by_base(UserKind::Unknown, None, Confidence::Possible),
        },
    };
    if matches!(user.kind, UserKind::Root(_)) {
        user.step_down = step_down::of_stage(plan, built, overrides, context);
    }
    user
}

/// Who runs in a container of an image that is not built here; `facts` are those of its reference. Without
/// them nothing is known.
#[must_use]
pub fn runtime_user_of_image(facts: Option<ImageFacts>, overrides: &Overrides<'_>) -> RuntimeUser {
    let Some(facts) = facts else { return unknown_image(overrides) };
    let accounts = Accounts::of_image(facts);
    let mut user = service_user(overrides, &accounts).unwrap_or_else(|| of_image(facts));
    if matches!(user.kind, UserKind::Root(_)) {
        let variables = Variables::default();
        user.step_down = step_down::of_image(facts, &accounts, &variables, overrides);
    }
    user
}

/// An image nothing is known of: only what the service says counts.
fn unknown_image(overrides: &Overrides<'_>) -> RuntimeUser {
    let accounts = Accounts::unknown();
    let mut user = service_user(overrides, &accounts)
        .unwrap_or_else(|| by_base(UserKind::Unknown, None, Confidence::Possible));
    if matches!(user.kind, UserKind::Root(_)) {
        user.step_down = step_down::of_words(overrides, &accounts, &Variables::default());
    }
    user
}

fn service_user(overrides: &Overrides<'_>, accounts: &Accounts) -> Option<RuntimeUser> {
    let user = overrides.user.filter(|user| !(user.known && user.shown.is_empty()))?;
    Some(of_text(user, SetBy::Service, accounts))
}

fn of_text(user: &Expanded, set_by: SetBy, accounts: &Accounts) -> RuntimeUser {
    // In `1000:${GROUP}` the user is known although the whole is not.
    let name = user.shown.split(':').next().unwrap_or_default();
    let decided = user.known || (!name.contains("${") && is_known(name) && user.shown.contains(':'));
    let kind = if decided {
        classify(&user.shown, accounts)
    } else if name.contains("${") || !is_known(name) {
        UserKind::Unknown
    } else {
        // The default that is written for an unknown variable: a guess.
        classify(&user.shown, accounts)
    };
    let mut unguarded = user.unset.iter().filter(|variable| !variable.guarded);
    let certainty = match (decided, unguarded.next()) {
        (false, _) => Confidence::Possible,
        (true, None) => Confidence::Certain,
        // Whoever builds may pass it.
        (true, Some(first)) if first.declared || unguarded.any(|variable| variable.declared) => {
            Confidence::Possible
        }
        (true, Some(_)) => Confidence::Likely,
    };
    let (kind, certainty) = match kind {
        // Which users an image holds is known from its documentation, no better.
        UserKind::Invalid(InvalidUser::UnknownName { .. }) if certainty == Confidence::Certain => {
            (kind, Confidence::Likely)
        }
        // Better silent than wrong.
        UserKind::Invalid(_) if certainty != Confidence::Certain => (UserKind::Unknown, certainty),
        kind => (kind, certainty),
    };
    RuntimeUser {
        kind,
        text: Some(user.shown.to_string()),
        set_by,
        certainty,
        unset: user.unset.clone(),
        step_down: StepDown::No,
    }
}

fn of_image(facts: ImageFacts) -> RuntimeUser {
    let (kind, text) = match facts.user {
        ImageUser::Root => (UserKind::Root(RootForm::Empty), None),
        ImageUser::NotRoot(name) => (UserKind::NotRoot, Some(name)),
        ImageUser::WindowsAdministrator => {
            (UserKind::Root(RootForm::WindowsAdministrator), Some("ContainerAdministrator"))
        }
        ImageUser::Unknown => return unknown_base(),
    };
    by_base(kind, text, Confidence::Likely)
}

/// Most images run as root; that an image nothing is known of does is possible, no more.
fn unknown_base() -> RuntimeUser {
    by_base(UserKind::Root(RootForm::Empty), None, Confidence::Possible)
}

fn by_base(kind: UserKind, text: Option<&str>, certainty: Confidence) -> RuntimeUser {
    RuntimeUser {
        kind,
        text: text.map(str::to_owned),
        set_by: SetBy::Base,
        certainty,
        unset: Vec::new(),
        step_down: StepDown::No,
    }
}

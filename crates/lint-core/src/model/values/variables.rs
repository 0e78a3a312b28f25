//! ARG and ENV as expansion sees them at some point of a build.
//!
//! Of two definitions in one stage the later wins, whichever instruction makes it. A child stage inherits both,
//! but BuildKit then sets the ENV of the image again, so there an inherited ENV beats an inherited ARG.

use std::sync::{Arc, LazyLock};

use lint_parser::dockerfile::expansion::{self, UseState, Value, Word};
use lint_parser::syntax_error::SyntaxError;
use lint_parser::text::mapped::Mapped;

use crate::model::kit::persistent::PersistentMap;
use crate::model::known::image_environment::{InBase, image_sets};
use crate::model::known::image_facts::ImageVariables;
use crate::model::values::origin::SetAt;

/// A word after expansion.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Expanded {
    /// The text. Where it depends on something unknown this is a guess: `${NAME}` stands for an unknown value,
    /// or the default that is written for it.
    pub shown: Arc<str>,
    /// Whether the text is what BuildKit would make of it.
    pub known: bool,
    /// The variables it used that nothing sets, in order, each once. BuildKit takes them as empty.
    pub unset: Vec<UnsetVariable>,
    /// Whether an ARG that `--build-arg` may replace had a part in it.
    pub through_arguments: bool,
    /// Whether some of it was given up because it grew too large.
    pub(in crate::model) given_up: bool,
    /// Where the text is not known: what it is if a base image whose interesting variables are known sets none of
    /// the others. `USER` believes that, so it must through a variable as well.
    pub(in crate::model) bare: Option<Arc<str>>,
}

/// A variable that nothing sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsetVariable {
    /// Its name.
    pub name: String,
    /// Whether an `ARG` declares it, so that whoever builds may pass it.
    pub declared: bool,
    /// Whether the reference says what to do without it: `${X:-app}`.
    pub guarded: bool,
}

/// The variables in force at one point. Cheap to clone: a later point shares what it inherits.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    by_name: PersistentMap<Variable>,
    base: BaseVariables,
    stage: usize,
}

/// Which variables the base image may set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum BaseVariables {
    /// There is no base image.
    #[default]
    None,
    /// Those of a known image, of which the interesting ones are known.
    Known(ImageVariables),
    /// Any.
    Unknown,
}

/// A variable's definitions by ENV and by ARG, the latest of each.
#[derive(Clone, Debug, Default)]
struct Variable {
    env: Option<Definition>,
    arg: Option<Definition>,
    /// Of the two, the ARG came later.
    arg_is_later: bool,
    /// An ARG declares it, whether or not it has a value.
    declared: bool,
}

#[derive(Clone, Debug)]
struct Definition {
    value: Expanded,
    origin: Option<SetAt>,
    /// The stage that ran the instruction.
    stage: usize,
}

/// What stands for a variable that only the base image can set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Undefined {
    /// It may have any value: right for a known image too, since of its variables only few are known.
    Unknown,
    /// A known image does not set it. For `USER` alone: there the ones that matter are known.
    Unset,
}

impl Variable {
    /// The definition in force in a stage.
    fn effective(&self, stage: usize) -> Option<&Definition> {
        match (&self.env, &self.arg) {
            (Some(_), Some(arg)) if arg.stage == stage && self.arg_is_later => Some(arg),
            (Some(env), _) => Some(env),
            (None, Some(arg)) => Some(arg),
            (None, None) => None,
        }
    }
}

impl Expanded {
    /// The text, where it is known.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.known.then_some(&*self.shown)
    }

    /// Text that stands as it is.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self { shown: text.into(), known: true, ..Self::default() }
    }

    /// Nothing is known of it.
    #[must_use]
    pub fn unknown(shown: &str) -> Self {
        Self { shown: shown.into(), ..Self::default() }
    }
}

impl Variables {
    pub(crate) fn of_stage(stage: usize, base: BaseVariables) -> Self {
        Self { by_name: PersistentMap::new(), base, stage }
    }

    /// Those of a running container, when nothing is known of them.
    pub(crate) fn of_container() -> &'static Self {
        static OF_CONTAINER: LazyLock<Variables> =
            LazyLock::new(|| Variables::of_stage(0, BaseVariables::Unknown));
        &OF_CONTAINER
    }

    /// What a child stage begins with.
    pub(crate) fn inherited_by(&self, stage: usize) -> Self {
        Self { stage, ..self.clone() }
    }

    pub(crate) fn set_env(&mut self, name: &str, value: Expanded, origin: Option<SetAt>) {
        let mut variable = self.by_name.get(name).cloned().unwrap_or_default();
        variable.env = Some(Definition { value, origin, stage: self.stage });
        variable.arg_is_later = false;
        self.by_name.insert(name, variable);
    }

    pub(crate) fn set_arg(&mut self, name: &str, value: Option<Expanded>, origin: Option<SetAt>) {
        let mut variable = self.by_name.get(name).cloned().unwrap_or_default();
        variable.declared = true;
        // An ARG without any value leaves an earlier definition in force.
        if let Some(mut value) = value {
            value.through_arguments = true;
            variable.arg = Some(Definition { value, origin, stage: self.stage });
            variable.arg_is_later = true;
        }
        self.by_name.insert(name, variable);
    }

    /// The value of a variable; `None` when it certainly has none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Expanded> {
        match self.by_name.get(name).and_then(|variable| variable.effective(self.stage)) {
            Some(definition) => Some(definition.value.clone()),
            None => match self.value(name, Undefined::Unknown) {
                Value::Unset => None,
                Value::Known(text) => Some(Expanded { shown: text, known: true, ..Expanded::default() }),
                Value::Unknown => Some(Expanded::unknown(&format!("${{{name}}}"))),
            },
        }
    }

    /// The instruction that defined a variable.
    #[must_use]
    pub fn origin(&self, name: &str) -> Option<SetAt> {
        self.by_name.get(name)?.effective(self.stage)?.origin
    }

    /// The names that instructions define or declare here, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.iter().map(|(name, _)| name)
    }

    /// Whether an `ARG` declares the variable here, with or without a value.
    #[must_use]
    pub fn is_declared(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|variable| variable.declared)
    }

    /// Expands a word as BuildKit does; one it would refuse is unknown and shown as written. What only the base
    /// image could set is unknown.
    #[must_use]
    pub fn expand(&self, word: &Mapped, escape: char) -> Expanded {
        self.expanded(word, escape, Undefined::Unknown)
    }

    /// The same for `USER`, where the variables of known images are known.
    #[must_use]
    pub fn expand_user(&self, word: &Mapped, escape: char) -> Expanded {
        self.expanded(word, escape, Undefined::Unset)
    }

    /// The references of a word to variables that no instruction defines or declares here, those that say
    /// themselves what to do without a value excepted. The base image may define them.
    #[must_use]
    pub fn undefined(&self, word: &Mapped, escape: char) -> Vec<expansion::Use> {
        if !word.text().contains('$') {
            return Vec::new();
        }
        self.undefined_among(expansion::parse(word, escape))
    }

    /// The same of the body of a heredoc.
    #[must_use]
    pub fn undefined_in_body(&self, body: &Mapped) -> Vec<expansion::Use> {
        if !body.text().contains('$') {
            return Vec::new();
        }
        self.undefined_among(expansion::parse_body(body))
    }

    fn undefined_among(&self, parsed: Result<Word, SyntaxError>) -> Vec<expansion::Use> {
        let lookup = |name: &str| self.value(name, Undefined::Unknown);
        let expanded = parsed.and_then(|parsed| expansion::expand(&parsed, lookup));
        let uses = expanded.map(|expanded| expanded.uses).unwrap_or_default();
        let defined = |name: &str| {
            let variable = self.by_name.get(name);
            variable.is_some_and(|variable| variable.declared || variable.effective(self.stage).is_some())
        };
        uses.into_iter().filter(|used| !used.guarded && !defined(&used.name)).collect()
    }

    fn expanded(&self, word: &Mapped, escape: char, undefined: Undefined) -> Expanded {
        let text = word.text();
        if !text.contains(['$', '"', '\'', escape]) {
            return Expanded::literal(text);
        }
        let mut expanded = self.expand_with(word, escape, |name| self.value(name, undefined));
        if !expanded.known && undefined == Undefined::Unknown && matches!(self.base, BaseVariables::Known(_))
        {
            let bare = self.expand_with(word, escape, |name| self.value(name, Undefined::Unset));
            expanded.given_up |= bare.given_up;
            expanded.bare = bare.known.then_some(bare.shown);
        }
        expanded
    }

    /// Expansion with some other lookup, for the names that have no definition here.
    pub(crate) fn expand_with(
        &self,
        word: &Mapped,
        escape: char,
        lookup: impl FnMut(&str) -> Value,
    ) -> Expanded {
        let expanded = expansion::parse(word, escape).and_then(|parsed| expansion::expand(&parsed, lookup));
        let Ok(expanded) = expanded else { return Expanded::unknown(word.text()) };
        let given_up = expanded.given_up;
        let mut unset: Vec<UnsetVariable> = Vec::new();
        let mut through_arguments = false;
        for used in &expanded.uses {
            let variable = self.by_name.get(&used.name);
            let declared = variable.is_some_and(|variable| variable.declared);
            through_arguments |= match variable.and_then(|variable| variable.effective(self.stage)) {
                Some(definition) => definition.value.through_arguments,
                None => declared,
            };
            // A handful at most in files people write; a hostile word of thousands is not worth listing.
            if used.state == UseState::Unset
                && unset.len() < 32
                && !unset.iter().any(|known| known.name == used.name)
            {
                unset.push(UnsetVariable { name: used.name.clone(), declared, guarded: used.guarded });
            }
        }
        let shown: Arc<str> = expanded.text.text().into();
        Expanded { shown, known: !expanded.unknown, unset, through_arguments, given_up, bare: None }
    }

    fn value(&self, name: &str, undefined: Undefined) -> Value {
        let defined = self.by_name.get(name).and_then(|variable| variable.effective(self.stage));
        if let Some(definition) = defined {
            let value = &definition.value;
            let bare = value.bare.as_ref().filter(|_| undefined == Undefined::Unset);
            let text = if value.known { Some(&value.shown) } else { bare };
            return text.map_or(Value::Unknown, |text| Value::Known(Arc::clone(text)));
        }
        match self.base {
            // BuildKit sets it in every stage.
            _ if name == "PATH" => Value::Unknown,
            BaseVariables::None => Value::Unset,
            BaseVariables::Unknown => Value::Unknown,
            BaseVariables::Known(facts) => match facts.env().find(|(known, _)| *known == name) {
                Some((_, value)) => Value::Known(value.into()),
                None if undefined == Undefined::Unset && !may_set(facts, name) => Value::Unset,
                None => Value::Unknown,
            },
        }
    }
}

/// Whether a known image may set a variable that is not among those of its that are known. What Dockerfiles use in
/// `USER` was looked for where the build files of an official image were read.
fn may_set(facts: ImageVariables, name: &str) -> bool {
    let of_user = ["USER", "UID", "GID", "GROUP"].iter().any(|part| name.contains(part));
    let was_read = facts.repository().starts_with("docker.io/library/");
    image_sets(facts.repository(), name) != InBase::Unset && !(of_user && was_read)
}

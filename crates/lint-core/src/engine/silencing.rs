//! What the comments of one file silence, asked for many findings.

use std::collections::HashMap;

use lint_parser::text::span::Span;

use crate::engine::cover::Cover;
use crate::engine::ignores::Ignores;
use crate::finding::meta::RuleMeta;
use crate::settings::Settings;

/// The comments of a file, and which of them cover a place.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) ignores: Ignores,
    ours: Groups,
    foreign: Groups,
}

/// Comments by the bytes they cover. Thousands may stand above one instruction, or cover the whole file, and silence
/// thousands of findings there: what those of one place say of a rule is found out once.
#[derive(Debug, Default)]
struct Groups {
    cover: Cover,
    /// The comments of each group, in the order of the file.
    comments: Vec<Vec<usize>>,
    /// By group, rule and the address of the settings, which live longer than this.
    known: HashMap<(usize, &'static str, usize), Silence>,
}

/// What comments say of a rule.
#[derive(Clone, Copy, Debug, Default)]
struct Silence {
    silences: bool,
    /// The first comment that silences it and says why.
    reason: Option<usize>,
}

impl Groups {
    fn of(covers: impl Iterator<Item = Option<Span>>) -> Self {
        let mut groups: HashMap<Option<Span>, usize> = HashMap::new();
        let mut places = Vec::new();
        let mut comments: Vec<Vec<usize>> = Vec::new();
        for (comment, place) in covers.enumerate() {
            let group = *groups.entry(place).or_insert(comments.len());
            if group == comments.len() {
                places.push(place);
                comments.push(Vec::new());
            }
            comments[group].push(comment);
        }
        Self { cover: Cover::of(places.into_iter()), comments, known: HashMap::new() }
    }

    /// What the comments that cover a place say of a rule. `look` says whether one silences it, and whether it says why.
    fn ask(
        &mut self,
        place: Span,
        rule: &RuleMeta,
        settings: &Settings,
        mut look: impl FnMut(usize) -> (bool, bool),
    ) -> Silence {
        let mut all = Silence::default();
        let settings = std::ptr::from_ref(settings).addr();
        for group in self.cover.at(place) {
            let silence = self.known.entry((group, rule.name, settings)).or_insert_with(|| {
                let mut silence = Silence::default();
                for &comment in &self.comments[group] {
                    let (silences, says_why) = look(comment);
                    silence.silences |= silences;
                    if silences && says_why && silence.reason.is_none() {
                        silence.reason = Some(comment);
                    }
                }
                silence
            });
            all.silences |= silence.silences;
            all.reason = [all.reason, silence.reason].into_iter().flatten().min();
        }
        all
    }
}

impl Indexed {
    pub(super) fn new(ignores: Ignores) -> Self {
        let ours = Groups::of(ignores.ignores.iter().map(|ignore| ignore.covers));
        let foreign = Groups::of(ignores.foreign.iter().map(|(_, covers)| *covers));
        Self { ignores, ours, foreign }
    }

    /// Whether a comment silences `rule` at `span`; marks every one that does.
    pub(super) fn silence(&mut self, rule: &RuleMeta, span: Span, settings: &Settings) -> bool {
        let [ours, foreign] = self.ask(rule, span, settings);
        ours.silences || foreign.silences
    }

    /// What the first comment that silences `rule` at `span` gives as its reason: of ours, and of other tools'.
    pub(super) fn reasons(&mut self, rule: &RuleMeta, span: Span, settings: &Settings) -> [Option<&str>; 2] {
        let [ours, foreign] = self.ask(rule, span, settings);
        let comment = ours.reason.and_then(|at| self.ignores.ignores.get(at));
        let other = foreign.reason.and_then(|at| self.ignores.foreign.get(at));
        [
            comment.and_then(|ignore| Some(ignore.comment.reason.as_ref()?.value.as_str())),
            other.and_then(|(comment, _)| comment.reason.as_deref()),
        ]
    }

    fn ask(&mut self, rule: &RuleMeta, span: Span, settings: &Settings) -> [Silence; 2] {
        let Self { ignores, ours, foreign } = self;
        let ours = ours.ask(span, rule, settings, |at| {
            let Some(ignore) = ignores.ignores.get_mut(at).filter(|ignore| ignore.holds(settings)) else {
                return (false, false);
            };
            let mut silences = false;
            for (name, used) in ignore.comment.names.iter().zip(&mut ignore.used) {
                let answers = rule.answers_to(&name.value);
                *used |= answers;
                silences |= answers;
            }
            (silences, ignore.comment.reason.is_some())
        });
        let foreign = foreign.ask(span, rule, settings, |at| {
            let Some((comment, _)) = ignores.foreign.get(at) else { return (false, false) };
            (comment.silences(rule, &settings.suppressions), comment.reason.is_some())
        });
        [ours, foreign]
    }
}

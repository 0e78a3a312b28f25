//! Suppression comments of other tools: hadolint's, BuildKit's, dclint's and ShellCheck's.

use lint_parser::dockerfile::ast::Comment;
use lint_parser::dockerfile::check::{self, Checks};
use lint_parser::text::span::Spanned;

use crate::finding::meta::RuleMeta;
use crate::finding::reference::Reference;
use crate::finding::shellcheck::code;
use crate::settings::{Dialect, SuppressionSettings};

/// A suppression comment of another tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignComment {
    /// Whose it is.
    pub dialect: Dialect,
    /// How far it reaches.
    pub reach: Reach,
    /// The tool's names for what is silenced; `None` is everything the tool knows.
    pub names: Option<Vec<String>>,
    /// Why, where the tool has a way to say so: hadolint behind a second `#`, BuildKit behind ` // `.
    pub reason: Option<String>,
}

/// How far a comment reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The instruction or node it stands above or behind.
    Next,
    /// The build stage.
    Stage,
    /// The file.
    File,
}

impl ForeignComment {
    /// Whether the comment is meant for a rule: one that its tool has as well, by a name that is written in it.
    #[must_use]
    pub fn silences(&self, rule: &RuleMeta, settings: &SuppressionSettings) -> bool {
        if !settings.foreign.contains(&self.dialect) {
            return false;
        }
        // hadolint reports ShellCheck's findings as well, by ShellCheck's codes.
        let kinds: &[&str] = match self.dialect {
            Dialect::Hadolint => &[Dialect::Hadolint.name(), Dialect::ShellCheck.name()],
            _ => &[self.dialect.name()],
        };
        let mut aliases = rule.references.iter().filter(|r| kinds.contains(&r.kind()));
        match &self.names {
            Some(names) => {
                aliases.any(|alias| names.iter().any(|name| alias.answers_to(name) || holds(name, alias)))
            }
            // Whoever silences everything has not looked at the single findings, still less at those of a tool
            // that came later.
            None => {
                aliases.next().is_some()
                    && (settings.foreign_all_covers_security || !rule.category.is_security())
            }
        }
    }
}

/// Whether a name is a range of ShellCheck's codes with this one in it: `SC3000-SC4000`.
fn holds(name: &str, alias: &Reference) -> bool {
    let Reference::ShellCheck(id) = alias else { return false };
    let range = name.split_once('-').and_then(|(first, last)| Some(code(first)?..=code(last)?));
    range.zip(code(id)).is_some_and(|(range, code)| range.contains(&code))
}

/// Reads a comment of a Dockerfile.
#[must_use]
pub fn in_dockerfile(comment: &Comment) -> Option<ForeignComment> {
    let text = &comment.text.value;
    hadolint(text).or_else(|| shellcheck(text)).or_else(|| {
        let options = check::from_comment(comment)?.ok()?;
        Some(build_kit(options.skip?, options.reason, Reach::Next))
    })
}

/// What a `skip=` of BuildKit asks for.
#[must_use]
pub fn build_kit(skip: Checks, reason: Option<Spanned<String>>, reach: Reach) -> ForeignComment {
    let names = match skip {
        Checks::All(_) => None,
        Checks::Names(names) => Some(names.into_iter().map(|name| name.value).collect()),
    };
    ForeignComment { dialect: Dialect::BuildKit, reach, names, reason: reason.map(|reason| reason.value) }
}

/// `hadolint ignore=DL3006,SC2086 # why`, with `global` or `stage` before `ignore`. Blanks may stand around the
/// equals sign and the commas.
#[must_use]
pub fn hadolint(text: &str) -> Option<ForeignComment> {
    let rest = text.trim_start().strip_prefix("hadolint")?;
    let (reach, rest) = match rest.strip_prefix(is_blank)?.trim_start() {
        rest if rest.starts_with("global") => (Reach::File, rest["global".len()..].strip_prefix(is_blank)?),
        rest if rest.starts_with("stage") => (Reach::Stage, rest["stage".len()..].strip_prefix(is_blank)?),
        rest => (Reach::Next, rest),
    };
    let list = rest.trim_start().strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
    let mut names = Vec::new();
    // What follows a name without a comma is prose: hadolint then drops the comment, which nobody means.
    for part in list.split(',') {
        let part = part.trim_start();
        let end = part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        if name.is_empty() {
            break;
        }
        names.push(name.to_owned());
        if !rest.trim().is_empty() {
            break;
        }
    }
    let reason = list.split_once('#').map(|(_, reason)| reason.trim().to_owned());
    (!names.is_empty()).then_some(ForeignComment {
        dialect: Dialect::Hadolint,
        reach,
        names: Some(names),
        reason: reason.filter(|reason| !reason.is_empty()),
    })
}

/// `dclint disable-line`, `dclint disable` and `dclint disable-file`, each with names or without.
#[must_use]
pub fn dclint(text: &str) -> Option<ForeignComment> {
    let rest = text.trim_start().strip_prefix("dclint")?.strip_prefix(is_blank)?;
    let mut words = rest.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let reach = match words.next()? {
        "disable-line" => Reach::Next,
        "disable" | "disable-file" => Reach::File,
        _ => return None,
    };
    let names: Vec<String> = words.map(str::to_owned).collect();
    let names = (!names.is_empty()).then_some(names);
    Some(ForeignComment { dialect: Dialect::Dclint, reach, names, reason: None })
}

/// `shellcheck disable=SC2086,SC2046 # why`, `shellcheck disable=all`; other directives may stand beside it. ShellCheck
/// takes ranges too (`SC3000-SC4000`).
#[must_use]
pub fn shellcheck(text: &str) -> Option<ForeignComment> {
    let rest = text.trim_start().strip_prefix("shellcheck")?.strip_prefix(is_blank)?;
    let words = rest.split_whitespace().take_while(|word| !word.starts_with('#'));
    let lists: Vec<&str> = words.filter_map(|word| word.strip_prefix("disable=")).collect();
    let (dialect, reach) = (Dialect::ShellCheck, Reach::Next);
    let why = rest.split_once('#').map(|(_, why)| why.trim());
    let reason = why.filter(|why| !why.is_empty()).map(str::to_owned);
    let mut names = Vec::new();
    for name in lists.iter().flat_map(|list| list.split(',')) {
        if name == "all" {
            return Some(ForeignComment { dialect, reach, names: None, reason });
        }
        names.push(name.to_owned());
    }
    (!names.is_empty()).then_some(ForeignComment { dialect, reach, names: Some(names), reason })
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(comment: Option<ForeignComment>) -> Option<(Reach, String)> {
        comment.map(|c| (c.reach, c.names.map_or("*".to_owned(), |names| names.join(" "))))
    }

    #[test]
    fn comments_of_hadolint_are_read_as_they_are_meant() {
        let next = |names: &str| Some((Reach::Next, names.to_owned()));
        for text in [
            " hadolint ignore=DL3006,SC2086",
            "hadolint ignore = DL3006 , SC2086 # why, DL1",
            "\thadolint  ignore=DL3006,SC2086 because, DL1 says so",
        ] {
            assert_eq!(read(hadolint(text)), next("DL3006 SC2086"), "{text}");
        }
        assert_eq!(read(hadolint("hadolint global ignore=DL1")), Some((Reach::File, "DL1".to_owned())));
        assert_eq!(read(hadolint("hadolint stage ignore=DL1")), Some((Reach::Stage, "DL1".to_owned())));
        for text in [
            "hadolint",
            "hadolint ignore",
            "hadolint ignore=",
            "hadolintignore=DL1",
            "x hadolint ignore=DL1",
            "hadolint shell=bash",
            "hadolint globalignore=DL1",
            "hadolint ignore=é",
        ] {
            assert_eq!(hadolint(text), None, "{text}");
        }
    }

    #[test]
    fn what_hadolint_has_after_a_second_number_sign_is_the_reason() {
        let reason = |text: &str| hadolint(text).unwrap().reason;
        assert_eq!(reason("hadolint ignore=DL1,DL2 # why, #5"), Some("why, #5".to_owned()));
        assert_eq!(reason("hadolint ignore=DL1 why"), None);
        assert_eq!(reason("hadolint ignore=DL1 # "), None);
    }

    #[test]
    fn comments_of_shellcheck_name_codes_ranges_or_all() {
        let next = |names: &str| Some((Reach::Next, names.to_owned()));
        assert_eq!(read(shellcheck(" shellcheck disable=SC2086,SC2046 # why")), next("SC2086 SC2046"));
        assert_eq!(read(shellcheck("shellcheck shell=sh disable=SC2086")), next("SC2086"));
        assert_eq!(read(shellcheck("shellcheck disable=SC3001-SC3003")), next("SC3001-SC3003"));
        assert_eq!(read(shellcheck("shellcheck disable=all")), next("*"));
        let held = |id| holds("SC3000-SC3999", &Reference::ShellCheck(id));
        assert!(held("SC3000") && held("SC3043") && !held("SC2086") && !held("SC4000"));
        for text in
            ["shellcheck", "shellcheckdisable=SC1", "shellcheck source=x", "shellcheck # disable=SC2086"]
        {
            assert_eq!(shellcheck(text), None, "{text}");
        }
    }

    #[test]
    fn comments_of_dclint_name_rules_or_none() {
        assert_eq!(read(dclint(" dclint disable-line a b, c")), Some((Reach::Next, "a b c".to_owned())));
        assert_eq!(read(dclint("dclint disable")), Some((Reach::File, "*".to_owned())));
        assert_eq!(read(dclint("dclint disable-file")), Some((Reach::File, "*".to_owned())));
        for text in ["dclint", "dclint enable", "dclint-disable", "dclint disabled"] {
            assert_eq!(dclint(text), None, "{text}");
        }
    }
}

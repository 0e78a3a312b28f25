//! Which comment silences what.

use std::collections::HashMap;

use lint_parser::text::source::SourceFile;

use crate::engine::ignores::Ignores;
use crate::engine::silencing::Indexed;
use crate::finding::finding::Finding;
use crate::finding::label::Place;
use crate::settings::Settings;

/// The suppression comments of all files of a run, by file name.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    files: HashMap<String, Indexed>,
}

impl Suppressions {
    /// Adds a file's comments; a file that several projects share is added once.
    pub(crate) fn insert(&mut self, file: &SourceFile, ignores: impl FnOnce() -> Ignores) {
        if !self.files.contains_key(file.name()) {
            self.files.insert(file.name().to_owned(), Indexed::new(ignores()));
        }
    }

    /// Whether a comment silences the finding; marks every one that does.
    pub(crate) fn silences(&mut self, finding: &Finding, settings: &Settings) -> bool {
        let mut silenced = false;
        if !settings.suppressions.allow_inline {
            return false;
        }
        for Place { file, span } in std::iter::once(&finding.place).chain(&finding.scopes) {
            if let Some(ignores) = self.files.get_mut(file.name()) {
                silenced |= ignores.silence(finding.rule, *span, settings);
            }
        }
        silenced
    }

    /// What the first comment that silences the finding gives as its reason: of ours, else of another tool's.
    pub(crate) fn reason(&mut self, finding: &Finding, settings: &Settings) -> Option<String> {
        let mut foreign = None;
        for Place { file, span } in std::iter::once(&finding.place).chain(&finding.scopes) {
            let Some(ignores) = self.files.get_mut(file.name()) else { continue };
            let [ours, other] = ignores.reasons(finding.rule, *span, settings);
            if let Some(reason) = ours {
                return Some(reason.to_owned());
            }
            foreign = foreign.or(other.map(str::to_owned));
        }
        foreign
    }

    /// A file's comments.
    #[must_use]
    pub(crate) fn of(&self, file: &str) -> Option<&Ignores> {
        self.files.get(file).map(|indexed| &indexed.ignores)
    }
}

#[cfg(test)]
mod tests {
    use lint_parser::text::span::Span;

    use super::*;
    use crate::finding::meta::{Category, RuleMeta};
    use crate::finding::reference::Reference;
    use crate::settings::Dialect;

    const REFERENCES: &[Reference] = &[
        Reference::Hadolint("DL3006"),
        Reference::BuildKit("UndefinedVar"),
        Reference::Dclint("no-version-field"),
    ];

    const fn rule(name: &'static str, category: Category, references: &'static [Reference]) -> RuleMeta {
        let stride = &[];
        RuleMeta { name, stride, references, ..RuleMeta::of(category) }
    }

    static PLAIN: RuleMeta = rule("plain", Category::Correctness, REFERENCES);
    static SECURITY: RuleMeta = rule("security", Category::SupplyChain, REFERENCES);
    static OURS: RuleMeta = rule("ours", Category::Correctness, &[]);

    /// Which of the three rules are silenced where `Z` stands in the text, as initials.
    fn silenced(text: &str, ignores: impl Fn(&str) -> Ignores, settings: &Settings) -> String {
        let at = text.find('Z').unwrap();
        let mut ignores = Indexed::new(ignores(text));
        [&PLAIN, &SECURITY, &OURS]
            .into_iter()
            .filter(|rule| ignores.silence(rule, Span::new(at, at + 1), settings))
            .map(|rule| &rule.name[..1])
            .collect()
    }

    fn dockerfile(text: &str) -> Ignores {
        Ignores::of_dockerfile(&lint_parser::dockerfile::parse(text).tree)
    }

    fn compose(text: &str) -> Ignores {
        Ignores::of_yaml(&SourceFile::new("compose.yaml", text), &lint_parser::yaml::parse(text).tree)
    }

    #[test]
    fn comments_of_other_linters_silence_what_they_know_in_dockerfiles() {
        let settings = Settings::default();
        for (text, expected) in [
            ("FROM a\n# hadolint ignore=DL3006 # why\nRUN Z\n", "ps"),
            ("FROM a\n# hadolint ignore=DL1\n# hadolint ignore=DL3006\nRUN Z\n", "ps"),
            ("FROM a\n# hadolint ignore=DL3006\n# another\n\n#\nRUN Z\n", "ps"),
            ("FROM a\nRUN x \\\n# hadolint ignore=DL3006\n Z\n", "ps"),
            ("FROM a\n# hadolint ignore=DL3006\nRUN x\nRUN Z\n", ""),
            ("FROM a\n# hadolint ignore=UndefinedVar,plain,ours,security\nRUN Z\n", ""),
            ("FROM a\nRUN Z\n# hadolint global ignore=DL3006\nRUN x\n", "ps"),
            ("# hadolint stage ignore=DL3006\nFROM a\nRUN Z\nFROM b\n", "ps"),
            ("ARG x\nFROM a\nRUN Z\n# hadolint stage ignore=DL3006\nRUN x\n", "ps"),
            ("FROM a\n# hadolint stage ignore=DL3006\nRUN x\nFROM b\nRUN Z\n", ""),
            ("FROM Z\n# hadolint stage ignore=DL3006\n", "ps"),
            ("FROM a\n# check=skip=UndefinedVar // why\nRUN Z\n", "ps"),
            ("FROM a\n# check=skip=Other\n#\n# check=skip=undefinedvar\n# more\nRUN Z\n", "ps"),
            ("FROM a\n# check=skip=all\nRUN Z\n", "p"),
            ("FROM a\n# check=error=true\nRUN Z\n", ""),
            ("# check=skip=UndefinedVar;error=true\nFROM a\nRUN Z\n", "ps"),
            ("# syntax=a\n# check=skip=all\nFROM a\nRUN Z\n", "p"),
            ("FROM a\nRUN <<E\n# hadolint ignore=DL3006\nZ\nE\n", ""),
        ] {
            assert_eq!(silenced(text, dockerfile, &settings), expected, "{text}");
        }
    }

    #[test]
    fn comments_of_other_linters_silence_what_they_know_in_compose_files() {
        let settings = Settings::default();
        for (text, expected) in [
            ("version: Z # dclint disable-line no-version-field\n", "ps"),
            ("# dclint disable-line no-version-field\nversion: Z\n", "ps"),
            ("# dclint disable-line a, no-version-field\n# more\n\nversion: Z\nb: c\n", "ps"),
            ("# dclint disable-line no-version-field\na: b\nversion: Z\n", ""),
            ("version: Z # dclint disable-line\n", "p"),
            ("# dclint disable\na: b\nversion: Z\n", "p"),
            ("# dclint disable-file\na: b\nversion: Z\n", "p"),
            ("# dclint disable no-version-field\na: b\nversion: Z\n", "ps"),
            ("# dclint disable DL3006 plain\nversion: Z\n", ""),
            ("a: |\n  # dclint disable\nversion: Z\n", ""),
            ("# hadolint ignore=DL3006\nversion: Z\n", ""),
        ] {
            assert_eq!(silenced(text, compose, &settings), expected, "{text}");
        }
    }

    #[test]
    fn settings_say_whose_comments_count_and_how_far() {
        let mut settings = Settings::default();
        let all = "version: Z # dclint disable-line\n";
        let named = "FROM a\n# hadolint ignore=DL3006\nRUN Z\n";
        settings.suppressions.foreign_all_covers_security = true;
        assert_eq!(silenced(all, compose, &settings), "ps");
        settings.suppressions.foreign = vec![Dialect::Hadolint];
        assert_eq!(silenced(all, compose, &settings), "");
        assert_eq!(silenced(named, dockerfile, &settings), "ps");
        settings.suppressions.foreign.clear();
        assert_eq!(silenced(named, dockerfile, &settings), "");
    }

    #[test]
    fn a_reason_is_wanted_only_where_the_settings_ask_for_it() {
        let mut settings = Settings::default();
        let bare = "a: Z # plimsoll: ignore[ours]\n";
        let explained = "a: Z # plimsoll: ignore[ours] until=2030-01-01 why\n";
        assert_eq!(silenced(bare, compose, &settings), "o");
        settings.suppressions.require_reason = true;
        assert_eq!(silenced(bare, compose, &settings), "");
        assert_eq!(silenced("a: Z # plimsoll: ignore[ours] until=2030-01-01\n", compose, &settings), "");
        assert_eq!(silenced(explained, compose, &settings), "o");
        settings.today = "2030-01-01".parse().ok();
        assert_eq!(silenced(explained, compose, &settings), "o");
        settings.today = "2030-01-02".parse().ok();
        assert_eq!(silenced(explained, compose, &settings), "");
    }
}

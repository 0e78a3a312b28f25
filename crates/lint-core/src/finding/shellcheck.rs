//! What findings of shell linters are called: ShellCheck's codes, as `shellcheck/SC2086`.
//!
//! ShellCheck has some four hundred codes and gains more with every release, and the program on a machine may be newer
//! than this library. So a code needs no entry here to be reported, selected, silenced or configured: the metadata of
//! each is made when somebody first asks and kept for as long as the process lives, since a finding holds its rule as
//! `&'static`. There are at most nine thousand codes, whoever asks, so what is kept is bounded. [`TABLE`] says in our
//! words what the codes that Dockerfiles meet find.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use crate::finding::meta::{Category, Profile, RuleMeta, SHELLCHECK};
use crate::finding::reference::Reference;
use crate::finding::severity::Severity;
use crate::finding::shellcheck_codes::TABLE;

/// What stands for all of them in a selection.
pub const GROUP: &str = "shellcheck";

/// The metadata of a code, from 1000 to 9999; `None` for other numbers.
#[must_use]
pub(crate) fn meta(code: u16) -> Option<&'static RuleMeta> {
    static METAS: OnceLock<Mutex<HashMap<u16, &'static RuleMeta>>> = OnceLock::new();
    if !(1000..=9999).contains(&code) {
        return None;
    }
    // A panic elsewhere leaves the map whole: nothing but an insertion happens under the lock.
    let mut metas =
        METAS.get_or_init(Mutex::default).lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    Some(metas.entry(code).or_insert_with(|| Box::leak(Box::new(make(code)))))
}

/// The code that a name stands for, as a user may type it: `shellcheck/SC2086` or `SC2086`, in any case.
#[must_use]
pub fn code(name: &str) -> Option<u16> {
    let bare = match name.split_at_checked(SHELLCHECK.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(SHELLCHECK) => rest,
        _ => name,
    };
    let (letters, digits) = bare.split_at_checked(2)?;
    let is_code = letters.eq_ignore_ascii_case("SC")
        && digits.len() == 4
        && !digits.starts_with('0')
        && digits.bytes().all(|b| b.is_ascii_digit());
    is_code.then(|| digits.parse().ok())?
}

/// The metadata of the code that a name stands for.
#[must_use]
pub fn find(name: &str) -> Option<&'static RuleMeta> {
    meta(code(name)?)
}

/// Whether a selector asks for one of these by name, or for all of them by [`GROUP`].
#[must_use]
pub fn is_named_by(selector: &str) -> bool {
    selector.eq_ignore_ascii_case(GROUP) || code(selector).is_some()
}

/// Whether a rule is one of these.
#[must_use]
pub(crate) fn is_one(rule: &RuleMeta) -> bool {
    rule.name.starts_with(SHELLCHECK)
}

fn make(code: u16) -> RuleMeta {
    let name: &'static str = format!("{SHELLCHECK}SC{code}").leak();
    let id = &name[SHELLCHECK.len()..];
    let known = TABLE.binary_search_by_key(&code, |(code, _, _)| *code).ok().and_then(|at| TABLE.get(at));
    // What is not in the table is reported as the linter rates it, below this.
    let (severity, summary) = match known {
        Some((_, severity, summary)) => (*severity, (*summary).to_owned()),
        None => {
            (Severity::High, format!("ShellCheck's check SC{code} of the shell script in an instruction."))
        }
    };
    let docs = format!(
        "{summary}\n\n## Why\nThis is a check of ShellCheck's, on the script that a shell reads in `RUN`, `CMD`, \
         `ENTRYPOINT` or\n`HEALTHCHECK`. Its page explains it and shows what to write:\n\
         <https://www.shellcheck.net/wiki/SC{code}>.\n\n## Limits\nIt runs when it is selected (`shellcheck` stands \
         for all of them) and a shell linter is there: one built in with the\nfeature `shell-lint`, or the program \
         that `--shellcheck` names. docs/shell.md tells more.\n"
    );
    RuleMeta {
        name,
        docs: docs.leak(),
        severity,
        profile: Profile::OptIn,
        references: Box::leak(Box::new([Reference::ShellCheck(id)])),
        ..RuleMeta::of(Category::Correctness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_the_spellings_in_use() {
        for name in ["SC2086", "sc2086", "shellcheck/SC2086", "ShellCheck/sc2086"] {
            assert_eq!(code(name), Some(2086), "{name}");
        }
        for name in
            ["", "S", "SC", "SC208", "SC20866", "SC0999", "2086", "shellcheck/", "shellcheck", "é", "SC+208"]
        {
            assert_eq!(code(name), None, "{name}");
        }
        assert!(is_named_by("ShellCheck") && is_named_by("SC9999") && !is_named_by("shell"));
    }

    #[test]
    fn every_code_has_one_metadata_and_a_page() {
        let meta = meta(2086).unwrap();
        assert!(std::ptr::eq(meta, find("sc2086").unwrap()));
        assert_eq!((meta.name, meta.severity), ("shellcheck/SC2086", Severity::Low));
        assert_eq!(meta.url(), "https://www.shellcheck.net/wiki/SC2086");
        assert!(
            meta.answers_to("SC2086") && meta.answers_to("shellcheck/SC2086") && !meta.answers_to("SC2046")
        );
        assert!(find("SC4321").unwrap().summary().contains("SC4321"));
        assert!(super::meta(999).is_none() && super::meta(10_000).is_none());
    }

    #[test]
    fn the_table_is_sorted_and_speaks_in_sentences() {
        assert!(TABLE.is_sorted_by(|a, b| a.0 < b.0));
        for (code, _, summary) in TABLE {
            assert!(summary.ends_with('.') && summary.len() < 110, "SC{code}");
        }
    }
}

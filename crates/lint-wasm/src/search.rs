//! Which of the files are ours.

use std::collections::BTreeMap;
use std::path::Path;

use lint_core::SourceKind;
use lint_core::kind::{self, NameSays};
use lint_core::path::{file_name, may_call};

use crate::configuration::Configs;
use crate::ignored::Ignored;
use crate::texts::{Content, Texts};

/// How much of a text is looked at to learn what it is, in bytes.
const HEAD: usize = 64 * 1024;

/// The largest file that is taken for a script, in bytes; the core reads no larger one.
const LARGEST_SCRIPT: usize = 512 << 10;

/// What a file is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) kind: Option<SourceKind>,
    /// Whether it may call Docker.
    pub(crate) is_script: bool,
    /// Why it is none of ours, where it is called as ours are.
    pub(crate) skipped: Option<String>,
}

/// What was found, by path.
pub(crate) type Found = BTreeMap<String, Verdict>;

/// Judges a file as a search of its directory does.
pub(crate) fn judge(path: &str, texts: &Texts, configs: &mut Configs, ignored: &Ignored) -> Verdict {
    let mut verdict = Verdict::default();
    if path.split('/').any(|part| part == ".git") || ignored.covers(path) {
        return verdict;
    }
    let config = configs.of_file(path, texts);
    let is_excluded = config.as_ref().is_some_and(|config| config.excludes(path));
    let content = texts.get(path);
    let is_small = matches!(&content, Some(Content::Text(text)) if text.len() <= LARGEST_SCRIPT);
    verdict.is_script = may_call(path) && is_small && !is_excluded;
    let configured = config.and_then(|config| config.kind(path));
    let by_name = kind::by_name(Path::new(path));
    let is_nothing = matches!(by_name, NameSays::Never | NameSays::Unknown);
    match (configured, by_name) {
        (None, NameSays::Template(_)) => {
            verdict.skipped = Some("a template; name it in the configuration to have it linted".to_owned());
        }
        (None, _) if is_nothing => {}
        _ if is_excluded => verdict.skipped = Some("excluded".to_owned()),
        (Some(kind), _) => verdict.kind = Some(kind),
        (None, NameSays::Kind(kind)) => match (kind, content) {
            // Whatever keeps it from being read, the linter will find the same and say so.
            (kind, None | Some(Content::Unreadable(_))) => verdict.kind = Some(kind),
            (kind, Some(Content::Text(text))) => match foreign(path, kind, head(&text)) {
                Some(why) => verdict.skipped = Some(why),
                None => verdict.kind = Some(kind),
            },
        },
        (None, NameSays::Perhaps { is_near }) => {
            verdict.kind = content.and_then(|content| by_text(path, &content));
            if verdict.kind.is_none() && is_near {
                verdict.skipped = Some("neither Dockerfile nor Compose file by its text".to_owned());
            }
        }
        (None, NameSays::MayStart(kind)) => {
            let Some(Content::Text(text)) = content else { return verdict };
            let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
            verdict.kind = match is_small && kind::starts(kind, &text) {
                true => Some(kind),
                false => by_text(path, &Content::Text(text)).filter(|_| is_yaml),
            };
        }
        (None, NameSays::Never | NameSays::Unknown) => {}
    }
    verdict
}

/// What a file is by its text, where its name may be that of one of ours.
fn by_text(path: &str, content: &Content) -> Option<SourceKind> {
    let Content::Text(text) = content else { return None };
    let head = head(text);
    let kind = kind::by_text(head).filter(|_| !head.contains('\0'))?;
    kind::may_be(Path::new(path), kind).then_some(kind)
}

/// Why a file is another's although its name is ours.
fn foreign(path: &str, kind: SourceKind, head: &str) -> Option<String> {
    if head.contains('\0') {
        return Some("not read: a binary file, not text".to_owned());
    }
    kind::lacks(kind, file_name(path), head).map(|what| format!("no {what}"))
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

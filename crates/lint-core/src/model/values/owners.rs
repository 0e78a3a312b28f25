//! Owners of files, as `chown` sets them.

use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

use crate::model::values::shell_words::evaluate;
use crate::model::values::variables::Variables;

/// A command that sets the owner of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerChange {
    /// The owner as written, variables replaced: `app`, `1000:1000`, `:docker`.
    pub owner: String,
    /// Where it is written.
    pub span: Span,
    /// Everything below the paths too.
    pub recursive: bool,
    /// What is changed: the paths that are known.
    pub paths: Vec<String>,
}

/// Reads `chown` and `chgrp`, whose group is that of `chown :group`; `None` for other commands and owners known at run time only.
#[must_use]
pub fn owner_change(invocation: &Invocation, variables: &Variables) -> Option<OwnerChange> {
    let of_group = match invocation.name()? {
        "chown" => "",
        "chgrp" => ":",
        _ => return None,
    };
    let mut owner = None;
    let mut recursive = false;
    let mut paths = Vec::new();
    for word in invocation.args() {
        let Some(text) = evaluate(word, variables) else {
            // What comes after an unknown first operand is a path.
            owner = owner.or(Some(None));
            continue;
        };
        if text.starts_with('-') {
            recursive |= text == "--recursive" || (!text.starts_with("--") && text.contains('R'));
        } else if owner.is_none() {
            owner = Some(Some((format!("{of_group}{text}"), word.span())));
        } else {
            paths.push(text);
        }
    }
    let (owner, span) = owner??;
    Some(OwnerChange { owner, span, recursive, paths })
}

#[cfg(test)]
mod tests {
    use lint_parser::shell::parse;
    use lint_parser::text::mapped::Mapped;

    use super::*;

    fn change(text: &str) -> Option<(String, bool, Vec<String>)> {
        let script = parse(&Mapped::verbatim(text, 0)).tree;
        let site = script.simple_commands().first()?;
        let change = owner_change(site.command.invocations().first()?, &Variables::default())?;
        Some((change.owner, change.recursive, change.paths))
    }

    #[test]
    fn owners_are_told_from_options_and_paths() {
        let of = |owner: &str, recursive, paths: &[&str]| {
            Some((owner.to_owned(), recursive, paths.iter().map(|path| (*path).to_owned()).collect()))
        };
        assert_eq!(change("chown app /a /b"), of("app", false, &["/a", "/b"]));
        assert_eq!(change("chown -hR 1:2 /a"), of("1:2", true, &["/a"]));
        assert_eq!(change("chown --recursive --from=root app $X /a"), of("app", true, &["/a"]));
        assert_eq!(change("chgrp -R docker /a"), of(":docker", true, &["/a"]));
        assert_eq!(change("chown $X /a"), None);
        assert_eq!(change("chmod 1 /a"), None);
        assert_eq!(change("chown"), None);
    }
}

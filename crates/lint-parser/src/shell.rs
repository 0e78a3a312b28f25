//! The commands in `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`, in Compose's `command:`, and in entrypoint
//! scripts: the POSIX shell language and the parts of bash that are common there.
//!
//! ```
//! use lint_parser::shell;
//! use lint_parser::text::mapped::Mapped;
//!
//! let parsed = shell::parse(&Mapped::verbatim("apt-get update && apt-get install -y curl", 0));
//! let commands = parsed.tree.simple_commands();
//! assert_eq!(commands[1].command.name(), Some("apt-get"));
//! assert!(commands[1].command.args()[0].is("install"));
//! ```

pub mod ast;
pub mod fragment;
mod heredocs;
mod parser;
pub mod split;
pub mod walk;
pub mod word;
pub mod wrappers;

use crate::shell::ast::Script;
pub use crate::shell::heredocs::{DetachedHeredoc, Heredocs};
use crate::syntax_error::Parsed;
use crate::text::mapped::Mapped;

/// How long a script may be, in bytes: the longest people write have a tenth of that. A tree takes a few hundred times
/// the memory of its text.
pub const MAX_LENGTH: usize = 256 << 10;

#[cfg(debug_assertions)]
thread_local! {
    static PARSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many scripts this thread has read, for the tests that see to it that each is read once.
#[cfg(debug_assertions)]
#[doc(hidden)]
#[must_use]
pub fn parsed() -> usize {
    PARSED.with(std::cell::Cell::get)
}

/// Reads a script with its here-documents in it. Never fails: see [`Script::unparsed`].
///
/// ```
/// use lint_parser::shell;
/// use lint_parser::text::mapped::Mapped;
///
/// let text = "apt-get update && sudo apt-get install -y curl";
/// let script = shell::parse(&Mapped::verbatim(text, 0)).tree;
/// let names: Vec<_> = script.simple_commands().iter().filter_map(|site| site.command.name()).collect();
/// assert_eq!(names, ["apt-get", "sudo"]);
/// ```
#[must_use]
pub fn parse(text: &Mapped) -> Parsed<Script> {
    parser::parse(text, Heredocs::Inline)
}

/// Reads a script whose here-documents may have been cut out.
#[must_use]
pub fn parse_with(text: &Mapped, heredocs: Heredocs<'_>) -> Parsed<Script> {
    parser::parse(text, heredocs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::mapped::MappedBuilder;
    use crate::text::span::Span;

    #[test]
    fn words_of_a_continued_run_point_at_its_lines() {
        let source = "RUN apt-get \\\n  install c\\\nurl && sh -c 'id; w\\\nho'";
        let mut builder = MappedBuilder::default();
        let mut at = 4;
        for line in source[4..].split_inclusive("\\\n") {
            builder.push_verbatim(line.trim_end_matches("\\\n"), at);
            at += line.len();
        }
        let text = builder.finish(Span::new(4, source.len()));
        let parsed = parse(&text);
        assert!(parsed.errors.is_empty());
        let sites = parsed.tree.simple_commands();
        let install = &sites[0].command;
        assert!(install.args()[1].is("curl"));
        assert_eq!(install.args()[1].span().slice(source), "c\\\nurl");
        let script = sites[1].command.invocations()[0].script().expect("a literal script");
        let who = script.simple_commands()[1].command.text.span();
        assert_eq!(who.slice(source), "w\\\nho");
    }

    #[test]
    fn here_documents_cut_out_of_a_run_come_back_to_their_operators() {
        // What BuildKit leaves of the line, and the bodies it keeps aside; `x<<C` is no heredoc to it.
        let text = Mapped::verbatim("cat <<A 3<<'B' > f && x<<C", 4);
        let first = Mapped::verbatim("$(id)\n", 40);
        let second = Mapped::verbatim("$(w)\n", 60);
        let heredocs = [
            DetachedHeredoc { operator: Span::new(8, 11), content: &first, terminated: true },
            DetachedHeredoc { operator: Span::new(12, 18), content: &second, terminated: true },
        ];
        let parsed = parse_with(&text, Heredocs::Detached(&heredocs));
        assert!(parsed.errors.is_empty());
        let sites = parsed.tree.simple_commands();
        let names: Vec<_> = sites.iter().filter_map(|site| site.command.name()).collect();
        assert_eq!(names, ["cat", "id", "x"]);
        let here = |at: usize| sites[0].command.redirections[at].here_document().expect("a body");
        assert_eq!((here(0).body.span(), here(0).quoted), (Span::new(40, 46), false));
        assert_eq!((here(1).body.span(), here(1).quoted), (Span::new(60, 65), true));
        assert_eq!(sites[2].command.redirections[0].here_document(), None);
    }

    #[test]
    fn a_fault_in_a_detached_here_document_is_found_there() {
        let text = Mapped::verbatim("cat <<A", 4);
        let body = Mapped::verbatim("a $(b\n", 12);
        let heredocs = [DetachedHeredoc { operator: Span::new(8, 11), content: &body, terminated: true }];
        let parsed = parse_with(&text, Heredocs::Detached(&heredocs));
        assert_eq!(parsed.errors[0].span, Span::new(14, 17));
        assert_eq!(parsed.tree.unparsed, Some(Span::new(4, 11)));
    }

    #[test]
    fn here_documents_in_a_script_end_at_their_delimiters_alone() {
        let source = "a <<-E\n\tone\n\t E\n\tE\nb <<E\n E\nE\nc";
        let parsed = parse(&Mapped::verbatim(source, 0));
        let sites = parsed.tree.simple_commands();
        let body =
            |at: usize| sites[at].command.redirections[0].here_document().map(|here| here.body.text.text());
        assert_eq!(body(0), Some("one\n E\n"));
        assert_eq!(body(1), Some(" E\n"));
        assert_eq!(sites[2].command.name(), Some("c"));
    }

    #[test]
    fn pipelines_reach_into_groups_and_end_at_substitutions() {
        let parsed = parse(&Mapped::verbatim("{ curl $(pick); } | (tee x; sh)", 0));
        let sites = parsed.tree.simple_commands();
        let by_name = |name: &str| {
            sites
                .iter()
                .find(|site| site.command.name() == Some(name))
                .map(|site| &site.context)
                .expect("it is there")
        };
        assert!(by_name("curl").piped_to.is_some() && by_name("curl").piped_from.is_none());
        assert!(by_name("sh").piped_from.is_some() && by_name("sh").in_subshell);
        assert!(by_name("pick").piped_to.is_none() && by_name("pick").in_substitution);
        let into = by_name("pick").substituted_into.as_ref().and_then(|command| command.name());
        assert_eq!(into, Some("curl"));
    }

    #[test]
    fn words_tell_what_is_known_of_them() {
        let parsed = parse(&Mapped::verbatim(r#""/opt/$X/bin" 'a'*.c "" $X ~/b"#, 0));
        let sites = parsed.tree.simple_commands();
        let [path, glob, empty, dynamic, home] = &*sites[0].command.words else {
            panic!("five words");
        };
        assert_eq!((&*path.static_prefix(), &*path.static_suffix()), ("/opt/", "/bin"));
        assert_eq!((path.literal(), path.pattern()), (None, None));
        assert_eq!((glob.literal_text(), glob.pattern().as_deref()), (None, Some("a*.c")));
        assert!(empty.is("") && !empty.is_dynamic());
        assert!(dynamic.is_dynamic() && dynamic.static_prefix().is_empty());
        assert_eq!(home.pattern().as_deref(), Some("~/b"));
    }

    #[test]
    fn length_is_bounded() {
        let parsed = |length: usize| parse(&Mapped::verbatim(&"x".repeat(length), 3));
        assert!(parsed(MAX_LENGTH).errors.is_empty());
        let long = parsed(MAX_LENGTH + 1);
        assert_eq!(long.errors[0].message, "longer than 262144 bytes");
        assert_eq!(long.tree.unparsed, Some(Span::new(3, 4 + MAX_LENGTH)));
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}x{}", "$(".repeat(depth), ")".repeat(depth));
        let parsed = |depth: usize| parse(&Mapped::verbatim(&nested(depth), 0));
        assert!(parsed(parser::MAX_DEPTH).errors.is_empty());
        let deep = parsed(parser::MAX_DEPTH + 1);
        assert_eq!(deep.errors[0].message, "nested more than 64 deep");
        assert!(deep.tree.unparsed.is_some() && deep.tree.commands.is_empty());
    }
}

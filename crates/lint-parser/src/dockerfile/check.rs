//! `check=`: how a Dockerfile configures BuildKit's own checks, in a directive for the file and in a comment
//! above an instruction for that alone.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while};
use nom::combinator::rest;
use nom::multi::separated_list0;
use nom::sequence::{preceded, separated_pair};
use nom::{IResult, Parser};

use crate::dockerfile::ast::{Comment, Dockerfile};
use crate::dockerfile::reading::range;
use crate::dockerfile::wording::shown;
use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::mapped::Mapped;
use crate::text::near::closest;
use crate::text::span::{Span, Spanned};

/// What `check=` says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CheckOptions {
    /// `skip=`: checks not run.
    pub skip: Option<Checks>,
    /// `error=`: whether a finding fails the build.
    pub error: Option<Spanned<bool>>,
    /// `experimental=`: experimental checks that are run.
    pub experimental: Option<Checks>,
    /// What follows ` // `, in a comment above an instruction.
    pub reason: Option<Spanned<String>>,
}

/// A choice of checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checks {
    /// The word `all`.
    All(Span),
    /// Names as written. BuildKit compares them in lower case.
    Names(Vec<Spanned<String>>),
}

impl Checks {
    /// Whether the check of that name is among them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Checks::All(_) => true,
            Checks::Names(names) => names.iter().any(|written| written.value.eq_ignore_ascii_case(name)),
        }
    }
}

/// Reads the value of a `# check=` directive.
///
/// # Errors
///
/// As BuildKit: for an unknown option, one without `=`, an `error` that is no boolean.
pub fn parse(value: &Spanned<String>) -> Result<CheckOptions, SyntaxError> {
    options(&mapped(value))
}

/// The options for the instruction at `index`, from the comments attached to it: those after the instruction
/// before, and after the last empty comment. The first `check=` counts; BuildKit ignores a malformed one.
#[must_use]
pub fn for_instruction(dockerfile: &Dockerfile, index: usize) -> Option<CheckOptions> {
    attached(dockerfile, index).into_iter().find_map(|comment| from_comment(comment)?.ok())
}

/// The comments attached to the instruction at `index`. Blank lines between them detach nothing.
#[must_use]
pub fn attached(dockerfile: &Dockerfile, index: usize) -> Vec<&Comment> {
    // Comments are in order of the text, so in order of their instruction.
    let first = dockerfile.comments.partition_point(|comment| comment.instruction < index);
    let above = dockerfile.comments.iter().skip(first);
    let mut attached = Vec::new();
    for comment in above.take_while(|comment| comment.instruction == index && !comment.inside) {
        if comment.text.value.trim().is_empty() {
            attached.clear();
        } else {
            attached.push(comment);
        }
    }
    attached
}

/// Reads a comment as `check=... // reason`; `None` when it is another comment.
///
/// # Errors
///
/// In the inner result, as [`parse`].
#[must_use]
pub fn from_comment(comment: &Comment) -> Option<Result<CheckOptions, SyntaxError>> {
    let text = mapped(&comment.text);
    let whole = text.text();
    let (value, _) = check_comment(whole).ok()?;
    let end = value.find(' ').unwrap_or(value.len());
    let (written, after) = value.split_at_checked(end)?;
    let reason = after.split_once("// ").map(|(_, reason)| reason.trim()).filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| {
        let reason = text.slice(range(whole, reason));
        Spanned::new(reason.text().to_owned(), reason.span())
    });
    let options = options(&text.slice(range(whole, written)));
    Some(options.map(|options| CheckOptions { reason, ..options }))
}

/// `check =`, as a directive's name is written.
fn check_comment(input: &str) -> IResult<&str, &str> {
    let space = || take_while(char::is_whitespace);
    let name = alt((tag("check"), tag("CHECK"), tag("Check")));
    preceded(space(), nom::sequence::terminated(name, (space(), tag("="), space()))).parse(input)
}

fn mapped(text: &Spanned<String>) -> Mapped {
    if text.span.len() == text.value.len() {
        Mapped::verbatim(&text.value, text.span.start())
    } else {
        Mapped::replaced(text.value.clone(), text.span)
    }
}

fn options(text: &Mapped) -> Result<CheckOptions, SyntaxError> {
    let text = text.trim();
    let whole = text.text();
    let mut options = CheckOptions::default();
    if whole.is_empty() {
        return Ok(options);
    }
    let mut list = separated_list0(tag::<_, &str, nom::error::Error<&str>>(";"), take_till(|c| c == ';'));
    for option in list.parse(whole).map(|(_, options)| options).unwrap_or_default() {
        let at = text.slice(range(whole, option));
        let Ok((_, (key, value))) = key_value(option) else {
            return Err(fault(at.span(), format!("invalid check option \"{}\"", shown(option))));
        };
        let (key, value) = (key.trim(), value.trim());
        match key {
            "skip" => options.skip = Some(checks(&text, value)),
            "experimental" => options.experimental = Some(checks(&text, value)),
            "error" => {
                let at = text.slice(range(whole, value)).span();
                let error = boolean(value).ok_or_else(|| {
                    fault(at, format!("failed to parse check option \"{}\"", shown(option)))
                        .with_help("write `error=true` or `error=false`")
                })?;
                options.error = Some(Spanned::new(error, at));
            }
            _ => {
                let at = text.slice(range(whole, key)).span();
                let error = fault(at, format!("invalid check option \"{}\"", shown(key)));
                let guess = closest(key, ["skip", "error", "experimental"]);
                return Err(match guess {
                    Some(guess) => error.with_guess(at, "", guess),
                    None => error.with_help("the options are `skip`, `error` and `experimental`"),
                });
            }
        }
    }
    Ok(options)
}

fn key_value(input: &str) -> IResult<&str, (&str, &str)> {
    separated_pair(take_till(|c| c == '='), tag("="), rest).parse(input)
}

fn checks(text: &Mapped, value: &str) -> Checks {
    let whole = text.text();
    if value == "all" {
        return Checks::All(text.slice(range(whole, value)).span());
    }
    let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
    Checks::Names(
        names.map(|name| Spanned::new(name.to_owned(), text.slice(range(whole, name)).span())).collect(),
    )
}

/// What Go's `strconv.ParseBool` takes.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

fn fault(span: Span, message: String) -> SyntaxError {
    SyntaxError::new(SyntaxErrorKind::Instruction, span, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile;

    #[test]
    fn the_directive_names_checks_and_errors() {
        let source = "# check=skip=A,b;error=true;experimental=all\nFROM x\n";
        let tree = dockerfile::parse(source).tree;
        let options = parse(&tree.directives[0].value).unwrap();
        let Some(Checks::Names(names)) = &options.skip else { panic!() };
        assert_eq!(names.iter().map(|n| n.span.slice(source)).collect::<Vec<_>>(), ["A", "b"]);
        assert!(options.skip.as_ref().unwrap().contains("B") && options.error.as_ref().unwrap().value);
        assert!(options.experimental.unwrap().contains("anything"));
        for bad in ["skip", "skpi=A", "error=yes"] {
            let value = Spanned::new(bad.to_owned(), Span::new(0, bad.len()));
            assert!(parse(&value).is_err(), "{bad}");
        }
    }

    #[test]
    fn comments_are_attached_over_blank_lines_and_not_over_empty_comments() {
        let source =
            "# check=skip=A\n#\n# check=skip=\u{e9} // why\n\nFROM x\nRUN a \\\n# check=skip=B\n b\n";
        let tree = dockerfile::parse(source).tree;
        let options = for_instruction(&tree, 0).unwrap();
        assert!(options.skip.unwrap().contains("é"));
        assert_eq!(options.reason.unwrap().span.slice(source), "why");
        assert_eq!(for_instruction(&tree, 1), None);
        assert_eq!(for_instruction(&tree, 7), None);
    }
}

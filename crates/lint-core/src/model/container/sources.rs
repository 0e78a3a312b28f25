//! What a build copies from its context that is not there.

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::text::span::Span;

use crate::files::{directory, join, normalise};
use crate::model::build::BuildPlan;
use crate::model::container::{BuildFiles, Presence, ServiceOf};

/// Sources looked for in one build. People write some dozens; each costs a question to the disk.
const MOST_SOURCES: usize = 1_000;

/// A source of a `COPY` or `ADD` that the build context certainly does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingSource {
    /// The word in the Dockerfile.
    pub span: Span,
    /// The path of the build context.
    pub context: String,
    /// The path in the context, as BuildKit takes it: `..` at its front leads nowhere.
    pub path: String,
    /// Whether it is written to lead out of the context.
    pub escapes: bool,
    /// Where a file of that name is: seen from the Dockerfile, from the project, or outside the context.
    pub elsewhere: Option<String>,
}

/// The missing sources of the stages that a service's build needs. Paths with wildcards are not looked for,
/// nor those of a context that is not on this machine or is not itself there.
#[must_use]
pub(super) fn missing(
    of: ServiceOf<'_>,
    plan: &BuildPlan,
    context: &str,
    files: &dyn BuildFiles,
) -> Vec<MissingSource> {
    if files.presence(context) != Presence::There {
        return Vec::new();
    }
    let beside = directory(plan.dockerfile.file.name());
    let mut missing = Vec::new();
    let mut looked = 0;
    let indexes = plan.reachable().flat_map(|stage| stage.instructions.clone());
    for index in indexes {
        let Some(instruction) = plan.instruction(index) else { continue };
        let (InstructionKind::Copy(copy) | InstructionKind::Add(copy)) = &instruction.kind else { continue };
        if instruction.flag("from").is_some() {
            continue;
        }
        for word in &copy.sources {
            let written = plan.expand(index, word);
            // Whoever builds may give a value to what nothing sets here.
            if !written.unset.is_empty() {
                continue;
            }
            let Some(written) = written.text().filter(|text| is_plain(text)) else { continue };
            looked += 1;
            if looked > MOST_SOURCES {
                return missing;
            }
            let path = normalise(&format!("/{written}"));
            let path = path.trim_start_matches('/');
            if path.is_empty() || files.presence(&join(context, path)) != Presence::Missing {
                continue;
            }
            let raw = written.trim_start_matches('/');
            let candidates = [join(context, raw), join(beside, raw), join(&of.project.directory, raw)];
            let own = join(context, path);
            let elsewhere = candidates
                .into_iter()
                .filter(|candidate| *candidate != own)
                .find(|candidate| files.presence(candidate) == Presence::There);
            missing.push(MissingSource {
                span: word.span(),
                context: context.to_owned(),
                path: path.to_owned(),
                escapes: normalise(raw).starts_with(".."),
                elsewhere,
            });
        }
    }
    missing
}

/// A path of the context: no URL, no pattern, no heredoc.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.contains(['*', '?', '[', '\\', ':']) && !text.starts_with("<<")
}

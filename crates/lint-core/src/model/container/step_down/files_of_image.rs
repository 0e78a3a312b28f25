//! Finds the text of a script in an image: what COPY or ADD put at its path.

use crate::files;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Copied, CopySource, Stage};
use crate::model::container::step_down::links::Links;
use crate::model::container::step_down::{ContextFile, StepDownPlace};

/// How often a file may be copied on from stage to stage.
const MOST_HOPS: usize = 8;

/// The text at a path of a stage's image, and where it is written. A name without `/` is looked for in any
/// directory, since `PATH` is not known.
pub(super) fn read(
    plan: &BuildPlan,
    stage: &Stage,
    path: &str,
    context: ContextFile<'_>,
    links: &mut Links,
) -> Option<(String, StepDownPlace)> {
    let anywhere = !path.contains('/');
    let path = if anywhere || files::is_absolute(path) {
        path.to_owned()
    } else {
        let workdir = stage.config.workdir.as_ref().and_then(|workdir| workdir.value.as_deref());
        files::join(workdir.or(stage.config.base_workdir).unwrap_or("/"), path)
    };
    let mut stage = stage;
    let mut path = path;
    let mut anywhere = anywhere;
    for _ in 0..MOST_HOPS {
        let file = links.follow(plan, stage, path.clone(), anywhere);
        anywhere &= file == path;
        path = file;
        let (copied, source) = find(plan, stage, &path, anywhere, context)?;
        anywhere = false;
        match copied.from {
            CopySource::Context => {
                let text = context(&source)?;
                return Some((text, StepDownPlace::Script(source)));
            }
            CopySource::Heredoc(at) => {
                let instruction = plan.instruction(copied.origin.instruction)?;
                let text = instruction.heredocs.get(at)?.content.text().to_owned();
                return Some((text, StepDownPlace::Heredoc(copied.origin)));
            }
            CopySource::Stage(index) => {
                stage = plan.stages.get(index)?;
                path = files::join("/", &source);
            }
            CopySource::Elsewhere => return None,
        }
    }
    None
}

/// The last copy that can have put a file at the path, and its path in the source.
pub(super) fn find<'a>(
    plan: &'a BuildPlan,
    stage: &Stage,
    path: &str,
    anywhere: bool,
    context: ContextFile<'_>,
) -> Option<(&'a Copied, String)> {
    for stage in plan.chain(stage.index) {
        for copied in stage.copies.iter().rev() {
            for source in sources(copied, path, anywhere) {
                let readable = match copied.from {
                    CopySource::Context => context(&source).is_some(),
                    // Whether it is there shows only when it is looked for.
                    CopySource::Stage(_) => !source.is_empty(),
                    CopySource::Heredoc(_) => true,
                    CopySource::Elsewhere => false,
                };
                if readable {
                    return Some((copied, source));
                }
            }
        }
    }
    None
}

/// The paths in the source that a copy may have put at `path`.
fn sources(copied: &Copied, path: &str, anywhere: bool) -> Vec<String> {
    let source = files::normalise(copied.source.trim_start_matches('/'));
    let source = if matches!(copied.from, CopySource::Stage(_)) { format!("/{source}") } else { source };
    let name = files::file_name(&source);
    if anywhere {
        return if name == path || files::file_name(&copied.destination) == path {
            vec![source]
        } else {
            Vec::new()
        };
    }
    if copied.destination == path {
        return vec![source];
    }
    let below = match copied.destination.as_str() {
        "/" => path.strip_prefix('/'),
        directory => path.strip_prefix(directory).and_then(|rest| rest.strip_prefix('/')),
    };
    let Some(below) = below.filter(|below| !below.is_empty()) else { return Vec::new() };
    // A file copied into the directory, a directory whose contents are copied there, a pattern of files.
    if below == name {
        return vec![source];
    }
    if source.contains(['*', '?']) {
        return vec![files::join(files::directory(&source), below)];
    }
    vec![files::join(&source, below)]
}

//! The images a build pulls: for `FROM`, `COPY --from` and `RUN --mount=from`.

use lint_parser::dockerfile::ast::{Instruction, InstructionKind};
use lint_parser::image::{ImageReference, parse};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::build::plan::BuildPlan;
use crate::model::build::request::NamedContext;
use crate::model::build::stage::{Base, Stage};
use crate::model::known::image_facts;

/// An image a stage pulls.
#[derive(Clone, Debug)]
pub struct UsedImage {
    /// Taken apart, variables replaced. Its spans mean nothing: see [`UsedImage::span`].
    pub reference: ImageReference,
    /// Where it is written.
    pub span: Span,
    /// Whether it is what the stage starts from.
    pub is_base: bool,
}

impl UsedImage {
    fn of(text: &str, span: Span, is_base: bool) -> Option<Self> {
        let reference = parse(&Mapped::verbatim(text, 0)).ok()?;
        Some(Self { reference, span, is_base })
    }
}

impl BuildPlan {
    /// The images a stage pulls, in the order written; none that depend on something unknown, and none that is built here.
    #[must_use]
    pub fn used_images(&self, stage: &Stage) -> Vec<UsedImage> {
        let mut found = Vec::new();
        if let Base::Image(image) = &stage.base {
            found.extend(UsedImage::of(&image.reference, stage.base_span, true));
        }
        for index in stage.instructions.clone() {
            let Some(instruction) = self.instruction(index) else { continue };
            let operation = match &instruction.kind {
                InstructionKind::Onbuild(Some(trigger)) => trigger,
                _ => instruction,
            };
            let named = named_images(operation).filter(|name| !self.is_stage(name.text(), stage.index));
            found.extend(named.filter_map(from_elsewhere));
        }
        if let Some(images) = &self.local_images {
            found.retain(|used| !images.hold(&used.reference, self.dockerfile.file.name()));
        }
        found
    }

    /// Whether an image is one that the build is given as a context.
    #[must_use]
    pub fn is_context(&self, image: &ImageReference) -> bool {
        let same = |text: &str| {
            parse(&Mapped::verbatim(text, 0)).is_ok_and(|context| {
                context.normalized_name() == image.normalized_name() && context.tag == image.tag
            })
        };
        self.contexts.values().any(|context| matches!(context, NamedContext::Image(text) if same(text)))
    }

    /// The image a stage starts from where an argument that nothing sets is part of its name, and no tag comes with it:
    /// `FROM alpine$TAG` is `alpine` without the argument, and `FROM $REGISTRY/alpine` has no tag whatever the registry is.
    #[must_use]
    pub fn untagged_base(&self, stage: &Stage) -> Option<String> {
        if !stage.base_is_open {
            return None;
        }
        let InstructionKind::From(from) = &self.instruction(stage.from)?.kind else { return None };
        let text = from.image.text();
        let last = text.rsplit('/').next().unwrap_or(text);
        let name = last.split('$').next().unwrap_or(last);
        let is_name = name.ends_with(|c: char| c.is_ascii_alphanumeric())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if !is_name {
            return None;
        }
        // What is behind the name may bring a tag: it must be known to be nothing.
        let expanded = self.globals.expand(&from.image, self.dockerfile.tree.escape);
        let behind = last.len() > name.len();
        let (before, _) = text.split_at(text.len() - last.len());
        let ends =
            !behind || (expanded.known && !before.contains('$') && !expanded.shown.contains([':', '@']));
        ends.then(|| name.to_owned())
    }

    fn is_stage(&self, name: &str, before: usize) -> bool {
        if let Ok(index) = name.parse::<usize>() {
            return index < before;
        }
        self.names.contains_key(&name.to_lowercase())
    }
}

/// What `--from` and `from=` name.
fn named_images(instruction: &Instruction) -> impl Iterator<Item = &Mapped> {
    let is_copy = matches!(instruction.kind, InstructionKind::Copy(_) | InstructionKind::Add(_));
    let flag = instruction.flag("from").filter(|_| is_copy).and_then(|flag| flag.value.as_ref());
    let mounts = match &instruction.kind {
        InstructionKind::Run(run) => run.mounts.as_slice(),
        _ => &[],
    };
    let options = mounts.iter().flat_map(|mount| &mount.options);
    let mounted = options.filter(|option| option.key.text().eq_ignore_ascii_case("from"));
    flag.into_iter().chain(mounted.filter_map(|option| option.value.as_ref()))
}

/// A name that is no stage's: an image, or a build context that is given by name. A single word is an image only
/// where we know one of that name.
fn from_elsewhere(name: &Mapped) -> Option<UsedImage> {
    let text = name.text();
    if text.contains('$') || text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let used = UsedImage::of(text, name.span(), false)?;
    let single = !text.contains(['/', ':', '@']);
    if single {
        image_facts::lookup(&used.reference.normalized_name(), "latest")?;
    }
    Some(used)
}

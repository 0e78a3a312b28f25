//! Suppressions that stand in annotations, which survive what drops comments: `helm template`, `kustomize build`, the cluster.

use lint_parser::compose::value::Value;
use lint_parser::text::span::{Span, Spanned};

use crate::engine::ignores::Ignores;
use crate::model::kubernetes::manifest::Manifest;
use crate::model::kubernetes::tree::{at, entry, get, text};

const NAME: &str = "plimsoll.dev/ignore";

/// What a comment says before its names.
const BEFORE: &str = "plimsoll: ignore";

/// Adds what the annotations of a manifest say: of an object for all of it, of a template for its pods.
pub(super) fn add(manifest: &Manifest, ignores: &mut Ignores) {
    if !manifest.file.text().contains(NAME) {
        return;
    }
    for object in &manifest.objects {
        let whole = at(&object.value, &["metadata", "annotations"])
            .map(|annotations| (annotations, object.value.origin.span));
        let pods = object.pods.iter().filter_map(|pod| {
            let annotations = get(pod.metadata.as_ref()?, "annotations")?;
            Some((annotations, pod.spec.origin.span))
        });
        for (annotations, covers) in whole.into_iter().chain(pods.filter(|_| !object.is("", "Pod"))) {
            let Some(entry) = entry(annotations, &[NAME]) else { continue };
            let whole = entry.key_origin.span.cover(entry.value.origin.span);
            if let Some(written) = read(&entry.value) {
                ignores.add_written(whole, &written, covers);
            }
        }
    }
}

/// `privileged-service, host-network` or `[privileged-service] a reason`, as a comment would have it, at its own bytes.
fn read(said: &Value) -> Option<Spanned<String>> {
    let names = text(said)?;
    let scalar = said.as_scalar()?;
    let written = match names.trim_start().starts_with('[') {
        true => format!("{BEFORE}{names}"),
        false => format!("{BEFORE}[{names}]"),
    };
    let before = written.find(names)?;
    let start = scalar.text.span_of(0..names.len()).start().checked_sub(before)?;
    Some(Spanned { span: Span::new(start, start + written.len()), value: written })
}

//! `skaffold.yaml`: which Dockerfile builds which image.

use lint_parser::compose::value::{SourceId, Value};
use lint_parser::text::source::SourceFile;

use crate::files::{directory, join};
use crate::model::kubernetes::lower::Build;
use crate::model::kubernetes::manifest::Manifest;
use crate::model::kubernetes::tree::{at, items, string_at};

/// The images that a file says how to build.
#[must_use]
pub fn builds(file: &SourceFile) -> Vec<(String, Build)> {
    let manifest = Manifest::read(file.clone(), SourceId::default());
    let is_skaffold = |value: &&std::sync::Arc<Value>| {
        string_at(value, &["apiVersion"]).is_some_and(|v| v.starts_with("skaffold/"))
    };
    let documents = manifest.documents.iter().filter(is_skaffold);
    let artifacts = documents.flat_map(|document| items(at(document, &["build", "artifacts"])));
    artifacts.filter_map(|artifact| build(artifact, directory(file.name()))).collect()
}

fn build(artifact: &Value, home: &str) -> Option<(String, Build)> {
    let image = string_at(artifact, &["image"]).or_else(|| string_at(artifact, &["imageName"]))?;
    let context =
        string_at(artifact, &["context"]).or_else(|| string_at(artifact, &["workspace"])).unwrap_or(".");
    let context = join(home, context);
    // What other builders make has no Dockerfile.
    let other =
        ["jib", "ko", "buildpacks", "bazel", "custom"].iter().any(|name| at(artifact, &[name]).is_some());
    let by = ["docker", "kaniko"].into_iter().find(|name| at(artifact, &[name]).is_some());
    if other && by.is_none() {
        return None;
    }
    let of = |key: &str| by.and_then(|by| string_at(artifact, &[by, key]));
    let own = of("dockerfile")
        .or_else(|| of("dockerfilePath"))
        .or_else(|| string_at(artifact, &["dockerfilePath"]));
    let build = Build {
        dockerfile: join(&context, own.unwrap_or("Dockerfile")),
        target: of("target").map(str::to_owned),
        context,
    };
    Some((image.to_owned(), build))
}

//! Actions of GitHub's that are containers.

use crate::files::{directory, file_name, join};
use crate::model::container::BuildFiles;

/// Whether an `action.yml` beside a Dockerfile, or in the directory above, has it built and run. Steps of a workflow share the
/// workspace, which root alone may write to, and GitHub says not to use `USER` there.
pub(super) fn runs(dockerfile: &str, files: &dyn BuildFiles) -> bool {
    let beside = directory(dockerfile);
    let above = join(beside, "..");
    [beside, &above].into_iter().any(|place| {
        ["action.yml", "action.yaml"].into_iter().any(|name| {
            let text = files.text(&join(place, name)).unwrap_or_default();
            value(&text, "using") == Some("docker")
                && value(&text, "image")
                    .is_some_and(|image| join(place, image) == join(beside, file_name(dockerfile)))
        })
    })
}

/// What a line of an action says, as `using: 'docker'`.
fn value<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut lines = text.lines().filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(':'));
    lines.next().map(|value| value.trim().trim_matches(['\'', '"']))
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn lines_of_an_action() {
        let text = "name: x\nruns:\n  using: 'docker'\n  image: \"docker/Dockerfile\"\n";
        assert_eq!((value(text, "using"), value(text, "image")), (Some("docker"), Some("docker/Dockerfile")));
        assert_eq!(value(text, "main"), None);
    }
}

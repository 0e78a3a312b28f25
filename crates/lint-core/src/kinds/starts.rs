//! Which texts start containers, among files that hold command lines or describe pipelines.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::files::file_name;
use crate::kinds::SourceKind;
use crate::model::calls::calls_as;

/// The programs, and what variables are called that hold their names.
static PROGRAMS: LazyLock<[Finder<'static>; 8]> = LazyLock::new(|| {
    ["docker", "podman", "nerdctl", "DOCKER", "PODMAN", "CONTAINER", "container_", "ENGINE"].map(Finder::new)
});

/// Keys of pipelines under which containers stand.
const CONTAINERS: [&str; 5] = ["container:", "services:", "image:", "docker:", "containers:"];
static KEYS: LazyLock<[Finder<'static>; 5]> = LazyLock::new(|| CONTAINERS.map(Finder::new));

/// What stands in the names of actions that start or build one.
static ACTIONS: LazyLock<[Finder<'static>; 3]> =
    LazyLock::new(|| ["docker://", "/build-push-action", "/bake-action"].map(Finder::new));

/// What a file may be whose name says that it may start containers; its text decides ([`starts`]).
pub(super) fn may_start(path: &str) -> Option<SourceKind> {
    let name = file_name(path);
    let kind = calls_as(path);
    if kind == Some(true) {
        return Some(SourceKind::Pipeline);
    }
    if name.is_empty() {
        return None;
    }
    let is_bake = name.contains("bake") && (name.ends_with(".hcl") || name.ends_with(".json"));
    let is_text = name.to_ascii_lowercase().starts_with("readme");
    if is_bake || is_text {
        return None;
    }
    let is_unit = name.ends_with(".service") || path.contains(".service.d/") && name.ends_with(".conf");
    (is_unit || kind.is_some()).then_some(SourceKind::Commands)
}

/// Whether a text starts containers, as far as can be seen without taking it apart.
#[must_use]
pub fn starts(kind: SourceKind, text: &str) -> bool {
    match kind {
        SourceKind::Pipeline => {
            // The whole is looked through before any line is.
            let has = |any: &[Finder<'_>]| any.iter().any(|one| one.find(text.as_bytes()).is_some());
            let is_key = |line: &str| {
                let line = line.trim_start().trim_start_matches("- ");
                CONTAINERS.iter().any(|key| line.starts_with(key))
            };
            has(&*ACTIONS) || has(&*KEYS) && text.lines().any(is_key) || has_command(text)
        }
        _ => has_command(text),
    }
}

/// Whether some line has a command that starts a container (`docker run`, `$(DOCKER) container create`), or one that enters or
/// builds one with an option that says more than what is there already.
fn has_command(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !PROGRAMS.iter().any(|program| program.find(bytes).is_some()) {
        return false;
    }
    let has_option = |options: &[&str]| options.iter().any(|option| text.contains(option));
    let (mut is_open, mut was_dollar) = (false, false);
    for line in text.lines() {
        let (mut is_compose, mut is_buildx, mut is_after_option) = (false, false, false);
        for word in line.split([' ', '\t', '"', '\'', '(', ')', '`', ',']) {
            let is_between =
                matches!(word, "" | "container" | "service" | "image" | "builder" | "buildx" | "\\");
            is_buildx |= word == "buildx";
            if is_between || word.starts_with('-') {
                is_after_option = word.starts_with('-');
                continue;
            }
            let may_be_value = std::mem::take(&mut is_after_option) && is_open;
            is_compose |= is_open && word == "compose" || word.ends_with("-compose");
            let is_found = match word {
                _ if !is_open => false,
                "run" => true,
                "create" => !is_buildx,
                "exec" => has_option(&["--privileged", " -u", "--user"]),
                "build" | "b" => {
                    has_option(&["--build-arg", "--build-context", "--allow", "--net", "--target"])
                        || is_fetched(text, line)
                }
                "bake" => is_buildx,
                _ => false,
            };
            if is_found {
                return true;
            }
            let is_end = word.ends_with([';', '|', '&']);
            // `$(DOCKER)`, which the brackets have taken apart, or `$RUNTIME`.
            let is_variable = word.starts_with('$') || (was_dollar && !is_end);
            was_dollar = word == "$" || word == "@$";
            // Before its subcommand, Compose has options with values.
            is_compose &= !is_end;
            is_open = is_variable
                || is_compose
                || may_be_value && !is_end
                || !is_end && PROGRAMS.iter().any(|program| program.find(word.as_bytes()).is_some());
        }
        is_open &= line.trim_end().ends_with('\\');
    }
    false
}

/// Whether a line, with those it goes on over, names something that is fetched.
fn is_fetched(text: &str, line: &str) -> bool {
    let from = line.as_ptr() as usize - text.as_ptr() as usize;
    let mut lines = text.get(from..).unwrap_or_default().lines();
    let mut goes_on = true;
    lines
        .by_ref()
        .take_while(|line| std::mem::replace(&mut goes_on, line.trim_end().ends_with('\\')))
        .any(|line| ["://", "git@", " github.com/"].iter().any(|address| line.contains(address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_commands_starts_containers_where_a_line_does() {
        for text in [
            "up:\n\tdocker run nginx\n",
            "sudo /usr/bin/docker container run x",
            "$(DOCKER) run --rm x",
            "\"$CONTAINER_ENGINE\" --debug create x",
            "ExecStart=/usr/bin/podman run \\\n  x",
            "docker \\\n run x",
            "\"start\": \"docker run -p 80:80 x\"",
            "docker service create x",
            "docker compose run web",
            "docker-compose -f docker/dev.yml run web",
            "docker exec -u root web sh",
            "docker -H ssh://host --context x run web",
            "docker buildx build --build-arg A=b .",
            "docker build https://github.com/a/b.git",
            "docker buildx bake \\\n  git@github.com:a/b.git",
        ] {
            assert!(starts(SourceKind::Commands, text), "{text}");
        }
        for text in [
            "docker build .\n# https://example.com",
            "docker compose up web",
            "docker exec web sh",
            "docker network create back",
            "docker buildx create --use",
            "run docker",
            "npm run docker",
            "echo docker; run",
        ] {
            assert!(!starts(SourceKind::Commands, text), "{text}");
        }
    }

    #[test]
    fn the_path_says_what_may_start_containers() {
        assert_eq!(may_start(".github/workflows/ci.yml"), Some(SourceKind::Pipeline));
        assert_eq!(may_start("Makefile"), Some(SourceKind::Commands));
        assert_eq!(may_start("etc/systemd/system/web.service"), Some(SourceKind::Commands));
        for path in ["README.md", "src/main.rs", "docker-bake.hcl", "values.yaml"] {
            assert_eq!(may_start(path), None, "{path}");
        }
    }
}

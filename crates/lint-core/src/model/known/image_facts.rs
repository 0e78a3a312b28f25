//! What is known of public images without asking a registry.
//!
//! The knowledge is data: `data/images.txt` and `data/image-families.txt`, dated and with their sources. They are
//! looked up as they are; a line is read when it is the one asked for.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::model::kit::holes::fits;
use crate::model::kit::sorted_lines::{SortedLines, sorted_lines};

/// Images that were read, sorted by repository.
static IMAGES: SortedLines = sorted_lines!("../../../data/images.txt");
/// The others, patterns of repositories, and sets of users.
static FAMILIES: &str = include_str!("../../../data/image-families.txt");

/// Registries that hand on what Docker Hub has, under the same names.
const MIRRORS: [&str; 7] = [
    "mirror.gcr.io/",
    "public.ecr.aws/docker/",
    "mcr.microsoft.com/mirror/docker/",
    "registry.hub.docker.com/",
    "registry-1.docker.io/",
    "index.docker.io/",
    "docker.m.daocloud.io/",
];
/// Accounts of Docker Hub that hold the official images of one architecture each.
const ARCHITECTURES: [&str; 11] = [
    "amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "mips64le", "ppc64le", "riscv64", "s390x",
    "winamd64",
];

/// What is known of an image. Never certain: a tag may be moved, a mirror may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// The normalised repository, or a pattern: `docker.io/library/postgres`, `gcr.io/distroless/*`.
    pub repository: &'static str,
    /// The tags it holds for; `*` stands for any text.
    pub tags: &'static str,
    /// Who its main process is.
    pub user: ImageUser,
    /// Whether and how its own entrypoint leaves root before the program proper runs.
    pub steps_down: Option<OwnStep>,
    /// Whether it is a Windows image.
    pub windows: bool,
    /// Whether [`ImageFacts::accounts`] are all users it has.
    pub accounts_complete: bool,
    /// Whether it comes with a `HEALTHCHECK`; `None` when not known.
    pub healthcheck: Option<bool>,
    /// Its `STOPSIGNAL`, where that is known not to be the usual one.
    pub stop_signal: Option<&'static str>,
    /// Its `WORKDIR`; `None` when not known.
    pub workdir: Option<&'static str>,
    accounts: &'static str,
    exposes: Option<&'static str>,
    volumes: &'static str,
    line: &'static str,
}

/// The variables of a known image. Small: every instruction has a view of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageVariables(&'static str);

impl ImageVariables {
    /// The repository of the image, or the pattern it fits.
    #[must_use]
    pub fn repository(self) -> &'static str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// Variables it sets that Dockerfiles use in `USER`.
    pub fn env(self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        self.0.split_whitespace().filter_map(|word| word.strip_prefix("env=")?.split_once(':'))
    }
}

/// How the entrypoint an image comes with leaves root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnStep {
    /// The user it changes to, where that is known.
    pub user: Option<&'static str>,
    /// The commands it does so for, `*` standing for any text; empty: for all.
    commands: &'static str,
}

/// Who an image's main process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageUser {
    /// Root: no `USER`, or one that says so.
    Root,
    /// The `USER` it ends in, which is not root.
    NotRoot(&'static str),
    /// `ContainerAdministrator` of Windows.
    WindowsAdministrator,
    /// Not known.
    Unknown,
}

/// What is known of a repository's tag.
///
/// `repository` is normalised (`docker.io/library/nginx`). Without a tag and without a digest, pass `latest`; an
/// image known by its digest alone may be any version and must not be looked up.
#[must_use]
pub fn lookup(repository: &str, tag: &str) -> Option<ImageFacts> {
    let repository = &*canonical(repository);
    let key = format!("{repository} ");
    let fits = |(line, name, tags, facts): Parts| {
        (glob(name, repository) && glob(tags, tag)).then(|| ImageFacts::read(name, tags, facts, line))
    };
    let read = IMAGES.starting_with(&key).filter_map(parts).find_map(fits);
    read.or_else(|| PATTERNS.iter().copied().find_map(fits))
}

/// A line, and in it the repository, the tags, and what is said of them.
type Parts = (&'static str, &'static str, &'static str, &'static str);

fn parts(line: &'static str) -> Option<Parts> {
    let (name, rest) = line.split_once(' ')?;
    let (tags, facts) = rest.trim_start().split_once(' ')?;
    Some((line, name, tags, facts))
}

/// The lines of [`FAMILIES`] about images, taken apart: every image that was not read is compared with each.
static PATTERNS: LazyLock<Vec<Parts>> = LazyLock::new(|| {
    FAMILIES.lines().filter(|line| !line.starts_with(['#', '@'])).filter_map(parts).collect()
});

/// Those about sets of users, the name of the set first.
static SETS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    FAMILIES.lines().filter(|line| line.starts_with('@')).filter_map(|line| line.split_once(' ')).collect()
});

/// The name an image has on Docker Hub, of those it is known by elsewhere: `docker.io/library/python` for
/// `docker.io/arm64v8/python` and for `mirror.gcr.io/library/python`.
#[must_use]
pub fn canonical(repository: &str) -> Cow<'_, str> {
    let mirrored = MIRRORS.iter().find_map(|mirror| repository.strip_prefix(mirror));
    let path = mirrored.or_else(|| repository.strip_prefix("docker.io/"));
    match path.and_then(|path| path.split_once('/')) {
        Some((account, name)) if ARCHITECTURES.contains(&account) => {
            format!("docker.io/library/{name}").into()
        }
        _ => mirrored.map_or(Cow::Borrowed(repository), |path| format!("docker.io/{path}").into()),
    }
}

/// Whether a text fits a pattern in which `*` stands for any text.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    fits(pattern, '*', text)
}

impl ImageFacts {
    fn read(repository: &'static str, tags: &'static str, words: &'static str, line: &'static str) -> Self {
        let mut facts = Self {
            repository,
            tags,
            user: ImageUser::Unknown,
            steps_down: None,
            windows: false,
            accounts_complete: false,
            healthcheck: None,
            stop_signal: None,
            workdir: None,
            accounts: "",
            exposes: None,
            volumes: "",
            line,
        };
        words.split_ascii_whitespace().for_each(|word| facts.add(word));
        facts
    }

    fn add(&mut self, word: &'static str) {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match key {
            "root" => self.user = ImageUser::Root,
            "user" => self.user = ImageUser::NotRoot(value),
            "administrator" => self.user = ImageUser::WindowsAdministrator,
            "windows" => self.windows = true,
            "steps-down" => {
                let (user, commands) = value.split_once('@').unwrap_or((value, ""));
                self.steps_down =
                    Some(OwnStep { user: Some(user).filter(|user| !user.is_empty()), commands });
            }
            "accounts" | "accounts+" => {
                self.accounts_complete = key == "accounts";
                self.accounts = value;
            }
            "unhealthy" => self.healthcheck = Some(false),
            "healthcheck" => self.healthcheck = Some(true),
            "exposes" => self.exposes = Some(value),
            "volumes" => self.volumes = value,
            "stop" => self.stop_signal = Some(value),
            "workdir" => self.workdir = Some(value),
            // `unknown` says nothing; `env` is read when it is asked for.
            _ => {}
        }
    }

    /// Users in its `/etc/passwd`, with their uid where it is known.
    pub fn accounts(&self) -> impl Iterator<Item = (&'static str, Option<i64>)> + use<> {
        items(self.accounts).flat_map(|item| {
            let members = if item.starts_with('@') { set(item) } else { Default::default() };
            let own = Some(item).filter(|item| !item.starts_with('@'));
            members.split_whitespace().chain(own).map(|name| match name.split_once(':') {
                Some((name, uid)) => (name, uid.parse().ok()),
                None => (name, (name == "root").then_some(0)),
            })
        })
    }

    /// The variables it sets.
    #[must_use]
    pub fn variables(&self) -> ImageVariables {
        ImageVariables(self.line)
    }

    /// Variables it sets that Dockerfiles use in `USER`.
    pub fn env(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        self.variables().env()
    }

    /// The ports it has `EXPOSE` for, as that writes them; `None` when not known.
    #[must_use]
    pub fn exposes(&self) -> Option<impl Iterator<Item = &'static str> + use<>> {
        self.exposes.map(items)
    }

    /// The paths it has `VOLUME`s at, as far as is known.
    pub fn volumes(&self) -> impl Iterator<Item = &'static str> + use<> {
        items(self.volumes)
    }
}

impl OwnStep {
    /// Whether it is taken when the container's command begins with this word; `None`: the image's own command, or a word
    /// nobody can know.
    #[must_use]
    pub fn is_taken_for(&self, first: Option<&str>) -> bool {
        let Some(first) = first.filter(|_| !self.commands.is_empty()) else { return true };
        // Entrypoints put the program before options.
        first.is_empty()
            || first.starts_with('-')
            || items(self.commands).any(|command| glob(command, crate::files::file_name(first)))
    }
}

fn items(list: &'static str) -> impl Iterator<Item = &'static str> + use<> {
    list.split(',').filter(|item| !item.is_empty())
}

/// The members of a set of users.
fn set(name: &str) -> &'static str {
    SETS.iter().find(|(set, _)| *set == name).map_or("", |(_, members)| members)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(repository: &str, tag: &str) -> Option<ImageUser> {
        lookup(repository, tag).map(|facts| facts.user)
    }

    fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', '@']))
    }

    #[test]
    fn every_line_of_the_data_says_what_we_understand() {
        let keys = "root user administrator windows steps-down accounts accounts+ env unhealthy healthcheck \
                    exposes volumes stop workdir unknown";
        for line in lines(IMAGES.text).chain(lines(FAMILIES)) {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert!(words.len() >= 3, "nothing said: {line}");
            assert!(words[0].contains('/') && !words[0].contains(':'), "not a repository: {line}");
            for word in &words[2..] {
                let key = word.split('=').next().unwrap_or_default();
                assert!(keys.split(' ').any(|known| known == key), "{key} in {line}");
                for name in word.split(['=', ',']).filter(|name| name.starts_with('@')) {
                    assert!(!set(name).is_empty(), "{name} in {line}");
                }
            }
        }
    }

    #[test]
    fn the_images_are_sorted_and_each_line_has_a_source() {
        let keys = crate::model::kit::sorted_lines::keys(IMAGES.text, 1);
        assert!(keys.is_sorted() && keys.len() > 400);
        let sources = include_str!("../../../data/image-sources.txt");
        let sources: Vec<_> = lines(sources).map(|line| line.splitn(3, ' ').collect::<Vec<_>>()).collect();
        for (line, source) in lines(IMAGES.text).zip(&sources) {
            let words: Vec<_> = line.splitn(3, ' ').collect();
            assert_eq!(words[..2], source[..2], "the sources are those of the images, line by line");
            assert!(source[2].contains('@') && source[2].contains('/'), "{source:?}");
        }
        assert_eq!(sources.len(), lines(IMAGES.text).count());
    }

    #[test]
    fn tags_decide_where_they_must() {
        assert_eq!(user("gcr.io/distroless/static-debian12", "nonroot"), Some(ImageUser::NotRoot("65532")));
        assert_eq!(user("gcr.io/distroless/base", "debug-nonroot-amd64"), Some(ImageUser::NotRoot("65532")));
        assert_eq!(user("gcr.io/distroless/static-debian12", "latest"), Some(ImageUser::Root));
        assert_eq!(user("docker.io/library/wordpress", "cli-2.11"), Some(ImageUser::NotRoot("www-data")));
        assert_eq!(user("docker.io/library/wordpress", "6.5"), Some(ImageUser::Root));
        assert_eq!(user("docker.io/bitnami/nginx", "1.27"), Some(ImageUser::NotRoot("1001")));
        assert_eq!(user("docker.io/bitnami/minideb", "bookworm"), Some(ImageUser::Root));
        assert_eq!(user("cgr.dev/chainguard/wolfi-base", "latest"), Some(ImageUser::Root));
        assert_eq!(user("cgr.dev/chainguard/docker-dind", "latest"), Some(ImageUser::Unknown));
        assert_eq!(
            user("mcr.microsoft.com/dotnet/aspnet", "8.0-jammy-chiseled"),
            Some(ImageUser::NotRoot("1654"))
        );
        assert_eq!(user("mcr.microsoft.com/dotnet/aspnet", "8.0"), Some(ImageUser::Root));
        assert_eq!(
            user("mcr.microsoft.com/windows/servercore", "ltsc2022"),
            Some(ImageUser::WindowsAdministrator)
        );
        assert_eq!(
            user("mcr.microsoft.com/windows/nanoserver", "ltsc2022"),
            Some(ImageUser::NotRoot("ContainerUser"))
        );
        assert_eq!(user("public.ecr.aws/docker/library/python", "3.12"), Some(ImageUser::Root));
    }

    #[test]
    fn an_official_image_is_the_same_by_its_other_names() {
        let postgres = lookup("docker.io/library/postgres", "17");
        for name in
            ["docker.io/arm64v8/postgres", "docker.io/amd64/postgres", "mirror.gcr.io/library/postgres"]
        {
            assert_eq!(lookup(name, "17"), postgres, "{name}");
        }
        assert_eq!(canonical("mirror.gcr.io/grafana/grafana"), "docker.io/grafana/grafana");
        for other in ["docker.io/example/postgres", "example.com/library/postgres", "arm64v8/postgres"] {
            assert_eq!(canonical(other), other);
        }
    }

    #[test]
    fn entrypoints_step_down_for_their_own_command() {
        let step = lookup("docker.io/library/mongo", "8").unwrap().steps_down.unwrap();
        assert_eq!(step.user, Some("mongodb"));
        for command in [None, Some("mongod"), Some("mongos"), Some("--replSet"), Some("/usr/bin/mongod")] {
            assert!(step.is_taken_for(command), "{command:?}");
        }
        assert!(!step.is_taken_for(Some("bash")));
        let any = lookup("docker.io/library/telegraf", "1.36").unwrap().steps_down.unwrap();
        assert!(any.is_taken_for(Some("bash")));
    }

    #[test]
    fn names_are_compared_whole() {
        for repository in [
            "docker.io/evil/postgres",
            "docker.io/library/postgres-x",
            "x/docker.io/library/postgres",
            "docker.io/library/distroless-nonroot",
        ] {
            assert_eq!(lookup(repository, "latest"), None, "{repository}");
        }
    }

    #[test]
    fn accounts_of_families_are_spelled_out() {
        let node = lookup("docker.io/library/node", "20-alpine").unwrap();
        let names: Vec<_> = node.accounts().collect();
        assert!(
            node.accounts_complete && names.contains(&("nobody", None)) && names.contains(&("root", Some(0)))
        );
        assert!(names.contains(&("node", Some(1000))));
        assert!(!lookup("docker.io/library/mysql", "8").unwrap().accounts_complete);
        assert_eq!(
            lookup("mcr.microsoft.com/dotnet/runtime", "9.0").unwrap().env().collect::<Vec<_>>(),
            [("APP_UID", "1654")]
        );
    }

    #[test]
    fn patterns_match_as_globs() {
        assert!(glob("*", "") && glob("a*c", "abc") && glob("a*b*c", "axbxc") && glob("abc", "abc"));
        assert!(!glob("abc", "abcd") && !glob("a*c", "ab") && !glob("a*bc*c", "abc"));
        assert!(!glob("ab*ba", "aba"), "the pieces must not overlap");
    }
}

//! What is known of public images without asking a registry.
//!
//! The knowledge is data: `data/image-facts.txt`, dated and with its sources. It is read when the first image is
//! looked up, which takes some fifty microseconds.

use std::collections::HashMap;
use std::sync::OnceLock;

static DATA: &str = include_str!("../../data/image-facts.txt");

/// What is known of an image. Never certain: a tag may be moved, a mirror may lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// The normalised repository, or a pattern: `docker.io/library/postgres`, `gcr.io/distroless/*`.
    pub repository: &'static str,
    /// The tags it holds for; `*` stands for any text.
    pub tags: &'static str,
    /// Who its main process is.
    pub user: ImageUser,
    /// Whether its own entrypoint leaves root before the program proper runs.
    pub steps_down: bool,
    /// Whether it is a Windows image.
    pub windows: bool,
    /// Users in its `/etc/passwd`.
    pub accounts: Vec<&'static str>,
    /// Whether [`ImageFacts::accounts`] are all of them.
    pub accounts_complete: bool,
    /// Variables it sets that Dockerfiles use in `USER`.
    pub env: Vec<(&'static str, &'static str)>,
    /// Whether it comes with a `HEALTHCHECK`; `None` when not known.
    pub healthcheck: Option<bool>,
    /// The ports it has `EXPOSE` for, as that writes them; `None` when not known.
    pub exposes: Option<Vec<&'static str>>,
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

struct Table {
    exact: HashMap<&'static str, Vec<ImageFacts>>,
    patterns: Vec<ImageFacts>,
}

/// What is known of a repository's tag.
///
/// `repository` is normalised (`docker.io/library/nginx`). Without a tag and without a digest, pass `latest`; an
/// image known by its digest alone may be any version and must not be looked up.
#[must_use]
pub fn lookup(repository: &str, tag: &str) -> Option<&'static ImageFacts> {
    static TABLE: OnceLock<Table> = OnceLock::new();
    let table = TABLE.get_or_init(|| read(DATA));
    // Mirrors of Docker's official images that keep their names.
    let official = ["public.ecr.aws/docker/library/", "mirror.gcr.io/library/"]
        .iter()
        .find_map(|mirror| repository.strip_prefix(mirror));
    let mirrored = official.map(|name| format!("docker.io/library/{name}"));
    let repository = mirrored.as_deref().unwrap_or(repository);
    let exact = table.exact.get(repository).map(Vec::as_slice).unwrap_or_default();
    exact.iter().find(|facts| matches(facts.tags, tag)).or_else(|| {
        table.patterns.iter().find(|facts| matches(facts.repository, repository) && matches(facts.tags, tag))
    })
}

/// Whether `text` fits a pattern in which `*` stands for any text. Linear in practice: it never tries two
/// `*` at once.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

fn read(data: &'static str) -> Table {
    let lines = || data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let sets: HashMap<&str, Vec<&str>> = lines()
        .filter(|line| line.starts_with('@'))
        .map(|line| {
            let mut words = line.split_whitespace();
            (words.next().unwrap_or_default(), words.collect())
        })
        .collect();
    let mut table = Table { exact: HashMap::new(), patterns: Vec::new() };
    for line in lines().filter(|line| !line.starts_with('@')) {
        let mut words = line.split_whitespace();
        let (Some(repository), Some(tags)) = (words.next(), words.next()) else { continue };
        let mut facts = ImageFacts {
            repository,
            tags,
            user: ImageUser::Unknown,
            steps_down: false,
            windows: false,
            accounts: Vec::new(),
            accounts_complete: false,
            env: Vec::new(),
            healthcheck: None,
            exposes: None,
        };
        words.for_each(|word| facts.add(word, &sets));
        if repository.contains('*') {
            table.patterns.push(facts);
        } else {
            table.exact.entry(repository).or_default().push(facts);
        }
    }
    table
}

impl ImageFacts {
    fn add(&mut self, word: &'static str, sets: &HashMap<&str, Vec<&'static str>>) {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match key {
            "root" => self.user = ImageUser::Root,
            "user" => self.user = ImageUser::NotRoot(value),
            "administrator" => self.user = ImageUser::WindowsAdministrator,
            "windows" => self.windows = true,
            "steps-down" => self.steps_down = true,
            "accounts" | "accounts+" => {
                self.accounts_complete = key == "accounts";
                for name in value.split(',') {
                    match sets.get(name) {
                        Some(members) => self.accounts.extend(members),
                        None => self.accounts.push(name),
                    }
                }
            }
            "env" => self.env.extend(value.split_once(':')),
            "unhealthy" => self.healthcheck = Some(false),
            "healthcheck" => self.healthcheck = Some(true),
            "exposes" => self.exposes = Some(value.split(',').filter(|port| !port.is_empty()).collect()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(repository: &str, tag: &str) -> Option<ImageUser> {
        lookup(repository, tag).map(|facts| facts.user)
    }

    #[test]
    fn every_line_of_the_data_says_what_we_understand() {
        let keys = [
            "root",
            "user",
            "administrator",
            "windows",
            "steps-down",
            "accounts",
            "accounts+",
            "env",
            "unhealthy",
            "healthcheck",
            "exposes",
            "unknown",
        ];
        for line in DATA.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with(['#', '@'])) {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert!(words.len() >= 3, "nothing said: {line}");
            assert!(words[0].contains('/') && !words[0].contains(':'), "not a repository: {line}");
            for word in &words[2..] {
                let key = word.split('=').next().unwrap_or_default();
                assert!(keys.contains(&key), "{key} in {line}");
                for set in word.split(['=', ',']).filter(|name| name.starts_with('@')) {
                    assert!(DATA.contains(&format!("\n{set} ")), "{set} in {line}");
                }
            }
        }
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
        assert!(
            node.accounts_complete && node.accounts.contains(&"node") && node.accounts.contains(&"nobody")
        );
        assert!(!lookup("docker.io/library/mysql", "8").unwrap().accounts_complete);
        assert_eq!(lookup("mcr.microsoft.com/dotnet/runtime", "9.0").unwrap().env, [("APP_UID", "1654")]);
    }

    #[test]
    fn patterns_match_as_globs() {
        assert!(
            matches("*", "") && matches("a*c", "abc") && matches("a*b*c", "axbxc") && matches("abc", "abc")
        );
        assert!(!matches("abc", "abcd") && !matches("a*c", "ab") && !matches("a*bc*c", "abc"));
        assert!(!matches("ab*ba", "aba"), "the pieces must not overlap");
    }
}

//! Names that say what something is there for: to develop, to test or to show something. Who starts it takes it away again.

/// Words in the names of what somebody starts to develop, to test or to show something, and takes away again.
const TRIALS: [&str; 40] = [
    "bench",
    "benchmark",
    "benchmarks",
    "check",
    "ci",
    "debug",
    "demo",
    "demos",
    "dev",
    "devcontainer",
    "devdb",
    "devel",
    "develop",
    "developer",
    "development",
    "devenv",
    "devserver",
    "devstack",
    "e2e",
    "fixture",
    "fixtures",
    "fuzz",
    "hack",
    "integration",
    "kind",
    "lint",
    "local",
    "localdev",
    "mock",
    "mocks",
    "playground",
    "quickstart",
    "sandbox",
    "smoke",
    "test",
    "testdata",
    "testing",
    "tests",
    "tutorial",
    "unittest",
];

/// Whether a name says that what it is the name of is there for whoever develops: `test-db`, `dev.sh`, `testdb`.
#[must_use]
pub fn is_trial(name: &str) -> bool {
    let parts = name.split(|c: char| !c.is_alphanumeric()).map(str::to_ascii_lowercase);
    let is_test = |part: &str| part.strip_prefix("test").is_some_and(|rest| TESTED.contains(&rest));
    parts.into_iter().any(|part| TRIALS.binary_search(&part.as_str()).is_ok() || is_test(&part))
}

/// Words in the names of what is there for others than whoever develops, wherever it lies.
const DEPLOYS: [&str; 7] = ["deploy", "deployment", "install", "live", "prod", "production", "staging"];

/// Whether the path of a file says so: its name, or one of the directories nearest to it. `ci/deploy.sh` is none, and what goes
/// to `usr/local/bin` lies in no directory of a developer's.
pub(super) fn is_path_of_trial(path: &str) -> bool {
    let is_deployed = |name: &str| {
        let mut parts = name.split(|c: char| !c.is_alphanumeric()).map(str::to_ascii_lowercase);
        parts.any(|part| DEPLOYS.contains(&part.as_str()))
    };
    let own = path.rsplit('/').next().unwrap_or(path);
    let path = path.replace("usr/local/", "");
    !is_deployed(own) && path.rsplit('/').take(DEEPEST_NAME).any(is_trial)
}

/// How many parts of a path say what a file is there for, from its end.
const DEEPEST_NAME: usize = 3;

/// What is written behind `test` without a sign between them.
const TESTED: [&str; 9] = ["db", "env", "server", "redis", "postgres", "mysql", "mongo", "pg", "net"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_trials() {
        assert!(TRIALS.is_sorted());
        for name in
            ["dev.sh", "test-db", "start_test_services.sh", "testdb", "hack", "app-dev", "e2e", "run.local"]
        {
            assert!(is_trial(name), "{name}");
        }
        for path in ["scripts/dev.sh", "hack/up.sh", "test/e2e/run.sh", "ci/run.sh"] {
            assert!(is_path_of_trial(path), "{path}");
        }
        for path in ["ci/deploy.sh", "root/usr/local/bin/run.sh", "scripts/run.sh", "dev/a/b/c/run.sh"] {
            assert!(!is_path_of_trial(path), "{path}");
        }
        for name in ["deploy.sh", "device", "latest", "contest", "up", "backup.sh", "locale", "checkout", ""]
        {
            assert!(!is_trial(name), "{name}");
        }
    }
}

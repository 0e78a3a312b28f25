//! Names that say what something is there for: to develop, to test or to show something. Who starts it takes it away again.

/// Words in the names of what somebody starts to develop, to test or to show something, and takes away again.
const TRIALS: [&str; 44] = [
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
    "example",
    "examples",
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
    "sample",
    "samples",
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
        for name in ["deploy.sh", "device", "latest", "contest", "up", "backup.sh", "locale", "checkout", ""]
        {
            assert!(!is_trial(name), "{name}");
        }
    }
}

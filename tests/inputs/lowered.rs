//! The same container, written in each input that can express it, is the same service.

use std::collections::BTreeMap;

use lint_core::report::project::yaml;
use lint_core::{Source, project};

use crate::kind;

/// What a file of that name comes to, as Compose would write it.
fn lowered(files: &[(&str, &str)]) -> String {
    let texts: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let (name, text) = files[0];
    let kind = kind(name, text).unwrap_or_else(|| panic!("{name} is no input"));
    let tree = project::effective(&Source::path(name, kind), &texts).unwrap();
    yaml(&tree, &|_| None)
}

/// A container of a job with a user, variables, an entry point and a command, as far as each language has words for them.
const JOBS: [(&str, &str, &[&str]); 9] = [
    (
        ".gitlab-ci.yml",
        "a:\n  image:\n    name: team/a:1\n    entrypoint: [/init]\n    docker: {user: app}\n  variables: {MODE: test}\n",
        &["user", "environment", "entrypoint"],
    ),
    (
        ".gitlab-ci.yml",
        "a:\n  services:\n    - name: team/a:1\n      alias: b\n      entrypoint: [/init]\n      command: [serve, --fast]\n      variables: {MODE: test}\n",
        &["environment", "entrypoint", "command"],
    ),
    (
        ".circleci/config.yml",
        "jobs:\n  a:\n    docker:\n      - image: team/a:1\n        user: app\n        entrypoint: [/init]\n        command: [serve, --fast]\n        environment: {MODE: test}\n",
        &["user", "environment", "entrypoint", "command"],
    ),
    ("bitbucket-pipelines.yml", "image: {name: team/a:1, run-as-user: app}\n", &["user"]),
    (
        "bitbucket-pipelines.yml",
        "definitions:\n  services:\n    a: {image: team/a:1, variables: {MODE: test}}\n",
        &["environment"],
    ),
    (
        "azure-pipelines.yml",
        "jobs:\n  - job: a\n    container:\n      image: team/a:1\n      env: {MODE: test}\n      options: --user app --entrypoint /init\n",
        &["user", "environment", "entrypoint"],
    ),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    container:\n      image: team/a:1\n      env: {MODE: test}\n      options: --user app --entrypoint /init\n",
        &["user", "environment", "entrypoint"],
    ),
    (
        ".woodpecker.yml",
        "steps:\n  a:\n    image: team/a:1\n    user: app\n    environment: {MODE: test}\n",
        &["user", "environment"],
    ),
    (
        "a.container",
        "[Container]\nImage=team/a:1\nUser=app\nEnvironment=MODE=test\nEntrypoint=/init\nExec=serve --fast\n",
        &["user", "environment", "entrypoint", "command"],
    ),
];

#[test]
fn what_a_job_says_is_what_a_command_line_says() {
    let says = |key: &str| match key {
        "user" => "    user: app\n",
        "environment" => "    environment:\n      MODE: test\n",
        "entrypoint" => "    entrypoint:\n      - /init\n",
        _ => "    command:\n      - serve\n      - \"--fast\"\n",
    };
    let command = "docker run -u app -e MODE=test --entrypoint /init team/a:1 serve --fast\n";
    let all = ["user", "environment", "entrypoint", "command"];
    for (name, text, keys) in JOBS.into_iter().chain([("run.sh", command, all.as_slice())]) {
        let tree = lowered(&[(name, text)]);
        assert!(tree.contains("    image: team/a:1\n"), "{name}: {tree}");
        for key in all {
            assert_eq!(tree.contains(says(key)), keys.contains(&key), "{name}: {key}\n{tree}");
        }
    }
}

#[test]
fn a_unit_is_shown_with_what_lies_beside_it() {
    let files = [
        ("q/web.container", "[Container]\nImage=team/a:1\nReadOnly=true\nReadOnlyTmpfs=false\n"),
        ("q/web.container.d/10.conf", "[Container]\nAddCapability=SYS_ADMIN\n"),
        ("q/container.d/20.conf", "[Container]\nUser=app\n"),
    ];
    let tree = lowered(&files);
    for part in ["    cap_add:\n      - SYS_ADMIN\n", "    user: app\n", "    read_only: true\n"] {
        assert!(tree.contains(part), "{part}{tree}");
    }
    assert!(!tree.contains("tmpfs"), "{tree}");
    // A drop-in by itself is shown with its unit.
    assert!(lowered(&[files[1], files[0], files[2]]).contains("    image: team/a:1\n"));
    // Podman mounts memory where programs write.
    let tmpfs = lowered(&[("a.container", "[Container]\nImage=team/a:1\nReadOnly=true\n")]);
    assert!(tmpfs.contains("    tmpfs:\n      - /run\n      - /tmp\n      - /var/tmp\n"), "{tmpfs}");
    let network = lowered(&[("web.network", "[Network]\nInternal=true\nOptions=isolate=true\n")]);
    assert!(network.contains("networks:\n  web:\n") && network.contains("internal: true"), "{network}");
    // What a unit builds is built from its own Dockerfile.
    let built = [
        ("web.container", "[Container]\nImage=web.build\n"),
        ("web.build", "[Build]\nImageTag=localhost/web\nFile=Containerfile\nTarget=app\n"),
        ("Containerfile", "FROM alpine:3.22 AS app\nUSER 1000\n"),
    ];
    let tree = lowered(&built);
    assert!(tree.contains("dockerfile: Containerfile") && tree.contains("target: app"), "{tree}");
}

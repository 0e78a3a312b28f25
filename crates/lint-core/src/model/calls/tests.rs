use std::collections::{BTreeMap, BTreeSet};

use lint_parser::image::parse;
use lint_parser::text::mapped::Mapped;

use crate::model::build::NamedContext;
use crate::model::calls::{Calls, variables_of_examples};

fn calls(files: &[(&str, &str)]) -> Calls {
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Calls::read(&files, &BTreeSet::new())
}

fn variables(files: &[(&str, &str)], project: &str) -> Vec<String> {
    let directory = crate::files::directory(project);
    calls(files).variables_of(&[project.to_owned()], directory).into_iter().collect()
}

#[test]
fn builds_are_found_wherever_they_are_written() {
    for (name, text) in [
        ("Makefile", "F := web/Dockerfile\nweb:\n\t@docker build \\\n\t  -t web -f $(F) web\n"),
        ("ci/build.sh", "#!/bin/sh\ncd \"$(dirname \"$0\")/..\"\ndocker build --file=web/Dockerfile .\n"),
        (
            "ci/build.sh",
            "ROOT=\"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")/..\" && pwd)\"\npodman build -f \"$ROOT/web/Dockerfile\"\n",
        ),
        ("build.sh", "for d in api web; do\n  docker buildx build -t \"x/$d\" \"$d\"\ndone\n"),
        ("build.sh", "(cd web && sudo docker build .)\n"),
        ("build.sh", "bash -c 'docker build web'\n"),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - run: docker build web\n"),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n      - working-directory: web\n        run: |\n          docker build .\n",
        ),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v7\n        with:\n          context: web\n",
        ),
        (".gitlab-ci.yml", "build:\n  script:\n    - cd web\n    - docker build .\n"),
        ("Taskfile.yml", "tasks:\n  web:\n    dir: web\n    cmds:\n      - docker build .\n"),
        (
            ".goreleaser.yaml",
            "dockers:\n  - dockerfile: web/Dockerfile\n    image_templates: ['x:{{ .Tag }}']\n",
        ),
        ("justfile", "web:\n    docker build -f web/Dockerfile .\n"),
        ("package.json", "{\"scripts\": {\"image\": \"docker build -t web ./web\"}}"),
        ("README.md", "Build it:\n\n```sh\n$ docker build web\n```\n"),
        ("docker-bake.hcl", "target \"web\" {\n  context = \"web\"\n}\n"),
        ("docker-bake.json", "{\"target\": {\"web\": {\"context\": \"web\"}}}"),
        (
            ".gitlab-ci.yml",
            "build:\n  script:\n    - /kaniko/executor --context web --destination registry.example.org/web:1\n",
        ),
        (
            "cloudbuild.yaml",
            "steps:\n  - name: gcr.io/cloud-builders/docker\n    args: [build, -t, 'gcr.io/$PROJECT_ID/web', web]\n",
        ),
        ("build.ps1", "docker build -f web\\Dockerfile .\n"),
    ] {
        let found = calls(&[
            (name, text),
            ("web/Dockerfile", "FROM scratch\n"),
            ("api/Dockerfile", "FROM scratch\n"),
        ]);
        assert!(found.builds("web/Dockerfile"), "{name}: {text}");
        assert!(!found.builds("Dockerfile"), "{name}: {text}");
    }
}

#[test]
fn what_builds_nothing_is_no_build() {
    for (name, text) in [
        ("Makefile", "# docker build web\nweb:\n\tgo build\n"),
        ("build.sh", "docker run web\ndocker pull web\n"),
        ("build.sh", "docker build https://example.com/web.git\n"),
        ("notes.md", "```sh\ndocker build web\n```\n"),
        ("README.md", "```yaml\nrun: docker build web\n```\n"),
    ] {
        assert!(!calls(&[(name, text), ("web/Dockerfile", "")]).builds("web/Dockerfile"), "{name}: {text}");
    }
}

#[test]
fn a_bake_target_has_what_it_inherits() {
    let text = "variable \"V\" { default = \"1.2\" }\n\
        target \"_base\" {\n  context = \".\"\n  args = { A = \"1\", B = upper(V) }\n  contexts = { src = \"./lib\" }\n}\n\
        target \"web\" {\n  inherits = [\"_base\"] // above\n  dockerfile = \"web.Dockerfile\"\n\
        \x20 tags = [\"acme/web:${V}\", \"acme/web:${GIT}\"]\n}\n";
    let found = calls(&[("docker-bake.hcl", text), ("web.Dockerfile", "")]);
    assert!(found.builds("web.Dockerfile"));
    let contexts = found.contexts_of("web.Dockerfile");
    assert_eq!(contexts.get("src"), Some(&NamedContext::Other));
    let images = found.images();
    let holds = |name: &str| images.hold(&parse(&Mapped::verbatim(name, 0)).unwrap(), "");
    assert!(holds("acme/web:1.2") && holds("docker.io/acme/web:1.2") && !holds("acme/api:1.2"));
    // The other tag may be anything.
    assert!(holds("acme/web:7"));
}

#[test]
fn images_are_those_of_other_dockerfiles() {
    let text = "all:\n\tdocker build -t base .\n\tdocker tag base acme/base:2\n\tdocker build -t $(X) api\n";
    let images = calls(&[("Makefile", text), ("Dockerfile", "")]).images();
    let holds = |name: &str, by: &str| images.hold(&parse(&Mapped::verbatim(name, 0)).unwrap(), by);
    assert!(holds("base", "web/Dockerfile") && holds("base:latest", "") && holds("acme/base:2", ""));
    assert!(!holds("base", "Dockerfile") && !holds("base:1", "") && !holds("debian", ""));
}

#[test]
fn variables_are_those_that_a_caller_sets() {
    let compose = ("app/compose.yaml", "");
    for (name, text) in [
        ("Makefile", "up:\n\tTAG=1 docker compose -f app/compose.yaml up\n"),
        ("Makefile", "export TAG ?= 1\nDC := docker compose -f app/compose.yaml\nup:\n\t$(DC) up\n"),
        ("app/Makefile", "up: export TAG = 1\nup:\n\tdocker compose up\n"),
        ("app/up.sh", "export TAG\ndocker-compose up\n"),
        ("app/up.sh", "env TAG=1 docker compose up\n"),
        ("app/up.sh", "echo \"TAG=$(git rev-parse HEAD)\" > .env\n"),
        ("app/up.sh", "cat <<EOF > .env\nTAG=1\nEOF\n"),
        ("app/up.sh", "up() { docker compose up; }\nexport TAG=1\nup\n"),
        (
            ".github/workflows/ci.yml",
            "env:\n  TAG: a\njobs:\n  a:\n    steps:\n      - run: docker compose -f app/compose.yaml up\n",
        ),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n      - run: echo \"TAG=1\" >> \"$GITHUB_ENV\"\n      - run: cd app && docker compose up\n",
        ),
        (
            ".gitlab-ci.yml",
            "variables:\n  TAG: a\nrun:\n  script: ['docker compose -f app/compose.yaml up']\n",
        ),
    ] {
        assert_eq!(variables(&[(name, text), compose], "app/compose.yaml"), ["TAG"], "{name}: {text}");
    }
    for (name, text) in [
        ("Makefile", "TAG := 1\nup:\n\tdocker compose -f app/compose.yaml up\n"),
        ("Makefile", "up:\n\tTAG=1 docker compose -f other.yaml up\n"),
        ("other/up.sh", "TAG=1 docker compose -f compose.yaml up\n"),
    ] {
        let files = [(name, text), compose, ("other/compose.yaml", ""), ("other.yaml", "")];
        assert_eq!(variables(&files, "app/compose.yaml"), [""; 0], "{name}: {text}");
    }
}

#[test]
fn variables_are_handed_on_to_what_is_run() {
    let files = [
        (".github/workflows/ci.yml", "env: {TAG: a}\njobs:\n  a:\n    steps:\n      - run: make -C app up\n"),
        ("app/Makefile", "up:\n\tMODE=b ./ci/up.sh\n"),
        ("app/ci/up.sh", "docker compose --env-file extra.vars up\n"),
        ("app/extra.vars", "NAME=c\n"),
        ("app/compose.yaml", ""),
    ];
    assert_eq!(variables(&files, "app/compose.yaml"), ["MODE", "NAME", "TAG"]);
}

#[test]
fn files_are_put_together_as_they_are_started() {
    let files = [
        (
            "Makefile",
            "up:\n\tdocker compose -f base.yml -f dev.yml up\n\tdocker compose -f compose.yaml -f ci/$(X).yml up\n",
        ),
        ("base.yml", ""),
        ("dev.yml", ""),
        ("compose.yaml", ""),
        ("ci/test.yml", ""),
    ];
    let found = calls(&files);
    let with = |file: &str, is_default| -> Vec<Vec<String>> {
        found.started_with(file, is_default).into_iter().map(|(files, _)| files).collect()
    };
    assert_eq!(with("dev.yml", false), [["base.yml", "dev.yml"]]);
    assert_eq!(with("base.yml", false), [["base.yml", "dev.yml"]]);
    assert_eq!(with("ci/test.yml", false), [["compose.yaml", "ci/test.yml"]]);
    assert_eq!(with("compose.yaml", true), [[""; 0]; 0]);
    assert_eq!(with("other.yml", false), [[""; 0]; 0]);
    let alone = calls(&[
        ("up.sh", "docker compose -f dev.yml up\ndocker compose -f base.yml -f dev.yml up"),
        ("dev.yml", ""),
    ]);
    assert!(alone.started_with("dev.yml", false).is_empty());
}

#[test]
fn a_directory_counts_where_every_caller_names_it() {
    let start = |more: &str| format!("docker compose --project-directory . -f a/compose.yml up\n{more}");
    let directory =
        |text: &str| calls(&[("up.sh", text), ("a/compose.yml", "")]).directory_of("a/compose.yml");
    assert_eq!(directory(&start("")).as_deref(), Some(""));
    assert_eq!(directory(&start("docker compose -f a/compose.yml up\n")), None);
}

#[test]
fn examples_name_what_is_to_be_set() {
    let read =
        |path: &str| (path == "app/.env.example").then(|| "A=1\n# B=2\nexport C=\nnot a line\n".to_owned());
    assert_eq!(variables_of_examples("app", &read), BTreeSet::from(["A", "B", "C"].map(str::to_owned)));
    assert!(variables_of_examples("", &read).is_empty());
}

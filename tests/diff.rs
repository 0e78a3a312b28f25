//! `plimsoll diff`: what a change makes of the containers. A refactoring makes nothing of them.

#[path = "cli/tree.rs"]
mod tree;

use std::process::Command;

use tree::{Run, Tree};

const COMPOSE: &str = "services:
  web:
    image: nginx:1.27
    user: '1000:1000'
    ports: ['127.0.0.1:8080:80', '8443:443']
    volumes: ['./conf:/etc/conf:ro', 'data:/var/lib/data']
    environment:
      - MODE=prod
      - LEVEL=info
    mem_limit: 512m
    command: serve --port 80
    healthcheck: {test: [CMD, 'true'], interval: 60s}
    cap_drop: [ALL]
  app:
    build: .
    depends_on: [web]
    labels: {team: a}
volumes:
  data: {}
";

const DOCKERFILE: &str = "FROM golang:1.24 AS build
WORKDIR /src
COPY . .
RUN go build -o /app .
FROM alpine:3.22
RUN apk add --no-cache ca-certificates
COPY --from=build /app /app
ENV HOME=/home/app
USER 1000
CMD [\"/app\"]
";

/// A repository with a first commit; `None` where there is no git.
fn repository(files: &[(&str, &str)]) -> Option<Tree> {
    let tree = Tree::new(files);
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("not tested: git is not installed");
        return None;
    }
    git(&tree, &["init", "-q", "-b", "main"]);
    commit(&tree);
    Some(tree)
}

fn git(tree: &Tree, args: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]);
    let output = git.args(args).current_dir(tree.path()).env("HOME", tree.path()).output().unwrap();
    assert!(output.status.success(), "{args:?}: {output:?}");
}

fn commit(tree: &Tree) {
    git(tree, &["add", "-A"]);
    git(tree, &["commit", "-q", "--allow-empty", "-m", "x"]);
}

/// A file with some of its text replaced. Text that is not there would make a test of nothing.
fn edit(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// What becomes of files: their new text, or that they go.
type Edits = Vec<(&'static str, Option<String>)>;

/// What is told of a second commit with these files; a file without text is deleted.
fn diff(edits: &[(&str, Option<String>)]) -> Option<Run> {
    let tree = repository(&[("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE), ("conf/a", "a")])?;
    for (name, text) in edits {
        match text {
            Some(text) => drop(tree.write(name, text.as_bytes())),
            None => std::fs::remove_file(tree.path().join(name)).unwrap(),
        }
    }
    // The files as they are first, and then the commit.
    let now = tree.run(&["diff", "--isolated"]);
    commit(&tree);
    let run = tree.run(&["diff", "HEAD~1", "HEAD", "--isolated", "--fail-on-worse"]);
    assert_eq!(now.stdout, run.stdout);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    Some(run)
}

#[test]
fn refactorings_change_nothing() {
    let compose = |edits: &[(&str, &str)]| vec![("compose.yaml", Some(edit(COMPOSE, edits)))];
    let dockerfile = |edits: &[(&str, &str)]| vec![("Dockerfile", Some(edit(DOCKERFILE, edits)))];
    let pairs: Vec<(&str, Edits)> = vec![
        (
            "an anchor",
            compose(&[
                ("services:\n", "x-web: &web\n  mem_limit: 512m\n  cap_drop: [ALL]\nservices:\n"),
                ("    mem_limit: 512m\n", "    <<: *web\n"),
                ("    cap_drop: [ALL]\n", ""),
            ]),
        ),
        ("extends", {
            let mut edits = compose(&[(
                "    mem_limit: 512m\n    command: serve --port 80\n",
                "    extends: {file: base.yaml, service: base}\n",
            )]);
            edits.push((
                "base.yaml",
                Some("services:\n  base:\n    mem_limit: 512m\n    command: serve --port 80\n".to_owned()),
            ));
            edits
        }),
        ("a renamed stage", dockerfile(&[("AS build", "AS compile"), ("--from=build", "--from=compile")])),
        (
            "long ports",
            compose(&[(
                "['127.0.0.1:8080:80', '8443:443']",
                "\n      - {target: 443, published: '8443', protocol: tcp}\n      - {host_ip: 127.0.0.1, target: 80, published: '8080'}",
            )]),
        ),
        (
            "a mapping of variables in another order",
            compose(&[("      - MODE=prod\n      - LEVEL=info\n", "      LEVEL: info\n      MODE: prod\n")]),
        ),
        ("a full name", compose(&[("nginx:1.27", "docker.io/library/nginx:1.27")])),
        (
            "long mounts",
            compose(&[(
                "['./conf:/etc/conf:ro', 'data:/var/lib/data']",
                "\n      - {type: volume, source: data, target: /var/lib/data}\n      - {type: bind, source: ./conf, target: /etc/conf, read_only: true}",
            )]),
        ),
        (
            "another file name",
            vec![("compose.yaml", None), ("docker-compose.yml", Some(format!("# moved\n{COMPOSE}")))],
        ),
        (
            "limits under deploy",
            compose(&[(
                "    mem_limit: 512m\n",
                "    deploy: {resources: {limits: {memory: 536870912b}}}\n",
            )]),
        ),
        (
            "an argument with a default, and a continued line",
            dockerfile(&[
                ("FROM alpine:3.22", "ARG TAG=3.22\nFROM alpine:${TAG}"),
                (
                    "RUN apk add --no-cache ca-certificates",
                    "run apk add \\\n    --no-cache \\\n    ca-certificates",
                ),
                ("ENV HOME=/home/app", "ENV HOME /home/app"),
            ])
            .into_iter()
            .map(|(name, text)| {
                (
                    name,
                    text.map(|text| {
                        text.replace("ARG TAG=3.22\nFROM", "FROM").replacen(
                            "FROM golang",
                            "ARG TAG=3.22\nFROM golang",
                            1,
                        )
                    }),
                )
            })
            .collect(),
        ),
        ("variables of a .env", {
            let mut edits = compose(&[("nginx:1.27", "nginx:${TAG}")]);
            edits.push((".env", Some("TAG=1.27\n".to_owned())));
            edits
        }),
        ("flow style, another order and quotes", {
            let text = "volumes: {data: }\nservices:\n  app: {labels: [\"team=a\"], depends_on: {web: {condition: service_started}}, build: {context: ./, dockerfile: Dockerfile}}\n  web:\n    cap_drop: ['all']\n    healthcheck: {interval: 1m0s, test: [\"CMD\", \"true\"]}\n    command: [serve, --port, \"80\"]\n    mem_limit: \"536870912\"\n    environment: {LEVEL: \"info\", MODE: 'prod'}\n    volumes: [data:/var/lib/data, './conf/:/etc/conf/:ro']\n    ports: [8443:443/tcp, '127.0.0.1:8080:80']\n    user: \"1000:1000\"\n    image: 'nginx:1.27'\n";
            vec![("compose.yaml", Some(text.to_owned()))]
        }),
        ("files of variables, the later of which wins", {
            let mut edits = compose(&[(
                "    environment:\n      - MODE=prod\n      - LEVEL=info\n",
                "    env_file: [all.env, {path: web.env}]\n    environment: [MODE]\n",
            )]);
            edits.push((".env", Some("MODE=prod\n".to_owned())));
            edits.push(("all.env", Some("LEVEL=debug\nMODE=dev\n".to_owned())));
            edits.push(("web.env", Some("LEVEL='info' # as before\n".to_owned())));
            edits
        }),
        ("a service of another file that could be run by itself", {
            let mut edits = compose(&[(
                "    image: nginx:1.27\n    user: '1000:1000'\n",
                "    extends: {file: common/web.yaml, service: server}\n",
            )]);
            edits.push((
                "common/web.yaml",
                Some("services:\n  server:\n    image: nginx:1.27\n    user: '1000:1000'\n".to_owned()),
            ));
            edits
        }),
        ("a stage in between, and what nothing needs", {
            dockerfile(&[
                ("FROM alpine:3.22\n", "FROM scratch AS unused\nCOPY . /\nFROM alpine:3.22 AS base\n"),
                ("COPY --from=build", "FROM base AS final\nCOPY --from=build"),
            ])
        }),
        ("words, durations and an override", {
            let mut edits = compose(&[
                ("command: serve --port 80", "command: [serve, '--port', '80']"),
                ("60s", "1m"),
                ("    labels: {team: a}\n", ""),
            ]);
            edits.push((
                "compose.override.yaml",
                Some("services:\n  app:\n    labels: ['team=a']\n".to_owned()),
            ));
            edits
        }),
    ];
    assert!(pairs.len() >= 10);
    for (what, edits) in pairs {
        let Some(run) = diff(&edits) else { return };
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (0, "Nothing changes for the containers: all 2 are what they were.\n"),
            "{what}"
        );
    }
}

#[test]
fn small_edits_that_change_much_are_told() {
    let compose = |edits: &[(&str, &str)]| vec![("compose.yaml", Some(edit(COMPOSE, edits)))];
    let dockerfile = |edits: &[(&str, &str)]| vec![("Dockerfile", Some(edit(DOCKERFILE, edits)))];
    let pairs: Vec<(&str, Edits, i32)> = vec![
        ("! user: 1000:1000 becomes root", compose(&[("    user: '1000:1000'\n", "")]), 1),
        ("! user: 1000 becomes root  (was Dockerfile:9)", dockerfile(&[("USER 1000\n", "")]), 1),
        ("! port 8080 → 80/tcp: on 127.0.0.1 becomes on every address", compose(&[("127.0.0.1:", "")]), 1),
        (
            "! capability NET_ADMIN",
            compose(&[("cap_drop: [ALL]", "cap_drop: [ALL]\n    cap_add: [NET_ADMIN]")]),
            1,
        ),
        ("! privileged: true", compose(&[("labels: {team: a}", "privileged: true")]), 1),
        (
            "! mount /var/lib/data: volume data becomes bind ./data",
            compose(&[("'data:/var", "'./data:/var")]),
            1,
        ),
        ("! no more memory limit: 536870912", compose(&[("    mem_limit: 512m\n", "")]), 1),
        (
            "! health check: true becomes false",
            compose(&[(
                "    healthcheck: {test: [CMD, 'true'], interval: 60s}\n",
                "    healthcheck: {disable: true}\n",
            )]),
            1,
        ),
        ("~ base: alpine:3.22 becomes alpine:3.22.1", dockerfile(&[("alpine:3.22", "alpine:3.22.1")]), 0),
        (
            "~ variable MODE: prod becomes dev  (compose.yaml:8, was compose.yaml:8)",
            compose(&[("MODE=prod", "MODE=dev")]),
            0,
        ),
        ("+ package curl", dockerfile(&[("ca-certificates", "ca-certificates curl")]), 0),
        ("no more copied file /app → /app: stage 0", dockerfile(&[("COPY --from=build /app /app\n", "")]), 0),
        (
            "+ dependency db: service_started",
            compose(&[
                ("depends_on: [web]", "depends_on: [web, db]"),
                ("volumes:\n  data: {}", "  db:\n    image: redis:8\nvolumes:\n  data: {}"),
            ]),
            0,
        ),
        (
            "! privileged: true  (compose.yaml:17)\n\nFindings",
            compose(&[("labels: {team: a}", "privileged: true\n    labels: {team: a}")]),
            1,
        ),
        ("~ volume data:", compose(&[("data: {}", "data: {external: true}")]), 0),
    ];
    assert!(pairs.len() >= 10);
    for (told, edits, code) in pairs {
        let Some(run) = diff(&edits) else { return };
        assert!(run.stdout.contains(told), "{told}: {}", run.stdout);
        assert!(run.code == code || code == 0, "{told}: {}", run.stdout);
    }
}

#[test]
fn what_is_found_changes_though_the_containers_do_not() {
    let Some(run) = diff(&[("compose.yaml", Some(format!("version: '3'\n{COMPOSE}")))]) else { return };
    let first =
        "Nothing changes for the containers: all 2 are what they were.\n\nFindings that come\n  style: ";
    assert!(run.stdout.starts_with(first), "{}", run.stdout);
    assert!(run.stdout.ends_with("\n\n1 finding comes and 0 go.\n"), "{}", run.stdout);
}

#[test]
fn pods_command_lines_and_units_are_containers_too() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      image: nginx:1.29\n      securityContext: {runAsUser: 1000}\n      resources: {limits: {memory: 512Mi}}\n";
    let files = [
        ("pod.yaml", pod),
        ("start.sh", "#!/bin/sh\ndocker run -d --name cache -p 127.0.0.1:6379:6379 valkey:9\n"),
        ("app.container", "[Container]\nImage=docker.io/library/alpine:3.23\nUser=1000\n"),
    ];
    let Some(tree) = repository(&files) else { return };
    // The same pod, written by somebody else.
    let same = "kind: Pod\napiVersion: v1\nspec:\n  containers: [{image: docker.io/library/nginx:1.29, name: web, resources: {limits: {memory: 0.5Gi}}, securityContext: {runAsUser: 1000}}]\nmetadata:\n  name: web\n";
    tree.write("pod.yaml", same.as_bytes());
    let run = tree.run(&["diff", "--isolated"]);
    assert_eq!(run.stdout, "Nothing changes for the containers: all 3 are what they were.\n");
    tree.write("pod.yaml", edit(pod, &[("runAsUser: 1000", "privileged: true")]).as_bytes());
    tree.write("start.sh", edit(files[1].1, &[("127.0.0.1:", "")]).as_bytes());
    tree.write("app.container", edit(files[2].1, &[("User=1000", "User=0")]).as_bytes());
    tree.write("x.yaml", b"select: [root-user]\n");
    commit(&tree);
    let run = tree.run(&["diff", "HEAD~1", "HEAD", "--config", "x.yaml", "--fail-on-worse"]);
    insta::assert_snapshot!(run.stdout, @r#"
    service `app` of app.container
      ! user: 1000 becomes root  (app.container:3, was app.container:3)

    service `web` of pod.yaml
      ! user: 1000 becomes root  (was pod.yaml:8)
      ! privileged: true  (pod.yaml:8)

    service `cache` of start.sh
      ! port 6379 → 6379/tcp: on 127.0.0.1 becomes on every address  (start.sh:2, was start.sh:2)

    Findings that come
      high: the container's main process runs as root [root-user] app.container:3:6

    4 changes in 3 places, 4 for the worse; 1 finding comes and 0 go.
    "#);
    assert_eq!(run.code, 1);
}

#[test]
fn a_comment_fits_a_screen() {
    let many: String = (0..60).map(|n| format!("      - V{n}=1\n")).collect();
    let more = format!("      - LEVEL=info\n{many}    privileged: true\n");
    let Some(tree) = repository(&[("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE)]) else { return };
    tree.write("compose.yaml", edit(COMPOSE, &[("      - LEVEL=info\n", more.as_str())]).as_bytes());
    let text = tree.run(&["diff", "--isolated", "--output-format", "markdown"]).stdout;
    let rows = text.lines().filter(|line| line.starts_with("| ") || line.starts_with("- ")).count();
    assert!(rows <= 32 && text.lines().count() < 50, "{text}");
    let (table, findings) = text.split_once("Findings that come:\n\n- critical").expect("findings are told");
    assert!(table.contains("| ⚠ | privileged |") && findings.contains("more: `plimsoll diff` tells them"));
}

#[test]
fn it_is_told_to_people_and_to_programs() {
    let Some(tree) = repository(&[("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE)]) else { return };
    tree.write(
        "compose.yaml",
        edit(COMPOSE, &[("user: '1000:1000'", "user: '0'"), ("team: a", "team: '<b>|x'")]).as_bytes(),
    );
    tree.write("x.yaml", b"select: [root-user, missing-user]\n");
    let run =
        tree.run(&["diff", "HEAD", "--config", "x.yaml", "--output-format", "markdown", "--color", "never"]);
    insta::assert_snapshot!(run.stdout, @r#"
    **2 changes in 2 places, 1 for the worse; 1 finding comes and 0 go.**

    service `web` of compose.yaml

    | | | before | after |
    | --- | --- | --- | --- |
    | ⚠ | user | 1000:1000 (compose.yaml:4) | root (compose.yaml:4) |

    service `app` of compose.yaml

    | | | before | after |
    | --- | --- | --- | --- |
    |  | label team | a (compose.yaml:17) | \<b\>\|x (compose.yaml:17) |

    Findings that come:

    - high: the container's main process runs as root \[root-user\] compose.yaml:4:11
    "#);
    let json = tree.run(&["diff", "--isolated", "--output-format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["version"].as_i64(), json["compared"].as_i64()), (Some(1), Some(2)));
    assert_eq!(json["subjects"][0]["changes"][0]["verdict"], "worse");
    let sarif = tree.run(&["diff", "--config", "x.yaml", "--output-format", "sarif"]).stdout;
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "root-user");
    let run = tree.run(&["diff", "no-such-branch"]);
    assert!(run.code == 2 && run.stderr.contains("no-such-branch"), "{}", run.stderr);
    let run = tree.run(&["diff", "--output=/tmp/x"]);
    assert_eq!(run.code, 2);
    let run = Tree::new(&[]).run(&["diff"]);
    assert!(run.code == 2 && run.stderr.contains("no Git repository"), "{}", run.stderr);
}

#[test]
fn what_a_repository_configures_is_never_run() {
    let Some(tree) = repository(&[("compose.yaml", COMPOSE), ("Dockerfile", DOCKERFILE)]) else { return };
    let mark = tree.path().join("ran");
    let program = tree.write("run.sh", format!("#!/bin/sh\ntouch '{}'\n", mark.display()).as_bytes());
    let program = program.display();
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = sh {program}\n\tsshCommand = sh {program}\n\tpager = sh {program}\n\thooksPath = .\n\tattributesFile = .gitattributes\n[diff]\n\texternal = sh {program}\n[diff \"x\"]\n\ttextconv = sh {program}\n[filter \"x\"]\n\tsmudge = sh {program}\n\tclean = sh {program}\n[alias]\n\tdiff = !sh {program}\n[extensions]\n\tpartialClone = origin\n[remote \"origin\"]\n\turl = ext::sh {program}\n\tpromisor = true\n[include]\n\tpath = /etc/passwd\n"
    );
    tree.write(".git/config", config.as_bytes());
    tree.write(".gitattributes", b"* diff=x filter=x\n");
    tree.write("compose.yaml", edit(COMPOSE, &[("MODE=prod", "MODE=dev")]).as_bytes());
    let run = tree.run(&["diff", "HEAD", "--isolated"]);
    assert!(run.code == 0 && run.stdout.contains("MODE: prod becomes dev"), "{run:?}");
    assert!(!mark.exists());
}

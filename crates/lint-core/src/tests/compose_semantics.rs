//! Small projects and what `docker compose config` makes of them: each was put to it (2.40.3), with the values it printed as
//! JSON or the fact that it refused. `tests/e2e/compose-oracle.py` finds new ones.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::engine::refusals::refusals;
use crate::model::project::Project;
use crate::model::project::canonical::canonical;
use crate::model::project::fault::About;
use crate::model::project::group::ProjectFiles;
use crate::report::project::json;

/// Files, a text for each; those that end in `.yaml` make the project, in this order.
type Texts<'t> = &'t [(&'t str, &'t str)];

fn load(texts: Texts<'_>) -> Project {
    let files: BTreeMap<String, String> =
        texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let named = texts.iter().filter(|(name, _)| name.ends_with(".yaml") && !name.contains('/'));
    let mut project = ProjectFiles::new(named.map(|(name, _)| *name));
    project.directory_name = Some("Some.Dir".to_owned());
    Project::load_settled(&project, &files)
}

/// The value at a path such as `services/web/ports/0`; nothing where there is none.
fn value(texts: Texts<'_>, path: &str) -> Option<Value> {
    let project = load(texts);
    let refused: Vec<_> = refusals(&project).findings.into_iter().map(|finding| finding.message).collect();
    assert!(refused.is_empty(), "{texts:?}: {refused:?}");
    let tree: Value = serde_json::from_str(&json(&canonical(&project, ""))).unwrap();
    tree.pointer(&format!("/{path}")).cloned()
}

/// What is expected, as JSON; `-` for nothing.
fn expected(text: &str) -> Option<Value> {
    (text != "-").then(|| serde_json::from_str(text).unwrap())
}

fn one(attributes: &str) -> String {
    format!("services: {{web: {{image: i, {attributes}}}}}\n")
}

/// Of one service `web`, its attributes and what one of them becomes.
#[test]
fn values_of_one_file() {
    for (attributes, path, wanted) in [
        (
            "environment: {A: 1e6, B: 1234567.89, C: .inf, D: 1.0, E: 1e-5}",
            "environment",
            r#"{"A":"1e+06","B":"1.23456789e+06","C":"+Inf","D":"1","E":"1e-05"}"#,
        ),
        ("labels: {A: 1e6, B: }", "labels", r#"{"A":"1e+06","B":""}"#),
        (
            "volumes: [{type: volume, target: /x, volume: {labels: [A, B=]}}]",
            "volumes/0/volume/labels",
            r#"{"A":"","B":""}"#,
        ),
        ("environment: [\"=x\", A]", "environment", r#"{"":"x","A":null}"#),
        ("cpus: 2.0", "cpus", "2"),
        ("cpus: \"1_0\"", "cpus", "10"),
        ("cpus: 1234567.89", "cpus", "1234567.9"),
        ("cpus: \"0x1p-2\"", "cpus", "0.25"),
        ("cpu_percent: \"25\"", "cpu_percent", "25"),
        ("mem_limit: 1e6", "mem_limit", "-"),
        ("memswap_limit: -1", "memswap_limit", "\"-1\""),
        ("logging: {options: {a: 1e6, b: , c: 1.5}}", "logging/options", r#"{"a":"1e+06","b":"","c":"1.5"}"#),
        ("storage_opt: {a: 1, b: }", "storage_opt", r#"{"a":"1","b":""}"#),
        ("ulimits: {a: 0, b: {soft: 1, hard: 0}, c: -1}", "ulimits", r#"{"a":{},"b":{"soft":1},"c":-1}"#),
        ("ports: [\"8000-8002:80-82\", \"8001:81\"]", "ports/3", "-"),
        ("ports: [{target: 80, published: \"\", protocol: \"\", mode: \"\"}]", "ports", r#"[{"target":80}]"#),
        ("ports: [{target: 80, protocol: TCP}, \"81/TCP\"]", "ports/0/protocol", "\"TCP\""),
        ("ports: [{target: 80, protocol: TCP}, \"81/TCP\"]", "ports/1/protocol", "\"tcp\""),
        ("volumes: [{type: volume, target: //d/}]", "volumes/0/target", "\"/d\""),
        (
            "volumes: [{type: bind, source: /x, target: /a, tmpfs: {mode: 0755}}]",
            "volumes/0/tmpfs/mode",
            "493",
        ),
        ("volumes: [\"~/x:/y\"]", "volumes/0/source", "\"~/x\""),
        (
            "devices: [\"/dev/a:\", /dev/a]",
            "devices",
            r#"[{"source":"/dev/a","target":"/dev/a","permissions":"rwm"}]"#,
        ),
        (
            "devices: [{source: /dev/a, target: /dev/b}]",
            "devices",
            r#"[{"source":"/dev/a","target":"/dev/b"}]"#,
        ),
        ("gpus: [{capabilities: [gpu]}]", "gpus/0/count", "-1"),
        ("dns: [\"\", 1.1.1.1]", "dns", "[\"1.1.1.1\"]"),
        ("dns: \"\"", "dns", "-"),
        ("develop: {}", "develop", "{}"),
        ("deploy: ", "deploy", "-"),
        ("deploy: {resources: {}}", "deploy", r#"{"resources":{},"placement":{}}"#),
        ("pull_policy: if_not_present", "pull_policy", "\"missing\""),
        ("extra_hosts: [\"h1=b\", \"h1=a\", \"h0=c\"]", "extra_hosts", r#"["h0=c","h1=a","h1=b"]"#),
        (
            "provider: {type: x, options: {a: 1.5, b: [1, 1e6, true]}}",
            "provider/options",
            r#"{"a":["1.5"],"b":["1","1e+06","true"]}"#,
        ),
        ("build: {context: \"\"}", "build", r#"{"dockerfile":"Dockerfile"}"#),
        ("build: {dockerfile: \"\"}", "build", r#"{"context":"."}"#),
        ("group_add: [1000, \"1000\"]", "group_add", r#"["1000","1000"]"#),
        ("deploy: {}, scale: 3", "deploy/replicas", "3"),
        ("deploy: {replicas: 2}", "deploy/replicas", "2"),
        ("volumes: [{type: tmpfs, target: /a, tmpfs: {size: 1e6}}]", "volumes/0/tmpfs/size", "-"),
        ("volumes: [\"/x:/a/../b\", {type: bind, source: /y, target: /b}]", "volumes/1", "-"),
        ("volumes: [\"/x:/a/../b\", {type: bind, source: /y, target: /a/../b}]", "volumes/1", "-"),
        ("tmpfs: [/b/], volumes: [\"/y:/b\"]", "volumes/0/target", "\"/b\""),
        ("build: {context: ., additional_contexts: {a: }}", "build/additional_contexts", r#"{"a":""}"#),
        ("gpus: [{capabilities: [gpu], x-a: 1}]", "gpus/0/x-a", "-"),
        ("command: ", "command", "null"),
        ("container_name: \"${UNSET:-ab}\"", "container_name", "\"ab\""),
        ("image: x, labels: {A: \"${COMPOSE_PROJECT_NAME}\"}", "labels/A", "\"somedir\""),
    ] {
        let text = one(attributes).replace("image: i, image", "image");
        let found = value(&[("compose.yaml", &text)], &format!("services/web/{path}"));
        assert_eq!(found, expected(wanted), "{attributes}");
    }
}

#[test]
fn refused_in_one_file() {
    for attributes in [
        "container_name: \"${UNSET}\"",
        "image: \"${UNSET}\"",
        "volumes: [\"${UNSET}:/x\"]",
        "tty: \"${UNSET}\"",
        "labels: {A: \"${UNSET:?say which}\"}",
        "cpu_rt_runtime: 95ms",
        "cpu_count: -1",
        "cpu_percent: 1.5",
        "mem_reservation: 1.5",
        "scale: \"1_0\"",
        "blkio_config: {weight: \"10\"}",
        "blkio_config: {weight: 70000}",
        "blkio_config: {device_read_bps: [{path: a, x-y: 1}]}",
        "healthcheck: {retries: -1}",
        "deploy: {update_config: {parallelism: -1}}",
        "storage_opt: {a: 1.5}",
        "ulimits: {a: 1.0}",
        "volumes: [{type: tmpfs, target: /a, tmpfs: {size: -1}}]",
        "volumes: [{type: tmpfs, target: /a, tmpfs: {mode: \"0755\"}}]",
        "secrets: [{target: x}]",
        "environment: {\"\": 1}",
        "env_file: {path: .env}",
        "env_file: [{path: .env, format: x}]",
        "env_file: \"\"",
        "depends_on: {web: {condition: service_started, required: \"yes\"}}",
        "post_start: [{command: a, environment: [A=1, A=1]}]",
        "post_start: [{command: a, environment: [\"A =1\"]}]",
        "extra_hosts: [\"h=1\", \"h=1\"]",
        "group_add: [\"1000\", 1000]",
        "group_add: [1.5]",
        "build: {ulimits: {nofile: \"3\"}}",
        "provider: {type: x, options: {a: 2001-01-01}}",
        "volumes: [{type: bind, source: /x, target: /c}, {type: bind, source: /y, target: /c/}]",
        "volumes: [\"\\\\x:/d\"]",
        "ports: [\"::1:80:80\"]",
    ] {
        let text = one(attributes).replace("image: i, image", "image");
        let project = load(&[("compose.yaml", &text), (".env", "A=1\n")]);
        assert!(project.faults.iter().any(|fault| fault.about != About::Text), "{attributes}");
        // The text itself is fine.
        assert!(project.faults.iter().all(|fault| fault.about != About::Text), "{attributes}");
    }
}

#[test]
fn files_over_files() {
    let cases: &[(Texts<'_>, &str, &str)] = &[
        // A name without a value replaces the value.
        (
            &[
                ("a.yaml", "services: {web: {image: i, environment: [A=1, B=2]}}"),
                ("b.yaml", "services: {web: {environment: {A: }}}"),
            ],
            "environment",
            r#"{"A":null,"B":"2"}"#,
        ),
        (
            &[
                ("a.yaml", "services: {web: {image: i, labels: {A: 1}}}"),
                ("b.yaml", "services: {web: {labels: [A]}}"),
            ],
            "labels",
            r#"{"A":""}"#,
        ),
        (
            &[
                ("a.yaml", "services: {web: {image: i, build: {args: {A: 1, B: 2}}}}"),
                ("b.yaml", "services: {web: {build: {args: [A]}}}"),
                (".env", "A=env\n"),
            ],
            "build/args",
            r#"{"A":"env","B":"2"}"#,
        ),
        (
            &[
                ("a.yaml", "services: {web: {image: i, environment: [A=1]}}"),
                ("b.yaml", "services: {web: {environment: }}"),
            ],
            "environment",
            r#"{"A":"1"}"#,
        ),
        (
            &[
                ("a.yaml", "services: {web: {image: i, environment: [\"=x\"]}}"),
                ("b.yaml", "services: {web: {environment: [A=1]}}"),
            ],
            "environment",
            r#"{"":"x","A":"1"}"#,
        ),
        // Anything but a text or a mapping over a build is nothing.
        (
            &[("a.yaml", "services: {web: {build: .}}"), ("b.yaml", "services: {web: {build: []}}")],
            "build/context",
            "\".\"",
        ),
        // A list is made of both, and there numbers are what Go prints.
        (
            &[
                ("a.yaml", "services: {web: {image: i, sysctls: {a: 017, b: 1e-4}}}"),
                ("b.yaml", "services: {web: {sysctls: [\"c =x\"]}}"),
            ],
            "sysctls",
            r#"{"a":"15","b":"0.0001","c ":"x"}"#,
        ),
        // The same name in two directories is two files.
        (
            &[
                (
                    "a.yaml",
                    "services: {web: {extends: {file: sub/b.yaml, service: base}, env_file: [a.env]}}",
                ),
                ("sub/b.yaml", "services: {base: {image: i, env_file: [a.env, c.env]}}"),
                ("a.env", "A=own\n"),
                ("sub/a.env", "A=sub\n"),
                ("sub/c.env", "A=other\n"),
            ],
            "environment/A",
            "\"own\"",
        ),
        // Paths of files that are taken in are resolved, unless they are Windows's own.
        (
            &[
                (
                    "a.yaml",
                    "include: [{path: sub/b.yaml, project_directory: .}]\nservices: {other: {image: i}}",
                ),
                ("sub/b.yaml", "services: {web: {image: i, volumes: [\"./s/../t:/a\"]}}"),
            ],
            "volumes/0/source",
            "\"t\"",
        ),
        (
            &[
                ("a.yaml", "services: {web: {extends: {file: sub/b.yaml, service: base}}}"),
                ("sub/b.yaml", "services: {base: {image: i, volumes: ['\\\\.\\pipe\\x:/a']}}"),
            ],
            "volumes/0/source",
            r#""\\\\.\\pipe\\x""#,
        ),
        // A range over one of its ports.
        (
            &[
                ("a.yaml", "services: {web: {image: i, ports: [\"8001:81\"]}}"),
                ("b.yaml", "services: {web: {ports: [\"8000-8001:80-81\"]}}"),
            ],
            "ports/2",
            "-",
        ),
        // The directory of the project that has the service.
        (
            &[
                ("a.yaml", "include: [sub/b.yaml]\nservices: {other: {image: i}}"),
                ("sub/b.yaml", "services: {web: {build: {dockerfile: D}}}"),
            ],
            "build/context",
            "\"sub\"",
        ),
        // Marks of the file that is extended work on what its services extend.
        (
            &[
                ("a.yaml", "services: {web: {extends: {file: sub/b.yaml, service: mid}}}"),
                (
                    "sub/b.yaml",
                    "services: {base: {image: i, tty: true}, mid: {extends: base, tty: !reset null}}",
                ),
            ],
            "tty",
            "-",
        ),
    ];
    for (texts, path, wanted) in cases {
        assert_eq!(value(texts, &format!("services/web/{path}")), expected(wanted), "{texts:?}");
    }
}

#[test]
fn a_file_is_checked_before_the_next() {
    let over = "services: {web: {tty: true, restart: always, cpus: 1, stop_grace_period: 1s}}\n";
    let is_refused = |text: &str| !load(&[("a.yaml", text), ("b.yaml", over)]).faults.is_empty();
    assert!(is_refused("services: {web: {image: i, tty: maybe}}"));
    assert!(is_refused("services: {web: {image: i, restart: false}}"));
    assert!(is_refused("services: {web: {image: i, cpus: x}}"));
    // What a duration says is looked at when all files are merged.
    assert!(!is_refused("services: {web: {image: i, stop_grace_period: x}}"));
    // A service that only others extend has texts, too.
    let base = "services: {base: {image: i, tty: maybe}, other: {image: i}}";
    let extending = "services: {web: {extends: {file: sub/b.yaml, service: other}}}";
    assert!(!load(&[("a.yaml", extending), ("sub/b.yaml", base)]).faults.is_empty());
}

#[test]
fn refused_in_several_files() {
    let cases: &[Texts<'_>] = &[
        // A blank behind a name, in the list that is made of both.
        &[
            ("a.yaml", "services: {web: {image: i, environment: [\"A =x\"]}}"),
            ("b.yaml", "services: {web: {environment: {B: 1}}}"),
        ],
        // What includes it would complete it, but is merged later.
        &[
            ("a.yaml", "include: [sub/b.yaml]\nservices: {web: {image: i}}\nsecrets: {s: {file: ./s}}"),
            ("sub/b.yaml", "services: {inc: {image: i}}\nsecrets: {s: {}}"),
        ],
        &[
            ("a.yaml", "include: [{path: sub/b.yaml, project_directory: [.]}]\nservices: {web: {image: i}}"),
            ("sub/b.yaml", "services: {inc: {image: i}}"),
        ],
        // Services that nobody extends are brought into the long syntax all the same.
        &[
            ("a.yaml", "services: {web: {extends: {file: sub/b.yaml, service: base}}}"),
            ("sub/b.yaml", "services: {base: {image: i}, other: {env_file: {path: a}}}"),
        ],
    ];
    for texts in cases {
        assert!(!load(texts).faults.is_empty(), "{texts:?}");
    }
    // What else is wrong with them is nobody's concern.
    let other = "services: {base: {image: i}, other: {pid: [x], volumes: x, label_file: {a: b}}}";
    let extending = "services: {web: {extends: {file: sub/b.yaml, service: base}}}";
    assert_eq!(load(&[("a.yaml", extending), ("sub/b.yaml", other)]).faults.len(), 0);
}

#[test]
fn names_of_projects() {
    let text = "services: {web: {image: \"i:${COMPOSE_PROJECT_NAME}\"}}\n";
    let named = |line: &str| format!("name: {line}\n{text}");
    for (file, environment, name) in [
        (text.to_owned(), "", "somedir"),
        (text.to_owned(), "COMPOSE_PROJECT_NAME=harbour\n", "harbour"),
        (named("proj"), "COMPOSE_PROJECT_NAME=harbour\n", "harbour"),
        (named("A b"), "", "ab"),
        (named("${NAME}-x"), "NAME=n\n", "n-x"),
        (named("${NAME:-d}"), "", "d"),
    ] {
        let texts = [("compose.yaml", file.as_str()), (".env", environment)];
        assert_eq!(value(&texts, "name"), Some(name.into()));
        assert_eq!(value(&texts, "services/web/image"), Some(format!("i:{name}").into()));
        assert_eq!(value(&texts, "networks/default/name"), Some(format!("{name}_default").into()));
    }
    for (file, environment) in [
        (named("${UNSET}"), ""),
        (named("_-"), ""),
        (named("${COMPOSE_PROJECT_NAME}"), ""),
        (text.to_owned(), "COMPOSE_PROJECT_NAME=A_b\n"),
    ] {
        let project = load(&[("compose.yaml", &file), (".env", environment)]);
        assert!(!project.faults.is_empty(), "{file} {environment}");
    }
}

#[test]
fn resources() {
    for (text, path, wanted) in [
        (
            "services: {a: {image: i, volumes: [data:/x]}}\nvolumes: {data: {name: \"\"}}",
            "volumes/data",
            "{}",
        ),
        (
            "services: {a: {image: i, networks: [n]}}\nnetworks: {n: {ipam: {}}}",
            "networks/n",
            r#"{"name":"somedir_n","ipam":{}}"#,
        ),
        (
            "services: {a: {image: i, credential_spec: {config: c}}}\nconfigs: {c: {content: x}}",
            "configs",
            "-",
        ),
        (
            "services: {a: {image: i, models: [m]}}\nmodels: {m: {model: x}}",
            "services/a/models",
            r#"{"m":null}"#,
        ),
        (
            "services: {a: {image: i, networks: [n]}}\nnetworks: {n: {driver_opts: {a: 1e6, b: 1}}}",
            "networks/n/driver_opts",
            r#"{"a":"1e+06","b":"1"}"#,
        ),
    ] {
        assert_eq!(value(&[("compose.yaml", text)], path), expected(wanted), "{text}");
    }
    for text in [
        "services: {a: {image: i, networks: [n]}}\nnetworks: {n: {external: {name: x}, name: y}}",
        "services: {a: {image: i, secrets: [s]}}\nsecrets: {s: {external: {name: x}, name: \"\"}}",
        "services: {a: {image: i, secrets: [s]}}\nsecrets: {s: {file: \"${UNSET}\"}}",
    ] {
        assert!(!load(&[("compose.yaml", text)]).faults.is_empty(), "{text}");
    }
}

#[test]
fn a_file_alone_is_judged_alone() {
    let overlay = [("extra.yaml", "services: {web: {tty: true}}\n")];
    assert!(!load(&overlay).faults.is_empty());
    assert!(!load(&[("extra.yaml", "# nothing yet\n")]).faults.is_empty());
}

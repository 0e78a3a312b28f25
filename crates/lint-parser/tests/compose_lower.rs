//! Properties of the typed view: whatever an attribute is given, reading it ends, and errors point into the text.

use proptest::prelude::*;

const ATTRIBUTES: &[&str] = &[
    "blkio_config",
    "build",
    "cap_add",
    "command",
    "configs",
    "container_name",
    "cpu_rt_period",
    "cpus",
    "credential_spec",
    "depends_on",
    "deploy",
    "develop",
    "devices",
    "env_file",
    "environment",
    "expose",
    "extends",
    "extra_hosts",
    "gpus",
    "group_add",
    "healthcheck",
    "image",
    "logging",
    "mem_limit",
    "mem_swappiness",
    "models",
    "networks",
    "oom_score_adj",
    "pid",
    "ports",
    "post_start",
    "pre_start",
    "privileged",
    "provider",
    "pull_policy",
    "secrets",
    "security_opt",
    "stop_grace_period",
    "storage_opt",
    "sysctls",
    "tmpfs",
    "ulimits",
    "umask",
    "use_api_socket",
    "volumes",
    "nonsense",
    "x-fine",
];

/// Keys of nested mappings, right ones and wrong ones.
const KEYS: &[&str] = &[
    "target",
    "published",
    "type",
    "source",
    "bind",
    "context",
    "resources",
    "limits",
    "memory",
    "test",
    "soft",
    "hard",
    "watch",
    "path",
    "condition",
    "web",
    "x-a",
    "tagret",
];

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("~/x".to_owned()),
        Just("!reset a".to_owned()),
        Just("2024-01-01".to_owned()),
        "[0-9]{1,30}",
        "-?[0-9]{1,3}\\.[0-9]{1,3}(e[0-9]{1,3})?",
        "'[a-z0-9:/${}=., é-]{0,16}'",
        "(0x|0o|0b)[0-9a-f]{1,20}",
        "[0-9]{1,20}[kmgtpsh][ib]?",
    ]
}

fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::btree_map(prop::sample::select(KEYS), inner, 0..5).prop_map(|map| {
                let entries: Vec<_> = map.iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", entries.join(", "))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_of_any_attribute(name in prop::sample::select(ATTRIBUTES), value in value()) {
        let text = format!("services:\n  web:\n    {name}: {value}\n");
        let parsed = lint_parser::compose::parse(&text);
        for error in &parsed.errors {
            prop_assert!(text.get(error.span.range()).is_some(), "{:?}", error);
        }
        // What tests read is made of every value too.
        let shown = format!("{:#?}", parsed.tree);
        prop_assert!(!shown.is_empty());
        prop_assert_eq!(&lint_parser::compose::parse(&text), &parsed);
    }
}

#[test]
fn hostile_files_end() {
    let misspelt: String = (0..20_000).map(|i| format!("    imaeg{i}: x\n")).collect();
    let parsed = lint_parser::compose::parse(&format!("services:\n  web:\n{misspelt}"));
    assert_eq!(parsed.errors.len(), 20_000);
    assert!(parsed.errors.iter().filter(|error| error.help.is_some()).count() <= 100);

    let colons = format!("services: {{web: {{ports: ['{0}'], volumes: ['{0}']}}}}", "${a:".repeat(50_000));
    assert!(!lint_parser::compose::parse(&colons).errors.is_empty());
    let colons = format!("services: {{web: {{ports: ['{0}'], volumes: ['{0}']}}}}", ":".repeat(100_000));
    assert_eq!(lint_parser::compose::parse(&colons).errors.len(), 2);
    // Messages quote a little of it.
    assert!(lint_parser::compose::parse(&colons).errors.iter().all(|error| error.message.len() < 500));
}

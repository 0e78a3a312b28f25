//! The canonical form is the meaning of a project: it is a project again that means the same, and it does not depend
//! on how the files say it. Merging, which makes it, is associative where Compose's is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::files::Files;
use crate::model::project::canonical::canonical;
use crate::model::project::group::ProjectFiles;
use crate::model::project::load;
use crate::model::project::merge::Merger;
use crate::model::project::merge::spot::Spot;
use crate::report::project::yaml;
use lint_parser::compose::long::as_written;
use lint_parser::compose::read::read;
use lint_parser::compose::value::{SourceId, Value};
use lint_parser::text::source::SourceFile;
use lint_parser::yaml as syntax;
use proptest::prelude::*;

/// Ways to write attributes, each with the same in the long syntax.
const FORMS: [(&str, &str, &str); 24] = [
    ("ports", "['80']", "[{target: 80, mode: ingress, protocol: tcp}]"),
    (
        "ports",
        "['127.0.0.1:8080-8081:80-81/udp']",
        "[{target: 80, published: '8080', host_ip: 127.0.0.1, protocol: udp}, \
          {target: 81, published: '8081', host_ip: 127.0.0.1, protocol: udp}]",
    ),
    ("volumes", "['data:/v:nocopy']", "[{type: volume, source: data, target: /v, volume: {nocopy: true}}]"),
    (
        "volumes",
        "['./a:/a:ro,z,rslave']",
        "[{type: bind, source: ./a, target: /a, read_only: true, \
          bind: {selinux: z, propagation: rslave, create_host_path: true}}]",
    ),
    ("volumes", "['/data']", "[{type: volume, target: /data, volume: {}}]"),
    ("build", "./app", "{context: ./app, dockerfile: Dockerfile}"),
    ("depends_on", "[db]", "{db: {condition: service_started, required: true}}"),
    ("networks", "[one]", "{one: }"),
    ("secrets", "[s]", "[{source: s, target: /run/secrets/s}]"),
    ("configs", "[c]", "[{source: c}]"),
    ("environment", "[A=one, B, 'C=$$x']", "{A: one, B: , C: '$$x'}"),
    ("environment", "{A: 1.50, B: 0x10, C: TRUE}", "{A: '1.5', B: '16', C: 'true'}"),
    ("labels", "[a=b, c]", "{a: b, c: ''}"),
    ("command", "run --a 'b c' d\\ e", "[run, --a, b c, d e]"),
    ("healthcheck", "{test: curl x | y, interval: 90s}", "{test: [CMD-SHELL, curl x | y], interval: 1m30s}"),
    ("ulimits", "{nofile: 5, nproc: {soft: 1, hard: 1}}", "{nproc: {hard: 1, soft: 1}, nofile: 5}"),
    ("dns", "1.1.1.1", "[1.1.1.1]"),
    ("tmpfs", "/run", "[/run]"),
    ("extra_hosts", "['a:1.2.3.4', 'b:[::1]']", "['a=1.2.3.4', 'b=::1']"),
    (
        "devices",
        "['/dev/a:/dev/b', /dev/c]",
        "[{source: /dev/a, target: /dev/b, permissions: rwm}, {source: /dev/c, target: /dev/c, permissions: rwm}]",
    ),
    ("mem_limit", "0.5g", "536870912"),
    ("privileged", "'Yes'", "true"),
    ("stop_grace_period", "1.5m", "1m30s"),
    ("extends", "{service: base}", "base"),
];

const REST: &str = "networks: {one: , default: }\nvolumes: {data: }\nsecrets: {s: {file: ./s}}\nconfigs: {c: {content: x}}\n";
const OTHERS: &str = "  db: {image: d}\n  base: {image: b, init: true}\n";

fn project(files: &[(&str, &str)]) -> (String, Vec<String>) {
    let texts: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let project = load(&ProjectFiles::new(files.iter().map(|(name, _)| *name)), &|path| {
        texts.read(path).map(|text| SourceFile::new(path, text))
    });
    let refused = project.faults.iter().map(|fault| fault.message.clone()).collect();
    (yaml(&canonical(&project, "p"), &|_| None), refused)
}

/// One form of some of the attributes; an attribute is there once.
fn chosen() -> impl Strategy<Value = Vec<(usize, bool)>> {
    proptest::collection::vec((0..FORMS.len(), any::<bool>()), 0..12).prop_map(|mut chosen| {
        let mut seen = std::collections::HashSet::new();
        chosen.retain(|(at, _)| seen.insert(FORMS[*at].0));
        chosen
    })
}

fn service(chosen: &[(usize, bool)], indent: &str, is_long: impl Fn(bool) -> bool) -> String {
    let line = |&(at, long): &(usize, bool)| {
        let (name, short, in_full) = FORMS[at];
        format!("{indent}{name}: {}\n", if is_long(long) { in_full } else { short })
    };
    chosen.iter().map(line).collect()
}

fn whole(service: &str) -> String {
    format!("services:\n  web:\n    image: i\n{service}{OTHERS}{REST}")
}

fn value(text: &str) -> Arc<Value> {
    let read = read(&syntax::parse(text).tree, SourceId(0));
    Arc::new(read.tree.into_iter().next().expect("a document"))
}

/// What one file says of a service, in attributes for which Compose merges in any order of steps.
fn part() -> impl Strategy<Value = String> {
    let attribute = prop_oneof![
        Just("user: a"),
        Just("user: b"),
        Just("command: x y"),
        Just("command: [z]"),
        Just("environment: {A: 1, B: 2}"),
        Just("environment: [B=3, C=4]"),
        Just("labels: [a=b]"),
        Just("cap_add: [A, B]"),
        Just("cap_add: [B, C]"),
        Just("security_opt: [a=b]"),
        Just("depends_on: [x]"),
        Just("depends_on: {x: {condition: service_healthy}, y: {condition: service_started}}"),
        Just("networks: [n]"),
        Just("networks: {n: {aliases: [q]}, m: }"),
        Just("build: ."),
        Just("build: {args: [A=1]}"),
        Just("dns: 1.1.1.1"),
        Just("dns: [8.8.8.8]"),
        Just("deploy: {resources: {limits: {cpus: '1'}}}"),
        Just("deploy: {labels: {a: b}, replicas: 2}"),
        Just("extra_hosts: ['a=1.1.1.1']"),
        Just("extra_hosts: ['b=1.1.1.1', 'a=1.1.1.1']"),
        Just("ports: ['80', '81']"),
        Just("user: null"),
    ];
    proptest::collection::btree_map("[a-b]", proptest::collection::vec(attribute, 0..6), 1..3).prop_map(
        |services| {
            let mut text = "services:\n".to_owned();
            for (name, attributes) in services {
                let mut seen = std::collections::HashSet::new();
                text.push_str(&format!("  {name}:\n    image: i\n"));
                for attribute in attributes {
                    if seen.insert(attribute.split(':').next()) {
                        text.push_str(&format!("    {attribute}\n"));
                    }
                }
            }
            text
        },
    )
}

proptest! {
    #[test]
    fn it_is_a_project_again_that_means_the_same(chosen in chosen()) {
        let (text, refused) = project(&[("compose.yaml", &whole(&service(&chosen, "    ", |long| long)))]);
        prop_assert!(refused.is_empty(), "{refused:?}");
        let (again, refused) = project(&[("compose.yaml", &text)]);
        prop_assert!(refused.is_empty(), "{refused:?}\n{text}");
        prop_assert_eq!(again, text);
    }

    #[test]
    fn short_forms_are_what_they_are_short_for(chosen in chosen()) {
        let short = whole(&service(&chosen, "    ", |_| false));
        let long = whole(&service(&chosen, "    ", |_| true));
        prop_assert_eq!(project(&[("compose.yaml", &short)]), project(&[("compose.yaml", &long)]));
    }

    #[test]
    fn a_service_may_be_spread_over_anchors_bases_and_files(chosen in chosen(), at in 0_usize..12) {
        // A service extends one other, of its own file.
        let chosen: Vec<_> = chosen.into_iter().filter(|(at, _)| FORMS[*at].0 != "extends").collect();
        let expected = project(&[("compose.yaml", &whole(&service(&chosen, "    ", |long| long)))]);
        let (first, second) = chosen.split_at(at.min(chosen.len()));
        let part = |chosen, indent| service(chosen, indent, |long| long);
        let anchored = format!(
            "x-part: &part\n  image: i\n{}services:\n  web:\n    <<: *part\n{}{OTHERS}{REST}",
            part(first, "  "),
            part(second, "    ")
        );
        let (text, refused) = project(&[("compose.yaml", &anchored)]);
        // Extensions are printed too.
        let text = text.split("x-part:").next().unwrap_or_default().to_owned();
        prop_assert_eq!(&(text, refused), &expected);
        let one = whole(&part(first, "    "));
        let other = format!("services:\n  web:\n    image: i\n{}", part(second, "    "));
        prop_assert_eq!(&project(&[("compose.yaml", &one), ("b.yaml", &other)]), &expected);
        let base = format!("services:\n  web:\n    image: i\n{}", part(first, "    "));
        let extender = whole(&format!("    extends: {{file: base.yaml, service: web}}\n{}", part(second, "    ")));
        let texts = BTreeMap::from([("compose.yaml".to_owned(), extender), ("base.yaml".to_owned(), base)]);
        let project = load(&ProjectFiles::new(["compose.yaml"]), &|path| {
            texts.read(path).map(|text| SourceFile::new(path, text))
        });
        // Compose cleans the paths of files that services are extended from.
        let clean = |text: &str| text.replace(": ./a", ": a");
        prop_assert_eq!(clean(&yaml(&canonical(&project, "p"), &|_| None)), clean(&expected.0));
    }

    #[test]
    fn merging_is_associative(a in part(), b in part(), c in part()) {
        let (a, b, c) = (value(&a), value(&b), value(&c));
        let merge = |one: &Arc<Value>, other: &Arc<Value>| Merger::default().merge(one, other, Spot::Root, &[]);
        let show = |value: &Value| yaml(&as_written(value), &|_| None);
        prop_assert_eq!(show(&merge(&merge(&a, &b), &c)), show(&merge(&a, &merge(&b, &c))));
    }

    /// Whatever was read can be written, and read again.
    #[test]
    fn any_text_has_a_canonical_form(text in "(services|networks|volumes|ports|build|a|b|: |\\n  |\\n    |\\n    - |\\{|\\}|\\[|\\]|\\*a|&a |<<: |80|\\$\\{A|\\$\\$|'|\"|,|x-)*") {
        let (written, _) = project(&[("compose.yaml", &text)]);
        let parsed = syntax::parse(&written);
        prop_assert!(parsed.errors.is_empty(), "{written}{:?}", parsed.errors);
    }
}

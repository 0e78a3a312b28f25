//! What must hold of every project: a service means the same however it is spread over anchors, `extends`,
//! documents and files.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::files::Files;
use crate::model::project::group::ProjectFiles;
use crate::model::project::load;
use lint_parser::compose::value::{Value, ValueKind};
use lint_parser::text::source::SourceFile;
use proptest::prelude::*;

/// Attributes in the block style, below a service, with each attribute split in two where Compose would merge
/// the halves into the whole again.
const ATTRIBUTES: [(&str, &str, &str); 14] = [
    ("user", "app", ""),
    ("privileged", "true", ""),
    ("cap_add", "[NET_ADMIN]", "[SYS_TIME, CHOWN]"),
    ("security_opt", "[a=b]", "[c=d]"),
    ("environment", "{A: one}", "{B: two}"),
    ("labels", "[a=one]", "[b=two]"),
    ("ports", "['80:80', '81']", "['82:82/udp']"),
    ("volumes", "['./a:/a', 'v:/v']", "['/c']"),
    ("dns", "[1.1.1.1]", "[8.8.8.8]"),
    ("deploy", "{resources: {limits: {cpus: '1'}}}", "{resources: {limits: {memory: 5M}}}"),
    ("ulimits", "{nofile: 5}", "{nproc: {soft: 1, hard: 2}}"),
    ("networks", "{one: {aliases: [a]}}", "{two: }"),
    ("logging", "{driver: json-file}", "{options: {max-size: 1m}}"),
    ("build", "{context: ., args: {A: one}}", "{dockerfile: D, args: {B: two}}"),
];

/// Which of the attributes a service has, and whether each is in the first part, the second, or both.
fn parts() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(0_u8..4, ATTRIBUTES.len())
}

/// The attributes of one part, or of both halves of all of them.
fn body(parts: &[u8], which: Option<u8>, indent: &str) -> String {
    let mut out = String::new();
    for (&part, (name, first, second)) in parts.iter().zip(ATTRIBUTES) {
        let halves = match (part, which) {
            (0, _) => continue,
            (_, None) => (first, second),
            // In both: a half in each.
            (3, Some(1)) => (first, ""),
            (3, Some(_)) if second.is_empty() => continue,
            (3, Some(_)) => (second, ""),
            (part, Some(which)) if part == which => (first, second),
            _ => continue,
        };
        let value = match halves {
            (one, "") => one.to_owned(),
            (one, other) => joined(one, other),
        };
        writeln!(out, "{indent}{name}: {value}").unwrap();
    }
    out
}

/// Two halves as one flow collection; nested mappings of one key are joined by hand.
fn joined(one: &str, other: &str) -> String {
    match one {
        "{resources: {limits: {cpus: '1'}}}" => "{resources: {limits: {cpus: '1', memory: 5M}}}".to_owned(),
        "{context: ., args: {A: one}}" => "{context: ., args: {A: one, B: two}, dockerfile: D}".to_owned(),
        _ => format!("{}, {}", &one[..one.len() - 1], &other[1..]),
    }
}

/// The service `web`, without places, keys sorted, and lists of pairs as the mappings they stand for.
fn effective(names: &[&str], files: &[(&str, String)]) -> String {
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    let project = load(&ProjectFiles::new(names.iter().copied()), &|path| {
        files.read(path).map(|text| SourceFile::new(path, text))
    });
    let refused: Vec<_> = project.faults.iter().map(|fault| &fault.message).collect();
    format!("{} {refused:?}", plain(&project.service("web").expect("the service").value, true))
}

fn plain(value: &Value, is_service: bool) -> String {
    match &value.kind {
        ValueKind::Null => "null".to_owned(),
        ValueKind::Scalar(scalar) => scalar.text.text().to_owned(),
        ValueKind::Sequence(items) => {
            let items: Vec<String> = items.iter().map(|item| plain(item, false)).collect();
            format!("[{}]", items.join(", "))
        }
        ValueKind::Mapping(mapping) => {
            let mut entries: Vec<String> = mapping
                .entries
                .iter()
                .map(|entry| {
                    let value = match (&*entry.key, &entry.value.kind) {
                        ("labels", ValueKind::Sequence(items)) if is_service => {
                            let items: Vec<String> =
                                items.iter().map(|item| plain(item, false).replace('=', ": ")).collect();
                            format!("{{{}}}", items.join(", "))
                        }
                        _ => plain(&entry.value, false),
                    };
                    format!("{}: {value}", entry.key)
                })
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

const REST: &str = "networks: {one: , two: }\nvolumes: {v: }\n";

fn whole(parts: &[u8]) -> String {
    let text = format!("services:\n  web:\n    image: i\n{}{REST}", body(parts, None, "    "));
    effective(&["compose.yaml"], &[("compose.yaml", text)])
}

proptest! {
    #[test]
    fn an_anchor_is_what_it_stands_for(parts in parts()) {
        // Merge keys are shallow: an attribute in both parts would be replaced, so there is none.
        let parts: Vec<u8> = parts.iter().map(|part| part % 3).collect();
        let text = format!(
            "x-part: &part\n{}  image: i\nservices:\n  web:\n    <<: *part\n{}{REST}",
            body(&parts, Some(1), "  "),
            body(&parts, Some(2), "    "),
        );
        prop_assert_eq!(effective(&["compose.yaml"], &[("compose.yaml", text)]), whole(&parts));
    }

    #[test]
    fn a_service_is_its_base_and_what_extends_it(parts in parts()) {
        let base = format!("services:\n  base:\n    image: i\n{}", body(&parts, Some(1), "    "));
        let rest = body(&parts, Some(2), "    ");
        let same = format!("{base}  web:\n    extends: base\n{rest}{REST}");
        prop_assert_eq!(
            effective(&["compose.yaml"], &[("compose.yaml", same)]).split("} [").next().map(str::to_owned),
            whole(&parts).split("} [").next().map(str::to_owned)
        );
        let other = format!("services:\n  web:\n    extends: {{file: base.yaml, service: base}}\n{rest}{REST}");
        prop_assert_eq!(effective(&["compose.yaml"], &[("compose.yaml", other), ("base.yaml", base)]), whole(&parts));
    }

    #[test]
    fn a_service_is_its_documents_and_its_files(parts in parts()) {
        let first = format!("services:\n  web:\n    image: i\n{}{REST}", body(&parts, Some(1), "    "));
        let second = format!("services:\n  web:\n    tty: false\n{}", body(&parts, Some(2), "    "));
        let documents = format!("{first}---\n{second}");
        let files = effective(&["a.yaml", "b.yaml"], &[("a.yaml", first), ("b.yaml", second)]);
        prop_assert_eq!(&effective(&["a.yaml"], &[("a.yaml", documents)]), &files);
        prop_assert_eq!(files.replace(", tty: false", ""), whole(&parts));
    }
}

proptest! {
    /// No text makes the loader panic.
    #[test]
    fn any_text_is_a_project(text in "(services|include|extends|a|b|: |\\n  |\\n    |- |\\{|\\}|\\[|\\]|\\*a|&a |<<: |!reset |---\\n|\\$\\{A|'|,)*") {
        let read = |path: &str| Ok(SourceFile::new(path, text.clone()));
        let project = load(&ProjectFiles::new(["compose.yaml"]), &read);
        for fault in &project.faults {
            let _ = project.place(fault.origin);
        }
    }
}

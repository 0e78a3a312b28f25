//! The effective projects of `fixtures/projects-model`: for each case, what its files become, every leaf with
//! the place it is written and the place it is taken from.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::files::Files;
use crate::model::project::group::group;
use crate::model::project::service::Service;
use crate::model::project::{Project, load};
use lint_parser::compose::value::{Certainty, Entry, Origin, ScalarKind, Value, ValueKind};
use lint_parser::text::source::SourceFile;

#[test]
fn projects() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/projects-model");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 40);
    for case in cases {
        let mut files = BTreeMap::new();
        collect(&case, &case, &mut files);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let shown = show(&files);
        settings.bind(|| insta::assert_snapshot!("project", shown));
    }
}

/// The text files of a case, by their path in it.
fn collect(case: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(case, &path, files);
        } else if path.extension().is_none_or(|extension| extension != "snap") {
            let name = path.strip_prefix(case).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// What the Compose files in the case's own folder become.
fn show(files: &BTreeMap<String, String>) -> String {
    let is_compose = |name: &&String| !name.contains('/') && name.contains("compose") && name.contains(".y");
    let names: Vec<String> = files.keys().filter(is_compose).cloned().collect();
    let mut out = String::new();
    for project in group(&names, files) {
        let project = load(&project, &|path| files.read(path).map(|text| SourceFile::new(path, text)));
        show_project(&mut out, &project);
    }
    out
}

fn show_project(out: &mut String, project: &Project) {
    writeln!(out, "# {}", project.files.join(" + ")).unwrap();
    show_value(out, project, &project.value, 0);
    for service in &project.services {
        show_service(out, project, service);
    }
    for fault in &project.faults {
        let service = fault.service.as_deref().map(|name| format!(" [{name}]")).unwrap_or_default();
        writeln!(out, "! {:?} {}{service}: {}", fault.about, place(project, fault.origin), fault.message)
            .unwrap();
        for (origin, label) in &fault.labels {
            writeln!(out, "    {}: {label}", place(project, *origin)).unwrap();
        }
        if let Some(help) = &fault.help {
            writeln!(out, "    help: {help}").unwrap();
        }
    }
    for note in &project.notes {
        let origin = note.origin.map(|origin| format!(" {}", place(project, origin))).unwrap_or_default();
        writeln!(out, "? {}{origin}: {}", note.file, note.message).unwrap();
    }
    if project.opaque {
        out.push_str("? opaque\n");
    }
}

/// What the tree does not say of a service.
fn show_service(out: &mut String, project: &Project, service: &Service) {
    let keys: Vec<String> = service.keys.iter().map(|key| place(project, *key)).collect();
    let mut facts = keys.join(" ");
    if service.fragment {
        facts.push_str(" fragment");
    }
    if !service.complete {
        facts.push_str(" incomplete");
    }
    writeln!(out, "* {}: {facts}", service.name).unwrap();
    let build = service.spec.build.as_ref();
    if let Some(context) = build.and_then(|build| build.value.context.as_ref()) {
        writeln!(out, "    context {:?}", project.path(&context.value)).unwrap();
    }
    for mount in service.spec.volumes.iter().flat_map(|list| list.value.iter()) {
        if let Some(source) = mount.source.as_ref().filter(|source| source.value.as_str().starts_with('.')) {
            writeln!(out, "    mounts {:?}", project.path(&source.value)).unwrap();
        }
    }
    for (kind, files, variables) in [
        ("env", &service.env_files, service.environment()),
        ("label", &service.label_files, service.labels()),
    ] {
        if files.is_empty() {
            continue;
        }
        for variable in variables {
            let value = variable.value.as_ref().map_or("(unset)", |value| value.as_str());
            let via = variable.via.map(|via| format!(" via {}", place(project, via))).unwrap_or_default();
            let at = place(project, variable.origin);
            writeln!(out, "    {kind} {}={value}  # {at}{via}", variable.name.as_str()).unwrap();
        }
    }
}

fn show_value(out: &mut String, project: &Project, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match &value.kind {
        ValueKind::Mapping(mapping) => {
            for Entry { key, key_origin, value, via } in &mapping.entries {
                let via = via.map(|via| format!(" via {}", place(project, via))).unwrap_or_default();
                match leaf(value) {
                    Some(leaf) => {
                        writeln!(out, "{indent}{key}: {leaf}  # {}{via}", place(project, value.origin))
                            .unwrap();
                    }
                    None => {
                        writeln!(out, "{indent}{key}:  # {}{via}", place(project, *key_origin)).unwrap();
                        show_value(out, project, value, depth + 1);
                    }
                }
            }
        }
        ValueKind::Sequence(items) => {
            for item in items {
                match leaf(item) {
                    Some(leaf) => {
                        writeln!(out, "{indent}- {leaf}  # {}", place(project, item.origin)).unwrap();
                    }
                    None => {
                        writeln!(out, "{indent}-  # {}", place(project, item.origin)).unwrap();
                        show_value(out, project, item, depth + 1);
                    }
                }
            }
        }
        ValueKind::Null | ValueKind::Scalar(_) => {
            writeln!(out, "{indent}{}  # {}", leaf(value).unwrap(), place(project, value.origin)).unwrap();
        }
    }
}

/// A value that fits on a line.
fn leaf(value: &Value) -> Option<String> {
    assert!(value.mark.is_none(), "a mark is left in an effective project");
    match &value.kind {
        ValueKind::Null => Some("null".to_owned()),
        ValueKind::Sequence(items) if items.is_empty() => Some("[]".to_owned()),
        ValueKind::Mapping(mapping) if mapping.entries.is_empty() => Some("{}".to_owned()),
        ValueKind::Sequence(_) | ValueKind::Mapping(_) => None,
        ValueKind::Scalar(scalar) => {
            let text = scalar.text.text();
            let mut shown = match scalar.kind {
                ScalarKind::String => format!("{text:?}"),
                _ => text.to_owned(),
            };
            match scalar.certainty {
                Certainty::Known => {}
                Certainty::Default => shown.push_str(" (default)"),
                Certainty::Unknown => shown.push_str(" (unknown)"),
            }
            Some(shown)
        }
    }
}

fn place(project: &Project, origin: Origin) -> String {
    let place = project.place(origin);
    format!("{}:{}", place.file.name(), place.file.line(place.span.start()))
}

//! What there is to say of a Compose file, as its project has it.

use lint_parser::compose::value::ValueKind;
use lint_parser::text::span::Span;

use crate::finding::label::Place;
use crate::model::container::Container;
use crate::model::project::Project;
use crate::model::project::service::Service;
use crate::session::facts::here::Here;
use crate::session::facts::links::{self, Open};
use crate::session::facts::{Facts, Subject, container, values};

/// Adds what a project shows of one of its files.
pub(in crate::session) fn of_project(
    project: &Project,
    containers: &[Container<'_>],
    name: &str,
    open: Open<'_>,
    facts: &mut Facts,
) {
    let mut own = project.sources.iter().filter(|(_, source)| source.file.name() == name).peekable();
    let Some((_, first)) = own.peek() else { return };
    let (file, stream) = (first.file.clone(), &first.stream);
    let sources = own.map(|(id, _)| id).collect();
    let here = Here { project, file, sources };
    let mut services = Vec::new();
    for container in containers {
        let Some(service) = container.service.map(|of| of.service) else { continue };
        if let Some(key) = key_in(&here, service) {
            services.push(&*service.name);
            of_service(&here, service, container, key, facts);
        }
        links::of_service(&here, container, open, facts);
    }
    values::of_variables(project, &here.sources, &services, facts);
    // What a file that others extend says under a name need not be what the project has under it.
    if project.files.iter().any(|file| file == name) || project.included.contains(name) {
        for root in stream.documents.iter().filter_map(|document| document.root.as_ref()) {
            values::of_tree(project, &here.file, root, &project.value, "", facts);
            links::of_includes(&here.file, root, open, facts);
            links::of_extends(&here.file, root, open, facts);
        }
    }
}

/// Where a service is named in this file.
fn key_in(here: &Here<'_>, service: &Service) -> Option<Span> {
    let is_key = |span: &Span| here.file.slice(*span).trim_matches(['"', '\'']) == &*service.name;
    service.keys.iter().filter_map(|key| here.span(*key)).find(is_key)
}

fn of_service(here: &Here<'_>, service: &Service, container: &Container<'_>, key: Span, facts: &mut Facts) {
    let end = here.file.line_span(here.file.line(key.start())).end();
    let description = container::describe(&service.name, container);
    let runs_as = if service.spec.provider.is_some() { String::new() } else { container::runs_as(container) };
    if !runs_as.is_empty() {
        facts.hint(end, runs_as.clone(), format!("Set by {}", container::why(container)));
    }
    facts.fact(key, description);
    facts.subjects.push(Subject {
        name_span: key,
        name: service.name.to_string(),
        is_service: true,
        runs_as,
    });
    if let Some(image) = &service.spec.image
        && let Some(span) = here.span(image.value.origin)
        && service.spec.build.is_none()
        && !image.value.is_unknown()
    {
        facts.fact(span, container::image(image.value.as_str()));
    }
    if let Some(user) = service.spec.user.as_ref().and_then(|user| here.span(user.value.origin)) {
        let who = container::user(&container.user).unwrap_or_else(|| "a user that is not known".to_owned());
        facts.fact(user, format!("The main process runs as {who}"));
    }
    merged(here, service, end, facts);
}

/// Keys that come from elsewhere: `<<`, `extends`, another file.
fn merged(here: &Here<'_>, service: &Service, end: usize, facts: &mut Facts) {
    let ValueKind::Mapping(mapping) = &service.value.kind else { return };
    let mut groups: Vec<(usize, String, Vec<&str>, Place)> = Vec::new();
    for entry in &mapping.entries {
        let place = here.project.place(entry.key_origin);
        let (at, from) = match entry.via {
            Some(via) => match here.span(via) {
                Some(via) => (here.file.line_span(here.file.line(via.end())).end(), String::new()),
                None => continue,
            },
            None if here.span(entry.key_origin).is_none() => (end, place.file.name().to_owned()),
            None => continue,
        };
        match groups.iter_mut().find(|(known, file, ..)| *known == at && *file == from) {
            Some((_, _, keys, _)) => keys.push(&entry.key),
            None => groups.push((at, from, vec![&entry.key], place)),
        }
    }
    for (at, from, keys, place) in groups {
        let from = if from.is_empty() { String::new() } else { format!(" from {from}") };
        let tooltip = format!("`{}` comes from {}", keys.join("`, `"), super::location(&place));
        facts.hint(at, format!("+ {}{from}", keys.join(", ")), tooltip);
    }
}

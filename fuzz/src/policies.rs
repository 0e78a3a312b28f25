//! Policies, the portraits that `diff` compares, and a session that is typed into.

use std::collections::BTreeMap;
use std::sync::Arc;

use lint_core::config::{Layer, read};
use lint_core::policy::Portrait;
use lint_core::session::Session;
use lint_core::{FileError, Files, Linter, Settings};

use super::engine::{LENGTH, linter, sound};
use super::files::{sources, split, split_from};
use super::spans;

/// Something of everything that a policy can ask for.
const PROJECT: &str = "==== compose.yaml
services:
  web:
    image: nginx:${TAG:-1.29}
    build: .
    user: ${UNSET}
    privileged: true
    environment: {PASSWORD: hunter2, MODE: prod}
    ports: ['127.0.0.1:80:80', '443-445:443-445/udp']
    volumes: ['/etc:/e:ro', 'data:/d', {type: tmpfs, target: /t}]
    cap_add: [SYS_ADMIN]
    healthcheck: {test: [CMD, id]}
    labels: {a.b: c}
  db: {image: 'postgres', mem_limit: 1g, networks: {n: {aliases: [x]}}}
networks: {n: {}}
volumes: {data: {}}
==== Dockerfile
FROM debian:13 AS a
RUN id
FROM scratch
COPY --from=a /a /a
USER 1000
";

/// A configuration with policies, over a project: whatever an expression says, nothing panics, and errors have a place.
pub fn policies(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    let mut files = split_from(".plimsoll.yaml", text);
    let config = files.remove(".plimsoll.yaml").unwrap_or_default();
    let read = match read(&config) {
        Ok(read) => read,
        Err(errors) => {
            for error in errors {
                spans::holds(&config, error.span.range());
                assert!(!error.message.is_empty());
            }
            return;
        }
    };
    let Ok(settings) = Settings::resolve(&[Layer::new("", read.options)], "") else { return };
    for (name, text) in split(PROJECT) {
        files.entry(name).or_insert(text);
    }
    let (sources, linter) = (sources(&files), Linter::new(settings));
    sound(&linter.lint_with(&sources, &files));
    let _ = linter.explain(&sources, &files);
}

/// What is true of everything, without the places.
fn facts(portraits: &[Portrait]) -> Vec<String> {
    let of = |portrait: &Portrait| {
        let facts = portrait.facts.iter();
        let facts: Vec<_> = facts.map(|fact| (fact.aspect, &fact.item, &fact.value, fact.weight)).collect();
        format!("{} {} {}: {facts:?}", portrait.kind, portrait.name, portrait.file)
    };
    portraits.iter().map(of).collect()
}

/// Some files, and the same with a comment above them: `diff` has nothing to tell, since what it compares is the same.
pub fn diff(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    let files = split(text);
    let (sources, linter) = (sources(&files), linter());
    let before = linter.portraits(&sources, &files);
    for fact in before.iter().flat_map(|portrait| &portrait.facts) {
        if let Some(place) = &fact.at {
            spans::holds(place.file.text(), place.span.range());
        }
    }
    let commented = |(name, text): (&String, &String)| {
        let is_yaml = name.ends_with(".yaml") && !text.starts_with(['%', '\u{feff}']);
        (name.clone(), if is_yaml { format!("# why\n{text}") } else { text.clone() })
    };
    let after: BTreeMap<String, String> = files.iter().map(commented).collect();
    assert_eq!(facts(&before), facts(&linter.portraits(&sources, &after)));
}

/// Files that two may hold.
#[derive(Clone)]
struct Held(Arc<BTreeMap<String, String>>);

impl Files for Held {
    fn read(&self, path: &str) -> Result<String, FileError> {
        self.0.read(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.exists(path)
    }

    fn scripts(&self) -> Vec<String> {
        self.0.scripts()
    }
}

/// Some files, each of which is opened with half of its text, and typed to its end: what a session says is what a run says.
pub fn session(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    let files = Held(Arc::new(split(text)));
    let sources = sources(&files.0);
    let run = linter().lint_with(&sources, &files);
    let mut session = Session::new(linter(), Box::new(files.clone()));
    session.set_sources(sources);
    for (name, text) in files.0.iter() {
        let half = text.char_indices().nth(text.len() / 2).map_or(0, |(at, _)| at);
        session.open(name, &text[..half]);
        session.judge(&|| false);
        sound(&session.report());
        session.open(name, text.as_str());
    }
    session.judge(&|| false);
    let told = |report: &lint_core::Report| {
        let mut told: Vec<String> = report
            .findings()
            .iter()
            .map(|finding| format!("{} {} {}", finding.location(), finding.rule().name, finding.message()))
            .collect();
        told.sort();
        told
    };
    assert_eq!(told(&session.report()), told(&run));
}

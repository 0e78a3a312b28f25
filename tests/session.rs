//! A session says what a fresh run says, whatever is typed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use lint_core::kind::{NameSays, by_name};
use lint_core::session::Session;
use lint_core::{FileError, Files, Finding, Linter, RunProfile, Settings, Source, SourceKind};

/// A disk that changes.
#[derive(Clone, Default)]
struct Disk(Arc<Mutex<BTreeMap<String, String>>>);

impl Disk {
    fn set(&self, path: &str, text: Option<String>) {
        let mut files = self.0.lock().unwrap();
        match text {
            Some(text) => files.insert(path.to_owned(), text),
            None => files.remove(path),
        };
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<String, FileError> {
        self.0.lock().unwrap().read(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.lock().unwrap().exists(path)
    }
}

/// A workspace in which files lean on each other.
const FILES: &[(&str, &str)] = &[
    (
        "shop/compose.yaml",
        "x-base: &base\n  read_only: true\nservices:\n  web:\n    <<: *base\n    build: .\n    image: shop/web:1\n    environment:\n      TAG: ${TAG:-x}\n    env_file: web.env\n    ports: [\"8080:80\"]\n  db:\n    image: postgres:${PG}\n    volumes: [data:/var/lib/postgresql/data]\n  job:\n    extends: {file: common.yaml, service: job}\nvolumes:\n  data:\n",
    ),
    (
        "shop/compose.override.yaml",
        "services:\n  web:\n    privileged: true\n    # plimsoll: ignore[privileged-service] why\n    cap_add: [SYS_ADMIN]\n",
    ),
    ("shop/common.yaml", "services:\n  job:\n    build: {context: job, target: run}\n    user: \"0\"\n"),
    ("shop/.env", "TAG=1\nPG=16\n"),
    ("shop/web.env", "PASSWORD=hunter2\n"),
    (
        "shop/Dockerfile",
        "# plimsoll: ignore-file[unpinned-base-image] why\nFROM debian\nARG V=1\nRUN curl http://x.example/a | sh\nUSER root\nCMD [\"a\"]\n",
    ),
    (
        "shop/job/Dockerfile",
        "FROM golang:1.22 AS build\nRUN go build -o /a\nFROM debian:12 AS run\nCOPY --from=build /a /a\nCMD [\"/a\"]\n",
    ),
    ("tools/Dockerfile", "FROM shop/web:1\nUSER 1000\n"),
    ("tools/Dockerfile.dev", "ARG BASE=shop/web\nFROM ${BASE}:1\nRUN sudo id\n"),
    (
        "all/compose.yaml",
        "include:\n  - ../shop/compose.yaml\nservices:\n  extra:\n    build: ../tools\n    network_mode: host\n",
    ),
    ("blog/compose.yaml", "services:\n  web:\n    image: ghost:6\n    ports: [\"8080:2368\"]\n"),
    ("shop/Makefile", "up:\n\tdocker compose up -d\n\tcd ../blog && docker compose up -d\n"),
    ("etc/docker/daemon.json", "{\"icc\": false, \"userns-remap\": \"default\"}\n"),
];

const WORDS: &[&str] = &[
    "USER 1000\n",
    "USER root\n",
    "FROM debian:12\n",
    "FROM shop/web:1\n",
    "RUN sudo apt-get install x\n",
    "ENV API_TOKEN=abc\n",
    "    privileged: true\n",
    "    user: \"1000\"\n",
    "  web:\n",
    "services:\n",
    "    image: shop/web:1\n",
    "    image: tools/x:2\n",
    "    build: .\n",
    "# plimsoll: ignore[root-user, missing-user] é\n",
    "# plimsoll: ignore-file[secrets]\n",
    "\n",
    " ",
    ":",
    "\"",
    "x",
    "𐐀",
    "\t",
    "\r\n",
    "PG=9\n",
    "TAG=é\n",
    "${TAG}",
    "include: [a.yaml]\n",
    "    extends: {service: db}\n",
    "{",
    "]",
    "    env_file: web.env\n",
    "COPY --from=build . .\n",
    "\\\n",
    "<<EOF\n",
    "    read_only: true\n",
    "    network_mode: host\n",
];

/// A small generator, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

fn linter() -> Linter {
    let mut settings = Settings::default();
    settings.profile = RunProfile::Strict;
    Linter::new(settings)
}

fn sources(files: &BTreeMap<String, String>) -> Vec<Source> {
    let kind = |name: &String| match by_name(std::path::Path::new(name)) {
        NameSays::Kind(kind) => Some(kind),
        _ => (name == "shop/common.yaml").then_some(SourceKind::Compose),
    };
    files.keys().filter_map(|name| Some(Source::path(name, kind(name)?))).collect()
}

fn fresh(linter: &Linter, files: &BTreeMap<String, String>) -> Vec<Finding> {
    let report = linter.lint_with(&sources(files), files);
    assert_eq!(report.failures, []);
    report.findings
}

fn edited(text: &str, dice: &mut Dice) -> String {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    // Mostly at the beginning of lines, as people type.
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let from = match dice.roll(3) {
        0 => boundary(dice.roll(text.len() + 1)),
        _ => starts[dice.roll(starts.len())],
    };
    let to = match dice.roll(4) {
        0 => boundary((from + dice.roll(12)).min(text.len())),
        1 => text[from..].find('\n').map_or(text.len(), |at| from + at + 1),
        _ => from,
    };
    format!("{}{}{}", &text[..from], WORDS[dice.roll(WORDS.len())], &text[to..])
}

/// PLIMSOLL_EDITS says how many edits; ten thousand take a few minutes.
#[test]
fn after_any_edits_the_findings_are_those_of_a_fresh_run() {
    let edits: usize = std::env::var("PLIMSOLL_EDITS").ok().and_then(|n| n.parse().ok()).unwrap_or(250);
    let seed = std::env::var("PLIMSOLL_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let (linter, disk, mut dice) = (linter(), Disk::default(), Dice(seed));
    let mut files: BTreeMap<String, String> =
        FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    files.iter().for_each(|(name, text)| disk.set(name, Some(text.clone())));
    let mut session = Session::new(linter.clone(), Box::new(disk.clone()));
    session.set_sources(sources(&files));
    let mut told: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for edit in 0..edits {
        let (name, original) = FILES[dice.roll(FILES.len())];
        match dice.roll(12) {
            // A file goes from the disk, or comes back as it was.
            0 if files.contains_key(name) && session.overlays().all(|file| file.name() != name) => {
                files.remove(name);
                disk.set(name, None);
                session.changed(name);
                session.set_sources(sources(&files));
            }
            0 | 1 => {
                session.close(name);
                files.insert(name.to_owned(), original.to_owned());
                disk.set(name, Some(original.to_owned()));
                session.changed(name);
                session.set_sources(sources(&files));
            }
            _ => {
                let Some(text) = files.get(name) else { continue };
                let text = edited(if text.len() > 4_000 { original } else { text }, &mut dice);
                session.open(name, text.clone());
                files.insert(name.to_owned(), text);
            }
        }
        // Now and then a newer edit stops the work.
        let patience = Mutex::new(dice.roll(4));
        let impatient = || {
            let mut patience = patience.lock().unwrap();
            *patience = patience.saturating_sub(1);
            *patience == 0
        };
        if dice.roll(8) == 0 && !session.judge(&impatient) {
            continue;
        }
        assert!(session.judge(&|| false));
        let expected = fresh(&linter, &files);
        assert_eq!(session.report().findings, expected, "edit {edit} of {name}");
        // Of a file of which nothing else is said nobody needs to ask.
        for file in session.take_changed() {
            let findings = session.findings(&file);
            told.insert(file, findings);
        }
        for (name, _) in FILES {
            let of_file: Vec<Finding> =
                expected.iter().filter(|f| f.file().name() == *name).cloned().collect();
            let known = told.get(*name).cloned().unwrap_or_default();
            let rules = |all: &[Finding]| -> Vec<String> {
                all.iter().map(|f| format!("{} {} {}", f.location(), f.rule.name, f.alike)).collect()
            };
            assert_eq!(rules(&known), rules(&of_file), "what was told of {name} after edit {edit}");
            assert!(known == of_file, "{name} after edit {edit}: {known:#?}\n{of_file:#?}");
        }
    }
}

#[test]
fn what_is_unchanged_is_not_read_again() {
    struct Counting(Disk, Arc<Mutex<Vec<String>>>);
    impl Files for Counting {
        fn read(&self, path: &str) -> Result<String, FileError> {
            self.1.lock().unwrap().push(path.to_owned());
            self.0.read(path)
        }
        fn exists(&self, path: &str) -> bool {
            self.1.lock().unwrap().push(path.to_owned());
            self.0.exists(path)
        }
    }
    let (disk, asked) = (Disk::default(), Arc::new(Mutex::new(Vec::new())));
    let files: BTreeMap<String, String> =
        FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    files.iter().for_each(|(name, text)| disk.set(name, Some(text.clone())));
    let mut session = Session::new(linter(), Box::new(Counting(disk, Arc::clone(&asked))));
    session.set_sources(sources(&files));
    session.judge(&|| false);
    session.take_changed();
    asked.lock().unwrap().clear();
    session.open("tools/Dockerfile.dev", "FROM debian:12\nUSER 1000\n");
    session.judge(&|| false);
    asked.lock().unwrap().retain(|path| path != "tools/Dockerfile.dev");
    assert_eq!(*asked.lock().unwrap(), Vec::<String>::new());
    let changed: Vec<String> = session.take_changed().into_iter().collect();
    assert_eq!(changed, ["tools/Dockerfile.dev"]);
    assert!(session.read_for("shop/Dockerfile").contains("shop/compose.yaml"));
    // Closing gives the disk its word back, and lets go of what nobody needs.
    session.close("tools/Dockerfile.dev");
    session.judge(&|| false);
    assert_eq!(session.report().findings, fresh(&linter(), &files));
    let held = session.held();
    session.open("elsewhere", "x");
    session.close("elsewhere");
    session.tidy();
    assert!(session.held() <= held);
}

//! Reads all callers at hand.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use lint_parser::text::mapped::Mapped;
use memchr::memmem::{self, Finder};

use crate::files::{Files, directory, file_name, join};
use crate::model::calls::frame::{Frame, names_of_variables};
use crate::model::calls::index::Index;
use crate::model::calls::names::{Kind, USUAL, kind, root_of_pipeline};
use crate::model::calls::shell::Reader;
use crate::model::calls::text::upwards;
use crate::model::calls::thin::thinned;
use crate::model::calls::together::{Course, Together};
use crate::model::calls::{BuildCall, ContainerCall, Found, StartCall, bake, makefile, pipelines, prose};
use crate::model::kit::holes::{UNKNOWN, is_known};
use crate::model::project::group::default_file;

/// How many files are read.
const MOST_FILES: usize = 2_000;

/// How many directories are looked at where there is no list.
const MOST_DIRECTORIES: usize = 64;

/// The largest file that is read, in bytes; what is larger was not written by hand.
const LARGEST: usize = 512 << 10;

/// How many bytes are read in all.
const MOST_BYTES: usize = 32 << 20;

/// How many command lines are kept.
const MOST_CALLS: usize = 10_000;

/// How many callers are looked for by name in the files that may run them, and through how many files.
const MOST_CALLERS: usize = 64;
const MOST_ROUNDS: usize = 4;

/// How many times variables are handed on from a file to one that it runs.
const MOST_HANDED_ON: usize = 20_000;

/// The command lines at hand that build or start something.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    pub(super) builds: Vec<BuildCall>,
    pub(super) index_of_builds: Index,
    pub(super) starts: Vec<Start>,
    pub(super) index_of_starts: Index,
    /// Files of variables that are written, and the names in them.
    pub(super) written: Vec<(String, BTreeSet<String>)>,
    pub(super) renamed: Vec<(String, String)>,
    /// Command lines that start a container, by the file that says so.
    pub(super) containers: HashMap<String, Vec<ContainerCall>>,
    /// Builds that somebody has declared by hand: of their Dockerfiles nothing else counts.
    pub(super) declared: Vec<BuildCall>,
    /// What is started beside something else.
    pub(super) together: Vec<Together>,
}

/// A start, its paths looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// The Compose files in order; parts of a path may be unknown.
    pub(super) files: Vec<String>,
    /// The project's directory, where one is named.
    pub(super) directory: Option<String>,
    /// The names of the variables that its caller sets.
    pub(super) variables: BTreeSet<String>,
    /// Whether Swarm is given the files.
    pub(super) is_stack: bool,
    /// Whether it gives the project another name.
    pub(super) is_named: bool,
}

/// A file that was read.
struct Read {
    path: String,
    text: String,
    found: Found,
    /// The variables that whoever runs it sets.
    environment: BTreeSet<String>,
    /// Whether it may start or build something.
    is_caller: bool,
    /// Whether it does nothing but run others.
    is_runner: bool,
}

impl Calls {
    /// Reads the callers that a window lists; of one that lists none, what usually lies in these directories.
    #[must_use]
    pub fn read(files: &dyn Files, directories: &BTreeSet<&str>) -> Self {
        let mut paths = files.scripts();
        if paths.is_empty() {
            let beside = directories.iter().take(MOST_DIRECTORIES);
            let beside = beside.flat_map(|place| USUAL.map(|name| join(place, name)));
            paths.extend(beside.filter(|path| files.exists(path)));
        }
        // Where there are too many, those that are likely to say most come first.
        let is_aside = |path: &str| matches!(kind(path), None | Some(Kind::Markdown | Kind::Package));
        paths.retain(|path| kind(path).is_some());
        paths.sort_by_cached_key(|path| (is_aside(path), path.matches('/').count(), path.clone()));
        let cache: RefCell<HashMap<String, Option<String>>> = RefCell::default();
        let bytes = RefCell::new(0_usize);
        let open = |path: &str| {
            if let Some(text) = cache.borrow().get(path) {
                return text.clone();
            }
            if *bytes.borrow() > MOST_BYTES {
                return None;
            }
            let text = files.read(path).ok().filter(|text| text.len() <= LARGEST);
            *bytes.borrow_mut() += text.as_ref().map_or(0, String::len);
            cache.borrow_mut().insert(path.to_owned(), text.clone());
            text
        };
        let mut read: Vec<Read> = Vec::new();
        let mut calls = 0;
        for path in paths.into_iter().take(MOST_FILES) {
            let Some(kind) = kind(&path) else { continue };
            let Some(text) = files.read(&path).ok().filter(|text| text.len() <= LARGEST) else { continue };
            *bytes.borrow_mut() += text.len();
            if *bytes.borrow() > MOST_BYTES || calls > MOST_CALLS {
                break;
            }
            let is_bake = matches!(kind, Kind::BakeHcl | Kind::BakeJson);
            let is_caller = is_bake || is_caller(&text);
            let found = if is_caller { of_text(&path, kind, &text, &open) } else { Found::default() };
            calls += found.builds.len() + found.starts.len();
            read.push(Read { path, text, found, environment: BTreeSet::new(), is_caller, is_runner: false });
        }
        read_runners(&mut read, &open);
        hand_on(&mut read);
        Self::resolved(read, files)
    }

    /// Looks the paths up: of those that a text may name the first that is there.
    fn resolved(read: Vec<Read>, files: &dyn Files) -> Self {
        let known: RefCell<HashMap<String, bool>> = RefCell::default();
        let exists =
            |path: &str| *known.borrow_mut().entry(path.to_owned()).or_insert_with(|| files.exists(path));
        let choose = |paths: Vec<String>| -> Vec<String> {
            match paths.iter().find(|path| is_known(path) && exists(path)) {
                Some(path) => vec![path.clone()],
                None => paths,
            }
        };
        let mut calls = Self::default();
        for Read { path, mut found, environment, .. } in read {
            calls.containers.insert(path.clone(), std::mem::take(&mut found.containers));
            for mut build in found.builds {
                build.dockerfiles = choose(build.dockerfiles);
                calls.builds.push(build);
            }
            let mut course = Course::new(&path, std::mem::take(&mut found.before));
            for start in found.starts {
                let (deed, group) = (start.act, start.group);
                let mut start = resolve(start, files, &choose);
                course.add(group, deed, &start.files);
                start.variables.extend(found.exports.iter().chain(&environment).cloned());
                calls.starts.push(start);
            }
            course.end(&mut calls.together);
            for (paths, names) in found.written {
                calls.written.extend(choose(paths).into_iter().map(|path| (path, names.clone())));
            }
            for (from, to) in found.copied {
                let names = choose(from).first().and_then(|from| files.read(from).ok());
                if let Some(names) = names.map(|text| names_of_variables(&text)) {
                    calls.written.extend(to.into_iter().map(|path| (path, names.clone())));
                }
            }
            calls.renamed.extend(found.renamed);
        }
        for (at, build) in calls.builds.iter().enumerate() {
            calls.index_of_builds.add(at, build.dockerfiles.iter());
        }
        for (at, start) in calls.starts.iter().enumerate() {
            calls.index_of_starts.add(at, start.files.iter());
        }
        calls
    }
}

impl Calls {
    /// The command lines of a file that start a container; `None` where it was not read.
    #[must_use]
    pub fn containers_of(&self, file: &str) -> Option<&[ContainerCall]> {
        self.containers.get(file).map(Vec::as_slice)
    }

    /// The command lines of a script that stands in a file of another kind.
    #[must_use]
    pub fn containers_in_script(path: &str, script: &Mapped, files: &dyn Files) -> Vec<ContainerCall> {
        let mut found = Found::default();
        let open = |path: &str| files.read(path).ok().filter(|text| text.len() <= LARGEST);
        let frame = Frame::new(path, upwards(directory(path)));
        if script.text().len() <= LARGEST && !script.text().contains(UNKNOWN) {
            Reader::new(&open, &mut found).script_apart(script, &frame);
        }
        found.containers
    }

    /// The command lines of a text that start a container.
    #[must_use]
    pub fn containers_in(path: &str, text: &str, files: &dyn Files) -> Vec<ContainerCall> {
        if text.len() > LARGEST {
            return Vec::new();
        }
        let kind = kind(path).unwrap_or(Kind::Shell);
        of_text(path, kind, text, &|path| files.read(path).ok().filter(|text| text.len() <= LARGEST))
            .containers
    }
}

fn resolve(call: StartCall, files: &dyn Files, choose: &dyn Fn(Vec<String>) -> Vec<String>) -> Start {
    let mut start = Start {
        variables: call.variables,
        is_stack: call.is_stack,
        is_named: call.is_named,
        ..Start::default()
    };
    if call.files.is_empty() {
        let mut places = call.places.iter().flat_map(|place| upwards(place));
        start.files.extend(places.find_map(|place| default_file(&place, files)));
    }
    start.files.extend(call.files.into_iter().filter_map(|paths| choose(paths).into_iter().next()));
    let directory = choose(call.directory).into_iter().next().filter(|directory| is_known(directory));
    start.directory = directory.map(|directory| if directory == "." { String::new() } else { directory });
    for paths in call.env_files {
        let text = choose(paths).first().and_then(|path| files.read(path).ok());
        start.variables.extend(text.map(|text| names_of_variables(&text)).unwrap_or_default());
    }
    start
}

fn of_text(path: &str, kind: Kind, text: &str, open: &dyn Fn(&str) -> Option<String>) -> Found {
    let mut found = Found::default();
    let mut frame = Frame::new(path, upwards(directory(path)));
    // What is unknown must not be taken for what a text says itself.
    if text.contains(UNKNOWN) {
        return found;
    }
    match kind {
        Kind::BakeHcl => bake::hcl(text, &frame, &mut found),
        Kind::BakeJson => bake::json(text, &frame, &mut found),
        kind => {
            let mut reader = Reader::new(open, &mut found);
            match kind {
                Kind::Makefile => {
                    // Included Makefiles are run from where they are included.
                    let is_included = file_name(path).ends_with(".mk");
                    frame.places = if is_included { frame.places } else { vec![frame.here().to_owned()] };
                    makefile::read(text, &frame, &mut reader);
                }
                Kind::Yaml => {
                    frame.places = vec![root_of_pipeline(path).to_owned()];
                    frame.is_step = !file_name(path).to_ascii_lowercase().starts_with("taskfile");
                    pipelines::read(text, &frame, &mut reader);
                }
                Kind::Justfile => prose::justfile(text, &frame, &mut reader),
                Kind::Package => prose::package(text, &frame, &mut reader),
                // What a text shows one after the other are often choices.
                Kind::Markdown => {
                    prose::markdown(text, &frame, &mut reader);
                    reader.found.starts.iter_mut().for_each(|start| start.group = None);
                }
                Kind::Lines => {
                    frame.group = Some(reader.found.new_group());
                    prose::lines(text, &frame, &mut reader);
                }
                _ if text.starts_with("#!") || file_name(path).contains('.') => {
                    reader.script(&thinned(text), &mut frame)
                }
                _ => {}
            }
        }
    }
    found
}

/// Whether a text may start or build something, or write what a project is started with.
fn is_caller(text: &str) -> bool {
    prose::mentions(text) || memmem::find(text.as_bytes(), b".env").is_some()
}

/// Reads those too that only run others, and those that run these: what they set is set for what is run.
fn read_runners(read: &mut [Read], open: &dyn Fn(&str) -> Option<String>) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let callers = read.iter().filter(|read| !read.found.starts.is_empty() || read.is_runner);
        let names = callers.map(|read| file_name(&read.path).to_owned()).take(MOST_CALLERS);
        // The others have been looked for.
        let names: BTreeSet<String> = names.filter(|name| !known.contains(name)).collect();
        if names.is_empty() {
            return;
        }
        let has_makefile = names.iter().any(|name| name.to_lowercase().contains("makefile"));
        let finders: Vec<Finder<'_>> = names.iter().map(Finder::new).collect();
        for file in read.iter_mut().filter(|read| !read.is_runner && !read.is_caller) {
            let text = file.text.as_bytes();
            let runs = (has_makefile && memmem::find(text, b"make").is_some())
                || finders.iter().any(|name| name.find(text).is_some());
            if let Some(kind) = kind(&file.path).filter(|_| runs) {
                file.found = of_text(&file.path, kind, &file.text, open);
                file.is_runner = true;
            }
        }
        known.extend(names);
    }
}

/// Hands the variables of a file on to those that it runs, and those on to what these run.
fn hand_on(read: &mut [Read]) {
    let index: HashMap<String, usize> =
        read.iter().enumerate().map(|(at, read)| (read.path.clone(), at)).collect();
    let mut open: Vec<usize> = (0..read.len()).collect();
    let mut handed = 0;
    while let Some(at) = open.pop() {
        let runs: Vec<(usize, BTreeSet<String>)> = read[at]
            .found
            .runs
            .iter()
            .filter_map(|(paths, names)| {
                let to = paths.iter().find_map(|path| index.get(path))?;
                Some((*to, names.clone()))
            })
            .collect();
        for (to, mut names) in runs {
            handed += 1;
            if handed > MOST_HANDED_ON {
                return;
            }
            names.extend(read[at].found.exports.iter().chain(&read[at].environment).cloned());
            let before = read[to].environment.len();
            read[to].environment.extend(names);
            if to != at && read[to].environment.len() > before {
                open.push(to);
            }
        }
    }
}

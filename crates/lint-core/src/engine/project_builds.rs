//! What the services of one project build.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use crate::engine::dockerfiles::ReadDockerfile;
use crate::files::InGit;
use crate::model::container::{BuildFiles, BuildOf, BuildResult, Presence};

/// How many instructions are planned for the services of one project. Plans are kept until the project is judged, at half a
/// kilobyte for each instruction, and services that each ask for another stage or another argument of one Dockerfile have
/// each a plan of all of it: 1,200 services over as many stages, written in 80 kB, took more than a gigabyte.
const MOST_PLANNED: usize = 500_000;

/// What the plan of an instruction takes, in bytes; values that grow count as so many instructions more.
const INSTRUCTION: usize = 512;

/// What the services of one project build, each build planned once.
pub(super) struct ProjectBuilds<'f> {
    files: &'f dyn BuildFiles,
    known: RefCell<HashMap<BuildOf, BuildResult>>,
    /// The Dockerfiles that it builds, which stay until it is judged.
    dockerfiles: RefCell<HashMap<String, ReadDockerfile>>,
    /// How many instructions have been planned.
    planned: Cell<usize>,
    /// Whether there were more than [`MOST_PLANNED`].
    has_left_out: Cell<bool>,
}

impl<'f> ProjectBuilds<'f> {
    pub(super) fn new(files: &'f dyn BuildFiles) -> Self {
        let (known, dockerfiles, planned, has_left_out) = Default::default();
        Self { files, known, dockerfiles, planned, has_left_out }
    }

    /// What is to be said when there was more than is planned.
    pub(super) fn left_out(&self) -> Option<String> {
        self.has_left_out.get().then(|| {
            format!(
                "the builds of its services come to more than {MOST_PLANNED} instructions; nothing is said of what the rest of them build"
            )
        })
    }
}

impl BuildFiles for ProjectBuilds<'_> {
    fn dockerfile(&self, path: &str) -> ReadDockerfile {
        if let Some(known) = self.dockerfiles.borrow().get(path) {
            return known.clone();
        }
        let dockerfile = self.files.dockerfile(path);
        self.dockerfiles.borrow_mut().insert(path.to_owned(), dockerfile.clone());
        dockerfile
    }

    fn text(&self, path: &str) -> Option<String> {
        self.files.text(path)
    }

    fn presence(&self, path: &str) -> Presence {
        self.files.presence(path)
    }

    fn in_git(&self, path: &str) -> Option<InGit> {
        self.files.in_git(path)
    }

    fn is_mentioned(&self, name: &str) -> bool {
        self.files.is_mentioned(name)
    }

    fn shared(&self, wanted: BuildOf, size: usize, make: &dyn Fn() -> BuildResult) -> Option<BuildResult> {
        if let Some(known) = self.known.borrow().get(&wanted) {
            return Some(known.clone());
        }
        let planned = self.planned.get().saturating_add(size);
        if planned > MOST_PLANNED {
            self.has_left_out.set(true);
            return None;
        }
        let result = make();
        self.planned.set(planned + result.plan.grown / INSTRUCTION);
        self.known.borrow_mut().insert(wanted, result.clone());
        Some(result)
    }
}

//! What `docker build` would do with a Dockerfile.

pub mod archives;
mod asked;
pub mod base;
pub mod base_environment;
pub mod base_image;
pub mod build_powers;
pub mod development;
pub mod digest;
pub mod exposed_ports;
pub mod from_references;
pub mod global_arguments;
mod growth;
mod planner;
pub mod provenance;
mod removal;
pub mod run_files;
mod running_user;
mod runs;
pub mod scope;
pub mod scratch;
pub mod scripts;
pub mod shell_scripts;
pub mod stage;
pub mod system_shell;
pub mod used_images;
pub mod user;

pub mod dockerfile;
pub mod local_images;
pub mod plan;
pub mod request;
pub mod targets;
mod what_runs;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::build::planner::Planner;

pub use dockerfile::ParsedDockerfile;
pub use plan::BuildPlan;
pub use request::{BuildArg, BuildRequest, NamedContext};

/// Works out what a build would do. Time and memory grow with the length of the Dockerfile, however many
/// stages are built one upon the other.
#[must_use]
pub fn plan(dockerfile: Arc<ParsedDockerfile>, request: &BuildRequest) -> BuildPlan {
    let mut planner = Planner::new(&dockerfile, request);
    planner.run();
    let Planner { stages, globals, before, posix, directories, names, growth, .. } = planner;
    let target = match &request.target {
        None => stages.len().checked_sub(1),
        Some(name) => names.get(&name.to_lowercase()).copied(),
    };
    let mut plan = BuildPlan {
        dockerfile,
        stages,
        target,
        globals,
        ignored: None,
        without_credentials: BTreeSet::new(),
        handed_over: BTreeSet::new(),
        before,
        posix,
        directories,
        reachable: Vec::new(),
        in_target_chain: Vec::new(),
        targets: Vec::new(),
        aside: Vec::new(),
        contexts: request.contexts.clone(),
        names,
        local_images: None,
        asked: Default::default(),
        in_force: Default::default(),
        grown: growth.kept(),
        has_given_up: growth.has_given_up(),
    };
    let target = plan.target;
    plan.mark(target);
    plan
}

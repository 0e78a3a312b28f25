//! What rules and projects ask of callers.

use std::collections::{BTreeMap, BTreeSet};

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::image::parse;
use lint_parser::text::mapped::Mapped;

use crate::files::{file_name, join};
use crate::model::build::local_images::LocalImages;
use crate::model::build::targets::Targets;
use crate::model::build::{BuildArg, NamedContext, ParsedDockerfile};
use crate::model::calls::collect::{Calls, Start};
use crate::model::calls::frame::{is_aside, names_of_variables};
use crate::model::calls::together::Together;
use crate::model::calls::{Act, BuildCall, ContainerCall};
use crate::model::kit::holes::{is_known, may_be};
use crate::model::kit::names::EXAMPLES;
use crate::settings::DeclaredImage;

impl Calls {
    /// The calls that build a Dockerfile, and whether it is certainly this one that they name.
    fn builds_of<'c>(&'c self, dockerfile: &'c str) -> impl Iterator<Item = (&'c BuildCall, bool)> {
        let is_declared =
            |call: &&BuildCall| call.dockerfiles.first().is_some_and(|first| first == dockerfile);
        let declared: Vec<&BuildCall> = self.declared.iter().filter(is_declared).collect();
        let found =
            || self.index_of_builds.of(dockerfile).into_iter().filter_map(|at| self.builds.get(at)).collect();
        let calls: Vec<&BuildCall> = if declared.is_empty() { found() } else { declared };
        calls.into_iter().filter_map(move |call| {
            let is_named = call.dockerfiles.first().is_some_and(|first| first == dockerfile);
            let may_be = |path: &String| may_be(path, dockerfile);
            (is_named || call.dockerfiles.iter().any(may_be)).then_some((call, is_named))
        })
    }

    /// Whether some command line builds a Dockerfile, or may.
    #[must_use]
    pub fn builds(&self, dockerfile: &str) -> bool {
        self.builds_of(dockerfile).next().is_some()
    }

    /// The named contexts that a Dockerfile is built with.
    #[must_use]
    pub fn contexts_of(&self, dockerfile: &str) -> BTreeMap<String, NamedContext> {
        let calls = self.builds_of(dockerfile);
        calls.flat_map(|(call, _)| call.contexts.clone()).collect()
    }

    /// The arguments that a Dockerfile is built with, as far as a build without any would be another one: those that have
    /// no default, and those that every call gives.
    #[must_use]
    pub fn arguments_of(&self, dockerfile: &ParsedDockerfile) -> Vec<(String, BuildArg)> {
        let calls: Vec<&BuildCall> = self
            .builds_of(dockerfile.file.name())
            .filter(|(_, is_named)| *is_named)
            .map(|(call, _)| call)
            .collect();
        let mut names: BTreeSet<&String> = calls.iter().flat_map(|call| call.args.keys()).collect();
        names.retain(|name| {
            calls.iter().all(|call| call.args.contains_key(*name)) || !has_default(dockerfile, name)
        });
        let value = |name: &String| {
            let mut values = calls.iter().filter_map(|call| call.args.get(name));
            let first = values.next().cloned().flatten();
            match first.filter(|first| values.all(|value| value.as_ref() == Some(first))) {
                Some(value) => BuildArg::Known(value),
                None => BuildArg::Unknown,
            }
        };
        names.into_iter().map(|name| (name.clone(), value(name))).collect()
    }

    /// The stages of a Dockerfile that are built.
    #[must_use]
    pub fn targets_of(&self, dockerfile: &str) -> Targets {
        let mut targets = Targets::default();
        for (call, _) in self.builds_of(dockerfile) {
            targets.is_declared |= self.declared.iter().any(|declared| std::ptr::eq(declared, call));
            match &call.target {
                Some(target) => {
                    let is_aside = targets.named.entry(target.to_lowercase()).or_insert(true);
                    *is_aside &= call.is_aside;
                }
                None => targets.has_default = true,
            }
        }
        targets
    }

    /// Adds an image that somebody has declared by hand, with the name of its Dockerfile.
    pub fn declare(&mut self, dockerfile: String, image: &DeclaredImage) {
        self.declared.push(BuildCall {
            dockerfiles: vec![dockerfile],
            target: image.target.clone(),
            tags: image.tags.clone(),
            args: image.args.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect(),
            ..BuildCall::default()
        });
    }

    /// The one Dockerfile that an image of that name is built from, and the stage; nothing where command lines build several.
    #[must_use]
    pub fn build_of(&self, image: &str) -> Option<(&str, Option<&str>)> {
        let untagged = |name: &str| name.strip_suffix(":latest").unwrap_or(name).to_owned();
        let image = untagged(image);
        let calls = self.builds.iter().chain(&self.declared);
        let mut builds = calls.filter(|call| call.tags.iter().any(|tag| untagged(tag) == image));
        let first = builds.next()?;
        let path = first.dockerfiles.first().filter(|path| is_known(path))?;
        let same = |call: &BuildCall| call.dockerfiles.first() == Some(path) && call.target == first.target;
        builds.all(same).then_some((path.as_str(), first.target.as_deref()))
    }

    /// The images that are built here.
    #[must_use]
    pub fn images(&self) -> LocalImages {
        let mut images = LocalImages::default();
        for call in self.builds.iter().chain(&self.declared) {
            call.tags.iter().for_each(|tag| images.add(tag, &call.dockerfiles));
        }
        for (from, to) in &self.renamed {
            let is_ours = parse(&Mapped::verbatim(from, 0)).is_ok_and(|from| images.hold(&from, ""));
            if is_ours {
                images.add(to, &[]);
            }
        }
        images
    }

    /// The starts of a file, and at which place each has it.
    fn starts_of<'c>(&'c self, file: &'c str) -> impl Iterator<Item = (&'c Start, usize)> {
        let starts = self.index_of_starts.of(file).into_iter().filter_map(|at| self.starts.get(at));
        starts.filter_map(move |start| Some((start, start.files.iter().position(|path| may_be(path, file))?)))
    }

    /// The files that a file is only ever started behind, or before, in their order: several lists where it is started in
    /// several ways, and the directory that is named with each. Nothing where some command line starts it alone, or none starts it.
    /// Of a file that Compose finds by its name, what only tests and linters start it with counts for nothing: people type
    /// `docker compose up`, and no file shows it.
    #[must_use]
    pub fn started_with(&self, file: &str, is_default: bool) -> Vec<(Vec<String>, Option<String>)> {
        let mut lists: Vec<(Vec<String>, Option<String>)> = Vec::new();
        for (start, at) in self.starts_of(file) {
            if start.files.len() == 1 {
                return Vec::new();
            }
            if at == 0 && is_default && start.files.iter().skip(1).all(|file| is_aside(file_name(file))) {
                continue;
            }
            // Of files of which the name is not known whole none can be said but this one.
            let known = start.files.iter().enumerate();
            let known = known.filter(|(index, path)| *index == at || is_known(path));
            let list: Vec<String> =
                known.map(|(index, path)| if index == at { file.to_owned() } else { path.clone() }).collect();
            if list.len() > 1 && !lists.iter().any(|(known, _)| *known == list) {
                lists.push((list, start.directory.clone()));
            }
        }
        lists.truncate(4);
        lists
    }

    /// Whether a file is given to Swarm, and never to Compose; `None` where it is given to neither.
    #[must_use]
    pub fn is_stack(&self, file: &str) -> Option<bool> {
        let mut starts = self.starts_of(file).map(|(start, _)| start.is_stack);
        let first = starts.next()?;
        Some(first && starts.all(|is_stack| is_stack))
    }

    /// The files that are started behind this one, in lists that begin with it.
    #[must_use]
    pub fn overlays_of(&self, file: &str) -> Vec<Vec<String>> {
        let starts = self.starts_of(file).filter(|(start, at)| *at == 0 && start.files.len() > 1);
        let mut lists: Vec<Vec<String>> = Vec::new();
        for (start, _) in starts {
            let list: Vec<String> = start.files.iter().filter(|path| is_known(path)).cloned().collect();
            if list.len() > 1 && !lists.contains(&list) {
                lists.push(list);
            }
        }
        lists.truncate(8);
        lists
    }

    /// The command lines that bake.
    pub fn bakes(&self) -> impl Iterator<Item = &ContainerCall> {
        self.containers.values().flatten().filter(|call| call.act == Act::Bake)
    }

    /// What is started and left running while something else is started.
    #[must_use]
    pub fn together(&self) -> &[Together] {
        &self.together
    }

    /// Whether some command line starts a file as a project of another name.
    #[must_use]
    pub fn is_renamed(&self, file: &str) -> bool {
        self.starts_of(file).any(|(start, _)| start.is_named)
    }

    /// The directory that a file is only ever started with by `--project-directory`.
    #[must_use]
    pub fn directory_of(&self, file: &str) -> Option<String> {
        let mut directories = self.starts_of(file).map(|(start, _)| start.directory.clone());
        let first = directories.next()??;
        directories.all(|directory| directory.as_ref() == Some(&first)).then_some(first)
    }

    /// The names of the variables that are set for a project of these files.
    #[must_use]
    pub fn variables_of(&self, files: &[String], directory: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for file in files {
            for (start, _) in self.starts_of(file) {
                names.extend(start.variables.iter().cloned());
            }
        }
        let own = join(directory, ".env");
        for (path, written) in &self.written {
            if may_be(path, &own) {
                names.extend(written.iter().cloned());
            }
        }
        names
    }
}

fn has_default(dockerfile: &ParsedDockerfile, name: &str) -> bool {
    let pairs = dockerfile.tree.instructions.iter().filter_map(|instruction| match &instruction.kind {
        InstructionKind::Arg(pairs) => Some(pairs),
        _ => None,
    });
    pairs.flatten().any(|pair| pair.key.text() == name && pair.value.is_some())
}

/// The names in the examples of a `.env` in a directory.
#[must_use]
pub fn variables_of_examples(place: &str, read: &dyn Fn(&str) -> Option<String>) -> BTreeSet<String> {
    let texts = EXAMPLES.iter().filter_map(|name| read(&join(place, name)));
    texts.flat_map(|text| names_of_examples(&text)).collect()
}

/// In an example a variable may be commented out: that it can be set is what it says.
fn names_of_examples(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> =
        text.lines().map(|line| line.trim().trim_start_matches('#').trim_start()).collect();
    names_of_variables(&lines.join("\n"))
}

//! Files that a script makes Dockerfiles of: parts that it puts together, templates that it fills in. Nobody builds them as
//! they are.

use std::sync::Arc;

use lint_parser::shell;
use lint_parser::shell::ast::{Command, RedirectionOperator};
use lint_parser::text::mapped::Mapped;

use crate::files::{Files, directory, file_name, join};
use crate::model::calls::names::{Kind, kind};
use crate::model::runs::course::Step;
use crate::model::runs::files::{Copy, holds, written};
use crate::model::runs::{By, Commands, Course, Runs};
use crate::model::values::variables::Variables;

/// How many files are read, and how large they may be.
const MOST_FILES: usize = 2_000;
const LARGEST: usize = 512 << 10;

/// How many inputs are kept.
const MOST_INPUTS: usize = 10_000;

/// Programs that print what they read, changed or not.
const READERS: [&str; 19] = [
    "cat", "sed", "envsubst", "m4", "awk", "gawk", "gomplate", "jinja2", "jinja", "j2", "erb", "cpp", "perl",
    "tr", "head", "tail", "python", "python3", "mustache",
];

/// What scripts make Dockerfiles of.
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// The paths, as the scripts write them, each with the script.
    inputs: Vec<(String, String)>,
}

impl Material {
    /// Reads the scripts that a window lists and that speak of Dockerfiles.
    #[must_use]
    pub fn read(files: &dyn Files) -> Self {
        let mut material = Self::default();
        let scripts = files.scripts().into_iter().filter_map(|path| Some((kind(&path)?, path)));
        for (kind, path) in scripts.take(MOST_FILES) {
            if !matches!(kind, Kind::Shell | Kind::Makefile) || material.inputs.len() > MOST_INPUTS {
                continue;
            }
            let text = files.read(&path).ok().filter(|text| text.len() <= LARGEST);
            let Some(text) = text.filter(|text| is_of_ours(text)) else { continue };
            // The recipes of a Makefile, one after the other.
            let text = match kind {
                Kind::Makefile => recipes(&text),
                _ => text,
            };
            material.inputs.extend(inputs(&text).into_iter().map(|input| (input, path.clone())));
        }
        material
    }

    /// The script that makes something of a file.
    #[must_use]
    pub fn maker_of(&self, file: &str) -> Option<&str> {
        let is_it = |(input, script): &&(String, String)| {
            if let Some((_, rest)) = input.strip_prefix(['$', '`']).and_then(|rest| rest.split_once('/')) {
                return file == rest || file.strip_suffix(rest).is_some_and(|before| before.ends_with('/'));
            }
            [join(directory(script), input), join("", input)]
                .iter()
                .any(|path| path == file || holds(path, file))
        };
        self.inputs.iter().find(is_it).map(|(_, script)| script.as_str())
    }
}

fn is_of_ours(text: &str) -> bool {
    text.contains("ockerfile") || text.contains("ontainerfile")
}

fn recipes(text: &str) -> String {
    let lines = text.lines().filter_map(|line| line.strip_prefix('\t'));
    lines.map(|line| format!("{}\n", line.trim_start_matches(['@', '-']).replace("$$", "$"))).collect()
}

/// The files that a script reads to write a Dockerfile.
fn inputs(text: &str) -> Vec<String> {
    let script = shell::parse(&Mapped::verbatim(text, 0)).tree;
    let (runs, variables) = (Runs::of(&Commands::Script(Arc::new(script)), By::Run), Variables::default());
    let course = Course::of(&runs, None, &variables, true);
    let written = written(&course);
    let is_output = |path: &str| is_of_ours(file_name(path)) || path == "${@}" || path == "$@";
    let outputs: Vec<(usize, &str)> =
        written.iter().map(|one| (one.step, one.path.as_str())).filter(|(_, path)| is_output(path)).collect();
    let mut inputs = Vec::new();
    for (at, step) in course.steps.iter().enumerate() {
        let is_reader = step.program.name().is_some_and(|name| READERS.contains(&name));
        if is_reader && (is_built(step) || writes(step, &outputs, at)) {
            inputs.extend(
                read_by(&course, step)
                    .into_iter()
                    .filter(|path| is_of_ours(path) && !outputs.iter().any(|(_, output)| output == path)),
            );
        } else if let Some(copy) = Copy::of(&course, step) {
            // Copied, and then filled in.
            let filled = |path: &String| {
                outputs.iter().any(|(later, output)| {
                    *later > at
                        && output == path
                        && course.steps.get(*later).is_some_and(|step| step.program.name() == Some("sed"))
                })
            };
            let ours = copy.sources.iter().filter(|source| copy.destinations_of(source).iter().any(filled));
            inputs.extend(ours.cloned());
        }
    }
    inputs
}

/// Whether what a step prints goes to one of the outputs: by itself, with the group it is in, or through a pipe.
fn writes(step: &Step<'_>, outputs: &[(usize, &str)], at: usize) -> bool {
    let context = &step.program.context;
    let mut text = step.program.command().text.text().to_owned();
    if let Some(reader) = &context.piped_to {
        text.push_str(reader.text().text());
    }
    let mut within = context.within.as_ref();
    while let Some(around) = within {
        text.push_str(around.compound.text.text());
        within = around.outer.as_ref();
    }
    // A command that another reads, or a group, tells its output by its words.
    let is_near = |output: &str| text.contains(file_name(output)) && text.contains(['>', '|']);
    outputs.iter().any(|(one, output)| {
        *one == at || is_near(output) || (text.contains("tee") && text.contains("ockerfile"))
    })
}

/// `cat a b | docker build -`
fn is_built(step: &Step<'_>) -> bool {
    let reader = step.program.context.piped_to.as_ref().and_then(Command::simple);
    reader.is_some_and(|reader| {
        matches!(reader.name(), Some("docker" | "podman" | "buildah" | "nerdctl"))
            && reader.args().iter().any(|arg| arg.is("build"))
            && reader.args().iter().any(|arg| arg.is("-"))
    })
}

/// What a step reads: its operands and what is redirected into it.
fn read_by(course: &Course<'_>, step: &Step<'_>) -> Vec<String> {
    let operands = step.program.args().iter().filter(|arg| !arg.static_prefix().starts_with('-'));
    let redirections = step.program.command().redirections.iter();
    let input = redirections.filter(|one| one.operator == RedirectionOperator::Input).map(|one| &one.target);
    operands.chain(input).flat_map(|word| course.paths(step, word)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_scripts_make_dockerfiles_of() {
        let maker = |script: &str, file: &str| {
            let files = BTreeMap::from([("ci/make.sh".to_owned(), script.to_owned())]);
            Material::read(&files).maker_of(file).is_some()
        };
        for (script, file) in [
            ("cat Dockerfile-a Dockerfile-b > Dockerfile", "Dockerfile-a"),
            ("{ echo FROM x; cat Dockerfile-common; } > $v/Dockerfile", "Dockerfile-common"),
            ("for v in 1 2; do cat Dockerfile-common >> \"$v/Dockerfile\"; done", "ci/Dockerfile-common"),
            ("envsubst < tmpl/base.Dockerfile > out/Dockerfile", "tmpl/base.Dockerfile"),
            ("sed -e s/@V@/1/ base.Dockerfile | tee Dockerfile", "base.Dockerfile"),
            ("cat a.Dockerfile b.Dockerfile | docker build -t x -", "b.Dockerfile"),
            ("D=tmpl; m4 $D/web.Dockerfile > Dockerfile", "tmpl/web.Dockerfile"),
            ("cp tmpl/Dockerfile 1/Dockerfile; sed -i s/%V%/1/ 1/Dockerfile", "tmpl/Dockerfile"),
            ("cat \"$ROOT/Dockerfile-common\" > Dockerfile", "deep/in/Dockerfile-common"),
            ("render() { sed s/a/b/ \"$1\"; }\ncat parts/Dockerfile.* > Dockerfile", "parts/Dockerfile.x"),
        ] {
            assert!(maker(script, file), "{script}: {file}");
        }
        for (script, file) in [
            ("docker build -f Dockerfile-tool .", "Dockerfile-tool"),
            ("grep FROM Dockerfile-tool > bases", "Dockerfile-tool"),
            ("cat Dockerfile-a > Dockerfile", "Dockerfile-b"),
            ("cat Dockerfile", "Dockerfile"),
            ("sed -i s/a/b/ Dockerfile", "Dockerfile"),
            ("cp Dockerfile out/Dockerfile", "Dockerfile"),
        ] {
            assert!(!maker(script, file), "{script}: {file}");
        }
    }
}

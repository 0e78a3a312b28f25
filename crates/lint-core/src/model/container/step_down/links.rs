//! Other names that a build gives to a file: `ln -s usr/local/bin/start.sh /start.sh`, `mv`, `cp`.

use std::collections::HashMap;

use lint_parser::shell::word::Word;

use crate::files::{directory, file_name, join, normalise};
use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;

/// Links that are followed one after the other.
const MOST_LINKS: usize = 8;

/// A file of the image by its other name.
#[derive(Debug)]
struct Link {
    name: String,
    file: String,
}

/// The links of the stages that were asked for: reading them is walking every command.
#[derive(Debug, Default)]
pub(super) struct Links(HashMap<usize, Vec<Link>>);

impl Links {
    /// The file a path leads to.
    pub(super) fn follow(&mut self, plan: &BuildPlan, stage: &Stage, path: String, anywhere: bool) -> String {
        let links = self.0.entry(stage.index).or_insert_with(|| of_stage(plan, stage));
        let mut path = path;
        for step in 0..MOST_LINKS {
            let by_name = anywhere && step == 0;
            let leads = |link: &&Link| link.name == path || by_name && file_name(&link.name) == path;
            match links.iter().rev().find(leads) {
                Some(link) if link.file != path => path.clone_from(&link.file),
                _ => break,
            }
        }
        path
    }
}

/// The other names that the commands of a stage and its ancestors make.
fn of_stage(plan: &BuildPlan, stage: &Stage) -> Vec<Link> {
    let mut links = Vec::new();
    for index in plan.chain(stage.index).flat_map(|stage| stage.instructions.clone()) {
        for program in plan.programs(index) {
            if let Some(name @ ("ln" | "mv" | "cp" | "install")) = program.name() {
                add(&mut links, name, program.args());
            }
        }
    }
    links
}

fn add(links: &mut Vec<Link>, program: &str, words: &[Word]) {
    let mut operands: Vec<String> = Vec::new();
    let mut has_value = false;
    for word in words {
        let Some(text) = word.literal_text() else { return };
        if std::mem::take(&mut has_value) {
            continue;
        }
        if text.starts_with('-') {
            has_value = program == "install" && matches!(&*text, "-m" | "-o" | "-g" | "--mode");
        } else {
            operands.push(text.into_owned());
        }
    }
    let Some((to, files)) = operands.split_last().filter(|(to, _)| to.starts_with('/')) else { return };
    for file in files {
        let into = to.ends_with('/') || files.len() > 1;
        let names = match into {
            true => vec![join(to, file_name(file))],
            // The last word may be a directory that is there.
            false => vec![normalise(to), join(to, file_name(file))],
        };
        for name in names {
            // A relative target of a link starts where the link is.
            let file = if file.starts_with('/') { normalise(file) } else { join(directory(&name), file) };
            links.push(Link { name, file });
        }
    }
}

//! A daemon's files that other files bring along: `COPY daemon.json /etc/docker/`, a heredoc, a command that writes
//! one, a Compose config, a bind mount.

use std::collections::{HashMap, HashSet};

use lint_parser::compose::ast::field::{Field, Text};
use lint_parser::compose::ast::scalar::MountType;
use lint_parser::compose::value::Origin;
use lint_parser::shell::ast::{Redirection, RedirectionOperator, SimpleCommand};
use lint_parser::text::mapped::Mapped;
use lint_parser::text::source::SourceFile;

use crate::files::{file_name, join};
use crate::finding::label::Place;
use crate::model::build::BuildPlan;
use crate::model::build::stage::{Copied, CopySource, Stage};
use crate::model::daemon::daemon_config::file::HostFile;
use crate::model::daemon::daemon_config::path::kind;
use crate::model::project::Project;
use crate::model::project::service::Service;

/// How many files of a daemon are read of one image.
const MOST_FILES: usize = 64;

/// The daemon's files in the image that a plan builds; of several at one path the last. `context` reads a file of the
/// build context by its path in it.
#[must_use]
pub fn in_image(plan: &BuildPlan, context: &dyn Fn(&str) -> Option<SourceFile>) -> Vec<HostFile> {
    let Some(target) = plan.target else { return Vec::new() };
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    for stage in plan.chain(target) {
        let mut copies: HashMap<usize, Vec<&Copied>> = HashMap::new();
        for copied in &stage.copies {
            copies.entry(copied.origin.instruction).or_default().push(copied);
        }
        for index in stage.instructions.clone().rev() {
            let copies = copies.remove(&index).unwrap_or_default();
            let copied = copies.into_iter().rev().filter_map(|copied| copied_file(plan, copied, context));
            for file in copied.chain(written_files(plan, stage, index)) {
                if files.len() < MOST_FILES && seen.insert(file.path.clone()) {
                    files.push(file);
                }
            }
        }
    }
    files
}

/// Where a daemon looks for its files.
fn is_in_place(path: &str) -> bool {
    let in_place = ["/etc/docker/", "/.config/docker/", "/systemd/system/", "/systemd/user/"];
    kind(path).is_some() && in_place.iter().any(|directory| path.contains(directory))
}

fn copied_file(
    plan: &BuildPlan,
    copied: &Copied,
    context: &dyn Fn(&str) -> Option<SourceFile>,
) -> Option<HostFile> {
    let into = join(&copied.destination, file_name(&copied.source));
    let path = [copied.destination.as_str(), into.as_str()].into_iter().find(|path| is_in_place(path))?;
    match copied.from {
        CopySource::Context => {
            let file = context(copied.source.trim_start_matches('/'))?;
            let text = Mapped::verbatim(file.text(), 0);
            let brought_by = Some(Place::new(&plan.dockerfile.file, copied.origin.span));
            let mut file = HostFile::embedded(path, file, &text)?;
            file.brought_by = brought_by;
            Some(file)
        }
        CopySource::Heredoc(at) => {
            let heredoc = plan.instruction(copied.origin.instruction)?.heredocs.get(at)?;
            // What variables would make of the text is not known.
            if heredoc.expand && heredoc.content.text().contains('$') {
                return None;
            }
            HostFile::embedded(path, plan.dockerfile.file.clone(), &heredoc.content)
        }
        CopySource::Stage(_) | CopySource::Elsewhere => None,
    }
}

/// The files that the commands of a `RUN` write whole: `cat > file <<EOF`, `tee file <<EOF`, `echo '{}' > file`.
fn written_files(plan: &BuildPlan, stage: &Stage, index: usize) -> Vec<HostFile> {
    let Some(script) = plan.script(index) else { return Vec::new() };
    let workdir = stage.config.workdir.as_ref().and_then(|workdir| workdir.value.as_deref());
    let mut files = Vec::new();
    for site in script.simple_commands() {
        let command = &site.command;
        let Some(path) = written_path(command) else { continue };
        let path = join(workdir.unwrap_or("/"), &path);
        if !is_in_place(&path) {
            continue;
        }
        if let Some(text) = given_text(command) {
            files.extend(HostFile::embedded(&path, plan.dockerfile.file.clone(), &text));
        }
    }
    files.reverse();
    files
}

fn written_path(command: &SimpleCommand) -> Option<String> {
    let writes = |one: &&Redirection| {
        matches!(one.operator, RedirectionOperator::Output | RedirectionOperator::Clobber)
            && one.descriptor.is_none()
    };
    if let Some(output) = command.redirections.iter().rev().find(writes)
        && command.name().is_some_and(|name| matches!(name, "cat" | "echo" | "printf"))
    {
        return output.target.literal_text().map(|path| path.into_owned());
    }
    match command.args() {
        [file] if command.name() == Some("tee") => file.literal_text().map(|path| path.into_owned()),
        _ => None,
    }
}

fn given_text(command: &SimpleCommand) -> Option<Mapped> {
    if let Some(document) = command.redirections.iter().find_map(Redirection::here_document) {
        return document.body.literal();
    }
    match (command.name()?, command.args()) {
        // `printf` takes the text for a format; JSON has neither `%` nor `\` in most files.
        ("echo", [text]) => text.literal(),
        ("printf", [text]) => text.literal().filter(|text| !text.text().contains(['%', '\\'])),
        ("printf", [format, text]) if format.is("%s\\n") || format.is("%s") => text.literal(),
        _ => None,
    }
}

/// The daemon's files that a service brings along: the configs whose text is written in the project or in a file, and
/// the files mounted from the host. `read` reads a file by its path.
#[must_use]
pub fn in_service(
    project: &Project,
    service: &Service,
    read: &dyn Fn(&str) -> Option<SourceFile>,
) -> Vec<HostFile> {
    let configs = service.spec.configs.iter().flat_map(|configs| &configs.value.items);
    let configs = configs.filter_map(|grant| {
        let path = in_place(grant.value.target.as_deref())?;
        let source = grant.value.source.as_ref()?;
        let config = &project.config(source.value.as_str())?.field.value;
        let Some(content) = &config.content else {
            return beside(project, path, &config.file.as_ref()?.value, grant.origin, read);
        };
        let text = &content.value;
        if text.is_unknown() {
            return None;
        }
        let file = project.place(text.origin).file;
        HostFile::embedded(path, file, &text.mapped)
    });
    let mounts = service.spec.volumes.iter().flat_map(|mounts| &mounts.value.items);
    let mounts = mounts.filter_map(|mount| {
        let path = in_place(mount.value.target.as_deref())?;
        let is_bind = mount.value.kind.as_ref().is_some_and(|kind| kind.value.is(MountType::Bind));
        let source = mount.value.source.as_ref().filter(|_| is_bind)?;
        beside(project, path, &source.value, mount.origin, read)
    });
    configs.chain(mounts).take(MOST_FILES).collect()
}

/// A path of the container where a daemon looks for a file.
fn in_place(target: Option<&Field<Text>>) -> Option<&str> {
    let target = &target?.value;
    (!target.is_unknown() && is_in_place(target.as_str())).then_some(target.as_str())
}

/// A file of the host that stands at `path` of the container because of what is written at `by`.
fn beside(
    project: &Project,
    path: &str,
    source: &Text,
    by: Origin,
    read: &dyn Fn(&str) -> Option<SourceFile>,
) -> Option<HostFile> {
    let file = read(&project.path(source)?)?;
    let text = Mapped::verbatim(file.text(), 0);
    let mut file = HostFile::embedded(path, file, &text)?;
    file.brought_by = Some(project.place(by));
    Some(file)
}

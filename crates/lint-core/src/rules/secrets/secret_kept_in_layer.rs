use std::collections::HashSet;

use lint_parser::dockerfile::ast::{InstructionKind, Mount};
use lint_parser::shell::ast::{Command, Redirection, RedirectionOperator, SimpleCommand};
use lint_parser::shell::walk::Site;
use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

use crate::files::normalise;
use crate::model::build::BuildPlan;
use crate::model::build::run_files::RunFiles;
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "secret-kept-in-layer",
        docs: r#"A secret is mounted for the build and then written into the image.

## Why
`RUN --mount=type=secret` keeps a secret out of the image as long as nothing copies it. `cat
/run/secrets/npmrc > ~/.npmrc` puts it into the layer, where everybody who has the image reads it, and a
later `rm` does not help.

## Instead
Mount it where it is needed, `--mount=type=secret,id=npmrc,target=/root/.npmrc`, or give it to the one
command as a variable: `--mount=type=secret,id=token,env=TOKEN`.

## Limits
Followed are `cp`, `install`, `tee`, `cat` and the like, and `echo "$(cat ...)"` with a redirection. What the
same `RUN` deletes again is not reported. In stages that only build, the finding is medium.
"#,
        severity: Severity::High,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("4.10"),
            Reference::Cwe(538),
            Reference::Owasp("#12"),
            Reference::Nist("4.1.4"),
            Reference::Trivy("DS-0031"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// Programs that print what they read.
const PRINT: [&str; 10] = ["cat", "base64", "tr", "sed", "awk", "head", "tail", "envsubst", "jq", "tee"];

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let InstructionKind::Run(run) = &subject.operation().kind else { return };
    let secrets: HashSet<String> =
        run.mounts.iter().filter_map(|mount| secret_path(subject.plan, subject.index, mount)).collect();
    if secrets.is_empty() || !subject.is_reachable() {
        return;
    }
    let Some(script) = subject.plan.script(subject.index) else { return };
    let files = RunFiles::of(subject.plan, subject.index, run);
    if files.unclear {
        return;
    }
    for site in script.simple_commands() {
        let Some(kept) = kept(site, &secrets) else { continue };
        let path = &*kept.unquoted();
        let vanishes = path.starts_with("/dev/")
            || path.starts_with("/proc/")
            || secrets.contains(path)
            || files.mounts_over(path)
            || files.deletes(path, site.command.text.span());
        if vanishes {
            continue;
        }
        let draft = subject
            .report(cx, cover(site, kept), "this writes the secret into the layer")
            .help("mount the secret at that path with `target=`, or give it to the command with `env=`");
        if !subject.is_in_target_chain() {
            draft.at_most(Severity::Medium);
        }
    }
}

fn cover(site: &Site, kept: &Word) -> Span {
    let command = site.command.text.span();
    if command.encloses(kept.span()) { command } else { kept.span() }
}

/// Where a secret is mounted; `None` for other mounts and for one that is a variable alone.
fn secret_path(plan: &BuildPlan, index: usize, mount: &Mount) -> Option<String> {
    let value = |keys: &[&str]| {
        let mut options = mount.options.iter();
        let option =
            options.find(|option| keys.iter().any(|key| option.key.text().eq_ignore_ascii_case(key)))?;
        plan.expand(index, option.value.as_ref()?).text().map(str::to_owned)
    };
    if value(&["type"])? != "secret" {
        return None;
    }
    match value(&["target", "dst", "destination"]) {
        Some(target) if target.starts_with('/') => Some(normalise(&target)),
        Some(_) => None,
        None if value(&["env"]).is_some() => None,
        None => Some(format!("/run/secrets/{}", value(&["id"])?)),
    }
}

/// The word that names the file a command leaves the secret in.
fn kept<'a>(site: &'a Site, secrets: &HashSet<String>) -> Option<&'a Word> {
    let command = &site.command;
    let is_secret = |word: &Word| word.literal_text().is_some_and(|text| secrets.contains(&normalise(&text)));
    let name = command.name()?;
    let reads = command.args().iter().any(is_secret)
        || command
            .redirections
            .iter()
            .any(|r| r.operator == RedirectionOperator::Input && is_secret(&r.target));
    if !reads {
        return None;
    }
    match name {
        "cp" | "install" => command.args().last().filter(|last| !is_secret(last)),
        name if PRINT.contains(&name) => {
            let written =
                if name == "tee" { command.args().iter().find(|arg| !is_option(arg)) } else { None };
            written.filter(|word| !is_secret(word)).or_else(|| output(command)).or_else(|| taken_by(site))
        }
        _ => None,
    }
}

/// The file that what a command prints ends up in: through a pipe into `tee`, or as a word of `echo`.
fn taken_by(site: &Site) -> Option<&Word> {
    if let Some(reader) = site.context.piped_to.as_ref().and_then(Command::simple) {
        return match reader.name()? {
            "tee" => reader.args().iter().find(|arg| !is_option(arg)),
            name if PRINT.contains(&name) => output(reader),
            _ => None,
        };
    }
    let outer = site.context.substituted_into.as_ref()?;
    matches!(outer.name()?, "echo" | "printf").then(|| output(outer)).flatten()
}

fn is_option(word: &Word) -> bool {
    word.static_prefix().starts_with('-')
}

/// The file a command's output goes to.
fn output(command: &SimpleCommand) -> Option<&Word> {
    let writes = |redirection: &&Redirection| {
        let to_file = matches!(
            redirection.operator,
            RedirectionOperator::Output | RedirectionOperator::Append | RedirectionOperator::Clobber
        );
        to_file && redirection.descriptor.as_ref().is_none_or(|descriptor| descriptor.text() == "1")
    };
    command.redirections.iter().find(writes).map(|redirection| &redirection.target)
}

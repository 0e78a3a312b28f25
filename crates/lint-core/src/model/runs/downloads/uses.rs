//! What becomes of a file that was fetched: it is unpacked, installed, made executable, run.

use lint_parser::shell::word::Word;

use crate::model::runs::course::{Course, Step};
use crate::model::runs::downloads::download::{Download, Use, UseKind};
use crate::model::runs::downloads::interpreters::is_interpreter;
use crate::model::runs::downloads::pipes::Pipes;
use crate::model::runs::files::{Copy, holds, output};
use crate::model::runs::packages::{Action, PackageCommand};
use crate::model::values::modes::granted;

/// How many names a file is followed by.
const MOST_NAMES: usize = 32;

/// How many steps are looked at for all downloads of a course.
pub(super) const MOST_STEPS: usize = 20_000;

/// The first use of what is fetched; `steps` is how many more may be looked at.
pub(super) fn of(
    course: &Course<'_>,
    pipes: &Pipes<'_, '_>,
    download: &Download,
    steps: &mut usize,
) -> Option<Use> {
    let mut names = download.files.clone();
    if download.to_stdout {
        // `curl … | tar xz`, `curl … | gunzip > /usr/local/bin/tool`
        for reader in pipes.behind(course.steps.get(download.step)?) {
            if unpacks(reader) {
                return Some(Use { kind: UseKind::Unpacked, span: reader.span() });
            }
            names.extend(written_by(course, reader));
        }
    }
    let later = course.steps.get(download.step + 1..).filter(|_| !names.is_empty())?;
    let most = *steps;
    later.iter().take(most).find_map(|step| {
        *steps = steps.saturating_sub(1);
        let found = use_in(course, step, &names);
        if found.is_none() {
            follow(course, step, &mut names);
        }
        found
    })
}

/// The files into which a reader of a pipe puts what it reads.
fn written_by(course: &Course<'_>, reader: &Step<'_>) -> Vec<String> {
    let operands = reader.program.args().iter().filter(|arg| !arg.static_prefix().starts_with('-'));
    let operands = operands.filter(|_| reader.program.name() == Some("tee"));
    let words = output(reader.program.command()).into_iter().chain(operands);
    words.flat_map(|word| course.paths(reader, word)).collect()
}

/// A copy has a name of its own, and so has what a compressed file becomes.
fn follow(course: &Course<'_>, step: &Step<'_>, names: &mut Vec<String>) {
    let mut new = Vec::new();
    if let Some(copy) = Copy::of(course, step) {
        let ours = copy.sources.iter().filter(|source| names.iter().any(|name| holds(source, name)));
        new.extend(ours.flat_map(|source| copy.destinations_of(source)));
    } else if matches!(step.program.name(), Some("gunzip" | "gzip" | "unxz" | "xz" | "bunzip2" | "zstd")) {
        let ours = names.iter().filter(|name| mentions(course, step, step.program.args(), name));
        new.extend(ours.filter_map(|name| name.rsplit_once('.').map(|(stem, _)| stem.to_owned())));
    }
    names.extend(new);
    names.truncate(MOST_NAMES);
}

fn use_in(course: &Course<'_>, step: &Step<'_>, names: &[String]) -> Option<Use> {
    let program = step.program;
    let args = program.args();
    let ours = |words: &[Word]| names.iter().any(|name| mentions(course, step, words, name));
    let found = |kind: UseKind| Some(Use { kind, span: step.span() });
    // The program itself: `/tmp/install.sh`, `./configure`.
    let itself = program.invocation().words.first().filter(|word| word.text.text().contains('/'));
    if itself.is_some_and(|word| ours(std::slice::from_ref(word))) {
        return found(UseKind::Run);
    }
    match program.name()? {
        "chmod" if ours(args) => {
            let mode = args.iter().find(|arg| !arg.static_prefix().starts_with("--"))?;
            let executes = granted(&mode.unquoted()).is_none_or(|granted| granted & 0o111 != 0);
            executes.then_some(Use { kind: UseKind::Run, span: step.span() })
        }
        // Without a mode it is 0755.
        "install" if ours(args) && installs_program(args) => found(UseKind::Run),
        "." | "source" if ours(args.get(..1)?) => found(UseKind::Run),
        "java" if ours(args) => found(UseKind::Run),
        name if is_interpreter(name) => {
            let script = args.iter().position(|arg| !arg.static_prefix().starts_with('-'))?;
            if ours(args.get(script..=script)?) { found(UseKind::Run) } else { None }
        }
        _ if unpacks(step) && ours(args) => found(UseKind::Unpacked),
        _ => {
            let command = PackageCommand::of(program.invocation())?;
            let installs = command.action == Action::Install && ours(&command.operands);
            if installs { found(UseKind::Installed) } else { None }
        }
    }
}

/// Whether a file is among the words, by its path, by a pattern or by the directory it lies in after `-C`.
fn mentions(course: &Course<'_>, step: &Step<'_>, words: &[Word], name: &str) -> bool {
    let is_it = |path: String| path == name || (path.contains('*') && holds(&path, name));
    words.iter().flat_map(|word| course.paths(step, word)).any(|path| {
        // `--file=/tmp/kit.tgz`, `-xzf/tmp/kit.tgz`
        let value = path.rsplit_once('=').map(|(_, value)| value.to_owned());
        is_it(path) || value.is_some_and(is_it)
    })
}

/// Whether a program takes an archive apart, into files.
fn unpacks(step: &Step<'_>) -> bool {
    let args = step.program.args();
    let first = args.first().map(Word::static_prefix).unwrap_or_default();
    let has = |options: &[&str]| args.iter().any(|arg| options.iter().any(|option| arg.is(option)));
    match step.program.name() {
        Some("tar" | "bsdtar" | "gtar") => {
            let letters = |word: &str| !word.starts_with("--") && word.contains('x') && !word.contains('/');
            let by_letter = letters(first.trim_start_matches('-'))
                || args.iter().any(|arg| {
                    let text = arg.static_prefix();
                    text.starts_with('-') && letters(&text)
                });
            (by_letter || has(&["--extract", "--get"])) && !has(&["-O", "--to-stdout"])
        }
        Some("unzip" | "7z" | "7za" | "7zr" | "unrar") => !has(&["-l", "-t", "-v", "-p", "l", "t"]),
        Some("cpio") => first.contains('i') || has(&["--extract"]),
        Some("jar") => first.contains('x'),
        Some("dpkg-deb" | "dpkg") => has(&["-x", "-X", "--extract", "-R"]),
        Some("rpm2cpio") => true,
        _ => false,
    }
}

/// Whether what `install` puts somewhere may be executed.
fn installs_program(args: &[Word]) -> bool {
    let mode = args.iter().enumerate().find_map(|(at, arg)| {
        let text = arg.unquoted();
        if let Some(mode) = text.strip_prefix("--mode=") {
            return Some(mode.to_owned());
        }
        let letters = text.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
        let (_, mode) = letters.split_once('m')?;
        if mode.is_empty() {
            args.get(at + 1).map(|mode| mode.unquoted().into_owned())
        } else {
            Some(mode.to_owned())
        }
    });
    mode.and_then(|mode| granted(&mode)).is_none_or(|mode| mode & 0o111 != 0)
}

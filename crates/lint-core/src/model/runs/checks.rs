//! Commands that compare a hash or a signature, and which files they speak for.

use lint_parser::shell::ast::{AndOrOperator, Command};
use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::Invocation;

use crate::files::file_name;
use crate::model::runs::course::{Course, Step};
use crate::model::runs::program::Program;

/// Whether commands check a hash or a signature, of whatever file.
#[must_use]
pub fn verifies(programs: &[Program]) -> bool {
    programs.iter().any(|program| is_check(program.invocation()))
}

/// The checks of a course.
#[derive(Clone, Debug, Default)]
pub struct Checks(Vec<Check>);

#[derive(Clone, Debug)]
struct Check {
    step: usize,
    covers: Covers,
}

/// Which files a check speaks for.
#[derive(Clone, Debug)]
enum Covers {
    /// Those of these names, without folders and without what packing and signing add; an archive's goes for what is in it.
    Named(Vec<String>),
    /// Any: a list of hashes, a name that is not known.
    Any,
}

impl Checks {
    /// Those of a course.
    #[must_use]
    pub fn of(course: &Course<'_>) -> Self {
        let steps = course.steps.iter().enumerate();
        let checks = steps.filter(|(_, step)| is_check(step.program.invocation()));
        // `gpg --verify a.asc a || true` stops nothing.
        let is_heeded = |at: usize, step: &Step<'_>| {
            let next = course.steps.get(at + 1).map(|next| next.program);
            let goes_on = next.is_some_and(|next| {
                next.context.after == Some(AndOrOperator::Or)
                    && matches!(next.name(), Some("true" | ":" | "echo" | "printf"))
            });
            !(step.program.context.before == Some(AndOrOperator::Or) && goes_on)
        };
        let checks = checks.filter(|(at, step)| is_heeded(*at, step));
        Self(checks.map(|(at, step)| Check { step: at, covers: covers(course, step) }).collect())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them behind a step speaks for a file.
    #[must_use]
    pub fn cover(&self, path: &str, after: Option<usize>) -> bool {
        let name = file_name(path);
        let own = stem(name);
        self.0.iter().filter(|check| after.is_none_or(|after| check.step > after)).any(|check| {
            match &check.covers {
                Covers::Any => true,
                // `*.tgz` may be any of them, and a name that is not known whole may be another's.
                Covers::Named(names) => name.contains(['*', '$', '{']) || names.iter().any(|one| one == own),
            }
        })
    }
}

/// A name without what packing and signing add to it.
fn stem(name: &str) -> &str {
    const ENDINGS: [&str; 17] = [
        ".gz",
        ".xz",
        ".bz2",
        ".zst",
        ".lz4",
        ".asc",
        ".sig",
        ".sign",
        ".gpg",
        ".minisig",
        ".sha1",
        ".sha256",
        ".sha512",
        ".sha256sum",
        ".sha512sum",
        ".md5",
        ".tar",
    ];
    let mut name = name;
    while let Some(rest) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) {
        name = rest;
    }
    name
}

fn covers(course: &Course<'_>, step: &Step<'_>) -> Covers {
    let program = step.program;
    let operands =
        || program.args().iter().filter(|arg| !arg.static_prefix().starts_with('-') || arg.is("-"));
    let named = |words: Vec<&Word>| {
        let texts: Vec<String> = words.into_iter().flat_map(|word| course.texts(step, word)).collect();
        of_names(texts.iter().map(|text| file_name(text)))
    };
    let reads_list = || {
        program.args().iter().any(|arg| {
            let text = arg.static_prefix();
            arg.is("--check") || (text.starts_with('-') && !text.starts_with("--") && text.contains('c'))
        })
    };
    match program.name() {
        Some("gpg" | "gpg2" | "gpgv" | "gpgv2") => signed(course, step),
        Some(name) if is_hasher(name) && reads_list() => listed(course, step),
        // `test "$(sha256sum file | cut -d ' ' -f 1)" = "$SUM"`; without a file it reads what is piped in.
        Some(name) if is_hasher(name) => match operands().collect::<Vec<_>>() {
            words if words.is_empty() => Covers::Any,
            words => named(words),
        },
        _ => Covers::Any,
    }
}

/// `gpg --verify signature file`; of the signature alone the file's name follows.
fn signed(course: &Course<'_>, step: &Step<'_>) -> Covers {
    const VALUES: [&str; 8] = [
        "--keyring",
        "--homedir",
        "--output",
        "-o",
        "--keyserver",
        "--status-fd",
        "--options",
        "--trust-model",
    ];
    let args = step.program.args();
    let mut names: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        at += 1;
        if VALUES.iter().any(|option| arg.is(option)) {
            if (arg.is("-o") || arg.is("--output"))
                && let Some(value) = args.get(at)
            {
                names.extend(course.texts(step, value));
            }
            at += 1;
        } else if !arg.static_prefix().starts_with('-') {
            names.extend(course.texts(step, arg));
        }
    }
    // The list of hashes that is signed speaks for what it lists.
    let is_list = |name: &String| {
        let name = file_name(name).to_ascii_lowercase();
        name.contains("sums") || name.contains("checksum") || name.contains("manifest")
    };
    if names.is_empty() || names.iter().any(is_list) {
        return Covers::Any;
    }
    of_names(names.iter().map(|name| file_name(name)))
}

/// `echo "hash  file" | sha256sum -c`, `sha256sum -c list`
fn listed(course: &Course<'_>, step: &Step<'_>) -> Covers {
    let lists: Vec<String> = step
        .program
        .args()
        .iter()
        .filter(|arg| !arg.static_prefix().starts_with('-'))
        .flat_map(|arg| course.texts(step, arg))
        .collect();
    if let Some(list) = lists.first().filter(|list| *list != "/dev/stdin") {
        let name = file_name(list);
        // `kit.tgz.sha256` is of `kit.tgz`.
        let is_of_one = [".sha256", ".sha512", ".sha1", ".sha256sum", ".sha512sum", ".md5"]
            .iter()
            .any(|ending| name.strip_suffix(ending).is_some_and(|rest| rest.contains('.')));
        return if is_of_one { of_names(std::iter::once(name)) } else { Covers::Any };
    }
    let writer = step.program.context.piped_from.as_ref().and_then(Command::simple);
    let Some(writer) = writer.filter(|writer| matches!(writer.name(), Some("echo" | "printf"))) else {
        return Covers::Any;
    };
    let texts: Vec<String> = writer.args().iter().flat_map(|arg| course.texts(step, arg)).collect();
    let text = texts.join(" ").replace("\\n", "\n");
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.retain(|word| !is_hash(word) && !word.starts_with('-'));
    let names = words.iter().map(|word| file_name(word.trim_start_matches('*')));
    of_names(names)
}

/// A hash, or the variable that holds one.
fn is_hash(word: &str) -> bool {
    let hex = word.trim_start_matches("sha256:").trim_end_matches("\\t");
    hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn of_names<'n>(names: impl Iterator<Item = &'n str>) -> Covers {
    let names: Vec<String> = names.map(str::to_owned).collect();
    // A word of which part is not known may be the name of any file; `${SUM} kit.tgz` has one that is.
    let is_known = |name: &String| !name.is_empty() && !name.contains(['$', '`', '*', '%', '{']);
    let known: Vec<String> = names.iter().filter(|name| is_known(name)).cloned().collect();
    let is_file = |name: &String| name.contains(['.', '/', '-', '_']) || names.len() == 1;
    let stems = || known.iter().map(|name| stem(name).to_owned()).collect();
    if known.iter().any(is_file) { Covers::Named(stems()) } else { Covers::Any }
}

fn is_hasher(name: &str) -> bool {
    matches!(
        name,
        "sha1sum"
            | "sha224sum"
            | "sha256sum"
            | "sha384sum"
            | "sha512sum"
            | "shasum"
            | "md5sum"
            | "b2sum"
            | "b3sum"
            | "sha256"
            | "sha512"
    )
}

/// Programs that compare a hash or a signature.
fn is_check(invocation: &Invocation) -> bool {
    let Some(name) = invocation.name() else { return false };
    let has =
        |options: &[&str]| invocation.args().iter().any(|arg| options.iter().any(|option| arg.is(option)));
    match name {
        "gpgv" | "gpgv2" | "minisign" | "signify" | "slsa-verifier" | "rpmkeys" => true,
        "gpg" | "gpg2" => has(&["--verify", "--verify-files", "--decrypt", "-d"]),
        "cosign" => has(&["verify", "verify-blob"]),
        "openssl" => has(&["dgst", "sha256", "sha512", "cms", "smime"]),
        "rpm" => has(&["-K", "--checksig"]),
        "jarsigner" => has(&["-verify"]),
        name => is_hasher(name),
    }
}

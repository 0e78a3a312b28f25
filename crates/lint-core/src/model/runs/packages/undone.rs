//! Packages that an instruction installs and takes away again.

use crate::model::runs::course::Course;
use crate::model::runs::packages::{Action, Manager, PackageCommand};

/// The package managers that an instruction calls, with what of it is undone when it ends.
#[derive(Debug)]
pub struct Undone<'c> {
    calls: &'c [PackageCommand],
    /// The words of each call's operands, variables replaced.
    operands: Vec<Vec<String>>,
    /// What `apt-mark auto` has marked, each with how many calls stand before it.
    marked: Vec<(usize, String)>,
}

impl<'c> Undone<'c> {
    /// Reads what the calls of an instruction undo; `course` is that of the instruction.
    #[must_use]
    pub fn of(calls: &'c [PackageCommand], course: &Course<'_>) -> Self {
        let step_of = |call: &PackageCommand| course.steps.iter().find(|step| step.index == call.program_at);
        let operands = calls.iter().map(|call| match step_of(call) {
            Some(step) => {
                let texts = call.operands.iter().flat_map(|word| course.texts(step, word));
                texts
                    .flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
                    .collect()
            }
            None => call.operands.iter().map(|word| word.unquoted().into_owned()).collect(),
        });
        let operands = operands.collect();
        let mut marked = Vec::new();
        for step in course.steps.iter().filter(|step| step.program.name() == Some("apt-mark")) {
            let args = step.program.args();
            let mut words = args.iter().filter(|arg| !arg.static_prefix().starts_with('-'));
            if words.next().is_some_and(|verb| verb.is("auto") || verb.is("markauto")) {
                let before = calls.iter().filter(|call| call.program_at < step.index).count();
                let names = words.flat_map(|word| course.texts(step, word));
                marked.extend(names.flat_map(|text| {
                    text.split_whitespace().map(|name| (before, name.to_owned())).collect::<Vec<_>>()
                }));
            }
        }
        Self { calls, operands, marked }
    }

    /// The names of what a call installs, variables replaced.
    #[must_use]
    pub fn names(&self, at: usize) -> &[String] {
        self.operands.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a package that a call installs is gone at the end.
    #[must_use]
    pub fn removes(&self, at: usize, name: &str) -> bool {
        let Some(call) = self.calls.get(at) else { return false };
        let group = call.option(&["--virtual", "-t"]).and_then(|option| option.value.as_deref());
        let group = group.filter(|_| call.manager == Manager::Apk);
        let is_gone = |operand: &String| {
            is_named(operand, name) || group.is_some_and(|group| operand == group || operand.contains('$'))
        };
        // `apk add -t $DEPS` and `apk del $DEPS`
        let is_written = |call: &PackageCommand| {
            group.is_some_and(|group| call.operands.iter().any(|word| word.unquoted() == group))
        };
        self.later(at).any(|(later, call)| {
            let by_name =
                call.action == Action::Remove && (self.names(later).iter().any(is_gone) || is_written(call));
            by_name || is_rolled_back(call) || (takes_unneeded(call) && self.is_marked(at, later, name))
        })
    }

    /// Whether all that a call names is gone at the end, and what came with it.
    #[must_use]
    pub fn removes_whole(&self, at: usize) -> bool {
        let names = self.names(at);
        let takes_the_rest = self.later(at).any(|(_, call)| takes_unneeded(call) || is_rolled_back(call));
        !names.is_empty() && takes_the_rest && names.iter().all(|name| self.removes(at, name))
    }

    /// The calls behind one, of managers that know of its packages.
    fn later(&self, at: usize) -> impl Iterator<Item = (usize, &'c PackageCommand)> + '_ {
        let family = self.calls.get(at).map(|call| family(call.manager));
        let calls = self.calls.iter().enumerate().skip(at + 1);
        calls.filter(move |(_, call)| Some(family_of(call)) == family && !call.only_says())
    }

    /// Whether a package was marked as one that nobody asked for, between its installation and a call.
    fn is_marked(&self, at: usize, later: usize, name: &str) -> bool {
        self.marked.iter().any(|(before, marked)| {
            (at < *before && *before <= later)
                && (marked == ".*" || marked.contains(['$', '`']) || is_named(marked, name))
        })
    }
}

fn family_of(call: &PackageCommand) -> Manager {
    family(call.manager)
}

/// `dpkg` and `rpm` are below the managers that fetch.
fn family(manager: Manager) -> Manager {
    match manager {
        Manager::Dpkg => Manager::Apt,
        Manager::Rpm => Manager::Dnf,
        manager => manager,
    }
}

/// Whether an operand of a removal names a package: by its name, with or without a version or an architecture, or by a
/// pattern.
fn is_named(operand: &str, name: &str) -> bool {
    let bare = |text: &str| text.split(['=', '~', '<', '>', ':']).next().unwrap_or_default().to_owned();
    match operand.strip_suffix('*').filter(|start| !start.contains('*')) {
        Some(start) => name.starts_with(start.trim_start_matches('^').trim_end_matches('.')),
        None => bare(operand) == bare(name),
    }
}

/// `dnf history undo last`
fn is_rolled_back(call: &PackageCommand) -> bool {
    let is = |word: Option<&lint_parser::shell::word::Word>, names: &[&str]| {
        word.is_some_and(|word| names.iter().any(|name| word.is(name)))
    };
    call.manager == Manager::Dnf
        && is(call.verb.first(), &["history"])
        && is(call.verb.get(1).or_else(|| call.operands.first()), &["undo", "rollback"])
}

/// Whether a call takes away what nothing needs any more.
fn takes_unneeded(call: &PackageCommand) -> bool {
    let verb = call.verb.last().map(|verb| verb.unquoted().into_owned()).unwrap_or_default();
    let by_option = ["--auto-remove", "--autoremove", "--clean-deps", "-u"];
    match call.manager {
        _ if call.action != Action::Remove => false,
        Manager::Apt => {
            matches!(&*verb, "autoremove" | "autopurge" | "auto-remove")
                || call.option(by_option.get(..2).unwrap_or_default()).is_some()
        }
        // It removes what came with a package by itself, unless it is told otherwise.
        Manager::Dnf => call.program != "microdnf" || verb == "autoremove",
        Manager::Zypper => call.option(&by_option).is_some(),
        Manager::Pacman => verb.contains('s'),
        // `apk del` takes all with it that came for it.
        Manager::Apk => true,
        _ => false,
    }
}

//! How package managers take their words.

pub(super) mod table;

use crate::model::runs::packages::PackageOption;
use crate::model::runs::packages::manager::Action::{
    Clean, Download, Install, Other, Refresh, Remove, Upgrade,
};
use crate::model::runs::packages::manager::{Action, Manager};

/// How a manager takes its words.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) manager: Manager,
    pub(super) programs: &'static [&'static str],
    /// Letters of short options that take a value.
    pub(super) short_values: &'static str,
    /// Long options whose value is the next word when no `=` follows.
    pub(super) long_values: &'static [&'static str],
    /// Long options have a single dash: Go's flags.
    pub(super) long_by_one_dash: bool,
    /// What to do is said by an option: `pacman -S`, `rpm -i`, `dpkg -i`.
    pub(super) dashed_verbs: bool,
    /// Words after which the verb goes on: `global` of `yarn global add`.
    pub(super) verb_prefixes: &'static [&'static str],
    pub(super) verbs: &'static [(&'static str, Action)],
    /// What it does when told nothing.
    pub(super) without_verb: Action,
}

impl Grammar {
    /// Whether an option is the verb.
    pub(super) fn takes_verb_of_dashes(&self, option: &str) -> bool {
        if !self.dashed_verbs {
            return false;
        }
        let letter = |letters: &str| !option.starts_with("--") && option.contains(|c| letters.contains(c));
        match self.manager {
            Manager::Pacman => {
                letter("SRQUDTF")
                    || matches!(option, "--sync" | "--remove" | "--query" | "--upgrade" | "--database")
            }
            Manager::Rpm => {
                letter("iUFeqVK")
                    || matches!(
                        option,
                        "--install"
                            | "--upgrade"
                            | "--freshen"
                            | "--erase"
                            | "--import"
                            | "--query"
                            | "--rebuild"
                            | "--verify"
                            | "--checksig"
                    )
            }
            _ => {
                letter("iIPrlsLS")
                    || matches!(
                        option,
                        "--install"
                            | "--purge"
                            | "--remove"
                            | "--unpack"
                            | "--configure"
                            | "--add-architecture"
                            | "--print-architecture"
                    )
            }
        }
    }
}

/// What a verb of dashes means.
pub(super) fn dashed(manager: Manager, verb: &str, options: &[PackageOption], no_operands: bool) -> Action {
    let long = verb.starts_with("--");
    let has = |letter: char, name: &str| {
        (!long && verb.contains(letter))
            || options.iter().any(|option| option.name == name || option.name == format!("-{letter}"))
    };
    match manager {
        Manager::Pacman if verb == "--sync" || (!long && verb.contains('S')) => {
            if has('c', "--clean") {
                Clean
            } else if has('u', "--sysupgrade") {
                Upgrade
            } else if has('w', "--downloadonly") {
                Download
            } else if no_operands && has('y', "--refresh") {
                Refresh
            } else if has('s', "--search") || has('i', "--info") || has('l', "--list") {
                Other
            } else {
                Install
            }
        }
        Manager::Pacman if verb == "--upgrade" || (!long && verb.contains('U')) => Install,
        Manager::Pacman if verb == "--remove" || (!long && verb.contains('R')) => Remove,
        Manager::Rpm if !long && verb.contains(['q', 'V', 'K']) => Other,
        Manager::Rpm if matches!(verb, "--install" | "--upgrade" | "--freshen") => Install,
        Manager::Rpm if !long && verb.contains(['i', 'U', 'F']) => Install,
        Manager::Rpm if verb == "--erase" || (!long && verb.contains('e')) => Remove,
        Manager::Dpkg if verb == "--install" || (!long && verb.contains('i')) => Install,
        Manager::Dpkg if matches!(verb, "--purge" | "--remove" | "-P" | "-r") => Remove,
        _ => Other,
    }
}

use std::collections::HashSet;

use crate::model::build::system_shell::{SystemShell, of_base};
use crate::model::build::user::created::arguments::{Arguments, account_arguments};
use crate::model::runs::Program;
use crate::rule::check::{InstructionSubject, StageSubject};
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "group-given-as-comment",
        docs: "`adduser -g` names a group, and BusyBox takes it for a comment.

## Why
Alpine's `adduser` is BusyBox's: `-G` names the group, and `-g` the text that describes the account. After
`addgroup -S app && adduser -S -g app app` the user is in `nogroup`, which it shares with every other such user, and the group `app`
stays empty: files that are given to it are nobody's. Without `-S` the user gets a group of its own name and number, whatever was meant.

## Instead
`adduser -S -G app app`.

## Fix safety
The fix is unsafe: the user is in another group then.

## Limits
Reported on Alpine and BusyBox, where what follows `-g` is a number or a group that the image has and no `-G` is given.
",
        severity: Severity::Medium,
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Stage(check)],
};

/// Groups that Alpine comes with and that somebody may want a user in.
const OF_ALPINE: [&str; 18] = [
    "root", "bin", "daemon", "sys", "adm", "tty", "disk", "wheel", "mail", "audio", "cdrom", "dialout",
    "video", "games", "www-data", "users", "nogroup", "ping",
];

/// How many ancestors of a stage are looked at.
const MAX_ANCESTORS: usize = 8;

fn check(subject: &StageSubject<'_>, cx: &mut Context<'_>) {
    let root = subject.plan.root_of(subject.stage);
    if !subject.is_reachable() || of_base(&root.base) != SystemShell::Ash {
        return;
    }
    let mut groups: Option<HashSet<String>> = None;
    for instruction in subject.instructions() {
        for program in instruction.run().unwrap_or_default() {
            let arguments = || account_arguments("adduser", program.args(), instruction.variables());
            let Some(found) = (program.name() == Some("adduser")).then(arguments).flatten() else { continue };
            let Some(comment) = found.comment.as_deref().filter(|_| found.groups.is_empty()) else {
                continue;
            };
            let is_number = !comment.is_empty() && comment.bytes().all(|byte| byte.is_ascii_digit());
            let groups = groups.get_or_insert_with(|| made(subject));
            if !is_number && !OF_ALPINE.contains(&comment) && !groups.contains(comment) {
                continue;
            }
            let place = instruction.place(program.span());
            cx.report(place, message(&found, comment))
                .help(format!("name the group with `-G {comment}`"))
                .maybe_fix(with_group(&instruction, program, comment));
        }
    }
}

fn with_group(instruction: &InstructionSubject<'_>, program: &Program, group: &str) -> Option<Fix> {
    let mut options = program.args().iter().filter(|word| word.is("-g"));
    let edit = options.next().and_then(|word| instruction.edits().replace_word(word.span(), "-g", "-G"));
    Fix::of(format!("Name the group with `-G {group}`"), Applicability::Unsafe, [edit])
}

fn message(found: &Arguments, comment: &str) -> String {
    let user = found.operands.first().filter(|user| !user.is_empty());
    let user = user.map_or("the user".to_owned(), |user| format!("`{user}`"));
    let comes_to = if found.has(&["-S", "--system"]) { "in `nogroup`" } else { "in a group of its own name" };
    format!("BusyBox takes `-g {comment}` for a comment: {user} ends up {comes_to}")
}

/// The groups that the stage, and those it is built on, make.
fn made(subject: &StageSubject<'_>) -> HashSet<String> {
    let mut groups = HashSet::new();
    for stage in subject.plan.chain(subject.stage.index).take(MAX_ANCESTORS) {
        for index in stage.instructions.clone() {
            for program in subject.plan.programs(index) {
                let Some("addgroup" | "groupadd") = program.name() else { continue };
                let found = account_arguments("addgroup", program.args(), subject.plan.variables_at(index));
                // `addgroup user group` puts a user into a group.
                groups.extend(found.and_then(|found| found.operands.last().cloned()));
            }
        }
    }
    groups.remove("");
    groups
}

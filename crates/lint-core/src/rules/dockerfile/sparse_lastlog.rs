use crate::finding::fix::{Applicability, Fix};
use crate::model::run::{for_each_program, insert_after};
use crate::rule::check::InstructionSubject;
use crate::rule::prelude::*;

declare_rule! {
    /// `useradd` with a large uid writes a login log of that many entries into the layer.
    ///
    /// ## Why
    /// `/var/log/lastlog` and `/var/log/faillog` have a slot for every uid up to the highest. The files have
    /// holes on disk, but the archive a layer is made of has none everywhere: uid 1000000 can make an image of
    /// hundreds of megabytes, or fill the disk of whoever builds it.
    ///
    /// ## Instead
    /// `useradd --no-log-init`, or a smaller uid.
    ///
    /// ## Limits
    /// Uids from 100000 on. BusyBox's `adduser` keeps no such log.
    pub(super) static RULE = {
        name: "sparse-lastlog",
        severity: Severity::Low,
        category: Category::Hygiene,
        stride: &[],
        references: &[Reference::Hadolint("DL3046")],
        fixable: Fixable::Sometimes,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Instruction(check)],
    }
}

/// From here on the log is too large to shrug at: 100000 slots are 29 megabytes.
const LARGE: u64 = 100_000;

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let mut found = Vec::new();
    for_each_program(subject.plan, subject.index, &mut |program| {
        if program.name().is_none_or(|name| name != "useradd") || program.may_have_options() {
            return;
        }
        let Some(uid) = uid(program.args()).filter(|uid| *uid >= LARGE) else { return };
        let edit = insert_after(subject.plan, subject.index, program.name_span(), " --no-log-init");
        found.push((program.span(), uid, edit));
    });
    for (span, uid, edit) in found {
        let message = format!("uid {uid} without `--no-log-init` makes a login log of {uid} entries");
        let mut draft = cx.report(subject.place(span), message);
        if let Some(edit) = edit {
            draft = draft.fix(Fix {
                title: "Add `--no-log-init`".to_owned(),
                applicability: Applicability::Safe,
                edits: vec![edit],
            });
        }
        draft.help("add `--no-log-init`, or choose a smaller uid");
    }
}

/// The uid, when one is written and the log is not switched off.
fn uid(args: &[lint_parser::shell::word::Word]) -> Option<u64> {
    let mut uid = None;
    let mut next_is_uid = false;
    for arg in args {
        let Some(text) = arg.literal_text() else {
            next_is_uid = false;
            continue;
        };
        if std::mem::take(&mut next_is_uid) {
            uid = text.parse().ok();
            continue;
        }
        if text == "--no-log-init" {
            return None;
        }
        if let Some(value) = text.strip_prefix("--uid") {
            match value.strip_prefix('=') {
                Some(value) => uid = value.parse().ok(),
                None => next_is_uid = value.is_empty(),
            }
            continue;
        }
        let Some(letters) = text.strip_prefix('-').filter(|letters| !letters.starts_with('-')) else {
            continue;
        };
        for (at, letter) in letters.char_indices() {
            match letter {
                'l' => return None,
                'u' => {
                    let value = letters.get(at + 1..).unwrap_or_default();
                    if value.is_empty() {
                        next_is_uid = true;
                    } else {
                        uid = value.parse().ok();
                    }
                    break;
                }
                // Letters with values end the group.
                'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'G' | 'k' | 'K' | 'p' | 's' | 'R' | 'P' | 'Z' => break,
                _ => {}
            }
        }
    }
    uid
}

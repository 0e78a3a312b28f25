use lint_parser::compose::read::read;

use crate::model::project::Project;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "obsolete-version",
        docs: "`version` means nothing any more.

## Why
Compose ignores it, with a warning at every command. It once chose a file format; there is only one now.

## Instead
Remove the line.

## Fix safety
Compose ignores the attribute, so nothing changes. A comment behind it stays. In a complex key (`? version`) it is left alone.
",
        severity: Severity::Style,
        references: &[Reference::Dclint("no-version-field")],
        fixable: Fixable::Sometimes(SAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    // To Swarm it says which schema a file is written for.
    if project.input.is_stack {
        return;
    }
    for (source, text) in project.sources.iter() {
        if !text.file.text().contains("version") {
            continue;
        }
        for document in &read(&text.stream, source).tree {
            let Some(entry) = document.get("version") else { continue };
            // A fragment that an anchor brings in is written elsewhere.
            if entry.key_origin.source != source || entry.via.is_some() {
                continue;
            }
            let fix = project.editor().remove_key_keeping_comment(entry.key_origin);
            cx.report(project.place(entry.key_origin), "`version` is obsolete, and Compose warns of it")
                .maybe_fix(fix.map(|change| change.safely("Remove `version`")))
                .help("remove the line");
        }
    }
}

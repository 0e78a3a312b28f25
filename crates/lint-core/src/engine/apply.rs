//! Applies fixes: text edits over original bytes.

use crate::finding::finding::Finding;
use crate::finding::fix::{Applicability, Edit};

/// The text of a file after the fixes of its findings, and how many were applied.
///
/// Fixes less trusted than `at_least` are left out, and so is one that touches bytes another has changed: it
/// waits for the next round, on the text this round gives.
#[must_use]
pub fn apply(name: &str, text: &str, findings: &[Finding], at_least: Applicability) -> (String, usize) {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut applied = 0;
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let edits: Vec<_> = fix.edits.iter().filter(|edit| edit.file.name() == name).collect();
        let fits = |edit: &Edit| text.get(edit.span.range()).is_some() && edit.file.text() == text;
        if fix.applicability < at_least || edits.is_empty() || !edits.iter().all(|edit| fits(edit)) {
            continue;
        }
        if edits.iter().any(|edit| taken.iter().any(|other| touches(edit, other))) {
            continue;
        }
        taken.extend(edits);
        applied += 1;
    }
    taken.sort_by_key(|edit| edit.span);
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in taken {
        fixed.push_str(text.get(at..edit.span.start()).unwrap_or_default());
        fixed.push_str(&edit.text);
        at = edit.span.end();
    }
    fixed.push_str(text.get(at..).unwrap_or_default());
    (fixed, applied)
}

/// Whether two edits share a byte or a place of insertion.
fn touches(a: &Edit, b: &Edit) -> bool {
    a.span == b.span || (a.span.start() < b.span.end() && b.span.start() < a.span.end())
}

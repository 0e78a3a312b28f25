//! Many units in one file, `app.quadlets`: parts between lines of `---`, each under `# FileName=name`.

use lint_parser::systemd::Unit;

/// How many units of one file are read.
const MOST: usize = 500;

/// Whether a file holds many units.
pub(super) fn are_in(path: &str) -> bool {
    path.ends_with(".quadlets")
}

/// The units of a file with their names, which have no extension: the section says what a unit is.
pub(super) fn of(text: &str, whole: &Unit) -> Vec<(String, Unit)> {
    let mut parts: Vec<(String, Unit)> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            ends.push(at);
        }
        at += line.len();
    }
    ends.push(text.len() + 1);
    let mut sections = whole.sections.iter().enumerate().peekable();
    let mut assignments = whole.assignments.iter().peekable();
    let mut comments = whole.comments.iter().peekable();
    for (number, end) in ends.into_iter().take(MOST).enumerate() {
        let mut part = Unit::default();
        let mut first = whole.sections.len();
        while let Some((index, section)) = sections.next_if(|(_, section)| section.span.start() < end) {
            first = first.min(index);
            part.sections.push(section.clone());
        }
        while let Some(assignment) = assignments.next_if(|one| one.span.start() < end) {
            let mut own = assignment.clone();
            // What stands above the first header of a part belongs to none.
            own.section = assignment.section.and_then(|index| index.checked_sub(first));
            part.assignments.push(own);
        }
        let mut name = None;
        while let Some(comment) = comments.next_if(|comment| comment.span.start() < end) {
            let said = comment.text.value.trim().strip_prefix("FileName=");
            name = name.or_else(|| said.map(|name| name.trim().to_owned()));
        }
        parts.push((name.unwrap_or_else(|| format!("unit-{}", number + 1)), part));
    }
    parts
}

#[cfg(test)]
mod tests {
    use lint_parser::systemd;

    use super::*;

    #[test]
    fn parts_are_units_of_their_own() {
        let text = "# FileName=web\n[Container]\nImage=a\n[Service]\nRestart=no\n---\nLost=1\n# FileName=data\n[Volume]\nType=x\n---\n[Pod]\n";
        let parts = of(text, &systemd::parse(text).tree);
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["web", "data", "unit-3"]);
        assert_eq!(parts[0].1.assignments_of("Service", "Restart").count(), 1);
        assert_eq!(parts[1].1.assignments_of("Volume", "Type").count(), 1);
        assert_eq!(parts[1].1.assignments[0].section, None);
        assert_eq!(parts[2].1.sections[0].value, "Pod");
    }
}

//! The edits that mend or accept what was found, without a look at the rest of the workspace.

use lint_parser::dockerfile;

use crate::engine::add_ignores::{self, Reason};
use crate::engine::apply::FixedFile;
use crate::engine::fix::fix;
use crate::finding::finding::Finding;
use crate::finding::fix::Applicability;
use crate::kinds::SourceKind;
use crate::session::Session;

impl Session {
    /// The texts after the fixes of what was found in a file, as far as they can be trusted. Each is looked at before it stays,
    /// together with the files that are judged with this one.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use lint_core::session::Session;
    /// use lint_core::{Applicability, Linter, Source};
    ///
    /// let mut session = Session::new(Linter::default(), Box::new(BTreeMap::new()));
    /// session.set_sources([Source::dockerfile("Dockerfile", "FROM debian:12\nRUN apt-get install x\n")]);
    /// session.judge(&|| false);
    /// let fixed = session.fix_all("Dockerfile", Applicability::Safe, &|_| true);
    /// assert!(fixed[0].after.contains("apt-get install -y x"));
    /// ```
    #[must_use]
    pub fn fix_all(
        &self,
        file: &str,
        at_least: Applicability,
        wanted: &dyn Fn(&Finding) -> bool,
    ) -> Vec<FixedFile> {
        let sources = self.units.related(file, &self.sources);
        let is_wanted = |finding: &Finding| finding.file().name() == file && wanted(finding);
        fix(&self.linter, &sources, &self.texts, at_least, &is_wanted).files
    }

    /// The text with a comment that accepts one finding, on a line of its own.
    ///
    /// # Errors
    /// Why there is no place for one.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use lint_core::session::Session;
    /// use lint_core::{Linter, Source};
    ///
    /// let mut session = Session::new(Linter::default(), Box::new(BTreeMap::new()));
    /// session.set_sources([Source::dockerfile("Dockerfile", "FROM debian:12\nUSER root\n")]);
    /// session.judge(&|| false);
    /// let finding = &session.findings("Dockerfile")[0];
    /// let with_comment = session.suppress(finding, "a build image").unwrap();
    /// assert!(with_comment.after.contains("# plimsoll: ignore[root-user] a build image\nUSER root"));
    /// ```
    pub fn suppress(&self, finding: &Finding, reason: &str) -> Result<FixedFile, String> {
        let reason = Reason::new(reason)?;
        let sources = self.units.related(finding.file().name(), &self.sources);
        let is_it = |other: &Finding| {
            other.rule == finding.rule
                && other.place == finding.place
                && other.service == finding.service
                && other.message == finding.message
        };
        let mut added = add_ignores::add(&self.linter, &sources, &self.texts, &reason, &is_it);
        if let Some(left) = added.left.pop() {
            return Err(left.why);
        }
        let changed = added.files.pop();
        changed.ok_or_else(|| "it is not found any more".to_owned())
    }

    /// The text with a comment at its beginning that accepts a rule in all of the file.
    ///
    /// # Errors
    /// Why there is no place for one.
    pub fn suppress_in_file(&self, finding: &Finding, reason: &str) -> Result<FixedFile, String> {
        Reason::new(reason)?;
        let name = finding.file().name();
        let source = self.sources.iter().find(|source| source.name == name);
        let (Some(source), Some(file)) = (source, self.text(name)) else {
            return Err(format!("{name} is not linted by itself"));
        };
        if !finding.rule.suppressible {
            return Err("the comments of a file that cannot be read are not trusted".to_owned());
        }
        if !self.linter.settings_of(name).suppressions.allow_inline {
            return Err("the configuration lets no comment silence anything".to_owned());
        }
        let text = file.text();
        let at = match source.kind {
            SourceKind::DaemonJson => return Err("JSON has no comments".to_owned()),
            // Directives are the first lines of a Dockerfile, or they are comments.
            SourceKind::Dockerfile => dockerfile::parse(text).tree.directives.last().map(|last| {
                let line = file.line(last.span.end());
                file.line_span(line + 1).start()
            }),
            _ if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') => {
                return Err("JSON has no comments".to_owned());
            }
            _ => None,
        };
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let at = at.unwrap_or(mark);
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let (before, after) = text.split_at_checked(at).ok_or("it is not found any more")?;
        let open = if before.is_empty() || before.ends_with(['\n', '\u{feff}']) { "" } else { end };
        let comment = format!("{open}# plimsoll: ignore-file[{}] {}", finding.rule.name, reason.trim());
        Ok(FixedFile::new(name, text, format!("{before}{}{end}{after}", comment.trim_end())))
    }
}

//! Files that are called as files of credentials are, and whether they hold any.

use std::collections::BTreeSet;

use lint_parser::dockerfile::ast::InstructionKind;

use crate::files::join;
use crate::model::build::BuildPlan;
use crate::model::container::BuildFiles;

/// How many files are read for [`BuildPlan::without_credentials`]. People copy one.
const MOST_SETTINGS: usize = 16;

/// The `.npmrc`s that are copied and at hand, and in which no token is written.
pub(super) fn without_credentials(
    plan: &BuildPlan,
    context: Option<&str>,
    files: &dyn BuildFiles,
) -> BTreeSet<String> {
    let Some(context) = context else { return BTreeSet::new() };
    let instructions = plan.dockerfile.tree.instructions.iter().enumerate();
    let copies = instructions.filter_map(|(index, instruction)| match &instruction.kind {
        InstructionKind::Copy(copy) | InstructionKind::Add(copy) if instruction.flag("from").is_none() => {
            Some((index, copy))
        }
        _ => None,
    });
    copies
        .flat_map(|(index, copy)| copy.sources.iter().map(move |source| (index, source)))
        .filter(|(_, source)| source.text().ends_with(".npmrc"))
        .take(MOST_SETTINGS)
        .filter_map(|(index, source)| plan.expand(index, source).text().map(str::to_owned))
        .filter(|path| {
            let text = files.text(&join(context, path.trim_start_matches('/')));
            text.is_some_and(|text| !has_npm_token(&text))
        })
        .collect()
}

/// Whether an `.npmrc` spells out a token, a password or a login.
fn has_npm_token(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim();
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with([';', '#'])) else {
            return false;
        };
        let key = key.trim().rsplit(':').next().unwrap_or_default();
        let value = value.trim().trim_matches('"');
        let is_variable = value.starts_with("${") && value.ends_with('}');
        matches!(key, "_auth" | "_authToken" | "_password" | "certfile" | "keyfile" | "key")
            && !value.is_empty()
            && !is_variable
    })
}

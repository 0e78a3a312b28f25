//! What a script gets from the build, in lines before it.

use std::collections::BTreeSet;

use lint_parser::text::mapped::Mapped;

use crate::model::build::plan::BuildPlan;
use crate::model::build::shell_scripts::start::Start;

/// Variables that BuildKit sets in every `RUN` when whoever builds passes them.
const PROXIES: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// What the script gets from the build, written as a script.
///
/// A variable whose value is known to be one word without patterns gets such a value, since no quotes are needed around
/// it; any other gets a value that shows they are.
pub(super) fn preamble(plan: &BuildPlan, index: usize, text: &Mapped, start: Start) -> String {
    let mut preamble = String::new();
    if start.errexit {
        preamble.push_str("set -e\n");
    }
    if start.pipefail {
        preamble.push_str("set -o pipefail\n");
    }
    let variables = plan.variables_at(index);
    for name in names(text.text()) {
        let defined = variables.is_declared(name) || variables.origin(name).is_some();
        let value = match variables.get(name) {
            _ if matches!(name, "IFS" | "PATH") => continue,
            Some(value) if value.text().is_some_and(is_one_word) => "1",
            _ if defined || PROXIES.contains(&name) => "'* *'",
            _ => continue,
        };
        preamble.push_str(&format!("export {name}={value}\n"));
    }
    // What ShellCheck is told before the first command holds for the whole script, so it stays before the first.
    let directives: String = if preamble.is_empty() { String::new() } else { directives(text.text()) };
    directives + &preamble
}

/// The lines for ShellCheck at the head of a script.
fn directives(text: &str) -> String {
    let head = text.lines().take_while(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    let is_directive = |line: &&str| line.trim_start_matches(['#', ' ', '\t']).starts_with("shellcheck ");
    head.filter(is_directive).map(|line| format!("{}\n", line.trim())).collect()
}

fn is_one_word(value: &str) -> bool {
    !value.contains(|c: char| c.is_whitespace() || matches!(c, '*' | '?' | '[' | '\\'))
}

/// Everything in a script that may be the name of a variable.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')).collect()
}

//! What does not depend on files: the rules and their pages, and the version.

use std::collections::BTreeMap;

use lint_core::RuleMeta;
use lint_core::report::rules::{json, markdown};
use lint_core::rules::{Answer, answer, catalogue, elsewhere, find};
use serde::{Deserialize, Serialize};

/// What is asked of the linter itself.
#[derive(Deserialize, Default)]
#[serde(default, expecting = "an object")]
struct Question {
    ask: String,
    name: String,
}

#[derive(Serialize)]
struct Version {
    version: &'static str,
    rules: usize,
}

/// What a name stands for: pages of rules, or the reason why there is none.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explained {
    rules: Vec<Page>,
    left_out: Option<LeftOut>,
}

/// What there is to read about the rules, which the package keeps beside the module (packaging/wasm/pages.mjs).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Pages {
    rules: BTreeMap<&'static str, &'static str>,
    /// By name, in small letters.
    left_out: BTreeMap<String, LeftOut>,
}

#[derive(Serialize)]
struct Page {
    name: &'static str,
    markdown: String,
    url: String,
}

#[derive(Serialize)]
struct LeftOut {
    check: &'static str,
    why: &'static str,
}

/// Answers a question that has nothing to do with files, in JSON.
///
/// ```
/// assert!(lint_wasm::about(r#"{"ask": "explain", "name": "DL3002"}"#).unwrap().contains("root-user"));
/// ```
///
/// # Errors
/// When the question is none.
pub fn about(question: &str) -> Result<String, String> {
    let question: Question = lint_core::json::read(question)?;
    match question.ask.as_str() {
        "version" => written(&Version { version: env!("CARGO_PKG_VERSION"), rules: catalogue().len() }),
        "rules" => Ok(json(catalogue())),
        "pages" => written(&pages()),
        "explain" => written(&explained(question.name.trim())),
        other => Err(format!("no such question: {other}")),
    }
}

fn pages() -> Pages {
    let mut left_out = BTreeMap::new();
    for check in elsewhere() {
        if let Answer::LeftOut(reason) = &check.answer {
            let reason = LeftOut { check: reason.check, why: reason.why };
            left_out.entry(check.name.to_ascii_lowercase()).or_insert(reason);
        }
    }
    Pages { rules: catalogue().into_iter().map(|rule| (rule.name, rule.docs)).collect(), left_out }
}

fn explained(name: &str) -> Explained {
    let left_out = match answer(name) {
        Some(Answer::LeftOut(left_out)) => Some(LeftOut { check: left_out.check, why: left_out.why }),
        _ => None,
    };
    let rules = if left_out.is_some() { Vec::new() } else { find(name) };
    Explained { rules: rules.into_iter().map(page).collect(), left_out }
}

fn page(rule: &RuleMeta) -> Page {
    Page { name: rule.name, markdown: markdown(rule, 1), url: rule.url() }
}

/// An answer as JSON.
pub(crate) fn written(answer: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(answer).map_err(|error| error.to_string())
}

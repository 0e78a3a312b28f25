//! `docs/left-out.md` answers for every check of other linters, from the table that `plimsoll rule NAME` reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use lint_core::rules::{Answer, Elsewhere, elsewhere, left_out};

/// The parts of the page that are made, each between a comment and the next.
const PARTS: [(&str, fn() -> String); 2] = [("no rule", no_rule), ("names", names)];

#[test]
fn the_page_is_up_to_date() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/left-out.md");
    let written = std::fs::read_to_string(&path).expect("the page is there");
    let mut page = written.clone();
    for (name, make) in PARTS {
        let (begin, end) = (format!("<!-- made: {name} -->\n"), format!("<!-- end: {name} -->"));
        let (head, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
        let (_, tail) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
        page = format!("{head}{begin}{}{end}{tail}", make());
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the page is there");
    assert!(written == page, "docs/left-out.md is stale; run: BLESS=1 cargo test --test left_out");
}

/// What has no rule, who has one, and why.
fn no_rule() -> String {
    let mut text = String::from("| check | elsewhere | why not |\n|---|---|---|\n");
    for reason in left_out() {
        let theirs = elsewhere().iter().filter(|check| check.answer == Answer::LeftOut(reason));
        let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for check in theirs {
            names.entry(check.linter).or_default().push(check.name);
        }
        let mut others: Vec<String> = names
            .into_iter()
            .map(|(linter, names)| match names.len() {
                1..=3 => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
                number => format!("{number} of {linter}"),
            })
            .collect();
        others.extend((!reason.others.is_empty()).then(|| reason.others.to_owned()));
        let _ = writeln!(text, "| {} | {} | {} |", cell(reason.check), others.join(", "), cell(reason.why));
    }
    text
}

/// Every name, and what answers it.
fn names() -> String {
    let mut linters: BTreeMap<&str, Vec<&Elsewhere>> = BTreeMap::new();
    for check in elsewhere() {
        linters.entry(check.linter).or_default().push(check);
    }
    let mut text = String::new();
    for (linter, checks) in linters {
        let _ = write!(text, "\n### {linter}\n\n| name | here |\n|---|---|\n");
        for check in checks {
            let answer = match &check.answer {
                Answer::Rules(rules) => {
                    let rules = rules.iter().map(|rule| format!("[{0}](../rules.md#{0})", rule.name));
                    rules.collect::<Vec<_>>().join(", ")
                }
                Answer::LeftOut(reason) => format!("left out: {}", cell(reason.check)),
                _ => unreachable!("an answer is rules or a reason"),
            };
            let _ = writeln!(text, "| `{}` | {answer} |", check.name);
        }
    }
    text.push('\n');
    text
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

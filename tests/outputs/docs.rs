//! The samples in `docs/outputs.md` are what the program writes: `BLESS=1 cargo test --test outputs` renews them.

use std::fmt::Write as _;
use std::path::Path;

use lint_core::Report;
use lint_core::report::concise;
use regex_lite::Regex;
use serde_json::Value;

use crate::sample;
use crate::tree::{FORMATS, Tree};

const MATCHER: &str = include_str!("../../docs/problem-matcher.json");

#[test]
fn samples_are_real() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/outputs.md");
    let page = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let input = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an input");
    let tree = Tree::new(&[("compose.yaml", input)]);
    let mut renewed = String::new();
    let mut formats = Vec::new();
    let mut parts = page.split("<!-- sample: ");
    renewed.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (format, rest) = part.split_once(" -->\n").expect("a marker ends");
        let (fence, rest) = rest.split_once('\n').expect("a block begins");
        let (_, rest) = rest.split_once("\n```\n").expect("a block ends");
        formats.push(format);
        let sample = sample(&tree, format);
        let _ = write!(renewed, "<!-- sample: {format} -->\n{fence}\n{}\n```\n{rest}", sample.trim_end());
    }
    assert_eq!(formats, FORMATS, "each format has a sample, in the order of --help");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &renewed).unwrap();
    } else {
        assert!(page == renewed, "docs/outputs.md is stale; run BLESS=1 cargo test --test outputs");
    }
}

fn sample(tree: &Tree, format: &str) -> String {
    let run = tree.run(&["--select=privileged-service,unused-ignore", "--output-format", format]);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    if format != "sarif" {
        return run.stdout;
    }
    // A whole log is mostly the rules' own pages.
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    serde_json::to_string_pretty(&log["runs"][0]["results"][0]).unwrap()
}

#[test]
fn the_problem_matcher_finds_every_line_of_concise() {
    let matchers: Value = serde_json::from_str(MATCHER).unwrap();
    let matchers = matchers["problemMatcher"].as_array().unwrap();
    let patterns: Vec<(Regex, &Value)> = matchers
        .iter()
        .map(|matcher| &matcher["pattern"][0])
        .map(|pattern| (Regex::new(pattern["regexp"].as_str().unwrap()).unwrap(), pattern))
        .collect();
    let report = sample::report();
    for finding in &report.findings {
        let mut one = Report::default();
        one.findings = vec![finding.clone()];
        let line = concise::write(&one);
        let line = line.trim_end_matches('\n');
        let found: Vec<_> = patterns.iter().filter_map(|(r, p)| Some((r.captures(line)?, p))).collect();
        let [(groups, pattern)] = found.as_slice() else { panic!("{} matchers for {line}", found.len()) };
        let group = |name: &str| {
            let number = usize::try_from(pattern[name].as_u64().unwrap()).unwrap();
            groups.get(number).map(|group| group.as_str()).unwrap_or_default()
        };
        let at = finding.file().line_column(finding.span().start());
        assert_eq!(group("file"), finding.file().name());
        assert_eq!(
            (group("line"), group("column")),
            (at.line.to_string().as_str(), at.column.to_string().as_str())
        );
        assert_eq!(
            (group("code"), group("message")),
            (finding.rule.name, concise::printable(&finding.message).as_str())
        );
    }
    assert!(patterns.iter().all(|(regex, _)| !regex.is_match("error: missing: no such file or directory")));
}

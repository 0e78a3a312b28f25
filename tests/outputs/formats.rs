//! What each format writes.

use lint_core::report::sarif::{self, SarifRun};
use lint_core::report::{checkstyle, concise, github, gitlab, json, junit, markdown, rdjson};
use lint_core::{Report, Severity, rules};
use serde_json::Value;

use crate::sample;
use crate::tree::{CLEAN, FORMATS, SELECT, Tree};

/// The formats that the library writes.
pub(crate) fn written(report: &Report) -> Vec<(&'static str, String)> {
    vec![
        ("concise", concise::write(report)),
        ("json", json::write(report)),
        ("json-lines", json::write_lines(report)),
        ("sarif", sarif::write(report, &SarifRun::new([]))),
        ("github", github::write(report)),
        ("gitlab", gitlab::write(report)),
        ("junit", junit::write(report)),
        ("checkstyle", checkstyle::write(report)),
        ("rdjson", rdjson::write(report)),
        ("markdown", markdown::write(report)),
    ]
}

#[test]
fn formats_write_what_they_always_wrote() {
    for (format, text) in written(&sample::report()) {
        let text = if format == "sarif" { without_docs(&text) } else { text };
        insta::with_settings!({
            snapshot_path => "../../fixtures/outputs",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(format, text); });
    }
}

/// A log without what the rules say of themselves and the version, which change for reasons of their own.
fn without_docs(log: &str) -> String {
    let mut log: Value = serde_json::from_str(log).unwrap();
    let driver = &mut log["runs"][0]["tool"]["driver"];
    (driver["version"], driver["semanticVersion"]) = ("0".into(), "0".into());
    for rule in driver["rules"].as_array_mut().unwrap() {
        for text in ["shortDescription", "fullDescription", "help", "properties"] {
            rule.as_object_mut().unwrap().remove(text).unwrap();
        }
    }
    serde_json::to_string_pretty(&log).unwrap()
}

#[test]
fn no_format_lets_control_characters_through() {
    for (format, text) in written(&sample::report()) {
        let controls: Vec<char> = text.chars().filter(|c| c.is_control() && *c != '\n').collect();
        assert!(controls.is_empty(), "{format}: {controls:?}");
    }
}

#[test]
fn one_line_stays_one_line() {
    let report = sample::report();
    let lines = |text: String| text.lines().count();
    assert_eq!(lines(concise::write(&report)), report.findings.len());
    assert_eq!(lines(json::write_lines(&report)), report.findings.len());
    let github = github::write(&report);
    assert!(github.lines().all(|line| line.starts_with("::")));
    let levels: Vec<_> = github.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(levels, ["::error", "::error", "::warning", "::notice", "::notice"], "the worst first");
}

#[test]
fn json_is_json_in_every_format_of_that_name() {
    let report = sample::report();
    let all: Vec<Value> = serde_json::from_str(&json::write(&report)).unwrap();
    let lines: Vec<Value> =
        json::write_lines(&report).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(all, lines);
    let gitlab: Value = serde_json::from_str(&gitlab::write(&report)).unwrap();
    let fingerprints: std::collections::BTreeSet<_> =
        gitlab.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), report.findings.len(), "GitLab drops issues of one fingerprint");
}

#[test]
fn suggestions_hold_the_whole_fix() {
    let found: Value = serde_json::from_str(&rdjson::write(&sample::report())).unwrap();
    let suggestions: Vec<&Value> = found["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|d| d["suggestions"].as_array())
        .flatten()
        .collect();
    assert_eq!(suggestions.len(), 1, "not the one that is for show");
    assert_eq!(suggestions[0]["text"], "z|\"< \\\n    z");
    assert_eq!(suggestions[0]["range"]["end"]["line"], 3);
    // Columns of this format are bytes.
    let sample = sample::report();
    let label = &sample.findings[2].labels[1].place;
    assert_eq!(found["diagnostics"][2]["related_locations"][1]["location"]["range"]["end"]["column"], 3 + 4);
    assert_eq!(label.file.line_column(label.span.end()).column, 3 + 3);
}

#[test]
fn xml_is_well_formed() {
    for report in [sample::report(), Report::default()] {
        for text in [junit::write(&report), checkstyle::write(&report)] {
            well_formed(&text);
        }
    }
    assert!(junit::write(&Report::default()).ends_with("<testsuites/>\n"));
    let junit = junit::write(&sample::report());
    assert!(
        junit.contains("<testsuites name=\"plimsoll\" tests=\"8\" failures=\"5\" errors=\"2\">"),
        "{junit}"
    );
}

/// Tags are closed in order, attributes are quoted, and no text holds what it must not.
pub(crate) fn well_formed(xml: &str) {
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("a declaration");
    let mut open: Vec<&str> = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "{piece}");
        let entities = text.split('&').skip(1).chain(tag.split('&').skip(1));
        for entity in entities {
            let (name, _) = entity.split_once(';').expect("a reference ends");
            assert!(["amp", "lt", "gt", "quot", "apos", "#10", "#13", "#9"].contains(&name), "{name}");
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap_or_default());
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn markdown_fits_into_a_comment() {
    let mut report = sample::report();
    let many = std::iter::repeat_n(report.findings[0].clone(), 5000);
    report.findings.extend(many);
    let text = markdown::write(&report);
    assert!(text.len() < 65_000 && text.contains(" more problems."), "{}", text.len());
    assert!(text.find("| critical |").unwrap() < text.find("| low |").unwrap());
}

#[test]
fn nothing_found_is_a_valid_document_in_every_format() {
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    for format in FORMATS {
        let run = tree.run(&[SELECT, "--output-format", format]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{format}");
        let json = || serde_json::from_str::<Value>(&run.stdout).unwrap();
        match format {
            "json" | "gitlab" => assert_eq!(run.stdout, "[]\n"),
            "sarif" => assert_eq!(json()["runs"][0]["results"], Value::Array(Vec::new())),
            "rdjson" => assert_eq!(json()["diagnostics"], Value::Array(Vec::new())),
            "junit" | "checkstyle" => well_formed(&run.stdout),
            "markdown" => assert_eq!(run.stdout, "### Plimsoll found no problems\n"),
            "full" | "grouped" => assert_eq!(run.stdout, "No problems found; 1 file checked.\n"),
            "concise" | "json-lines" | "github" => assert_eq!(run.stdout, ""),
            other => panic!("{other} is not tested"),
        }
    }
}

#[test]
fn every_severity_has_its_word_in_every_format() {
    let mut report = sample::report();
    report.findings.truncate(1);
    let rule = rules::find("privileged-service")[0];
    let words = Severity::ALL.map(|severity| {
        report.findings[0].severity = severity;
        report.findings[0].rule = rule;
        let json = |text: String| serde_json::from_str::<Value>(&text).unwrap();
        let sarif = json(sarif::write(&report, &SarifRun::new([(rule, severity)])));
        let properties = &sarif["runs"][0]["tool"]["driver"]["rules"][0]["properties"];
        [
            json(gitlab::write(&report))[0]["severity"].clone(),
            json(rdjson::write(&report))["diagnostics"][0]["severity"].clone(),
            sarif["runs"][0]["results"][0]["level"].clone(),
            properties["security-severity"].clone(),
        ]
        .map(|word| word.as_str().unwrap().to_owned())
    });
    assert_eq!(
        words,
        [
            ["blocker", "ERROR", "error", "9.3"],
            ["critical", "ERROR", "error", "8.0"],
            ["major", "WARNING", "warning", "5.5"],
            ["minor", "INFO", "note", "2.5"],
            ["info", "INFO", "note", "2.5"],
        ]
    );
}

//! What code scanning needs of a log, beyond what the standard's schema asks for.

use std::collections::BTreeSet;

use lint_core::report::sarif::{self, MAX_RESULTS, SarifRun};
use lint_core::rules;
use serde_json::Value;

use crate::sample;
use crate::tree::{PRIVILEGED, SELECT, Tree};

fn log(text: &str) -> Value {
    serde_json::from_str(text).expect("a log is JSON")
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().expect("there are results")
}

#[test]
fn every_part_of_a_log_holds_together() {
    let report = sample::report();
    let all = rules::catalogue().into_iter().map(|rule| (rule, rule.severity));
    let log = log(&sarif::write(&report, &SarifRun::new(all)));
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    for rule in rules {
        rule_is_complete(rule);
    }
    let artifacts = run["artifacts"].as_array().unwrap();
    assert_eq!(results(&log).len(), report.findings.len());
    let mut fingerprints = BTreeSet::new();
    for (result, finding) in results(&log).iter().zip(&report.findings) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.is_empty() && !text.contains("](") || text.contains("](1)"), "{text}");
        let location = &result["locations"][0]["physicalLocation"];
        let artifact = &location["artifactLocation"];
        let uri = artifact["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && !uri.contains([' ', ':', '\\']) && !uri.starts_with('/'), "{uri}");
        let index = usize::try_from(artifact["index"].as_u64().unwrap()).unwrap();
        assert_eq!(artifacts[index]["location"]["uri"], artifact["uri"]);
        region_is_inside(&location["region"], finding.file().text());
        for (related, id) in result["relatedLocations"].as_array().into_iter().flatten().zip(1..) {
            assert_eq!(related["id"], id);
        }
        let prints = &result["partialFingerprints"];
        fingerprints.insert(prints["plimsollFinding/v1"].as_str().unwrap().to_owned());
        assert!(prints["primaryLocationLineHash"].as_str().unwrap().contains(':'));
    }
    assert_eq!(fingerprints.len(), report.findings.len());
    assert_eq!(run["invocations"][0]["executionSuccessful"], false, "a file could not be read");
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 3);
}

fn rule_is_complete(rule: &Value) {
    for text in
        ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown", "/helpUri"]
    {
        assert!(
            rule.pointer(text).and_then(Value::as_str).is_some_and(|text| !text.is_empty()),
            "{text} {rule}"
        );
    }
    let properties = &rule["properties"];
    let tags: Vec<&str> = properties["tags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(
        (1..=10).contains(&tags.len()) && tags.iter().collect::<BTreeSet<_>>().len() == tags.len(),
        "{tags:?}"
    );
    match properties["security-severity"].as_str() {
        Some(score) => assert!(score.parse::<f64>().is_ok_and(|score| score > 0.0 && score <= 10.0)),
        None => assert!(!tags.contains(&"security") && properties["problem.severity"].is_string(), "{rule}"),
    }
}

fn region_is_inside(region: &Value, text: &str) {
    let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
    let (start, end) =
        ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
    assert!(start < end, "{region}");
    let lines: Vec<&str> = text.split('\n').collect();
    for (line, column) in [start, end] {
        assert!(column >= 1 && column <= lines[line - 1].chars().count() + 1, "{region}");
    }
}

#[test]
fn fixes_change_what_the_result_names_and_those_for_show_are_left_out() {
    let log = log(&sarif::write(&sample::report(), &SarifRun::default()));
    let fixes: Vec<&Value> = results(&log).iter().filter_map(|result| result.get("fixes")).collect();
    assert_eq!(fixes.len(), 1);
    let change = &fixes[0][0]["artifactChanges"][0];
    let location = results(&log)[0].pointer("/locations/0/physicalLocation/artifactLocation/uri");
    assert_eq!(change.pointer("/artifactLocation/uri"), location);
    assert_eq!(change["replacements"].as_array().unwrap().len(), 2);
}

#[test]
fn the_worst_results_are_kept_when_there_are_too_many() {
    let mut report = sample::report();
    let critical = report.findings[2].clone();
    let style = report.findings[1].clone();
    report.findings = vec![style; MAX_RESULTS];
    report.findings.push(critical);
    let log = log(&sarif::write(&report, &SarifRun::default()));
    assert_eq!(results(&log).len(), MAX_RESULTS);
    assert_eq!(results(&log).last().unwrap()["ruleId"], "privileged-service");
}

#[test]
fn standard_input_keeps_its_name_and_gets_no_line_hashes() {
    let tree = Tree::new(&[("Dockerfile", "FROM scratch\n")]);
    for (more, uri) in
        [(&["-"] as &[&str], "-"), (&["--stdin-filename=a b/compose.yaml", "-"], "a%20b/compose.yaml")]
    {
        let run = tree.run_on(PRIVILEGED.as_bytes(), &[&[SELECT, "--output-format=sarif"], more].concat());
        let log = log(&run.stdout);
        let result = &results(&log)[0];
        assert_eq!(result.pointer("/locations/0/physicalLocation/artifactLocation/uri"), Some(&uri.into()));
        let prints = result["partialFingerprints"].as_object().unwrap();
        assert_eq!(prints.keys().collect::<Vec<_>>(), ["plimsollFinding/v1"]);
    }
}

#[test]
fn a_run_that_failed_says_so_and_lists_the_rules_that_ran() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let run = tree.run(&[SELECT, "--output-format=sarif", "missing", "."]);
    assert_eq!(run.code, 2);
    let log = log(&run.stdout);
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["privileged-service", "syntax-error", "writable-root-filesystem"]);
}

#[test]
fn fingerprints_survive_what_moves_and_tell_findings_apart() {
    let prints = |text: &str| {
        let tree = Tree::new(&[("compose.yaml", text)]);
        let run = tree.run(&["--select=privileged-service", "--output-format=json"]);
        let found: Value = serde_json::from_str(&run.stdout).unwrap();
        let prints = found.as_array().unwrap().iter().map(|f| f["fingerprint"].as_str().unwrap().to_owned());
        prints.collect::<BTreeSet<_>>()
    };
    let (web, db) =
        ("  web:\n    image: a\n    privileged: true\n", "  db:\n    image: b\n    privileged: true\n");
    let before = prints(&format!("services:\n{web}{db}"));
    assert_eq!(before.len(), 2);
    assert_eq!(prints(&format!("# more\n\n\nservices:\n\n{web}\n\n{db}")), before, "blank lines");
    assert_eq!(prints(&format!("services:\n{db}{web}")), before, "moved");
    assert_eq!(prints(&format!("services:\n{db}")).difference(&before).count(), 0, "mended");
    // Two findings of one service and one text: an anchor's place is judged for each service it reaches.
    let shared = "x-p: &p\n  privileged: true\nservices:\n  a: {image: a, <<: *p}\n  b: {image: b, <<: *p}\n";
    assert_eq!(prints(shared).len(), 2);
}

#[test]
fn hidden_findings_do_not_renumber_the_others() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let lines = |more: &[&str]| tree.run(&[&[SELECT, "--output-format=json-lines"], more].concat()).stdout;
    let all = lines(&[]);
    let critical = lines(&["--min-severity=critical"]);
    assert!(all.contains(critical.trim()) && all.len() > critical.len(), "{critical}");
}

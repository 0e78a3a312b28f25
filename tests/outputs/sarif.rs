//! What code scanning needs of a log, beyond what the standard's schema asks for.

use std::collections::BTreeSet;

use lint_core::report::sarif::{self, MAX_RESULTS, SarifRun};
use lint_core::rules;
use serde_json::Value;

use crate::tree::{PRIVILEGED, SELECT, Tree};
use crate::{json_schema, sample};

fn log(text: &str) -> Value {
    serde_json::from_str(text).expect("a log is JSON")
}

/// The standard's own schema.
pub(crate) fn schema() -> Value {
    let mut schema: Value =
        serde_json::from_str(include_str!("../../fixtures/schemas/sarif-2.1.0.json")).unwrap();
    // Two of its patterns have a bracket that nothing opens; JavaScript takes it for text, where other engines refuse it.
    for place in ["/definitions/run/properties/language", "/definitions/toolComponent/properties/language"] {
        let pattern = &mut schema.pointer_mut(place).expect("it is there")["pattern"];
        *pattern = pattern.as_str().unwrap().replace("}]?", "}?").into();
    }
    schema
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().expect("there are results")
}

#[test]
fn every_part_of_a_log_holds_together() {
    let report = sample::report();
    let all = rules::catalogue().into_iter().map(|rule| (rule, rule.severity));
    let log = log(&sarif::write(&report, &SarifRun::new(all)));
    assert_eq!(json_schema::faults(&schema(), &log), Vec::<String>::new());
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

/// The schema finds what it should, so that its silence means something.
#[test]
fn the_schema_is_looked_at() {
    let whole = log(&sarif::write(&sample::report(), &SarifRun::default()));
    let mut spoilt = [(); 6].map(|()| whole.clone());
    spoilt[0]["version"] = "2.0.0".into();
    spoilt[1]["runs"][0]["tool"]["driver"]["name"] = Value::Null;
    spoilt[2]["runs"][0]["results"][0]["level"] = "critical".into();
    spoilt[3]["runs"][0]["results"][0]["sevrity"] = "high".into();
    spoilt[4]["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0.into();
    spoilt[5]["runs"][0]["artifacts"][0]["location"]["uri"] = "a b".into();
    for log in spoilt {
        assert_eq!(
            json_schema::faults(&schema(), &log).len(),
            1,
            "{:?}",
            json_schema::faults(&schema(), &log)
        );
    }
}

const ACCEPTED: &str = "services:
  web:
    image: a
    privileged: true # plimsoll: ignore[privileged-service] it must, \"see\" 812
  job:
    image: a
    privileged: true # dclint disable-line
  db:
    image: a
    privileged: true
  old:
    image: a
    privileged: true
  new:
    image: a
    privileged: true
";

#[test]
fn what_is_accepted_is_told_on_request_with_who_did_and_why() {
    let old = "services:\n  old:\n    image: a\n    privileged: true\n";
    let config = "per-service-ignores:\n  db: { rules: [privilege], reason: the database }\n";
    let tree = Tree::new(&[("compose.yaml", old), (".plimsoll.yaml", config)]);
    let args = ["--select=privileged-service", "--output-format=sarif", "--baseline=base.json"];
    assert_eq!(tree.run(&["--select=privileged-service", "--write-baseline=base.json"]).code, 0);
    tree.write("compose.yaml", ACCEPTED.as_bytes());
    let plain = log(&tree.run(&args).stdout);
    assert!(results(&plain).iter().all(|result| result.get("suppressions").is_none()), "{plain:#}");
    let services = |log: &Value| -> Vec<String> {
        let name =
            |result: &Value| result.pointer("/locations/0/logicalLocations/0/name").unwrap().to_string();
        results(log).iter().map(name).collect()
    };
    assert_eq!(services(&plain), ["\"job\"", "\"new\""]);

    let run = tree.run(&[&args[..], &["--show-suppressed"]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let all = log(&run.stdout);
    assert_eq!(json_schema::faults(&schema(), &all), Vec::<String>::new());
    assert_eq!(services(&all), ["\"web\"", "\"job\"", "\"db\"", "\"old\"", "\"new\""]);
    let suppressions: Vec<&Value> = results(&all).iter().map(|result| &result["suppressions"]).collect();
    let expected = serde_json::json!([
        [{ "kind": "inSource", "justification": "it must, \"see\" 812" }],
        [],
        [{ "kind": "external", "justification": "the database" }],
        [{ "kind": "external", "justification": "accepted by the baseline" }],
        [],
    ]);
    assert_eq!(serde_json::to_value(suppressions).unwrap(), expected);
    let prints: BTreeSet<String> = results(&all)
        .iter()
        .map(|result| result["partialFingerprints"]["plimsollFinding/v1"].to_string())
        .collect();
    assert_eq!(prints.len(), 5, "each has its own");

    // Printed as findings elsewhere, they are suppressed in the log all the same; and hidden ones stay hidden.
    let more = ["--show-suppressed", "--show-baselined"];
    assert_eq!(log(&tree.run(&[&args[..], &more].concat()).stdout), all);
    let clean =
        tree.run(&[&args[..], &["--show-suppressed", "--min-severity=critical", "--fail-on=never"]].concat());
    assert_eq!(log(&clean.stdout), all);
    let none = tree.run(&["--select=privileged-service", "--show-suppressed"]);
    assert_eq!(
        (none.code, none.stderr.as_str()),
        (2, "error: --show-suppressed goes with the format sarif\n")
    );
    let aside = tree.run(&["--select=privileged-service", "--show-suppressed", "-o", "sarif=a.sarif", "-q"]);
    assert!(
        aside.stdout.matches("privileged-service]").count() == 3 && tree.read("a.sarif").contains("inSource"),
        "{aside:?}"
    );
}

#[test]
fn reasons_of_other_tools_are_justifications_too() {
    let file =
        |comment: &str| format!("FROM alpine:3.21 AS Base\n# {comment}\nFROM Base AS App\nUSER root\n");
    let hadolint = "FROM alpine:3.21\n# hadolint ignore=DL3002 # as the vendor says\nUSER root\n";
    let tree = Tree::new(&[
        ("a/Dockerfile", hadolint),
        ("b/Dockerfile", &hadolint.replace(" # as the vendor says", "")),
        ("c/Dockerfile", &file("check=skip=StageNameCasing // our style")),
        ("d/Dockerfile", &file("check=skip=StageNameCasing")),
    ]);
    let run =
        tree.run(&["--select=root-user,stage-name-casing", "--output-format=sarif", "--show-suppressed"]);
    let said = |result: &Value| format!("{} {}", result["ruleId"].as_str().unwrap(), result["suppressions"]);
    let said: Vec<String> = results(&log(&run.stdout)).iter().map(said).collect();
    let told = [
        "root-user [{\"justification\":\"as the vendor says\",\"kind\":\"inSource\"}]",
        "root-user [{\"kind\":\"inSource\"}]",
        "stage-name-casing [{\"justification\":\"our style\",\"kind\":\"inSource\"}]",
        "stage-name-casing [{\"kind\":\"inSource\"}]",
    ];
    assert_eq!(
        said.iter().filter(|said| !said.ends_with("[]")).collect::<Vec<_>>(),
        told.iter().collect::<Vec<_>>()
    );
}

/// GitHub takes a severity from the rule, of which a log has one: the worst that any of the files can get. What a result has in
/// its own file stands in the result.
#[test]
fn severities_follow_the_settings_of_every_file() {
    let tree = Tree::new(&[
        ("a/.plimsoll.yaml", "severity: { privileged-service: low }\nselect: [privileged-service]\n"),
        ("a/compose.yaml", PRIVILEGED),
        ("b/.plimsoll.yaml", "severity: { privileged-service: high }\nselect: [privileged-service]\n"),
        ("b/compose.yaml", PRIVILEGED),
        ("c/.plimsoll.yaml", "severity: { privileged-service: critical }\nselect: [syntax-error]\n"),
        ("c/compose.yaml", PRIVILEGED),
    ]);
    let seen = |paths: &[&str]| {
        let log = log(&tree.run(&[&["--output-format=sarif"], paths].concat()).stdout);
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().clone();
        let rule = rules.into_iter().find(|rule| rule["id"] == "privileged-service").unwrap();
        let level = rule["defaultConfiguration"]["level"].as_str().unwrap().to_owned();
        let score = rule["properties"]["security-severity"].as_str().unwrap().to_owned();
        let of_results = results(&log).iter().map(|result| format!("{} {}", result["level"], result["rank"]));
        (level, score, of_results.collect::<Vec<_>>())
    };
    let (low, high) = ("\"note\" 25.0".to_owned(), "\"error\" 80.0".to_owned());
    assert_eq!(seen(&["a"]), ("note".to_owned(), "2.5".to_owned(), vec![low.clone()]));
    assert_eq!(seen(&["b"]), ("error".to_owned(), "8.0".to_owned(), vec![high.clone()]));
    for paths in [&["."] as &[&str], &["b", "a"], &["a", "c", "b"]] {
        assert_eq!(seen(paths), ("error".to_owned(), "8.0".to_owned(), vec![low.clone(), high.clone()]));
    }
}

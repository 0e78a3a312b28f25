//! `plimsoll audit`: the benchmark report through the binary.
//!
//! `fixtures/audit/<check>/` has two projects for a check, by its number in version 1.6.0: one that fails it and one
//! that passes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lint_core::rules::catalogue;
use lint_core::{Benchmark, Cis};
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/audit")
}

fn run(project: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["audit", "--isolated", "."])
        .args(args)
        .current_dir(project)
        .env_remove("PLIMSOLL_FAIL_ON")
        .output()
        .expect("the binary runs")
}

fn report(project: &Path, format: &str, more: &[&str]) -> String {
    let output = run(project, &[&["--output-format", format], more].concat());
    String::from_utf8(output.stdout).expect("a report is text")
}

fn json(project: &Path, more: &[&str]) -> Value {
    serde_json::from_str(&report(project, "json", more)).expect("the report is JSON")
}

fn check<'a>(audit: &'a Value, id: &str) -> &'a Value {
    let checks = audit["checks"].as_array().expect("there are checks");
    checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("there is no check {id}"))
}

#[test]
fn every_fixture_fails_and_passes_under_the_numbers_of_every_version() {
    let checks = ["3.4", "3.8", "4.1", "5.11", "5.13", "5.15", "5.23", "5.26"];
    let folders = std::fs::read_dir(fixtures()).expect("there are fixtures").flatten();
    let folders = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let folders: BTreeSet<String> = folders.filter(|name| name != "shop").collect();
    assert_eq!(folders, checks.map(str::to_owned).into());
    for number in checks {
        for benchmark in Benchmark::ALL.iter().copied() {
            let id = Cis::new(number).number_in(benchmark);
            for (folder, status) in [("fails", "fail"), ("passes", "pass")] {
                let project = fixtures().join(number).join(folder);
                let audit = json(&project, &["--benchmark", benchmark.name()]);
                let check = check(&audit, &id);
                assert_eq!(check["status"], status, "{number} as {id} of {}: {check:#}", benchmark.name());
                assert_eq!(check["findings"].as_array().map_or(0, Vec::len) > 0, status == "fail");
            }
        }
    }
}

#[test]
fn old_numbers_stand_for_what_they_stood_for() {
    for (new, old) in
        [("5.11", "5.10"), ("5.13", "5.12"), ("5.15", "5.14"), ("5.23", "5.22"), ("5.26", "5.25")]
    {
        let project = fixtures().join(new).join("fails");
        let title = |benchmark: &str, id: &str| {
            check(&json(&project, &["--benchmark", benchmark]), id)["title"].clone()
        };
        assert_eq!(title("1.6.0", new), title("1.5.0", old));
        assert_eq!(title("1.8.0", new), title("1.5.0", old));
        assert_eq!(Cis::new(new).number_in(Benchmark::V1_5_0), old);
    }
}

#[test]
fn the_checks_are_those_of_each_version_in_their_order() {
    let ids = |benchmark: &str| -> Vec<String> {
        let audit = json(&fixtures().join("4.1/passes"), &["--benchmark", benchmark]);
        assert_eq!(audit["benchmark"], benchmark);
        let checks = audit["checks"].as_array().expect("there are checks").iter();
        checks.map(|check| check["id"].as_str().expect("it has a number").to_owned()).collect()
    };
    let last = |ids: &[String], section: &str| {
        ids.iter().rfind(|id| id.starts_with(section)).cloned().unwrap_or_default()
    };
    let current = ids("1.7.0");
    assert_eq!(ids("1.6.0"), current);
    assert_eq!(current.len(), 117);
    assert_eq!((last(&current, "5."), last(&current, "7.")), ("5.32".to_owned(), "7.9".to_owned()));
    let old = ids("1.5.0");
    assert_eq!(old.len(), 117);
    assert_eq!((last(&old, "5."), last(&old, "7.")), ("5.31".to_owned(), "7.10".to_owned()));
    let newest = ids("1.8.0");
    assert_eq!((newest.len(), last(&newest, "2.")), (118, "2.19".to_owned()));
    for ids in [current, old, newest] {
        let order = |id: &String| id.split('.').map(|n| n.parse().unwrap_or(0)).collect::<Vec<u32>>();
        assert!(ids.is_sorted_by_key(order), "{ids:?}");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    }
}

#[test]
fn every_number_in_the_catalogue_is_a_check() {
    let audit = json(&fixtures().join("4.1/passes"), &[]);
    for rule in catalogue() {
        for reference in rule.references.iter().filter(|reference| reference.kind() == "cis") {
            let check = check(&audit, &reference.id());
            let rules = check["rules"].as_array().expect("it has rules");
            assert!(rules.iter().any(|name| name == rule.name), "{}: {check:#}", rule.name);
        }
    }
}

#[test]
fn nothing_passes_that_was_not_judged() {
    let empty = tempfile::tempdir().expect("there is room for a directory");
    let audit = json(empty.path(), &[]);
    let checks = audit["checks"].as_array().expect("there are checks");
    for check in checks {
        assert_eq!(check["status"], "undecidable", "{check:#}");
        assert!(check["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{check:#}");
        assert!(check["run"].as_str().is_some_and(|run| !run.is_empty()), "{check:#}");
    }
    // What the host's files are like does not show in a Dockerfile that names none of them, and what is not written is
    // not right.
    let lone = tempfile::tempdir().expect("there is room for a directory");
    std::fs::write(lone.path().join("Dockerfile"), "FROM scratch\n").expect("it is written");
    let audit = json(lone.path(), &[]);
    let passed = audit["checks"].as_array().expect("there are checks").iter();
    let passed: Vec<_> = passed.filter(|check| check["status"] == "pass").collect();
    assert_eq!(passed.iter().map(|check| &check["id"]).collect::<Vec<_>>(), ["4.10"]);
    assert_eq!((&audit["benchmark"], &audit["summary"]["pass"]), (&"1.8.0".into(), &1.into()));
    assert!(report(lone.path(), "text", &[]).contains("118 checks: 0 failed, 1 passed, 117 undecidable"));
    assert!(report(lone.path(), "html", &[]).contains("<b>1</b> passed"));
    assert!(report(lone.path(), "markdown", &[]).contains("118 checks: 0 failed, 1 passed, 117 undecidable"));
    // A Dockerfile says nothing about how its image is run.
    let audit = json(&fixtures().join("4.1/passes"), &[]);
    assert_eq!(check(&audit, "5.5")["status"], "undecidable");
    assert_eq!(check(&audit, "5.5")["reason"], "there was no Compose service");
}

/// The ids of the undecidable checks that rules look for.
fn undecided(audit: &Value) -> Vec<&str> {
    let checks = audit["checks"].as_array().expect("there are checks").iter();
    let ruled = checks.filter(|check| check["rules"].as_array().is_some_and(|rules| !rules.is_empty()));
    ruled.filter(|check| check["status"] == "undecidable").filter_map(|check| check["id"].as_str()).collect()
}

#[test]
fn files_of_every_kind_leave_open_what_only_a_host_knows() {
    let project = tempfile::tempdir().expect("there is room for a directory");
    let write =
        |name: &str, text: &str| std::fs::write(project.path().join(name), text).expect("it is written");
    write("Dockerfile", "FROM debian:13\n");
    write("compose.yaml", "services:\n  web:\n    build: .\n");
    let audit = json(project.path(), &[]);
    let of =
        |audit: &Value, section: &str| undecided(audit).iter().filter(|id| id.starts_with(section)).count();
    assert_eq!((of(&audit, "2."), of(&audit, "3.")), (19, 24));
    assert!(check(&audit, "3.16")["reason"].as_str().is_some_and(|why| why.contains("speaks of it")));

    write("daemon.json", "{\"log-driver\": \"journald\", \"experimental\": true}\n");
    write("docker.socket", "[Socket]\nListenStream=/run/docker.sock\nSocketMode=0666\n");
    let audit = json(project.path(), &[]);
    assert_eq!((of(&audit, "2."), of(&audit, "3.")), (0, 22));
    let status = |id: &str| check(&audit, id)["status"].clone();
    assert_eq!(
        (status("2.19"), status("3.16"), status("3.15")),
        ("fail".into(), "fail".into(), "pass".into())
    );
    assert!(check(&audit, "3.15")["limits"].is_null() && check(&audit, "2.14")["limits"].is_null());
    let seen = |id: &str, file: &str| {
        let evidence = &check(&audit, id)["evidence"][0];
        assert_eq!((&evidence["file"], &evidence["line"]), (&file.into(), &1.into()), "{id}: {evidence}");
    };
    seen("2.14", "daemon.json");
    seen("2.7", "daemon.json");
    seen("3.15", "docker.socket");
    // What is left is for the host alone, or not in these files.
    let left = audit["checks"].as_array().expect("there are checks").iter();
    let left: Vec<_> =
        left.filter(|c| c["status"] == "undecidable").filter_map(|c| c["id"].as_str()).collect();
    let of = |section: &str| left.iter().filter(|id| id.starts_with(section)).count();
    assert_eq!((of("1."), of("2."), of("3."), of("6."), of("7.")), (20, 0, 22, 2, 8), "{left:?}");
    for id in ["4.5", "4.12", "5.1", "5.23", "5.24"] {
        assert!(left.contains(&id), "{left:?}");
    }
}

#[test]
fn a_rule_that_is_switched_off_decides_nothing() {
    let project = tempfile::tempdir().expect("there is room for a directory");
    let write =
        |name: &str, text: &str| std::fs::write(project.path().join(name), text).expect("it is written");
    write("compose.yaml", "services:\n  web:\n    image: a\n    privileged: true\n");
    write("off.yaml", "ignore: [privileged-service]\n");
    write("accepted.yaml", "per-service-ignores:\n  web: [privileged-service]\n");
    let status = |config: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["audit", "--config", config, "-f", "json", "compose.yaml"])
            .current_dir(project.path())
            .output()
            .expect("the binary runs");
        let audit: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let check = check(&audit, "5.5");
        (check["status"].clone(), check["reason"].clone())
    };
    assert_eq!(status("off.yaml"), ("undecidable".into(), "switched off: privileged-service".into()));
    assert_eq!(status("accepted.yaml"), ("pass".into(), "1 finding accepted".into()));
}

#[test]
fn the_report_for_people_and_programs() {
    let shop = fixtures().join("shop");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fixtures().join("shop"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("text", report(&shop, "text", &[]));
        insta::assert_snapshot!("markdown", report(&shop, "markdown", &[]));
        insta::assert_snapshot!("json", report(&shop, "json", &[]));
    });
}

#[test]
fn the_page_needs_nothing_and_runs_nothing() {
    let project = tempfile::tempdir().expect("there is room for a directory");
    let text = "services:\n  \"<img src=x onerror=alert(1)>\":\n    image: '<script>alert(2)</script>'\n    privileged: true\n    cgroup_parent: '\"><b onclick=x>'\n";
    std::fs::write(project.path().join("compose.yaml"), text).expect("it is written");
    for page in [report(project.path(), "html", &[]), report(&fixtures().join("shop"), "html", &[])] {
        for markup in ["<script", "<img", "<link", "<iframe", "<b onclick", "@import", "url(", "src="] {
            let found = page.replace("&lt;img src=x", "").contains(markup);
            assert!(!found, "{markup}");
        }
        assert_eq!(page.matches("<article").count(), page.matches("</article>").count());
        assert!(page.matches("id=\"check-").count() == 118 && page.ends_with("</html>\n"));
    }
}

#[test]
fn what_the_newest_version_asks_besides_is_decided() {
    let project = tempfile::tempdir().expect("there is room for a directory");
    let path = project.path().join("daemon.json");
    let status = |driver: &str, benchmark: &str, id: &str| {
        std::fs::write(&path, format!("{{\"storage-driver\": \"{driver}\"}}\n")).expect("it is written");
        check(&json(project.path(), &["--cis-version", benchmark]), id)["status"].clone()
    };
    assert_eq!(status("devicemapper", "1.8.0", "2.7"), "fail");
    assert_eq!(status("overlay2", "1.8.0", "2.7"), "pass");
    assert_eq!(status("aufs", "1.8.0", "2.7"), "pass");
    assert_eq!(status("aufs", "1.8.0", "2.6"), "fail");
    assert_eq!(status("devicemapper", "1.6.0", "2.6"), "pass");
    let title = |benchmark: &str| {
        check(&json(project.path(), &["--benchmark", benchmark]), "1.1.9")["title"]
            .as_str()
            .map(str::to_owned)
    };
    assert!(title("1.8.0").is_some_and(|title| title.ends_with("docker.sock")));
    assert!(title("1.6.0").is_some_and(|title| title.ends_with("docker.socket")));
}

#[test]
fn content_trust_is_never_called_right() {
    let project = tempfile::tempdir().expect("there is room for a directory");
    let text = "FROM docker:28-cli\nENV DOCKER_CONTENT_TRUST=1\nRUN docker pull app\n";
    std::fs::write(project.path().join("Dockerfile"), text).expect("it is written");
    let audit = json(project.path(), &[]);
    let trust = check(&audit, "4.5");
    assert_eq!(trust["status"], "undecidable");
    assert!(trust["reason"].as_str().is_some_and(|why| why.contains("ends in December 2026")));
}

#[test]
fn the_exit_code_is_that_of_check() {
    let code = |args: &[&str]| run(&fixtures().join("shop"), args).status.code();
    assert_eq!(code(&[]), Some(1));
    assert_eq!(code(&["--fail-on", "never"]), Some(0));
    // What is not there is told before anything is reported on the rest.
    for named in [&["missing.yaml"][..], &[".", "missing.yaml"]] {
        let run = run(&fixtures().join("shop"), named);
        assert_eq!((run.status.code(), run.stdout.len()), (Some(2), 0));
    }
    assert_eq!(code(&["--benchmark", "9.9.9"]), Some(2));
}

#[test]
fn a_report_can_be_written_to_a_file() {
    let place = tempfile::tempdir().expect("there is room for a directory");
    let path = place.path().join("audit.html");
    let output = run(&fixtures().join("shop"), &["-f", "html", "-o", &path.to_string_lossy()]);
    assert!(output.stdout.is_empty());
    let page = std::fs::read_to_string(&path).expect("it was written");
    assert!(page.starts_with("<!doctype html>"));
}

#[test]
fn a_report_says_what_has_changed_since_an_earlier_one() {
    let project = fixtures().join("shop");
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let file = directory.path().join("earlier.json");
    let file = file.to_str().expect("a path of letters");
    let earlier = report(&project, "json", &[]);
    std::fs::write(file, &earlier).expect("it can be written");
    let same = json(&project, &["--since", file]);
    let is_empty = |part: &str| same["changes"][part].as_array().is_some_and(Vec::is_empty);
    assert!(is_empty("checks") && is_empty("new") && is_empty("gone"), "{:#}", same["changes"]);

    // Then: one fault less, and one that has been mended since.
    let mut then: Value = serde_json::from_str(&earlier).expect("the report is JSON");
    let fingerprint = check(&then, "5.5")["findings"][0]["fingerprint"].clone();
    let everywhere = serde_json::to_string(&then).expect("it is JSON");
    then = serde_json::from_str(&everywhere.replace(fingerprint.as_str().expect("text"), "mended"))
        .expect("it is JSON");
    for check in then["checks"].as_array_mut().expect("there are checks") {
        if check["id"] == "5.5" {
            check["status"] = "pass".into();
        }
    }
    std::fs::write(file, then.to_string()).expect("it can be written");
    let changes = &json(&project, &["--since", file])["changes"];
    assert_eq!(changes["checks"][0]["id"], "5.5");
    assert_eq!((&changes["checks"][0]["was"], &changes["checks"][0]["is"]), (&"pass".into(), &"fail".into()));
    assert_eq!(changes["new"][0]["fingerprint"], fingerprint);
    assert_eq!(changes["gone"].as_array().map(Vec::len), Some(1), "{changes:#}");
    let page = report(&project, "html", &["--since", file]);
    assert!(page.contains("<h2>Since the last report</h2>") && page.contains("<h3>1 new</h3>"), "{page}");
    assert!(report(&project, "markdown", &["--since", file]).contains("1 findings are new, 1 are gone"));
    assert!(report(&project, "text", &["--since", file]).contains("Since the last report"));
    // On another version's numbers only findings are compared.
    let other = &json(&project, &["--since", file, "--benchmark", "1.5.0"])["changes"];
    assert!(other["checks"].as_array().is_some_and(Vec::is_empty));
    for (text, why) in [("{}", "not a report"), ("nonsense", "not JSON")] {
        std::fs::write(file, text).expect("it can be written");
        let output = run(&project, &["--since", file]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(why), "{output:?}");
    }
    assert_eq!(run(&project, &["--since", "nowhere.json"]).status.code(), Some(2));
}

#[test]
fn the_page_draws_the_project() {
    let page = report(&fixtures().join("shop"), "html", &[]);
    let drawing =
        page.split_once("<svg ").expect("there is a drawing").1.split_once("</svg>").expect("it ends").0;
    for shown in [
        ">web<",
        ">proxy<",
        "127.0.0.1:8080 → 8080",
        "/run/docker.sock",
        ">privileged<",
        ">not root<",
        ">default<",
    ] {
        assert!(drawing.contains(shown), "{shown}: {drawing}");
    }
    assert!(page.contains("role=\"img\"") && !page.contains("<script"));
    // What the drawing shows stands in words as well.
    assert!(page.contains("<th scope=\"row\">web<br>"), "{page}");
    let nothing = tempfile::tempdir().expect("there is room for a directory");
    std::fs::write(nothing.path().join("Dockerfile"), "FROM debian:12\n").expect("it can be written");
    assert!(!report(nothing.path(), "html", &[]).contains("<svg"));
}

#[test]
fn pods_are_judged_by_the_version_that_is_asked_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    livenessProbe: {httpGet: {host: b, port: 80}}\n";
    std::fs::write(directory.path().join("pod.yaml"), pod).expect("it is written");
    let level = |version: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["audit", "--isolated", "--output-format", "json", "--pod-security-version", version, "."])
            .current_dir(directory.path())
            .output()
            .expect("the binary runs");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (report["podSecurity"][0]["level"].clone(), report["podSecurity"][0]["violations"][0]["line"].clone())
    };
    assert_eq!(level("v1.33").0, "baseline");
    assert_eq!(level("latest"), (Value::from("privileged"), Value::from(7)));
    assert_eq!(level("newest").0, Value::Null);
}

#[test]
fn a_cluster_is_judged_by_the_kubernetes_benchmark_and_by_threat() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubernetes/audit");
    let audit = json(&project, &[]);
    assert_eq!(audit["kubernetes"]["benchmark"], "1.12");
    let checks = audit["kubernetes"]["checks"].as_array().unwrap();
    let status =
        |id: &str| checks.iter().find(|check| check["id"] == id).unwrap()["status"].as_str().unwrap();
    for (id, expected) in [
        ("1.2.1", "fail"),
        ("1.2.6", "fail"),
        // What is not among the modes is not there, whatever else is.
        ("1.2.7", "fail"),
        ("1.2.8", "fail"),
        ("1.2.15", "pass"),
        ("1.2.16", "pass"),
        // How long a log is kept counts without a policy, too.
        ("1.2.17", "fail"),
        ("1.3.2", "undecidable"),
        ("3.2.1", "fail"),
        ("4.2.1", "pass"),
        ("4.2.4", "pass"),
        ("4.2.14", "pass"),
        ("4.3.1", "undecidable"),
        ("5.1.1", "undecidable"),
        ("5.1.3", "fail"),
        ("5.2.2", "pass"),
        ("5.2.7", "pass"),
    ] {
        assert_eq!(status(id), expected, "{id}");
    }
    let letters = audit["threats"].as_array().unwrap();
    let of_cluster = |letter: &str| {
        let letter = letters.iter().find(|one| one["letter"] == letter).unwrap();
        letter["threats"].as_array().unwrap().last().unwrap()["status"].as_str().unwrap()
    };
    let statuses: Vec<&str> = ["S", "T", "R", "I", "E"].into_iter().map(of_cluster).collect();
    assert_eq!(statuses, ["fail", "fail", "fail", "fail", "fail"]);
    // A pod alone says nothing of components.
    let web = json(
        &project,
        &["--exclude", "apiserver.yaml", "--exclude", "kubelet.yaml", "--exclude", "roles.yaml"],
    );
    let letters = web["threats"].as_array().unwrap();
    let last = |at: usize| letters[at]["threats"].as_array().unwrap().last().unwrap()["status"].clone();
    assert_eq!((last(2), last(5)), ("undecidable".into(), "pass".into()));
}

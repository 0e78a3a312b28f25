//! Every format, the summary, the statistics and a baseline count alike, whatever is told as one.

use crate::tree::{FORMATS, Run, Tree};

/// A shared anchor, a Dockerfile that two services build, hardening that three lack, images that run as root: whatever is told
/// once for people. More than a screen of it.
fn tree() -> Tree {
    let tree = Tree::new(&[
        (
            "app/compose.yaml",
            "x-base: &base\n  image: nginx\n  privileged: true\nservices:\n  a: *base\n  b: *base\n  c:\n    build: .\n  d:\n    build: .\n",
        ),
        ("app/Dockerfile", "FROM debian:12\nCOPY app /app\nADD lib /lib\nCMD [\"/app\"]\n"),
    ]);
    for number in 0..12 {
        tree.write(&format!("base/{number}/Dockerfile"), b"FROM debian:12\nRUN cd /tmp\nRUN curl x | sh\n");
    }
    tree
}

/// The number of findings that a format tells.
fn told(format: &str, text: &str) -> usize {
    let json = || serde_json::from_str::<serde_json::Value>(text).expect("it is JSON");
    let first_number = |text: &str| -> usize {
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|word| !word.is_empty());
        digits.and_then(|digits| digits.parse().ok()).expect("there is a number")
    };
    match format {
        "full" | "grouped" => {
            first_number(text.lines().rfind(|line| line.starts_with("Found ")).expect("there is a last line"))
        }
        "concise" => text.lines().filter(|line| line.ends_with(']')).count(),
        "json" | "gitlab" => json().as_array().expect("it is an array").len(),
        "json-lines" => text.lines().count(),
        "sarif" => json()["runs"][0]["results"].as_array().expect("there are results").len(),
        "github" => text.lines().filter(|line| line.starts_with("::")).count(),
        "junit" => first_number(text.split("failures=").nth(1).expect("failures are counted")),
        "checkstyle" => text.matches("<error ").count(),
        "rdjson" => json()["diagnostics"].as_array().expect("there are diagnostics").len(),
        "markdown" => first_number(text.split("found").nth(1).expect("there is a heading")),
        other => panic!("how does {other} count?"),
    }
}

fn run(tree: &Tree, args: &[&str]) -> Run {
    let run = tree.run(&[&["check", "--isolated", "--exit-zero"], args].concat());
    assert_eq!(run.code, 0, "{run:?}");
    run
}

#[test]
fn every_format_counts_the_same() {
    let tree = tree();
    let number = told("json", &run(&tree, &["--output-format=json"]).stdout);
    assert!(number > 40, "{number}");
    for format in FORMATS {
        let text = run(&tree, &["--output-format", format]).stdout;
        assert_eq!(told(format, &text), number, "{format}:\n{text}");
    }
    for (format, group_by) in
        [("full", "none"), ("full", "rule"), ("full", "file"), ("full", "directory"), ("grouped", "rule")]
    {
        let text = run(&tree, &["--output-format", format, "--group-by", group_by]).stdout;
        assert_eq!(told(format, &text), number, "{format} by {group_by}");
    }
    let statistics: serde_json::Value =
        serde_json::from_str(&run(&tree, &["--statistics", "--output-format=json"]).stdout)
            .expect("it is JSON");
    let rules = statistics.as_array().expect("it is an array").iter();
    assert_eq!(rules.filter_map(|rule| rule["count"].as_u64()).sum::<u64>(), number as u64);
    let statistics = run(&tree, &["--statistics"]).stdout;
    assert_eq!(told("full", &statistics), number, "{statistics}");
    let written = run(&tree, &["--write-baseline=baseline.json"]);
    assert!(written.stderr.contains(&format!("accepts {number} findings")), "{}", written.stderr);
    let accepted = run(&tree, &["--baseline=baseline.json"]).stdout;
    assert!(accepted.contains(&format!("{number} findings accepted by the baseline")), "{accepted}");
}

#[test]
fn the_worst_comes_first_and_what_repeats_is_told_once() {
    let tree = tree();
    let text = run(&tree, &[]).stdout;
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in\n{text}"));
    // What is wrong in one place, what is wrong in many, what everything lacks.
    let order = [
        at("critical: this container is privileged"),
        at("medium: [download-piped-to-shell] 12 places"),
        at("low: `a` and 3 other services lack 2 settings"),
        at("low: [missing-user] 12 base images run as root"),
        at("Where to begin"),
        at("Found "),
    ];
    assert!(order.is_sorted(), "{order:?}\n{text}");
    assert_eq!(text.matches("[download-piped-to-shell]").count(), 1);
    assert!(
        text.contains("base/1/Dockerfile:3:5\n          and 10 more, each in a directory of its own"),
        "{text}"
    );

    let by_path = run(&tree, &["--sort=path", "--group-by=none"]).stdout;
    let places: Vec<&str> =
        by_path.lines().filter_map(|line| line.trim_start().strip_prefix(",-[")).collect();
    let files: Vec<&str> = places.iter().filter_map(|place| place.split(':').next()).collect();
    assert!(files.iter().filter(|file| file.starts_with("app/Dockerfile")).count() > 1 && files.is_sorted());
    assert!(!by_path.contains("lack settings") && by_path.matches("[download-piped-to-shell]").count() == 12);

    let by_file = run(&tree, &["--group-by=file"]).stdout;
    let heading = by_file.lines().next().unwrap_or_default();
    assert!(heading.starts_with("app/compose.yaml: ") && heading.contains("2 critical"), "{heading}");
    let by_directory = run(&tree, &["--group-by=directory"]).stdout;
    assert!(
        by_directory.starts_with("app: ") && by_directory.contains("\nbase/7: 3 problems ("),
        "{by_directory}"
    );
    let by_rule = run(&tree, &["--output-format=grouped", "--group-by=rule"]).stdout;
    assert!(by_rule.starts_with("privileged-service\n  app/compose.yaml:3:15  critical"), "{by_rule}");
}

#[test]
fn few_things_are_told_each_by_itself() {
    let tree = Tree::new(&[("compose.yaml", "services:\n  a:\n    image: x:1\n    privileged: true\n")]);
    let text = run(&tree, &[]).stdout;
    assert!(text.contains("compose.yaml:4:17") && !text.contains("Where to begin"), "{text}");
    let refused = tree.run(&["check", "--output-format=json", "--sort=rule"]);
    assert_eq!(
        (refused.code, refused.stderr.as_str()),
        (2, "error: --sort and --group-by go with the formats full and grouped\n")
    );
}

//! What is printed where.

use serde_json::Value;

use crate::tree::{CLEAN, FORMATS, PRIVILEGED, SELECT, Tree};

const PLAIN: [&str; 2] = [SELECT, "--ignore=writable-root-filesystem"];

fn args<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&PLAIN, more].concat()
}

#[test]
fn colour_is_decided_by_flag_then_by_environment() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let coloured = |variables: &[(&str, &str)], more: &[&str]| {
        let run = tree.run_with(variables, &args(more));
        assert_eq!(run.code, 1);
        run.stdout.contains('\u{1b}')
    };
    assert!(coloured(&[], &["--color", "always"]));
    assert!(coloured(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(coloured(&[("FORCE_COLOR", "1")], &[]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!coloured(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], &[]));
    assert!(coloured(&[("FORCE_COLOR", "1"), ("NO_COLOR", "")], &[]));
    assert!(!coloured(&[("FORCE_COLOR", "1")], &["--color=never"]));
    assert!(!coloured(&[("FORCE_COLOR", "1")], &["--no-color"]));
    let rules = |args: &[&str]| tree.run(args).stdout.contains('\u{1b}');
    assert!(rules(&["rules", "--color", "always"]) && rules(&["rule", "--all", "--color", "always"]));
}

#[test]
fn nothing_found_is_a_valid_document() {
    let tree = Tree::new(&[("compose.yaml", CLEAN)]);
    assert_eq!(tree.run(&args(&["--output-format=json"])).stdout, "[]\n");
    assert_eq!(tree.run(&args(&["-f", "json", "missing"])).stdout, "[]\n");
    assert_eq!(tree.run(&args(&["--format=concise"])).stdout, "");
    assert_eq!(tree.run(&args(&[])).stdout, "No problems found; 1 file checked.\n");
}

#[test]
fn the_report_for_people() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    insta::assert_snapshot!(tree.run(&args(&[])).stdout, @r"
      critical: this container is privileged: it has every capability and device of the host [privileged-service]
       ,-[compose.yaml:4:17]
     3 |     image: a
     4 |     privileged: true
       :                 ^^^^
       `----
      help: remove `privileged` and add the devices or capabilities it needs under `devices` or `cap_add`
      docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service (elevation of privilege; CIS 5.5)

    Found 1 problem (1 critical) in 1 file; 1 file checked.
    ");
    insta::assert_snapshot!(tree.run(&args(&["--accessible"])).stdout, @r"
    critical: this container is privileged: it has every capability and device of the host [privileged-service]
        Diagnostic severity: error
    Begin snippet for compose.yaml starting at line 3, column 1

    snippet line 3:     image: a
    snippet line 4:     privileged: true
        label at line 4, columns 17 to 20
    help: remove `privileged` and add the devices or capabilities it needs under `devices` or `cap_add`
    docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service (elevation of privilege; CIS 5.5)

    Found 1 problem (1 critical) in 1 file; 1 file checked.
    ");
    let spoken = tree.run(&args(&["--accessible"]));
    assert_eq!(tree.run_with(&[("NO_GRAPHICS", "1")], &args(&[])), spoken);
}

#[test]
fn volume_is_a_matter_of_taste() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let (normal, quiet) = (tree.run(&args(&[])), tree.run(&args(&["--quiet"])));
    assert!(normal.stdout.starts_with(&quiet.stdout) && !quiet.stdout.contains("Found"), "{quiet:?}");
    let silent = tree.run(&args(&["--silent", "-o", "json=out.json"]));
    assert_eq!((silent.code, silent.stdout.as_str(), silent.stderr.as_str()), (1, "", ""));
    assert!(tree.read("out.json").contains("privileged-service"));
    assert_eq!(tree.run(&args(&["-s", "missing"])).stderr, "error: missing: no such file or directory\n");
    assert_eq!(tree.run(&args(&["--verbose"])).stderr, "info: checking compose.yaml (compose)\n");
    let empty = Tree::new(&[]);
    assert_eq!(empty.run(&args(&["-q"])).stderr, "");
}

#[test]
fn reports_go_to_files() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let run = tree.run(&args(&["--output-file", "json=a.json", "-o", "./concise=b", "-o", "concise=c.txt"]));
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let found: Value = serde_json::from_str(&tree.read("a.json")).unwrap();
    assert_eq!(found[0]["code"], "privileged-service");
    assert!(tree.read("concise=b").contains("Found 1 problem"));
    assert!(tree.read("c.txt").starts_with("compose.yaml:4:17: error: "));
    let run = tree.run(&args(&["-o", "json=d.json", "--color=always"]));
    assert!(run.stdout.contains("Found 1 problem"));
    let run = tree.run(&args(&["-o", "full=e.txt", "--color=always", "--output-format=json"]));
    assert!(run.stdout.starts_with('[') && !tree.read("e.txt").contains('\u{1b}'));
}

#[test]
fn several_formats_at_once() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let outputs: Vec<String> = FORMATS.iter().map(|format| format!("{format}=out.{format}")).collect();
    let flags: Vec<&str> = outputs.iter().flat_map(|output| ["-o", output.as_str()]).collect();
    let run = tree.run(&args(&flags));
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    for format in FORMATS {
        let alone = tree.run(&args(&["--output-format", format]));
        assert_eq!(tree.read(&format!("out.{format}")), alone.stdout, "{format}");
    }
    let failed = tree.run(&args(&["-o", "sarif=no/such/directory/a", "-o", "json=b.json"]));
    assert_eq!(failed.code, 2);
    assert!(tree.read("b.json").contains("privileged-service"), "the others are written all the same");
}

#[test]
fn statistics_count_findings_by_rule() {
    let two = format!("{PRIVILEGED}  db:\n    image: b\n    privileged: true\n    read_only: true\n");
    let tree = Tree::new(&[("compose.yaml", &two)]);
    insta::assert_snapshot!(tree.run(&[SELECT, "--statistics"]).stdout, @r"
    2  critical  privileged-service        The container runs in privileged mode.
    1  low       writable-root-filesystem  The container can write to its root file system.

    Found 3 problems (2 critical, 1 low) in 1 file; 1 file checked.
    ");
    for format in ["concise", "grouped"] {
        let run = tree.run(&[SELECT, "--statistics", "--quiet", "--output-format", format]);
        assert_eq!((run.code, run.stdout.lines().count()), (1, 2));
    }
    let run = tree.run(&[SELECT, "--statistics", "--output-format=json", "-o", "concise=all.txt"]);
    let counts: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&counts[0]["code"], &counts[0]["count"]), (&"privileged-service".into(), &2.into()));
    assert_eq!(tree.read("all.txt").lines().count(), 3, "files named with a format hold the findings");
    let run = tree.run(&[SELECT, "--statistics", "--output-format=sarif"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr, @r"
    error: --statistics goes with the formats full, concise, grouped and json
    ");
    let clean = Tree::new(&[("compose.yaml", CLEAN)]);
    assert_eq!(clean.run(&[SELECT, "--statistics"]).stdout, "No problems found; 1 file checked.\n");
    assert_eq!(clean.run(&[SELECT, "--statistics", "-f", "json"]).stdout, "[]\n");
}

#[test]
fn files_are_listed_without_linting_them() {
    let tree = Tree::new(&[("a/compose.yaml", PRIVILEGED), ("Dockerfile", "FROM scratch\n"), ("b.txt", "")]);
    let run = tree.run(&args(&["--show-files"]));
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "Dockerfile\na/compose.yaml\n", ""));
    let run = tree.run(&args(&["--show-files", "missing", "a"]));
    assert_eq!((run.code, run.stdout.as_str()), (2, "a/compose.yaml\n"));
}

#[test]
fn severities_profiles_and_selections_choose_findings() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let rules = |args: &[&str]| {
        let run = tree.run(&[args, &["--output-format=json", "--isolated", "--build-arg", "A=1"]].concat());
        let found: Value = serde_json::from_str(&run.stdout).unwrap();
        found.as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(rules(&["--select", "CL-0002"]), ["privileged-service"]);
    assert_eq!(rules(&["--select=privileged-service,writable-root-filesystem"]).len(), 2);
    assert_eq!(rules(&[SELECT, "--min-severity=critical"]), ["privileged-service"]);
    assert_eq!(rules(&["--select=privileged-service", "--extend-select=writable-root-filesystem"]).len(), 2);
    assert!(rules(&["--profile", "audit"]).len() >= rules(&["--profile", "default"]).len());
    assert!(rules(&["--no-config", "--ignore=ALL"]).is_empty());
    assert!(!rules(&["--ignore", "privilege"]).contains(&"privileged-service".to_owned()));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let tree = Tree::new(&[]);
    for n in 0..60 {
        let text = if n % 3 == 0 { "services: [" } else { PRIVILEGED };
        tree.write(&format!("d{}/e{n}/compose.yaml", n % 7), text.as_bytes());
        tree.write(&format!("d{}/e{n}/Dockerfile", n % 7), b"FROM scratch\n");
        tree.write(&format!("d{}/e{n}/compose-theme.yaml", n % 7), b"theme: dark\n");
        tree.write(&format!("d{}/latin{n}/compose.yaml", n % 5), b"a: \xE9");
    }
    for format in FORMATS {
        let one = tree.run(&[SELECT, "-v", "--output-format", format, "--jobs", "1"]);
        assert_eq!(one.code, 2);
        for jobs in ["2", "8"] {
            assert_eq!(tree.run(&[SELECT, "-v", "--output-format", format, "--jobs", jobs]), one);
        }
        assert_eq!(tree.run(&[SELECT, "-v", "--output-format", format]), one);
    }
}

#[test]
fn addresses_of_pages_are_shown_on_request() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED)]);
    let shows = |args: &[&str]| tree.run(&[&[SELECT], args].concat()).stdout.contains("#privileged-service");
    assert!(shows(&[]) && shows(&["--show-docs-url=always"]));
    assert!(!shows(&["--show-docs-url=never"]));
    // Whoever reads a line of `concise` counts on its form.
    assert!(!shows(&["--show-docs-url=always", "--output-format=concise"]));
}

#[test]
fn findings_can_be_put_into_another_order() {
    let tree = Tree::new(&[("a/Dockerfile", "FROM alpine\nUSER root\n"), ("b/compose.yaml", PRIVILEGED)]);
    let first = |args: &[&str]| {
        let run = tree.run(&[&["--exit-zero", "--output-format=grouped"], args].concat());
        run.stdout.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(first(&[]), "b/compose.yaml");
    assert_eq!(first(&["--sort", "path"]), "a/Dockerfile");
    assert_eq!(first(&["--sort=path", "--group-by", "directory"]), "a");
}

#[test]
fn a_check_that_is_left_out_says_why() {
    let tree = Tree::new(&[]);
    let run = tree.run(&["rule", "DL3049"]);
    assert!(run.stdout.starts_with("# DL3049\n\nNo rule here: required labels"), "{run:?}");
    assert!(tree.run(&["rule", "DF001"]).stdout.starts_with("# unpinned-base-image"));
    assert_eq!(tree.run(&["rule", "DL9999"]).code, 2);
}

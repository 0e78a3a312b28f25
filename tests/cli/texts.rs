//! Texts as they come from other systems: line ends, byte order marks, bytes that are no text, and a lot of it.

use serde_json::Value;

use crate::tree::Tree;

const DOCKERFILE: &str = "# syntax=docker/dockerfile:1\nFROM alpine:3.21\nRUN echo é && \\\n    # note\n    sudo true\nRUN <<EOF\nsudo x\nEOF\nUSER root\n";
const COMPOSE: &str =
    "# é\nservices:\n  web:\n    image: a:1\n    command: >\n      sh -c\n      x\n    privileged: true\n";
const DAEMON_JSON: &str = "{\n  \"insecure-registries\": [\n    \"r:5000\"\n  ]\n}\n";
const SOCKET: &str = "[Socket]\nListenStream=/run/docker.sock\nSocketMode=0666\n";
const FILES: [(&str, &str); 4] = [
    ("Dockerfile", DOCKERFILE),
    ("compose.yaml", COMPOSE),
    ("daemon.json", DAEMON_JSON),
    ("docker.socket", SOCKET),
];
const RULES: &str =
    "--select=sudo-in-run,root-user,privileged-service,insecure-registry,loose-socket-mode,syntax-error";

/// Rule and place of each finding, and the text that stands there.
fn found(tree: &Tree) -> Vec<(String, String)> {
    let run = tree.run(&[RULES, "--output-format=json", "--exit-zero"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    let findings: Value = serde_json::from_str(&run.stdout).unwrap();
    let one = |f: &Value| {
        let number = |key: &str| usize::try_from(f[key].as_u64().unwrap()).unwrap();
        let text = tree.read(f["file"].as_str().unwrap());
        let line = text.trim_start_matches('\u{FEFF}').lines().nth(number("line") - 1).unwrap().to_owned();
        let end =
            if number("endLine") == number("line") { number("endColumn") } else { line.chars().count() + 1 };
        let shown: String = line.chars().take(end - 1).skip(number("column") - 1).collect();
        let place = ["file", "code", "line", "column", "endLine", "endColumn"].map(|key| f[key].to_string());
        (place.join(" "), shown)
    };
    findings.as_array().unwrap().iter().map(one).collect()
}

#[test]
fn line_ends_and_byte_order_marks_move_nothing() {
    let plain = found(&Tree::new(&FILES));
    let codes: Vec<&str> = plain.iter().map(|(place, _)| place.split(' ').nth(1).unwrap()).collect();
    for code in ["sudo-in-run", "root-user", "privileged-service", "insecure-registry", "loose-socket-mode"] {
        assert!(codes.contains(&format!("\"{code}\"").as_str()), "{code}: {plain:?}");
    }
    assert!(plain.iter().any(|(_, shown)| shown == "sudo"), "{plain:?}");
    for (line_end, mark) in [("\r\n", ""), ("\n", "\u{FEFF}"), ("\r\n", "\u{FEFF}")] {
        let tree = Tree::new(&[]);
        for (name, text) in FILES {
            tree.write(name, format!("{mark}{}", text.replace('\n', line_end)).as_bytes());
        }
        assert_eq!(found(&tree), plain, "{line_end:?} {mark:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_located_and_the_rest_is_judged() {
    let tree = Tree::new(&[("good/compose.yaml", COMPOSE)]);
    for (name, text) in FILES {
        let (head, tail) = text.split_at(text.find('\n').unwrap() + 1);
        tree.write(&format!("latin/{name}"), &[head.as_bytes(), b"# caf\xE9\n", tail.as_bytes()].concat());
    }
    let run = tree.run(&[RULES, "--output-format=concise"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.starts_with("good/compose.yaml:8:17: error: "), "{run:?}");
    let told: Vec<&str> = run.stderr.lines().collect();
    let expected = FILES.map(|(name, _)| format!("error: latin/{name}:2:6: not UTF-8 text (byte 0xE9)"));
    assert_eq!(told, expected);
}

/// Ten megabytes of what somebody may well write, with a finding at the end.
#[test]
fn large_files_are_judged_to_their_end() {
    let size = 10_000_000;
    let fill = |line: &str| line.repeat(size / line.len());
    let cases = [
        (
            "Dockerfile",
            format!("FROM alpine:3.21\n{}USER root\n", fill("# a comment that says why this is so\n")),
            "root-user",
        ),
        (
            "Dockerfile",
            format!(
                "FROM alpine:3.21\nRUN true \\\n{} && true\nUSER root\n",
                fill(" && echo something \\\n")
            ),
            "root-user",
        ),
        (
            "compose.yaml",
            format!("services:\n  web:\n    image: a:1\n{}    privileged: true\n", fill("    # a comment\n")),
            "privileged-service",
        ),
        (
            "compose.yaml",
            format!(
                "x-text: |\n{}services:\n  web:\n    image: a:1\n    privileged: true\n",
                fill("  some text of a file\n")
            ),
            "privileged-service",
        ),
    ];
    for (name, text, rule) in cases {
        let tree = Tree::new(&[(name, &text)]);
        let run = tree.run(&["--select", rule, "--output-format=concise"]);
        let line = text.lines().count();
        // A command of ten megabytes is not taken apart, and that is said.
        let is_told = |line: &str| line.starts_with("note: ") && line.contains("longer than 262144 bytes");
        assert!(run.code == 1 && run.stderr.lines().all(is_told), "{name} {rule}: {}", run.stderr);
        assert!(
            run.stdout.starts_with(&format!("{name}:{line}:")) && run.stdout.lines().count() == 1,
            "{}",
            run.stdout
        );
    }
}

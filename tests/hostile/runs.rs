//! Much that runs, and much that it does.

use std::time::Duration;

use lint_core::Source;

use super::within;

/// What is longer than any command that people write is not read, and the report says so.
#[test]
fn commands_that_are_too_long() {
    let long = "echo hi; ".repeat(1_000_000);
    for (what, source) in [
        ("a command line", Source::dockerfile("Dockerfile", format!("FROM alpine\nRUN {long}\n"))),
        ("a heredoc", Source::dockerfile("Dockerfile", format!("FROM alpine\nRUN <<E\n{long}\nE\n"))),
        (
            "a command",
            Source::compose("c.yaml", format!("services:\n  a:\n    image: x:1\n    command: {long}\n")),
        ),
        (
            "a script",
            Source::compose(
                "c.yaml",
                format!("services:\n  a:\n    image: x:1\n    command: [sh, -c, '{long}']\n"),
            ),
        ),
    ] {
        let notes = within(Duration::from_secs(60), what, &[source]).notes;
        let is_honest = notes.iter().any(|note| note.message.contains("longer than 262144 bytes"));
        assert!(is_honest, "{what}: {notes:?}");
    }
}

/// What runs is read once however much of it there is, so that twice as much takes twice as long.
#[test]
fn much_that_runs() {
    let runs: String = (0..5_000)
        .map(|i| format!("RUN apt-get update && apt-get install -y p{i} && curl -fsSL https://x/{i} | sh\n"))
        .collect();
    let services: String = (0..1_000)
        .map(|i| {
            format!("  s{i}: {{image: 'x:{i}', command: [sh, -c, 'sh -c \"chmod 777 /a{i} && id\"']}}\n")
        })
        .collect();
    let nested =
        (0..12).fold("id".to_owned(), |inner, _| format!("sh -c '{}'", inner.replace('\'', "'\\''")));
    for (what, source) in [
        ("instructions", Source::dockerfile("Dockerfile", format!("FROM debian:12\n{runs}"))),
        ("services", Source::compose("c.yaml", format!("services:\n{services}"))),
        ("scripts in scripts", Source::dockerfile("Dockerfile", format!("FROM debian:12\nRUN {nested}\n"))),
        (
            "wrappers",
            Source::dockerfile("Dockerfile", format!("FROM debian:12\nRUN {}id\n", "sudo ".repeat(40_000))),
        ),
        (
            "programs that find runs",
            Source::dockerfile(
                "Dockerfile",
                format!("FROM debian:12\nRUN find / {}\n", "-exec sh -c id ; ".repeat(10_000)),
            ),
        ),
    ] {
        within(Duration::from_secs(60), what, &[source]);
    }
}

/// What a script does is followed no further than it is worth: functions that call one another, variables and directories that
/// grow, loops in loops, downloads by the thousand of which nothing is used.
#[test]
fn much_that_is_followed() {
    let calls: String =
        (0..60).map(|i| format!("f{i}() {{ f{n}; f{n}; rm -rf /x; }}; ", n = i + 1)).collect();
    let grows: String = (1..4_000).map(|i| format!("V{i}=$V{}/x; chmod 777 $V{i}; ", i - 1)).collect();
    let loops = (0..12).fold("rm -rf $v0$v1$v2".to_owned(), |text, i| {
        format!("for v{i} in {}; do {text}; done", "x ".repeat(40))
    });
    let downloads: String =
        (0..1_500).map(|i| format!("curl -o f{i} https://x.example.com/f{i}; true {i}; ")).collect();
    let checks: String = (0..1_500)
        .map(|i| format!("echo 'x  f{i}.tgz' | sha256sum -c; wget https://x.example.com/g{i}; "))
        .collect();
    let instructions =
        |line: &dyn Fn(usize) -> String, count: usize| (0..count).map(line).collect::<String>();
    for (what, text) in [
        ("functions", format!("RUN {calls} f0; f0; apt-get update\n")),
        (
            "functions of themselves",
            format!("RUN f() {{ f; g; }}; g() {{ f; }}; {} chmod 777 /x\n", "f; g; ".repeat(10_000)),
        ),
        ("variables", format!("RUN V0=/a; {grows}\n")),
        ("directories", format!("RUN {} chmod 777 x\n", "cd aaaaaaaaaa; ".repeat(15_000))),
        ("subshells", format!("RUN {}chmod 777 x{}\n", "(cd a; ".repeat(60), ")".repeat(60))),
        ("loops", format!("RUN {loops}; chmod 777 /x\n")),
        ("braces", format!("RUN chmod 777 {}\n", "{a,b}".repeat(4_000))),
        ("downloads", format!("RUN {downloads}\n")),
        ("checks", format!("RUN {checks}\n")),
        ("pipes", format!("RUN {}\n", "make | sort | tee x; ".repeat(5_000))),
        ("setuid bits", format!("RUN {}\n", "chmod u+s /x; chmod 755 /y; ".repeat(4_000))),
        ("traps", format!("RUN {}\n", "trap 'trap \"rm x\" EXIT' EXIT; ".repeat(8_000))),
        (
            "sudoers",
            instructions(&|i| format!("RUN echo 'u ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/u{i}\n"), 3_000),
        ),
        ("unsigned", instructions(&|i| format!("RUN apk add --allow-untrusted ./p{i}.apk\n"), 3_000)),
        (
            "keys",
            instructions(
                &|i| format!("RUN curl -o /etc/apt/trusted.gpg.d/k{i}.asc https://x.example.com/k\n"),
                2_000,
            ),
        ),
    ] {
        within(
            Duration::from_secs(60),
            what,
            &[Source::dockerfile("Dockerfile", format!("FROM debian:12\n{text}"))],
        );
    }
}

//! Files that may call Docker.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use lint_core::{Linter, Source, SourceKind};

/// Lints a small project beside files that may call Docker.
fn beside(files: &[(String, String)]) {
    let compose = "services:\n  web:\n    image: web:${TAG}\n    build: .\n";
    let mut all: BTreeMap<String, String> = files.iter().cloned().collect();
    all.insert("compose.yaml".to_owned(), compose.to_owned());
    all.insert("Dockerfile".to_owned(), "FROM acme/base\nCOPY --from=src / /\n".to_owned());
    all.insert("other.yaml".to_owned(), "services:\n  web:\n    depends_on: [db]\n".to_owned());
    let sources = [
        Source::path("compose.yaml", SourceKind::Compose),
        Source::path("other.yaml", SourceKind::Compose),
        Source::path("Dockerfile", SourceKind::Dockerfile),
    ];
    let start = Instant::now();
    let report = std::thread::scope(|scope| {
        let lint = || Linter::default().lint_with(&sources, &all);
        let work = std::thread::Builder::new().stack_size(2 << 20).spawn_scoped(scope, lint);
        work.unwrap().join().unwrap()
    });
    assert_eq!(report.failures, [], "{}", files[0].0);
    assert!(start.elapsed() < Duration::from_secs(60), "{} took {:?}", files[0].0, start.elapsed());
}

#[test]
fn hostile_callers() {
    let one = |name: &str, text: String| beside(&[(name.to_owned(), text)]);
    let many = |name: &dyn Fn(usize) -> String, text: &dyn Fn(usize) -> String, count: usize| {
        let files: Vec<_> = (0..count).map(|i| (name(i), text(i))).collect();
        beside(&files);
    };
    // Makefiles: variables that grow, that hold each other, and files that include each other.
    let grows: String = (0..40).map(|i| format!("V{} = $(V{i})$(V{i})$(V{i})\n", i + 1)).collect();
    one("Makefile", format!("V0 = docker\n{grows}all:\n\t$(V40) build .\n"));
    one(
        "Makefile",
        format!("A = $(A)\nB = $(C)\nC = $(B)\n{}", "all:\n\tdocker build $(A) $(B)\n".repeat(5_000)),
    );
    one("Makefile", format!("all:\n\tdocker build {}\n", "$(".repeat(100_000)));
    one("Makefile", format!("all:\n{}", "\tdocker build -t a . \\\n".repeat(15_000)));
    one("Makefile", "A += docker build .\n".repeat(20_000) + "all:\n\t$(A)\n");
    let includes = |i: usize| format!("include {}.mk {}.mk {i}.mk\nall:\n\tdocker build .\n", i + 1, i * 2);
    many(&|i| format!("{i}.mk"), &includes, 300);
    // Scripts: nested, endless, and reading each other.
    one("a.sh", "docker $(".repeat(50_000));
    one("a.sh", format!("docker build {}", "'\"".repeat(100_000)));
    one("a.sh", format!("{}docker build .{}", "(".repeat(60_000), ")".repeat(60_000)));
    one(
        "a.sh",
        (0..12).fold("docker build .".to_owned(), |text, i| {
            format!("for v{i} in {}; do {text}; done", "x ".repeat(40))
        }),
    );
    one("a.sh", (0..40).fold("A=docker\n".to_owned(), |text, _| text + "A=\"$A $A\"\n") + "$A build .\n");
    one("a.sh", "docker build . && cd .. && ".repeat(10_000));
    one("a.sh", (0..20_000).map(|i| format!("V{i}=docker\n(V{i}=2; docker build .)\n")).collect());
    one("a.sh", "bash -c \"".repeat(20_000) + "docker build .");
    // Those that make Dockerfiles of others.
    one("a.sh", "cat Dockerfile-a > Dockerfile; ".repeat(8_000));
    one("a.sh", "{ cat Dockerfile-a; ".repeat(60) + &"} > Dockerfile; ".repeat(60));
    many(
        &|i| format!("{i}.sh"),
        &|i| format!("for d in *; do sed s/a/{i}/ Dockerfile-$d > Dockerfile; done\n").repeat(50),
        300,
    );
    one("a.sh", format!("docker build -t {} .", "$X ".repeat(60_000)));
    let reads = |i: usize| {
        format!(". ./{}.sh\n. ./{}.sh\n. ./{i}.sh\n./{}.sh\ndocker compose up\n", i + 1, i * 2, i / 2)
    };
    many(&|i| format!("{i}.sh"), &reads, 300);
    many(
        &|i| format!("{i}.sh"),
        &|i| {
            format!(
                "export V{i}=1\n{}docker compose up\n",
                (0..300).map(|to| format!("./{to}.sh\n")).collect::<String>()
            )
        },
        300,
    );
    // YAML, JSON, HCL, Markdown.
    one(".github/workflows/a.yml", format!("jobs: {}", "{steps: [{run: docker}, ".repeat(30_000)));
    one(".github/workflows/a.yml", format!("a: {}docker", "{{".repeat(100_000)));
    one(
        ".github/workflows/a.yml",
        format!(
            "env:\n{}jobs:\n{}",
            env_lines(10_000),
            "  a:\n    steps:\n      - run: docker build .\n".repeat(5_000)
        ),
    );
    one("docker-bake.hcl", "target \"a\" { inherits = [\"a\", \"a\"] context = [".repeat(10_000));
    one(
        "docker-bake.hcl",
        (0..300)
            .map(|i| {
                format!(
                    "target \"t{i}\" {{ inherits = [\"t{}\", \"t{}\", \"t{i}\"] }}\n",
                    i + 1,
                    (i * 7) % 300
                )
            })
            .collect(),
    );
    one("docker-bake.json", "{\"target\": {\"a\": ".repeat(50_000));
    one("package.json", format!("{{\"scripts\": {{\"a\": \"docker build {}\"}}}}", "$( ".repeat(50_000)));
    one("README.md", "```sh\ndocker build .\n".repeat(20_000));
    one("justfile", format!("a:\n    docker {}\n", "{{".repeat(100_000)));
    // Nothing that is found is run, and what is not text is passed by.
    one("a.sh", "touch /tmp/plimsoll-was-here; docker build $(touch /tmp/plimsoll-was-here)\n".to_owned());
    assert!(!std::path::Path::new("/tmp/plimsoll-was-here").exists());
    one("a.sh", "docker build \u{F8F0}/\u{F8F1}\0 .\n".to_owned());
}

fn env_lines(count: usize) -> String {
    (0..count).map(|i| format!("  V{i}: docker\n")).collect()
}

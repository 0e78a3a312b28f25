//! Files that start containers and are no Compose files.

use std::time::Duration;

use lint_core::{Source, SourceKind};

use super::within;

#[test]
fn hostile_inputs() {
    let long = Duration::from_secs(60);
    let deep =
        |open: &str, close: &str, times: usize| format!("{}{}", open.repeat(times), close.repeat(times));
    let mut bomb = String::from("x0: &x0 [a,a,a,a,a,a,a,a,a,a]\n");
    for i in 1..12 {
        bomb.push_str(&format!("x{i}: &x{i} [{}]\n", vec![format!("*x{}", i - 1); 10].join(",")));
    }
    bomb.push_str("a: {image: node, services: *x11}\n");
    let recipe = |command: &str, times: usize| format!("a:\n{}", format!("\t{command}\n").repeat(times));
    for (kind, name, text) in [
        (SourceKind::Commands, "Makefile", recipe("docker run --privileged a:1", 400_000)),
        (SourceKind::Commands, "Makefile", recipe("docker run --privileged -v /:/h a:1", 10_000)),
        (
            SourceKind::Commands,
            "Makefile",
            format!("include Makefile\nA = $(A)$(A)\na:\n{}", "\tdocker run $(A) x\n".repeat(5_000)),
        ),
        (SourceKind::Commands, "run.sh", format!("docker run {} a:1\n", "-v /:/h ".repeat(30_000))),
        (SourceKind::Commands, "run.sh", format!("docker run {}\n", "$A -x ".repeat(20_000))),
        (SourceKind::Commands, "run.sh", format!("docker run {}", deep("$(docker run ", ")", 10_000))),
        (SourceKind::Commands, "run.sh", format!("docker run -{} a\n", "i".repeat(200_000))),
        (
            SourceKind::Commands,
            "run.sh",
            format!(". ./run.sh\n{}", "docker run --privileged a:1\n".repeat(5_000)),
        ),
        (
            SourceKind::Commands,
            "a.service",
            format!("[Service]\nExecStart=docker run {}a:1\n", "-v /:/h \\\n".repeat(20_000)),
        ),
        (
            SourceKind::Commands,
            "package.json",
            format!("{{\"scripts\": {}}}", deep("{\"a\": ", "1}", 10_000)),
        ),
        (
            SourceKind::Pipeline,
            ".github/workflows/a.yml",
            format!(
                "jobs:\n  a:\n    steps:\n{}",
                "      - run: docker run --privileged a:1\n".repeat(5_000)
            ),
        ),
        (
            SourceKind::Pipeline,
            ".github/workflows/b.yml",
            format!(
                "jobs:\n{}",
                (0..5_000)
                    .map(|i| format!("  a{i}: {{container: {{image: a, options: --privileged}}}}\n"))
                    .collect::<String>()
            ),
        ),
        (SourceKind::Pipeline, ".gitlab-ci.yml", bomb),
        (SourceKind::Pipeline, "azure-pipelines.yml", format!("a: {}", deep("[", "]", 10_000))),
        (SourceKind::Bake, "docker-bake.hcl", format!("a = {}", deep("[", "]", 10_000))),
        (SourceKind::Bake, "docker-bake.hcl", format!("a = \"{}", "${\"".repeat(10_000))),
        (SourceKind::Bake, "docker-bake.hcl", format!("a = {}1", "!".repeat(10_000))),
        (
            SourceKind::Bake,
            "docker-bake.hcl",
            format!(
                "target \"a\" {{\n matrix = {{\n{} }}\n}}\n",
                (0..20).map(|i| format!("a{i} = [1,2,3,4,5,6,7,8,9,10]\n")).collect::<String>()
            ),
        ),
        (
            SourceKind::Bake,
            "docker-bake.hcl",
            (0..3_000)
                .map(|i| format!("target \"t{i}\" {{ inherits = [\"t{}\", \"t{}\"] }}\n", i + 1, i + 2))
                .collect(),
        ),
        (
            SourceKind::Bake,
            "docker-bake.hcl",
            (0..2_000)
                .map(|i| format!("variable \"v{i}\" {{ default = \"${{v{}}}${{v{}}}\" }}\n", i + 1, i + 1))
                .collect::<String>()
                + "target \"a\" { context = v0 }\n",
        ),
        (SourceKind::Bake, "docker-bake.json", deep("{\"target\":", "1}", 10_000)),
        (
            SourceKind::Quadlet,
            "a.container",
            format!(
                "[Container]\nImage=a:1\n{}",
                "Volume=/:/h\nPodmanArgs=--privileged -v /:/x\n".repeat(10_000)
            ),
        ),
        (SourceKind::Quadlet, "a.container", format!("[Container]\nExec={}\n", "a \\\n".repeat(100_000))),
        (
            SourceKind::DevContainer,
            "devcontainer.json",
            format!("{{\"image\": \"a\", \"runArgs\": [{}\"\"]}}", "\"-v\", \"/:/h\", ".repeat(20_000)),
        ),
        (SourceKind::DevContainer, "devcontainer.json", "/*".repeat(500_000)),
        (SourceKind::DevContainer, "devcontainer.json", deep("{\"build\": ", "}", 10_000)),
    ] {
        within(long, name, &[Source::new(name, kind, Some(text))]);
    }
}

#[test]
fn inputs_that_hold_themselves() {
    let long = Duration::from_secs(60);
    let deep =
        |open: &str, close: &str, times: usize| format!("{}{}", open.repeat(times), close.repeat(times));
    let bomb = |keys: &str| {
        let lines =
            (1..12).map(|i| format!("x-{i}: &x{i} [{}]\n", vec![format!("*x{}", i - 1); 10].join(",")));
        format!("x-0: &x0 [a,a,a,a,a,a,a,a,a,a]\n{}{keys}", lines.collect::<String>())
    };
    let bake = |text: String| (SourceKind::Bake, "docker-bake.hcl", text);
    let function = |name: &str, result: &str| {
        format!("function \"{name}\" {{\n  params = [x]\n  result = {result}\n}}\n")
    };
    let target = "target \"a\" {\n  context = f(\"x\")\n}\n";
    let chain: String = (0..60)
        .map(|i| function(&format!("f{i}"), &format!("\"${{f{0}(x)}}${{f{0}(x)}}\"", i + 1)))
        .collect();
    for (kind, name, text) in [
        bake(deep("a {\n", "}\n", 10_000)),
        bake(format!("a = {}", deep("{ a = ", "1 }", 10_000))),
        bake(format!("a = {}", deep("(", ")", 10_000))),
        bake(format!("a = {}1{}", "f(".repeat(10_000), ")".repeat(10_000))),
        bake(format!("a = {}", "true ? 1 : ".repeat(10_000))),
        bake(format!("a = b{}", ".c".repeat(100_000))),
        bake(format!("a = b{}", deep("[b", "]", 10_000))),
        bake(format!("a = <<EOT\n{}\nEOT\n", "${a}\n".repeat(50_000))),
        bake(format!("{}{target}", function("f", "f(x)"))),
        bake(format!("{}{}{target}", function("f", "g(g(x))"), function("g", "f(f(x))"))),
        bake(format!("{}{chain}{target}", function("f", "f0(x)"))),
        bake(format!("group \"g\" {{ targets = [\"g\", \"a\"] }}\n{target}")),
        bake(
            (0..5_000)
                .map(|i| format!("group \"g{i}\" {{ targets = [\"g{}\"] }}\ntarget \"t{i}\" {{}}\n", i + 1))
                .collect(),
        ),
        bake("target \"a\" { inherits = [\"a\"], contexts = { a = \"target:a\" } }\n".to_owned()),
        (
            SourceKind::Pipeline,
            ".github/workflows/a.yml",
            bomb("jobs: {a: {container: {image: a, env: *x11, volumes: *x11}, services: *x11}}\n"),
        ),
        (SourceKind::Pipeline, ".circleci/config.yml", bomb("jobs: {a: {docker: *x11, steps: *x11}}\n")),
        (SourceKind::Pipeline, "bitbucket-pipelines.yml", bomb("pipelines: {default: *x11}\nimage: *x11\n")),
        (
            SourceKind::Compose,
            "compose.yaml",
            bomb("services: {a: {image: a, command: *x11, volumes: *x11}}\n"),
        ),
        (
            SourceKind::Pipeline,
            ".gitlab-ci.yml",
            format!(
                "include:\n{}a:\n  script: docker run --privileged a:1\n",
                "  - local: .gitlab-ci.yml\n".repeat(20_000)
            ),
        ),
        (
            SourceKind::Pipeline,
            "Taskfile.yml",
            "includes: {a: ./Taskfile.yml}\ntasks:\n  a: {cmds: [{task: a}, docker run --privileged a:1]}\n"
                .to_owned(),
        ),
        (
            SourceKind::Quadlet,
            "a.container",
            format!("[Container]\nImage=a:1\n{}", "Environment=A=1 B=2\n".repeat(1_000_000)),
        ),
        (
            SourceKind::Quadlet,
            "a.container",
            format!("[Container]\nImage=a:1\n{}", "[Container]\n".repeat(1_000_000)),
        ),
        (SourceKind::Quadlet, "a.quadlets", "[Container]\nImage=a:1\n---\n".repeat(20_000)),
        (SourceKind::Quadlet, "a.quadlets", "---\n".repeat(1_000_000)),
        (SourceKind::Quadlet, "a.network", format!("[Network]\n{}", "Options=a=b,c=d\n".repeat(100_000))),
        (
            SourceKind::Commands,
            "a.service",
            format!("[Service]\n{}", "ExecStart=docker run --privileged a:1\n".repeat(10_000)),
        ),
        (
            SourceKind::Commands,
            "a.service",
            format!("[Service]\nExecStart=docker run $A a:1\n{}", "Environment=A=$A\n".repeat(500_000)),
        ),
        (
            SourceKind::DevContainer,
            "devcontainer.json",
            format!(
                "{{\"image\": \"a\", \"features\": {{{}\"a/b\": {{}}}}}}",
                "\"ghcr.io/a/docker-in-docker\": {}, ".repeat(10_000)
            ),
        ),
        (
            SourceKind::DevContainer,
            "devcontainer.json",
            format!(
                "{{\"image\": \"{}\", \"initializeCommand\": \"{}\"}}",
                "${localEnv:A}".repeat(50_000),
                "docker run --privileged a:1; ".repeat(20_000)
            ),
        ),
        (
            SourceKind::Commands,
            "run.sh",
            format!(
                "docker run -v /var/run/docker.sock:/s a:1 sh -c '{}'\n",
                "docker run --privileged b:1;".repeat(20_000)
            ),
        ),
    ] {
        within(long, name, &[Source::new(name, kind, Some(text))]);
    }
}

//! What enters a container, runs a service once, or builds; and what is there for whoever develops.

use crate::check;

#[test]
fn commands_beside_a_container() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("run.sh", "docker exec --privileged a sh\n", &["privileged-exec: --privileged"]),
        ("run.sh", "docker exec --privileged=false -u app a sh\n", &[]),
        ("run.sh", "docker exec -it -u root a sh\n", &["root-exec: root"]),
        ("run.sh", "docker exec -u0 a sh\n", &["root-exec: 0"]),
        ("run.sh", "podman container exec --user=0:0 a sh\n", &["root-exec: 0:0"]),
        ("run.sh", "docker exec --user 1000 a sh\n", &[]),
        ("run.sh", "docker exec --user \"$(id -u)\" a sh\n", &[]),
        ("run.sh", "docker exec a sh --privileged -u root\n", &[]),
        ("run.sh", "docker exec $OPTS -u root a sh\n", &[]),
        ("run.sh", "docker exec -e A=b -w /x --privileged \"$C\" sh\n", &["privileged-exec: --privileged"]),
        ("run.sh", "docker compose exec -T --user root web sh\n", &["root-exec: root"]),
        ("run.sh", "docker-compose exec --index 2 --privileged web sh\n", &["privileged-exec: --privileged"]),
        ("run.sh", "docker compose exec web sh -u root\n", &[]),
        (
            "run.sh",
            "docker compose run -v /:/h web\n",
            &["engine-socket-exposed: /", "writable-system-mount: /"],
        ),
        ("run.sh", "docker compose run --rm web npm run --cap-add=ALL\n", &[]),
        (
            "run.sh",
            "docker compose -f docker/a.yml --profile b run --rm --cap-add SYS_ADMIN web\n",
            &["dangerous-capability: SYS_ADMIN"],
        ),
        ("run.sh", "docker compose run --rm -u root -P -e A=b web\n", &[]),
        ("run.sh", "docker compose run --rm --no-deps -T web sh -c 'docker ps'\n", &[]),
        (
            "run.sh",
            "docker-compose run -v /var/run/docker.sock:/s web\n",
            &["engine-socket-exposed: /var/run/docker.sock"],
        ),
        (
            "run.sh",
            "docker buildx build --allow security.insecure .\n",
            &["privileged-build: security.insecure"],
        ),
        ("run.sh", "docker build --network=host -t a .\n", &["host-network-build: host"]),
        ("run.sh", "docker build . --network host\n", &["host-network-build: host"]),
        ("run.sh", "docker build --network none -t a .\n", &[]),
        ("run.sh", "docker build -t a . && docker run --rm a:1\n", &[]),
        ("run.sh", "docker build --build-arg NPM_TOKEN .\n", &["secret-in-build-argument: NPM_TOKEN"]),
        (
            "run.sh",
            "docker build \\\n  --build-arg \"GITHUB_TOKEN=$GITHUB_TOKEN\" \\\n  .\n",
            &["secret-in-build-argument: GITHUB_TOKEN"],
        ),
        ("run.sh", "docker build --build-arg=VERSION=1 --secret id=t,env=TOKEN -f nowhere .\n", &[]),
        (
            "run.sh",
            "docker buildx bake --allow=network.host --set \"*.args.NPM_TOKEN=$T\" web\n",
            &["host-network-build: network.host", "secret-in-build-argument: NPM_TOKEN"],
        ),
        ("run.sh", "docker buildx bake --set '*.platform=linux/amd64' web\n", &[]),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          allow: network.host,security.insecure\n          build-args: |\n            VERSION=1\n            NPM_TOKEN=${{ secrets.NPM_TOKEN }}\n",
            &[
                "host-network-build: network.host",
                "privileged-build: security.insecure",
                "secret-in-build-argument: NPM_TOKEN",
            ],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          push: true\n          build-args: VERSION=1\n",
            &[],
        ),
        (
            ".github/workflows/a.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/bake-action@v6\n        with:\n          set: |\n            *.platform=linux/amd64\n            web.network=host\n",
            &["host-network-build: host"],
        ),
    ];
    check(cases);
}

#[test]
fn what_whoever_develops_starts() {
    let postgres = "docker run -d -e POSTGRES_PASSWORD=postgres -p 5432:5432 postgres:16\n";
    let told: &[&str] = &["secret-in-environment: POSTGRES_PASSWORD", "exposed-data-store: 5432:5432"];
    let recipe = |target: &str| format!("{target}:\n\t{postgres}");
    let texts: Vec<(&str, String, &[&str])> = vec![
        ("scripts/dev.sh", postgres.to_owned(), &[]),
        ("dev/up.sh", postgres.to_owned(), &[]),
        ("hack/run.sh", postgres.to_owned(), &[]),
        ("test/integration/setup.sh", postgres.to_owned(), &[]),
        ("start-test-db.sh", postgres.to_owned(), &[]),
        ("Makefile", recipe("test-db"), &[]),
        ("Makefile", recipe("db"), &[]),
        ("justfile", recipe("postgres").replace('\t', "    "), &[]),
        ("package.json", format!("{{\"scripts\": {{\"db\": \"{}\"}}}}", postgres.trim()), &[]),
        ("Taskfile.yml", format!("tasks:\n  db:\n    cmds:\n      - {postgres}"), &[]),
        (".github/workflows/a.yml", format!("jobs:\n  a:\n    steps:\n      - run: {postgres}"), &[]),
        ("run.sh", format!("dev_db() {{\n  {postgres}}}\ndev_db\n"), &[]),
        ("run.sh", postgres.replace("-d", "-d --name app-test"), &[]),
        ("run.sh", format!("{}trap 'docker rm -f pg' EXIT\n", postgres.replace("-d", "-d --name pg")), &[]),
        ("run.sh", postgres.replace("-d", "--rm -d"), &[]),
        ("run.sh", postgres.replace("-d ", ""), &[]),
        ("deploy.sh", postgres.to_owned(), told),
        ("Makefile", recipe("db").replace("-d", "-d --restart always"), told),
        ("scripts/dev.sh", postgres.replace("-d", "-d --privileged"), &["privileged-service: --privileged"]),
        (
            "Makefile",
            recipe("test").replace("-d", "-d -v /:/host"),
            &["engine-socket-exposed: /", "writable-system-mount: /"],
        ),
        ("run.sh", "docker run --rm -v $PWD:/src tool:1\n".to_owned(), &[]),
        (
            "run.sh",
            "docker run --rm -it --cap-add SYS_PTRACE --security-opt seccomp=unconfined a:1 bash\n"
                .to_owned(),
            &[],
        ),
        (
            "run.sh",
            "docker run -dit --cap-add SYS_PTRACE a:1 bash\n".to_owned(),
            &["dangerous-capability: SYS_PTRACE"],
        ),
    ];
    let cases: Vec<(&str, &str, &[&str])> =
        texts.iter().map(|(name, text, told)| (*name, text.as_str(), *told)).collect();
    check(&cases);
}

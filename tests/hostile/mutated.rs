//! Files that are right but for what chance has changed.

use lint_core::Source;
use proptest::prelude::*;

use super::lint;

const DOCKERFILE: &str = "# syntax=docker/dockerfile:1\nARG V=3\nFROM python:${V}-slim AS base\nARG U=app\nENV A=1 B=\"two words\"\nRUN --mount=type=cache,target=/c useradd -u 1 $U && \\\n  # note\n  curl -k https://x.example/i.sh | sh\nCOPY --from=base --chmod=0777 <<EOF /a b/ ./\ntext $A\nEOF\nUSER ${U:-root}\nHEALTHCHECK --interval=5s CMD [\"true\"]\nENTRYPOINT [\"gosu\", \"app\"]\nCMD sh -c 'exec x'\n# plimsoll: ignore[root-user] why\nEXPOSE 80/tcp 22\n";

const COMPOSE: &str = "x-base: &base\n  restart: always # plimsoll: ignore[all]\n  environment: {PASSWORD: \"${P:-secret}\"}\nservices:\n  web:\n    <<: *base\n    build: {context: ., dockerfile_inline: \"FROM alpine\\nUSER root\"}\n    ports: [\"80:80\", \"127.0.0.1:${X:-1}-5:1-5/udp\"]\n    volumes: [/var/run/docker.sock:/s:ro, \"d:/d\", data:/v]\n    security_opt: [no-new-privileges:true]\n    depends_on: {db: {condition: service_healthy}}\n  db:\n    extends: {service: web}\n    image: postgres\n    ports: !reset []\n    deploy: {resources: {limits: {memory: 1g}}}\nvolumes: {data: {driver_opts: {o: bind, device: /etc}}}\n";

const DAEMON_JSON: &str = "{\n  \"hosts\": [\"tcp://0.0.0.0:2375\", \"fd://\"],\n\t\"icc\": true, \"log-level\": \"d\\u00e9\\ud83d\\ude00bug\",\n  \"default-ulimits\": {\"nofile\": {\"Soft\": -1.5e3}},\n  \"insecure-registry\": [\"r:5000\"], \"live-restore\": \"true\", \"iptables\": false\n}\n";

const UNIT: &str = "# plimsoll: ignore-file[root-daemon] why\n[Socket]\nListenStream=\nListenStream=%t/docker.sock\nListenStream=[::]:2375\nSocketMode=0666\n; note\nSocketGroup=users\n\n[Service]\nExecStart=-/usr/bin/dockerd -H fd:// \\\n  # plimsoll: ignore[insecure-registry]\n  --insecure-registry='r:5000' --icc $OPTS\nExecStart=/bin/sh -c \"dockerd -D -l=debug\"\n";

const DAEMON_DOCKERFILE: &str = "FROM docker:27-dind\nCOPY <<EOF /etc/docker/daemon.json\n{\"icc\": true, \"hosts\": [\"tcp://x:1\"]}\nEOF\nRUN cat > /etc/systemd/system/docker.socket <<'E'\n[Socket]\nListenStream=2375\nE\nRUN echo '{\"debug\": tru}' > /etc/docker/daemon.json && tee /etc/docker/daemon.json <<E\n{\nE\n";

/// A text with some pieces cut, doubled, swapped for others or filled with noise.
fn mutated(text: &'static str) -> impl Strategy<Value = String> {
    let noise = prop_oneof![
        Just("$".to_owned()),
        Just("\"".to_owned()),
        Just("\\\n".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("é😀".to_owned()),
        Just("{".to_owned()),
        Just("<<".to_owned()),
        Just("\r\n".to_owned()),
        Just("*base".to_owned()),
        Just("# plimsoll: ignore[".to_owned()),
        ".{0,8}",
    ];
    let cut = (0..text.len(), 0..40usize, noise);
    prop::collection::vec(cut, 1..6).prop_map(move |cuts| {
        let mut text = text.to_owned();
        for (at, length, noise) in cuts {
            let boundary = |mut i: usize, text: &str| {
                i = i.min(text.len());
                while !text.is_char_boundary(i) {
                    i -= 1;
                }
                i
            };
            let start = boundary(at, &text);
            let end = boundary(start + length, &text).max(start);
            text.replace_range(start..end, &noise);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}|[ -~\\n\\t]{0,300}") {
        lint(&[Source::dockerfile("Dockerfile", text.clone()), Source::compose("compose.yaml", text)]);
    }

    #[test]
    fn mutated_dockerfiles_are_answered(text in mutated(DOCKERFILE)) {
        lint(&[Source::dockerfile("Dockerfile", text)]);
    }

    #[test]
    fn mutated_files_of_the_daemon_are_answered(json in mutated(DAEMON_JSON), unit in mutated(UNIT), dockerfile in mutated(DAEMON_DOCKERFILE)) {
        lint(&[
            Source::daemon_json("daemon.json", json),
            Source::systemd_unit("docker.service", unit.clone()),
            Source::systemd_unit("docker.socket.d/x.conf", unit),
            Source::dockerfile("Dockerfile", dockerfile),
        ]);
    }

    #[test]
    fn mutated_compose_files_are_answered(text in mutated(COMPOSE)) {
        lint(&[Source::compose("compose.yaml", text)]);
    }
}

#[test]
fn a_byte_order_mark_is_all_there_is_of_a_daemon_json() {
    let heredoc = "FROM docker:27-dind\nRUN cat > /etc/docker/daemon.json <<E\n\u{feff}\nE\n";
    lint(&[Source::daemon_json("daemon.json", "\u{feff}"), Source::dockerfile("Dockerfile", heredoc)]);
    lint(&[Source::daemon_json("daemon.json", "")]);
}

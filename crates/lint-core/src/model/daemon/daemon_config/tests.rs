use lint_parser::text::source::SourceFile;

use super::file::HostFile;
use super::{DaemonConfig, DaemonDefaults};

fn config(files: &[(&str, &str)]) -> DaemonConfig {
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| {
            let file = SourceFile::new(*name, *text);
            if name.ends_with(".json") { HostFile::json(file) } else { HostFile::unit(file) }
        })
        .collect();
    DaemonConfig::of(&files)
}

#[test]
fn drop_ins_come_after_the_unit_by_name_and_empty_assignments_reset() {
    let files = [
        (
            "docker.service.d/20-b.conf",
            "[Service]\nExecStart=\nExecStart=dockerd -H fd:// --icc=false -l warn",
        ),
        ("docker.service.d/10-a.conf", "[Service]\nExecStart=dockerd --icc"),
        ("docker.service", "[Service]\nExecStart=/usr/bin/dockerd --insecure-registry r:5000 -D"),
    ];
    let config = config(&files);
    assert!(config.switch("icc").is_some_and(|(on, place)| !on && place.file.name().contains("20-b")));
    assert_eq!(config.text("log-level").map(|(level, _)| level), Some("warn"));
    assert_eq!(config.texts("hosts").map(|(host, _)| host).collect::<Vec<_>>(), ["fd://"]);
    assert!(config.settings("insecure-registries").next().is_none() && config.switch("debug").is_none());
}

#[test]
fn etc_wins_over_lib_and_a_drop_in_hides_one_of_its_name() {
    let files = [
        ("lib/systemd/system/docker.socket", "[Socket]\nListenStream=/run/docker.sock\nSocketMode=0660"),
        ("etc/systemd/system/docker.socket", "[Socket]\nListenStream=2375\nSocketMode=0600"),
        ("etc/systemd/system/docker.socket.d/x.conf", "[Socket]\nSocketGroup=wheel"),
        ("lib/systemd/system/docker.socket.d/x.conf", "[Socket]\nSocketMode=0666"),
    ];
    let socket = config(&files).socket.unwrap();
    assert_eq!(socket.mode.as_ref().unwrap().value, "0600");
    assert_eq!(socket.group.as_ref().unwrap().value, "wheel");
    assert_eq!(socket.network().count(), 1);
    assert!(!socket.has_file());
}

#[test]
fn what_cannot_be_read_may_set_anything() {
    assert!(config(&[("daemon.json", "{\"debug\": true")]).absence("icc").is_none());
    assert!(config(&[("docker.service", "[Service]\nExecStart=dockerd $OPTS")]).absence("icc").is_none());
    assert!(config(&[("daemon.json", "")]).absence("icc").is_some_and(|absence| !absence.certain));
    let both = [("daemon.json", "{}"), ("docker.service", "[Service]\nExecStart=dockerd")];
    assert!(config(&both).absence("icc").is_some_and(|absence| absence.certain));
    assert!(config(&[("docker.socket", "[Socket]")]).absence("icc").is_none());
    assert!(config(&[("daemon.json", "{\"dns\": []}")]).absence("dns").is_some());
}

#[test]
fn commands_are_found_behind_marks_and_shells() {
    for line in [
        "-/usr/bin/dockerd --icc=false",
        "@/usr/bin/dockerd docker --icc=false",
        "/bin/sh -c 'exec dockerd --icc=0'",
        "/usr/bin/env A=b dockerd -D --icc=f -H=unix:///x",
    ] {
        let text = format!("[Service]\nExecStart={line}\n");
        let config = config(&[("docker.service", &text)]);
        assert!(
            config
                .switch("icc")
                .is_some_and(|(on, place)| !on && place.file.slice(place.span).contains("icc")),
            "{line}"
        );
    }
    assert!(config(&[("docker.service", "[Service]\nExecStart=dockerd-rootless.sh")]).rootless);
}

#[test]
fn defaults_are_what_every_daemon_says() {
    let strict = config(&[("a/daemon.json", r#"{"no-new-privileges": true, "userns-remap": "default"}"#)]);
    let loose = config(&[("b/daemon.json", r#"{"no-new-privileges": true}"#)]);
    let socket = config(&[("c/docker.socket", "[Socket]")]);
    assert!(DaemonDefaults::of([&strict, &socket]).userns_remap);
    let both = DaemonDefaults::of([&strict, &loose]);
    assert!(both.no_new_privileges && !both.userns_remap && !both.seccomp_unconfined);
    assert_eq!(DaemonDefaults::of([]), DaemonDefaults::default());
}

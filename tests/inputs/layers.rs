//! Units of Podman's with their drop-ins, and units that are no containers by themselves.

use std::collections::BTreeMap;

use lint_core::{Linter, Settings, Source, SourceKind};

use crate::check;

/// What is found in all of some units: each rule with its file and the text it points at.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let texts: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let sources: Vec<Source> =
        files.iter().map(|(name, _)| Source::path(*name, SourceKind::Quadlet)).collect();
    let report = Linter::new(Settings::default()).lint_with(&sources, &texts);
    assert!(report.failures.is_empty(), "{:?}", report.failures);
    let told = report.findings().iter();
    let told = told.map(|finding| {
        let place = finding.file().slice(finding.span());
        format!("{} {} {place}", finding.file().name(), finding.rule().name)
    });
    let mut told: Vec<String> = told.collect();
    told.sort();
    told
}

const UNIT: (&str, &str) =
    ("q/web.container", "[Container]\nImage=docker.io/team/a:1\nNoNewPrivileges=true\nReadOnly=true\n");

#[test]
fn a_drop_in_is_judged_with_the_unit_it_is_one_of() {
    assert_eq!(told(&[UNIT]), Vec::<String>::new());
    // What is missing is told of the unit.
    let lacks = ("q/web.container", "[Container]\nImage=docker.io/team/a:1\nReadOnly=true\n");
    let other = ("q/web.container.d/10.conf", "[Container]\nLabel=a=b\n");
    assert_eq!(told(&[lacks, other]), ["q/web.container new-privileges-allowed [Container]"]);
    // What it adds is told there, and nothing twice.
    let adds =
        ("q/web.container.d/10.conf", "[Container]\nAddCapability=SYS_ADMIN\nPodmanArgs=--privileged\n");
    assert_eq!(
        told(&[UNIT, adds]),
        [
            "q/web.container.d/10.conf dangerous-capability SYS_ADMIN",
            "q/web.container.d/10.conf privileged-service --privileged",
        ]
    );
    let loosens = ("q/web.container.d/10.conf", "[Container]\nNoNewPrivileges=false\nNetwork=host\n");
    assert_eq!(
        told(&[UNIT, loosens]),
        [
            "q/web.container.d/10.conf host-network host",
            "q/web.container.d/10.conf new-privileges-allowed false",
        ]
    );
    // What it takes back or sets is no fault of the unit's.
    let unit =
        ("q/web.container", "[Container]\nImage=docker.io/team/a:1\nAddCapability=SYS_ADMIN\nUser=root\n");
    let mends = (
        "q/web.container.d/10.conf",
        "[Container]\nAddCapability=\nUser=1000\nNoNewPrivileges=true\nReadOnly=true\n",
    );
    assert_eq!(told(&[unit]).len(), 4);
    assert_eq!(told(&[unit, mends]), Vec::<String>::new());
    let of_all = ("q/container.d/10.conf", "[Container]\nVolume=/:/host\n");
    assert_eq!(
        told(&[UNIT, of_all]),
        ["q/container.d/10.conf engine-socket-exposed /", "q/container.d/10.conf writable-system-mount /",]
    );
    // By itself, of a unit that is elsewhere.
    assert_eq!(told(&[adds]).len(), 2);
    assert_eq!(told(&[mends]), Vec::<String>::new());
}

#[test]
fn units_that_are_no_containers() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("a.kube", "[Kube]\nYaml=a.yaml\n", &[]),
        ("a.kube", "[Kube]\nYaml=a.yaml\nNetwork=host\n", &["host-network: host"]),
        ("a.kube", "[Kube]\nYaml=a.yaml\nUserNS=host\n", &["host-user-namespace: host"]),
        ("a.kube", "[Kube]\nYaml=a.yaml\nUserNS=auto\nPublishPort=127.0.0.1:80:80\n", &[]),
        ("a.volume", "[Volume]\nVolumeName=data\n", &[]),
        ("a.volume", "[Volume]\nType=tmpfs\nDevice=tmpfs\n", &[]),
        ("a.volume", "[Volume]\nDevice=/srv/data\nType=none\nOptions=bind\n", &[]),
        ("a.volume", "[Volume]\nDevice=/etc\nType=none\nOptions=o=bind\n", &["writable-system-mount: /etc"]),
        ("a.volume", "[Volume]\nDevice=/dev/sdb1\nType=ext4\n", &[]),
        ("a.image", "[Image]\nImage=quay.io/a/a:1\n", &[]),
        ("a.image", "[Image]\nImage=quay.io/a/a:latest\n", &["unpinned-image: quay.io/a/a:latest"]),
        ("a.pod", "[Pod]\nPublishPort=127.0.0.1:80:80\n", &[]),
        ("a.pod", "[Pod]\nVolume=/etc:/e\n", &["writable-system-mount: /etc"]),
        ("a.pod", "[Pod]\nNetwork=web.network\nUserNS=keep-id\n", &[]),
        (
            "a.build",
            "[Build]\nImageTag=a\nSetWorkingDirectory=https://github.com/a/b.git\n",
            &["unpinned-build-context: https://github.com/a/b.git"],
        ),
        ("a.build", "[Build]\nImageTag=a\nFile=nowhere\n", &["missing-dockerfile: nowhere"]),
        ("a.container", "[Container]\nImage=a:1\n[Service]\nMemoryMax=1G\nRestart=always\n", &[]),
        ("web@.container", "[Container]\nImage=a:%i\nContainerName=web-%i\n", &[]),
        (
            "a.container",
            "[Container]\nImage=a:1\nPodmanArgs=--pid=host \\\n  --ipc host\n",
            &["host-pid-namespace: host", "host-ipc-namespace: host"],
        ),
        ("a.container", "[Container]\nImage=a:1\nVolume=a b:/c\nEnvironment=A=1 B=2\n", &[]),
        ("a.container", "[Container]\nImage=a:1\nUnmask=ALL\n", &["system-paths-unmasked: ALL"]),
    ];
    check(cases);
}

#[test]
fn files_of_bake_are_read_one_after_the_other() {
    let told = |first: &str, second: &str, judged: &str| -> Vec<String> {
        let texts = BTreeMap::from([
            ("docker-bake.hcl".to_owned(), first.to_owned()),
            ("docker-bake.override.hcl".to_owned(), second.to_owned()),
            ("Dockerfile".to_owned(), "FROM debian:13 AS web\nUSER 1000\n".to_owned()),
        ]);
        let report =
            Linter::new(Settings::default()).lint_with(&[Source::path(judged, SourceKind::Bake)], &texts);
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        let told = report.findings().iter().filter(|finding| finding.file().name() == judged);
        told.map(|finding| format!("{} {}", finding.rule().name, finding.file().slice(finding.span())))
            .collect()
    };
    let both = |first: &str, second: &str| {
        [told(first, second, "docker-bake.hcl"), told(first, second, "docker-bake.override.hcl")]
    };
    let none: Vec<String> = Vec::new();
    // What the later file takes back is not told of the first.
    let first = "target \"web\" {\n  network = \"host\"\n  target = \"nope\"\n}\n";
    let second = "target \"web\" {\n  network = \"default\"\n  target = \"web\"\n}\n";
    assert_eq!(both(first, second), [none.clone(), none.clone()]);
    assert_eq!(both(first, "")[0].len(), 2);
    // What it adds is told there.
    let second = "target \"web\" {\n  target = \"nope\"\n}\n";
    assert_eq!(
        both("target \"web\" {}\n", second),
        [none.clone(), vec!["unknown-build-target nope".to_owned()]]
    );
    let second = "target \"web\" {\n  dockerfile = \"missing\"\n}\n";
    assert_eq!(
        both("target \"web\" {\n  network = \"host\"\n}\n", second),
        [vec!["host-network-build host".to_owned()], vec!["missing-dockerfile missing".to_owned()]]
    );
    // Variables too: the last default counts.
    let first = "variable \"T\" { default = \"nope\" }\ntarget \"web\" {\n  target = T\n}\n";
    assert_eq!(both(first, "variable \"T\" { default = \"web\" }\n"), [none.clone(), none.clone()]);
    // And targets that are inherited.
    let first = "target \"base\" {\n  target = \"web\"\n}\n";
    let second = "target \"web\" {\n  inherits = [\"base\"]\n  entitlements = [\"security.insecure\"]\n}\n";
    assert_eq!(both(first, second), [none, vec!["privileged-build security.insecure".to_owned()]]);
}

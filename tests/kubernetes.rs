//! Manifests, alone and with the Dockerfile that builds their image: `fixtures/kubernetes/<group>/<case>` has the files of a case, and
//! `expected.txt` what is found under the default profile, a line for each finding. Half of the second group have nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lint_core::fix::{FixedFile, fix};
use lint_core::kind::{NameSays, by_name, by_text};
use lint_core::report::digest::{Digest, GroupBy, Item, Sort};
use lint_core::session::Session;
use lint_core::settings::DeclaredPodKind;
use lint_core::{Applicability, Linter, Report, RunProfile, Settings, Source, SourceKind};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubernetes")
}

fn read(root: &Path, path: &Path, texts: &mut BTreeMap<String, String>) {
    if path.is_dir() {
        std::fs::read_dir(path).unwrap().flatten().for_each(|entry| read(root, &entry.path(), texts));
    } else {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        texts.insert(name, std::fs::read_to_string(path).unwrap());
    }
}

/// What a search takes a file for.
fn kind(name: &str, text: &str) -> Option<SourceKind> {
    match by_name(Path::new(name)) {
        NameSays::Kind(kind) => Some(kind),
        NameSays::Perhaps { .. } => by_text(text),
        _ => None,
    }
}

fn lint(texts: &BTreeMap<String, String>) -> Report {
    let sources = texts.iter().filter_map(|(name, text)| Some(Source::path(name.clone(), kind(name, text)?)));
    let mut settings = Settings::default();
    settings.gather_evidence = true;
    Linter::new(settings).lint_with(&sources.collect::<Vec<_>>(), texts)
}

fn shown(report: &Report) -> String {
    let mut text = String::new();
    for finding in report.findings() {
        let service = finding.service.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
        let line = finding.file().line(finding.span().start());
        let name = finding.rule().name;
        let _ = writeln!(text, "{} {name} {}:{line}{service}", finding.severity, finding.file().name());
    }
    text
}

#[test]
fn each_case_is_judged_as_it_says() {
    let mut wrong = Vec::new();
    let (mut cases, mut silent) = (BTreeMap::new(), 0);
    for group in ["tricky", "both", "more"] {
        for case in std::fs::read_dir(fixtures().join(group)).unwrap().flatten() {
            let path = case.path();
            let mut texts = BTreeMap::new();
            read(&path, &path, &mut texts);
            let expected = texts.remove("expected.txt").unwrap_or_default();
            let report = lint(&texts);
            assert!(report.failures.is_empty(), "{}: {:?}", path.display(), report.failures);
            let found = shown(&report);
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(path.join("expected.txt"), &found).unwrap();
            } else if found != expected {
                wrong.push(format!("{}\n--- expected\n{expected}--- found\n{found}", path.display()));
            }
            *cases.entry(group).or_insert(0) += 1;
            silent += usize::from(group == "both" && found.is_empty());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases["tricky"] >= 40 && cases["both"] >= 30 && cases["more"] >= 8, "{cases:?}");
    assert!(silent >= 15, "{silent} are silent");
}

#[test]
fn kinds_that_somebody_names_hold_pods() {
    let text = "apiVersion: example.com/v1\nkind: Pool\nmetadata: {name: pool}\nspec:\n  workers:\n    - pod: {metadata: {labels: {a: b}}, spec: {containers: [{name: w, securityContext: {privileged: true}}]}}\n";
    let sources = [Source::new("pool.yaml", SourceKind::Kubernetes, Some(text.to_owned()))];
    assert_eq!(Linter::default().lint(&sources).findings().len(), 0);
    let mut settings = Settings::default();
    let mut kind = DeclaredPodKind::default();
    (kind.kind, kind.path) = ("Pool".to_owned(), "spec.workers[].pod.spec".to_owned());
    settings.pod_kinds = vec![kind];
    settings.gather_evidence = true;
    let report = Linter::new(settings).lint(&sources);
    assert!(report.findings().iter().any(|finding| finding.rule().name == "privileged-service"));
    let fields = report.pod_security[0].violations.iter().map(|violation| violation.field.as_str());
    assert!(
        fields
            .into_iter()
            .any(|field| field == "spec.workers[0].pod.spec.containers[0].securityContext.privileged")
    );
}

/// `fixes/<case>`: files as they are, and in `after/` what all fixes make of them under the strict profile.
#[test]
fn fixes_make_of_each_case_what_it_says() {
    let mut wrong = Vec::new();
    for case in std::fs::read_dir(fixtures().join("fixes")).unwrap().flatten() {
        let path = case.path();
        let mut all = BTreeMap::new();
        read(&path, &path, &mut all);
        let (expected, texts): (BTreeMap<_, _>, BTreeMap<_, _>) =
            all.into_iter().partition(|(name, _)| name.starts_with("after/"));
        let mut settings = Settings::default();
        settings.profile = RunProfile::Strict;
        let linter = Linter::new(settings);
        let sources =
            texts.iter().filter_map(|(name, text)| Some(Source::path(name.clone(), kind(name, text)?)));
        let sources: Vec<_> = sources.collect();
        let fixed = fix(&linter, &sources, &texts, Applicability::Unsafe, &|_| true).files;
        for FixedFile { name, after: text, .. } in &fixed {
            let place = path.join("after").join(name);
            if std::env::var_os("BLESS").is_some() {
                std::fs::create_dir_all(place.parent().unwrap()).unwrap();
                std::fs::write(&place, text).unwrap();
            } else if expected.get(&format!("after/{name}")) != Some(text) {
                wrong.push(format!("{}/{name}\n{text}", path.display()));
            }
        }
        assert!(fixed.len() >= expected.len() && !fixed.is_empty(), "{}", path.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn editors_are_told_of_pods_and_their_containers() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostPID: true\n  containers:\n    - name: web\n      image: nginx:1.31.0\n      securityContext: {allowPrivilegeEscalation: false}\n";
    let mut session = Session::new(Linter::default(), Box::new(BTreeMap::new()));
    session.set_sources([Source::new("pod.yaml", SourceKind::Kubernetes, Some(text.to_owned()))]);
    assert!(session.judge(&|| false));
    let facts = session.facts("pod.yaml");
    let hints: Vec<&str> = facts.hints.iter().map(|hint| hint.label.as_str()).collect();
    assert_eq!(hints, ["Pod Security: privileged", "runs as root"]);
    let at = |needle: &str| {
        let (_, parts) = session.hover("pod.yaml", text.find(needle).unwrap() + 1, &[]).unwrap();
        parts.join("\n")
    };
    assert!(
        at("web}").contains("`baseline` does not allow:\n\n- hostNamespaces: `spec.hostPID`"),
        "{}",
        at("web}")
    );
    assert!(at("web\n").contains("`allowPrivilegeEscalation: false`"), "{}", at("web\n"));
    assert!(at("nginx:").contains("**`nginx:1.31.0`**"));
}

/// What looks like a manifest and is none.
#[test]
fn other_yaml_is_left_alone() {
    let texts = [
        (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{run: ls}]\n",
        ),
        (
            "play.yml",
            "- hosts: all\n  tasks:\n    - kubernetes.core.k8s:\n        definition:\n          apiVersion: v1\n          kind: Pod\n          spec: {hostPID: true}\n",
        ),
        ("api.yaml", "openapi: 3.1.0\ninfo: {title: a, version: v1}\npaths: {}\n"),
        (
            "catalog-info.yaml",
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec: {type: service}\n",
        ),
        ("skaffold.yaml", "apiVersion: skaffold/v4beta6\nkind: Config\n"),
        ("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"),
        (
            "chart/values.yaml",
            "securityContext: {}\nimage: {repository: nginx, tag: latest}\nhostNetwork: true\n",
        ),
        (
            "chart/templates/pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: a}]}\n",
        ),
        (
            "chart/templates/deploy.yaml",
            "{{- if .Values.on }}\napiVersion: apps/v1\nkind: Deployment\nspec:\n  {{- toYaml .Values.x | nindent 2 }}\n{{- end }}\n",
        ),
        ("template.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n"),
        (
            "crd.yaml",
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\nspec: {group: example.com, versions: [{schema: {openAPIV3Schema: {properties: {hostPID: {type: boolean}}}}}]}\n",
        ),
        ("kind.yaml", "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{role: control-plane}]\n"),
        ("tsconfig.json", "{\"compilerOptions\": {}}\n"),
    ];
    let texts: BTreeMap<String, String> =
        texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let report = lint(&texts);
    assert_eq!(shown(&report), "");
    // The chart has one note, however many templates it has.
    let notes: Vec<_> = report.notes.iter().map(|note| note.file.as_str()).collect();
    assert_eq!(notes, ["chart/Chart.yaml"], "{:?}", report.notes);
}

#[test]
fn an_overlay_is_judged_once_and_each_finding_knows_its_file() {
    let texts = [
        ("base/kustomization.yaml", "resources: [deploy.yaml]\n"),
        (
            "base/deploy.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: web\n          securityContext: {privileged: false}\n",
        ),
        (
            "prod/kustomization.yaml",
            "resources: [../base]\nnamespace: shop\nimages: [{name: web, newTag: latest}]\npatches:\n  - path: patch.yaml\n  - target: {kind: Deployment}\n    patch: |-\n      - op: add\n        path: /spec/template/spec/hostPID\n        value: true\n",
        ),
        (
            "prod/patch.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          securityContext:\n            privileged: true\n",
        ),
    ];
    let texts: BTreeMap<String, String> =
        texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let report = lint(&texts);
    let places: Vec<String> = report
        .findings()
        .iter()
        .filter(|f| f.severity >= lint_core::Severity::Medium)
        .map(|f| format!("{} {}", f.rule().name, f.location()))
        .collect();
    assert_eq!(
        places,
        [
            "unpinned-image prod/kustomization.yaml:3:30",
            "host-pid-namespace prod/kustomization.yaml:10:16",
            "privileged-service prod/patch.yaml:10:25",
        ]
    );
    let levels: Vec<_> =
        report.pod_security.iter().map(|pod| (pod.kind.as_str(), pod.level.name())).collect();
    assert_eq!(levels, [("Deployment", "privileged")]);
}

/// Shapes that nobody writes by hand.
#[test]
fn hostile_shapes_end() {
    let mut nested = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [".repeat(60);
    nested.push_str(&"]}".repeat(60));
    let anchors = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\na: &a [x, x, x, x, x, x, x, x, x]\n{}spec: {{containers: *j}}\n",
        ["b", "c", "d", "e", "f", "g", "h", "i", "j"]
            .iter()
            .zip(["a", "b", "c", "d", "e", "f", "g", "h", "i"])
            .map(|(own, last)| format!(
                "{own}: &{own} [*{last}, *{last}, *{last}, *{last}, *{last}, *{last}]\n"
            ))
            .collect::<String>()
    );
    let many = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n{}",
        (0..3_000).map(|n| format!("  - {{name: c{n}, image: 'a:1'}}\n")).collect::<String>()
    );
    for (name, text) in [
        ("nested.json", nested),
        ("anchors.yaml", anchors),
        ("many.yaml", many),
        ("odd.yaml", "apiVersion: v1\nkind: Pod\nmetadata: []\nspec: {containers: {a: b}, volumes: x, securityContext: 1}\n".to_owned()),
        ("odder.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [1, [], {name: [], image: {}, ports: 3, env: [1], command: {a: b}}]}\n".to_owned()),
        ("kustomization.yaml", "resources: [., .., kustomization.yaml]\npatches: [{patch: '- {op: add, path: /a/b/c, value: 1}'}]\n".to_owned()),
        ("role.yaml", "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nrules: [1, {verbs: '*', resources: ['*']}, {verbs: ['*'], resources: ['*'], apiGroups: 1}]\n".to_owned()),
    ] {
        let texts = BTreeMap::from([(name.to_owned(), text)]);
        let report = lint(&texts);
        assert!(report.failures.is_empty(), "{name}: {:?}", report.failures);
    }
}

#[test]
fn what_containers_and_services_lack_is_told_apart() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\nspec:\n  template:\n    spec:\n      containers:\n        - {name: app, image: \"registry.example.org/app:1.2\"}\n";
    let service = "services:\n  web:\n    image: registry.example.org/web:1.2\n";
    let sources = [
        Source::compose("compose.yaml", service),
        Source::new("app.yaml", SourceKind::Kubernetes, Some(deployment.to_owned())),
    ];
    let report = Linter::default().lint(&sources);
    let digest = Digest::of(&report, Sort::Severity, GroupBy::Rule);
    let lacks = digest.items().filter_map(|item| match item {
        Item::Lack(lack) => Some((lack.is_of_pods(), lack.services.len(), lack.lines())),
        _ => None,
    });
    let lacks: Vec<_> = lacks.collect();
    let service = vec!["security_opt:", "  - no-new-privileges=true", "read_only: true"];
    let [(false, 1, of_service), (true, 1, of_pod)] = lacks.as_slice() else { panic!("{lacks:?}") };
    assert_eq!(*of_service, service);
    assert_eq!(of_pod.first(), Some(&"securityContext:"));
    assert!(!of_pod.iter().any(|line| service.contains(line)), "{of_pod:?}");
}

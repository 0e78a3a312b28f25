use super::*;

const DOCKERFILE: NameSays = NameSays::Kind(SourceKind::Dockerfile);
const COMPOSE: NameSays = NameSays::Kind(SourceKind::Compose);

#[test]
fn names_say_what_a_file_is() {
    for name in [
        "Dockerfile",
        "dockerfile",
        "Dockerfile.dev",
        "Dockerfile-dev",
        "Dockerfile.node",
        "Dockerfile_dev",
        "DOCKERFILE.PROD",
        "Containerfile",
        "containerfile.x",
        "api.dockerfile",
        "api.Dockerfile",
        ".dockerfile",
        "x.containerfile",
    ] {
        assert_eq!(by_name(Path::new(name)), DOCKERFILE, "{name}");
    }
    for name in [
        "compose.yaml",
        "compose.yml",
        "docker-compose.yml",
        "docker-compose.yaml",
        "compose.override.yaml",
        "docker-compose.prod.yml",
        "compose-prod.yml",
        "compose_dev.yaml",
        "COMPOSE.YAML",
    ] {
        assert_eq!(by_name(Path::new(name)), COMPOSE, "{name}");
    }
    for name in [
        "Dockerfile.dockerignore",
        ".dockerignore",
        "Dockerfile.bak",
        "Dockerfile~",
        "compose.yaml.orig",
        "Dockerfile.md",
        "Containerfile.containerignore",
        ".Dockerfile.swp",
    ] {
        assert_eq!(by_name(Path::new(name)), NameSays::Never, "{name}");
    }
    for name in ["Dockerfile.j2", "Dockerfile.tmpl", "Dockerfile.in", "Dockerfile.prod.erb"] {
        assert_eq!(by_name(Path::new(name)), NameSays::Template(SourceKind::Dockerfile), "{name}");
    }
    assert_eq!(by_name(Path::new("compose.yaml.j2")), NameSays::Template(SourceKind::Compose));
    for name in ["x.in", ""] {
        assert_eq!(by_name(Path::new(name)), NameSays::Unknown, "{name}");
    }
    for name in [
        "dockerfile_functions.sh",
        "dockerfile-lint.yml",
        "dockerfile.clj",
        "dockerfile-problems.png",
        "Dockerfile.go",
        "Dockerfile17.local",
        "DockerfileSecure",
        "mydockerfile",
        "x-compose.yaml",
        "docker_compose.yml",
    ] {
        assert_eq!(by_name(Path::new(name)), NameSays::Perhaps { is_near: true }, "{name}");
    }
    for name in ["values.yaml", "stack.yml", "stack.json"] {
        assert_eq!(by_name(Path::new(name)), NameSays::Perhaps { is_near: false }, "{name}");
    }
}

#[test]
fn the_daemons_files_are_known_by_name_and_directory() {
    for name in ["daemon.json", "etc/docker/daemon.json", "docker-daemon.json", "Daemon.JSON"] {
        assert_eq!(by_name(Path::new(name)), NameSays::Kind(SourceKind::DaemonJson), "{name}");
    }
    for name in ["docker.service", "x/docker.socket", "x/docker.service.d/10-a.conf", "containerd.service"] {
        assert_eq!(by_name(Path::new(name)), NameSays::Kind(SourceKind::SystemdUnit), "{name}");
    }
    assert_eq!(by_name(Path::new("daemon.json.j2")), NameSays::Template(SourceKind::DaemonJson));
    assert_eq!(by_name(Path::new("a.conf")), NameSays::Unknown);
    for name in ["nginx.service.d/a.conf", "nginx.service", "package.json"] {
        assert_eq!(by_name(Path::new(name)), NameSays::MayStart(SourceKind::Commands), "{name}");
    }
    assert!(is_another_daemon("{\"port\": 1}") && !is_another_daemon("{\"icc\": false}"));
    assert!(!is_another_daemon("") && !is_another_daemon("{}") && !is_another_daemon("{ \"a"));
}

#[test]
fn content_says_what_a_nameless_file_is() {
    let kinds = |texts: &[&str]| texts.iter().map(|text| by_content(text)).collect::<Vec<_>>();
    let dockerfiles =
        ["# syntax=docker/dockerfile:1\n\nFROM a", "ARG A=1\nFROM $A", "\u{FEFF}FROM a", "  RUN a", "FROM"];
    assert_eq!(kinds(&dockerfiles), [Some(SourceKind::Dockerfile); 5]);
    let compose = [
        "services:\n  a: {}",
        "---\n# c\nname: x\nservices: {}",
        "  services:\r\n    a:\r\n",
        "\"services\" : {}",
        "{\"name\": \"x\", \"services\": {}}",
        "{ x: [services], services: {} }",
        "include: [a.yaml]",
    ];
    assert_eq!(kinds(&compose), [Some(SourceKind::Compose); 7]);
    let neither = [
        "",
        "# only",
        "from os import path",
        "FROMage",
        "a:\n  services: {}",
        "- services:\n",
        "text\nservices",
        "{\"a\": {\"services\": 1}}",
        "services",
        "name: x\nversion: 1",
        "{\"",
        "{{ x }}",
        "é: 1",
    ];
    assert_eq!(kinds(&neither), [None; 13]);
}

#[test]
fn a_text_shows_what_a_file_is_that_its_name_leaves_open() {
    for text in ["FROM a\nRUN b\n", "# syntax=docker/dockerfile:1\nARG A\nFROM $A\n"] {
        assert_eq!(by_text(text), Some(SourceKind::Dockerfile), "{text}");
    }
    for text in [
        "services:\n  a:\n    image: b\n",
        "version: '3'\n# c\n\nservices:\n    a:\n        restart: always\n        build: .\n",
        "x-a: &a\n  image: b\nservices:\n  c:\n    <<: *a\n  d:\n    extends: {service: c}\n",
    ] {
        assert_eq!(by_text(text), Some(SourceKind::Compose), "{text}");
    }
    for text in [
        "#!/bin/sh\nprint() {\n\tcat <<-E\n\tFROM a\n\tE\n}\n",
        "LABEL a=b\nCMD [\"c\"]\n",
        "services:\n  _defaults:\n    autowire: true\n",
        "services:\n  - docker\n",
        "image: a\nservices:\n  b:\n    image: c\n",
        "steps:\n  a:\n    image: b\nservices:\n  c:\n    image: d\n",
        "services:\n  a:\n    environment:\n      image: b\n",
        "networks:\n  a: {}\n",
        "resolver: lts\n",
        "",
    ] {
        assert_eq!(by_text(text), None, "{text}");
    }
}

#[test]
fn only_plainly_other_mappings_are_passed_by() {
    for text in ["theme: dark\n", "a: 1\nb: 2", "name: x"] {
        assert!(is_another_mapping(text), "{text:?}");
    }
    for text in
        ["", "# nothing yet\n", "services\n  web:\n", "services:\n", "x-common: 1", "\tservices:\n", "- a\n"]
    {
        assert!(!is_another_mapping(text), "{text:?}");
    }
}

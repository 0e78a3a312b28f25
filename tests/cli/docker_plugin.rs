//! `docker plimsoll`, with the docker client where there is one; it needs no daemon for this.

#![cfg(unix)]

use std::process::Command;

use crate::tree::{CLEAN, PRIVILEGED, SELECT, Tree};

/// The docker client with this binary as its plugin; `None` where there is no client.
fn docker(tree: &Tree, args: &[&str]) -> Option<std::process::Output> {
    let plugins = tree.path().join("docker/cli-plugins");
    std::fs::create_dir_all(&plugins).unwrap();
    let link = plugins.join("docker-plimsoll");
    if !link.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_plimsoll"), link).unwrap();
    }
    let mut docker = Command::new("docker");
    docker.args(args).current_dir(tree.path()).env("DOCKER_CONFIG", tree.path().join("docker"));
    match docker.output() {
        Ok(output) => Some(output),
        Err(_) => {
            eprintln!("not tested: docker is not installed");
            None
        }
    }
}

#[test]
fn the_docker_client_runs_it_as_a_plugin() {
    let tree = Tree::new(&[("compose.yaml", PRIVILEGED), ("clean/compose.yaml", CLEAN)]);
    let select = "--select=privileged-service";
    let Some(check) = docker(&tree, &["plimsoll", "check", select, "-f=concise", "compose.yaml"]) else {
        return;
    };
    let text = String::from_utf8_lossy(&check.stdout).into_owned();
    assert_eq!(check.status.code(), Some(1), "{check:?}");
    assert!(text.contains("[privileged-service]"), "{check:?}");
    let clean = docker(&tree, &["--log-level", "error", "plimsoll", select, "clean"]).unwrap();
    assert_eq!(clean.status.code(), Some(0), "{clean:?}");
    for help in [&["plimsoll", "--help"][..], &["help", "plimsoll"], &["plimsoll", "help"]] {
        let text = String::from_utf8_lossy(&docker(&tree, help).unwrap().stdout).into_owned();
        assert!(text.contains("Usage: docker plimsoll "), "{help:?}: {text}");
    }
    let listed = docker(&tree, &["--help"]).unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("plimsoll*") && !listed.contains("Invalid Plugins"), "{listed}");
    let known = docker(&tree, &["info", "--format", "{{json .ClientInfo.Plugins}}"]).unwrap();
    let known = String::from_utf8_lossy(&known.stdout).into_owned();
    assert!(known.contains(r#""Name":"plimsoll""#) && !known.contains("\"Err\""), "{known}");
}

#[test]
fn what_it_is_as_a_plugin_is_said_without_reading_anything() {
    // A broken configuration would be told of by whoever reads it.
    let tree = Tree::new(&[(".plimsoll.yaml", "nonsense"), ("compose.yaml", SELECT)]);
    let run = tree.run(&["docker-cli-plugin-metadata"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let metadata: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(metadata["SchemaVersion"], "0.1.0");
    assert_eq!(metadata["Version"], env!("CARGO_PKG_VERSION"));
}

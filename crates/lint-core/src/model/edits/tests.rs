use std::collections::BTreeMap;

use super::*;
use crate::finding::fix::Applicability;
use crate::model::project::Project;
use crate::model::project::group::ProjectFiles;

/// The texts after an edit of a project of one file, and the fix's title; empty where there is no edit.
fn edited(text: &str, edit: impl Fn(&Project) -> Option<Change>) -> (String, String) {
    let files = BTreeMap::from([("compose.yaml".to_owned(), text.to_owned())]);
    let project = Project::load(&ProjectFiles::new(["compose.yaml"]), &files);
    let Some(change) = edit(&project) else { return Default::default() };
    let fix = change.fix("Do it", Applicability::Safe);
    let mut after = text.to_owned();
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    for edit in edits {
        after.replace_range(edit.span.range(), &edit.text);
    }
    (after, fix.title)
}

fn check(text: &str, expected: &str, edit: impl Fn(&Project) -> Option<Change>) {
    assert_eq!(edited(text, edit).0, expected, "from\n{text}");
}

/// Adds `read_only` and a list to the service `web`.
fn add(project: &Project) -> Option<Change> {
    let web = project.service("web")?;
    let new = [("read_only", Yaml::Bare("true")), ("tmpfs", Yaml::texts(["/tmp", "/run:exec"]))];
    project.editor_for(web).add_to_service(web, &new)
}

#[test]
fn keys_are_added_as_the_file_is_written() {
    for (text, expected) in [
        (
            "services:\n  web:\n    image: a\n",
            "services:\n  web:\n    image: a\n    read_only: true\n    tmpfs:\n      - /tmp\n      - /run:exec\n",
        ),
        // Four columns, lists that are not indented, and what follows.
        (
            "services:\n    web:\n        ports:\n        - \"80\"\n\n    db:\n        image: b\n",
            "services:\n    web:\n        ports:\n        - \"80\"\n        read_only: true\n        tmpfs:\n        - /tmp\n        - /run:exec\n\n    db:\n        image: b\n",
        ),
        // A last line that does not end; comments that belong to the service and to the next.
        (
            "services:\n  web:\n    image: a # x",
            "services:\n  web:\n    image: a # x\n    read_only: true\n    tmpfs:\n      - /tmp\n      - /run:exec",
        ),
        (
            "services:\n  web:\n    image: a\n    # ports:\n    #   - 80\n  # the database\n  db:\n    image: b\n",
            "services:\n  web:\n    image: a\n    # ports:\n    #   - 80\n    read_only: true\n    tmpfs:\n      - /tmp\n      - /run:exec\n  # the database\n  db:\n    image: b\n",
        ),
        // Between braces.
        (
            "services:\n  web: {image: a}\n",
            "services:\n  web: {image: a, read_only: true, tmpfs: [/tmp, /run:exec]}\n",
        ),
        (
            "services: {web: {image: a, }}\n",
            "services: {web: {image: a, read_only: true, tmpfs: [/tmp, /run:exec], }}\n",
        ),
        (
            "{\"services\": {\n  \"web\": {\n    \"image\": \"a\"\n  }\n}}",
            "{\"services\": {\n  \"web\": {\n    \"image\": \"a\",\n    \"read_only\": true,\n    \"tmpfs\": [\"/tmp\", \"/run:exec\"]\n  }\n}}",
        ),
        (
            "services:\n  web: {\n    image: a # x\n  }\n",
            "services:\n  web: {\n    image: a, # x\n    read_only: true,\n    tmpfs: [/tmp, /run:exec]\n  }\n",
        ),
        (
            "services:\n  web: {\n    image: a, # x\n  }\n",
            "services:\n  web: {\n    image: a, # x\n    read_only: true,\n    tmpfs: [/tmp, /run:exec],\n  }\n",
        ),
        // Texts that would take up what is put behind them.
        (
            "services:\n  web:\n    image: a\n    command: |+\n      x\n\n",
            "services:\n  web:\n    read_only: true\n    tmpfs:\n      - /tmp\n      - /run:exec\n    image: a\n    command: |+\n      x\n\n",
        ),
        (
            "services:\n  web:\n    image: a\n    command: |\n      x",
            "services:\n  web:\n    read_only: true\n    tmpfs:\n      - /tmp\n      - /run:exec\n    image: a\n    command: |\n      x",
        ),
        (
            "services:\n  web:\n    image: a\n    command: >\n      x\n\n\n# end\n",
            "services:\n  web:\n    image: a\n    command: >\n      x\n    read_only: true\n    tmpfs:\n      - /tmp\n      - /run:exec\n\n\n# end\n",
        ),
        // Nothing there.
        ("services:\n  web: {}\n", "services:\n  web: {read_only: true, tmpfs: [/tmp, /run:exec]}\n"),
        // A merge key: the service itself.
        (
            "x-a: &a {image: a}\nservices:\n  web:\n    <<: *a\n",
            "x-a: &a {image: a}\nservices:\n  web:\n    <<: *a\n    read_only: true\n    tmpfs:\n      - /tmp\n      - /run:exec\n",
        ),
        ("services:\n  web:\n    ? image\n    : a\n", ""),
        // Where it is set already, and where an alias is.
        ("services:\n  web:\n    image: a\n    read_only: false\n", ""),
    ] {
        check(text, expected, add);
    }
}

#[test]
fn what_others_share_is_said() {
    let text = "x-a: &a\n  image: a\nservices:\n  web: *a\n  api: *a\n  own:\n    <<: *a\n    tmpfs: [/x]\n  db:\n    image: b\n";
    let (after, title) = edited(text, add);
    assert!(after.starts_with("x-a: &a\n  image: a\n  read_only: true\n  tmpfs:\n    - /tmp\n"), "{after}");
    assert_eq!(title, "Do it, for `api` too");
    let text = "services:\n  web:\n    image: a\n  api:\n    extends: web\n";
    assert_eq!(edited(text, add).1, "Do it, for `api` too");
    let text = "services:\n  web: &w\n    image: a\n    environment: &e {A: b}\n  api:\n    image: a\n    environment: *e\n";
    assert_eq!(edited(text, add).1, "Do it");
}

#[test]
fn items_are_added_and_taken_out() {
    let append = |project: &Project| {
        let web = project.service("web")?;
        project
            .editor_for(web)
            .append(web.spec.cap_add.as_ref()?.origin, &[Yaml::text("CHOWN"), Yaml::text("KILL")])
    };
    for (text, expected) in [
        (
            "services:\n  web:\n    cap_add:\n      - A # a\n    image: a\n",
            "services:\n  web:\n    cap_add:\n      - A # a\n      - CHOWN\n      - KILL\n    image: a\n",
        ),
        (
            "services:\n  web:\n    cap_add:\n    - A",
            "services:\n  web:\n    cap_add:\n    - A\n    - CHOWN\n    - KILL",
        ),
        ("services:\n  web:\n    cap_add: [A]\n", "services:\n  web:\n    cap_add: [A, CHOWN, KILL]\n"),
        ("services:\n  web:\n    cap_add: []\n", "services:\n  web:\n    cap_add: [CHOWN, KILL]\n"),
        (
            "services:\n  web:\n    cap_add: [\n      A\n    ]\n",
            "services:\n  web:\n    cap_add: [\n      A,\n      CHOWN,\n      KILL\n    ]\n",
        ),
    ] {
        check(text, expected, append);
    }
    let remove = |project: &Project| {
        let web = project.service("web")?;
        let items = &web.spec.cap_add.as_ref()?.value.items;
        project.editor_for(web).remove_item(items.iter().find(|item| item.value.as_str() == "B")?.origin)
    };
    for (text, expected) in [
        (
            "services:\n  web:\n    image: a\n    cap_add:\n      - A\n      - B # b\n      # c\n      - C\n",
            "services:\n  web:\n    image: a\n    cap_add:\n      - A\n      # c\n      - C\n",
        ),
        (
            "services:\n  web:\n    image: a\n    cap_add:\n    - B\n    ports: []\n",
            "services:\n  web:\n    image: a\n    ports: []\n",
        ),
        ("services:\n  web:\n    image: a\n    cap_add: [B]\n", "services:\n  web:\n    image: a\n"),
        (
            "services:\n  web:\n    image: a\n    cap_add: [A, B]\n",
            "services:\n  web:\n    image: a\n    cap_add: [A]\n",
        ),
        (
            "services:\n  web:\n    image: a\n    cap_add: [B, C]\n",
            "services:\n  web:\n    image: a\n    cap_add: [C]\n",
        ),
        ("services:\n  web: {image: a, cap_add: [B]}\n", "services:\n  web: {image: a}\n"),
        ("services:\n  web: {cap_add: [B], image: a}\n", "services:\n  web: {image: a}\n"),
        ("services:\n  web:\n    image: a\n    cap_add: [\n      A,\n      B, # b\n      C\n    ]\n", ""),
        (
            "services:\n  web:\n    image: a\n    cap_add: [\n      A,\n      B,\n      C\n    ]\n",
            "services:\n  web:\n    image: a\n    cap_add: [\n      A,\n      C\n    ]\n",
        ),
        // The service would be left without anything.
        ("services:\n  web:\n    cap_add: [B]\n", ""),
        // An anchor that somebody may name.
        ("services:\n  web:\n    image: a\n    cap_add: [A, &b B]\n", ""),
        (
            "services:\n  web:\n    image: a\n    cap_add:\n    -\n      A\n    -\n      B\n    ports: []\n",
            "services:\n  web:\n    image: a\n    cap_add:\n    -\n      A\n    ports: []\n",
        ),
    ] {
        check(text, expected, remove);
    }
}

#[test]
fn keys_are_taken_out_with_their_lines() {
    let version = |project: &Project| {
        project.editor().remove_key_keeping_comment(project.value().get("version")?.key_origin)
    };
    for (text, expected) in [
        ("version: '3'\n\nservices: {}\n", "services: {}\n"),
        ("# a\nversion: '3'\n\nservices: {}\n", "# a\n\nservices: {}\n"),
        ("# a\n\nversion: '3'\n\nservices: {}\n", "# a\n\nservices: {}\n"),
        ("---\nversion: '3'\n\nservices: {}\n", "---\nservices: {}\n"),
        ("version: '3' # b\n\nservices: {}\n", "# b\n\nservices: {}\n"),
        ("services: {}\nversion: '3'", "services: {}\n"),
        ("\u{feff}version: '3'\nservices: {}\n", "\u{feff}services: {}\n"),
        ("version: '3'\r\n\r\nservices: {}\r\n", "services: {}\r\n"),
        ("{\"version\": \"3\", \"services\": {}}", "{\"services\": {}}"),
        ("{\"services\": {},\n \"version\": \"3\"}", "{\"services\": {}}"),
        ("? version\n: '3'\nservices: {}\n", ""),
    ] {
        check(text, expected, version);
    }
}

#[test]
fn scalars_and_keys_are_rewritten_in_their_quotes() {
    let replace = |project: &Project| {
        let web = project.service("web")?;
        project.editor_for(web).replace(web.spec.restart.as_ref()?.origin, "on-failure:5")
    };
    for (text, expected) in [
        (
            "services:\n  web:\n    restart: always # a\n",
            "services:\n  web:\n    restart: on-failure:5 # a\n",
        ),
        ("services:\n  web:\n    restart: 'always'\n", "services:\n  web:\n    restart: 'on-failure:5'\n"),
        ("services: {web: {restart: \"always\"}}\n", "services: {web: {restart: \"on-failure:5\"}}\n"),
        ("services:\n  web:\n    restart: ${R:-always}\n", ""),
        ("services:\n  web:\n    restart: !!str always\n", ""),
    ] {
        check(text, expected, replace);
    }
    let text = "x-r: &r always\nservices:\n  web:\n    restart: *r\n  api:\n    restart: *r\n";
    let (after, title) = edited(text, replace);
    assert_eq!((after.lines().next(), &*title), (Some("x-r: &r on-failure:5"), "Do it, for `api` too"));
    let rename =
        |project: &Project| project.editor().rename_key(project.value().get("volume")?.key_origin, "volumes");
    check("volume: {a: }\n", "volumes: {a: }\n", rename);
    check("{\"volume\": {}}\n", "{\"volumes\": {}}\n", rename);
    check("volume: {}\nvolumes: {}\n", "", rename);
}

#[test]
fn values_deep_in_a_service() {
    let set = |project: &Project| {
        let web = project.service("web")?;
        project.editor_for(web).set_in_service(
            web,
            &["deploy", "resources", "limits", "pids"],
            Yaml::Bare("200"),
        )
    };
    for (text, expected) in [
        (
            "services:\n  web:\n    image: a\n",
            "services:\n  web:\n    image: a\n    deploy:\n      resources:\n        limits:\n          pids: 200\n",
        ),
        (
            "services:\n  web:\n    deploy:\n      resources:\n        limits:\n          cpus: 1.0\n    image: a\n",
            "services:\n  web:\n    deploy:\n      resources:\n        limits:\n          cpus: 1.0\n          pids: 200\n    image: a\n",
        ),
        // Nothing there.
        (
            "services:\n  web:\n    deploy:\n    image: a\n",
            "services:\n  web:\n    deploy:\n      resources:\n        limits:\n          pids: 200\n    image: a\n",
        ),
        (
            "services:\n  web:\n    deploy: ~\n    image: a\n",
            "services:\n  web:\n    deploy: {resources: {limits: {pids: 200}}}\n    image: a\n",
        ),
        (
            "services:\n  web:\n    deploy: {replicas: 2}\n    image: a\n",
            "services:\n  web:\n    deploy: {replicas: 2, resources: {limits: {pids: 200}}}\n    image: a\n",
        ),
    ] {
        check(text, expected, set);
    }
}

use super::*;

fn errors(text: &str) -> Vec<String> {
    let file = SourceFile::new("c", text);
    let errors = read(text).expect_err(text);
    errors.iter().map(|error| error.located(&file)).collect()
}

#[test]
fn every_fault_is_told_with_its_place() {
    let text = "profil: strict\nignore: DL3008\nselect: [privileged-servce, 3]\nfail-on: hihg\nseverity:\n  privilegd-service: low\n  writable-root-filesystem: lowest\nsuppressions: {require-reasons: true, warn-unused: 3}\nfiles: [a]\nprojects: [a]\nbuild-args: {A: 3.20, B: [x]}\nper-file-ignores:\n  '[z-a]': [xyz]\n  a: {reason: x}\nfail-on: low\n";
    insta::assert_snapshot!(errors(text).join("\n"), @r#"
    c:1:1: unknown key `profil`; did you mean `profile`?
    c:2:9: `ignore` takes a list: write [DL3008]
    c:3:10: there is no rule `privileged-servce`; did you mean `privileged-service`?
    c:3:29: YAML takes `3` for something else than text; write "3"
    c:4:10: `fail-on` cannot be `hihg`; did you mean `high`?
    c:6:3: there is no rule `privilegd-service`; did you mean `privileged-service`?
    c:7:29: `writable-root-filesystem` cannot be `lowest`; there are critical, high, medium, low, style, off
    c:8:16: unknown key `require-reasons`; did you mean `require-reason`?
    c:8:52: `warn-unused` is true or false
    c:9:8: `files` is a mapping, not a list
    c:10:12: `projects` takes a list: write [a]
    c:11:17: YAML takes `3.20` for something else than text; write "3.20"
    c:11:26: `B` takes text, not a list
    c:13:3: `[z-a]` is no pattern: invalid range; 'z' > 'a'
    c:13:13: there is no rule `xyz`; `plimsoll rules` lists them
    c:14:6: `a` names no rules
    c:15:1: the key `fail-on` is there twice
    "#);
}

#[test]
fn items_of_projects_and_images_need_their_files() {
    let text = "projects:\n  - [a]\n  - {files: [a], directory: ., environment: {A: \"1\"}, profiles: [x]}\nimages: [{dockerfile: a}]\n";
    assert!(read(text).is_ok());
    assert_eq!(errors("projects:\n  - directory: a\n"), ["c:2:5: an item of `projects` needs `files`"]);
    let text = "images:\n  - {dockerfil: a, dockerfile: b}\n";
    assert_eq!(errors(text), ["c:2:6: unknown key `dockerfil`; did you mean `dockerfile`?"]);
    assert_eq!(errors("images: [a]"), ["c:1:10: an item of `images` is a mapping, not text"]);
}

#[test]
fn what_is_no_mapping_is_refused() {
    assert_eq!(errors("- a"), ["c:1:1: the configuration is a mapping, not a list"]);
    assert_eq!(errors("a: 1\n---\nb: 1"), ["c:3:1: a second document; a configuration file has one"]);
    assert_eq!(errors("a: &x 1\nignore: *x").len(), 2);
    assert_eq!(errors(&"{a: ".repeat(300)).len(), 1);
    assert_eq!(errors(&"a".repeat(LIMIT + 1)), ["c:1:1: larger than 1048576 bytes"]);
    for text in ["", "# nothing\n", "---\n", "~", "profile:\nignore: ~\n"] {
        assert_eq!(read(text).unwrap().options, Options::default(), "{text}");
    }
}

#[test]
fn the_table_of_keys_and_the_options_are_one() {
    let text = "extends: a\nrules-as-of: 0.1.0\npreview: true\nprofile: audit\nselect: [all]\nextend-select: [security]\nignore: [CL-0002]\nseverity: {writable-root-filesystem: off}\nfail-on: never\nexclude: ['!a/', '**/b']\nfiles: {dockerfile: [a], compose: [b], daemon-json: [c], systemd-unit: [d], quadlet: [e], commands: [f], pipeline: [g], bake: [h], devcontainer: [i], kubernetes: [j]}\nfixable: [all]\nunfixable: [hygiene]\nper-file-ignores: {a: [all], b: {rules: [all], reason: x}}\nper-service-ignores: {'db*': [privilege]}\nbuild-args: {A: '1'}\ntrusted-registries: [a]\nsuppressions: {allow-inline: true, require-reason: true, warn-unused: true, foreign: [hadolint, buildkit, dclint, shellcheck], foreign-all-covers-security: true}\nbaseline: b\nprojects: [[a, b]]\nimages: [{dockerfile: a}]\nkubernetes: {pods: [{group: a, kind: B, path: c}]}\npolicies: []\n";
    let read = read(text).unwrap();
    let value = serde_json::to_value(&read.options).unwrap();
    let object = value.as_object().unwrap();
    assert_eq!(read.places.len(), KEYS.len());
    assert!(KEYS.iter().all(|key| !object[key.name].is_null()) && object.len() == KEYS.len());
    for key in KEYS {
        if let Shape::Section(keys) = key.shape {
            let names: Vec<_> = keys.iter().map(|key| key.name).collect();
            let section = object[key.name].as_object().unwrap();
            assert!(names.iter().all(|name| section.contains_key(*name)) && section.len() == names.len());
        }
    }
}

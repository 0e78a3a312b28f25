//! `plimsoll project`.

use crate::tree::Tree;

const BASE: &str = "name: shop\nservices:\n  web:\n    build: .\n    ports: [\"8080:80\"]\n    depends_on: [db]\n    environment:\n      DATABASE: ${DATABASE:-shop}\n      TOKEN: ${TOKEN}\n  db:\n    image: postgres:17.2\n    volumes: [\"data:/var/lib/postgresql/data\"]\nvolumes:\n  data:\n  unused:\n";
const OVERRIDE: &str = "services:\n  web:\n    read_only: true\n    environment: [DEBUG=1]\n";

#[test]
fn the_project_is_printed_as_compose_makes_it() {
    let tree =
        Tree::new(&[("compose.yaml", BASE), ("compose.override.yaml", OVERRIDE), (".env", "DATABASE=$$x\n")]);
    let run = tree.run(&["project", "--provenance"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout, @r#"
    name: shop
    services:
      db:
        image: postgres:17.2
        networks:
          default: null
        volumes:
          - type: volume
            source: data
            target: /var/lib/postgresql/data
            volume: {}
      web:
        build:
          context: .
          dockerfile: Dockerfile
        depends_on:
          db:
            condition: service_started
            required: true
        environment:
          DATABASE: $$x
          DEBUG: "1" # compose.override.yaml:4
          TOKEN: ""
        networks:
          default: null
        ports:
          - mode: ingress
            target: 80
            published: "8080"
            protocol: tcp
        read_only: true # compose.override.yaml:3
    networks:
      default:
        name: shop_default
    volumes:
      data:
        name: shop_data
    "#);
    // What is printed is the project again.
    let again = Tree::new(&[("compose.yaml", &tree.run(&["project"]).stdout)]);
    assert_eq!(again.run(&["project"]), tree.run(&["project"]));
    let json = tree.run(&["project", "--output-format", "json", "."]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["services"]["web"]["ports"][0]["published"], "8080");
}

#[test]
fn files_are_those_named_and_no_other() {
    let tree = Tree::new(&[
        ("shop/compose.yaml", BASE),
        ("shop/compose.override.yaml", OVERRIDE),
        ("shop/prod.yaml", "services:\n  web:\n    restart: always\n"),
    ]);
    let own = tree.run(&["project", "-f", "shop/compose.yaml", "--file", "shop/prod.yaml"]).stdout;
    assert!(own.contains("restart: always") && !own.contains("read_only"), "{own}");
    let found = tree.run(&["project", "shop"]).stdout;
    assert!(!found.contains("restart: always") && found.contains("read_only"), "{found}");
    assert_eq!(tree.run(&["project", "shop/compose.override.yaml"]).stdout, found);
}

#[test]
fn the_directory_names_a_project_without_a_name() {
    let tree = Tree::new(&[("My Shop/compose.yaml", "services:\n  web:\n    image: a\n")]);
    let named = "name: myshop\n";
    assert!(tree.run(&["project", "My Shop"]).stdout.starts_with(named));
    let mut inside = tree.command(&["project"]);
    inside.current_dir(tree.path().join("My Shop"));
    let run: crate::tree::Run = inside.output().unwrap().into();
    assert!(run.stdout.starts_with(named), "{run:?}");
}

#[test]
fn what_compose_refuses_is_said_with_its_place() {
    let tree = Tree::new(&[("compose.yaml", "services:\n  web:\n    image: a\n    privledged: true\n")]);
    let run = tree.run(&["project"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("[compose.yaml:4:5]") && run.stdout.contains("did you mean `privileged`?"),
        "{run:?}"
    );
    assert_eq!(run.stdout, tree.run(&["check", "--select", "invalid-compose"]).stdout);
}

#[test]
fn what_is_no_project_is_an_error() {
    let tree = Tree::new(&[("Dockerfile", "FROM a\n")]);
    let stderr = |args: &[&str]| {
        let run = tree.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}");
        run.stderr
    };
    assert_eq!(stderr(&["project"]), "error: no Compose file found in .\n");
    assert!(stderr(&["project", "-f", "missing.yaml"]).contains("missing.yaml"));
    assert!(stderr(&["project", "--provenance", "--output-format=json"]).contains("JSON has no comments"));
    assert_eq!(tree.run(&["project", ".", "-f", "a.yaml"]).code, 2);
}

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

const DECLARED: &str = "projects: [[shop/base.yaml, shop/prod.yaml]]\n";

#[test]
fn a_project_of_the_configuration_is_that_project() {
    let tree = Tree::new(&[
        (".plimsoll.yaml", DECLARED),
        ("shop/base.yaml", BASE),
        ("shop/prod.yaml", "services:\n  web:\n    restart: always\n"),
        ("other.yaml", "projects: [[shop/base.yaml]]\n"),
    ]);
    let whole = tree.run(&["project", "-f", "shop/base.yaml", "-f", "shop/prod.yaml"]);
    assert!(whole.stdout.contains("restart: always"), "{whole:?}");
    for path in ["shop/base.yaml", "shop/prod.yaml", "shop", "./shop/"] {
        assert_eq!(tree.run(&["project", path]), whole, "{path}");
    }
    let alone = tree.run(&["project", "--isolated", "shop/base.yaml"]);
    assert!(!alone.stdout.contains("restart: always"), "{alone:?}");
    assert_eq!(tree.run(&["project", "--config", "other.yaml", "shop/base.yaml"]), alone);
    assert_eq!(tree.run(&["project", "--isolated", "shop"]).code, 2);
}

#[test]
fn a_file_of_several_projects_needs_a_choice() {
    let tree = Tree::new(&[
        (".plimsoll.yaml", "projects: [[compose.yaml, a.yaml], [compose.yaml, b.yaml]]\n"),
        ("compose.yaml", BASE),
        ("a.yaml", "services: {}\n"),
        ("b.yaml", "services:\n  web:\n    restart: always\n"),
    ]);
    insta::assert_snapshot!(tree.run(&["project"]).stderr, @r"
    error: compose.yaml is part of 2 projects of the configuration; choose one: -f compose.yaml -f a.yaml, or -f compose.yaml -f b.yaml
    ");
    assert!(tree.run(&["project", "b.yaml"]).stdout.contains("restart: always"));
    tree.write(".plimsoll.yaml", b"projcts: []\n");
    let run = tree.run(&["project"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (2, "error: .plimsoll.yaml:1:1: unknown key `projcts`; did you mean `projects`?\n")
    );
}

#[test]
fn standard_input_is_a_file_like_others() {
    let tree = Tree::new(&[("compose.yaml", BASE), (".env", "DATABASE=x\n"), ("prod.yaml", OVERRIDE)]);
    let run = |args: &[&str]| tree.run_on(BASE.as_bytes(), &[&["project"], args].concat());
    let named = tree.run(&["project", "-f", "compose.yaml"]);
    assert_eq!((named.code, named.stdout.contains("DATABASE: x")), (0, true));
    assert_eq!(run(&["-"]), named);
    assert_eq!(run(&["-f", "-"]), named);
    let both = run(&["-f", "-", "-f", "prod.yaml", "--provenance"]).stdout;
    assert!(both.contains("read_only: true # prod.yaml:3"), "{both}");
    let broken = tree.run_on(b"services:\n  web:\n    imge: a\n", &["project", "-"]);
    assert!(broken.code == 1 && broken.stdout.contains("[-:3:5]"), "{broken:?}");
    let twice = run(&["-f", "-", "-f", "-"]);
    assert!(twice.code == 2 && twice.stderr.contains("not several"), "{twice:?}");
    let latin = tree.run_on(b"a: \xE9", &["project", "-"]);
    assert_eq!((latin.code, latin.stderr.as_str()), (2, "error: -:1:4: not UTF-8 text (byte 0xE9)\n"));
}

#[test]
fn the_files_that_the_environment_names_are_the_project() {
    let tree = Tree::new(&[
        (".env", "COMPOSE_FILE=base.yml:extra.yml\nCOMPOSE_PROJECT_NAME=harbour\n"),
        ("base.yml", "services: {web: {image: nginx}}\n"),
        ("extra.yml", "services: {web: {tty: true}}\n"),
        // Compose would find it, if it were not told.
        ("compose.yaml", "services: {other: {image: nginx}}\n"),
    ]);
    let run = tree.run(&["project", "--output-format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&json["services"]["web"]["tty"], &json["name"]), (&true.into(), &"harbour".into()));
    assert!(json["services"].get("other").is_none());
    // Alone it is no project.
    assert_eq!(tree.run(&["project", "-f", "extra.yml"]).code, 1);
}

#[test]
fn what_is_invalid_with_an_empty_variable_is_refused() {
    let text = "services: {web: {image: \"${IMAGE}\", volumes: [\"${DIR}:/x\"], tty: \"${TTY:?say so}\"}}\n";
    let tree = Tree::new(&[("compose.yaml", text)]);
    let run = tree.run(&["project"]);
    assert_eq!(run.code, 1);
    for message in [
        "neither an image nor a build context",
        "empty section between colons",
        "required variable TTY is missing a value: say so",
    ] {
        assert!(run.stdout.contains(message), "{message}: {}", run.stdout);
    }
    // `check` cannot know what they are where the project is deployed.
    assert_eq!(tree.run(&["check", "--isolated", "--select", "invalid-compose"]).code, 0);
    assert_eq!(
        Tree::new(&[("compose.yaml", text), (".env", "IMAGE=a\nDIR=.\nTTY=yes\n")]).run(&["project"]).code,
        0
    );
}

#[test]
fn what_a_service_lacks_alone_and_with_an_overlay_is_told_once() {
    let tree = Tree::new(&[
        ("Makefile", "up:\n\tdocker compose -f compose.yml -f compose.prod.yml up -d\n"),
        ("compose.yml", "services:\n  api: {image: 'api:1'}\n  db: {image: 'postgres:17.2'}\n"),
        ("compose.prod.yml", "services:\n  api: {security_opt: ['no-new-privileges:true']}\n"),
    ]);
    let run = tree.run(&["check", "--select", "new-privileges-allowed", "--output-format", "concise"]);
    let places: Vec<&str> = run.stdout.lines().map(|line| line.split(": ").next().unwrap_or("")).collect();
    // Nothing starts `api` without what the overlay brings.
    assert_eq!(places, ["compose.yml:3:3"], "{run:?}");
}

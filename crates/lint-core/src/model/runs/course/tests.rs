use std::sync::Arc;

use lint_parser::shell;
use lint_parser::text::mapped::Mapped;

use super::*;
use crate::model::runs::files::{is_removed, removed, written};
use crate::model::runs::{By, Commands};

fn runs(script: &str) -> Runs {
    let script = shell::parse(&Mapped::verbatim(script, 0)).tree;
    Runs::of(&Commands::Script(Arc::new(script)), By::Run)
}

/// The words of every call of `see`, as paths.
fn seen(script: &str) -> Vec<String> {
    let (runs, variables) = (runs(script), Variables::default());
    let course = Course::of(&runs, Some("/srv"), &variables, true);
    let calls = course.steps.iter().filter(|step| step.program.name() == Some("see"));
    calls.flat_map(|step| step.program.args().iter().flat_map(|arg| course.paths(step, arg))).collect()
}

#[test]
fn paths_are_followed_through_a_script() {
    for (script, paths) in [
        ("see a ./b ../c /d/", &["/srv/a", "/srv/b", "/c", "/d"][..]),
        ("cd /var/lib && see apt", &["/var/lib/apt"]),
        ("(cd /var/lib; see apt); see apt", &["/var/lib/apt", "/srv/apt"]),
        ("cd /a; cd b; cd -; see x", &["/a/x"]),
        ("pushd /a; popd; see x", &["/srv/x"]),
        ("cd /a | true; see x", &["/srv/x"]),
        ("D=/a; see $D/b \"${D}\"/c '$D'", &["/a/b", "/a/c", "$D"]),
        ("D=/a; (D=/b; see $D); see $D", &["/b", "/a"]),
        ("D=/a; sh -c 'see x'; see $D", &["/srv/x", "/a"]),
        ("export D=/a; see $D", &["/a"]),
        ("D=/a; D+=/b; see $D", &["/a/b"]),
        ("see ${D:-/a}", &["/a"]),
        ("D=/a.tar.gz; see ${D%.gz} ${D%%.*} ${D##*/}", &["/a.tar", "/a", "/srv/a.tar.gz"]),
        ("for d in /a /b; do see $d/x; done", &["/a/x", "/b/x"]),
        (
            "for d in a b; do for e in c d; do see $d$e; done; done",
            &["/srv/ac", "/srv/ad", "/srv/bc", "/srv/bd"],
        ),
        ("see /a/{b,c}", &["/a/b", "/a/c"]),
        ("see $(pwd)/a $(basename /x/y.gz .gz) $(dirname /x/y)", &["/srv/a", "/srv/y", "/x"]),
        ("see ~/a $HOME/b", &["~/a", "~/b"]),
        ("f() { see a; }; cd /x; f; f", &["/x/a", "/x/a"]),
        ("f() { see a; }", &[]),
        ("f() { see \"$1\" $2; }; f /a b; f /c", &["/a", "/srv/b", "/c", "${2}"]),
        ("f() { f; see a; }; f", &["/srv/a"]),
        ("f() { D=/x; }; f; see $D", &["/x"]),
        ("trap 'see $D' EXIT; D=/a", &["/a"]),
        ("read D; see $D", &["${D}"]),
        ("see $X", &["${X}"]),
    ] {
        assert_eq!(seen(script), paths, "{script}");
    }
}

#[test]
fn what_is_not_known_is_the_same_wherever_it_is_used() {
    for (script, is_same) in [
        ("d=$(mktemp -d); see $d; see \"$d\"", true),
        ("d=$(mktemp -d); e=$(mktemp -d); see $d $e", false),
        ("a=$(dpkg --print-architecture); see x-$a x-$(dpkg --print-architecture)", true),
    ] {
        let paths = seen(script);
        assert_eq!(paths[0] == paths[1], is_same, "{script}: {paths:?}");
    }
}

#[test]
fn what_a_script_writes() {
    let paths = |script: &str| {
        let (runs, variables) = (runs(script), Variables::default());
        let course = Course::of(&runs, Some("/srv"), &variables, true);
        written(&course).into_iter().map(|one| one.path).collect::<Vec<_>>()
    };
    for (script, expected) in [
        ("echo a > b >> /c", &["/srv/b", "/c"][..]),
        ("{ echo a; echo b; } > /x", &["/x"]),
        ("cd /etc; (echo a) >> hosts", &["/etc/hosts"]),
        ("echo a | tee -a /x y", &["/x", "/srv/y"]),
        ("cp a /etc/", &["/etc/a"]),
        ("install -m 600 -t /etc a b", &["/etc/a", "/etc/b"]),
        ("sed -i s/a/b/ /x", &["/x"]),
        ("sed s/a/b/ /x", &[]),
        ("curl -o /x https://y; wget -P /z https://y/a?b", &["/x", "/z/a"]),
        ("gpg --dearmor -o /k a; gpg --output=/l b", &["/k", "/l"]),
        ("dd if=/a of=/b", &["/b"]),
        ("cat < /a 2>/dev/null", &["/dev/null"]),
    ] {
        assert_eq!(paths(script), expected, "{script}");
    }
}

#[test]
fn what_a_script_takes_away() {
    for (script, path) in [
        ("true; rm -rf /x", "/x/y"),
        ("true; cd /var/lib && rm -rf apt", "/var/lib/apt/lists"),
        ("true; (cd /x && rm -rf *)", "/x"),
        ("true; cd /x; find . -type f -delete", "/x"),
        ("true; find /x -name '*' -exec rm {} +", "/x"),
        ("true; find /x | xargs rm -f", "/x"),
        ("true; for d in /x /y; do rm -r \"$d\"; done", "/y"),
        ("d=/x; trap 'rm -rf \"$d\"' EXIT; true", "/x/y"),
        ("true; rm /etc/sudoers.d/*", "/etc/sudoers.d/x"),
        ("true; rm /tmp/*.tgz", "/tmp/a.tgz"),
        ("true; mv /x /y", "/x"),
    ] {
        let (runs, variables) = (runs(script), Variables::default());
        let course = Course::of(&runs, Some("/srv"), &variables, true);
        assert!(is_removed(&removed(&course), path, 0), "{script}");
    }
    for (script, path) in [
        ("true; rm -rf /x/y", "/x"),
        ("rm -rf /x; true", "/x"),
        ("true; find /x -type f", "/x"),
        ("true; cd /y && rm -rf apt", "/var/lib/apt"),
        ("true; rm /tmp/*.tgz", "/tmp/a.deb"),
        ("f() { rm -rf /x; }; true; true", "/x"),
    ] {
        let (runs, variables) = (runs(script), Variables::default());
        let course = Course::of(&runs, Some("/srv"), &variables, true);
        assert!(!is_removed(&removed(&course), path, 0), "{script}");
    }
}

#[test]
fn scripts_that_grow_are_cut() {
    // Functions that call one another twice each, and words that double.
    let functions: Vec<String> =
        (0..40).map(|n| format!("f{n}() {{ f{m}; f{m}; see; }}", m = n + 1)).collect();
    let (text, variables) = (format!("{}; f0; f0", functions.join("; ")), Variables::default());
    let many = runs(&text);
    assert!(Course::of(&many, None, &variables, true).steps.len() <= MAX_STEPS);
    let doubled = "a=x; ".to_owned() + &"a=$a$a; ".repeat(64) + "see $a";
    assert!(seen(&doubled)[0].len() <= 8192);
    let nested = format!("see {}", "{a,b}".repeat(40));
    assert!(seen(&nested).len() <= 64);
}

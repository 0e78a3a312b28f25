use lint_parser::shell;
use lint_parser::text::mapped::Mapped;

use std::sync::Arc;

use super::*;
use crate::model::runs::{By, Commands, Runs};
use crate::model::values::variables::Variables;

fn read(line: &str) -> Vec<Download> {
    let script = shell::parse(&Mapped::verbatim(line, 0)).tree;
    let runs = Runs::of(&Commands::Script(Arc::new(script)), By::Run);
    downloads(&Course::of(&runs, Some("/srv"), &Variables::default(), true))
}

#[test]
fn what_runs_what_was_fetched() {
    for (line, runner) in [
        ("curl -fsSL https://x | sh", "sh"),
        ("curl -fsSL https://x | sudo -E bash -s -- --yes", "bash"),
        ("wget -qO- https://x | bash -", "bash"),
        ("wget -O - https://x | python3 -", "python3"),
        ("curl https://x | tee log | gunzip | sh -ex", "sh"),
        ("curl https://x | (cd /tmp && sh)", "sh"),
        ("{ curl https://x; } | sh", "sh"),
        ("sh -c \"$(curl -fsSL https://x)\"", "sh"),
        ("bash <(curl -s https://x) arg", "bash"),
        ("eval \"$(curl https://x)\"", "eval"),
        ("source <(curl https://x)", "source"),
        ("sh -c 'curl https://x | bash'", "bash"),
        ("sh -c 'curl https://x' | bash", "bash"),
    ] {
        let found = read(line);
        let name = found.first().and_then(|download| download.runner.as_ref()).map(|runner| &*runner.name);
        assert_eq!(name, Some(runner), "{line}");
    }
}

#[test]
fn what_nothing_runs() {
    for line in [
        "curl https://x | tar xz",
        "curl https://x | python3 -c 'import json'",
        "curl https://x | python3 -m json.tool",
        "curl https://x | bash script.sh",
        "curl https://x | perl -pe s/a/b/",
        "curl https://x -o f | sh",
        "wget https://x | sh",
        "curl https://x > f; cat g | sh",
        "bash -c \"echo $(curl https://x)\"",
        "bash script.sh \"$(curl https://x)\"",
        "curl https://x | apt-key add -",
        "echo \"$(curl https://x)\"",
    ] {
        assert!(read(line).iter().all(|download| download.runner.is_none()), "{line}");
    }
}

#[test]
fn options() {
    for (line, insecure) in [
        ("curl -fsSLk https://x", true),
        ("curl --insecure https://x", true),
        ("curl -o -k https://x", false),
        ("curl -H '-k' https://x", false),
        ("wget --no-check-certificate https://x", true),
        ("wget -e check_certificate=off https://x", true),
        ("wget -nv -k https://x", false),
        ("aria2c --check-certificate=false https://x", true),
    ] {
        assert_eq!(read(line)[0].insecure.is_some(), insecure, "{line}");
    }
    assert!(
        read("curl -I https://x")[0].fetches_nothing && read("curl -X POST https://x")[0].fetches_nothing
    );
    assert!(read("curl https://x -o f && sha256sum -c s")[0].verified);
    assert!(!read("sha256sum -c s && curl https://x -o f")[0].verified);
}

#[test]
fn addresses() {
    for (line, plain) in [
        ("curl http://example.com/x", true),
        ("curl HTTP://example.com/x", true),
        ("curl example.com/x", true),
        ("wget -O f http://u:p@example.com:80/$V.tgz", true),
        ("curl https://example.com", false),
        ("curl http://localhost:8080", false),
        ("curl http://[::1]/", false),
        ("curl http://$HOST/x", false),
        ("curl $URL", false),
        ("curl ftp://example.com", false),
    ] {
        assert_eq!(read(line)[0].urls[0].is_plain_http(), plain, "{line}");
    }
}

/// What is checked, and how what is not is used.
#[test]
fn what_becomes_of_a_file() {
    use UseKind::{Installed, Run, Unpacked};
    for (line, kind, verified) in [
        ("curl -o k.tgz https://x/k.tgz && tar xzf k.tgz -C /opt", Some(Unpacked), false),
        ("curl https://x/k.tgz | tar -xz", Some(Unpacked), false),
        ("curl https://x/k.gz | gunzip > /bin/k && chmod +x /bin/k", Some(Run), false),
        ("wget https://x/k.zip; unzip k.zip", Some(Unpacked), false),
        ("wget -P /tmp https://x/k.deb && dpkg -i /tmp/k.deb", Some(Installed), false),
        ("cd /tmp && wget https://x/k.deb && apt-get install -y ./*.deb", Some(Installed), false),
        ("curl -Lo /tmp/k https://x/k && install /tmp/k /usr/local/bin/k", Some(Run), false),
        ("curl -Lo /tmp/k https://x/k && install -m 0644 /tmp/k /etc/k", None, false),
        ("curl -Lo /tmp/k https://x/k && mv /tmp/k /bin && chmod 755 /bin/k", Some(Run), false),
        ("curl -Lo k https://x/k && bash ./k", Some(Run), false),
        ("curl -LO https://x/k.sh && chmod a+x k.sh", Some(Run), false),
        ("V=1.2 && curl -LO https://x/k-$V.tgz && tar -xf k-$V.tgz", Some(Unpacked), false),
        ("curl -Lo /etc/k.conf https://x/k.conf && chmod 644 /etc/k.conf", None, false),
        ("curl -Lo k https://x/k && echo 'abc  k' | sha256sum -c && bash k", Some(Run), true),
        (
            "curl -Lo k.tgz https://x/k && echo 'abc  j.tgz' | sha256sum -c && tar xf k.tgz",
            Some(Unpacked),
            false,
        ),
        ("curl -LO https://x/k.tgz && gpg --verify k.tgz.asc && tar xf k.tgz", Some(Unpacked), true),
        ("curl -LO https://x/k.tgz && gpg --verify j.sig j.tgz && tar xf k.tgz", Some(Unpacked), false),
        ("curl -LO https://x/k.tgz && sha256sum -c SHA256SUMS && tar xf k.tgz", Some(Unpacked), true),
        (
            "curl -LO https://x/k.tgz && test \"$(sha256sum k.tgz)\" = \"$S\" && tar xf k.tgz",
            Some(Unpacked),
            true,
        ),
        ("F=k.tgz; curl -Lo $F https://x && echo \"$S  $F\" | sha256sum -c; tar xf $F", Some(Unpacked), true),
        ("for t in a b; do wget https://x/$t.tgz; tar xf $t.tgz; done", Some(Unpacked), false),
        ("d=$(mktemp -d); curl -o $d/k https://x/k; chmod +x \"$d/k\"", Some(Run), false),
    ] {
        let found = read(line);
        assert_eq!((found[0].used.map(|one| one.kind), found[0].verified), (kind, verified), "{line}");
    }
}

use std::sync::Arc;

use lint_parser::shell;
use lint_parser::shell::ast::Script;
use lint_parser::text::mapped::Mapped;

use super::*;
use crate::model::runs::{By, Commands, Runs};

fn of_script(script: Script) -> Vec<PackageCommand> {
    package_commands(&Runs::of(&Commands::Script(Arc::new(script)), By::Run).programs)
}

/// One call, as `manager action operands | options`.
fn read(line: &str) -> Vec<String> {
    let script = shell::parse(&Mapped::verbatim(line, 0)).tree;
    let show = |command: &PackageCommand| {
        let operands: Vec<_> = command.operands.iter().map(|word| word.text.text()).collect();
        let options: Vec<_> = command
            .options
            .iter()
            .map(|option| match &option.value {
                Some(value) => format!("{}={value}", option.name),
                None => option.name.clone(),
            })
            .collect();
        format!("{:?} {:?} {} | {}", command.manager, command.action, operands.join(" "), options.join(" "))
    };
    of_script(script).iter().map(show).collect()
}

#[test]
fn calls_have_options_and_operands() {
    let script =
        shell::parse(&Mapped::verbatim("apt-get update && apt-get -qy install curl=8.5.0-2", 0)).tree;
    let found = of_script(script);
    assert_eq!((found[0].manager, found[0].action), (Manager::Apt, Action::Refresh));
    assert_eq!(found[1].action, Action::Install);
    assert!(found[1].option(&["-y", "--yes"]).is_some());
    assert!(found[1].operands[0].is("curl=8.5.0-2"));
}

#[test]
fn every_manager_says_what_it_does() {
    for (line, expected) in [
        ("apt-get -qq update", "Apt Refresh  | -q -q"),
        (
            "apt-get install -y --no-install-recommends curl=8 $X",
            "Apt Install curl=8 $X | -y --no-install-recommends",
        ),
        ("apt -o Dpkg::Use-Pty=0 -tsid install a", "Apt Install a | -o=Dpkg::Use-Pty=0 -t=sid"),
        ("apt-get -y dist-upgrade", "Apt Upgrade  | -y"),
        ("apk add --no-cache -t .deps gcc", "Apk Install gcc | --no-cache -t=.deps"),
        ("apk add --virtual=.deps gcc", "Apk Install gcc | --virtual=.deps"),
        ("apk --update add curl", "Apk Install curl | --update"),
        ("apk update", "Apk Refresh  | "),
        ("yum -y install --nogpgcheck a", "Dnf Install a | -y --nogpgcheck"),
        ("dnf group install Dev", "Dnf Install Dev | "),
        ("dnf makecache", "Dnf Refresh  | "),
        ("dnf config-manager --setopt=sslverify=0 --save", "Dnf Configure  | --setopt=sslverify=0 --save"),
        ("yum-config-manager --add-repo http://x", "Dnf Configure  | --add-repo=http://x"),
        ("rpm -ivh --nosignature a.rpm", "Rpm Install a.rpm | --nosignature"),
        ("rpm -qa", "Rpm Other  | "),
        ("rpm --import https://x", "Rpm Other https://x | "),
        ("zypper -n --gpg-auto-import-keys ref", "Zypper Refresh  | -n --gpg-auto-import-keys"),
        ("zypper --non-interactive in a", "Zypper Install a | --non-interactive"),
        ("pacman -Sy", "Pacman Refresh  | "),
        ("pacman -Syu --noconfirm", "Pacman Upgrade  | --noconfirm"),
        ("pacman --noconfirm -S git", "Pacman Install git | --noconfirm"),
        ("pacman -Scc", "Pacman Clean  | "),
        ("pip3.11 install -r a.txt --trusted-host h b==1", "Pip Install b==1 | -r=a.txt --trusted-host=h"),
        ("python3 -m pip install --upgrade pip", "Pip Install pip | --upgrade"),
        ("uv pip install -r a.txt", "Pip Install  | -r=a.txt"),
        ("uv tool install ruff", "Uv Install ruff | "),
        ("npm ci", "Npm Install  | "),
        ("npm --prefix /x i -g a@1", "Npm Install a@1 | --prefix=/x -g"),
        ("npm config set strict-ssl false", "Npm Configure strict-ssl false | "),
        ("yarn", "Yarn Install  | "),
        ("yarn global add a", "Yarn Install a | "),
        ("gem install rails -v 7.1", "Gem Install rails | -v=7.1"),
        ("go install -ldflags '-s -w' x@v1", "Go Install x@v1 | -ldflags=-s -w"),
        ("go build ./...", "Go Other ./... | "),
        ("cargo install --git https://x --rev a", "Cargo Install  | --git=https://x --rev=a"),
        ("dpkg -i a.deb", "Dpkg Install a.deb | "),
        ("dpkg --force-all -i a.deb", "Dpkg Install a.deb | --force-all"),
        ("sudo -E apt-get update", "Apt Refresh  | "),
    ] {
        assert_eq!(read(line), [expected], "{line}");
    }
}

#[test]
fn what_is_no_call_is_none() {
    for line in [
        "echo 'apt-get update'",
        "update-ca-certificates",
        "git submodule update",
        "python setup.py install",
        "which apt-get",
        "\"$PM\" install x",
    ] {
        assert_eq!(read(line), [""; 0], "{line}");
    }
}

#[test]
fn scripts_in_scripts_and_conditions() {
    let line = "if true; then sh -c 'apk add a'; fi; cat l | xargs apt-get install -y; apt-get clean";
    let script = shell::parse(&Mapped::verbatim(line, 0)).tree;
    let found = of_script(script);
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].span.slice(line), "apk add a");
    assert!(found[1].fed && found[1].wrapper == Some("xargs"));
    assert_eq!(found[2].action, Action::Clean);
    assert_eq!(found[2].program_span.slice(line), "apt-get");
}

//! How each package manager takes its words. Options and commands are those of the programs' manuals.

use crate::model::packages::Action::{Clean, Configure, Download, Install, Other, Refresh, Remove, Upgrade};
use crate::model::packages::{Action, Manager, PackageOption};

/// How a manager takes its words.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) manager: Manager,
    pub(super) programs: &'static [&'static str],
    /// Letters of short options that take a value.
    pub(super) short_values: &'static str,
    /// Long options whose value is the next word when no `=` follows.
    pub(super) long_values: &'static [&'static str],
    /// Long options have a single dash: Go's flags.
    pub(super) long_by_one_dash: bool,
    /// What to do is said by an option: `pacman -S`, `rpm -i`, `dpkg -i`.
    pub(super) dashed_verbs: bool,
    /// Words after which the verb goes on: `global` of `yarn global add`.
    pub(super) verb_prefixes: &'static [&'static str],
    pub(super) verbs: &'static [(&'static str, Action)],
    /// What it does when told nothing.
    pub(super) without_verb: Action,
}

impl Grammar {
    /// Whether an option is the verb.
    pub(super) fn takes_verb_of_dashes(&self, option: &str) -> bool {
        if !self.dashed_verbs {
            return false;
        }
        let letter = |letters: &str| !option.starts_with("--") && option.contains(|c| letters.contains(c));
        match self.manager {
            Manager::Pacman => {
                letter("SRQUDTF")
                    || matches!(option, "--sync" | "--remove" | "--query" | "--upgrade" | "--database")
            }
            Manager::Rpm => {
                letter("iUFeqVK")
                    || matches!(
                        option,
                        "--install"
                            | "--upgrade"
                            | "--freshen"
                            | "--erase"
                            | "--import"
                            | "--query"
                            | "--rebuild"
                            | "--verify"
                            | "--checksig"
                    )
            }
            _ => {
                letter("iIPrlsLS")
                    || matches!(
                        option,
                        "--install"
                            | "--purge"
                            | "--remove"
                            | "--unpack"
                            | "--configure"
                            | "--add-architecture"
                            | "--print-architecture"
                    )
            }
        }
    }
}

/// What a verb of dashes means.
pub(super) fn dashed(manager: Manager, verb: &str, options: &[PackageOption], no_operands: bool) -> Action {
    let long = verb.starts_with("--");
    let has = |letter: char, name: &str| {
        (!long && verb.contains(letter))
            || options.iter().any(|option| option.name == name || option.name == format!("-{letter}"))
    };
    match manager {
        Manager::Pacman if verb == "--sync" || (!long && verb.contains('S')) => {
            if has('c', "--clean") {
                Clean
            } else if has('u', "--sysupgrade") {
                Upgrade
            } else if has('w', "--downloadonly") {
                Download
            } else if no_operands && has('y', "--refresh") {
                Refresh
            } else if has('s', "--search") || has('i', "--info") || has('l', "--list") {
                Other
            } else {
                Install
            }
        }
        Manager::Pacman if verb == "--upgrade" || (!long && verb.contains('U')) => Install,
        Manager::Pacman if verb == "--remove" || (!long && verb.contains('R')) => Remove,
        Manager::Rpm if !long && verb.contains(['q', 'V', 'K']) => Other,
        Manager::Rpm if matches!(verb, "--install" | "--upgrade" | "--freshen") => Install,
        Manager::Rpm if !long && verb.contains(['i', 'U', 'F']) => Install,
        Manager::Rpm if verb == "--erase" || (!long && verb.contains('e')) => Remove,
        Manager::Dpkg if verb == "--install" || (!long && verb.contains('i')) => Install,
        Manager::Dpkg if matches!(verb, "--purge" | "--remove" | "-P" | "-r") => Remove,
        _ => Other,
    }
}

const PLAIN: Grammar = Grammar {
    manager: Manager::Apt,
    programs: &[],
    short_values: "",
    long_values: &[],
    long_by_one_dash: false,
    dashed_verbs: false,
    verb_prefixes: &[],
    verbs: &[],
    without_verb: Other,
};

pub(super) static GRAMMARS: &[Grammar] = &[
    Grammar {
        manager: Manager::Apt,
        programs: &["apt-get", "apt", "aptitude"],
        short_values: "octaP",
        long_values: &[
            "--option",
            "--config-file",
            "--target-release",
            "--default-release",
            "--host-architecture",
            "--build-profiles",
        ],
        verbs: &[
            ("update", Refresh),
            ("install", Install),
            ("reinstall", Install),
            ("satisfy", Install),
            ("build-dep", Install),
            ("upgrade", Upgrade),
            ("dist-upgrade", Upgrade),
            ("full-upgrade", Upgrade),
            ("safe-upgrade", Upgrade),
            ("dselect-upgrade", Upgrade),
            ("remove", Remove),
            ("purge", Remove),
            ("autoremove", Remove),
            ("autopurge", Remove),
            ("clean", Clean),
            ("autoclean", Clean),
            ("distclean", Clean),
            ("download", Download),
            ("source", Download),
        ],
        ..PLAIN
    },
    Grammar { manager: Manager::Dpkg, programs: &["dpkg"], dashed_verbs: true, ..PLAIN },
    Grammar {
        manager: Manager::Apk,
        programs: &["apk"],
        short_values: "tXpo",
        long_values: &[
            "--virtual",
            "--repository",
            "--root",
            "--keys-dir",
            "--repositories-file",
            "--arch",
            "--cache-dir",
            "--cache-max-age",
            "--wait",
            "--output",
            "--progress-fd",
        ],
        verbs: &[
            ("update", Refresh),
            ("add", Install),
            ("fix", Install),
            ("upgrade", Upgrade),
            ("del", Remove),
            ("fetch", Download),
            ("cache", Clean),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Dnf,
        programs: &["dnf", "yum", "microdnf", "tdnf", "dnf5"],
        short_values: "cxdeR",
        long_values: &[
            "--config",
            "--exclude",
            "--enablerepo",
            "--disablerepo",
            "--repo",
            "--repoid",
            "--installroot",
            "--setopt",
            "--releasever",
            "--repofrompath",
            "--forcearch",
            "--advisory",
            "--downloaddir",
            "--destdir",
            "--add-repo",
        ],
        verb_prefixes: &["group", "groups"],
        verbs: &[
            ("check-update", Refresh),
            ("makecache", Refresh),
            ("install", Install),
            ("localinstall", Install),
            ("groupinstall", Install),
            ("reinstall", Install),
            ("install-n", Install),
            ("builddep", Install),
            ("swap", Install),
            ("update", Upgrade),
            ("upgrade", Upgrade),
            ("upgrade-minimal", Upgrade),
            ("update-minimal", Upgrade),
            ("distro-sync", Upgrade),
            ("dist-upgrade", Upgrade),
            ("downgrade", Install),
            ("remove", Remove),
            ("erase", Remove),
            ("autoremove", Remove),
            ("clean", Clean),
            ("download", Download),
            ("config-manager", Configure),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Dnf,
        programs: &["yum-config-manager"],
        long_values: &["--add-repo", "--setopt", "--installroot"],
        without_verb: Configure,
        ..PLAIN
    },
    Grammar {
        manager: Manager::Rpm,
        programs: &["rpm"],
        long_values: &["--root", "--dbpath", "--prefix", "--define"],
        dashed_verbs: true,
        ..PLAIN
    },
    Grammar {
        manager: Manager::Zypper,
        programs: &["zypper"],
        short_values: "Rrptc",
        long_values: &[
            "--root",
            "--repo",
            "--plus-repo",
            "--plus-content",
            "--type",
            "--from",
            "--reposd-dir",
            "--cache-dir",
            "--config",
        ],
        verbs: &[
            ("refresh", Refresh),
            ("ref", Refresh),
            ("install", Install),
            ("in", Install),
            ("install-new-recommends", Install),
            ("source-install", Install),
            ("si", Install),
            ("update", Upgrade),
            ("up", Upgrade),
            ("dist-upgrade", Upgrade),
            ("dup", Upgrade),
            ("patch", Upgrade),
            ("remove", Remove),
            ("rm", Remove),
            ("clean", Clean),
            ("cc", Clean),
            ("download", Download),
            ("addrepo", Configure),
            ("ar", Configure),
            ("modifyrepo", Configure),
            ("mr", Configure),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Pacman,
        programs: &["pacman", "yay", "paru"],
        short_values: "rb",
        long_values: &[
            "--root",
            "--dbpath",
            "--cachedir",
            "--config",
            "--ignore",
            "--overwrite",
            "--arch",
            "--gpgdir",
        ],
        dashed_verbs: true,
        ..PLAIN
    },
    Grammar {
        manager: Manager::Pip,
        programs: &["pip"],
        short_values: "rcifte",
        long_values: &[
            "--requirement",
            "--constraint",
            "--build-constraint",
            "--index-url",
            "--extra-index-url",
            "--find-links",
            "--trusted-host",
            "--target",
            "--prefix",
            "--root",
            "--cache-dir",
            "--proxy",
            "--timeout",
            "--default-timeout",
            "--retries",
            "--platform",
            "--python-version",
            "--python",
            "--only-binary",
            "--no-binary",
            "--editable",
            "--progress-bar",
            "--src",
            "--config-settings",
            "--global-option",
            "--install-option",
            "--cert",
            "--client-cert",
            "--log",
            "--upgrade-strategy",
            "--use-feature",
            "--use-deprecated",
            "--abi",
            "--implementation",
            "--group",
            "--report",
            "--exists-action",
            "--root-user-action",
            "--torch-backend",
            "--index",
        ],
        verbs: &[
            ("install", Install),
            ("sync", Install),
            ("uninstall", Remove),
            ("download", Download),
            ("wheel", Download),
            ("cache", Clean),
            ("config", Configure),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Uv,
        programs: &["uv"],
        short_values: "pifr",
        long_values: &[
            "--python",
            "--index-url",
            "--extra-index-url",
            "--index",
            "--group",
            "--extra",
            "--directory",
            "--project",
            "--cache-dir",
            "--with",
            "--package",
            "--only-group",
            "--allow-insecure-host",
        ],
        verb_prefixes: &["tool", "python", "cache", "self"],
        verbs: &[
            ("sync", Install),
            ("add", Install),
            ("install", Install),
            ("remove", Remove),
            ("uninstall", Remove),
            ("clean", Clean),
            ("prune", Clean),
            ("upgrade", Upgrade),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Pipx,
        programs: &["pipx"],
        short_values: "i",
        long_values: &["--python", "--index-url", "--pip-args", "--suffix", "--spec"],
        verbs: &[
            ("install", Install),
            ("inject", Install),
            ("run", Install),
            ("upgrade", Upgrade),
            ("uninstall", Remove),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Conda,
        programs: &["conda", "mamba", "micromamba"],
        short_values: "cnpfr",
        long_values: &["--channel", "--name", "--prefix", "--file", "--root-prefix", "--solver"],
        verb_prefixes: &["env"],
        verbs: &[
            ("install", Install),
            ("create", Install),
            ("update", Upgrade),
            ("upgrade", Upgrade),
            ("remove", Remove),
            ("uninstall", Remove),
            ("clean", Clean),
            ("config", Configure),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Npm,
        programs: &["npm"],
        short_values: "wC",
        long_values: &[
            "--prefix",
            "--registry",
            "--cache",
            "--workspace",
            "--loglevel",
            "--userconfig",
            "--globalconfig",
            "--tag",
            "--omit",
            "--include",
            "--only",
            "--cafile",
            "--network-timeout",
            "--fetch-timeout",
            "--maxsockets",
        ],
        verb_prefixes: &["config", "cache", "c"],
        verbs: &[
            ("install", Install),
            ("i", Install),
            ("in", Install),
            ("ins", Install),
            ("inst", Install),
            ("isntall", Install),
            ("add", Install),
            ("ci", Install),
            ("clean-install", Install),
            ("install-clean", Install),
            ("install-test", Install),
            ("it", Install),
            ("cit", Install),
            ("update", Upgrade),
            ("up", Upgrade),
            ("upgrade", Upgrade),
            ("uninstall", Remove),
            ("remove", Remove),
            ("rm", Remove),
            ("un", Remove),
            ("prune", Remove),
            ("clean", Clean),
            ("set", Configure),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Yarn,
        programs: &["yarn", "yarnpkg"],
        long_values: &[
            "--cwd",
            "--cache-folder",
            "--network-timeout",
            "--network-concurrency",
            "--registry",
            "--mutex",
            "--modules-folder",
            "--use-yarnrc",
            "--global-folder",
            "--prefix",
        ],
        verb_prefixes: &["global", "config", "cache", "workspaces"],
        verbs: &[
            ("install", Install),
            ("add", Install),
            ("focus", Install),
            ("upgrade", Upgrade),
            ("up", Upgrade),
            ("remove", Remove),
            ("clean", Clean),
            ("set", Configure),
        ],
        without_verb: Install,
        ..PLAIN
    },
    Grammar {
        manager: Manager::Pnpm,
        programs: &["pnpm"],
        short_values: "FC",
        long_values: &[
            "--filter",
            "--dir",
            "--prefix",
            "--store-dir",
            "--registry",
            "--loglevel",
            "--reporter",
            "--network-concurrency",
            "--global-dir",
            "--virtual-store-dir",
        ],
        verb_prefixes: &["config", "c", "store"],
        verbs: &[
            ("install", Install),
            ("i", Install),
            ("add", Install),
            ("fetch", Download),
            ("ci", Install),
            ("update", Upgrade),
            ("up", Upgrade),
            ("upgrade", Upgrade),
            ("remove", Remove),
            ("rm", Remove),
            ("uninstall", Remove),
            ("prune", Clean),
            ("set", Configure),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Bun,
        programs: &["bun"],
        long_values: &["--cwd", "--cache-dir", "--registry", "--backend", "--filter"],
        verb_prefixes: &["pm"],
        verbs: &[
            ("install", Install),
            ("i", Install),
            ("add", Install),
            ("a", Install),
            ("ci", Install),
            ("update", Upgrade),
            ("remove", Remove),
            ("rm", Remove),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Gem,
        programs: &["gem"],
        short_values: "vinsPpB",
        long_values: &[
            "--version",
            "--install-dir",
            "--bindir",
            "--source",
            "--platform",
            "--trust-policy",
            "--http-proxy",
            "--file",
        ],
        verbs: &[
            ("install", Install),
            ("i", Install),
            ("update", Upgrade),
            ("uninstall", Remove),
            ("cleanup", Clean),
            ("fetch", Download),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Bundler,
        programs: &["bundle", "bundler"],
        short_values: "j",
        long_values: &["--jobs", "--retry", "--path", "--without", "--with", "--gemfile", "--system"],
        verbs: &[
            ("install", Install),
            ("update", Upgrade),
            ("clean", Clean),
            ("config", Configure),
            ("add", Install),
        ],
        without_verb: Install,
        ..PLAIN
    },
    Grammar {
        manager: Manager::Go,
        programs: &["go"],
        long_values: &[
            "-ldflags",
            "-tags",
            "-o",
            "-p",
            "-mod",
            "-gcflags",
            "-asmflags",
            "-buildmode",
            "-C",
            "-modfile",
            "-pkgdir",
            "-toolexec",
            "-installsuffix",
            "-covermode",
            "-coverpkg",
            "-overlay",
        ],
        long_by_one_dash: true,
        verb_prefixes: &["mod"],
        verbs: &[("install", Install), ("get", Install), ("download", Download), ("clean", Clean)],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Cargo,
        programs: &["cargo"],
        short_values: "jFpZ",
        long_values: &[
            "--version",
            "--vers",
            "--git",
            "--branch",
            "--tag",
            "--rev",
            "--path",
            "--root",
            "--features",
            "--registry",
            "--index",
            "--target",
            "--target-dir",
            "--bin",
            "--example",
            "--profile",
            "--jobs",
            "--config",
            "--package",
            "--manifest-path",
        ],
        verbs: &[
            ("install", Install),
            ("binstall", Install),
            ("add", Install),
            ("update", Upgrade),
            ("uninstall", Remove),
            ("fetch", Download),
            ("clean", Clean),
        ],
        ..PLAIN
    },
    Grammar {
        manager: Manager::Composer,
        programs: &["composer"],
        short_values: "d",
        long_values: &["--working-dir", "--repository", "--stability"],
        verb_prefixes: &["global"],
        verbs: &[
            ("install", Install),
            ("i", Install),
            ("require", Install),
            ("req", Install),
            ("create-project", Install),
            ("update", Upgrade),
            ("upgrade", Upgrade),
            ("u", Upgrade),
            ("remove", Remove),
            ("clear-cache", Clean),
            ("clearcache", Clean),
            ("config", Configure),
        ],
        ..PLAIN
    },
];

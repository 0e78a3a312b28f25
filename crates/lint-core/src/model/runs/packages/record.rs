//! What is known of each package manager besides the words it takes.

use crate::model::runs::packages::manager::Action::{Download, Install, Refresh, Upgrade};
use crate::model::runs::packages::{Action, Manager, PackageCommand};

/// What rules ask of a manager.
#[derive(Debug)]
pub struct Record {
    /// Whether its packages are those of the distribution.
    pub system: bool,
    /// What answers its question, the option to add first. Empty where it asks nothing.
    pub answers: &'static [&'static str],
    /// Options with which it says what it would do, and does nothing.
    pub rehearsal: &'static [&'static str],
    /// Options that take packages whose signature nobody checks.
    pub unsigned: &'static [&'static str],
    /// How a version is named; `None` where nobody names one on the command line.
    pub version: Option<Version>,
    /// What it leaves behind.
    pub cache: Option<Cache>,
    /// What it leaves behind besides where the image does not clean up by itself: the images of Debian and Ubuntu do, until
    /// somebody takes `docker-clean` away.
    pub archives: Option<Cache>,
}

/// How the version of a package is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// After its name and this.
    After(&'static str),
    /// By this option.
    Option(&'static str),
}

/// Where a manager keeps what it fetches, and how to be rid of it.
#[derive(Debug)]
pub struct Cache {
    /// Paths that hold it, or part of it: mounted or deleted, nothing is left. `~` is any home.
    pub paths: &'static [&'static str],
    /// The option that keeps it from being filled.
    pub option: Option<&'static str>,
    /// What it is.
    pub what: &'static str,
    /// What to do.
    pub help: &'static str,
    /// What fills it.
    filled_by: &'static [Action],
    /// The verbs among those that do, where not all of them do.
    verbs: Option<&'static [&'static str]>,
    /// Options that keep it empty, or put it elsewhere.
    unless: &'static [&'static str],
    /// Variables that do.
    pub variables: &'static [&'static str],
    /// What empties it.
    emptied_by: Emptied,
}

#[derive(Debug)]
enum Emptied {
    /// Whatever cleans.
    Cleaning,
    /// One of these verbs.
    Verbs(&'static [&'static str]),
    /// Cleaning, with this operand.
    Operand(&'static str),
}

const ANY: &[Action] = &[Refresh, Install, Upgrade, Download];

const CACHE: Cache = Cache {
    paths: &[],
    option: None,
    what: "package cache",
    help: "",
    filled_by: ANY,
    verbs: None,
    unless: &[],
    variables: &[],
    emptied_by: Emptied::Cleaning,
};

/// One that asks nothing and leaves nothing that we know of.
const PLAIN: Record = Record {
    system: false,
    answers: &[],
    rehearsal: &["--dry-run"],
    unsigned: &[],
    version: None,
    cache: None,
    archives: None,
};

const SYSTEM: Record = Record { system: true, ..PLAIN };

static APT: Record = Record {
    answers: &["-y", "--yes", "--assume-yes", "--force-yes", "--assume-no"],
    rehearsal: &["-s", "--simulate", "--just-print", "--dry-run", "--recon", "--no-act", "--print-uris"],
    unsigned: &["--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"],
    version: Some(Version::After("=")),
    cache: Some(Cache {
        paths: &["/var/lib/apt/lists"],
        what: "package lists",
        help: "end the `RUN` with `rm -rf /var/lib/apt/lists/*`",
        // Packages themselves are deleted as they are installed; the lists stay.
        filled_by: &[Refresh],
        emptied_by: Emptied::Verbs(&["distclean", "dist-clean"]),
        ..CACHE
    }),
    archives: Some(Cache {
        paths: &["/var/cache/apt/archives"],
        what: "downloaded packages",
        help: "end the `RUN` with `apt-get clean`, or mount a cache at `/var/cache/apt`",
        filled_by: &[Install, Upgrade, Download],
        verbs: Some(&[
            "install",
            "upgrade",
            "dist-upgrade",
            "full-upgrade",
            "reinstall",
            "satisfy",
            "build-dep",
        ]),
        emptied_by: Emptied::Verbs(&["clean", "distclean", "dist-clean"]),
        ..CACHE
    }),
    ..SYSTEM
};

static APK: Record = Record {
    rehearsal: &["-s", "--simulate"],
    unsigned: &["--allow-untrusted"],
    version: Some(Version::After("=")),
    cache: Some(Cache {
        paths: &["/var/cache/apk", "/etc/apk/cache"],
        option: Some("--no-cache"),
        what: "package index",
        help: "use `apk add --no-cache`, without `apk update`",
        // Into another root: not this image's.
        unless: &["--no-cache", "--root", "-p", "--cache-dir", "--no-network"],
        ..CACHE
    }),
    ..SYSTEM
};

static DNF: Record = Record {
    answers: &["-y", "--assumeyes", "--assumeno"],
    rehearsal: &[],
    unsigned: &["--nogpgcheck", "--no-gpgchecks"],
    version: Some(Version::After("-")),
    cache: Some(Cache {
        paths: &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/tdnf"],
        help: "end the `RUN` with `clean all`",
        unless: &["--installroot", "-C", "--cacheonly"],
        ..CACHE
    }),
    ..SYSTEM
};

static ZYPPER: Record = Record {
    answers: &["-y", "-n", "--non-interactive", "--no-confirm"],
    rehearsal: &["-D", "--dry-run"],
    unsigned: &["--no-gpg-checks", "--allow-unsigned-rpm", "-G", "--no-gpgcheck"],
    version: Some(Version::After("=")),
    cache: Some(Cache {
        paths: &["/var/cache/zypp"],
        help: "end the `RUN` with `zypper clean --all`",
        ..CACHE
    }),
    ..SYSTEM
};

static PACMAN: Record = Record { answers: &["--noconfirm"], rehearsal: &["-p", "--print"], ..SYSTEM };

static RPM: Record = Record {
    rehearsal: &["--test"],
    unsigned: &["--nosignature", "--nodigest", "--noverify", "--nofiledigest"],
    ..SYSTEM
};

static DPKG: Record = Record { rehearsal: &["--dry-run", "--no-act", "--simulate"], ..SYSTEM };

static PIP: Record = Record {
    version: Some(Version::After("==")),
    cache: Some(Cache {
        paths: &["~/.cache/pip"],
        option: Some("--no-cache-dir"),
        what: "download cache",
        help: "use `pip install --no-cache-dir`",
        verbs: Some(&["install", "wheel"]),
        unless: &["--no-cache-dir", "--cache-dir", "--no-index"],
        variables: &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR"],
        emptied_by: Emptied::Operand("purge"),
        ..CACHE
    }),
    ..PLAIN
};

static PYTHON_TOOLS: Record = Record { version: Some(Version::After("==")), ..PLAIN };

static CONDA: Record = Record {
    answers: &["-y", "--yes", "-q"],
    rehearsal: &["-d", "--dry-run"],
    version: Some(Version::After("=")),
    ..PLAIN
};

static NPM: Record = Record {
    version: Some(Version::After("@")),
    cache: Some(Cache {
        paths: &["~/.npm", "~/.npm/_cacache"],
        what: "download cache",
        help: "end the `RUN` with `npm cache clean --force`, or mount a cache at `/root/.npm`",
        filled_by: &[Install],
        verbs: Some(&["install", "i", "ci", "add"]),
        unless: &["--cache", "--offline"],
        // Where the cache is elsewhere, we do not follow it.
        variables: &["npm_config_cache", "NPM_CONFIG_CACHE"],
        ..CACHE
    }),
    ..PLAIN
};

static YARN: Record = Record {
    version: Some(Version::After("@")),
    cache: Some(Cache {
        paths: &[
            "/usr/local/share/.cache",
            "/usr/local/share/.cache/yarn",
            "~/.cache/yarn",
            "~/.yarn",
            "~/.yarn/cache",
        ],
        what: "download cache",
        help: "end the `RUN` with `yarn cache clean`, or mount a cache",
        filled_by: &[Install],
        // Version 1 installs without a verb or with `install`; where a `.yarnrc.yml` or Corepack shows a later one, its cache is
        // part of the project.
        unless: &["--cache-folder", "--immutable", "--offline", "-v"],
        variables: &["YARN_CACHE_FOLDER"],
        ..CACHE
    }),
    ..PLAIN
};

static NODE_TOOLS: Record = Record { version: Some(Version::After("@")), ..PLAIN };

static GO: Record = Record { rehearsal: &["-n"], version: Some(Version::After("@")), ..PLAIN };

static GEM: Record =
    Record { rehearsal: &["--explain"], version: Some(Version::Option("--version")), ..PLAIN };

static CARGO: Record = Record { version: Some(Version::Option("--version")), ..PLAIN };

static FROM_LOCK_FILE: Record = PLAIN;

impl Manager {
    /// All of them.
    pub const ALL: [Manager; 20] = [
        Manager::Apt,
        Manager::Dpkg,
        Manager::Apk,
        Manager::Dnf,
        Manager::Rpm,
        Manager::Zypper,
        Manager::Pacman,
        Manager::Pip,
        Manager::Uv,
        Manager::Pipx,
        Manager::Conda,
        Manager::Npm,
        Manager::Yarn,
        Manager::Pnpm,
        Manager::Bun,
        Manager::Gem,
        Manager::Bundler,
        Manager::Go,
        Manager::Cargo,
        Manager::Composer,
    ];

    /// What is known of it. There is no rest here: a new manager needs a record.
    #[must_use]
    pub fn record(self) -> &'static Record {
        match self {
            Manager::Apt => &APT,
            Manager::Dpkg => &DPKG,
            Manager::Apk => &APK,
            Manager::Dnf => &DNF,
            Manager::Rpm => &RPM,
            Manager::Zypper => &ZYPPER,
            Manager::Pacman => &PACMAN,
            Manager::Pip => &PIP,
            Manager::Uv | Manager::Pipx => &PYTHON_TOOLS,
            Manager::Conda => &CONDA,
            Manager::Npm => &NPM,
            Manager::Yarn => &YARN,
            Manager::Pnpm | Manager::Bun => &NODE_TOOLS,
            Manager::Go => &GO,
            Manager::Gem => &GEM,
            Manager::Cargo => &CARGO,
            Manager::Bundler | Manager::Composer => &FROM_LOCK_FILE,
        }
    }
}

impl PackageCommand {
    /// Whether it only says something: what it would do, how it is used, which version it is.
    #[must_use]
    pub fn only_says(&self) -> bool {
        let Record { version, rehearsal, .. } = self.manager.record();
        // `cargo install --version 1.2` names a version.
        let names_version = *version == Some(Version::Option("--version"));
        self.option(&["--help"]).is_some()
            || (!names_version && self.option(&["--version"]).is_some())
            || self.option(rehearsal).is_some()
    }

    /// Whether it fills the cache of its manager.
    #[must_use]
    pub fn fills(&self, cache: &Cache) -> bool {
        let is_one =
            |verb: &[&str]| self.verb.last().is_some_and(|last| verb.iter().any(|verb| last.is(verb)));
        // `uv pip` has a cache of its own.
        self.program != "uv"
            && cache.filled_by.contains(&self.action)
            && cache.verbs.is_none_or(is_one)
            && self.option(cache.unless).is_none()
            && !self.only_says()
    }

    /// Whether it empties the cache of its manager.
    #[must_use]
    pub fn empties(&self, cache: &Cache) -> bool {
        match cache.emptied_by {
            Emptied::Cleaning => self.action == Action::Clean,
            Emptied::Verbs(verbs) => {
                self.verb.last().is_some_and(|last| verbs.iter().any(|verb| last.is(verb)))
            }
            Emptied::Operand(operand) => {
                self.action == Action::Clean && self.operands.iter().any(|word| word.is(operand))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::runs::packages::grammars::table::GRAMMARS;

    /// What [`Manager::ALL`] leaves out the compiler does not notice; the grammars do.
    #[test]
    fn every_manager_is_known_in_each_table() {
        for grammar in GRAMMARS {
            assert!(Manager::ALL.contains(&grammar.manager), "{:?}", grammar.manager);
        }
        for manager in Manager::ALL {
            assert!(GRAMMARS.iter().any(|grammar| grammar.manager == manager), "{manager:?} has no grammar");
            let record = manager.record();
            assert!(record.answers.iter().all(|option| option.starts_with('-')), "{manager:?}");
            if let Some(cache) = &record.cache {
                assert!(!cache.paths.is_empty() && !cache.help.is_empty(), "{manager:?}");
            }
        }
    }
}

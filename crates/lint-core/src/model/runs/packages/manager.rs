//! Package managers, and what they can be told.

/// A package manager; programs of one kind that take the same commands are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Manager {
    /// `apt-get`, `apt`, `aptitude`
    Apt,
    /// `dpkg`
    Dpkg,
    /// `apk`
    Apk,
    /// `dnf`, `yum`, `microdnf`, `tdnf`
    Dnf,
    /// `rpm`
    Rpm,
    /// `zypper`
    Zypper,
    /// `pacman`
    Pacman,
    /// `pip`, also as `python -m pip` and `uv pip`
    Pip,
    /// `uv`
    Uv,
    /// `pipx`
    Pipx,
    /// `conda`, `mamba`, `micromamba`
    Conda,
    /// `npm`
    Npm,
    /// `yarn`
    Yarn,
    /// `pnpm`
    Pnpm,
    /// `bun`
    Bun,
    /// `gem`
    Gem,
    /// `bundle`
    Bundler,
    /// `go`
    Go,
    /// `cargo`
    Cargo,
    /// `composer`
    Composer,
}

/// What a manager is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Fetch the list of what there is: `apt-get update`, `apk update`, `dnf makecache`, `pacman -Sy`.
    Refresh,
    /// Install what is named, or what a file of the project names.
    Install,
    /// Bring what is installed up to date.
    Upgrade,
    /// Take away.
    Remove,
    /// Empty caches.
    Clean,
    /// Fetch packages without installing them.
    Download,
    /// Change the manager's settings: `npm config set`, `dnf config-manager`.
    Configure,
    /// Anything else.
    Other,
}

//! What a flag of a command line is to a service.

/// What `-f` of Bake is called on the way: what it names is in other files than those that are looked for.
pub(super) const OTHER_FILES: &str = "x-bake-files";

/// What Podman's `--read-only-tmpfs` is called on the way, until it is known whether the file system is read-only at all.
pub(super) const READ_ONLY_TMPFS: &str = "x-read-only-tmpfs";

/// What a flag is to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    /// A word that is there or not, with the attribute it sets.
    Switch(&'static str),
    /// The same, for what is no matter of ours.
    Idle,
    /// A value that is no matter of ours.
    Skip,
    /// A text; of several the last counts.
    Text(&'static str),
    /// A number, likewise.
    Number(&'static str),
    /// A text in a list.
    Item(&'static str),
    /// A text in a mapping of the service: `logging`, `driver`.
    In(&'static str, &'static str),
    /// `-v`
    Volume,
    /// `--mount`
    Mount,
    /// `--network`
    Network,
    /// `--env-file`
    EnvFile,
    /// `--entrypoint`
    Entrypoint,
    /// `--ulimit`
    Ulimit,
    /// `--log-opt`
    LogOption,
    /// `--no-healthcheck`
    NoHealthcheck,
    /// `--stop-timeout`, in seconds.
    StopTimeout,
    /// `--gpus`
    Gpus,
    /// `--rm`
    Remove,
    /// `-d`
    Detach,
    /// `-i`, `-t`
    Terminal,
    /// `--restart-condition` of a service
    RestartCondition,
    /// A limit of a service: `deploy.resources.limits`.
    Limit(&'static str),
    /// A text of `build`.
    Build(&'static str),
    /// A text in a list of `build`.
    BuildItem(&'static str),
    /// `--set` of Bake.
    Set,
}

impl Flag {
    /// Whether it takes no value but one that is attached by `=`.
    pub(super) fn is_switch(self) -> bool {
        matches!(
            self,
            Flag::Switch(_) | Flag::Idle | Flag::NoHealthcheck | Flag::Remove | Flag::Detach | Flag::Terminal
        )
    }
}

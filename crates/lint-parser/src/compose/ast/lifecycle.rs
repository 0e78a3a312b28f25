//! What happens to a container besides its command: health checks, hooks, development, dependencies.

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::field::{Anything, Cast, Form, List, Map, Text};
use crate::compose::ast::pairs::{Command, Pairs};
use crate::compose::ast::scalar::{Condition, Nanoseconds, WatchAction};

attributes! {
    /// `healthcheck`.
    pub struct Healthcheck {
        /// Whether the image's own is switched off.
        disable: Cast<bool>,
        /// The time between two checks.
        interval: Cast<Nanoseconds>,
        /// How many failures make it unhealthy.
        retries: Cast<i64> => retries,
        /// The check. A list begins with `NONE`, `CMD` or `CMD-SHELL`; a text is for the shell, so that the
        /// text `NONE` switches nothing off.
        test: Command => health_test,
        /// How long a check may take.
        timeout: Cast<Nanoseconds>,
        /// How long failures do not count.
        start_period: Cast<Nanoseconds>,
        /// The time between two checks while they do not count.
        start_interval: Cast<Nanoseconds>,
    }
}

attributes! {
    /// A command run in or beside the container: an element of `pre_start`, `post_start`, `pre_stop`.
    pub struct Hook {
        /// The command.
        command: Command,
        /// Who runs it.
        user: Text,
        /// Whether it runs privileged.
        privileged: Cast<bool>,
        /// Where it runs.
        working_dir: Text,
        /// Its environment.
        environment: Pairs => hook_environment,
        /// `pre_start` only: the image it runs in.
        image: Text,
        /// `pre_start` only: whether it runs for each container of the service.
        per_replica: Cast<bool>,
    }
    requires ["command"]
}

attributes! {
    /// `develop`.
    pub struct Develop {
        /// What to watch.
        watch: List<Watch>,
    }
    or null
}

attributes! {
    /// An element of `develop.watch`.
    pub struct Watch {
        /// What not to watch.
        ignore: List<Text> => one_or_distinct,
        /// What alone to watch.
        include: List<Text> => one_or_distinct,
        /// The directory or file to watch.
        path: Text,
        /// What to do.
        action: Cast<WatchAction>,
        /// Where in the container a file goes.
        target: Text,
        /// What to run after a copy.
        exec: Hook => hook,
        /// Whether everything is copied at the start.
        initial_sync: Cast<bool> => only_bool,
    }
    requires ["path", "action"]
}

attributes! {
    /// A service that must be there first.
    pub struct Dependency {
        /// What to wait for; `service_started` in a list.
        condition: Cast<Condition>,
        /// Whether this service restarts with it.
        restart: Cast<bool>,
        /// Whether it must be there at all; true when absent.
        required: Cast<bool> => only_bool,
    }
    requires ["condition"]
}

attributes! {
    /// `extends`.
    pub struct Extends {
        /// The service to start from; the short syntax is this alone.
        service: Text,
        /// Its file; this one when absent.
        file: Text,
    } plus {
        /// How it is written.
        form: Form,
    }
    requires ["service"]
    without extensions
}

attributes! {
    /// An element of `env_file`.
    pub struct EnvFile {
        /// The file; the short syntax is this alone.
        path: Text,
        /// `raw`: no quotes and no interpolation.
        format: Text,
        /// Whether it must exist; true when absent.
        required: Cast<bool>,
    } plus {
        /// How it is written.
        form: Form,
    }
    requires ["path"]
    without extensions
}

attributes! {
    /// `provider`: the service is somebody else's, and there is no container.
    pub struct Provider {
        /// The program that provides it.
        kind = "type": Text,
        /// Its options: scalars and lists of them.
        options: Map<Anything> => provider_options,
    }
    requires ["type"]
}

attributes! {
    /// `credential_spec`: where the credentials of a Windows container come from.
    pub struct CredentialSpec {
        /// A config.
        config: Text,
        /// A file.
        file: Text,
        /// A key of the registry.
        registry: Text,
    }
}

/// An element of `security_opt`, split where the engine splits it: at the first `=`, else the first `:`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityOpt {
    /// The whole.
    pub text: Text,
    /// `no-new-privileges`, `seccomp`, `apparmor`, `label`, `systempaths`, ...
    pub key: Text,
    /// `=`, or `:` (of old, and deprecated).
    pub separator: Option<Text>,
    /// What follows the separator.
    pub value: Option<Text>,
}

impl std::fmt::Debug for SecurityOpt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.key)?;
        match (&self.separator, &self.value) {
            (Some(separator), Some(value)) => write!(f, " {} {value:?}", separator.as_str()),
            _ => Ok(()),
        }
    }
}

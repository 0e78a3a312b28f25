//! The other top-level resources: volumes, secrets, configs, models, includes.

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::field::{Cast, Form, List, Text};
use crate::compose::ast::pairs::{Options, Pairs};

attributes! {
    /// A top-level volume.
    pub struct Volume {
        /// Its name in the engine; `<project>_<key>` when absent.
        name: Text,
        /// Its driver; `local` when absent.
        driver: Text,
        /// The driver's options. `type: none, o: bind, device: /path` make a bind mount of it.
        driver_opts: Options,
        /// Whether it exists already.
        external: External,
        /// Labels.
        labels: Pairs => distinct_pairs,
    }
    or null
}

attributes! {
    /// A top-level secret.
    pub struct Secret {
        /// Its name in the engine.
        name: Text,
        /// The environment variable that holds it.
        environment: Text,
        /// The file that holds it.
        file: Text,
        /// Whether it exists already.
        external: External,
        /// Labels.
        labels: Pairs => distinct_pairs,
        /// A secret driver of Swarm.
        driver: Text,
        /// Its options.
        driver_opts: Options => secret_options,
        /// A template driver of Swarm.
        template_driver: Text,
    }
}

attributes! {
    /// A top-level config.
    pub struct Config {
        /// Its name in the engine.
        name: Text,
        /// The text itself.
        content: Text,
        /// The environment variable that holds it.
        environment: Text,
        /// The file that holds it.
        file: Text,
        /// Whether it exists already.
        external: External,
        /// Labels.
        labels: Pairs => distinct_pairs,
        /// A template driver of Swarm.
        template_driver: Text,
    }
}

attributes! {
    /// A top-level AI model.
    pub struct Model {
        /// A name for people.
        name: Text,
        /// The OCI artifact.
        model: Text,
        /// The largest context, in tokens.
        context_size: Cast<i64> => only_integer,
        /// Flags of the inference engine.
        runtime_flags: List<Text>,
    }
    requires ["model"]
}

attributes! {
    /// What a service wants to know of a model it uses.
    pub struct ModelUse {
        /// The environment variable that gets the model's URL.
        endpoint_var: Text,
        /// The environment variable that gets the model's name.
        model_var: Text,
    }
    or null
}

attributes! {
    /// `external`: whether the resource is made by somebody else.
    pub struct External {
        /// The name in the engine; an old way to write the resource's own `name`.
        name: Text,
    } plus {
        /// `true` or `false` as written; absent in the old form, a mapping, which means true.
        switch: Option<Cast<bool>>,
    }
}

impl External {
    /// Whether it is external; `None` when that depends on a variable.
    #[must_use]
    pub fn is_external(&self) -> Option<bool> {
        match &self.switch {
            Some(switch) => switch.known().copied(),
            None => Some(true),
        }
    }
}

attributes! {
    /// An element of `include`.
    pub struct Include {
        /// The files, which override one another from left to right; the short syntax is one of them alone.
        path: List<Text> => one_or_list,
        /// Where its variables come from.
        env_file: List<Text> => one_or_list,
        /// The directory its relative paths start from; that of the first file when absent.
        project_directory: Text,
    } plus {
        /// How it is written.
        form: Form,
    }
    requires ["path"]
}

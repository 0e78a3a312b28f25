//! Entrypoints that start as root and give it up: `gosu`, `su-exec`, `setpriv` and their kin.

use crate::model::stage::Origin;

/// Whether entrypoint and command leave root before the program proper runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepDown {
    /// They do.
    Yes {
        /// The user they change to; `None` where the image's own entrypoint decides.
        user: Option<String>,
        /// Where that is written.
        place: StepDownPlace,
    },
    /// Nothing shows that they do.
    No,
    /// They may: a script we cannot read, an init system with services we cannot see.
    Unknown,
}

/// Where stepping down is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepDownPlace {
    /// In the service's `entrypoint` or `command`.
    Service,
    /// In an `ENTRYPOINT` or `CMD`.
    Instruction(Origin),
    /// In a script copied from the build context; the path there.
    Script(String),
    /// In the entrypoint the base image comes with.
    BaseImage,
}

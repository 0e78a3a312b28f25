//! The parts of the view.

/// A part of the view, as its reference names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Project,
    Service,
    Container,
    Image,
    Stage,
    Instruction,
    Mount,
    Port,
    Variable,
    User,
    Limits,
    Health,
    Logging,
    Device,
    Build,
    Dependency,
    EnvFile,
    Network,
    Volume,
    Secret,
    Program,
    Package,
    File,
}

impl Kind {
    /// All of them, those that a policy can be for first.
    pub(crate) const ALL: [Kind; 23] = [
        Kind::Project,
        Kind::Service,
        Kind::Image,
        Kind::Stage,
        Kind::Container,
        Kind::Instruction,
        Kind::Mount,
        Kind::Port,
        Kind::Variable,
        Kind::User,
        Kind::Limits,
        Kind::Health,
        Kind::Logging,
        Kind::Device,
        Kind::Build,
        Kind::Dependency,
        Kind::EnvFile,
        Kind::Network,
        Kind::Volume,
        Kind::Secret,
        Kind::Program,
        Kind::Package,
        Kind::File,
    ];

    /// Its name as a sentence begins with it: `a port`, `an image`.
    pub(crate) fn with_article(self) -> String {
        let article = if self.name().starts_with(['e', 'i']) { "an" } else { "a" };
        format!("{article} {}", self.name())
    }

    /// Its name in the reference.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Project => "project",
            Kind::Service => "service",
            Kind::Container => "container",
            Kind::Image => "image",
            Kind::Stage => "stage",
            Kind::Instruction => "instruction",
            Kind::Mount => "mount",
            Kind::Port => "port",
            Kind::Variable => "variable",
            Kind::User => "user",
            Kind::Limits => "limits",
            Kind::Health => "health",
            Kind::Logging => "logging",
            Kind::Device => "device",
            Kind::Build => "build",
            Kind::Dependency => "dependency",
            Kind::EnvFile => "env-file",
            Kind::Network => "network",
            Kind::Volume => "volume",
            Kind::Secret => "secret",
            Kind::Program => "program",
            Kind::Package => "package",
            Kind::File => "file",
        }
    }
}

//! Where in a project a value stands, and what Compose does with two values that meet there.

/// Where in a project a value stands, as far as the merge rules tell places apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The whole file.
    Root,
    /// `services`
    Services,
    /// `services.*`
    Service,
    /// `services.*.build`
    Build,
    /// `services.*.deploy`
    Deploy,
    /// `services.*.healthcheck`
    Healthcheck,
    /// `services.*.networks`
    Attachments,
    /// `services.*.networks.*`
    Attachment,
    /// `services.*.ulimits`
    Ulimits,
    /// `networks`
    Networks,
    /// `networks.*`
    Network,
    /// `networks.*.ipam`
    Ipam,
    /// `volumes`
    Volumes,
    /// `volumes.*`
    Volume,
    /// A place with a rule of its own and nothing of interest below it.
    Leaf(Rule, Option<Unique>),
}

/// What becomes of two values that meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Mappings are merged, lists appended, scalars replaced.
    Plain,
    /// The later one stays.
    Replace,
    /// A mapping or a list of `NAME=value`: merged by name.
    Pairs,
    /// The same, but Compose takes a later list for none.
    Ssh,
    /// `all`, or a list: a later list is appended, a later `all` refused.
    Gpus,
    /// A string or a list: appended.
    Strings,
    /// A mapping or a list of `host:address`: appended, without what is there already.
    Hosts,
    /// A context alone or a mapping: merged as mappings.
    Build,
    /// A list of services or a mapping: merged as mappings.
    DependsOn,
    /// A list of names or a mapping: merged as mappings.
    Names,
    /// Merged only when both use the same driver.
    Logging,
    /// A list of mappings, told apart by their `subnet`.
    Subnets,
}

/// By what the elements of a list are told apart, where Compose keeps the last of those that are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unique {
    /// The text, or what stands before `=`.
    Name,
    /// The container's path, that of the short syntax without detours.
    VolumeTarget,
    /// The container's path as it is written.
    WrittenTarget,
    /// The container's device.
    DeviceTarget,
    /// The container's file: `target`, or the source below this directory.
    FileTarget(&'static str),
    /// Address, both ports and protocol.
    Port,
    /// The path of the file.
    EnvFile,
}

impl Spot {
    /// Nothing special here or below.
    pub const PLAIN: Spot = Spot::Leaf(Rule::Plain, None);

    /// The place of an entry of a mapping.
    #[must_use]
    pub fn child(self, key: &str) -> Spot {
        let leaf = |rule| Spot::Leaf(rule, None);
        let named = |rule| Spot::Leaf(rule, Some(Unique::Name));
        let unique = |by| Spot::Leaf(Rule::Plain, Some(by));
        match (self, key) {
            (Spot::Root, "services") => Spot::Services,
            (Spot::Root, "networks") => Spot::Networks,
            (Spot::Root, "volumes") => Spot::Volumes,
            (Spot::Services, _) => Spot::Service,
            (Spot::Networks, _) => Spot::Network,
            (Spot::Volumes, _) => Spot::Volume,
            (Spot::Service, "build") => Spot::Build,
            (Spot::Service, "deploy") => Spot::Deploy,
            (Spot::Service, "healthcheck") => Spot::Healthcheck,
            (Spot::Service, "networks") => Spot::Attachments,
            (Spot::Service, "ulimits") => Spot::Ulimits,
            (Spot::Service, "command" | "entrypoint") => leaf(Rule::Replace),
            (Spot::Service, "annotations" | "environment" | "labels" | "sysctls") => named(Rule::Pairs),
            (Spot::Service, "depends_on") => leaf(Rule::DependsOn),
            (Spot::Service, "models") => leaf(Rule::Names),
            (Spot::Service, "gpus") => leaf(Rule::Gpus),
            (Spot::Service, "logging") => leaf(Rule::Logging),
            (Spot::Service, "extra_hosts") => leaf(Rule::Hosts),
            (Spot::Service, "dns" | "dns_opt" | "dns_search" | "tmpfs") => named(Rule::Strings),
            (Spot::Service, "env_file") => Spot::Leaf(Rule::Strings, Some(Unique::EnvFile)),
            (Spot::Service, "label_file") => leaf(Rule::Strings),
            (Spot::Service, "cap_add" | "cap_drop" | "expose" | "links" | "profiles") => unique(Unique::Name),
            (Spot::Service, "ports") => unique(Unique::Port),
            (Spot::Service, "volumes") => unique(Unique::VolumeTarget),
            (Spot::Service, "devices") => unique(Unique::DeviceTarget),
            (Spot::Service, "secrets") => unique(Unique::FileTarget("/run/secrets")),
            (Spot::Service, "configs") => unique(Unique::FileTarget("")),
            (Spot::Build, "args" | "labels" | "additional_contexts") => named(Rule::Pairs),
            (Spot::Build, "ssh") => leaf(Rule::Ssh),
            (Spot::Build, "extra_hosts") => leaf(Rule::Hosts),
            (Spot::Build, "tags") => unique(Unique::Name),
            (Spot::Deploy, "labels") => named(Rule::Pairs),
            (Spot::Healthcheck, "test") | (Spot::Ulimits, _) => leaf(Rule::Replace),
            (Spot::Attachments, _) => Spot::Attachment,
            (Spot::Attachment, "aliases" | "link_local_ips") => unique(Unique::Name),
            (Spot::Network, "ipam") => Spot::Ipam,
            (Spot::Network | Spot::Volume, "labels") => named(Rule::Pairs),
            (Spot::Ipam, "config") => leaf(Rule::Subnets),
            _ => Spot::PLAIN,
        }
    }

    /// What becomes of two values that meet here.
    #[must_use]
    pub fn rule(self) -> Rule {
        match self {
            Spot::Leaf(rule, _) => rule,
            Spot::Build => Rule::Build,
            Spot::Attachments => Rule::Names,
            _ => Rule::Plain,
        }
    }

    /// By what the elements of a list here are told apart, if Compose does so.
    #[must_use]
    pub fn unique(self) -> Option<Unique> {
        match self {
            Spot::Leaf(_, unique) => unique,
            _ => None,
        }
    }

    /// Whether something below a mapping here has elements that Compose tells apart.
    #[must_use]
    pub fn has_lists_below(self) -> bool {
        !matches!(self, Spot::Leaf(..) | Spot::Healthcheck | Spot::Ulimits | Spot::Ipam)
    }
}

//! What a rule says of itself.

use crate::finding::fix::Applicability;
use crate::finding::reference::{Cis, Reference};
use crate::finding::release::{Release, is_after};
use crate::finding::severity::Severity;

/// What the names of the rules begin with that are a shell linter's.
pub(crate) const SHELLCHECK: &str = "shellcheck/";

/// What the names of policies begin with.
pub(crate) const POLICY: &str = "policy/";

/// What a rule says of itself: the one source of `rules.md`, `plimsoll rule`, and every report's rule table.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleMeta {
    /// The rule's one name, kebab-case. Never changes once released.
    pub name: &'static str,
    /// Markdown: the first line is the summary; then `## Why`, `## Instead` and what else applies.
    pub docs: &'static str,
    /// The severity on certain evidence; a finding may be reported below it, never above.
    pub severity: Severity,
    /// When the rule runs.
    pub profile: Profile,
    /// What the rule is about.
    pub category: Category,
    /// The threats it stops, in the STRIDE model.
    pub stride: &'static [Stride],
    /// The names of rules that are part of it now, so that what selects or silences them still does.
    pub formerly: &'static [&'static str],
    /// What it is called elsewhere.
    pub references: &'static [Reference],
    /// Whether it can repair what it finds, and how.
    pub fixable: Fixable,
    /// Whether comments and baselines may accept what it finds. They may not where the text cannot be read: then neither
    /// can its comments.
    pub suppressible: bool,
    /// The version that brought it.
    pub since: &'static str,
    /// Whether it is still on trial: it runs with `preview`, or when it is selected by its own name. A rule stays so for at
    /// least one release.
    pub preview: bool,
    /// What later versions changed in it, the oldest first.
    pub changes: &'static [Change],
    /// The containers it is about.
    pub reach: Reach,
}

/// The containers that a rule is about, by how they are written down and used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reach {
    /// All.
    #[default]
    Any,
    /// Those that are there to serve. It asks nothing of a step of a pipeline, or of a container that somebody works in.
    Lasting,
    /// Those of Compose files: it is about their language, or about what only Compose does.
    Compose,
}

impl RuleMeta {
    /// What a rule need not say: it runs always, repairs nothing, is called nothing elsewhere, and came with the first
    /// release.
    pub(crate) const fn of(category: Category) -> Self {
        Self {
            name: "",
            docs: "",
            severity: Severity::Low,
            profile: Profile::Default,
            category,
            stride: &[],
            formerly: &[],
            references: &[],
            fixable: Fixable::Never,
            suppressible: true,
            since: "0.1.0",
            preview: false,
            changes: &[],
            reach: Reach::Any,
        }
    }

    /// Whether a release did not have it yet.
    #[must_use]
    pub fn is_newer_than(&self, release: Release) -> bool {
        is_after(self.since, release)
    }

    /// What was changed in it after a release, the oldest first.
    pub fn changes_since(&self, release: Release) -> impl Iterator<Item = &'static Change> {
        self.changes.iter().filter(move |change| change.is_after(release))
    }

    /// Its severity in a release.
    #[must_use]
    pub fn severity_in(&self, release: Release) -> Severity {
        self.changes_since(release).find_map(|change| change.severity_before).unwrap_or(self.severity)
    }

    /// When it ran in a release.
    #[must_use]
    pub fn profile_in(&self, release: Release) -> Profile {
        self.changes_since(release).find_map(|change| change.profile_before).unwrap_or(self.profile)
    }

    /// Where it is written, from the root of the repository.
    #[must_use]
    pub fn source_file(&self) -> String {
        let file = |name: &str| name.replace('-', "_");
        format!("crates/lint-core/src/rules/{}/{}.rs", file(self.category.name()), file(self.name))
    }

    /// The first line of the docs.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.docs.trim_start().lines().next().unwrap_or_default().trim()
    }

    /// Where the rule is explained.
    #[must_use]
    pub fn url(&self) -> String {
        let own = || format!("{}/blob/main/rules.md#{}", env!("CARGO_PKG_REPOSITORY"), self.name);
        if self.name.starts_with(POLICY) {
            return format!("{}/blob/main/docs/policies.md", env!("CARGO_PKG_REPOSITORY"));
        }
        match self.name.strip_prefix(SHELLCHECK) {
            Some(code) => format!("https://www.shellcheck.net/wiki/{code}"),
            None => own(),
        }
    }

    /// The recommendations of the CIS Docker Benchmark that it decides.
    pub fn cis(&self) -> impl Iterator<Item = Cis> {
        self.references.iter().filter_map(|reference| match reference {
            Reference::Cis(cis) => Some(*cis),
            _ => None,
        })
    }

    /// Whether it looks for what a CIS recommendation forbids, by its [key](Cis::key).
    #[must_use]
    pub fn is_about(&self, key: &str) -> bool {
        self.cis().any(|cis| cis.key() == key)
    }

    /// Whether `name`, as a user may type it, is this rule's name, an earlier one or one of its references.
    #[must_use]
    pub fn answers_to(&self, name: &str) -> bool {
        let mut own = std::iter::once(&self.name).chain(self.formerly);
        own.any(|own| own.eq_ignore_ascii_case(name)) || self.references.iter().any(|r| r.answers_to(name))
    }
}

/// What a release changed in a rule that was there before. What lets a rule find *more* is a change and says so in
/// findings too (`Draft::since`); what only lets it find less is none, since it breaks nobody's build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The version that brought it.
    pub version: &'static str,
    /// What is different, one sentence without a full stop.
    pub what: &'static str,
    /// The severity until then, where that is what changed.
    pub severity_before: Option<Severity>,
    /// When the rule ran until then, where that is what changed.
    pub profile_before: Option<Profile>,
}

impl Change {
    /// Whether it came after a release.
    #[must_use]
    pub fn is_after(&self, release: Release) -> bool {
        is_after(self.version, release)
    }
}

/// When a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Profile {
    /// Always.
    Default,
    /// With `--profile strict`: true, but not worth failing a build over for most.
    Strict,
    /// Only when selected by name, or under `--profile audit`: a matter of taste, or in need of settings.
    OptIn,
}

impl Profile {
    /// `default`, `strict` or `opt-in`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Profile::Default => "default",
            Profile::Strict => "strict",
            Profile::OptIn => "opt-in",
        }
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Category {
    /// Who the container runs as and what it may do.
    Privilege,
    /// What separates it from the host and from other containers.
    Isolation,
    /// What the network can reach.
    Network,
    /// How much of the host it can use up.
    Resources,
    /// Whether anybody sees what it does, and whether it works.
    Observability,
    /// Credentials and the files that hold them.
    Secrets,
    /// Where its contents come from.
    SupplyChain,
    /// What Docker refuses, or takes for something other than what is meant.
    Correctness,
    /// The upkeep of the files, suppression comments among it.
    Hygiene,
}

impl Category {
    /// All of them, in the order `rules.md` lists them.
    pub const ALL: &[Category] = &[
        Category::Privilege,
        Category::Isolation,
        Category::Network,
        Category::Resources,
        Category::Observability,
        Category::Secrets,
        Category::SupplyChain,
        Category::Correctness,
        Category::Hygiene,
    ];

    /// The kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Category::Privilege => "privilege",
            Category::Isolation => "isolation",
            Category::Network => "network",
            Category::Resources => "resources",
            Category::Observability => "observability",
            Category::Secrets => "secrets",
            Category::SupplyChain => "supply-chain",
            Category::Correctness => "correctness",
            Category::Hygiene => "hygiene",
        }
    }

    /// Whether a rule of this category guards against an attacker, so that it must name a threat.
    #[must_use]
    pub fn is_security(self) -> bool {
        !matches!(self, Category::Correctness | Category::Hygiene | Category::Observability)
    }
}

/// A threat of the STRIDE model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stride {
    /// Somebody or something passes for another.
    Spoofing,
    /// Code or data is changed by those who should not.
    Tampering,
    /// What was done cannot be shown afterwards.
    Repudiation,
    /// Something is read by those who should not.
    InformationDisclosure,
    /// A service or the host stops serving.
    DenialOfService,
    /// Somebody gains rights they were not given.
    ElevationOfPrivilege,
}

impl Stride {
    /// All six, in the order of the word.
    pub const ALL: [Stride; 6] = [
        Stride::Spoofing,
        Stride::Tampering,
        Stride::Repudiation,
        Stride::InformationDisclosure,
        Stride::DenialOfService,
        Stride::ElevationOfPrivilege,
    ];

    /// `S`, `T`, `R`, `I`, `D` or `E`.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Stride::Spoofing => 'S',
            Stride::Tampering => 'T',
            Stride::Repudiation => 'R',
            Stride::InformationDisclosure => 'I',
            Stride::DenialOfService => 'D',
            Stride::ElevationOfPrivilege => 'E',
        }
    }

    /// The threat in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stride::Spoofing => "spoofing",
            Stride::Tampering => "tampering",
            Stride::Repudiation => "repudiation",
            Stride::InformationDisclosure => "information disclosure",
            Stride::DenialOfService => "denial of service",
            Stride::ElevationOfPrivilege => "elevation of privilege",
        }
    }
}

/// Whether a rule can repair what it finds, and how far its fixes are trusted, the most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fixable {
    /// No.
    Never,
    /// Where it is certain what to write.
    Sometimes(&'static [Applicability]),
    /// Every finding carries a fix.
    Always(&'static [Applicability]),
}

/// Fixes of these kinds, for a rule to say of itself.
#[allow(dead_code, reason = "what a rule may say; which of it rules say today changes with them")]
pub(crate) mod fixes {
    use crate::finding::fix::Applicability;

    pub(crate) const SAFE: &[Applicability] = &[Applicability::Safe];
    pub(crate) const UNSAFE: &[Applicability] = &[Applicability::Unsafe];
    pub(crate) const DISPLAY: &[Applicability] = &[Applicability::Display];
    pub(crate) const SAFE_OR_UNSAFE: &[Applicability] = &[Applicability::Safe, Applicability::Unsafe];
    pub(crate) const SAFE_OR_DISPLAY: &[Applicability] = &[Applicability::Safe, Applicability::Display];
    pub(crate) const UNSAFE_OR_DISPLAY: &[Applicability] = &[Applicability::Unsafe, Applicability::Display];
}

impl Fixable {
    /// `never`, `sometimes` or `always`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fixable::Never => "never",
            Fixable::Sometimes(_) => "sometimes",
            Fixable::Always(_) => "always",
        }
    }

    /// How far its fixes are trusted, the most trusted first; empty where there are none.
    #[must_use]
    pub fn applicability(self) -> &'static [Applicability] {
        match self {
            Fixable::Never => &[],
            Fixable::Sometimes(kinds) | Fixable::Always(kinds) => kinds,
        }
    }

    /// In words: `sometimes fixable (safe or unsafe)`; `None` where there are no fixes.
    #[must_use]
    pub fn in_words(self) -> Option<String> {
        let how: Vec<&str> = self
            .applicability()
            .iter()
            .map(|kind| match kind {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
                Applicability::Display => "shown only",
            })
            .collect();
        let often = match self {
            Fixable::Never => return None,
            Fixable::Sometimes(_) => "sometimes fixable",
            Fixable::Always(_) => "fixable",
        };
        Some(format!("{often} ({})", how.join(" or ")))
    }
}

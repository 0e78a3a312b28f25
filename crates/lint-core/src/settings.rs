//! What a run is told: total and resolved, for rules and engine to read.

pub(crate) mod date;
mod declared;
#[cfg(feature = "config")]
mod exclusions;
mod globs;
pub(crate) mod pattern;
mod pod_security_version;

use std::collections::BTreeMap;

use crate::finding::finding::Finding;
use crate::finding::meta::{Category, Profile, RuleMeta};
use crate::finding::policy;
use crate::finding::release::{Release, is_after};
use crate::finding::severity::Severity;
use crate::finding::shellcheck;
pub use crate::settings::date::{Date, NoDate};
pub use crate::settings::declared::{
    DeclaredImage, DeclaredPodKind, DeclaredPolicy, DeclaredProject, PolicyValue, UnknownMeans,
};
#[cfg(feature = "config")]
pub use crate::settings::exclusions::Exclusions;
pub use crate::settings::pattern::{NamePattern, PathPattern};
pub use crate::settings::pod_security_version::{NoVersion, PodSecurityVersion};

/// The rule that [`Settings::trusted_registries`] is for.
const TRUSTED_REGISTRIES: &str = "untrusted-registry";

/// Everything a run depends on besides the files. Rules read it; only its owner changes it.
///
/// ```
/// use lint_core::{RunProfile, Settings, Severity};
///
/// let mut settings = Settings::default();
/// settings.profile = RunProfile::Strict;
/// settings.ignore.push("supply-chain".to_owned());
/// settings.severity.insert("missing-user".to_owned(), Severity::High);
/// settings.build_args.insert("VERSION".to_owned(), "1.27".to_owned());
/// settings.jobs = 4;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Which rules run, before `select` and `ignore`.
    pub profile: RunProfile,
    /// Keep to the rules of a release: those that came later do not run, and severities and profiles are what they were. The
    /// newest ones when nobody has said. A rule that is selected by its own name runs all the same.
    pub rules_as_of: Option<Release>,
    /// Whether rules run that are still on trial.
    pub preview: bool,
    /// Names of rules that run whatever the profile says; when not empty, nothing else runs.
    pub select: Vec<String>,
    /// Names of rules that run in addition to the profile's.
    pub extend_select: Vec<String>,
    /// Names of rules that do not run.
    pub ignore: Vec<String>,
    /// Severities that take the place of the rules' own, by rule name. A rule that is given one runs whatever the profile
    /// says, unless `select` or `ignore` leave it out: whoever rates what is found wants it found.
    pub severity: BTreeMap<String, Severity>,
    /// The least severity that fails a run; `None` when findings never do. The engine does not read it.
    pub fail_on: Option<Severity>,
    /// Rules whose findings are dropped in some files.
    pub per_file_ignores: Vec<FileIgnores>,
    /// Rules whose findings are dropped for some Compose services.
    pub per_service_ignores: Vec<ServiceIgnores>,
    /// Names of rules whose findings may be fixed; `all` unless somebody has said otherwise.
    pub fixable: Vec<String>,
    /// Names of rules whose findings are not fixed.
    pub unfixable: Vec<String>,
    /// What suppression comments may do.
    pub suppressions: SuppressionSettings,
    /// Today, for comments that say until when they hold; without it they hold for ever.
    pub today: Option<Date>,
    /// Build arguments, as `docker build --build-arg` passes them.
    pub build_args: BTreeMap<String, String>,
    /// Files of variables for Compose projects, in the place of the `.env` beside each of them, as
    /// `docker compose --env-file` takes them; the later wins. Names as sources have them.
    pub env_files: Vec<String>,
    /// Registries, or repositories on them, that images may come from: `ghcr.io`, `docker.io/library`,
    /// `registry.example.com:5000/team`, `*.example.com`. Empty when nobody has said. A list switches on the rule that
    /// reads it, as a severity does.
    pub trusted_registries: Vec<String>,
    /// Compose files that make one project, and how it is started.
    pub projects: Vec<DeclaredProject>,
    /// Images, and how they are built.
    pub images: Vec<DeclaredImage>,
    /// Kinds of custom resources of Kubernetes that hold pods.
    pub pod_kinds: Vec<DeclaredPodKind>,
    /// Rules of the repository's own.
    pub policies: Vec<DeclaredPolicy>,
    /// The directory that the names of sources are relative to, as an absolute path, so that patterns can be
    /// matched that start from another one. May be empty when none do.
    pub working_directory: String,
    /// How many threads lint; 0 and 1 mean the caller's own.
    pub jobs: usize,
    /// Whether the report says what the verdicts of an audit (`report::audit`) rest on. Without it an audit can tell what
    /// fails, and nothing passes.
    pub gather_evidence: bool,
    /// The version of the Pod Security Standards that the pods of manifests are judged by.
    pub pod_security_version: PodSecurityVersion,
}

/// Which rules run.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RunProfile {
    /// What nobody would want to ship.
    #[default]
    Default,
    /// And the hardening that is usually left out.
    Strict,
    /// And everything else we know how to look for.
    Audit,
}

/// Rules whose findings are dropped in some files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileIgnores {
    /// Which files.
    pub files: PathPattern,
    /// Which rules, as [`Settings::ignore`] names them.
    pub rules: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Rules whose findings are dropped for some Compose services.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceIgnores {
    /// Which services.
    pub services: NamePattern,
    /// Which rules, as [`Settings::ignore`] names them.
    pub rules: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What suppression comments may do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuppressionSettings {
    /// Whether comments silence anything at all.
    pub allow_inline: bool,
    /// Whether a comment of ours must say why.
    pub require_reason: bool,
    /// Whose comments count besides ours.
    pub foreign: Vec<Dialect>,
    /// Whether "all" in a comment of another linter covers security rules.
    pub foreign_all_covers_security: bool,
}

/// A tool whose suppression comments are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Dialect {
    /// `# hadolint ignore=DL3006`
    Hadolint,
    /// `# check=skip=UndefinedVar`
    BuildKit,
    /// `# dclint disable-line no-version-field`
    Dclint,
    /// `# shellcheck disable=SC2086`
    ShellCheck,
}

impl FileIgnores {
    /// Drops what rules find in the files of a pattern.
    #[must_use]
    pub fn new(files: PathPattern, rules: Vec<String>) -> Self {
        Self { files, rules, reason: None }
    }
}

impl ServiceIgnores {
    /// Drops what rules find in the services of a pattern.
    #[must_use]
    pub fn new(services: NamePattern, rules: Vec<String>) -> Self {
        Self { services, rules, reason: None }
    }
}

impl Dialect {
    /// All of them.
    pub const ALL: &[Dialect] = &[Dialect::Hadolint, Dialect::BuildKit, Dialect::Dclint, Dialect::ShellCheck];

    /// The name, as [`Reference::kind`](crate::finding::reference::Reference::kind) has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Hadolint => "hadolint",
            Dialect::BuildKit => "buildkit",
            Dialect::Dclint => "dclint",
            Dialect::ShellCheck => "shellcheck",
        }
    }
}

impl Default for SuppressionSettings {
    fn default() -> Self {
        Self {
            allow_inline: true,
            require_reason: false,
            foreign: Dialect::ALL.to_vec(),
            foreign_all_covers_security: false,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: RunProfile::Default,
            rules_as_of: None,
            preview: false,
            select: Vec::new(),
            extend_select: Vec::new(),
            ignore: Vec::new(),
            severity: BTreeMap::new(),
            fail_on: Some(Severity::Low),
            per_file_ignores: Vec::new(),
            per_service_ignores: Vec::new(),
            fixable: vec!["all".to_owned()],
            unfixable: Vec::new(),
            suppressions: SuppressionSettings::default(),
            today: None,
            build_args: BTreeMap::new(),
            env_files: Vec::new(),
            trusted_registries: Vec::new(),
            projects: Vec::new(),
            images: Vec::new(),
            pod_kinds: Vec::new(),
            policies: Vec::new(),
            working_directory: String::new(),
            jobs: 0,
            gather_evidence: false,
            pod_security_version: PodSecurityVersion::NEWEST,
        }
    }
}

impl Settings {
    /// Whether a rule runs. Names in `select`, `extend_select` and `ignore` may be rule names, the names
    /// other tools use, or a category; `ALL` is every rule.
    ///
    /// ```
    /// use lint_core::{Settings, rules};
    ///
    /// let mut settings = Settings::default();
    /// settings.select = vec!["DL3002".to_owned(), "secrets".to_owned()];
    /// let enabled: Vec<_> = rules::catalogue().into_iter().filter(|rule| settings.enables(rule)).collect();
    /// assert!(enabled.iter().any(|rule| rule.name == "root-user"));
    /// assert!(!enabled.iter().any(|rule| rule.name == "privileged-service"));
    /// ```
    #[must_use]
    pub fn enables(&self, rule: &RuleMeta) -> bool {
        let named = |names: &[String]| names.iter().any(|name| selects(name, rule));
        if named(&self.ignore) {
            return false;
        }
        if self.holds_back(rule) && !self.asks_for(rule) {
            return false;
        }
        if !self.select.is_empty() {
            return named(&self.select) || named(&self.extend_select);
        }
        let profile = self.rules_as_of.map_or(rule.profile, |release| rule.profile_in(release));
        let by_profile = match self.profile {
            RunProfile::Default => profile == Profile::Default,
            RunProfile::Strict => profile <= Profile::Strict,
            RunProfile::Audit => true,
        };
        by_profile || named(&self.extend_select) || self.has_policy_for(rule)
    }

    /// Whether a rule came after the release whose rules are kept to, or is on trial. Only its own name gets such a rule:
    /// with a word for many, nobody has chosen it.
    #[must_use]
    pub fn holds_back(&self, rule: &RuleMeta) -> bool {
        self.rules_as_of.is_some_and(|release| rule.is_newer_than(release)) || (rule.preview && !self.preview)
    }

    /// Whether a rule is asked for by its own name.
    fn asks_for(&self, rule: &RuleMeta) -> bool {
        let mut selected = self.select.iter().chain(&self.extend_select);
        selected.any(|name| name.eq_ignore_ascii_case(rule.name)) || self.severity.contains_key(rule.name)
    }

    /// Whether the release whose rules are kept to had a rule that would not have found this.
    pub(crate) fn is_too_new(&self, finding: &Finding) -> bool {
        let (Some(release), Some(since)) = (self.rules_as_of, finding.since) else { return false };
        is_after(since, release) && !self.asks_for(finding.rule)
    }

    /// The severity that a rule has here: the one that takes the place of its own, or its own in the release whose rules are
    /// kept to.
    #[must_use]
    pub fn severity_of_rule(&self, rule: &RuleMeta) -> Severity {
        let own = || self.rules_as_of.map_or(rule.severity, |release| rule.severity_in(release));
        self.severity.get(rule.name).copied().unwrap_or_else(own)
    }

    /// Whether these settings say something that only this rule carries out.
    fn has_policy_for(&self, rule: &RuleMeta) -> bool {
        self.severity.contains_key(rule.name)
            || (rule.name == TRUSTED_REGISTRIES && !self.trusted_registries.is_empty())
    }

    /// Whether any finding of a shell linter could be wanted, so that scripts are worth reading.
    #[must_use]
    pub fn wants_shell_findings(&self) -> bool {
        let words = ["all", Category::Correctness.name()];
        let asks = |name: &String| {
            shellcheck::is_named_by(name) || words.iter().any(|word| word.eq_ignore_ascii_case(name))
        };
        let by_profile = self.profile == RunProfile::Audit && self.select.is_empty();
        by_profile || self.select.iter().any(asks) || self.extend_select.iter().any(asks)
    }

    /// Whether a rule that is on by default also reports what belongs to the strict profile: under that profile
    /// and above, when the rule is selected, and when it is rated higher than it rates itself: who does wants all of it.
    #[must_use]
    pub fn is_strict_for(&self, rule: &RuleMeta) -> bool {
        let named = |names: &[String]| names.iter().any(|name| selects(name, rule));
        let is_raised = self.severity.get(rule.name).is_some_and(|severity| *severity > rule.severity);
        self.profile >= RunProfile::Strict || is_raised || named(&self.select) || named(&self.extend_select)
    }

    /// What drops a rule's findings in a file, if anything does.
    #[must_use]
    pub fn ignores_in_file(&self, rule: &RuleMeta, file: &str) -> Option<&FileIgnores> {
        self.per_file_ignores.iter().find(|ignores| {
            ignores.rules.iter().any(|name| selects(name, rule))
                && ignores.files.matches(&self.working_directory, file)
        })
    }

    /// What drops a finding because of its service, if anything does.
    #[must_use]
    pub fn ignores_for_service(&self, finding: &Finding) -> Option<&ServiceIgnores> {
        let service = finding.service.as_ref()?;
        self.per_service_ignores.iter().find(|ignores| {
            ignores.rules.iter().any(|name| selects(name, finding.rule)) && ignores.services.matches(service)
        })
    }

    /// Whether what a rule finds may be fixed.
    #[must_use]
    pub fn may_fix(&self, rule: &RuleMeta) -> bool {
        let named = |names: &[String]| names.iter().any(|name| selects(name, rule));
        named(&self.fixable) && !named(&self.unfixable)
    }

    /// The severity of a finding: where the rule's own has been replaced, what weaker evidence had lowered stays
    /// as many steps below.
    #[must_use]
    pub fn severity_of(&self, finding: &Finding) -> Severity {
        let (mut from, mut severity) = (finding.rule.severity, self.severity_of_rule(finding.rule));
        if from == severity {
            return finding.severity;
        }
        while from > finding.severity {
            from = from.lowered();
            severity = severity.lowered();
        }
        severity
    }
}

/// Whether a selector, as a user may type it, covers a rule.
///
/// ```
/// use lint_core::{rules, settings::selects};
///
/// let rule = rules::find("root-user")[0];
/// assert!(selects("privilege", rule) && selects("dl3002", rule) && !selects("network", rule));
/// ```
#[must_use]
pub fn selects(selector: &str, rule: &RuleMeta) -> bool {
    selector.eq_ignore_ascii_case("all")
        || selector.eq_ignore_ascii_case(rule.category.name())
        || (selector.eq_ignore_ascii_case(shellcheck::GROUP) && shellcheck::is_one(rule))
        || (selector.eq_ignore_ascii_case(policy::GROUP) && policy::is_one(rule))
        || (selector.eq_ignore_ascii_case("security") && rule.category.is_security())
        || rule.answers_to(selector)
}

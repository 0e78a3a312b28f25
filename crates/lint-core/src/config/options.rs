//! The content of a configuration file. Every key is optional; flags make the same type.

mod declared;
mod list_or;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::config::options::declared::{
    ImageOptions, KubernetesOptions, PodKindOptions, ProjectOptions, StartedProject,
};
use crate::config::options::list_or::ListOr;
use crate::config::policies::PolicyOptions;
use crate::finding::severity::Severity;
use crate::rules;
use crate::settings::{Dialect, RunProfile, Settings};

/// What one file, or the command line, says. The keys are explained in [`KEYS`](crate::config::keys::KEYS).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Options {
    /// Another configuration file that this one adds to.
    pub extends: Option<String>,
    /// The version whose rules are kept to.
    pub rules_as_of: Option<String>,
    /// Whether rules run that are still on trial.
    pub preview: Option<bool>,
    /// Which rules run, before the selections.
    pub profile: Option<RunProfile>,
    /// Only these rules run.
    pub select: Option<Vec<String>>,
    /// These rules run too.
    pub extend_select: Option<Vec<String>>,
    /// These rules do not run.
    pub ignore: Option<Vec<String>>,
    /// Severities by rule.
    pub severity: Option<BTreeMap<String, SeverityOrOff>>,
    /// The least severity that fails a run.
    pub fail_on: Option<Threshold>,
    /// Files and directories that searches pass by.
    pub exclude: Option<Vec<String>>,
    /// Files of ours whose names do not say what they are.
    pub files: Option<FileKinds>,
    /// Rules dropped in some files.
    pub per_file_ignores: Option<BTreeMap<String, ScopedRules>>,
    /// Rules dropped for some services.
    pub per_service_ignores: Option<BTreeMap<String, ScopedRules>>,
    /// Rules whose findings may be fixed.
    pub fixable: Option<Vec<String>>,
    /// Rules whose findings are not fixed.
    pub unfixable: Option<Vec<String>>,
    /// Build arguments.
    pub build_args: Option<BTreeMap<String, String>>,
    /// Where images may come from.
    pub trusted_registries: Option<Vec<String>>,
    /// What suppression comments may do.
    pub suppressions: Option<SuppressionOptions>,
    /// The baseline file.
    pub baseline: Option<String>,
    /// Compose files that make one project.
    pub projects: Option<Vec<ProjectOptions>>,
    /// Images, and how they are built.
    pub images: Option<Vec<ImageOptions>>,
    /// What cannot be known of Kubernetes.
    pub kubernetes: Option<KubernetesOptions>,
    /// Rules of the repository's own.
    pub policies: Option<Vec<PolicyOptions>>,
}

/// A severity, or that the rule does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum SeverityOrOff {
    Critical,
    High,
    Medium,
    Low,
    Style,
    Off,
}

/// The least severity that fails a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Threshold {
    Critical,
    High,
    Medium,
    Low,
    Style,
    Never,
}

/// Files of a kind, by pattern.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct FileKinds {
    /// Dockerfiles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dockerfile: Option<Vec<String>>,
    /// Compose files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compose: Option<Vec<String>>,
    /// Files of the Docker daemon like `daemon.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daemon_json: Option<Vec<String>>,
    /// Units of the Docker daemon's, and their drop-ins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub systemd_unit: Option<Vec<String>>,
    /// Units of Podman's: `.container`, `.pod`, `.build`, `.image`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quadlet: Option<Vec<String>>,
    /// Scripts and other files of command lines that start containers; a README only where it is named here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commands: Option<Vec<String>>,
    /// Workflows and pipelines whose jobs run in containers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<Vec<String>>,
    /// Files of `docker buildx bake`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bake: Option<Vec<String>>,
    /// Files like `devcontainer.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub devcontainer: Option<Vec<String>>,
    /// Manifests of Kubernetes, and what configures its control plane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<Vec<String>>,
}

/// Rules, with or without a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, from = "ListOr<ExplainedRules>")]
#[non_exhaustive]
pub enum ScopedRules {
    /// Rules alone.
    Rules(Vec<String>),
    /// With a reason.
    Explained(ExplainedRules),
}

/// Rules, and why they are dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ExplainedRules {
    /// The rules.
    pub rules: Vec<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What suppression comments may do.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct SuppressionOptions {
    /// Whether comments silence anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_inline: Option<bool>,
    /// Whether a comment of ours must say why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_reason: Option<bool>,
    /// Whether a comment that silences nothing is reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warn_unused: Option<bool>,
    /// Whose comments count besides ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign: Option<Vec<Dialect>>,
    /// Whether "all" in a comment of another linter covers security rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreign_all_covers_security: Option<bool>,
}

impl SeverityOrOff {
    /// The severity; `None` for `off`.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            SeverityOrOff::Critical => Some(Severity::Critical),
            SeverityOrOff::High => Some(Severity::High),
            SeverityOrOff::Medium => Some(Severity::Medium),
            SeverityOrOff::Low => Some(Severity::Low),
            SeverityOrOff::Style => Some(Severity::Style),
            SeverityOrOff::Off => None,
        }
    }
}

impl Threshold {
    /// The severity; `None` for `never`.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Threshold::Critical => Some(Severity::Critical),
            Threshold::High => Some(Severity::High),
            Threshold::Medium => Some(Severity::Medium),
            Threshold::Low => Some(Severity::Low),
            Threshold::Style => Some(Severity::Style),
            Threshold::Never => None,
        }
    }
}

impl From<ListOr<ExplainedRules>> for ScopedRules {
    fn from(said: ListOr<ExplainedRules>) -> Self {
        match said {
            ListOr::List(rules) => ScopedRules::Rules(rules),
            ListOr::Mapping(explained) => ScopedRules::Explained(explained),
        }
    }
}

impl ScopedRules {
    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &[String] {
        match self {
            ScopedRules::Rules(rules) => rules,
            ScopedRules::Explained(explained) => &explained.rules,
        }
    }

    /// Why they are dropped.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            ScopedRules::Rules(_) => None,
            ScopedRules::Explained(explained) => explained.reason.as_deref(),
        }
    }
}

impl Options {
    /// What counts where nobody has said anything.
    #[must_use]
    pub fn defaults() -> Self {
        let settings = Settings::default();
        let suppressions = settings.suppressions;
        Options {
            extends: None,
            rules_as_of: None,
            preview: Some(false),
            profile: Some(RunProfile::default()),
            select: Some(Vec::new()),
            extend_select: Some(Vec::new()),
            ignore: Some(Vec::new()),
            severity: Some(BTreeMap::new()),
            fail_on: Some(Threshold::Low),
            exclude: Some(Vec::new()),
            files: Some(FileKinds {
                dockerfile: Some(Vec::new()),
                compose: Some(Vec::new()),
                daemon_json: Some(Vec::new()),
                systemd_unit: Some(Vec::new()),
                quadlet: Some(Vec::new()),
                commands: Some(Vec::new()),
                pipeline: Some(Vec::new()),
                bake: Some(Vec::new()),
                devcontainer: Some(Vec::new()),
                kubernetes: Some(Vec::new()),
            }),
            per_file_ignores: Some(BTreeMap::new()),
            per_service_ignores: Some(BTreeMap::new()),
            fixable: Some(settings.fixable),
            unfixable: Some(settings.unfixable),
            build_args: Some(BTreeMap::new()),
            trusted_registries: Some(Vec::new()),
            suppressions: Some(SuppressionOptions {
                allow_inline: Some(suppressions.allow_inline),
                require_reason: Some(suppressions.require_reason),
                warn_unused: Some(true),
                foreign: Some(suppressions.foreign),
                foreign_all_covers_security: Some(suppressions.foreign_all_covers_security),
            }),
            baseline: None,
            projects: Some(Vec::new()),
            images: Some(Vec::new()),
            kubernetes: Some(KubernetesOptions { pods: Some(Vec::new()) }),
            policies: Some(Vec::new()),
        }
    }

    /// Both, where `over` has the last word: single values and lists are replaced, mappings are joined key by key,
    /// `extend-select`, `ignore` and `unfixable` add up. What `over` selects is no longer ignored, and what it calls fixable
    /// no longer unfixable.
    #[must_use]
    pub fn merged(self, over: Options) -> Options {
        let selected: Vec<&String> = over.select.iter().chain(&over.extend_select).flatten().collect();
        let selects = |name: &String| selected.iter().any(|selected| covers(selected, name));
        let fixes = |name: &String| over.fixable.iter().flatten().any(|fixable| covers(fixable, name));
        let (mut ignore, mut severity, mut unfixable) = (self.ignore, self.severity, self.unfixable);
        if let Some(unfixable) = &mut unfixable {
            unfixable.retain(|name| !fixes(name));
        }
        if let Some(ignore) = &mut ignore {
            ignore.retain(|name| !selects(name));
        }
        if let Some(severity) = &mut severity {
            severity.retain(|name, choice| *choice != SeverityOrOff::Off || !selects(name));
        }
        Options {
            extends: over.extends.or(self.extends),
            rules_as_of: over.rules_as_of.or(self.rules_as_of),
            preview: over.preview.or(self.preview),
            profile: over.profile.or(self.profile),
            extend_select: match &over.select {
                // A choice of rules is made anew.
                Some(_) => over.extend_select.or(self.extend_select.map(|_| Vec::new())),
                None => added(self.extend_select, over.extend_select),
            },
            select: over.select.or(self.select),
            ignore: added(ignore, over.ignore),
            severity: joined(severity, over.severity),
            fail_on: over.fail_on.or(self.fail_on),
            exclude: over.exclude.or(self.exclude),
            files: match (self.files, over.files) {
                (Some(base), Some(over)) => Some(FileKinds {
                    dockerfile: over.dockerfile.or(base.dockerfile),
                    compose: over.compose.or(base.compose),
                    daemon_json: over.daemon_json.or(base.daemon_json),
                    systemd_unit: over.systemd_unit.or(base.systemd_unit),
                    quadlet: over.quadlet.or(base.quadlet),
                    commands: over.commands.or(base.commands),
                    pipeline: over.pipeline.or(base.pipeline),
                    bake: over.bake.or(base.bake),
                    devcontainer: over.devcontainer.or(base.devcontainer),
                    kubernetes: over.kubernetes.or(base.kubernetes),
                }),
                (base, over) => over.or(base),
            },
            per_file_ignores: joined(self.per_file_ignores, over.per_file_ignores),
            per_service_ignores: joined(self.per_service_ignores, over.per_service_ignores),
            fixable: over.fixable.or(self.fixable),
            unfixable: added(unfixable, over.unfixable),
            build_args: joined(self.build_args, over.build_args),
            trusted_registries: over.trusted_registries.or(self.trusted_registries),
            suppressions: match (self.suppressions, over.suppressions) {
                (Some(base), Some(over)) => Some(SuppressionOptions {
                    allow_inline: over.allow_inline.or(base.allow_inline),
                    require_reason: over.require_reason.or(base.require_reason),
                    warn_unused: over.warn_unused.or(base.warn_unused),
                    foreign: over.foreign.or(base.foreign),
                    foreign_all_covers_security: over
                        .foreign_all_covers_security
                        .or(base.foreign_all_covers_security),
                }),
                (base, over) => over.or(base),
            },
            baseline: over.baseline.or(self.baseline),
            projects: over.projects.or(self.projects),
            images: over.images.or(self.images),
            kubernetes: over.kubernetes.or(self.kubernetes),
            policies: policies(self.policies, over.policies),
        }
    }
}

/// Whether a selected name stands for all that an ignored one stands for. A category that is selected leaves what is
/// ignored in it ignored.
fn covers(selected: &str, ignored: &str) -> bool {
    let rules = rules::find(ignored);
    selected.eq_ignore_ascii_case(ignored)
        || (!rules.is_empty() && rules.iter().all(|rule| rule.answers_to(selected)))
}

/// Both: a policy takes the place of one of its name.
fn policies(
    base: Option<Vec<PolicyOptions>>,
    over: Option<Vec<PolicyOptions>>,
) -> Option<Vec<PolicyOptions>> {
    match (base, over) {
        (Some(mut base), Some(over)) => {
            base.retain(|policy| !over.iter().any(|other| other.name() == policy.name()));
            base.extend(over);
            Some(base)
        }
        (base, over) => over.or(base),
    }
}

fn added(base: Option<Vec<String>>, over: Option<Vec<String>>) -> Option<Vec<String>> {
    match (base, over) {
        (Some(mut base), Some(over)) => {
            base.extend(over);
            let mut seen = std::collections::HashSet::new();
            base.retain(|name| seen.insert(name.clone()));
            Some(base)
        }
        (base, over) => over.or(base),
    }
}

fn joined<T>(
    base: Option<BTreeMap<String, T>>,
    over: Option<BTreeMap<String, T>>,
) -> Option<BTreeMap<String, T>> {
    match (base, over) {
        (Some(mut base), Some(over)) => {
            base.extend(over);
            Some(base)
        }
        (base, over) => over.or(base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(yaml: &str) -> Options {
        crate::config::read::read(yaml).unwrap().options
    }

    #[test]
    fn the_right_hand_side_has_the_last_word() {
        let base = options(
            "profile: strict\nignore: [unused-ignore, writable-root-filesystem]\nseverity: {writable-root-filesystem: low, new-privileges-allowed: 'off'}\nexclude: [a]\nbuild-args: {A: x, B: y}\nsuppressions: {require-reason: true}\n",
        );
        let over = options(
            "extend-select: [WRITABLE-ROOT-FILESYSTEM, new-privileges-allowed]\nignore: [privileged-service]\nseverity: {privileged-service: high}\nexclude: [b]\nbuild-args: {B: z}\nsuppressions: {warn-unused: false}\n",
        );
        let both = base.clone().merged(over);
        assert_eq!(both.profile, Some(RunProfile::Strict));
        assert_eq!(both.ignore.unwrap(), ["unused-ignore", "privileged-service"]);
        assert_eq!(
            both.severity.unwrap().keys().collect::<Vec<_>>(),
            ["privileged-service", "writable-root-filesystem"]
        );
        assert_eq!(both.exclude.unwrap(), ["b"]);
        assert_eq!(both.build_args.unwrap()["B"], "z");
        let suppressions = both.suppressions.unwrap();
        assert_eq!((suppressions.require_reason, suppressions.warn_unused), (Some(true), Some(false)));
        assert_eq!(base.clone().merged(Options::default()), base);
        assert_eq!(Options::default().merged(base.clone()), base);
        let layer = crate::config::resolve::Layer { options: Options::defaults(), ..Default::default() };
        assert_eq!(
            crate::settings::Settings::resolve(&[layer], ""),
            Ok(crate::settings::Settings::default())
        );
    }
}

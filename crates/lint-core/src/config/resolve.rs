//! From what files and flags say to the settings of a run.

use crate::config::options::{Options, SeverityOrOff, SuppressionOptions};
use crate::config::read::release;
use crate::files::join;
use crate::finding::policy;
use crate::kinds::SourceKind;
use crate::rules;
use crate::settings::pattern::{NamePattern, PathPattern};
use crate::settings::{
    DeclaredImage, DeclaredPodKind, DeclaredProject, FileIgnores, ServiceIgnores, Settings,
};

/// What one file, or the command line, says, and where its paths start from.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Layer {
    /// The directory of the file: absolute, or relative to the working directory.
    pub directory: String,
    /// What it says.
    pub options: Options,
}

impl Layer {
    /// What a file in that directory says.
    #[must_use]
    pub fn new(directory: impl Into<String>, options: Options) -> Self {
        Self { directory: directory.into(), options }
    }
}

impl Settings {
    /// The settings that layers give, the last of them with the last word. `working_directory` is what names of
    /// sources are relative to: an absolute path, or empty when no layer comes from elsewhere.
    ///
    /// Names of rules are not checked here; [`read`](crate::config::read::read) has done so for files.
    ///
    /// # Errors
    /// When a pattern cannot be understood.
    pub fn resolve(layers: &[Layer], working_directory: &str) -> Result<Settings, String> {
        let mut settings =
            Settings { working_directory: working_directory.to_owned(), ..Settings::default() };
        for layer in layers {
            settings.declare(layer)?;
        }
        let options = merged(layers);
        settings.rules_as_of = options.rules_as_of.as_deref().map(release).transpose()?;
        settings.preview = options.preview.unwrap_or_default();
        settings.profile = options.profile.unwrap_or_default();
        settings.select = options.select.unwrap_or_default();
        settings.extend_select = options.extend_select.unwrap_or_default();
        settings.ignore = options.ignore.unwrap_or_default();
        for (name, choice) in options.severity.unwrap_or_default() {
            match choice {
                SeverityOrOff::Off => settings.ignore.push(name),
                choice if policy::own_name(&name).is_some() => {
                    settings.severity.extend(choice.severity().map(|severity| (name, severity)));
                }
                choice => {
                    let rules = rules::find(&name).into_iter().map(|rule| rule.name.to_owned());
                    settings.severity.extend(rules.filter_map(|rule| Some((rule, choice.severity()?))));
                }
            }
        }
        if let Some(threshold) = options.fail_on {
            settings.fail_on = threshold.severity();
        }
        for (pattern, scoped) in options.per_service_ignores.unwrap_or_default() {
            settings.per_service_ignores.push(ServiceIgnores {
                services: NamePattern::new(&pattern)?,
                rules: scoped.rules().to_vec(),
                reason: scoped.reason().map(str::to_owned),
            });
        }
        if let Some(fixable) = options.fixable {
            settings.fixable = fixable;
        }
        settings.unfixable = options.unfixable.unwrap_or_default();
        settings.build_args = options.build_args.unwrap_or_default();
        settings.trusted_registries = options.trusted_registries.unwrap_or_default();
        settings.suppress_as(options.suppressions.unwrap_or_default());
        Ok(settings)
    }

    /// What a layer says of files, whose paths start from its own directory.
    fn declare(&mut self, layer: &Layer) -> Result<(), String> {
        for (pattern, scoped) in layer.options.per_file_ignores.iter().flatten() {
            let files = PathPattern::new(&layer.directory, pattern)?;
            // The same pattern of the same directory, said again, is replaced.
            self.per_file_ignores.retain(|ignores| ignores.files != files);
            self.per_file_ignores.push(FileIgnores {
                files,
                rules: scoped.rules().to_vec(),
                reason: scoped.reason().map(str::to_owned),
            });
        }
        if let Some(projects) = &layer.options.projects {
            let absolute = |file: &String| join(&layer.directory, file);
            self.projects = projects
                .iter()
                .map(|project| {
                    let started = project.started();
                    DeclaredProject {
                        files: started.files.iter().map(absolute).collect(),
                        directory: started.directory.as_ref().map(absolute),
                        profiles: started.profiles.unwrap_or_default(),
                        environment: started.environment.unwrap_or_default(),
                    }
                })
                .collect();
        }
        if let Some(images) = &layer.options.images {
            let declared = images.iter().map(|image| DeclaredImage {
                dockerfile: join(&layer.directory, &image.dockerfile),
                target: image.target.clone(),
                args: image.args.clone().unwrap_or_default(),
                tags: image.tags.clone().unwrap_or_default(),
            });
            self.images = declared.collect();
        }
        if let Some(pods) = layer.options.kubernetes.as_ref().and_then(|kubernetes| kubernetes.pods.as_ref())
        {
            let declared = pods.iter().map(|pod| DeclaredPodKind {
                group: pod.group.clone(),
                kind: pod.kind.clone(),
                path: pod.path.clone(),
            });
            self.pod_kinds = declared.collect();
        }
        for policy in layer.options.policies.iter().flatten() {
            self.policies.retain(|known| Some(known.name.as_str()) != policy.name());
            self.policies.extend(policy.declared(&layer.directory));
        }
        Ok(())
    }

    fn suppress_as(&mut self, said: SuppressionOptions) {
        let suppressions = &mut self.suppressions;
        suppressions.allow_inline = said.allow_inline.unwrap_or(suppressions.allow_inline);
        suppressions.require_reason = said.require_reason.unwrap_or(suppressions.require_reason);
        suppressions.foreign_all_covers_security =
            said.foreign_all_covers_security.unwrap_or(suppressions.foreign_all_covers_security);
        if let Some(foreign) = said.foreign {
            suppressions.foreign = foreign;
        }
        if said.warn_unused == Some(false) {
            self.ignore.push("unused-ignore".to_owned());
        }
    }
}

/// All layers as one, without regard to where their paths start from.
///
/// ```
/// use lint_core::config::{Layer, Options, merged};
///
/// let mut options = Options::default();
/// options.ignore = Some(vec!["missing-user".to_owned()]);
/// let both = merged(&[Layer::new("", Options::defaults()), Layer::new("", options)]);
/// assert_eq!(both.ignore, Some(vec!["missing-user".to_owned()]));
/// ```
#[must_use]
pub fn merged(layers: &[Layer]) -> Options {
    layers.iter().fold(Options::default(), |base, layer| base.merged(layer.options.clone()))
}

/// The last layer's word on a key that is replaced as a whole, and the directory its paths start from.
///
/// ```
/// use lint_core::config::{Layer, Options, Threshold, last};
///
/// let mut options = Options::default();
/// options.fail_on = Some(Threshold::High);
/// let layers = [Layer::new("/repo", options), Layer::new("/repo/web", Options::default())];
/// assert_eq!(last(&layers, |options| options.fail_on.as_ref()), Some(("/repo", &Threshold::High)));
/// ```
#[must_use]
pub fn last<'a, T>(
    layers: &'a [Layer],
    key: impl Fn(&'a Options) -> Option<&'a T>,
) -> Option<(&'a str, &'a T)> {
    layers.iter().rev().find_map(|layer| Some((layer.directory.as_str(), key(&layer.options)?)))
}

/// What `files:` says that files are: the first pattern that matches decides.
///
/// # Errors
/// When a pattern cannot be understood.
pub fn kinds(layers: &[Layer]) -> Result<Vec<(PathPattern, SourceKind)>, String> {
    let mut kinds = Vec::new();
    let lists = [
        (last(layers, |o: &Options| o.files.as_ref()?.dockerfile.as_ref()), SourceKind::Dockerfile),
        (last(layers, |o: &Options| o.files.as_ref()?.compose.as_ref()), SourceKind::Compose),
        (last(layers, |o: &Options| o.files.as_ref()?.daemon_json.as_ref()), SourceKind::DaemonJson),
        (last(layers, |o: &Options| o.files.as_ref()?.systemd_unit.as_ref()), SourceKind::SystemdUnit),
        (last(layers, |o: &Options| o.files.as_ref()?.quadlet.as_ref()), SourceKind::Quadlet),
        (last(layers, |o: &Options| o.files.as_ref()?.commands.as_ref()), SourceKind::Commands),
        (last(layers, |o: &Options| o.files.as_ref()?.pipeline.as_ref()), SourceKind::Pipeline),
        (last(layers, |o: &Options| o.files.as_ref()?.bake.as_ref()), SourceKind::Bake),
        (last(layers, |o: &Options| o.files.as_ref()?.devcontainer.as_ref()), SourceKind::DevContainer),
        (last(layers, |o: &Options| o.files.as_ref()?.kubernetes.as_ref()), SourceKind::Kubernetes),
    ];
    for (list, kind) in lists {
        let Some((directory, patterns)) = list else { continue };
        for pattern in patterns {
            kinds.push((PathPattern::new(directory, pattern)?, kind));
        }
    }
    Ok(kinds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::severity::Severity;

    fn layer(directory: &str, text: &str) -> Layer {
        Layer { directory: directory.to_owned(), options: crate::config::read::read(text).unwrap().options }
    }

    #[test]
    fn paths_start_from_the_file_that_names_them() {
        let layers = [
            layer("/repo", "per-file-ignores: {'svc/*': [all], x: [CL-0002]}\nprojects: [[a.yaml]]\n"),
            layer("/repo/svc", "per-file-ignores: {'*.dev': [all]}\nprojects: [[b.yaml, ../c.yaml]]\n"),
        ];
        let settings = Settings::resolve(&layers, "/repo/svc").unwrap();
        let matching = |file: &str| {
            let all = settings.per_file_ignores.iter();
            all.filter(|i| i.files.matches("/repo/svc", file)).map(|i| i.files.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(matching("Dockerfile"), ["svc/*"]);
        assert_eq!(matching("deep/a.dev"), ["svc/*", "*.dev"]);
        assert_eq!(matching("../other/x"), ["x"]);
        assert_eq!(settings.projects[0].files, ["/repo/svc/b.yaml", "/repo/c.yaml"]);
    }

    #[test]
    fn severities_are_by_rule_whatever_name_they_are_given_by() {
        let text = "severity: {CL-0002: low, new-privileges-allowed: off}\nfail-on: never\nsuppressions: {warn-unused: false, foreign: []}\n";
        let settings = Settings::resolve(&[layer("", text)], "").unwrap();
        assert_eq!(settings.severity["privileged-service"], Severity::Low);
        assert_eq!(settings.ignore, ["new-privileges-allowed", "unused-ignore"]);
        assert_eq!((settings.fail_on, settings.suppressions.foreign.len()), (None, 0));
        assert_eq!(Settings::resolve(&[], "").unwrap(), Settings::default());
    }
}

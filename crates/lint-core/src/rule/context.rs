//! What a check may do: read the settings, and report.

use crate::finding::finding::{Finding, Remedy};
use crate::finding::fix::Fix;
use crate::finding::label::{Label, Place};
use crate::finding::meta::RuleMeta;
use crate::finding::severity::Severity;
use crate::model::daemon::daemon_config::DaemonDefaults;
use crate::settings::Settings;

/// A check's view of the run.
#[derive(Debug)]
pub struct Context<'a> {
    rule: &'static RuleMeta,
    settings: &'a Settings,
    subject: &'a Subject,
    daemon: DaemonDefaults,
    findings: &'a mut Vec<Finding>,
}

/// What a check is looking at, for its findings to say and for suppression comments to find.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The Compose service.
    pub service: Option<String>,
    /// The build stage: its name, or its index.
    pub stage: Option<String>,
    /// The most that a finding about it may weigh, where less is at stake than in what is shipped.
    pub most: Option<Severity>,
    /// Places where a comment silences findings about the subject, wherever they point.
    pub scopes: Vec<Place>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        rule: &'static RuleMeta,
        settings: &'a Settings,
        subject: &'a Subject,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        Self { rule, settings, subject, daemon: DaemonDefaults::default(), findings }
    }

    /// The same for containers of daemons that are known.
    pub(crate) fn under(self, daemon: DaemonDefaults) -> Self {
        Self { daemon, ..self }
    }

    /// What the daemons of this run say for every container that does not say otherwise.
    #[must_use]
    pub fn daemon(&self) -> DaemonDefaults {
        self.daemon
    }

    /// What the run was told.
    pub fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// Whether the rule may also report what is true of nearly every project. A rule whose two halves are of
    /// different profiles, such as a limit that is absent and one that is switched off, is declared with the
    /// default profile and asks this before it reports the half of the strict one.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.settings.is_strict_for(self.rule)
    }

    /// Reports a finding; decorate what comes back.
    pub fn report(&mut self, place: Place, message: impl Into<String>) -> Draft<'_> {
        self.findings.push(Finding {
            rule: self.rule,
            severity: self.subject.most.map_or(self.rule.severity, |most| most.min(self.rule.severity)),
            place,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            absent: None,
            for_base: false,
            service: self.subject.service.clone(),
            stage: self.subject.stage.clone(),
            scopes: self.subject.scopes.clone(),
            breaks: None,
            supersedes: Vec::new(),
            is_refusal: false,
            remedy: None,
            since: None,
            alike: 0,
        });
        let last = self.findings.len() - 1;
        Draft(&mut self.findings[last])
    }
}

/// A finding that has been reported and may still be explained.
#[derive(Debug)]
pub struct Draft<'a>(&'a mut Finding);

impl Draft<'_> {
    /// Adds a place that explains the finding.
    pub fn label(self, place: Place, message: impl Into<String>) -> Self {
        self.0.labels.push(Label { place, message: message.into() });
        self
    }

    /// Says what to do.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Offers a repair. Of several the first is the one to prefer.
    pub fn fix(self, fix: Fix) -> Self {
        self.0.fixes.push(fix);
        self
    }

    /// Offers a repair, where there is one.
    pub fn maybe_fix(self, fix: Option<Fix>) -> Self {
        self.0.fixes.extend(fix);
        self
    }

    /// Gives the lines of YAML that would set what the service lacks, as one writes them below its name.
    pub fn absent(self, lines: &'static str) -> Self {
        self.0.absent = Some(lines);
        self
    }

    /// Says what would repair it in a file that is no Compose file.
    pub(crate) fn remedy(self, remedy: Remedy) -> Self {
        self.0.remedy = Some(remedy);
        self
    }

    /// Says that it is what Docker refuses.
    pub(crate) fn refusal(self) -> Self {
        self.0.is_refusal = true;
        self
    }

    /// Says that it is about an image for others to build on: no more than `Low`, and one thing for a repository of such
    /// images.
    pub fn for_base(self) -> Self {
        self.0.for_base = true;
        self.at_most(Severity::Low)
    }

    /// Reports below the rule's severity because the evidence is weaker or less is at stake here. Never
    /// raises it.
    pub fn at_most(self, severity: Severity) -> Self {
        self.0.severity = self.0.severity.min(severity);
        self
    }

    /// Reports one step below what it would be reported at: where one more thing would have to go wrong, or where
    /// another file may well say otherwise. Not below `Low`: it is no matter of style.
    pub fn weakened(self) -> Self {
        let severity = self.0.severity.lowered().max(Severity::Low);
        self.at_most(severity)
    }

    /// Names a further place where a comment silences the finding, such as the alias that brings it here.
    pub fn scope(self, place: Place) -> Self {
        self.0.scopes.push(place);
        self
    }

    /// Names the CIS recommendations that are broken here, where they are not all of the rule's.
    pub fn breaks(self, numbers: Vec<&'static str>) -> Self {
        self.0.breaks = Some(numbers);
        self
    }

    /// Says that `rule` tells the same fault of the same bytes, and less of it. It is heard where this one does not run,
    /// or where what this one found is accepted.
    pub fn supersedes(self, rule: &'static str) -> Self {
        let place = self.0.place.clone();
        self.supersedes_at(rule, place)
    }

    /// The same of a rule that tells it at another place.
    pub fn supersedes_at(self, rule: &'static str, place: Place) -> Self {
        self.0.supersedes.push((rule, place));
        self
    }

    /// Says which version began to find this kind of thing, where the rule is older: who keeps to the rules of an earlier one is
    /// not told.
    #[cfg_attr(not(test), expect(dead_code, reason = "no rule has been widened since the first release"))]
    pub fn since(self, version: &'static str) -> Self {
        self.0.since = Some(version);
        self
    }

    /// Names the service, where the check's subject is not one.
    pub fn service(self, service: Option<&str>) -> Self {
        if let Some(service) = service {
            self.0.service = Some(service.to_owned());
        }
        self
    }
}

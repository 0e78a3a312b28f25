//! What there is to say of a manifest: who the containers of its pods run as, and which level of Pod Security they meet.

use std::fmt::Write as _;

use lint_parser::compose::value::Origin;
use lint_parser::text::span::Span;

use crate::model::container::Container;
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::pod_security::{self, PodSecurityLevel, Verdict};
use crate::model::project::input::{Input, InputKind};
use crate::session::facts::{Facts, Subject, container};
use crate::settings::PodSecurityVersion;

/// How many violations of a level are listed.
const MOST_LISTED: usize = 20;

/// Adds what a pod shows at the name of its object.
pub(in crate::session) fn of_pod(pod: &Pod<'_>, version: PodSecurityVersion, facts: &mut Facts) {
    if pod.object.partial {
        return;
    }
    let place = pod.place(pod.object.head());
    let verdict = pod_security::judge(pod, version);
    let text = in_words(&pod.object.title(), &verdict);
    facts.hint(
        end_of_line(pod, pod.object.head()),
        format!("Pod Security: {}", verdict.level.name()),
        text.clone(),
    );
    facts.fact(place.span, text);
}

/// Adds what a container shows at its name, or its image where it has none.
pub(in crate::session) fn of_container(
    pod: &Pod<'_>,
    says: &PodContainer<'_>,
    runs: &Container<'_>,
    facts: &mut Facts,
) {
    let input = Input::of(InputKind::Kubernetes);
    let head = says.head();
    let name = pod.service_name(says);
    let runs_as = container::runs_as(runs);
    if !runs_as.is_empty() {
        let why = input.in_its_words(&container::why(runs), &[]);
        facts.hint(end_of_line(pod, head), runs_as.clone(), format!("Set by {why}"));
    }
    let span = pod.place(head).span;
    facts.fact(span, input.in_its_words(&container::describe(&name, runs), &[]));
    if let Some(image) = crate::model::kubernetes::tree::get(says.value, "image") {
        let text = crate::model::kubernetes::tree::text(image).map(container::image).unwrap_or_default();
        if !text.is_empty() {
            facts.fact(pod.place(image.origin).span, text);
        }
    }
    facts.subjects.push(Subject { name_span: span, name, is_service: true, runs_as });
}

fn end_of_line(pod: &Pod<'_>, origin: Origin) -> usize {
    let place = pod.place(origin);
    let line: Span = place.file.line_span(place.file.line(place.span.start()));
    line.end()
}

fn in_words(title: &str, verdict: &Verdict) -> String {
    let mut text = format!("**{title}** meets the level `{}` of Pod Security", verdict.level.name());
    for level in [PodSecurityLevel::Baseline, PodSecurityLevel::Restricted] {
        let broken: Vec<_> = verdict.violations.iter().filter(|violation| violation.level == level).collect();
        if broken.is_empty() {
            continue;
        }
        let _ = write!(text, "\n\n`{}` does not allow:\n", level.name());
        for violation in broken.iter().take(MOST_LISTED) {
            let _ = write!(text, "\n- {}: `{}`", violation.control, violation.field);
        }
    }
    text
}

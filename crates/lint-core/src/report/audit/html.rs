//! `plimsoll audit --output-format html`: one file without scripts or anything to load, for the screen and for paper.

use std::fmt::Write as _;

use crate::finding::finding::Finding;
use crate::finding::meta::RuleMeta;
use crate::report::audit::escape::escape;
use crate::report::audit::kubernetes::BENCHMARK;
use crate::report::audit::{Audit, AuditCheck, Changes, LetterOfStride, Status, drawing, section_name};
use crate::report::seen::count;

const STYLE: &str = include_str!("audit.css");

/// How many findings of one check are shown before the rest is folded away.
const UNFOLDED: usize = 12;

/// The audit as a page of HTML.
#[must_use]
pub fn write(audit: &Audit<'_>) -> String {
    let title = format!("CIS Docker Benchmark {}", audit.benchmark.name());
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    header(&mut page, audit, &title);
    if let Some(changes) = &audit.changes {
        since(&mut page, changes);
    }
    drawing::write(&mut page, audit.pictures);
    for section in audit.sections() {
        let _ = writeln!(page, "<section id=\"section-{section}\">");
        let _ = writeln!(page, "<h2><span>{section}</span> {}</h2>", section_name(section));
        for check in audit.section(section) {
            article(&mut page, check);
        }
        page.push_str("</section>\n");
    }
    kubernetes(&mut page, audit);
    page.push_str("<section id=\"threats\">\n<h2>Threat model (STRIDE)</h2>\n");
    for letter in &audit.threats {
        threats(&mut page, letter);
    }
    page.push_str("</section>\n");
    footer(&mut page, audit);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// The other half, where there were manifests.
fn kubernetes(page: &mut String, audit: &Audit<'_>) {
    if audit.kubernetes.is_empty() {
        return;
    }
    let _ = writeln!(page, "<section id=\"kubernetes\">\n<h2>CIS Kubernetes Benchmark {BENCHMARK}</h2>");
    for check in &audit.kubernetes {
        let (status, title) = (check.status.name(), escape(check.title));
        let _ = writeln!(
            page,
            "<article class=\"{status}\">\n<h3><span>{}</span> {title} <em>{status}</em></h3>",
            check.id
        );
        let seen = check.evidence_in_words(3).map(|seen| format!("; seen: {seen}")).unwrap_or_default();
        let _ = writeln!(page, "<p>{}{}</p>", escape(&check.reason), escape(&seen));
        if !check.findings.is_empty() {
            page.push_str("<ul>\n");
            for finding in &check.findings {
                let _ = writeln!(
                    page,
                    "<li><code>{}</code> {}</li>",
                    escape(&finding.location()),
                    escape(&finding.message)
                );
            }
            page.push_str("</ul>\n");
        }
        page.push_str("</article>\n");
    }
    page.push_str("</section>\n<section id=\"pod-security\">\n<h2>Pod Security Standards</h2>\n<ul>\n");
    for pod in audit.pod_security {
        let line = pod.place.file.line(pod.place.span.start());
        let place = format!("{}:{line}", pod.place.file.name());
        let title = format!("{} {}", pod.kind, pod.name);
        let controls = pod.controls().join(", ");
        let _ = writeln!(
            page,
            "<li><code>{}</code> {}: {} {}</li>",
            escape(&place),
            escape(&title),
            pod.level.name(),
            escape(&controls)
        );
    }
    page.push_str("</ul>\n</section>\n");
}

fn header(page: &mut String, audit: &Audit<'_>, title: &str) {
    let _ = writeln!(page, "<header>\n<h1>{title}</h1>");
    let _ = writeln!(
        page,
        "<p>{} checks, judged from {}.</p>",
        audit.checks.len(),
        escape(&audit.seen.all_in_words())
    );
    page.push_str("<div class=\"totals\">");
    for status in Status::ALL {
        let words = audit.count_in_words(status);
        let (number, words) = words.split_once(' ').unwrap_or((&words, ""));
        let _ = write!(page, "<div class=\"{}\"><b>{number}</b> {words}</div>", status.name());
    }
    page.push_str("</div>\n<div class=\"bar\" aria-hidden=\"true\">");
    for status in Status::ALL {
        let _ =
            write!(page, "<i class=\"{}\" style=\"flex-grow:{}\"></i>", status.name(), audit.count(status));
    }
    page.push_str("</div>\n");
    contents(page, audit);
    page.push_str(
        "<p class=\"key\"><b>Failed</b>: something in the files breaks the recommendation. <b>Passed</b>: rules looked \
         for what would break it, found nothing, and saw what stands behind <i>seen</i>. <b>In part</b>: the host has a say too; the line tells what files \
         leave open, and the command beside it what to run there. <b>Undecidable</b>: these files do not say.</p>\n",
    );
    if !audit.gaps.is_empty() {
        page.push_str("<div class=\"gaps\"><h2>Not judged</h2>\n<ul>\n");
        for gap in &audit.gaps {
            let _ = writeln!(page, "<li>{}</li>", prose(gap));
        }
        page.push_str("</ul></div>\n");
    }
    page.push_str("</header>\n");
}

/// What is different from the last report: the first thing that its reader wants to know.
fn since(page: &mut String, changes: &Changes<'_>) {
    page.push_str("<section id=\"changes\">\n<h2>Since the last report</h2>\n");
    if let Some(other) = &changes.other_benchmark {
        let _ = writeln!(
            page,
            "<p>That one is on version {} of the benchmark, whose checks are not compared.</p>",
            escape(other)
        );
    }
    if changes.checks.is_empty() && changes.new.is_empty() && changes.gone.is_empty() {
        page.push_str("<p>Nothing has changed.</p>\n</section>\n");
        return;
    }
    if !changes.checks.is_empty() {
        page.push_str("<ul class=\"findings\">\n");
        for check in &changes.checks {
            let _ = writeln!(
                page,
                "<li><a href=\"#check-{id}\">{id}</a> {}: <span class=\"verdict {was}\">{was}</span> → <span class=\"verdict {is}\">{is}</span></li>",
                prose(check.title),
                id = check.id,
                was = escape(&check.was),
                is = check.is,
            );
        }
        page.push_str("</ul>\n");
    }
    let _ = writeln!(page, "<h3>{} new</h3>", changes.new.len());
    findings(page, &changes.new);
    let _ = writeln!(page, "<h3>{} gone</h3>", changes.gone.len());
    if !changes.gone.is_empty() {
        page.push_str("<ul class=\"findings gone\">\n");
        for gone in changes.gone.iter().take(UNFOLDED) {
            let _ = writeln!(
                page,
                "<li><span class=\"place\">{}</span> {}</li>",
                escape(&gone.place),
                prose(&gone.message)
            );
        }
        if changes.gone.len() > UNFOLDED {
            let _ = writeln!(page, "<li>and {} more</li>", changes.gone.len() - UNFOLDED);
        }
        page.push_str("</ul>\n");
    }
    page.push_str("</section>\n");
}

fn contents(page: &mut String, audit: &Audit<'_>) {
    page.push_str("<table class=\"contents\">\n<thead><tr><th>Section</th>");
    for status in Status::ALL {
        let _ = write!(page, "<th>{}</th>", status.participle());
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for section in audit.sections() {
        let name = section_name(section);
        let _ = write!(page, "<tr><td><a href=\"#section-{section}\">{section} {name}</a></td>");
        for status in Status::ALL {
            let number = audit.section(section).filter(|check| check.status == status).count();
            let class = if number > 0 { status.name() } else { "none" };
            let _ = write!(page, "<td class=\"{class}\">{number}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n<p><a href=\"#threats\">Threat model (STRIDE)</a></p>\n");
}

fn article(page: &mut String, check: &AuditCheck<'_>) {
    let status = check.status.name();
    let _ = writeln!(page, "<article class=\"{status}\" id=\"check-{}\">", check.id);
    let _ = writeln!(
        page,
        "<h3><span class=\"badge\">{}</span> <span class=\"id\">{}</span> {}</h3>",
        check.verdict(),
        check.id,
        prose(check.title)
    );
    let limits = check.limits.map(|limits| format!("; {}", prose(limits))).unwrap_or_default();
    let _ = writeln!(page, "<p>{}{limits}</p>", prose(&check.reason));
    if let Some(evidence) = check.evidence_in_words(UNFOLDED) {
        let _ = writeln!(page, "<p class=\"evidence\">seen: {}</p>", prose(&evidence));
    }
    if let Some(run) = check.run {
        let _ = writeln!(page, "<p class=\"run\">run <code>{}</code></p>", escape(run));
    }
    findings(page, &check.findings);
    if !check.accepted.is_empty() {
        page.push_str("<ul class=\"accepted\">\n");
        for accepted in &check.accepted {
            let reason = accepted.explanation().map_or_else(|| "without a reason".to_owned(), prose);
            let _ = writeln!(page, "<li>accepted ({reason}): {}</li>", line(&accepted.finding));
        }
        page.push_str("</ul>\n");
    }
    if !check.rules.is_empty() {
        let _ = writeln!(page, "<p class=\"rules\">rules: {}</p>", links(&check.rules));
    }
    page.push_str("</article>\n");
}

fn findings(page: &mut String, findings: &[&Finding]) {
    let (first, rest) = findings.split_at(findings.len().min(UNFOLDED));
    list(page, first);
    if !rest.is_empty() {
        let _ = writeln!(page, "<details><summary>and {} more</summary>", rest.len());
        list(page, rest);
        page.push_str("</details>\n");
    }
}

fn list(page: &mut String, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.push_str("<ul class=\"findings\">\n");
    for finding in findings {
        let _ = writeln!(page, "<li>{}</li>", line(finding));
    }
    page.push_str("</ul>\n");
}

fn line(finding: &Finding) -> String {
    let service = finding.service.as_deref();
    let service =
        service.map(|s| format!(" <span class=\"service\">{}</span>", escape(s))).unwrap_or_default();
    format!(
        "<span class=\"severity {severity}\">{severity}</span> <span class=\"place\">{}</span>{service} {}",
        escape(&finding.location()),
        prose(&finding.message),
        severity = finding.severity
    )
}

fn threats(page: &mut String, letter: &LetterOfStride<'_>) {
    let stride = letter.stride;
    let _ = writeln!(
        page,
        "<h3 class=\"letter\"><span>{}</span> {}</h3>\n<p>{}</p>",
        stride.letter(),
        stride.name(),
        prose(letter.meaning)
    );
    if letter.threats.is_empty() {
        page.push_str("<p>No rule that ran looks for it.</p>\n");
    }
    for threat in &letter.threats {
        let class = threat.status().name();
        let found = threat.in_words();
        let _ = writeln!(page, "<article class=\"{class}\">");
        let _ = writeln!(page, "<h4>{} <span class=\"badge\">{found}</span></h4>", prose(threat.threat));
        findings(page, &threat.findings);
        let _ = writeln!(page, "<p class=\"rules\">looked for by {}</p>\n</article>", links(&threat.rules));
    }
}

fn footer(page: &mut String, audit: &Audit<'_>) {
    let _ = writeln!(
        page,
        "<footer>\n<details><summary>{} judged</summary>\n<ul>",
        count(audit.files.len(), "file")
    );
    for file in audit.files {
        let _ = writeln!(page, "<li>{}</li>", escape(file));
    }
    let _ = writeln!(
        page,
        "</ul></details>\n<p>Made by <a href=\"{}\">Plimsoll</a> {}. The CIS Docker Benchmark is a work of the Center for \
         Internet Security; the titles here are our own words.</p>\n</footer>",
        env!("CARGO_PKG_REPOSITORY"),
        env!("CARGO_PKG_VERSION")
    );
}

fn links(rules: &[&'static RuleMeta]) -> String {
    let links: Vec<_> =
        rules.iter().map(|rule| format!("<a href=\"{}\">{}</a>", escape(&rule.url()), rule.name)).collect();
    links.join(", ")
}

/// Our own sentences: what stands between backticks is code.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // With an odd number of backticks one of them is quoted, and nobody knows which.
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let parts = parts.iter().enumerate();
    parts
        .map(|(n, part)| if n % 2 == 1 { format!("<code>{}</code>", escape(part)) } else { escape(part) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_files_hold_is_no_markup() {
        assert_eq!(prose("a `<b>` & \"c\" 'd'"), "a <code>&lt;b&gt;</code> &amp; &quot;c&quot; &#39;d&#39;");
        assert_eq!(prose("`</style><script>"), "`&lt;/style&gt;&lt;script&gt;");
        assert_eq!(escape("a\u{202e}b\nc"), "a\u{fffd}b\u{fffd}c");
    }
}

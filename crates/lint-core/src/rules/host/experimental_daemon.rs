use crate::rule::daemon::DaemonSubject;
use crate::rule::prelude::*;

declare_rule! {
    /// The daemon's experimental features are switched on.
    ///
    /// ## Why
    /// What is experimental may change or vanish with the next release, and gets less testing than the rest: it is no ground for
    /// what others rely on.
    ///
    /// ## Instead
    /// Remove `experimental`. Most of what it once switched on has become ordinary.
    ///
    /// ## When to allow it
    /// A machine for trying things out.
    pub(super) static RULE = {
        name: "experimental-daemon",
        severity: Severity::Low,
        category: Category::Isolation,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[Reference::cis("2.18"), Reference::Cwe(1125), Reference::Owasp("#0"), Reference::Nist("4.4.1")],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Daemon(check)],
    }
}

fn check(subject: &DaemonSubject<'_>, cx: &mut Context<'_>) {
    let Some((true, place)) = subject.config.switch("experimental") else { return };
    subject.report(cx, place, "this daemon runs with experimental features").help("remove `experimental`");
}

//! What a rule is called elsewhere: benchmarks, weakness lists and other linters.

use std::fmt;

/// One entry of somebody else's list that a rule of ours decides or matches.
///
/// References are searchable names (`plimsoll rule DL3002`), never a rule's identity.
///
/// ```
/// use lint_core::{Reference, rules};
///
/// let rule = rules::find("privileged-service")[0];
/// let cis: Vec<_> = rule.references.iter().filter(|reference| matches!(reference, Reference::Cis(_))).collect();
/// assert_eq!(cis[0].to_string(), "CIS 5.5 (benchmark 1.8.0)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reference {
    /// A recommendation of the CIS Docker Benchmark.
    Cis(Cis),
    /// A Common Weakness Enumeration entry.
    Cwe(u16),
    /// A rule of the OWASP Docker Security Cheat Sheet, as `#2`.
    Owasp(&'static str),
    /// A countermeasure section of NIST SP 800-190, as `4.4.3`.
    Nist(&'static str),
    /// A hadolint rule, as `DL3002`.
    Hadolint(&'static str),
    /// A BuildKit check, as `UndefinedVar`.
    BuildKit(&'static str),
    /// A compose-lint rule, as `CL-0002`.
    ComposeLint(&'static str),
    /// A dclint rule, as `no-version-field`.
    Dclint(&'static str),
    /// A KICS query, by its title.
    Kics(&'static str),
    /// A Trivy check, as `DS-0002`.
    Trivy(&'static str),
    /// A Checkov check, as `CKV_DOCKER_3`.
    Checkov(&'static str),
    /// A semgrep rule.
    Semgrep(&'static str),
    /// A ShellCheck code, as `SC2086`.
    ShellCheck(&'static str),
    /// A tally rule of its own, as `tally/no-unreachable-stages`.
    Tally(&'static str),
    /// A recommendation of the CIS Kubernetes Benchmark, by its number in version 1.12.
    CisKubernetes(&'static str),
    /// A check of kube-linter.
    KubeLinter(&'static str),
    /// A control of Kubescape, as `C-0057`.
    Kubescape(&'static str),
    /// A check of Polaris.
    Polaris(&'static str),
    /// A page that explains the matter.
    Url(&'static str),
}

/// A recommendation of the CIS Docker Benchmark.
///
/// Its number means nothing without the benchmark's version: version 1.6.0 moved "swarm mode" from section 7
/// to the head of section 5, and version 1.8.0 inserted an entry in section 2. Rules name it by its number in version
/// 1.6.0, so that none has to be touched for a new version; [`Cis::number_in`] is the one table of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cis {
    number: &'static str,
}

/// A version of the CIS Docker Benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[non_exhaustive]
pub enum Benchmark {
    /// 1.5.0
    V1_5_0,
    /// 1.6.0, the version docker-bench 1.6.0 implements and rules are written in.
    V1_6_0,
    /// 1.7.0, numbered as 1.6.0.
    V1_7_0,
    /// 1.8.0, the newest.
    #[default]
    V1_8_0,
}

impl Benchmark {
    /// The one whose numbers are shown where nobody asks for another.
    pub const NEWEST: Benchmark = Benchmark::V1_8_0;

    /// All versions, oldest first.
    pub const ALL: &[Benchmark] =
        &[Benchmark::V1_5_0, Benchmark::V1_6_0, Benchmark::V1_7_0, Benchmark::V1_8_0];

    /// `1.6.0`
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Benchmark::V1_5_0 => "1.5.0",
            Benchmark::V1_6_0 => "1.6.0",
            Benchmark::V1_7_0 => "1.7.0",
            Benchmark::V1_8_0 => "1.8.0",
        }
    }
}

impl Cis {
    /// That the devicemapper storage driver is not used, which is new in version 1.8.0.
    pub const DEVICEMAPPER: Cis = Cis { number: "1.8.0/2.7" };

    /// A recommendation by its number in version 1.6.0.
    #[must_use]
    pub const fn new(number: &'static str) -> Self {
        Self { number }
    }

    /// What rules and findings call it: its number in version 1.6.0; for one that is newer, `VERSION/NUMBER`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.number
    }

    /// Its number in the newest version.
    #[must_use]
    pub fn number(self) -> String {
        self.number_in(Benchmark::NEWEST)
    }

    /// Whether a version has it.
    #[must_use]
    pub fn is_in(self, benchmark: Benchmark) -> bool {
        self != Self::DEVICEMAPPER || benchmark >= Benchmark::V1_8_0
    }

    /// The number in a version; in one that does not have it, the number in the version that brought it.
    #[must_use]
    pub fn number_in(self, benchmark: Benchmark) -> String {
        if let Some((_, number)) = self.number.split_once('/') {
            return number.to_owned();
        }
        let mut parts = self.number.split('.');
        let section = parts.next().unwrap_or_default();
        let item: Option<u32> = parts.next().and_then(|p| p.parse().ok());
        let (Some(item), None) = (item, parts.next()) else { return self.number.to_owned() };
        match (benchmark, section, item) {
            // 1.6.0 moved 7.1 (swarm mode) to 5.1: what was 5.1 became 5.2, and 7.2 became 7.1.
            (Benchmark::V1_5_0, "5", 1) => "7.1".to_owned(),
            (Benchmark::V1_5_0, "5", n) => format!("5.{}", n - 1),
            (Benchmark::V1_5_0, "7", n) => format!("7.{}", n + 1),
            // 1.8.0 inserted 2.7 (devicemapper).
            (Benchmark::V1_8_0, "2", n) if n >= 7 => format!("2.{}", n + 1),
            _ => self.number.to_owned(),
        }
    }
}

impl Reference {
    /// A CIS recommendation by its number in version 1.6.0.
    #[must_use]
    pub const fn cis(number: &'static str) -> Reference {
        Reference::Cis(Cis::new(number))
    }

    /// Whose list it is: `cis`, `cwe`, `hadolint`, ...
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Reference::Cis(_) => "cis",
            Reference::Cwe(_) => "cwe",
            Reference::Owasp(_) => "owasp",
            Reference::Nist(_) => "nist",
            Reference::Hadolint(_) => "hadolint",
            Reference::BuildKit(_) => "buildkit",
            Reference::ComposeLint(_) => "compose-lint",
            Reference::Dclint(_) => "dclint",
            Reference::Kics(_) => "kics",
            Reference::Trivy(_) => "trivy",
            Reference::Checkov(_) => "checkov",
            Reference::Semgrep(_) => "semgrep",
            Reference::ShellCheck(_) => "shellcheck",
            Reference::Tally(_) => "tally",
            Reference::CisKubernetes(_) => "cis-kubernetes",
            Reference::KubeLinter(_) => "kube-linter",
            Reference::Kubescape(_) => "kubescape",
            Reference::Polaris(_) => "polaris",
            Reference::Url(_) => "url",
        }
    }

    /// The entry's own name in that list; for the CIS Docker Benchmark, in its newest version.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Reference::Cis(cis) => cis.number(),
            Reference::Cwe(number) => format!("CWE-{number}"),
            Reference::Owasp(id)
            | Reference::Nist(id)
            | Reference::Hadolint(id)
            | Reference::BuildKit(id)
            | Reference::ComposeLint(id)
            | Reference::Dclint(id)
            | Reference::Kics(id)
            | Reference::Trivy(id)
            | Reference::Checkov(id)
            | Reference::Semgrep(id)
            | Reference::ShellCheck(id)
            | Reference::Tally(id)
            | Reference::CisKubernetes(id)
            | Reference::KubeLinter(id)
            | Reference::Kubescape(id)
            | Reference::Polaris(id)
            | Reference::Url(id) => (*id).to_owned(),
        }
    }

    /// Whether this is another linter's name for the same check.
    #[must_use]
    pub fn is_alias(&self) -> bool {
        !matches!(
            self,
            Reference::Cis(_)
                | Reference::CisKubernetes(_)
                | Reference::Cwe(_)
                | Reference::Owasp(_)
                | Reference::Nist(_)
                | Reference::Url(_)
        )
    }

    /// Whether `alias`, as a user may type it, names this entry. Case does not matter; a CIS number is
    /// written `CIS-5.13` or `cis:5.13`, since `5.13` alone names no list, and is that of the newest version unless
    /// another stands before it: `CIS-1.6.0-2.7`.
    #[must_use]
    pub fn answers_to(&self, alias: &str) -> bool {
        if let Reference::Cis(cis) = self {
            let Some((list, rest)) = alias.split_at_checked(3) else { return false };
            let rest = rest.trim_start_matches(['-', ':', ' ']);
            let asked = Benchmark::ALL.iter().find_map(|&version| {
                let number = rest.strip_prefix(version.name())?.strip_prefix(['-', ':', ' ', '/'])?;
                Some((version, number))
            });
            let (version, number) = asked.unwrap_or((Benchmark::NEWEST, rest));
            return list.eq_ignore_ascii_case("cis")
                && cis.is_in(version)
                && number == cis.number_in(version);
        }
        let id = self.id();
        if matches!(self, Reference::CisKubernetes(_)) {
            let rest = ["cis-kubernetes-", "cis-k8s-"].iter().find_map(|list| {
                let (head, rest) = alias.split_at_checked(list.len())?;
                head.eq_ignore_ascii_case(list).then_some(rest)
            });
            return rest == Some(id.as_str());
        }
        // Trivy has written the same check as DS002, DS-0002 and AVD-DS-0002 over the years.
        if matches!(self, Reference::Trivy(_)) {
            return trivy_number(alias).is_some_and(|n| Some(n) == trivy_number(&id));
        }
        id.eq_ignore_ascii_case(alias)
    }
}

/// The version of the CIS Kubernetes Benchmark whose numbers these are.
pub(crate) const KUBERNETES_BENCHMARK: &str = "1.12";

/// What findings call a recommendation of the CIS Kubernetes Benchmark: `k8s/5.2.2`.
pub(crate) fn kubernetes_key(number: &str) -> Option<&'static str> {
    KUBERNETES_KEYS.iter().copied().find(|key| key.strip_prefix("k8s/") == Some(number))
}

const KUBERNETES_KEYS: &[&str] = &[
    "k8s/1.2.1",
    "k8s/1.2.2",
    "k8s/1.2.3",
    "k8s/1.2.4",
    "k8s/1.2.5",
    "k8s/1.2.6",
    "k8s/1.2.7",
    "k8s/1.2.8",
    "k8s/1.2.9",
    "k8s/1.2.10",
    "k8s/1.2.11",
    "k8s/1.2.12",
    "k8s/1.2.13",
    "k8s/1.2.14",
    "k8s/1.2.15",
    "k8s/1.2.16",
    "k8s/1.2.17",
    "k8s/1.2.18",
    "k8s/1.2.19",
    "k8s/1.2.20",
    "k8s/1.2.21",
    "k8s/1.2.22",
    "k8s/1.2.23",
    "k8s/1.2.24",
    "k8s/1.2.25",
    "k8s/1.2.26",
    "k8s/1.2.27",
    "k8s/1.2.28",
    "k8s/1.2.29",
    "k8s/1.2.30",
    "k8s/1.3.1",
    "k8s/1.3.2",
    "k8s/1.3.3",
    "k8s/1.3.4",
    "k8s/1.3.5",
    "k8s/1.3.6",
    "k8s/1.3.7",
    "k8s/1.4.1",
    "k8s/1.4.2",
    "k8s/2.1",
    "k8s/2.2",
    "k8s/2.3",
    "k8s/2.4",
    "k8s/2.5",
    "k8s/2.6",
    "k8s/2.7",
    "k8s/3.1.1",
    "k8s/3.1.2",
    "k8s/3.1.3",
    "k8s/3.2.1",
    "k8s/3.2.2",
    "k8s/4.2.1",
    "k8s/4.2.2",
    "k8s/4.2.3",
    "k8s/4.2.4",
    "k8s/4.2.5",
    "k8s/4.2.6",
    "k8s/4.2.7",
    "k8s/4.2.8",
    "k8s/4.2.9",
    "k8s/4.2.10",
    "k8s/4.2.11",
    "k8s/4.2.12",
    "k8s/4.2.13",
    "k8s/4.2.14",
    "k8s/4.3.1",
    "k8s/5.1.1",
    "k8s/5.1.2",
    "k8s/5.1.3",
    "k8s/5.1.4",
    "k8s/5.1.5",
    "k8s/5.1.6",
    "k8s/5.1.7",
    "k8s/5.1.8",
    "k8s/5.1.9",
    "k8s/5.1.10",
    "k8s/5.1.11",
    "k8s/5.1.12",
    "k8s/5.1.13",
    "k8s/5.2.1",
    "k8s/5.2.2",
    "k8s/5.2.3",
    "k8s/5.2.4",
    "k8s/5.2.5",
    "k8s/5.2.6",
    "k8s/5.2.7",
    "k8s/5.2.8",
    "k8s/5.2.9",
    "k8s/5.2.10",
    "k8s/5.2.11",
    "k8s/5.2.12",
    "k8s/5.3.1",
    "k8s/5.3.2",
    "k8s/5.4.1",
    "k8s/5.4.2",
    "k8s/5.5.1",
    "k8s/5.6.1",
    "k8s/5.6.2",
    "k8s/5.6.3",
    "k8s/5.6.4",
];

/// The list of a check of Trivy's, and its number there.
fn trivy_number(id: &str) -> Option<(&'static str, u32)> {
    let id = id.to_ascii_uppercase();
    let id = id.strip_prefix("AVD-").unwrap_or(&id);
    let (list, number) =
        ["DS", "KSV", "KCV"].into_iter().find_map(|list| Some((list, id.strip_prefix(list)?)))?;
    Some((list, number.trim_start_matches('-').parse().ok()?))
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Cis(cis) => write!(f, "CIS {} (benchmark {})", cis.number(), Benchmark::NEWEST.name()),
            Reference::Cwe(number) => write!(f, "CWE-{number}"),
            Reference::Owasp(id) => write!(f, "OWASP Docker {id}"),
            Reference::Nist(id) => write!(f, "NIST SP 800-190 {id}"),
            Reference::CisKubernetes(id) => {
                write!(f, "CIS Kubernetes {id} (benchmark {KUBERNETES_BENCHMARK})")
            }
            Reference::Url(url) => f.write_str(url),
            other => write!(f, "{} {}", other.kind(), other.id()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benchmark_versions_renumber() {
        let number = |n, v| Cis { number: n }.number_in(v);
        assert_eq!(number("5.13", Benchmark::V1_5_0), "5.12");
        assert_eq!(number("5.13", Benchmark::V1_8_0), "5.13");
        assert_eq!(number("7.3", Benchmark::V1_5_0), "7.4");
        assert_eq!(number("2.7", Benchmark::V1_8_0), "2.8");
        assert_eq!(number("2.6", Benchmark::V1_8_0), "2.6");
        assert_eq!(number("1.1.2", Benchmark::V1_5_0), "1.1.2");
        assert_eq!(
            (number("2.7", Benchmark::V1_6_0), Cis::new("2.7").number()),
            ("2.7".into(), "2.8".into())
        );
        let newer = Cis::DEVICEMAPPER;
        assert_eq!(newer.number(), "2.7");
        assert!(newer.is_in(Benchmark::V1_8_0) && !newer.is_in(Benchmark::V1_7_0));
    }

    #[test]
    fn references_answer_to_the_spellings_in_use() {
        assert!(Reference::Hadolint("DL3002").answers_to("dl3002"));
        assert!(Reference::Trivy("DS-0002").answers_to("AVD-DS-0002"));
        assert!(Reference::Trivy("DS-0002").answers_to("DS002"));
        assert!(!Reference::Trivy("DS-0002").answers_to("DS-0020"));
        assert!(Reference::cis("5.13").answers_to("CIS-5.13"));
        assert!(!Reference::cis("5.13").answers_to("5.13"));
        assert!(!Reference::cis("5.13").answers_to("é"));
        let tls = Reference::cis("2.7");
        assert!(tls.answers_to("CIS-2.8") && tls.answers_to("CIS-1.6.0-2.7") && !tls.answers_to("CIS-2.7"));
        assert!(Reference::Cis(Cis::DEVICEMAPPER).answers_to("CIS-2.7"));
        assert!(!Reference::Cis(Cis::DEVICEMAPPER).answers_to("CIS-1.6.0-2.7"));
    }
}

//! The words that flags take.

use clap::ValueEnum;
use lint_core::config::Threshold;
use lint_core::report::digest::{GroupBy, Sort};
use lint_core::{Benchmark, RunProfile, Severity, SourceKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Snippets of the files, with the places marked
    #[default]
    Full,
    /// One line for each finding
    Concise,
    /// One line for each finding, below the names of the files
    Grouped,
    /// A JSON array
    Json,
    /// A JSON object on a line for each finding
    JsonLines,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Workflow commands, for GitHub Actions
    Github,
    /// A Code Quality report, for GitLab
    Gitlab,
    /// JUnit's XML, for CI systems
    Junit,
    /// Checkstyle's XML, for Jenkins
    Checkstyle,
    /// The Reviewdog Diagnostic Format
    Rdjson,
    /// A table, for pull requests and job summaries
    Markdown,
}

/// In which order things are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortName {
    /// The worst first; what is wrong in one place before what is wrong in many
    Severity,
    /// By file and line
    Path,
    /// By the name of the rule
    Rule,
}

/// What is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupName {
    /// Hardening that services lack; of more than ten things, the same fault in many places
    Auto,
    /// Nothing
    None,
    /// Each rule with all its places
    Rule,
    /// What is wrong in each file
    File,
    /// What is wrong in each directory
    Directory,
}

/// When addresses of pages are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocsChoice {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For the terminal
    Text,
    /// For a comment on a pull request
    Markdown,
    Json,
    /// The findings that come
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProjectFormat {
    Yaml,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// A table for the terminal
    Text,
    /// Tables and lists in Markdown
    Markdown,
    /// A JSON document
    Json,
    /// A page without scripts or anything to load
    Html,
}

/// A version of the CIS Docker Benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BenchmarkName {
    #[value(name = "1.5.0")]
    V1_5_0,
    #[value(name = "1.6.0")]
    V1_6_0,
    #[value(name = "1.7.0")]
    V1_7_0,
    #[value(name = "1.8.0")]
    V1_8_0,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VersionFormat {
    Text,
    Json,
}

/// A shell that completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    Powershell,
    Zsh,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileName {
    Default,
    Strict,
    Audit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileType {
    Dockerfile,
    Compose,
    DaemonJson,
    SystemdUnit,
    Quadlet,
    Commands,
    Pipeline,
    Bake,
    #[value(name = "devcontainer")]
    DevContainer,
    Kubernetes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityName {
    Critical,
    High,
    Medium,
    Low,
    Style,
}

/// A severity that fails the run. The hidden names are hadolint's levels, by the severity they derive from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Critical,
    #[value(alias = "error")]
    High,
    #[value(alias = "warning")]
    Medium,
    #[value(alias = "info")]
    Low,
    Style,
    #[value(aliases = ["none"])]
    Never,
}

impl SortName {
    pub(crate) fn sort(self) -> Sort {
        match self {
            SortName::Severity => Sort::Severity,
            SortName::Path => Sort::Path,
            SortName::Rule => Sort::Rule,
        }
    }
}

impl GroupName {
    pub(crate) fn group_by(self) -> GroupBy {
        match self {
            GroupName::Auto => GroupBy::Auto,
            GroupName::None => GroupBy::None,
            GroupName::Rule => GroupBy::Rule,
            GroupName::File => GroupBy::File,
            GroupName::Directory => GroupBy::Directory,
        }
    }
}

impl SeverityName {
    pub(crate) fn severity(self) -> Severity {
        match self {
            SeverityName::Critical => Severity::Critical,
            SeverityName::High => Severity::High,
            SeverityName::Medium => Severity::Medium,
            SeverityName::Low => Severity::Low,
            SeverityName::Style => Severity::Style,
        }
    }
}

impl FailOn {
    /// As configuration files have it.
    pub(crate) fn threshold(self) -> Threshold {
        match self {
            FailOn::Critical => Threshold::Critical,
            FailOn::High => Threshold::High,
            FailOn::Medium => Threshold::Medium,
            FailOn::Low => Threshold::Low,
            FailOn::Style => Threshold::Style,
            FailOn::Never => Threshold::Never,
        }
    }
}

impl BenchmarkName {
    pub(crate) fn benchmark(self) -> Benchmark {
        match self {
            BenchmarkName::V1_5_0 => Benchmark::V1_5_0,
            BenchmarkName::V1_6_0 => Benchmark::V1_6_0,
            BenchmarkName::V1_7_0 => Benchmark::V1_7_0,
            BenchmarkName::V1_8_0 => Benchmark::V1_8_0,
        }
    }
}

impl ProfileName {
    pub(crate) fn run_profile(self) -> RunProfile {
        match self {
            ProfileName::Default => RunProfile::Default,
            ProfileName::Strict => RunProfile::Strict,
            ProfileName::Audit => RunProfile::Audit,
        }
    }
}

impl FileType {
    pub(crate) fn kind(self) -> SourceKind {
        match self {
            FileType::Dockerfile => SourceKind::Dockerfile,
            FileType::Compose => SourceKind::Compose,
            FileType::DaemonJson => SourceKind::DaemonJson,
            FileType::SystemdUnit => SourceKind::SystemdUnit,
            FileType::Quadlet => SourceKind::Quadlet,
            FileType::Commands => SourceKind::Commands,
            FileType::Pipeline => SourceKind::Pipeline,
            FileType::Bake => SourceKind::Bake,
            FileType::DevContainer => SourceKind::DevContainer,
            FileType::Kubernetes => SourceKind::Kubernetes,
        }
    }
}

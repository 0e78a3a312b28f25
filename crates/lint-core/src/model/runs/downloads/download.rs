//! A download, and where it comes from.

use lint_parser::text::span::Span;

use crate::model::kit::hosts::is_loopback;

/// A call of `curl`, `wget` or the like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Download {
    /// `curl`, `wget`.
    pub program: String,
    /// The whole command.
    pub span: Span,
    /// What is fetched.
    pub urls: Vec<Url>,
    /// The option that switches off the check of certificates.
    pub insecure: Option<Span>,
    /// Whether what is fetched goes to standard output.
    pub to_stdout: bool,
    /// Whether it asks or tells rather than fetches: `--head`, `--data`, `--spider`.
    pub fetches_nothing: bool,
    /// Whether it fails when the server answers with an error, or tells its status: `curl` does neither unless it is told to.
    pub minds_errors: bool,
    /// The program that runs what was fetched, unseen.
    pub runner: Option<Runner>,
    /// Which step of the course it is.
    pub step: usize,
    /// The files it writes.
    pub files: Vec<String>,
    /// Whether a command of the instruction checks its hash or its signature.
    pub verified: bool,
    /// The first use that hands what was fetched to the image as a program or as files.
    pub used: Option<Use>,
}

impl Download {
    /// Whether all that it fetches stays on the machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        !self.urls.is_empty() && self.urls.iter().all(|url| url.host().is_some_and(is_loopback))
    }
}

/// A program that takes what was fetched for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runner {
    /// `sh`, `python3`, `eval`.
    pub name: String,
    /// Where it is written.
    pub span: Span,
}

/// What becomes of a file that was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// How it is used.
    pub kind: UseKind,
    /// Where that is written.
    pub span: Span,
}

/// How a file that was fetched is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UseKind {
    /// An archive, unpacked.
    Unpacked,
    /// A package, installed.
    Installed,
    /// A program: it is made executable, or run.
    Run,
}

/// An address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// With ARG and ENV replaced, as far as they are known.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

impl Url {
    /// The scheme in lower case. An address without one is `http` for `curl` and `wget`; `None` where it is known
    /// at run time only.
    #[must_use]
    pub fn scheme(&self) -> Option<String> {
        match self.text.split_once("://") {
            Some((scheme, _)) if scheme.contains('$') => None,
            Some((scheme, _)) => Some(scheme.to_ascii_lowercase()),
            None if self.text.starts_with('$') => None,
            None => Some("http".to_owned()),
        }
    }

    /// The host without user and port; `None` where part of it is known at run time only.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        host(&self.text)
    }

    /// Whether it is on the network, unencrypted.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        self.scheme().as_deref() == Some("http") && self.host().is_some_and(|host| !is_loopback(host))
    }
}

/// The host of an address; `None` where it is not known, or there is none.
#[must_use]
pub fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(inside) => inside.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    (!name.is_empty() && !name.contains(['$', '`', '{'])).then_some(name)
}

/// Whether an address, variables replaced, is plain HTTP to another machine.
#[must_use]
pub fn is_plain_http(url: &str) -> bool {
    let http = url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"));
    http && host(url).is_some_and(|host| !is_loopback(host))
}

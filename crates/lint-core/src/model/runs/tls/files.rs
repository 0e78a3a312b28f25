//! Settings that switch the check of certificates off, in the files that programs read them from.

use std::collections::HashSet;

use lint_parser::shell::word::Word;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::files::{directory, file_name};
use crate::model::runs::Course;
use crate::model::runs::files::{Written, written};
use crate::model::runs::tls::Off;

/// A setting, and the files that it may stand in.
struct FileSetting {
    /// Whether a path, and the name at its end, are those of such a file.
    is_read: fn(&str, &str) -> bool,
    /// Its name, in small letters. A section or a colon may stand before it.
    name: &'static str,
    off: Off,
}

const fn setting(is_read: fn(&str, &str) -> bool, name: &'static str, off: Off) -> FileSetting {
    FileSetting { is_read, name, off }
}

const SETTINGS: [FileSetting; 15] = [
    setting(is_of_curl, "insecure", Off::Bare),
    setting(is_of_curl, "-k", Off::Bare),
    setting(|_, name| ends(name, &["wgetrc"]), "check_certificate", Off::No),
    setting(is_of_dnf, "sslverify", Off::No),
    setting(|_, name| ends(name, &["npmrc", ".yarnrc"]), "strict-ssl", Off::No),
    setting(|_, name| ends(name, &[".yarnrc.yml"]), "enablestrictssl", Off::No),
    setting(|_, name| ends(name, &["pip.conf", "pip.ini"]), "trusted-host", Off::Hosts),
    setting(|_, name| ends(name, &["gemrc"]), "ssl_verify_mode", Off::Zero),
    setting(|path, _| path.ends_with(".bundle/config"), "bundle_ssl_verify_mode", Off::Zero),
    setting(
        |path, name| ends(name, &["gitconfig"]) || path.ends_with(".git/config"),
        "sslverify",
        Off::NoOrEmpty,
    ),
    setting(|_, name| ends(name, &["condarc", "mambarc"]), "ssl_verify", Off::No),
    setting(is_of_apt, "verify-peer", Off::No),
    setting(is_of_apt, "verify-host", Off::No),
    setting(|_, name| ends(name, &["ldap.conf", "ldaprc"]), "tls_reqcert", Off::Lax),
    setting(|_, name| ends(name, &["hgrc"]), "insecure", Off::Yes),
];

fn ends(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.ends_with(known))
}

fn is_of_curl(_: &str, name: &str) -> bool {
    matches!(name, ".curlrc" | "curlrc" | "_curlrc")
}

fn is_of_dnf(_: &str, name: &str) -> bool {
    ends(name, &["yum.conf", "dnf.conf"]) || name.ends_with(".repo")
}

fn is_of_apt(path: &str, name: &str) -> bool {
    name == "apt.conf" || file_name(directory(path)) == "apt.conf.d"
}

/// A setting that is written to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingWritten {
    /// The words or the line that holds it.
    pub span: Span,
    /// The name of the file.
    pub file: String,
}

/// What the programs of a course write into such files: `echo 'strict-ssl=false' >> ~/.npmrc`, `sed -i`, a here-document.
#[must_use]
pub fn settings_written(course: &Course<'_>) -> Vec<SettingWritten> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for Written { path, step, .. } in written(course) {
        let name = file_name(&path);
        if !SETTINGS.iter().any(|setting| (setting.is_read)(&path, name)) {
            continue;
        }
        let Some(one) = course.steps.get(step) else { continue };
        // What `tee` writes is what the command before it prints.
        let before = step.checked_sub(1).filter(|_| one.program.name() == Some("tee"));
        let before = before.and_then(|at| course.steps.get(at));
        for word in before.into_iter().chain([one]).flat_map(|step| step.program.printed()) {
            for span in in_word(&path, word) {
                if seen.insert(span) {
                    found.push(SettingWritten { span, file: file_name(&path).to_owned() });
                }
            }
        }
    }
    found
}

/// The lines of a file that switch the check off.
#[must_use]
pub fn settings_of_file(path: &str, text: &Mapped) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.text().split_inclusive('\n') {
        if switches_off(path, line) {
            found.push(text.span_of(start..start + line.trim_end().len()));
        }
        start += line.len();
    }
    found
}

fn in_word(path: &str, word: &Word) -> Vec<Span> {
    let text = word.unquoted();
    if text.contains('\n') {
        return settings_of_file(path, &word.as_script());
    }
    // `printf 'a\nb\n'`
    let is_off = text.split("\\n").any(|line| switches_off(path, line));
    if is_off { vec![word.span()] } else { Vec::new() }
}

/// Whether a line of the file at that path switches the check off. Of `s/sslverify=0/sslverify=1/` the end counts.
fn switches_off(path: &str, line: &str) -> bool {
    let line = line.trim();
    if line.starts_with(['#', ';']) || line.starts_with("//") {
        return false;
    }
    let lower = line.to_ascii_lowercase();
    SETTINGS.iter().filter(|setting| (setting.is_read)(path, file_name(path))).any(|setting| {
        match setting.off {
            Off::Bare => lower.trim_start_matches('-') == setting.name.trim_start_matches('-'),
            off => lower.rfind(setting.name).is_some_and(|at| {
                let before = lower.get(..at).unwrap_or_default();
                let rest = lower.get(at + setting.name.len()..).unwrap_or_default();
                let is_whole = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                    && rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | '"' | '\''));
                let value = rest
                    .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | '"' | '\''));
                let end = value.find([';', '"', '\'', '\\', '/', '#']).unwrap_or(value.len());
                is_whole && off.is(value.get(..end).unwrap_or_default())
            }),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::switches_off;

    #[test]
    fn lines_of_files() {
        for (path, line, expected) in [
            ("/root/.npmrc", "strict-ssl=false", true),
            ("/root/.npmrc", "strict-ssl = true", false),
            ("/root/.npmrc", "# strict-ssl=false", false),
            ("/root/.npmrc", "not-strict-ssl=false", true),
            ("/root/.npmrc", "//registry.example.org/:_authToken=x", false),
            ("/etc/wgetrc", "check_certificate = off", true),
            ("/etc/wgetrc", "check_certificate = on", false),
            ("/root/.curlrc", "insecure", true),
            ("/root/.curlrc", "--insecure", true),
            ("/root/.curlrc", "-k", true),
            ("/root/.curlrc", "user-agent = \"insecure\"", false),
            ("/etc/yum.conf", "sslverify=0", true),
            ("/etc/yum.repos.d/a.repo", "sslverify = False", true),
            ("/etc/yum.repos.d/a.repo", "s/sslverify=0/sslverify=1/", false),
            ("/etc/yum.repos.d/a.repo", "s/sslverify=1/sslverify=0/", true),
            ("/etc/apt/apt.conf.d/99x", "Acquire::https::Verify-Peer \"false\";", true),
            ("/etc/apt/apt.conf.d/99x", "Acquire::https::Verify-Peer \"true\";", false),
            ("/etc/apt/apt.conf.d/99x", "Acquire::https::example.org::Verify-Host false;", true),
            ("/etc/gemrc", ":ssl_verify_mode: 0", true),
            ("/etc/gemrc", ":ssl_verify_mode: 1", false),
            ("/root/.condarc", "ssl_verify: false", true),
            ("/root/.condarc", "ssl_verify: /etc/ssl/ca.pem", false),
            ("/root/.gitconfig", "sslVerify = false", true),
            ("/etc/pip.conf", "trusted-host = pypi.example.org", true),
            ("/etc/pip.conf", "trusted-host = localhost", false),
            ("/app/.yarnrc.yml", "enableStrictSsl: false", true),
            ("/app/notes", "sslverify=0", false),
        ] {
            assert_eq!(switches_off(path, line), expected, "{path}: {line}");
        }
    }
}

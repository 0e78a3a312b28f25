//! What switches the check of certificates off: by tool, how it is spelled, and which values mean it.

mod files;

use lint_parser::shell::word::Word;
use lint_parser::text::span::Span;

use crate::model::kit::hosts::is_loopback;
use crate::model::runs::packages::{Action, Manager, PackageCommand};

pub use files::{settings_of_file, settings_written};

/// Which values switch the check off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Off {
    /// Any, even none: that it is there is all that is asked for.
    Present,
    /// `0`, and nothing else.
    Zero,
    /// What means no: `0`, `false`, `no`, `off`.
    No,
    /// The same, or nothing: git reads an empty setting as no.
    NoOrEmpty,
    /// What means yes: all that is neither empty nor no.
    Yes,
    /// A list of hosts that are trusted whatever they show; this machine may be among them.
    Hosts,
    /// `insecure`
    Insecure,
    /// `never` and `allow`, which go on with any certificate.
    Lax,
    /// The name alone: a setting that takes no value.
    Bare,
}

impl Off {
    fn is(self, value: &str) -> bool {
        let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        let no = matches!(value.as_str(), "0" | "f" | "false" | "n" | "no" | "off");
        match self {
            Off::Present | Off::Bare => true,
            Off::Zero => value == "0",
            Off::No => no,
            Off::NoOrEmpty => no || value.is_empty(),
            Off::Yes => !no && !value.is_empty(),
            Off::Hosts => {
                let mut hosts = value.split([' ', ',', '\n']).filter(|host| !host.is_empty());
                hosts.any(|host| !is_loopback(host))
            }
            Off::Insecure => value == "insecure",
            Off::Lax => matches!(value.as_str(), "never" | "allow"),
        }
    }
}

/// Variables, in capitals. npm, Yarn and uv take theirs in any case; nobody else has one of these names.
const VARIABLES: [(&str, Off); 26] = [
    ("AZURE_CLI_DISABLE_CONNECTION_VERIFICATION", Off::Present),
    ("BUNDLE_SSL_VERIFY_MODE", Off::Zero),
    ("CLOUDSDK_AUTH_DISABLE_SSL_VALIDATION", Off::Yes),
    ("COMPOSER_DISABLE_TLS", Off::Yes),
    ("CONDA_SSL_VERIFY", Off::No),
    ("CONSUL_HTTP_SSL_VERIFY", Off::No),
    // git asks `getenv`, and not what the value is.
    ("GIT_SSL_NO_VERIFY", Off::Present),
    ("GOINSECURE", Off::Hosts),
    ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", Off::Yes),
    ("HEX_UNSAFE_HTTPS", Off::Yes),
    ("JULIA_SSL_NO_VERIFY_HOSTS", Off::Hosts),
    ("LDAPTLS_REQCERT", Off::Lax),
    ("MAMBA_SSL_VERIFY", Off::No),
    ("MC_INSECURE", Off::Yes),
    ("NODE_TLS_REJECT_UNAUTHORIZED", Off::Zero),
    ("NOMAD_SKIP_VERIFY", Off::Yes),
    ("NPM_CONFIG_STRICT_SSL", Off::No),
    ("PERL_LWP_SSL_VERIFY_HOSTNAME", Off::Zero),
    ("PIP_TRUSTED_HOST", Off::Hosts),
    ("PNPM_CONFIG_STRICT_SSL", Off::No),
    ("PYTHONHTTPSVERIFY", Off::Zero),
    ("RCLONE_NO_CHECK_CERTIFICATE", Off::Yes),
    ("UV_INSECURE_HOST", Off::Hosts),
    ("VAULT_SKIP_VERIFY", Off::Yes),
    ("YARN_ENABLE_STRICT_SSL", Off::No),
    ("YARN_STRICT_SSL", Off::No),
];

/// Options of programs that are neither package managers nor downloaders. One without a value has the last value.
const PROGRAMS: [(&[&str], &str, Off, &str); 33] = [
    (&["etcdctl", "helm", "kubectl", "oc"], "--insecure-skip-tls-verify", Off::Yes, "true"),
    (&["helm"], "--kube-insecure-skip-tls-verify", Off::Yes, "true"),
    (&["argocd", "crane", "mc", "mcli", "oras", "regctl"], "--insecure", Off::Yes, "true"),
    (&["buildah", "podman", "skopeo", "kaniko"], "--tls-verify", Off::No, "true"),
    (&["skopeo"], "--src-tls-verify", Off::No, "true"),
    (&["skopeo"], "--dest-tls-verify", Off::No, "true"),
    (&["aws"], "--no-verify-ssl", Off::Present, ""),
    (&["http", "https", "xh"], "--verify", Off::No, "yes"),
    (&["axel", "conan", "hg", "redis-cli", "subscription-manager"], "--insecure", Off::Present, ""),
    (&["axel"], "-k", Off::Present, ""),
    (&["bower"], "--config.strict-ssl", Off::No, "true"),
    (&["cosign"], "--allow-insecure-registry", Off::Yes, "true"),
    (&["deno"], "--unsafely-ignore-certificate-errors", Off::Present, ""),
    (&["executor", "kaniko"], "--skip-tls-verify", Off::Yes, "true"),
    (&["executor", "kaniko"], "--skip-tls-verify-pull", Off::Yes, "true"),
    (&["fetch"], "--no-verify-hostname", Off::Present, ""),
    (&["fetch"], "--no-verify-peer", Off::Present, ""),
    (&["grpcurl"], "-insecure", Off::Yes, "true"),
    (&["influx"], "--skip-verify", Off::Yes, "true"),
    (&MONGO, "--sslAllowInvalidCertificates", Off::Present, ""),
    (&MONGO, "--tlsAllowInvalidCertificates", Off::Present, ""),
    (&MONGO, "--tlsInsecure", Off::Present, ""),
    (&["npx"], "--strict-ssl", Off::No, "true"),
    (&["nomad", "vault"], "-tls-skip-verify", Off::Yes, "true"),
    (&["nomad", "vault"], "--tls-skip-verify", Off::Yes, "true"),
    (&["rclone"], "--no-check-certificate", Off::Yes, "true"),
    (&["mariadb", "mysql"], "--skip-ssl-verify-server-cert", Off::Present, ""),
    (&["ansible-galaxy"], "--ignore-certs", Off::Present, ""),
    (&["ansible-galaxy"], "-c", Off::Present, ""),
    (&["svn"], "--trust-server-cert", Off::Present, ""),
    (&["svn"], "--trust-server-cert-failures", Off::Present, ""),
    (&["mvn", "mvnw", "mvnd"], "-Dmaven.wagon.http.ssl.insecure", Off::Yes, "true"),
    (&["mvn", "mvnw", "mvnd"], "-Daether.connector.https.securityMode", Off::Insecure, ""),
];

const MONGO: [&str; 6] = ["mongo", "mongodump", "mongoexport", "mongoimport", "mongorestore", "mongosh"];
/// Programs that take `--verify no` in two words.
const HTTPIE: [&str; 3] = ["http", "https", "xh"];

/// Options of package managers. One without a value has the last value.
const OPTIONS: [(&[Manager], &str, Off, &str); 9] = [
    (&[Manager::Pip], "--trusted-host", Off::Hosts, ""),
    (&[Manager::Pip, Manager::Uv], "--allow-insecure-host", Off::Hosts, ""),
    (&[Manager::Npm, Manager::Yarn, Manager::Pnpm], "--strict-ssl", Off::No, "true"),
    (&[Manager::Npm, Manager::Pnpm], "--no-strict-ssl", Off::Present, ""),
    (&[Manager::Conda], "--insecure", Off::Present, ""),
    (&[Manager::Conda], "-k", Off::Present, ""),
    (&[Manager::Apk], "--no-check-certificate", Off::Present, ""),
    (&[Manager::Dnf], "--nosslverify", Off::Present, ""),
    (&[Manager::Composer], "--no-secure-http", Off::Present, ""),
];

/// Settings of package managers: on the command line (`-o`, `--setopt`) and where they are written for later (`npm config set`). A
/// section may stand before the name, as in `epel.sslverify`.
const SETTINGS: [(&[Manager], &str, Off); 10] = [
    (&[Manager::Apt], "verify-peer", Off::No),
    (&[Manager::Apt], "verify-host", Off::No),
    (&[Manager::Dnf], "sslverify", Off::No),
    (&[Manager::Npm, Manager::Yarn, Manager::Pnpm], "strict-ssl", Off::No),
    (&[Manager::Yarn], "enablestrictssl", Off::No),
    (&[Manager::Composer], "disable-tls", Off::Yes),
    (&[Manager::Composer], "secure-http", Off::No),
    (&[Manager::Pip], "trusted-host", Off::Hosts),
    (&[Manager::Conda], "ssl_verify", Off::No),
    (&[Manager::Bundler], "ssl_verify_mode", Off::Zero),
];

/// Whether a variable of that value switches the check off.
#[must_use]
pub fn variable(name: &str, value: &str) -> bool {
    let is_of_poetry = name.starts_with("POETRY_CERTIFICATES_") && name.ends_with("_CERT");
    let is_of_java = matches!(name, "JAVA_TOOL_OPTIONS" | "JDK_JAVA_OPTIONS" | "MAVEN_ARGS" | "MAVEN_OPTS");
    VARIABLES.iter().any(|(known, off)| known.eq_ignore_ascii_case(name) && off.is(value))
        || is_of_poetry && Off::No.is(value)
        || is_of_java && value.split_whitespace().any(|word| is_option(&PROGRAMS, "mvn", word, None))
}

/// Whether a word of a program is an option that switches the check off. Some have their value in the next word.
fn is_option(options: &[(&[&str], &str, Off, &str)], program: &str, word: &str, next: Option<&str>) -> bool {
    options.iter().filter(|(programs, ..)| programs.contains(&program)).any(|(_, option, off, plain)| {
        let value = word.strip_prefix(option).and_then(|rest| match rest {
            "" => Some(next.filter(|_| HTTPIE.contains(&program)).unwrap_or(plain)),
            rest => rest.strip_prefix('='),
        });
        value.is_some_and(|value| off.is(value))
    })
}

/// The words of a program that switch the check off.
#[must_use]
pub fn in_program(words: &[Word]) -> Option<Span> {
    let (program, args) = words.split_first()?;
    let name = program.command_name()?;
    match &*name {
        name if name.starts_with("python") => return in_python(args),
        "git" => return in_git(args),
        "go" => return in_go(args),
        "gcloud" => return in_gcloud(args),
        "lftp" => return in_lftp(args),
        "poetry" => return in_poetry(args),
        "zypper" => return in_zypper(args),
        _ => {}
    }
    if !PROGRAMS.iter().any(|(programs, ..)| programs.contains(&&*name)) {
        return None;
    }
    let mut words = args.iter().enumerate();
    let (_, word) = words.find(|(at, word)| {
        let Some(text) = word.literal_text() else { return false };
        let next = args.get(at + 1).and_then(Word::literal_text);
        is_option(&PROGRAMS, &name, &text, next.as_deref())
    })?;
    Some(word.span())
}

/// `python -c 'import ssl; ssl._create_default_https_context = ssl._create_unverified_context; …'`
fn in_python(args: &[Word]) -> Option<Span> {
    let at = args.iter().position(|word| word.is("-c"))?;
    let code = args.get(at + 1)?;
    code.unquoted().contains("_create_unverified_context").then(|| code.span())
}

/// `git -c http.sslVerify=false`, `git config --global http.https://example.org/.sslVerify off`
fn in_git(args: &[Word]) -> Option<Span> {
    let last = args.last()?;
    for (at, word) in args.iter().enumerate() {
        let Some(text) = word.literal_text() else { continue };
        let text = text.to_ascii_lowercase();
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text.as_str(), args.get(at + 1).and_then(Word::literal_text).map(Into::into)),
        };
        let is_setting = name.starts_with("http.") && name.ends_with(".sslverify");
        if is_setting && value.is_some_and(|value| Off::NoOrEmpty.is(&value)) {
            return Some(word.span().cover(last.span()));
        }
    }
    None
}

/// `go env -w GOINSECURE=example.org`, which holds from then on.
fn in_go(args: &[Word]) -> Option<Span> {
    let mut words = args.iter();
    let is_kept = words.next().is_some_and(|word| word.is("env")) && words.any(|word| word.is("-w"));
    // `GOINSECURE=*` is a pattern to the shell, which finds no file and hands it on.
    let is_off = |word: &&Word| {
        let text = word.unquoted();
        let (name, value) = text.split_once('=').unwrap_or_default();
        !value.contains('$') && variable(name, value)
    };
    args.iter().filter(|_| is_kept).find(is_off).map(Word::span)
}

/// `gcloud config set auth/disable_ssl_validation True`
fn in_gcloud(args: &[Word]) -> Option<Span> {
    let at = args.iter().position(|word| word.is("auth/disable_ssl_validation"))?;
    let value = args.get(at + 1)?;
    value.literal_text().is_some_and(|value| Off::Yes.is(&value)).then(|| value.span())
}

/// `poetry config certificates.internal.cert false`
fn in_poetry(args: &[Word]) -> Option<Span> {
    let is_cert = |word: &Word| {
        word.literal_text().is_some_and(|text| text.starts_with("certificates.") && text.ends_with(".cert"))
    };
    let value = args.get(args.iter().position(is_cert)? + 1)?;
    value.literal_text().is_some_and(|value| Off::No.is(&value)).then(|| value.span())
}

/// `zypper addrepo 'https://example.org/?ssl_verify=no' x`
fn in_zypper(args: &[Word]) -> Option<Span> {
    let is_off = |word: &&Word| {
        let text = word.unquoted();
        let query = text.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
        query.split('&').filter_map(|pair| pair.strip_prefix("ssl_verify=")).any(|value| Off::No.is(value))
    };
    args.iter().find(is_off).map(Word::span)
}

/// `lftp -e 'set ssl:verify-certificate no; …'`
fn in_lftp(args: &[Word]) -> Option<Span> {
    let is_off = |word: &&Word| {
        let text = word.unquoted();
        let value =
            text.split_once("ssl:verify-certificate").map(|(_, rest)| rest.trim_start_matches([' ', '=']));
        value.and_then(|value| value.split([' ', ';']).next()).is_some_and(|value| Off::No.is(value))
    };
    args.iter().find(is_off).map(Word::span)
}

/// The options of a package manager's call that switch the check off.
pub fn in_options(command: &PackageCommand) -> impl Iterator<Item = Span> {
    let manager = command.manager;
    let switches = move |name: &str, value: Option<&str>| {
        OPTIONS.iter().any(|(managers, option, off, plain)| {
            managers.contains(&manager) && *option == name && off.is(value.unwrap_or(plain))
        })
    };
    let sets = ["-o", "--option", "--setopt", "-c"];
    command
        .options
        .iter()
        .filter(move |option| {
            // `npm --strict-ssl false`
            let after = || {
                let word = command.operands.iter().find(|word| word.span().start() > option.span.end())?;
                let is_next = word.span().start() == option.span.end() + 1;
                word.literal_text().filter(|word| is_next && word == "false")
            };
            let is_npm = manager == Manager::Npm && option.value.is_none();
            let after = is_npm.then(after).flatten();
            let value = option.value.as_deref().or(after.as_deref());
            let setting = || value.and_then(|value| value.split_once('='));
            switches(&option.name, value)
                || (sets.contains(&option.name.as_str())
                    && setting().is_some_and(|(name, value)| setting_of(manager, name, value)))
        })
        .map(|option| option.span)
}

/// Whether a call of a package manager writes a setting that switches the check off for all that come after it: `npm config set
/// strict-ssl false`, `npm set strict-ssl=false`, `composer config disable-tls true`.
#[must_use]
pub fn is_configured_off(command: &PackageCommand) -> bool {
    if command.action != Action::Configure {
        return false;
    }
    let words: Vec<_> = command.operands.iter().filter_map(Word::literal_text).collect();
    let names = words.iter().enumerate().filter(|(_, word)| !word.starts_with('-'));
    for (at, word) in names {
        let (name, value) = match word.split_once(['=', ' ']) {
            Some((name, value)) => (name, value.to_owned()),
            None => (&**word, words.get(at + 1..).unwrap_or_default().join(" ")),
        };
        if setting_of(command.manager, name, &value) {
            return true;
        }
    }
    false
}

/// Whether a setting switches the check off; a section may stand before its name.
fn setting_of(manager: Manager, name: &str, value: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    let bare = name.rsplit(['.', ':']).next().unwrap_or_default();
    SETTINGS
        .iter()
        .any(|(managers, setting, off)| managers.contains(&manager) && *setting == bare && off.is(value))
}

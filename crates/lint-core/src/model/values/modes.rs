//! File modes as `chmod`, `install`, `mkdir`, `COPY --chmod` and Compose write them, and what they grant.
//!
//! Modes are compared bit by bit: 0577 is no "less than" 0644, since others may write.

use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::Invocation;
use lint_parser::text::span::Span;

use crate::files::file_name;
use crate::model::values::shell_words::evaluated_or_written;
use crate::model::values::variables::Variables;

/// Write permission of everybody.
pub const OTHERS_WRITE: u32 = 0o002;
/// Write permission of group and everybody.
pub const GROUP_OR_OTHERS_WRITE: u32 = 0o022;
/// The setuid bit.
pub const SETUID: u32 = 0o4000;
/// The setgid bit.
pub const SETGID: u32 = 0o2000;
/// The sticky bit: who may write to a directory may still not delete what belongs to others.
pub const STICKY: u32 = 0o1000;

/// The bits a mode certainly sets, whatever the file had before: `4755`, `u=rwx,go=rx`, `+x`. `None` for what is
/// no mode.
#[must_use]
pub fn granted(mode: &str) -> Option<u32> {
    if mode.bytes().all(|b| b.is_ascii_digit()) {
        let bits = u32::from_str_radix(mode, 8).ok()?;
        return (bits <= 0o7777 && mode.len() <= 6).then_some(bits);
    }
    symbolic(mode, 0)
}

fn symbolic(mode: &str, bits: u32) -> Option<u32> {
    mode.split(',').try_fold(bits, |bits, clause| apply(clause, bits))
}

/// The bits that a mode decides, whatever they were before: all of them by number, by letters those that are named.
#[must_use]
pub fn decided(mode: &str) -> u32 {
    if mode.bytes().all(|b| b.is_ascii_digit()) {
        return 0o7777;
    }
    let (of_none, of_all) = (symbolic(mode, 0), symbolic(mode, 0o7777));
    of_none.zip(of_all).map_or(0, |(of_none, of_all)| !(of_none ^ of_all) & 0o7777)
}

/// Whether a mode gives the group, or others, what the owner may: `g=u`, `go+u`.
#[must_use]
pub fn shares_with_group(mode: &str) -> bool {
    mode.split(',').any(|clause| {
        let Some(at) = clause.find(['+', '=']) else { return false };
        let Some((who, permissions)) = clause.split_at_checked(at) else { return false };
        who.contains(['g', 'o', 'a']) && permissions.get(1..) == Some("u")
    })
}

/// `ugo+rwx`, `a=`, `u+s`, `g=u`, `u=rw+x`
fn apply(clause: &str, mut bits: u32) -> Option<u32> {
    let operators = clause.find(['+', '-', '='])?;
    let (who, mut rest) = clause.split_at_checked(operators)?;
    let mut classes = 0;
    for class in who.chars() {
        classes |= match class {
            'u' => 0o4700,
            'g' => 0o2070,
            'o' => 0o1007,
            'a' => 0o7777,
            _ => return None,
        };
    }
    // Without a class all are meant, less what the umask takes away.
    let mask = if who.is_empty() { 0o7777 & !0o022 } else { classes };
    while let Some(operator) = rest.chars().next() {
        if !matches!(operator, '+' | '-' | '=') {
            return None;
        }
        rest = rest.get(1..)?;
        let end = rest.find(['+', '-', '=']).unwrap_or(rest.len());
        let (permissions, after) = rest.split_at_checked(end)?;
        rest = after;
        let mut named = 0;
        for permission in permissions.chars() {
            named |= match permission {
                'r' => 0o444,
                'w' => 0o222,
                'x' | 'X' => 0o111,
                's' => 0o6000,
                't' => 0o1000,
                // The permissions of another class, which are not known.
                'u' | 'g' | 'o' => 0,
                _ => return None,
            };
        }
        // `t` needs no class.
        let named = (named & mask) | (named & STICKY);
        bits = match operator {
            '+' => bits | named,
            '-' => bits & !named,
            _ => (bits & !(mask & 0o7777)) | named,
        };
    }
    Some(bits)
}

/// A command that sets the mode of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeChange {
    /// `chmod`, `install` or `mkdir`.
    pub program: &'static str,
    /// The mode as written, variables replaced.
    pub mode: String,
    /// Where it is written.
    pub span: Span,
    /// What it certainly grants.
    pub granted: u32,
    /// Everything below the paths too.
    pub recursive: bool,
    /// Whether what is changed is certainly a directory.
    pub directory: bool,
    /// What is changed: the paths as far as they are known; of `install` the destination.
    pub paths: Vec<String>,
}

/// Reads `chmod`, `install -m` and `mkdir -m`; `None` for other commands and modes known at run time only.
#[must_use]
pub fn mode_change(invocation: &Invocation, variables: &Variables) -> Option<ModeChange> {
    match invocation.name()? {
        "chmod" => chmod(invocation.args(), variables),
        "install" => with_option("install", invocation.args(), variables),
        "mkdir" => with_option("mkdir", invocation.args(), variables),
        _ => None,
    }
}

fn chmod(args: &[Word], variables: &Variables) -> Option<ModeChange> {
    let mut recursive = false;
    let mut mode = None;
    let mut paths = Vec::new();
    for word in args {
        let written = evaluated_or_written(word, variables);
        let is_option = written.starts_with("--")
            || (written.len() > 1
                && written.strip_prefix('-').is_some_and(|l| l.bytes().all(|b| b"RvcfHLP".contains(&b))));
        if is_option {
            recursive |= written == "--recursive" || (!written.starts_with("--") && written.contains('R'));
        } else if mode.is_none() {
            mode = Some((written, word.span()));
        } else {
            paths.push(written);
        }
    }
    let (mode, span) = mode?;
    let granted = granted(&mode)?;
    Some(ModeChange { program: "chmod", mode, span, granted, recursive, directory: false, paths })
}

/// `install -o root -m 4755 source destination`, `install -d -m 0777 directory`, `mkdir -pm 777 directory`
fn with_option(program: &'static str, args: &[Word], variables: &Variables) -> Option<ModeChange> {
    let values = if program == "install" { "mogSt" } else { "mZ" };
    let mut mode = None;
    let mut directory = program == "mkdir";
    let mut target = None;
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(word) = args.get(at) {
        at += 1;
        let written = evaluated_or_written(word, variables);
        if let Some(long) = written.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_owned())));
            directory |= name == "directory";
            match (name, value) {
                ("mode", Some(value)) => mode = Some((value, word.span())),
                ("mode", None) => {
                    mode = args.get(at).map(|next| (evaluated_or_written(next, variables), next.span()));
                    at += 1;
                }
                ("target-directory", value) => target = value,
                ("owner" | "group" | "suffix", None) => at += 1,
                _ => {}
            }
            continue;
        }
        let Some(letters) = written.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            paths.push(written);
            continue;
        };
        for (index, letter) in letters.char_indices() {
            directory |= letter == 'd' && program == "install";
            if !values.contains(letter) {
                continue;
            }
            let rest = letters.get(index + 1..).unwrap_or_default();
            let (value, span) = if rest.is_empty() {
                let next = args.get(at);
                at += 1;
                match next {
                    Some(next) => (evaluated_or_written(next, variables), next.span()),
                    None => break,
                }
            } else {
                (rest.to_owned(), word.span())
            };
            match letter {
                'm' => mode = Some((value, span)),
                't' => target = Some(value),
                _ => {}
            }
            break;
        }
    }
    let (mode, span) = mode?;
    let granted = granted(&mode)?;
    let paths = match target {
        _ if directory => paths,
        Some(target) => paths.iter().map(|source| joined(&target, source)).collect(),
        None => paths.pop().into_iter().collect(),
    };
    Some(ModeChange { program, mode, span, granted, recursive: false, directory, paths })
}

fn joined(directory: &str, file: &str) -> String {
    format!("{}/{}", directory.trim_end_matches('/'), file_name(file))
}

/// The widest mode that a file's kind allows, and what it is, by its path; `None` for files that may have any.
///
/// The limits are those of the CIS benchmark: 0444 for certificates of the Docker daemon, 0400 for its keys, 0644
/// for its configuration and units, 0660 for the sockets.
#[must_use]
pub fn limit(path: &str) -> Option<(u32, &'static str)> {
    let name = file_name(path).to_ascii_lowercase();
    if is_key(&name) || name.ends_with("-key") {
        // Keys that packages are signed with are public.
        let is_public = ["apt", "keyring", "gpg", "archive", "signing", "release", "/pki/rpm", "trusted"]
            .iter()
            .any(|public| path.contains(public));
        return (is_in_docker_directory(path) || !is_public).then(|| limit_of_key(path));
    }
    if matches!(name.as_str(), "docker.sock" | "containerd.sock" | "podman.sock") {
        return Some((0o660, "the socket of a container engine"));
    }
    limit_of_daemon_file(path, &name)
}

/// The widest mode of a `config` or `secret` that Compose writes into a container, and what it is, by its path.
#[must_use]
pub fn limit_of_grant(path: &str) -> (u32, &'static str) {
    let name = file_name(path).to_ascii_lowercase();
    if is_key(&name) {
        return limit_of_key(path);
    }
    // Others may read and run it, and write to it never; setuid bits are for programs.
    limit_of_daemon_file(path, &name).unwrap_or((0o755, "a config or secret"))
}

fn is_key(name: &str) -> bool {
    name.ends_with(".key")
        || name.ends_with("key.pem")
        || ["id_rsa", "id_ed25519", "id_ecdsa", "id_dsa"].contains(&name)
}

fn limit_of_key(path: &str) -> (u32, &'static str) {
    if is_in_docker_directory(path) {
        (0o400, "a key of the Docker daemon")
    } else {
        (0o640, "a private key")
    }
}

fn limit_of_daemon_file(path: &str, name: &str) -> Option<(u32, &'static str)> {
    let is_certificate = path.contains("/certs.d/") || name.ends_with(".pem") || name.ends_with(".crt");
    if is_certificate && is_in_docker_directory(path) {
        return Some((0o444, "a certificate of the Docker daemon"));
    }
    let is_configuration = matches!(name, "daemon.json" | "docker.service" | "docker.socket")
        || matches!(path, "/etc/default/docker" | "/etc/sysconfig/docker");
    is_configuration.then_some((0o644, "a file of the Docker daemon"))
}

fn is_in_docker_directory(path: &str) -> bool {
    ["/etc/docker/", "/etc/containers/", "/certs/"].iter().any(|directory| path.starts_with(directory))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lint_parser::shell;
    use lint_parser::text::mapped::Mapped;

    #[test]
    fn modes_grant_bit_by_bit() {
        assert_eq!(granted("a+w,u+s"), Some(0o4222));
        for (mode, expected) in [
            ("777", Some(0o777)),
            ("1777", Some(0o1777)),
            ("06755", Some(0o6755)),
            ("577", Some(0o577)),
            ("a+rwx", Some(0o777)),
            ("ugo+rwx", Some(0o777)),
            ("o=rw", Some(0o006)),
            ("+x", Some(0o111)),
            // Without a class the umask holds, which is 022.
            ("+w", Some(0o200)),
            ("+s", Some(0o6000)),
            ("o+s", Some(0)),
            ("g+s", Some(0o2000)),
            ("u-s,g-s", Some(0)),
            ("a-s", Some(0)),
            ("a+rwx,o-w", Some(0o775)),
            ("a=rwx,go=rX", Some(0o755)),
            ("u=rwX,g=u,o=", Some(0o700)),
            ("g=u", Some(0)),
            ("+t,a+rwx", Some(0o1777)),
            ("a+rwxt", Some(0o1777)),
            ("u=rw+x", Some(0o700)),
            ("888", None),
            ("77777", None),
            ("é", None),
            ("a+é", None),
            ("", None),
            ("x+w", None),
        ] {
            assert_eq!(granted(mode), expected, "{mode}");
        }
    }

    fn read(line: &str) -> Option<ModeChange> {
        let script = shell::parse(&Mapped::verbatim(line, 0)).tree;
        let sites = script.simple_commands();
        sites[0].command.invocations().iter().find_map(|i| mode_change(i, &Variables::default()))
    }

    #[test]
    fn commands_that_set_modes() {
        for (line, granted, recursive, directory, paths) in [
            ("chmod -Rv 777 /a /b", 0o777, true, false, "/a /b"),
            ("chmod -x /a", 0, false, false, "/a"),
            ("sudo chmod u+s,g+w \"/a b\"", 0o4020, false, false, "/a b"),
            ("install -Dm4755 x /usr/bin/x", 0o4755, false, false, "/usr/bin/x"),
            ("install -o root -g root -m 0755 x /y", 0o755, false, false, "/y"),
            ("install -d -m 2775 /a /b", 0o2775, false, true, "/a /b"),
            ("install -m 644 -t /etc/docker a/daemon.json", 0o644, false, false, "/etc/docker/daemon.json"),
            ("mkdir -pm 777 /a", 0o777, false, true, "/a"),
            ("mkdir --mode=1777 /a", 0o1777, false, true, "/a"),
        ] {
            let change = read(line).expect(line);
            let found = (change.granted, change.recursive, change.directory, change.paths.join(" "));
            assert_eq!(found, (granted, recursive, directory, paths.to_owned()), "{line}");
        }
        for line in ["chmod --reference=/a /b", "chmod $MODE /a", "install a b", "mkdir -p a", "chmod"] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn kinds_of_files() {
        for (path, expected) in [
            ("/etc/docker/certs.d/r/ca.crt", Some(0o444)),
            ("/etc/docker/server-key.pem", Some(0o400)),
            ("/etc/docker/daemon.json", Some(0o644)),
            ("/var/run/docker.sock", Some(0o660)),
            ("/etc/ssl/private/server.key", Some(0o640)),
            ("/root/.ssh/id_rsa", Some(0o640)),
            ("/etc/apt/keyrings/docker.key", None),
            ("/root/.ssh/id_rsa.pub", None),
            ("/app/server", None),
        ] {
            assert_eq!(limit(path).map(|(mode, _)| mode), expected, "{path}");
        }
    }
}

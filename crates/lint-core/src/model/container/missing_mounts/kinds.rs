//! What the names of files and directories say of them.

use crate::files::file_name;

/// Extensions of what people write, and of what a program wants to find as a file.
const FILES: [&str; 51] = [
    "acl",
    "bash",
    "cfg",
    "cjs",
    "cnf",
    "conf",
    "config",
    "csv",
    "cue",
    "db",
    "env",
    "hcl",
    "htm",
    "html",
    "ini",
    "j2",
    "jinja",
    "js",
    "json",
    "json5",
    "jsonc",
    "list",
    "log",
    "lua",
    "md",
    "mjs",
    "php",
    "pl",
    "properties",
    "py",
    "rb",
    "rules",
    "sh",
    "sql",
    "sqlite",
    "sqlite3",
    "template",
    "tf",
    "tmpl",
    "toml",
    "tpl",
    "ts",
    "tsv",
    "txt",
    "vcl",
    "vtl",
    "xml",
    "xsl",
    "xslt",
    "yaml",
    "yml",
];

/// Files that have none.
const NAMES: [&str; 7] =
    ["Caddyfile", "Corefile", "Gemfile", "Makefile", "Procfile", "crontab", "krb5.keytab"];

/// Directories whose contents are made: by a build, by a program that runs, by whoever sets the machine up.
const MADE: [&str; 60] = [
    "_build",
    "artifacts",
    "backup",
    "backups",
    "bin",
    "build",
    "cache",
    "cert",
    "certificates",
    "certs",
    "classes",
    "coverage",
    "credentials",
    "data",
    "database",
    "db",
    "db-data",
    "dist",
    "downloads",
    "dumps",
    "generated",
    "import",
    "keys",
    "letsencrypt",
    "lib",
    "local",
    "log",
    "logs",
    "media",
    "models",
    "node_modules",
    "obj",
    "out",
    "output",
    "outputs",
    "persist",
    "private",
    "public",
    "release",
    "reports",
    "results",
    "run",
    "secret",
    "secrets",
    "ssl",
    "state",
    "static",
    "storage",
    "target",
    "temp",
    "test-results",
    "tls",
    "tmp",
    "upload",
    "uploads",
    "var",
    "vendor",
    "volume",
    "volumes",
    "work",
];

/// Files that are made where a project runs and kept out of version control: what is secret, what is one machine's.
const PRIVATE: [&str; 18] = [
    "cer",
    "crt",
    "csr",
    "gpg",
    "htpasswd",
    "jks",
    "kdbx",
    "key",
    "keystore",
    "keytab",
    "kubeconfig",
    "ovpn",
    "p12",
    "passwd",
    "pem",
    "pfx",
    "pub",
    "truststore",
];

/// Where images look for what they are given and never write.
const READ: [&str; 9] = [
    "/docker-entrypoint-initdb.d",
    "/docker-entrypoint-init.d",
    "/etc/grafana/provisioning",
    "/etc/nginx/conf.d",
    "/etc/nginx/sites-enabled",
    "/etc/nginx/templates",
    "/etc/prometheus",
    "/usr/local/apache2/htdocs",
    "/usr/share/nginx/html",
];

/// Whether something of that name is a file.
pub(super) fn is_file(name: &str) -> bool {
    let extension =
        name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, extension)| extension);
    extension.is_some_and(|extension| FILES.binary_search(&extension).is_ok()) || NAMES.contains(&name)
}

/// Whether something at that path is likely made where the project runs.
pub(super) fn is_made(path: &str) -> bool {
    let name = file_name(path);
    // `.env`, `.env.production`, `.npmrc`, `config.local.yml`, `settings.override.json`.
    let is_own =
        name.starts_with('.') || name.split(['.', '-', '_']).any(|part| matches!(part, "local" | "override"));
    let extension = name.rsplit_once('.').map_or(name, |(_, extension)| extension);
    let is_private = PRIVATE.contains(&extension)
        || ["secret", "token", "password", "credential"].iter().any(|word| name.contains(word));
    let is_below_made = path.split('/').any(|part| {
        let part = part.trim_start_matches('.').to_ascii_lowercase();
        MADE.binary_search(&part.as_str()).is_ok() || part.ends_with("-data") || part.ends_with("_data")
    });
    is_own || is_private || is_below_made
}

/// Whether a container only reads what is at that path.
pub(super) fn is_only_read(target: &str) -> bool {
    READ.iter()
        .any(|path| target.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Whether files are there for a test or a pipeline, which prepare what they mount.
pub(super) fn is_for_tests(files: &[String]) -> bool {
    let words = ["ci", "e2e", "test", "tests", "testing", "integration", "bench", "benchmark"];
    let is_word = |part: &str| words.contains(&part.to_ascii_lowercase().as_str());
    files.iter().any(|file| file.split(['/', '.', '-', '_']).any(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        assert!(FILES.is_sorted() && MADE.is_sorted());
    }

    #[test]
    fn names_tell_files_from_directories() {
        for name in ["nginx.conf", "Caddyfile", "prometheus.yml", "init.sql"] {
            assert!(is_file(name), "{name}");
        }
        for name in ["conf.d", "docker-entrypoint-initdb.d", "nginx", ".conf", "v1.2", "app.git"] {
            assert!(!is_file(name), "{name}");
        }
    }

    #[test]
    fn what_is_made_where_a_project_runs() {
        for path in [
            ".env",
            "conf/.env.production",
            "config.local.yml",
            "certs/server.conf",
            "a/Data/x.json",
            "server.key",
            "pg_data/x",
        ] {
            assert!(is_made(path), "{path}");
        }
        for path in ["nginx/nginx.conf", "config/app.yml", "database.yml", "localized/x.json"] {
            assert!(!is_made(path), "{path}");
        }
    }
}

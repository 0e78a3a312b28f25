use crate::files::{file_name, join};
use crate::rule::prelude::*;
use crate::rule::subject::InstructionSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "copied-secret-file",
        docs: "A file that holds credentials is copied into the image.

## Why
Every layer of an image can be read by whoever gets the image, and a later `RUN rm` changes nothing about the
layer below. Registries, caches and backups keep it.

## Instead
For the build: `RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`; `--mount=type=ssh` for keys. For
the running container: mount it, with `secrets` in Compose. List such files in `.dockerignore`.

## Limits
Files are told by their names: `.env`, private keys, `.npmrc`, `.netrc`, `.pypirc`, `.git-credentials`, the
credentials of AWS, Google, Docker and Kubernetes, key stores; and the file that
`GOOGLE_APPLICATION_CREDENTIALS` or its like names. Examples (`.env.example`) and public keys are not
reported. What `COPY . .` brings along is `whole-context-copied`. In stages that only build, the finding is
medium.
",
        severity: Severity::High,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("4.10"),
            Reference::Cwe(538),
            Reference::Cwe(798),
            Reference::Owasp("#12"),
            Reference::Nist("4.1.4"),
            Reference::Trivy("DS-0031"),
        ],
        ..super::DEFAULTS
    },
    checks: &[Check::Instruction(check)],
};

/// Variables that name a file of credentials.
const POINTERS: [&str; 4] =
    ["GOOGLE_APPLICATION_CREDENTIALS", "AWS_SHARED_CREDENTIALS_FILE", "PGPASSFILE", "KUBECONFIG"];

fn check(subject: &InstructionSubject<'_>, cx: &mut Context<'_>) {
    let Some(copy) = subject.copy() else { return };
    let destination = copy.destination.as_ref().map(|word| subject.plan.expand(subject.index, word));
    let destination = destination.as_ref().map_or("", |destination| &destination.shown);
    for source in &copy.sources {
        let path = subject.plan.expand(subject.index, source);
        let Some(path) = path.text().filter(|path| !path.contains("://")) else { continue };
        if subject.plan.without_credentials.contains(path) {
            continue;
        }
        let pointed_at = || {
            let below = join(destination, file_name(path));
            let names = |variable: &&str| {
                let setting = subject.stage.config.env.get(variable);
                setting
                    .and_then(|set| set.value.text())
                    .is_some_and(|file| file == destination || file == below)
            };
            POINTERS.iter().copied().find(names).map(|_| "a file of credentials")
        };
        let Some(what) = secret_file(path, destination).or_else(pointed_at) else { continue };
        let draft = subject
            .report(cx, source.span(), format!("{what} becomes part of the image"))
            .help("mount it instead: `RUN --mount=type=secret` in the build, `secrets` when it runs");
        // Settings without a credential in them are common there.
        if !subject.is_in_target_chain() || path.ends_with("npmrc") {
            draft.at_most(Severity::Medium);
        }
    }
}

/// What a file holds, by its path.
fn secret_file(path: &str, destination: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let mut parts = lower.trim_end_matches('/').rsplit('/');
    let name = parts.next().unwrap_or_default();
    let parent = parts.next().unwrap_or_default();
    let example = ["example", "sample", "template", "dist", "default", "tmpl", "tpl", "schema", "defaults"];
    if name.ends_with(".pub") || name.split(['.', '-', '_']).any(|part| example.contains(&part)) {
        return None;
    }
    match (parent, name) {
        (_, ".env") => return Some("a file of variables, mostly secrets,"),
        (_, "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | ".ssh") => return Some("a private SSH key"),
        (_, ".npmrc" | ".yarnrc.yml") if name == ".npmrc" => {
            return Some("an npm configuration, often with a token,");
        }
        (_, ".netrc" | "_netrc") => return Some("a file of passwords for servers"),
        (_, ".pypirc") => return Some("a file of PyPI credentials"),
        (_, ".git-credentials") => return Some("a file of Git credentials"),
        (_, ".pgpass" | ".my.cnf") => return Some("a file of database passwords"),
        (_, ".aws") | (".aws", "credentials") => return Some("a file of AWS credentials"),
        (".docker", "config.json") | (_, ".dockercfg") => return Some("a file of registry credentials"),
        (".kube", "config") | (_, "kubeconfig") => return Some("a file of Kubernetes credentials"),
        (_, ".vault-token") => return Some("a Vault token"),
        (_, "application_default_credentials.json" | "serviceaccountkey.json") => {
            return Some("a key of a Google service account");
        }
        _ => {}
    }
    if name.starts_with(".env.") {
        return Some("a file of variables, mostly secrets,");
    }
    if name.ends_with(".json") && (name.starts_with("service-account") || name.starts_with("service_account"))
    {
        return Some("a key of a Google service account");
    }
    if [".p12", ".pfx", ".jks", ".kdbx", ".keystore"].iter().any(|extension| name.ends_with(extension)) {
        return Some("a key store");
    }
    // Keys that packages are signed with are public.
    let public =
        ["apt", "keyring", "gpg", "archive", "signing", "release", "trusted", "public", "pub", "repo"];
    let is_public = |text: &str| public.iter().any(|word| text.contains(word));
    let is_key = name.ends_with(".key")
        || ((name.ends_with(".pem") || name.ends_with(".ppk"))
            && (name.contains("key") || name.contains("priv")));
    (is_key && !is_public(&lower) && !is_public(destination)).then_some("a private key")
}

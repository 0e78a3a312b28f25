//! Image references: `registry:port/path/name:tag@digest`, as Docker reads them in `FROM` and `image:`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, digit1, satisfy};
use nom::combinator::{all_consuming, opt, recognize};
use nom::multi::{many0_count, separated_list1};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Offset, Parser};

use crate::syntax_error::{SyntaxError, SyntaxErrorKind};
use crate::text::mapped::Mapped;

/// The registry of a reference that names none.
pub const DOCKER_HUB: &str = "docker.io";

/// Longest registry and path together, in bytes, `docker.io/library/` included.
const LONGEST_NAME: usize = 255;

/// A reference taken apart. The parts keep their places; variables must be expanded before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageReference {
    /// `registry.example.com:5000`, `localhost`; `None` when it is Docker Hub by default.
    pub registry: Option<Mapped>,
    /// What stands between registry and tag, as written: `alpine`, `bitnami/redis`.
    pub path: Mapped,
    /// After `:`.
    pub tag: Option<Mapped>,
    /// After `@`: `sha256:...`.
    pub digest: Option<Mapped>,
}

impl ImageReference {
    /// The registry pulled from, `docker.io` for Docker Hub under whatever name.
    #[must_use]
    pub fn registry_name(&self) -> &str {
        match self.registry.as_ref().map(Mapped::text) {
            None | Some("index.docker.io") => DOCKER_HUB,
            Some(registry) => registry,
        }
    }

    /// The path on the registry: `library/alpine` for `alpine` on Docker Hub.
    #[must_use]
    pub fn repository(&self) -> String {
        [self.account(), self.path.text()].concat()
    }

    /// What stands before the path of an official image.
    fn account(&self) -> &'static str {
        if self.registry_name() == DOCKER_HUB && !self.path.text().contains('/') { "library/" } else { "" }
    }

    /// Registry and path in full, for comparisons: `docker.io/library/alpine`.
    #[must_use]
    pub fn normalized_name(&self) -> String {
        [self.registry_name(), "/", self.account(), self.path.text()].concat()
    }

    /// Registry and path as short as Docker prints them: `alpine`, `bitnami/redis`, `ghcr.io/owner/name`.
    #[must_use]
    pub fn familiar_name(&self) -> String {
        let (registry, path) = (self.registry_name(), self.path.text());
        if registry != DOCKER_HUB {
            return [registry, "/", path].concat();
        }
        path.strip_prefix("library/").filter(|rest| !rest.contains('/')).unwrap_or(path).to_owned()
    }

    /// The tag pulled: `latest` when neither tag nor digest is written, none when a digest alone is.
    #[must_use]
    pub fn effective_tag(&self) -> Option<&str> {
        match (&self.tag, &self.digest) {
            (Some(tag), _) => Some(tag.text()),
            (None, Some(_)) => None,
            (None, None) => Some("latest"),
        }
    }
}

/// Takes a reference apart.
///
/// # Errors
///
/// In Docker's words, with the part at fault, for what no image can be called. The error is of kind
/// [`SyntaxErrorKind::Instruction`]; a Compose file's caller may change that.
///
/// ```
/// use lint_parser::image;
/// use lint_parser::text::mapped::Mapped;
///
/// let reference = image::parse(&Mapped::verbatim("debian", 0)).unwrap();
/// assert_eq!(reference.normalized_name(), "docker.io/library/debian");
/// assert_eq!(reference.effective_tag(), Some("latest"));
/// ```
pub fn parse(text: &Mapped) -> Result<ImageReference, SyntaxError> {
    let whole = text.text();
    let part = |part: &str| {
        let start = whole.offset(part);
        text.slice(start..start + part.len())
    };
    let fault = |at: &str, message: String| {
        Err(SyntaxError::new(SyntaxErrorKind::Instruction, part(at).span(), message))
    };
    if whole.is_empty() {
        return fault(whole, "invalid reference format: empty image name".to_owned());
    }
    if is_identifier(whole) {
        let message = "invalid repository name, cannot specify 64-byte hexadecimal strings";
        return fault(whole, message.to_owned());
    }
    let (rest, digest) = match whole.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (whole, None),
    };
    let (registry, rest) = registry(rest);
    // A colon in what follows the registry begins the tag: no path holds one.
    let (path, tag) = match rest.split_once(':') {
        Some((path, tag)) => (path, Some(tag)),
        None => (rest, None),
    };
    if let Some(registry) = registry.filter(|registry| all_consuming(host_port).parse(registry).is_err()) {
        return fault(registry, "invalid reference format: invalid registry".to_owned());
    }
    if all_consuming(path_components).parse(path).is_err() {
        let lower = path.to_lowercase();
        if lower != path && all_consuming(path_components).parse(lower.as_str()).is_ok() {
            return fault(path, "invalid reference format: repository name must be lowercase".to_owned());
        }
        let at = if path.is_empty() { whole } else { path };
        return fault(at, "invalid reference format".to_owned());
    }
    if let Some(tag) = tag.filter(|written| all_consuming(tag_name).parse(written).is_err()) {
        let at = if tag.is_empty() { whole } else { tag };
        return fault(at, "invalid reference format: invalid tag".to_owned());
    }
    if let Some(written) = digest
        && let Err(message) = check_digest(written)
    {
        let at = if written.is_empty() { whole } else { written };
        return fault(at, message.to_owned());
    }
    let reference = ImageReference {
        registry: registry.map(part),
        path: part(path),
        tag: tag.map(part),
        digest: digest.map(part),
    };
    // That of `docker.io/library/` is the longest that is put before a path.
    if whole.len() + 18 > LONGEST_NAME && reference.normalized_name().len() > LONGEST_NAME {
        return fault(path, format!("repository name must not be more than {LONGEST_NAME} characters"));
    }
    Ok(reference)
}

/// Splits off a first component that can only be a host: with a dot, a colon or a capital, or `localhost`.
fn registry(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':'])
                || first == "localhost"
                || first.contains(|c: char| c.is_uppercase()) =>
        {
            (Some(first), rest)
        }
        _ => (None, name),
    }
}

fn is_identifier(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// `host[:port]`, where the host is a domain name, an IPv4 address, or an IPv6 address in brackets.
fn host_port(input: &str) -> IResult<&str, &str> {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let label = || {
        nom::combinator::verify(take_while1(letters), |label: &str| {
            !label.starts_with('-') && !label.ends_with('-')
        })
    };
    let address = take_while1(|c: char| c.is_ascii_hexdigit() || c == ':');
    let host = alt((
        recognize(delimited(char('['), address, char(']'))),
        recognize(separated_list1(char('.'), label())),
    ));
    recognize((host, opt((char(':'), digit1)))).parse(input)
}

fn path_components(input: &str) -> IResult<&str, &str> {
    recognize(separated_list1(char('/'), path_component)).parse(input)
}

/// Lower-case letters and digits, with single dots, one or two underscores, or any number of dashes between.
fn path_component(input: &str) -> IResult<&str, &str> {
    let letters = || take_while1(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let separator = alt((tag("__"), tag("_"), tag("."), take_while1(|c| c == '-')));
    recognize((letters(), many0_count(preceded(separator, letters())))).parse(input)
}

fn tag_name(input: &str) -> IResult<&str, &str> {
    let first = satisfy(|c| c.is_ascii_alphanumeric() || c == '_');
    let more = take_while_m_n(0, 127, |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c));
    recognize((first, more)).parse(input)
}

fn check_digest(digest: &str) -> Result<(), &'static str> {
    let algorithm = recognize((
        satisfy(|c: char| c.is_ascii_alphabetic()),
        take_while(|c: char| c.is_ascii_alphanumeric() || "-_+.".contains(c)),
    ));
    let hex = take_while_m_n(32, usize::MAX, |c: char| c.is_ascii_hexdigit());
    let mut parser = all_consuming((algorithm, char(':'), hex));
    let parsed: IResult<&str, (&str, char, &str)> = parser.parse(digest);
    let Ok((_, (algorithm, _, hex))) = parsed else {
        return Err("invalid reference format: invalid digest");
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return Err("unsupported digest algorithm"),
    };
    if hex.len() == length { Ok(()) } else { Err("invalid checksum digest length") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ImageReference, String> {
        parse(&Mapped::verbatim(text, 0)).map_err(|error| format!("{} at {:?}", error.message, error.span))
    }

    #[test]
    fn parts_and_names_are_found() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (text, normalized, familiar, tag) in [
            ("alpine", "docker.io/library/alpine", "alpine", Some("latest")),
            ("docker.io/library/alpine:3", "docker.io/library/alpine", "alpine", Some("3")),
            ("index.docker.io/a/b", "docker.io/a/b", "a/b", Some("latest")),
            ("library/x", "docker.io/library/x", "x", Some("latest")),
            ("localhost:5000/a:1.2_x-y", "localhost:5000/a", "localhost:5000/a", Some("1.2_x-y")),
            ("[::1]:5000/a", "[::1]:5000/a", "[::1]:5000/a", Some("latest")),
            ("Host/a", "Host/a", "Host/a", Some("latest")),
            ("foo/a__b--c.d", "docker.io/foo/a__b--c.d", "foo/a__b--c.d", Some("latest")),
            (&format!("ghcr.io/a/b@{digest}"), "ghcr.io/a/b", "ghcr.io/a/b", None),
            (&format!("a:1@{digest}"), "docker.io/library/a", "a", Some("1")),
        ] {
            let image = read(text).unwrap();
            assert_eq!(image.normalized_name(), normalized, "{text}");
            assert_eq!(image.familiar_name(), familiar, "{text}");
            assert_eq!(image.effective_tag(), tag, "{text}");
        }
    }

    #[test]
    fn what_no_image_is_called_is_refused_at_its_place() {
        for (text, wanted) in [
            ("", "invalid reference format: empty image name at 0..0"),
            ("Alpine", "invalid reference format: repository name must be lowercase at 0..6"),
            ("a..b:1", "invalid reference format at 0..4"),
            ("a:b c", "invalid reference format: invalid tag at 2..5"),
            ("a:", "invalid reference format: invalid tag at 0..2"),
            ("a@sha256:abc", "invalid reference format: invalid digest at 2..12"),
            ("-x.com/a", "invalid reference format: invalid registry at 0..6"),
            ("https://x/y", "invalid reference format: invalid registry at 0..6"),
        ] {
            assert_eq!(read(text).unwrap_err(), wanted, "{text}");
        }
        assert!(read(&"a".repeat(64)).unwrap_err().contains("hexadecimal"));
        assert!(read(&"g".repeat(256)).unwrap_err().contains("255"));
        assert!(read(&format!("a@sha256:{}", "a".repeat(63))).unwrap_err().contains("length"));
        assert!(read(&format!("a@md5:{}", "a".repeat(32))).unwrap_err().contains("unsupported"));
    }
}

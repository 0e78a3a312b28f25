//! Patterns of file and service names.

use crate::files::{join, normalise};
use crate::settings::globs::Globs;
#[cfg(feature = "config")]
use crate::settings::globs::{self, Manner};

/// A pattern of paths, relative to a directory. One without `/` (`*.dev`) matches a name at any depth, as in a
/// .gitignore; one that matches a directory matches what is below it.
///
/// ```
/// use lint_core::settings::PathPattern;
///
/// let examples = PathPattern::new("", "examples/**")?;
/// assert!(examples.matches("", "examples/web/Dockerfile") && !examples.matches("", "Dockerfile"));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct PathPattern {
    directory: String,
    pattern: String,
    globs: Globs,
}

impl PathPattern {
    /// Reads a pattern. `directory` is absolute, or relative to the run's working directory; empty is that
    /// directory itself.
    ///
    /// # Errors
    /// When the pattern cannot be understood, with the reason.
    #[cfg(feature = "config")]
    pub fn new(directory: &str, pattern: &str) -> Result<Self, String> {
        let trimmed = pattern.strip_prefix("./").unwrap_or(pattern);
        let anchored = trimmed.trim_end_matches('/').contains('/');
        let body = trimmed.trim_matches('/');
        if body.is_empty() {
            return Err("the pattern matches nothing".to_owned());
        }
        let body = if anchored { body.to_owned() } else { format!("**/{body}") };
        let globs = [body.clone(), format!("{body}/**")];
        Ok(Self {
            directory: directory.to_owned(),
            pattern: pattern.to_owned(),
            globs: Globs::new(&globs, Manner::Path)?,
        })
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Whether it matches the path of a file, relative to `working_directory` or absolute.
    #[must_use]
    pub fn matches(&self, working_directory: &str, file: &str) -> bool {
        let file = join(working_directory, file);
        below(&join(working_directory, &self.directory), &file).is_some_and(|path| self.globs.is_match(path))
    }
}

impl PartialEq for PathPattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.directory, &self.pattern) == (&other.directory, &other.pattern)
    }
}

impl Eq for PathPattern {}

/// The rest of a path below a directory.
fn below<'a>(directory: &str, path: &'a str) -> Option<&'a str> {
    match normalise(directory).as_str() {
        "." => Some(path),
        "/" => path.strip_prefix('/'),
        directory => path.strip_prefix(directory)?.strip_prefix('/'),
    }
}

/// A pattern of names: `db*`, `{web,api}`.
///
/// ```
/// use lint_core::settings::NamePattern;
///
/// let databases = NamePattern::new("db*")?;
/// assert!(databases.matches("db-1") && !databases.matches("web-db"));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct NamePattern {
    pattern: String,
    globs: Globs,
}

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When it cannot be understood, with the reason.
    #[cfg(feature = "config")]
    pub fn new(pattern: &str) -> Result<Self, String> {
        Ok(Self { pattern: pattern.to_owned(), globs: Globs::new(&[pattern.to_owned()], Manner::Name)? })
    }

    /// The pattern that matches one name.
    #[cfg(feature = "config")]
    #[must_use]
    pub fn escape(name: &str) -> String {
        globs::escape(name)
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Whether it matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.globs.is_match(name)
    }
}

impl PartialEq for NamePattern {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl Eq for NamePattern {}

#[cfg(all(test, feature = "config"))]
mod tests {
    use super::*;

    fn matches(directory: &str, pattern: &str, file: &str) -> bool {
        PathPattern::new(directory, pattern).unwrap().matches("/repo/svc", file)
    }

    #[test]
    fn paths_match_from_the_directory_of_the_pattern() {
        assert!(matches("", "Dockerfile", "Dockerfile"));
        assert!(matches("", "*.dev", "a/b/Dockerfile.dev"));
        assert!(matches("", "a/*", "a/Dockerfile") && !matches("", "a/*.x", "b/a/c.x"));
        assert!(matches("", "examples", "x/examples/a/compose.yaml"));
        assert!(matches("", "./examples/", "examples/compose.yaml"));
        assert!(!matches("", "/examples/", "b/other/compose.yaml"));
        assert!(
            matches("/repo", "svc/**", "Dockerfile") && !matches("/repo", "svc/**", "../other/Dockerfile")
        );
        assert!(matches("/repo", "other/**", "../other/Dockerfile"));
        assert!(matches("/repo", "svc/**", "/repo/svc/Dockerfile"));
        assert!(matches("/", "repo/**", "Dockerfile") && !matches("/repo/sv", "**", "Dockerfile"));
        assert!(PathPattern::new("", "").is_err() && PathPattern::new("", "[z-a]").is_err());
    }

    #[test]
    fn names_match_whole() {
        let db = NamePattern::new("db*").unwrap();
        assert!(db.matches("db") && db.matches("db-1") && !db.matches("web-db"));
    }
}

//! Dockerfiles that have been read: several services may build one, and it may be linted by itself too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::files::FileError;
use crate::model::build::ParsedDockerfile;

/// How many bytes of Dockerfiles are kept for whoever asks next. A tree takes ten times its text and more, so that this is a
/// dozen megabytes: enough for whatever a few services share, where a repository of thousands reads some of them twice.
const MOST_KEPT: usize = 1 << 20;

/// What came of reading a Dockerfile.
pub(crate) type ReadDockerfile = Result<Arc<ParsedDockerfile>, FileError>;

/// The Dockerfiles that were read last.
#[derive(Debug, Default)]
pub(crate) struct Dockerfiles(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    dockerfiles: HashMap<String, ReadDockerfile>,
    bytes: usize,
}

impl Dockerfiles {
    /// A Dockerfile that is known, or is read now and kept.
    pub(crate) fn get(&self, path: &str, read: impl FnOnce() -> ReadDockerfile) -> ReadDockerfile {
        if let Some(known) = self.0.lock().ok().and_then(|kept| kept.dockerfiles.get(path).cloned()) {
            return known;
        }
        let dockerfile = read();
        if let Ok(mut kept) = self.0.lock() {
            kept.insert(path, &dockerfile);
        }
        dockerfile
    }

    /// A Dockerfile that is known, or is read now; nobody will ask for it again.
    pub(crate) fn take(&self, path: &str, read: impl FnOnce() -> ReadDockerfile) -> ReadDockerfile {
        let known = self.0.lock().ok().and_then(|mut kept| kept.remove(path));
        known.unwrap_or_else(read)
    }
}

impl Kept {
    fn insert(&mut self, path: &str, dockerfile: &ReadDockerfile) {
        let size = size(path, dockerfile);
        if self.bytes.saturating_add(size) > MOST_KEPT {
            *self = Self::default();
        }
        if size <= MOST_KEPT && self.dockerfiles.insert(path.to_owned(), dockerfile.clone()).is_none() {
            self.bytes += size;
        }
    }

    fn remove(&mut self, path: &str) -> Option<ReadDockerfile> {
        let dockerfile = self.dockerfiles.remove(path)?;
        self.bytes = self.bytes.saturating_sub(size(path, &dockerfile));
        Some(dockerfile)
    }
}

fn size(path: &str, dockerfile: &ReadDockerfile) -> usize {
    path.len() + dockerfile.as_ref().map_or(0, |dockerfile| dockerfile.file.text().len())
}

#[cfg(test)]
mod tests {
    use lint_parser::text::source::SourceFile;

    use super::*;

    fn read(name: &str, size: usize) -> ReadDockerfile {
        let text = format!("FROM a\n#{}\n", "x".repeat(size));
        Ok(Arc::new(ParsedDockerfile::parse(SourceFile::new(name, text))))
    }

    #[test]
    fn what_is_asked_for_again_is_read_once() {
        let known = Dockerfiles::default();
        let first = known.get("a", || read("a", 9)).unwrap();
        let again = known.get("a", || Err(FileError::NotFound)).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert!(Arc::ptr_eq(&first, &known.take("a", || Err(FileError::NotFound)).unwrap()));
        assert_eq!(known.take("a", || Err(FileError::NotFound)).unwrap_err(), FileError::NotFound);
        assert_eq!(known.0.lock().unwrap().bytes, 0);
    }

    #[test]
    fn no_more_is_kept_than_a_few_services_share() {
        let known = Dockerfiles::default();
        let first = Arc::downgrade(&known.get("0", || read("0", MOST_KEPT / 4)).unwrap());
        assert!(first.upgrade().is_some());
        for name in 1..9 {
            let _ = known.get(&name.to_string(), || read("x", MOST_KEPT / 4));
        }
        let _ = known.get("huge", || read("huge", MOST_KEPT * 2));
        assert!(first.upgrade().is_none());
        assert!(known.0.lock().unwrap().bytes <= MOST_KEPT);
    }
}

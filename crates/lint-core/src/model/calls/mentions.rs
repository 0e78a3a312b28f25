//! The words of everything that may call Docker, for what is made before it is used: a file that a script or a README
//! names is likely to be.

use std::collections::HashSet;

use crate::files::Files;
use crate::model::calls::names::may_call;

/// Bounds on what is read, and on what is kept of it.
const MOST_FILES: usize = 2_000;
const LARGEST: usize = 512 << 10;
const MOST_BYTES: usize = 32 << 20;
const LONGEST: usize = 64;

/// Words that may be the name of a file.
#[derive(Clone, Debug, Default)]
pub struct Mentions(HashSet<Box<str>>);

impl Mentions {
    /// Reads the files that a window lists, as far as they are wanted.
    #[must_use]
    pub fn read(files: &dyn Files, is_wanted: &dyn Fn(&str) -> bool) -> Self {
        let mut words = HashSet::new();
        let mut bytes = 0;
        for path in files.scripts().iter().filter(|path| may_call(path) && is_wanted(path)).take(MOST_FILES) {
            let Ok(text) = files.read(path) else { continue };
            bytes += text.len();
            if bytes > MOST_BYTES {
                break;
            }
            if text.len() > LARGEST {
                continue;
            }
            for word in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))) {
                // `config.yml.` ends a sentence.
                let word = word.trim_end_matches('.');
                if (2..=LONGEST).contains(&word.len()) && !words.contains(word) {
                    words.insert(Box::from(word));
                }
            }
        }
        Self(words)
    }

    /// Whether one of them is this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

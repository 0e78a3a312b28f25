//! The images that are built here.

use std::collections::HashMap;

use lint_parser::image::{ImageReference, parse};
use lint_parser::text::mapped::Mapped;

use crate::model::kit::holes::{is_known, may_be};
use crate::model::kit::names::full_name;

/// How many names are kept of which a part is unknown: each is compared with every image.
const MOST_PARTLY_KNOWN: usize = 500;

/// How many Dockerfiles are kept that may build an image of one name.
const MOST_BUILDERS: usize = 64;

/// The images that are built here, and so come from no registry.
#[derive(Clone, Debug, Default)]
pub struct LocalImages {
    /// By full name, and the Dockerfiles that may build each.
    known: HashMap<String, Vec<String>>,
    /// Names of which a part is unknown: the name, the tag, and the Dockerfiles.
    partly: Vec<(String, String, Vec<String>)>,
}

impl LocalImages {
    /// Takes note of a name that a build gives its image.
    pub fn add(&mut self, tag: &str, dockerfiles: &[String]) {
        if is_known(tag) {
            if let Ok(reference) = parse(&Mapped::verbatim(tag, 0)) {
                let by = self.known.entry(full_name(&reference)).or_default();
                by.extend(dockerfiles.iter().take(MOST_BUILDERS.saturating_sub(by.len())).cloned());
            }
            return;
        }
        let at = tag.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match tag[at..].find(':') {
            Some(colon) => (&tag[..at + colon], &tag[at + colon + 1..]),
            None => (tag, "latest"),
        };
        // What may be called anything says nothing.
        let has_name = name[at..].contains(|c: char| c.is_ascii_alphanumeric());
        if has_name && self.partly.len() < MOST_PARTLY_KNOWN {
            let partly = (name.to_owned(), tag.to_owned(), dockerfiles.to_vec());
            if self.partly.last() != Some(&partly) {
                self.partly.push(partly);
            }
        }
    }

    /// Takes note of the images that others are known to hold.
    pub fn extend(&mut self, names: impl IntoIterator<Item = String>) {
        names.into_iter().for_each(|name| {
            self.known.entry(name).or_default();
        });
    }

    /// The Dockerfiles that build an image of a name, whatever its tag.
    #[must_use]
    pub fn builders(&self, image: &ImageReference) -> Vec<String> {
        let name = image.normalized_name();
        let is_name = |full: &&String| full.rsplit_once(':').is_some_and(|(known, _)| known == name);
        let known =
            self.known.iter().filter(|(full, _)| is_name(full)).flat_map(|(_, dockerfiles)| dockerfiles);
        let names = [image.familiar_name(), name.clone()];
        let partly = self.partly.iter().filter(|(own, ..)| names.iter().any(|image| may_be(own, image)));
        let mut all: Vec<String> =
            known.chain(partly.flat_map(|(_, _, dockerfiles)| dockerfiles)).cloned().collect();
        all.sort();
        all.dedup();
        all
    }

    /// Whether an image is built here by another Dockerfile than this one, which may be its successor.
    #[must_use]
    pub fn hold(&self, image: &ImageReference, by: &str) -> bool {
        let is_other = |dockerfiles: &[String]| dockerfiles.first().is_none_or(|first| first != by);
        if image.digest.is_some() {
            return false;
        }
        if let Some(dockerfiles) = self.known.get(&full_name(image)) {
            return dockerfiles.is_empty() || dockerfiles.iter().any(|dockerfile| dockerfile != by);
        }
        let tag = image.effective_tag().unwrap_or_default();
        let names = [image.familiar_name(), image.normalized_name()];
        self.partly.iter().any(|(name, own, dockerfiles)| {
            // Of most the name tells by its first letter.
            names.iter().any(|image| may_be(name, image)) && may_be(own, tag) && is_other(dockerfiles)
        })
    }
}

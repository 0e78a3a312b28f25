//! What a plan was once asked for: several rules ask for the same.

use std::sync::OnceLock;

use crate::model::build::system_shell::Features;
use crate::model::runs::downloads::Download;

/// Answers, each worked out when somebody first asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    downloads: Answers<Box<[Download]>>,
    features_of_sh: Answers<Features>,
}

/// One answer for each of many things, by number.
#[derive(Clone, Debug)]
struct Answers<T>(OnceLock<Vec<OnceLock<T>>>);

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T: Clone> Answers<T> {
    fn get(&self, number: usize, of: usize, work_out: impl FnOnce() -> T) -> Option<&T> {
        let all = self.0.get_or_init(|| vec![OnceLock::new(); of]);
        all.get(number).map(|answer| answer.get_or_init(work_out))
    }
}

impl Asked {
    /// What an instruction downloads, of so many instructions.
    pub(in crate::model::build) fn downloads(
        &self,
        instruction: usize,
        of: usize,
        work_out: impl FnOnce() -> Box<[Download]>,
    ) -> &[Download] {
        self.downloads.get(instruction, of, work_out).map_or(&[], |downloads| downloads)
    }

    /// What `sh` can do in what a stage starts from, of so many stages.
    pub(in crate::model::build) fn features_of_sh(
        &self,
        stage: usize,
        of: usize,
        work_out: impl FnOnce() -> Features,
    ) -> Features {
        self.features_of_sh.get(stage, of, work_out).copied().unwrap_or(Features::UNKNOWN)
    }
}

//! Policies that have been made ready, once for all files that are judged by them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::policies::compile::{PolicyFault, compile};
use crate::policies::policy::Policy;
use crate::policies::view::kind::Kind;
use crate::settings::DeclaredPolicy;

/// How many policies are kept ready.
const MOST_KEPT: usize = 1_000;

/// What came of a declared policy.
pub(crate) type Made = Result<Arc<Policy>, Vec<PolicyFault>>;

/// What came of the policies of settings, by where the settings lie: they stay there for a run.
pub(crate) type MadePolicies = Mutex<Vec<(usize, Arc<Vec<Made>>)>>;

/// The policies of a unit.
#[derive(Default)]
pub(crate) struct Policies {
    pub(crate) ready: Vec<Arc<Policy>>,
    /// The steps they have taken.
    pub(crate) steps: u64,
    /// Whether to write out what they can ask, instead of asking it.
    pub(crate) explains: bool,
    /// The path that was worked out last.
    pub(crate) path: Option<KnownPath>,
}

/// The path of a file from the directory of a configuration.
pub(crate) struct KnownPath {
    pub(crate) file: String,
    pub(crate) directory: String,
    pub(crate) path: Arc<str>,
}

impl Policies {
    /// Whether there is one for a kind of thing.
    pub(crate) fn are_for(&self, kind: Kind) -> bool {
        let is_told = matches!(kind, Kind::Project | Kind::Service | Kind::Container | Kind::Stage);
        self.explains && is_told || self.ready.iter().any(|policy| policy.subject == kind)
    }
}

/// Makes policies ready, each once for all that ask.
pub(crate) fn ready(declared: &[DeclaredPolicy]) -> Vec<Made> {
    static READY: OnceLock<Mutex<HashMap<DeclaredPolicy, Made>>> = OnceLock::new();
    let mut ready = READY.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    let new: Vec<DeclaredPolicy> =
        declared.iter().filter(|policy| !ready.contains_key(policy)).cloned().collect();
    if ready.len() + new.len() > MOST_KEPT {
        ready.clear();
        return compile(declared);
    }
    if !new.is_empty() {
        let made = compile(&new);
        ready.extend(new.into_iter().zip(made));
    }
    declared.iter().filter_map(|policy| ready.get(policy).cloned()).collect()
}

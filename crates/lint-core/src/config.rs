//! What a configuration file or the command line may say, and the settings that come of it.
//!
//! Nothing here opens a file: whoever finds configuration files reads them and hands over their text.

mod keys;
mod options;
mod policies;
mod read;
mod resolve;
mod scalars;
pub mod schema;
mod selectors;
mod values;

pub use keys::{KEYS, Key, Shape};
pub use options::{
    ExplainedRules, FileKinds, ImageOptions, KubernetesOptions, Options, PodKindOptions, ProjectOptions,
    ScopedRules, SeverityOrOff, StartedProject, SuppressionOptions, Threshold,
};
pub use policies::PolicyOptions;
#[cfg(feature = "policies")]
pub use policies::{PolicyTest, WrittenPolicy, policy_library};
pub use read::{ConfigError, Configuration, LIMIT, read, release};
pub use resolve::{Layer, kinds, last, merged};
pub use selectors::{is_selector, unknown_policy, unknown_rule, unknown_selector};

//! The view that policies have of the model: typed, documented, and versioned. What it says of a field is what the
//! reference prints and what expressions are checked against.

pub(crate) mod container;
pub(crate) mod field;
pub(crate) mod image;
pub(crate) mod kind;
pub(crate) mod parts;
pub(crate) mod project;
mod read;
mod running;
pub(crate) mod stage;

pub(crate) use read::Said;

use crate::policies::view::field::Field;
use crate::policies::view::kind::Kind;

/// The version of the view. Fields are added within one; what a field means, or that it is there, changes with the next.
pub(crate) const VERSION: u32 = 1;

/// The fields of a part.
pub(crate) fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Project => project::PROJECT,
        Kind::Service => project::SERVICE,
        Kind::Container => container::CONTAINER,
        Kind::Image => image::FIELDS,
        Kind::Stage => stage::STAGE,
        Kind::Instruction => stage::INSTRUCTION,
        Kind::Mount => parts::MOUNT,
        Kind::Port => parts::PORT,
        Kind::Variable => parts::VARIABLE,
        Kind::User => container::USER,
        Kind::Limits => container::LIMITS,
        Kind::Health => container::HEALTH,
        Kind::Logging => container::LOGGING,
        Kind::Device => parts::DEVICE,
        Kind::Build => project::BUILD,
        Kind::Dependency => project::DEPENDENCY,
        Kind::EnvFile => project::ENV_FILE,
        Kind::Network => project::NETWORK,
        Kind::Volume => project::VOLUME,
        Kind::Secret => project::SECRET,
        Kind::Program => stage::PROGRAM,
        Kind::Package => stage::PACKAGE,
        Kind::File => stage::FILE,
    }
}

/// The field of a part of that name.
pub(crate) fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    fields(kind).iter().find(|field| field.name == name)
}

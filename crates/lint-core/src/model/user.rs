//! Who the main process runs as: what a user string means to the Engine.

use crate::model::persistent::PersistentMap;
use crate::model::stage::{Certainty, Origin};

/// What a user string, from `USER` or Compose's `user:`, makes of the container's main process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserKind {
    /// Uid 0, or the Windows administrator.
    Root(RootForm),
    /// Some other user.
    NotRoot,
    /// The container cannot start with it.
    Invalid(InvalidUser),
    /// It depends on something unknown.
    Unknown,
}

/// How a string comes to mean root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RootForm {
    /// No user at all: the Engine takes uid 0.
    Empty,
    /// `root`
    Name,
    /// A number that is 0: `0`, `00`, `+0`, `-0`.
    Number,
    /// A group alone (`:1000`, `:`): the user part is empty.
    GroupOnly,
    /// A name that the image's `/etc/passwd` gives uid 0.
    Alias,
    /// `ContainerAdministrator` of Windows.
    WindowsAdministrator,
}

/// Why a container cannot start with a user string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidUser {
    /// It holds a blank: Dockerfiles have no comments at the end of a line, so `app # me` is a name.
    Blank,
    /// It holds `$`: a variable in single quotes, or escaped.
    Unexpanded,
    /// More than one `:`.
    TooManyParts,
    /// A number that is no uid: negative, or above 2147483647.
    UidOutOfRange,
    /// A name, in an image without `/etc/passwd`.
    NoPasswd,
    /// A name that nothing has created, in an image whose users are known. Names are case-sensitive: the
    /// user is held here when only the case differs.
    UnknownName {
        /// The user that was probably meant: `root` for `ROOT`.
        meant: Option<String>,
    },
}

/// The users an image's `/etc/passwd` is known to hold.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// By name.
    pub known: PersistentMap<Account>,
    /// Whether there may be others: an unknown base, a `/etc/passwd` copied in, a command that may create
    /// users in a way we do not follow.
    pub others: bool,
    /// Whether there is a `/etc/passwd` at all (not in `scratch`, until one is copied in).
    pub passwd: bool,
}

/// A user of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its uid; `None` when the system chooses, which is never 0.
    pub uid: Option<u32>,
    /// The instruction that created it; `None` for one that comes with the base image.
    pub origin: Option<Origin>,
}

/// Who the main process of a container runs as, and why.
#[derive(Clone, Debug)]
pub struct RuntimeUser {
    /// What the effective string means.
    pub kind: UserKind,
    /// The effective string; `None` when unknown, or when it is the base image's own.
    pub text: Option<String>,
    /// Who says so.
    pub set_by: SetBy,
    /// How sure that is.
    pub certainty: Certainty,
    /// Variables the string depends on that nothing sets.
    pub unset: Vec<String>,
    /// Whether entrypoint and command give root up before the program proper runs.
    pub step_down: crate::model::step_down::StepDown,
}

/// What decides the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// The service's `user:`.
    Service,
    /// A `USER` instruction, of the target stage or an ancestor.
    Instruction(Origin),
    /// Nobody but the base image of the target chain: report at the `FROM` of the target stage.
    Base,
}

//! Who the main process runs as: what a user string means to the Engine.
//!
//! The Engine's own reading (moby/sys/user `GetExecUser`): the part before the first `:` is the user; when Go's
//! `Atoi` accepts it, it is a uid, whatever `/etc/passwd` holds; when it is empty the process stays uid 0; anything
//! else must be a name in `/etc/passwd`, or the container does not start.

pub mod created;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::model::kit::persistent::PersistentMap;
use crate::model::known::image_facts::ImageFacts;
use crate::model::values::origin::SetAt;

/// What a user string, from `USER` or Compose's `user:`, makes of the container's main process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserKind {
    /// Uid 0, or the Windows administrator.
    Root(RootForm),
    /// Some other user.
    NotRoot,
    /// The container cannot start with it. Claimed only where it is certain.
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
    /// It holds a blank or `#`: Dockerfiles have no comments at the end of a line, so `app # me` is a name.
    Blank,
    /// It holds `$(…)` or backticks: nothing runs commands there.
    Substitution,
    /// It holds a `$`: a variable in single quotes, or escaped.
    Unexpanded,
    /// A number that is no uid: negative, or above 2147483647.
    UidOutOfRange,
    /// A name, `root` too, in an image without `/etc/passwd`.
    NoPasswd,
    /// A name that nothing has created, in an image whose users are all known.
    UnknownName {
        /// The user that was probably meant, where only the case differs: `root` for `ROOT`.
        meant: Option<String>,
    },
}

/// The users an image's `/etc/passwd` is known to hold.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// By name.
    pub known: PersistentMap<Account>,
    /// Whether there may be others: an unknown base, a `/etc/passwd` from elsewhere, a program that may
    /// create users.
    pub others: bool,
    /// Whether it is a Windows image, where names are not those of `/etc/passwd`.
    pub windows: bool,
}

/// A user of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its uid; `None` when the system chooses or we cannot tell, which is not 0.
    pub uid: Option<i64>,
    /// The instruction that created it; `None` for one that comes with the base image.
    pub origin: Option<SetAt>,
}

impl Accounts {
    /// `scratch`: no users, no `/etc/passwd`.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// An image nothing is known of.
    #[must_use]
    pub fn unknown() -> Self {
        Self { others: true, ..Self::default() }
    }

    /// The users of a known image.
    #[must_use]
    pub fn of_image(facts: ImageFacts) -> Self {
        /// By what the facts hold for: half of all stages begin with one of a few images.
        static KNOWN: Mutex<BTreeMap<(&str, &str), Accounts>> = Mutex::new(BTreeMap::new());
        let known = KNOWN.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        known.entry((facts.repository, facts.tags)).or_insert_with(|| Self::read_image(facts)).clone()
    }

    fn read_image(facts: ImageFacts) -> Self {
        let mut accounts =
            Self { others: !facts.accounts_complete, windows: facts.windows, ..Self::default() };
        for (name, uid) in facts.accounts() {
            accounts.known.insert(name, Account { uid, origin: None });
        }
        accounts
    }

    fn named_but_for_case(&self, name: &str) -> Option<String> {
        let lower = name.to_lowercase();
        (lower != name && self.known.contains_key(&lower)).then_some(lower)
    }
}

/// What a user string means in an image with these users.
#[must_use]
pub fn classify(user: &str, accounts: &Accounts) -> UserKind {
    let name = user.split(':').next().unwrap_or_default();
    if name.is_empty() {
        return UserKind::Root(if user.is_empty() { RootForm::Empty } else { RootForm::GroupOnly });
    }
    // The engine looks the group up too, by just this name.
    if user.contains("$(") || user.contains('`') {
        return UserKind::Invalid(InvalidUser::Substitution);
    }
    match atoi(name) {
        Some(0) => return UserKind::Root(RootForm::Number),
        Some(uid) if !(0..=i64::from(i32::MAX)).contains(&uid) => {
            return UserKind::Invalid(InvalidUser::UidOutOfRange);
        }
        Some(_) => return UserKind::NotRoot,
        None => {}
    }
    if name.eq_ignore_ascii_case("ContainerAdministrator") {
        return UserKind::Root(RootForm::WindowsAdministrator);
    }
    // Windows accounts: `ContainerUser`, `DOMAIN\name`, names with blanks.
    if accounts.windows || name.eq_ignore_ascii_case("ContainerUser") || name.contains('\\') {
        return UserKind::NotRoot;
    }
    if name.contains(|c: char| c.is_whitespace() || c == '#') {
        return UserKind::Invalid(InvalidUser::Blank);
    }
    // Samba's machine accounts end in `$`; no other name holds it.
    if name.trim_end_matches('$').contains('$') {
        return UserKind::Invalid(InvalidUser::Unexpanded);
    }
    if let Some(account) = accounts.known.get(name) {
        return match account.uid {
            Some(0) if name == "root" => UserKind::Root(RootForm::Name),
            Some(0) => UserKind::Root(RootForm::Alias),
            _ => UserKind::NotRoot,
        };
    }
    // Nobody calls a user ROOT, whatever packages and scripts create.
    let misspelt_root = name.eq_ignore_ascii_case("root") && accounts.known.contains_key("root");
    match (accounts.others && !misspelt_root, name) {
        (true, "root") => UserKind::Root(RootForm::Name),
        (true, _) => UserKind::NotRoot,
        (false, _) if accounts.known.is_empty() => UserKind::Invalid(InvalidUser::NoPasswd),
        (false, _) => {
            UserKind::Invalid(InvalidUser::UnknownName { meant: accounts.named_but_for_case(name) })
        }
    }
}

/// Go's `strconv.Atoi`: an optional sign and decimal digits. A number beyond 64 bits is an error there, and so
/// a name.
pub(crate) fn atoi(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::known::image_facts::lookup;

    fn alpine() -> Accounts {
        Accounts::of_image(lookup("docker.io/library/alpine", "latest").unwrap())
    }

    #[test]
    fn strings_that_mean_uid_0() {
        for (user, form) in [
            ("", RootForm::Empty),
            ("root", RootForm::Name),
            ("root:any", RootForm::Name),
            ("0", RootForm::Number),
            ("00", RootForm::Number),
            ("+0", RootForm::Number),
            ("-0", RootForm::Number),
            ("0:g", RootForm::Number),
            ("0:1000", RootForm::Number),
            (":g", RootForm::GroupOnly),
            (":", RootForm::GroupOnly),
            ("ContainerAdministrator", RootForm::WindowsAdministrator),
        ] {
            assert_eq!(classify(user, &alpine()), UserKind::Root(form), "{user}");
            assert_eq!(
                classify(user, &Accounts::unknown()),
                UserKind::Root(form),
                "{user} on an unknown base"
            );
        }
    }

    #[test]
    fn strings_that_mean_someone_else() {
        for user in ["1000", "1001:0", "+7", "nobody", "nobody:root", "guest", "2147483647", "ContainerUser"]
        {
            assert_eq!(classify(user, &alpine()), UserKind::NotRoot, "{user}");
        }
        for user in ["app", "rootless", "ROOT", "0x0", "machine$", "99999999999999999999"] {
            assert_eq!(classify(user, &Accounts::unknown()), UserKind::NotRoot, "{user} may exist");
        }
    }

    #[test]
    fn strings_a_container_cannot_start_with() {
        use InvalidUser::{Blank, NoPasswd, UidOutOfRange, Unexpanded, UnknownName};
        let unknown = UnknownName { meant: None };
        for (user, why) in [
            ("app # not root", Blank),
            ("app#x", Blank),
            ("root ", Blank),
            ("$U", Unexpanded),
            ("${U}:0", Unexpanded),
            ("-1", UidOutOfRange),
            ("2147483648", UidOutOfRange),
            ("ROOT", UnknownName { meant: Some("root".to_owned()) }),
            ("app", unknown.clone()),
            ("0x0", unknown.clone()),
            ("99999999999999999999", unknown),
        ] {
            assert_eq!(classify(user, &alpine()), UserKind::Invalid(why), "{user}");
        }
        for user in ["app", "root"] {
            assert_eq!(classify(user, &Accounts::none()), UserKind::Invalid(NoPasswd), "{user} on scratch");
        }
        assert_eq!(classify("1000", &Accounts::none()), UserKind::NotRoot);
        assert_eq!(classify("0", &Accounts::none()), UserKind::Root(RootForm::Number));
    }

    #[test]
    fn names_of_uid_0_are_root_whatever_they_are_called() {
        let mut accounts = alpine();
        accounts.known.insert("toor", Account { uid: Some(0), origin: None });
        assert_eq!(classify("toor:toor", &accounts), UserKind::Root(RootForm::Alias));
    }
}

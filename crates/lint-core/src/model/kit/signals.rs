//! The signals that stop a container, as the engine and BuildKit read their names.

/// A signal of Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal(u8);

/// The names by number from 1, without `SIG`. Those of real time lie behind them and have names of their own form.
const NAMES: [&str; 31] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
    "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
];
/// Second names.
const OTHER_NAMES: [(&str, u8); 3] = [("CLD", 17), ("IOT", 6), ("POLL", 29)];
/// `SIGRTMIN` of the C library, which keeps the two before it, and `SIGRTMAX`.
const REAL_TIME: (u8, u8) = (34, 64);

impl Signal {
    /// `SIGKILL`: ends a program at once.
    pub const KILL: Signal = Signal(9);
    /// `SIGSTOP`: halts a program, which cannot prevent it and does not end.
    pub const STOP: Signal = Signal(19);

    /// Reads a name, with or without `SIG` and in any case, or a number from 1 to 64. `None` for what is no signal.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(number) = text.parse::<i64>() {
            return u8::try_from(number).ok().filter(|number| (1..=REAL_TIME.1).contains(number)).map(Signal);
        }
        let upper = text.to_ascii_uppercase();
        let name = upper.strip_prefix("SIG").unwrap_or(&upper);
        let plain = NAMES.iter().zip(1..).find(|(known, _)| **known == name).map(|(_, number)| number);
        let other = || OTHER_NAMES.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
        plain.or_else(other).or_else(|| real_time(name)).map(Signal)
    }
}

/// `RTMIN`, `RTMIN+1` to `RTMIN+15`, `RTMAX-14` to `RTMAX`: the names the engine has.
fn real_time(name: &str) -> Option<u8> {
    let (lowest, highest) = REAL_TIME;
    let offset = |rest: &str, sign: char, most: u8| -> Option<u8> {
        if rest.is_empty() {
            return Some(0);
        }
        let digits = rest.strip_prefix(sign)?;
        let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        digits.parse().ok().filter(|offset| plain && *offset <= most)
    };
    match name.strip_prefix("RTMIN") {
        Some(rest) => Some(lowest + offset(rest, '+', 15)?),
        None => Some(highest - offset(name.strip_prefix("RTMAX")?, '-', 14)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        for (text, number) in [
            ("SIGTERM", 15),
            ("term", 15),
            ("SIGCLD", 17),
            ("SIGRTMIN", 34),
            ("SIGRTMIN+3", 37),
            ("RTMAX-14", 50),
            ("SIGRTMAX", 64),
            ("64", 64),
            ("+9", 9),
        ] {
            assert_eq!(Signal::parse(text), Some(Signal(number)), "{text}");
        }
    }

    #[test]
    fn no_signals() {
        for text in
            ["", "SIG", "SIGSIGTERM", "0", "-9", "65", "SIGRTMIN+16", "SIGRTMIN+03", "RTMAX-", "TERM ", "9x"]
        {
            assert_eq!(Signal::parse(text), None, "{text:?}");
        }
    }
}

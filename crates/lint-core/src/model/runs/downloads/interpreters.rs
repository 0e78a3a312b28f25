//! Which programs run what comes on their standard input, as their arguments are.

use lint_parser::shell::word::Word;

/// How an interpreter other than a shell reads its arguments.
struct Interpreter {
    /// Without a version: `python` is `python3.12` too.
    names: &'static [&'static str],
    /// Letters of options that say what is run, or that nothing is.
    own: &'static str,
    /// Letters of options with a value, in the same word or the next.
    valued: &'static str,
    /// Letters after which the rest of the word is a value.
    attached: &'static str,
    /// Long options that say what is run.
    own_long: &'static [&'static str],
    /// Long options with a value in the next word.
    valued_long: &'static [&'static str],
    /// Whether what follows `--` is for the program and not the file that it is in.
    ends_at_dashes: bool,
}

/// One without options.
const PLAIN: Interpreter = Interpreter {
    names: &[],
    own: "",
    valued: "",
    attached: "",
    own_long: &[],
    valued_long: &[],
    ends_at_dashes: false,
};

const INTERPRETERS: [Interpreter; 9] = [
    Interpreter {
        names: &["python", "pypy"],
        own: "cmVh",
        valued: "WX",
        own_long: &["--version", "--help"],
        valued_long: &["--check-hash-based-pycs"],
        ..PLAIN
    },
    Interpreter { names: &["perl"], own: "eEvV", valued: "I", attached: "CDFMidlmx0", ..PLAIN },
    Interpreter {
        names: &["ruby", "jruby"],
        own: "ehv",
        valued: "CEIr",
        attached: "FKTWix0",
        own_long: &["--version", "--help"],
        valued_long: &["--encoding", "--external-encoding"],
        ..PLAIN
    },
    Interpreter {
        names: &["node", "nodejs"],
        own: "cehpv",
        valued: "Cr",
        own_long: &["--check", "--eval", "--help", "--print", "--run", "--test", "--version"],
        valued_long: &["--conditions", "--experimental-loader", "--import", "--loader", "--require"],
        ..PLAIN
    },
    Interpreter {
        names: &["php"],
        own: "BEFRSfhilmrsvw",
        valued: "cdz",
        own_long: &["--file", "--ini", "--info", "--modules", "--run", "--server", "--version"],
        valued_long: &["--define", "--php-ini"],
        ends_at_dashes: true,
        ..PLAIN
    },
    Interpreter { names: &["lua", "luajit"], own: "ev", valued: "l", ..PLAIN },
    Interpreter {
        names: &["R"],
        own: "ef",
        valued: "gd",
        own_long: &["--file", "--version", "--help"],
        ..PLAIN
    },
    Interpreter {
        names: &["julia"],
        own: "eEhv",
        valued: "CJLOpgt",
        own_long: &["--eval", "--print", "--version", "--help"],
        ..PLAIN
    },
    Interpreter { names: &["tclsh"], ..PLAIN },
];

/// Programs that read their standard input only when they are told to, by `-`.
const ASKED: [&str; 5] = ["Rscript", "bun", "deno", "pwsh", "powershell"];

pub(super) fn is_interpreter(name: &str) -> bool {
    is_shell(name) || interpreter(name).is_some()
}

pub(super) fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "bash" | "ash" | "dash" | "ksh" | "mksh" | "zsh" | "fish")
}

fn interpreter(name: &str) -> Option<&'static Interpreter> {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    INTERPRETERS.iter().find(|one| one.names.contains(&base))
}

/// Whether an interpreter runs what comes on its standard input. `None` for any other program.
pub(super) fn reads_stdin(name: &str, args: &[Word]) -> Option<bool> {
    if ASKED.contains(&name) {
        return Some(args.iter().any(|word| word.is("-") || word.is("/dev/stdin")));
    }
    let interpreter = interpreter(name)?;
    let mut args = args.iter();
    while let Some(word) = args.next() {
        let Some(text) = word.literal_text() else { return Some(false) };
        match &*text {
            "-" | "/dev/stdin" => return Some(true),
            "--" => return Some(interpreter.ends_at_dashes || args.next().is_none_or(|word| word.is("-"))),
            option if option.starts_with("--") => {
                let name = option.split('=').next().unwrap_or(option);
                if interpreter.own_long.contains(&name) {
                    return Some(false);
                }
                if interpreter.valued_long.contains(&option) {
                    args.next();
                }
            }
            option if option.starts_with('-') => match interpreter.letters(option.get(1..).unwrap_or("")) {
                Letters::Own => return Some(false),
                Letters::ValueNext => drop(args.next()),
                Letters::Whole => {}
            },
            // A file.
            _ => return Some(false),
        }
    }
    Some(true)
}

/// What a word of letters says.
enum Letters {
    /// What is run.
    Own,
    /// That the next word is a value.
    ValueNext,
    /// Something about how it is run.
    Whole,
}

impl Interpreter {
    fn letters(&self, letters: &str) -> Letters {
        for (at, letter) in letters.char_indices() {
            if self.own.contains(letter) {
                return Letters::Own;
            }
            if self.attached.contains(letter) {
                return Letters::Whole;
            }
            if self.valued.contains(letter) {
                let is_last = at + letter.len_utf8() == letters.len();
                return if is_last { Letters::ValueNext } else { Letters::Whole };
            }
        }
        Letters::Whole
    }
}

use crate::rule::prelude::*;
use crate::rule::program::ProgramSubject;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "short-key-id",
        docs: "A key is fetched by the last eight digits of its fingerprint.

## Why
Eight hexadecimal digits are 32 bits, and a key with any such number is made in seconds. Key servers hold many
of them, made after the keys of well-known people. Which one the build gets is chance, and the signature it
then checks says nothing.

## Instead
Write the whole fingerprint, forty digits, as the vendor publishes it on a page of its own.
",
        severity: Severity::Medium,
        stride: &[Stride::Spoofing],
        references: &[Reference::cis("4.11"), Reference::Cwe(345), Reference::Url("https://evil32.com/")],
        ..super::DEFAULTS
    },
    checks: &[Check::Program(check)],
};

fn check(subject: &ProgramSubject<'_>, cx: &mut Context<'_>) {
    let program = subject.program;
    let name = program.name();
    if !matches!(name, Some("gpg" | "gpg1" | "gpg2" | "apt-key" | "pacman-key")) || !subject.is_in_build() {
        return;
    }
    let mut receives = false;
    for word in program.args() {
        let text = word.static_prefix();
        if text.starts_with('-') {
            receives = match &*text {
                "--recv-keys" | "--recv-key" | "--recv" | "--receive-keys" | "--receive-key" => true,
                // `-r` is the recipient to all but pacman's.
                "-r" => name == Some("pacman-key"),
                _ => false,
            };
        } else if receives && word.literal_text().is_some_and(|text| is_short(&text)) {
            subject
                .report(cx, word.span(), "anybody can make a key with this number")
                .help("write the whole fingerprint of the key");
        }
    }
}

fn is_short(text: &str) -> bool {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

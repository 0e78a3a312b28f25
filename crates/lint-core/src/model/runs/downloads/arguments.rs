//! The arguments of `curl`, `wget` and their kin. Options are those of the programs' manuals.

use lint_parser::shell::word::Word;
use lint_parser::shell::wrappers::Invocation;

use crate::files::{self, file_name};
use crate::model::runs::downloads::download::{Download, Url};

struct Grammar {
    /// Letters of options with a value.
    short_values: &'static str,
    /// Long options whose value is the next word.
    long_values: &'static [&'static str],
    /// What switches off the check of certificates, long options as far as they are written.
    insecure: &'static [&'static str],
    /// Options that make it no download.
    other: &'static [&'static str],
}

const CURL: Grammar = Grammar {
    short_values: "AbcCdDeEFhHKmoPQrtTuUwxXyYz",
    long_values: &[
        "--cacert",
        "--capath",
        "--cert",
        "--cert-type",
        "--ciphers",
        "--config",
        "--connect-timeout",
        "--connect-to",
        "--continue-at",
        "--cookie",
        "--cookie-jar",
        "--create-file-mode",
        "--data",
        "--data-ascii",
        "--data-binary",
        "--data-raw",
        "--data-urlencode",
        "--dns-servers",
        "--dump-header",
        "--form",
        "--form-string",
        "--header",
        "--interface",
        "--json",
        "--keepalive-time",
        "--key",
        "--limit-rate",
        "--max-filesize",
        "--max-redirs",
        "--max-time",
        "--netrc-file",
        "--noproxy",
        "--oauth2-bearer",
        "--output",
        "--output-dir",
        "--parallel-max",
        "--pass",
        "--proto",
        "--proto-default",
        "--proto-redir",
        "--proxy",
        "--proxy-user",
        "--range",
        "--referer",
        "--request",
        "--resolve",
        "--retry",
        "--retry-delay",
        "--retry-max-time",
        "--socks5",
        "--socks5-hostname",
        "--speed-limit",
        "--speed-time",
        "--stderr",
        "--time-cond",
        "--tls-max",
        "--trace",
        "--unix-socket",
        "--upload-file",
        "--url",
        "--user",
        "--user-agent",
        "--write-out",
    ],
    insecure: &["-k", "--insecure", "--proxy-insecure", "--doh-insecure"],
    other: &[
        "-I",
        "--head",
        "-d",
        "--data",
        "--data-ascii",
        "--data-binary",
        "--data-raw",
        "--data-urlencode",
        "--json",
        "-F",
        "--form",
        "-T",
        "--upload-file",
        "-V",
        "--version",
        "-h",
        "--help",
    ],
};

const WGET: Grammar = Grammar {
    short_values: "OoaietTwQPUDIXRABl",
    long_values: &[
        "--append-output",
        "--base",
        "--bind-address",
        "--ca-certificate",
        "--ca-directory",
        "--connect-timeout",
        "--cut-dirs",
        "--directory-prefix",
        "--dns-timeout",
        "--execute",
        "--header",
        "--input-file",
        "--load-cookies",
        "--max-redirect",
        "--output-document",
        "--output-file",
        "--password",
        "--post-data",
        "--post-file",
        "--progress",
        "--quota",
        "--read-timeout",
        "--referer",
        "--save-cookies",
        "--timeout",
        "--tries",
        "--user",
        "--user-agent",
        "--wait",
        "--waitretry",
    ],
    insecure: &["--no-check-certificate"],
    other: &["--spider", "--post-data", "--post-file", "-V", "--version", "--help"],
};

const ARIA2: Grammar = Grammar {
    short_values: "dosxjkiUl",
    long_values: &["--dir", "--out", "--input-file", "--checksum"],
    insecure: &["--check-certificate=false"],
    other: &["--version"],
};

/// Whether a program downloads.
pub(super) fn is_fetcher(program: &str) -> bool {
    matches!(program, "curl" | "wget" | "wget2" | "aria2c")
}

/// What a word comes to.
type Text<'t> = &'t dyn Fn(&Word) -> String;

/// Reads a download; `None` for other programs.
pub(in crate::model::runs) fn arguments(invocation: &Invocation, evaluated: Text<'_>) -> Option<Download> {
    let program = invocation.name()?;
    let grammar = match program {
        "curl" => CURL,
        "wget" | "wget2" => WGET,
        "aria2c" => ARIA2,
        _ => return None,
    };
    let (first, last) = (invocation.words.first()?, invocation.words.last()?);
    let mut download = Reading {
        download: Download {
            span: first.span().cover(last.span()),
            // `curl` prints, the others write a file.
            to_stdout: program == "curl",
            minds_errors: program != "curl",
            program: program.to_owned(),
            ..Download::default()
        },
        outputs: Vec::new(),
        directory: None,
    };
    let args = invocation.args();
    let mut at = 0;
    let mut only_urls = false;
    while let Some(word) = args.get(at) {
        at += 1;
        let text = evaluated(word);
        if text == "--" {
            only_urls = true;
        } else if only_urls || !text.starts_with('-') || text.len() < 2 {
            download.add_url(text, word);
        } else if text.starts_with("--") {
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name, Some((value.to_owned(), word))),
                None if grammar.long_values.contains(&text.as_str()) => {
                    let next = args.get(at);
                    at += 1;
                    (text.as_str(), next.map(|next| (evaluated(next), next)))
                }
                None => (text.as_str(), None),
            };
            download.option(&grammar, name, value, word);
            if grammar.insecure.contains(&text.as_str()) || is_abbreviation(program, &text) {
                download.download.insecure = Some(word.span());
            }
        } else {
            at += download.short_options(&grammar, &text, word, args.get(at), evaluated);
        }
    }
    Some(download.finish())
}

/// `wget --no-check-cert`: GNU programs take as much of an option as tells it from the others.
fn is_abbreviation(program: &str, text: &str) -> bool {
    let least = "--no-check".len();
    program == "wget" && text.len() >= least && "--no-check-certificate".starts_with(text)
}

/// A download as far as its words are read.
struct Reading {
    download: Download,
    /// The files that are named for what is fetched, and whether the server's name is taken.
    outputs: Vec<String>,
    directory: Option<String>,
}

impl Reading {
    /// Settles which files are written: those that are named, or what the addresses end in.
    fn finish(self) -> Download {
        let Self { mut download, outputs, directory } = self;
        if download.to_stdout {
            return download;
        }
        let own_name = |url: &Url| {
            let path = url.text.split(['?', '#']).next().unwrap_or_default();
            file_name(path).to_owned()
        };
        let names = if outputs.is_empty() { download.urls.iter().map(own_name).collect() } else { outputs };
        let place = |name: String| match &directory {
            Some(directory) if !name.starts_with('/') => files::join(directory, &name),
            _ => name,
        };
        download.files = names.into_iter().filter(|name| !name.is_empty()).map(place).collect();
        download
    }

    fn add_url(&mut self, text: String, word: &Word) {
        self.download.urls.push(Url { text, span: word.span() });
    }

    /// `-fsSLko file`; how many more words it takes.
    fn short_options(
        &mut self,
        grammar: &Grammar,
        text: &str,
        word: &Word,
        next: Option<&Word>,
        evaluated: Text<'_>,
    ) -> usize {
        let letters = text.get(1..).unwrap_or_default();
        // `-nc`, `-nv`, `-nd`: one option of two letters.
        if self.download.program.starts_with("wget") && letters.starts_with('n') && letters.len() == 2 {
            return 0;
        }
        for (at, letter) in letters.char_indices() {
            let name = format!("-{letter}");
            if !grammar.short_values.contains(letter) {
                self.option(grammar, &name, None, word);
                continue;
            }
            let rest = letters.get(at + letter.len_utf8()..).unwrap_or_default();
            if !rest.is_empty() {
                self.option(grammar, &name, Some((rest.to_owned(), word)), word);
                return 0;
            }
            let value = next.map(|next| (evaluated(next), next));
            self.option(grammar, &name, value, word);
            return 1;
        }
        0
    }

    fn option(&mut self, grammar: &Grammar, name: &str, value: Option<(String, &Word)>, word: &Word) {
        if grammar.insecure.contains(&name) {
            self.download.insecure = Some(word.span());
        }
        self.download.fetches_nothing |= grammar.other.contains(&name);
        // A file of options, as what begins with a variable, may hold any of them.
        self.download.minds_errors |= matches!(
            name,
            "-f" | "--fail"
                | "--fail-with-body"
                | "-w"
                | "--write-out"
                | "-K"
                | "--config"
                | "-i"
                | "--include"
                | "-D"
                | "--dump-header"
        );
        match (name, &value) {
            ("-X" | "--request", Some((method, _))) if method != "GET" => {
                self.download.fetches_nothing = true
            }
            ("-e" | "--execute", Some((setting, _))) if self.download.program.starts_with("wget") => {
                let setting = setting.replace([' ', '_', '-'], "").to_ascii_lowercase();
                if matches!(setting.as_str(), "checkcertificate=off" | "checkcertificate=no") {
                    self.download.insecure = Some(word.span());
                }
            }
            ("-o" | "--output", Some((file, _))) if self.download.program == "curl" => {
                self.download.to_stdout = matches!(file.as_str(), "-" | "/dev/stdout");
                self.outputs.push(file.clone());
            }
            ("-O" | "--remote-name" | "-J" | "--remote-name-all", None)
                if self.download.program == "curl" =>
            {
                self.download.to_stdout = false;
            }
            ("-O" | "--output-document", Some((file, _))) if self.download.program.starts_with("wget") => {
                self.download.to_stdout = matches!(file.as_str(), "-" | "/dev/stdout");
                self.outputs.push(file.clone());
            }
            ("-o" | "--out", Some((file, _))) if self.download.program == "aria2c" => {
                self.outputs.push(file.clone());
            }
            ("--output-dir" | "-P" | "--directory-prefix", Some((directory, _))) => {
                self.directory = Some(directory.clone());
            }
            ("-d" | "--dir", Some((directory, _))) if self.download.program == "aria2c" => {
                self.directory = Some(directory.clone());
            }
            ("--checksum", Some(_)) if self.download.program == "aria2c" => self.download.verified = true,
            ("--url", Some((url, word))) => self.add_url(url.clone(), word),
            _ => {}
        }
    }
}

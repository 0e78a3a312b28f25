//! From the words behind `docker run` to a service.

use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;

use crate::model::calls::CallWord;
use crate::model::inputs::grammar::{Flag, Grammar};
use crate::model::inputs::tree::{self, Map};
use crate::model::inputs::volumes::{after, cover, mount, split, volume};
use crate::model::kit::holes::{UNKNOWN, is_known};

/// How many words of one command are read.
const MOST_WORDS: usize = 4_000;

/// How many words that nobody knows are passed by on the way to the image.
const MOST_OPEN_WORDS: usize = 16;

/// A word of a command line.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// What it says.
    pub(super) text: Mapped,
    /// Whether it may become no word or several: a variable that nobody knows, without quotes around it.
    pub(super) is_open: bool,
}

impl Word {
    /// A word that is what it says.
    pub(super) fn new(text: Mapped) -> Self {
        Self { text, is_open: false }
    }
}

impl From<&CallWord> for Word {
    fn from(word: &CallWord) -> Self {
        Self { text: word.text.clone(), is_open: word.is_open }
    }
}

/// What words say of a container.
#[derive(Clone, Debug, Default)]
pub(super) struct Flags {
    /// The attributes of the service.
    pub(super) service: Map,
    /// What it is called where it is written; an engine is not told that.
    pub(super) name: Option<String>,
    /// `--rm`
    pub(super) is_removed: bool,
    /// `-d`
    pub(super) is_detached: bool,
    /// `-i` or `-t`: somebody sits in front of it.
    pub(super) is_interactive: bool,
    /// Whether something unknown may say more.
    pub(super) is_open: bool,
    /// Whether the last word before the image was one that nobody knows, and may be the image itself.
    is_after_open: bool,
    /// How many words that nobody knows there were.
    open_words: usize,
    /// Whether this only looks ahead.
    is_probe: bool,
    /// Whether there are options alone, and no image behind them.
    pub(super) are_options: bool,
}

impl Flags {
    /// Reads flags up to the first word that is none, which is the image; the words from there on.
    pub(super) fn read<'w>(&mut self, grammar: Grammar, words: &'w [Word]) -> &'w [Word] {
        let mut rest = words.get(..words.len().min(MOST_WORDS)).unwrap_or_default();
        while let Some((word, after_it)) = rest.split_first() {
            let text = word.text.text();
            if text == "--" {
                return after_it;
            }
            if word.is_open && is_nothing_known(text) {
                if !self.goes_on(grammar, after_it) {
                    return rest;
                }
                self.is_open = true;
                self.is_after_open = true;
                rest = after_it;
                continue;
            }
            self.is_after_open &= !text.starts_with('-');
            if !text.starts_with('-') || text == "-" {
                return rest;
            }
            rest = after_it;
            let taken = match text.strip_prefix("--") {
                Some(long) => self.long(grammar, word, long, rest),
                None => self.cluster(grammar, word, rest),
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
        rest
    }

    /// Whether what stands behind a word that nobody knows are flags of the same command: then it is none of them, and holds
    /// flags itself. `docker run $IMAGE --privileged` hands the flag to the program.
    fn goes_on(&mut self, grammar: Grammar, rest: &[Word]) -> bool {
        self.open_words += 1;
        if self.are_options {
            return true;
        }
        if self.is_probe {
            return !rest.is_empty();
        }
        if self.open_words > MOST_OPEN_WORDS {
            return false;
        }
        let is_flag = |word: &Word| word.text.text().starts_with('-');
        match rest.first() {
            Some(word) if is_flag(word) => {
                let mut probe = Flags { is_probe: true, ..Flags::default() };
                !probe.read(grammar, rest).is_empty()
            }
            Some(_) => true,
            None => false,
        }
    }

    /// `--name=value`, `--name value`; how many words were taken besides.
    fn long(&mut self, grammar: Grammar, word: &Word, long: &str, rest: &[Word]) -> usize {
        let (name, attached) = match long.split_once('=') {
            Some((name, _)) => (name, Some(after(&word.text, 2 + name.len() + 1))),
            None => (long, None),
        };
        let Some(flag) = grammar.named(name) else {
            // What nobody knows may take a value or none.
            self.is_open = true;
            return 0;
        };
        let at = word.text.span();
        if flag.is_switch() {
            let is = attached.as_ref().map(|value| truth(value.text()));
            match is.unwrap_or(Some(true)) {
                Some(is) => self.switch(flag, is, at),
                None => self.is_open = true,
            }
            return 0;
        }
        match (attached, rest.first()) {
            (Some(value), _) => self.value(flag, at, &value),
            (None, Some(next)) => {
                self.value(flag, cover(at, &next.text), &next.text);
                return 1;
            }
            (None, None) => {}
        }
        0
    }

    /// `-itv a:b`, `-p80:80`, `-e A=b`; how many words were taken besides.
    fn cluster(&mut self, grammar: Grammar, word: &Word, rest: &[Word]) -> usize {
        let text = word.text.text();
        for (at, letter) in text.char_indices().skip(1) {
            let Some(flag) = grammar.lettered(letter) else {
                self.is_open = true;
                return 0;
            };
            let end = at + letter.len_utf8();
            if flag.is_switch() {
                self.switch(flag, true, word.text.span());
                // `-d=false`
                if let Some(value) = text.get(end..).and_then(|rest| rest.strip_prefix('=')) {
                    if let Some(is) = truth(value) {
                        self.switch(flag, is, word.text.span());
                    }
                    return 0;
                }
                continue;
            }
            let inside = text.get(end..).unwrap_or_default();
            if inside.is_empty() {
                let Some(next) = rest.first() else { return 0 };
                self.value(flag, cover(word.text.span(), &next.text), &next.text);
                return 1;
            }
            let end = if inside.starts_with('=') { end + 1 } else { end };
            self.value(flag, word.text.span(), &after(&word.text, end));
            return 0;
        }
        0
    }

    fn switch(&mut self, flag: Flag, is: bool, at: Span) {
        match flag {
            Flag::Switch(attribute) => self.service.set(attribute, at, tree::boolean(is, at)),
            Flag::NoHealthcheck => self.service.set_in("healthcheck", "disable", at, tree::boolean(is, at)),
            Flag::Remove => self.is_removed = is,
            Flag::Detach => self.is_detached = is,
            Flag::Terminal => self.is_interactive |= is,
            _ => {}
        }
    }

    /// Takes a value.
    pub(super) fn value(&mut self, flag: Flag, at: Span, value: &Mapped) {
        let service = &mut self.service;
        match flag {
            Flag::Text(attribute) if value.is_empty() => service.remove(attribute),
            Flag::Text(attribute) => service.set(attribute, at, tree::text(value)),
            Flag::Number(attribute) => service.set(attribute, at, tree::number(value)),
            // Podman's word for it.
            Flag::Item("security_opt") if value.text().eq_ignore_ascii_case("unmask=all") => {
                service.push("security_opt", at, tree::made("systempaths=unconfined", value.span()));
            }
            Flag::Item("ports") if value.text().contains("target=") => service.push("ports", at, port(value)),
            Flag::Item(attribute) => service.push(attribute, at, tree::text(value)),
            Flag::In("healthcheck", "retries") => {
                service.set_in("healthcheck", "retries", at, tree::number(value));
            }
            Flag::In(outer, key) => service.set_in(outer, key, at, tree::text(value)),
            Flag::Volume => service.push("volumes", at, volume(value)),
            Flag::Mount => self.mount(at, value),
            Flag::Network => self.network(at, value),
            Flag::EnvFile => {
                let mut file = Map::default();
                file.set("path", at, tree::text(value));
                file.set("required", at, tree::boolean(false, at));
                file.set("format", at, tree::made("raw", at));
                service.push("env_file", at, file.finish(value.span()));
            }
            Flag::Entrypoint => {
                let words = if value.is_empty() { Vec::new() } else { vec![tree::text(value)] };
                service.set("entrypoint", at, tree::list(words, value.span()));
            }
            Flag::Ulimit => self.ulimit(at, value),
            Flag::LogOption => self.log_option(at, value),
            Flag::StopTimeout => {
                let seconds = format!("{}s", value.text());
                service.set("stop_grace_period", at, tree::made(&seconds, value.span()));
            }
            Flag::RestartCondition => {
                let word = match value.text() {
                    "none" => "no",
                    "on-failure" => "on-failure",
                    _ => "always",
                };
                service.set("restart", at, tree::made(word, value.span()));
            }
            Flag::Limit(key) => self.limit(key, at, value),
            Flag::Build(_) if value.is_empty() => {}
            Flag::Build(key) => service.set_in("build", key, at, tree::text(value)),
            Flag::BuildItem(key) => service.push_in("build", key, at, tree::text(value)),
            Flag::Set => self.set_of_bake(at, value),
            Flag::Gpus
            | Flag::Skip
            | Flag::Switch(_)
            | Flag::Idle
            | Flag::NoHealthcheck
            | Flag::Remove
            | Flag::Detach
            | Flag::Terminal => {}
        }
    }

    fn mount(&mut self, at: Span, value: &Mapped) {
        match mount(value) {
            Some(mount) => self.service.push("volumes", at, mount),
            None if is_known(value.text()) => {}
            None => self.is_open = true,
        }
    }

    /// `--network host`, `--network name=back,alias=db`
    fn network(&mut self, at: Span, value: &Mapped) {
        let fields = split(value, ',');
        let named = fields.iter().find(|field| field.text().starts_with("name="));
        let name = match named {
            Some(field) => after(field, "name=".len()),
            None => value.clone(),
        };
        let mode = name.text();
        let is_mode = matches!(mode, "host" | "none" | "bridge" | "private" | "pasta" | "slirp4netns")
            || mode.starts_with("container:")
            || mode.starts_with("ns:")
            || !is_known(mode);
        if is_mode {
            self.service.set("network_mode", at, tree::text(&name));
        } else if mode != "default" {
            self.service.push("networks", at, tree::text(&name));
        }
    }

    /// `nofile=1024:2048`
    fn ulimit(&mut self, at: Span, value: &Mapped) {
        let Some((name, limits)) = value.text().split_once('=').filter(|(name, _)| is_known(name)) else {
            return;
        };
        let from = name.len() + 1;
        let limit = match limits.split_once(':') {
            Some((soft, _)) => {
                let mut both = Map::default();
                let parts = [
                    ("soft", value.slice(from..from + soft.len())),
                    ("hard", after(value, from + soft.len() + 1)),
                ];
                for (key, part) in parts {
                    both.set(key, part.span(), tree::number(&part));
                }
                both.finish(value.span())
            }
            None => tree::number(&after(value, from)),
        };
        let name = name.to_owned();
        self.service.set_in("ulimits", &name, at, limit);
    }

    fn log_option(&mut self, at: Span, value: &Mapped) {
        let Some((name, _)) = value.text().split_once('=').filter(|(name, _)| is_known(name)) else { return };
        let known = self.service.get("logging").and_then(|logging| logging.get("options"));
        let mut options = Map::default();
        if let Some(known) = known {
            options = Map::of(&known.value);
        }
        options.set(name, value.span(), tree::text(&after(value, name.len() + 1)));
        self.service.set_in("logging", "options", at, options.finish(value.span()));
    }

    /// `deploy.resources.limits`
    fn limit(&mut self, key: &str, at: Span, value: &Mapped) {
        let known = self.service.get("deploy");
        let known = known.and_then(|deploy| deploy.get("resources")?.value.get("limits"));
        let mut limits = known.map(|limits| Map::of(&limits.value)).unwrap_or_default();
        let limit = if key == "pids" { tree::number(value) } else { tree::text(value) };
        limits.set(key, at, limit);
        let mut resources = Map::default();
        resources.set("limits", at, limits.finish(at));
        self.service.set_in("deploy", "resources", at, resources.finish(at));
    }

    /// `--set '*.args.TOKEN=x'`, `--set web.network=host`
    fn set_of_bake(&mut self, at: Span, value: &Mapped) {
        let whole = value.text();
        let (path, _) = whole.split_once('=').unwrap_or((whole, ""));
        let mut parts = path.trim_end_matches('+').splitn(3, '.');
        let (Some(_), Some(key)) = (parts.next(), parts.next()) else { return };
        let said = || after(value, (path.len() + 1).min(whole.len()));
        match (key, parts.next()) {
            ("args", Some(name)) => {
                let pair = after(value, path.len() - name.len());
                self.value(Flag::BuildItem("args"), at, &pair);
            }
            ("network", None) => self.value(Flag::Build("network"), at, &said()),
            // A directory is looked for where the files are, which this is not one of.
            ("context", None) if said().text().contains("://") => {
                self.value(Flag::Build("context"), at, &said());
            }
            ("contexts", Some(name)) => {
                let pair = after(value, path.len() - name.len());
                self.value(Flag::BuildItem("additional_contexts"), at, &pair);
            }
            ("entitlements", None) => self.value(Flag::BuildItem("entitlements"), at, &said()),
            _ => {}
        }
    }

    /// The image, and what it is told to run.
    pub(super) fn image(&mut self, words: &[Word]) {
        let Some((image, command)) = words.split_first() else { return };
        let at = image.text.span();
        // What may be several words may hold flags.
        self.is_open |= image.is_open;
        if image.is_open || self.is_after_open {
            let unknown = Mapped::replaced(UNKNOWN.to_string(), at);
            self.service.set("image", at, tree::text(&unknown));
        } else {
            self.service.set("image", at, tree::text(&image.text));
        }
        if let (Some(first), Some(last)) = (command.first(), command.last()) {
            let span = first.text.span().cover(last.text.span());
            let words = command.iter().map(|word| tree::text(&word.text)).collect();
            self.service.set("command", span, tree::list(words, span));
        }
    }
}

/// `published=80,target=8080,protocol=tcp`
fn port(value: &Mapped) -> std::sync::Arc<lint_parser::compose::value::Value> {
    let mut port = Map::default();
    for field in split(value, ',') {
        let Some((name, _)) = field.text().split_once('=') else { continue };
        if matches!(name, "target" | "published" | "protocol" | "mode") {
            let text = after(&field, name.len() + 1);
            let text = if name == "target" { tree::number(&text) } else { tree::text(&text) };
            port.set(name, field.span(), text);
        }
    }
    port.finish(value.span())
}

/// Whether nothing of a text is known.
fn is_nothing_known(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c == UNKNOWN)
}

/// What Go takes for true and false; `None` is neither.
fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

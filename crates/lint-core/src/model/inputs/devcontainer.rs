//! `devcontainer.json`: a container that somebody works in.

mod features;

use lint_parser::json::{self, Json, JsonKind, Member};
use lint_parser::text::mapped::{Mapped, MappedBuilder};
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;

use crate::files::{directory, join};
use crate::model::inputs::container::container;
use crate::model::inputs::flags::{Flags, Word};
use crate::model::inputs::grammar::{Flag, Grammar};
use crate::model::inputs::tree::{self, Map};
use crate::model::inputs::{Read, Window, builds, commands, comments};
use crate::model::kit::holes::{UNKNOWN, is_known};
use crate::model::project::input::{Input, InputKind};

/// Reads the container.
pub(super) fn read(file: &SourceFile, window: &Window<'_>) -> Read {
    let plain = json::without_comments(file.text());
    let parsed = json::parse(&plain);
    let mut read =
        Read { comments: comments::of_lines(file.text()), errors: parsed.errors, ..Read::default() };
    let Some(root) = parsed.tree else { return read };
    let reader = Reader { text: file.text(), root: &root, here: directory(file.name()) };
    let mut flags = Flags::default();
    let is_compose = root.get("dockerComposeFile").is_some();
    reader.container(&mut flags, is_compose);
    let mut input = Input::of(InputKind::DevContainer);
    input.is_workplace = true;
    let at = reader.key_of(&["image", "build", "dockerFile", "dockerComposeFile", "name"]);
    flags.name = Some("devcontainer".to_owned());
    let made = container(flags, input, at, directory(file.name()));
    read.containers.extend(made.map(|mut made| {
        made.besides.features = features::of(reader.root, file.name(), window.files);
        made
    }));
    // It is run on the machine of whoever develops; the other commands run in the container.
    for script in reader.scripts("initializeCommand") {
        read.containers.extend(commands::of_script(file, &script, window));
    }
    read
}

struct Reader<'j> {
    text: &'j str,
    root: &'j Json,
    /// The directory of the file.
    here: &'j str,
}

impl Reader<'_> {
    /// What the reference implementation makes of the file.
    fn container(&self, flags: &mut Flags, is_compose: bool) {
        if let Some((key, image)) = self.string("image") {
            flags.service.set("image", key, tree::text(&image));
        }
        self.build(flags);
        // The arguments come first; what the keys say is added to them, and takes nothing away.
        if !is_compose {
            let words: Vec<Word> =
                self.strings("runArgs").into_iter().map(|(_, text)| Word::new(text)).collect();
            let user = self.string("containerUser");
            if let Some((key, user)) = user {
                flags.value(Flag::Text("user"), key, &user);
            }
            flags.read(Grammar::RUN, &words);
            flags.is_open = false;
            self.ports(flags);
        }
        for (name, attribute) in [("privileged", "privileged"), ("init", "init")] {
            if let Some(member) =
                self.root.get(name).filter(|member| member.value.kind == JsonKind::Bool(true))
            {
                let span = member.name_span.cover(member.value.span);
                flags.service.set(attribute, member.name_span, tree::boolean(true, span));
            }
        }
        for (name, flag) in [("capAdd", Flag::Item("cap_add")), ("securityOpt", Flag::Item("security_opt"))] {
            for (key, text) in self.strings(name) {
                flags.value(flag, key, &text);
            }
        }
        self.mounts(flags);
        self.environment(flags);
        features::add(self.root, flags);
    }

    fn member(&self, name: &str) -> Option<&Member> {
        self.root.get(name)
    }

    fn key_of(&self, names: &[&str]) -> Span {
        let found = names.iter().find_map(|name| self.member(name));
        found.map_or_else(|| Span::at(self.root.span.start()), |member| member.name_span)
    }

    fn string(&self, name: &str) -> Option<(Span, Mapped)> {
        let member = self.member(name)?;
        Some((member.name_span, self.text_of(&member.value)?))
    }

    fn text_of(&self, value: &Json) -> Option<Mapped> {
        value.as_str()?;
        Some(expanded(&json::mapped(self.text, value.span)))
    }

    /// The texts of a list.
    fn strings(&self, name: &str) -> Vec<(Span, Mapped)> {
        let Some(member) = self.member(name) else { return Vec::new() };
        self.texts(&member.value).into_iter().map(|text| (member.name_span, text)).collect()
    }

    fn texts(&self, list: &Json) -> Vec<Mapped> {
        let JsonKind::Array(items) = &list.kind else { return Vec::new() };
        items.iter().filter_map(|item| self.text_of(item)).collect()
    }

    /// The scripts of a command: a text, or an object of several. A list is no shell's.
    fn scripts(&self, name: &str) -> Vec<Mapped> {
        let Some(member) = self.member(name) else { return Vec::new() };
        let values =
            std::iter::once(&member.value).chain(member.value.members().iter().map(|member| &member.value));
        values
            .filter(|value| value.as_str().is_some())
            .map(|value| json::mapped(self.text, value.span))
            .collect()
    }

    fn build(&self, flags: &mut Flags) {
        let old = self.member("dockerFile");
        let build = self.member("build").filter(|build| matches!(build.value.kind, JsonKind::Object(_)));
        let Some(at) = build.or(old).map(|member| member.name_span) else { return };
        let inside = |name: &str| build.and_then(|build| build.value.get(name));
        let text = |member: Option<&Member>| member.and_then(|member| self.text_of(&member.value));
        let Some(dockerfile) = text(inside("dockerfile").or_else(|| inside("dockerFile")).or(old)) else {
            return;
        };
        let context = text(inside("context").or_else(|| self.member("context")));
        let mut made = Map::default();
        // The Dockerfile is relative to this file, and to Compose it is relative to the context.
        let inner = context.as_ref().map_or(".", Mapped::text);
        let (inner, path) = (join(self.here, inner), join(self.here, dockerfile.text()));
        let is_root = inner.is_empty() || inner == ".";
        let relative = if is_root { Some(path.as_str()) } else { path.strip_prefix(&format!("{inner}/")) };
        let Some(relative) = relative.filter(|_| is_known(&inner) && !path.starts_with("..")) else { return };
        let relative = Mapped::replaced(relative, dockerfile.span());
        let context = match context {
            Some(context) => tree::text(&context),
            None => tree::made(".", at),
        };
        made.set("context", at, context);
        made.set("dockerfile", dockerfile.span(), tree::text(&relative));
        if let Some(target) = text(inside("target")) {
            made.set("target", target.span(), tree::text(&target));
        }
        for member in inside("args").map(|args| args.value.members()).unwrap_or_default() {
            if let Some(value) = self.text_of(&member.value) {
                let pair = pair(&json::mapped(self.text, member.name_span), &value);
                made.push("args", member.name_span, tree::text(&pair));
            }
        }
        // `options` are those of `docker build`.
        let options = inside("options").map(|options| self.texts(&options.value)).unwrap_or_default();
        let words: Vec<Word> = options.into_iter().map(Word::new).collect();
        let mut of_build = Flags::default();
        of_build.read(Grammar::BUILD, &words);
        builds::add_to(&mut made, &of_build);
        flags.service.set("build", at, made.finish(at));
    }

    /// `appPort: 3000` is published on the loopback address; a text goes to Docker as it is.
    fn ports(&self, flags: &mut Flags) {
        let Some(member) = self.member("appPort") else { return };
        let values: Vec<&Json> = match &member.value.kind {
            JsonKind::Array(items) => items.iter().collect(),
            _ => vec![&member.value],
        };
        for value in values {
            let port = match &value.kind {
                JsonKind::Number(number) => {
                    Some(Mapped::replaced(format!("127.0.0.1:{number}:{number}"), value.span))
                }
                _ => self.text_of(value),
            };
            if let Some(port) = port {
                flags.value(Flag::Item("ports"), member.name_span, &port);
            }
        }
    }

    fn mounts(&self, flags: &mut Flags) {
        if let Some((key, mount)) = self.string("workspaceMount") {
            flags.value(Flag::Mount, key, &mount);
        }
        let Some(member) = self.member("mounts") else { return };
        let JsonKind::Array(items) = &member.value.kind else { return };
        for item in items {
            if let Some(text) = self.text_of(item) {
                flags.value(Flag::Mount, member.name_span, &text);
                continue;
            }
            let mut mount = Map::default();
            for part in item.members() {
                if let Some(value) = self.text_of(&part.value)
                    && matches!(part.name.as_str(), "type" | "source" | "target")
                {
                    mount.set(&part.name, part.name_span, tree::text(&value));
                }
            }
            if mount.has("target") {
                flags.service.push("volumes", member.name_span, mount.finish(item.span));
            }
        }
    }

    fn environment(&self, flags: &mut Flags) {
        for name in ["containerEnv", "remoteEnv"] {
            for member in self.member(name).map(|member| member.value.members()).unwrap_or_default() {
                if let Some(value) = self.text_of(&member.value) {
                    let text = pair(&json::mapped(self.text, member.name_span), &value);
                    flags.value(Flag::Item("environment"), member.name_span, &text);
                }
            }
        }
    }
}

fn pair(name: &Mapped, value: &Mapped) -> Mapped {
    let mut both = MappedBuilder::default();
    both.push_mapped(name);
    both.push_replaced("=", Span::at(name.span().end()));
    both.push_mapped(value);
    both.finish(name.span().cover(value.span()))
}

/// A text with the variables of the tool replaced: the directory that is worked in is the repository, somebody's home is that,
/// and the others are unknown.
fn expanded(text: &Mapped) -> Mapped {
    let whole = text.text();
    if !whole.contains("${") {
        return text.clone();
    }
    let mut out = MappedBuilder::default();
    let mut from = 0;
    while let Some(at) = whole[from..].find("${").map(|at| from + at) {
        let Some(end) = whole[at..].find('}').map(|length| at + length + 1) else { break };
        out.push_slice(text, from..at);
        let value = match &whole[at + 2..end - 1] {
            "localWorkspaceFolder" => ".".to_owned(),
            "localEnv:HOME" | "env:HOME" | "localEnv:USERPROFILE" => "~".to_owned(),
            // `${localEnv:HOME}${localEnv:USERPROFILE}` is one of the two.
            name if name.starts_with("localEnv:USERPROFILE") && out.text().ends_with('~') => String::new(),
            _ => UNKNOWN.to_string(),
        };
        let value = if value == "~" && out.text().ends_with('~') { String::new() } else { value };
        out.push_replaced(&value, text.span_of(at..end));
        from = end;
    }
    out.push_slice(text, from..whole.len());
    out.finish(text.span())
}

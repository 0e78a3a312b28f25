//! Files that are judged together, and what is asked about them.

use std::collections::BTreeMap;
use std::sync::Arc;

use lint_core::baseline::Baseline;
use lint_core::config::{Layer, Options, read};
use lint_core::fix::{FixedFile, fix};
use lint_core::path::{directory, normalise};
use lint_core::session::Session;
use lint_core::settings::Date;
use lint_core::{Applicability, FileError, Files as _, Finding, Linter, Place, Settings, Source};
use serde::Deserialize;

use crate::about::written;
use crate::answers::{Changed, JsonEffective, JsonFailure, JsonHover, JsonSource, Message, Places, Report};
use crate::configuration::{Config, Configs};
use crate::ignored::{self, Ignored};
use crate::rewritten::Rewritten;
use crate::search::{Found, judge};
use crate::texts::{Content, Texts};
use crate::units::Units;

/// The files of a project, and what has been found in them.
#[derive(Debug)]
pub struct Workspace {
    texts: Texts,
    session: Session,
    /// What counts besides configuration files, with the last word.
    options: Options,
    /// Rules that do not run, since they have panicked.
    left_out: Vec<String>,
    today: Option<Date>,
    /// The directory that paths start from.
    root: String,
    configs: Configs,
    ignored: Arc<Ignored>,
    found: Found,
    /// Whether what is linted, or by which settings, has to be worked out again.
    is_stale: bool,
}

/// How a workspace is set up.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase", expecting = "an object")]
struct Setup {
    /// As in a configuration file.
    options: Option<Rewritten>,
    /// The same, as the text of one.
    configuration: Option<String>,
    today: Option<String>,
    root: Option<String>,
    left_out: Vec<String>,
}

/// What is asked. One shape for all questions is a fraction of the code that one for each would be.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
struct Question {
    ask: String,
    file: Option<String>,
    offset: u32,
    at_least: Option<String>,
    fingerprint: String,
    fix: usize,
    reason: String,
    whole_file: bool,
}

impl Workspace {
    /// A workspace without files. What counts for it is told as an object: `options`, as in a configuration file, or
    /// `configuration`, the text of one; `today`, for comments that hold until a day; `root`, the name of the directory that paths
    /// start from; `leftOut`, rules that do not run whatever else is said.
    ///
    /// # Errors
    /// What is wrong with the options, a line for each fault.
    pub fn new(setup: &str) -> Result<Self, String> {
        let texts = Texts::default();
        let mut workspace = Self {
            session: Session::new(Linter::default(), Box::new(texts.clone())),
            texts,
            options: Options::default(),
            left_out: Vec::new(),
            today: None,
            root: String::new(),
            configs: Configs::default(),
            ignored: Arc::default(),
            found: Found::new(),
            is_stale: true,
        };
        workspace.configure(setup)?;
        Ok(workspace)
    }

    /// Has other options count from now on, told as for a new workspace.
    ///
    /// # Errors
    /// What is wrong with them; then those before stay.
    pub fn configure(&mut self, setup: &str) -> Result<(), String> {
        let setup: Setup = lint_core::json::read(setup)?;
        // JSON is YAML, so a configuration file and an object are read alike.
        let text = setup.options.map(|options| options.0).or(setup.configuration);
        let told = read(&text.unwrap_or_default())
            .map_err(|errors| errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("\n"))?;
        if told.options.extends.is_some() {
            return Err("`extends` is for configuration files: there is nothing here to add to".to_owned());
        }
        Settings::resolve(&[Layer::new("", told.options.clone())], "")?;
        let today =
            setup.today.map(|today| today.parse::<Date>().map_err(|_| format!("no such day: {today}")));
        self.today = today.transpose()?;
        self.options = told.options;
        self.left_out = setup.left_out;
        self.root = format!("/{}", setup.root.unwrap_or_default().trim_matches('/'));
        self.is_stale = true;
        Ok(())
    }

    /// Puts a text under a path.
    pub fn set(&mut self, path: &str, text: &str) {
        self.put(path, Content::of_text(text));
    }

    /// Puts a file under a path. What is not UTF-8 is there, and cannot be read.
    pub fn set_bytes(&mut self, path: &str, bytes: &[u8]) {
        self.put(path, Content::of_bytes(bytes));
    }

    /// Says that there is a file under a path, whose text is not told.
    pub fn set_present(&mut self, path: &str) {
        self.put(path, Content::Unreadable(FileError::NotFollowed));
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        let path = normalise(path);
        if self.texts.remove(&path) {
            self.found.remove(&path);
            self.is_stale = true;
            self.heed(&path);
            self.session.changed(&path);
            self.session.tidy();
        }
    }

    fn put(&mut self, path: &str, content: Content) {
        let path = normalise(path);
        if !self.texts.set(&path, content) {
            return;
        }
        self.heed(&path);
        self.session.changed(&path);
        if self.is_stale {
            return;
        }
        // A text that is typed seldom changes what its file is.
        let verdict = judge(&path, &self.texts, &mut self.configs, &self.ignored);
        self.is_stale = self.found.get(&path) != Some(&verdict);
    }

    /// Forgets what was read from a file, if it decides about others.
    fn heed(&mut self, path: &str) {
        if ignored::is_list(path) {
            // What Git ignores bears on what is found in others.
            self.session.callers_changed();
        }
        if ignored::is_list(path) || self.configs.rest_on(path) {
            self.is_stale = true;
        }
    }

    /// Works out what is linted, and by which settings.
    fn settle(&mut self) -> Result<(), String> {
        if !std::mem::take(&mut self.is_stale) {
            return Ok(());
        }
        let paths = self.texts.paths();
        let mut ignored = Ignored::default();
        for path in paths.iter().filter(|path| ignored::is_list(path)) {
            if let Some(text) = self.texts.text(path) {
                ignored.add(path, &text);
            }
        }
        self.ignored = Arc::new(ignored);
        self.texts.set_ignored(Arc::clone(&self.ignored));
        self.configs = Configs::default();
        self.found = Found::new();
        for path in paths {
            let verdict = judge(&path, &self.texts, &mut self.configs, &self.ignored);
            self.found.insert(path, verdict);
        }
        let scripts = self.found.iter().filter(|(_, verdict)| verdict.is_script);
        if self.texts.set_scripts(scripts.map(|(path, _)| path.clone()).collect()) {
            self.session.callers_changed();
        }
        // Nothing is judged by settings that are not what somebody wrote: those before stay.
        if self.configs.errors.is_empty() {
            let linter = self.linter()?;
            self.session.set_linter(linter);
        }
        let sources = self.found.iter().filter_map(|(path, verdict)| Some(Source::path(path, verdict.kind?)));
        self.session.set_sources(sources.collect::<Vec<_>>());
        Ok(())
    }

    /// A linter that judges each file by the configuration that counts for it.
    fn linter(&mut self) -> Result<Linter, String> {
        let mut groups: BTreeMap<String, (Option<Arc<Config>>, Vec<String>)> = BTreeMap::new();
        for (path, _) in self.found.iter().filter(|(_, verdict)| verdict.kind.is_some()) {
            let config = self.configs.of_file(path, &self.texts);
            let name = config.as_ref().map(|config| config.name.clone()).unwrap_or_default();
            groups.entry(name).or_insert_with(|| (config, Vec::new())).1.push(path.clone());
        }
        let several = groups.len() > 1;
        let mut linter: Option<Linter> = None;
        let mut baselines: Vec<String> = Vec::new();
        for (config, files) in groups.into_values() {
            baselines.extend(config.as_ref().and_then(|config| config.baseline()));
            let settings = self.settings(config.as_deref())?;
            let base = linter.unwrap_or_else(|| Linter::new(settings.clone()));
            linter = Some(if several { base.with_settings(settings, files) } else { base });
        }
        let mut linter = match linter {
            Some(linter) => linter,
            None => Linter::new(self.settings(None)?),
        };
        baselines.dedup();
        for path in baselines {
            let told = |error: &dyn std::fmt::Display| format!("{path}: {error}");
            let parsed = match self.texts.read(&path) {
                Ok(text) => Baseline::parse(&text, directory(&path)).map_err(|error| told(&error)),
                Err(error) => Err(told(&error)),
            };
            match parsed {
                Ok(baseline) => linter = linter.with_baseline(baseline),
                Err(error) => drop(self.configs.errors.insert(error)),
            }
        }
        Ok(linter)
    }

    fn settings(&self, config: Option<&Config>) -> Result<Settings, String> {
        let mut layers = config.map(|config| config.layers.clone()).unwrap_or_default();
        layers.push(Layer::new("", self.options.clone()));
        let mut settings = Settings::resolve(&layers, "")?;
        settings.today = self.today;
        settings.ignore.extend(self.left_out.iter().cloned());
        Ok(settings)
    }

    /// Answers a question in JSON.
    ///
    /// # Errors
    /// When the question is none, names a file or a finding that is not there, or cannot be done.
    pub fn ask(&mut self, question: &str) -> Result<String, String> {
        let question: Question = lint_core::json::read(question)?;
        self.settle()?;
        self.session.judge(&|| false);
        let places = Places::default();
        match question.ask.as_str() {
            "report" => {
                let changed = self.session.take_changed().into_iter().collect();
                written(&Report { changed, ..self.report(&places) })
            }
            "fixAll" => {
                self.fix_all(question.file.map(|file| normalise(&file)), question.at_least.as_deref())
            }
            "baseline" => Ok(self.baseline()),
            _ => self.ask_of_file(&question, &places),
        }
    }

    /// Answers what is asked of one file.
    fn ask_of_file(&self, question: &Question, places: &Places) -> Result<String, String> {
        let file = normalise(question.file.as_deref().ok_or("no file is named")?);
        let (session, file) = (&self.session, file.as_str());
        let told = |found: &[Place]| {
            written(&found.iter().map(|it| places.place(&it.file, it.span)).collect::<Vec<_>>())
        };
        match question.ask.as_str() {
            "findings" => {
                let findings = session.findings(file);
                written(&findings.iter().map(|finding| places.finding(finding)).collect::<Vec<_>>())
            }
            "hover" => self.hover(file, question.offset, places),
            "facts" => {
                let text = session.text(file).ok_or_else(|| no_text(file))?;
                written(&places.facts(&text, &session.facts(file)))
            }
            "definitions" => told(&session.definitions(file, self.offset(file, question.offset)?)),
            "references" => told(&session.references(file, self.offset(file, question.offset)?)),
            "effective" => {
                let effective = session.effective(file, &self.root);
                written(&effective.map(|it| JsonEffective { text: it.text, refused: it.is_refused }))
            }
            "fixed" => {
                let finding = self.finding(file, &question.fingerprint)?;
                let fix = finding.fixes.get(question.fix).ok_or("there is no such fix")?;
                changed(lint_core::fix::preview(fix))
            }
            "accept" => {
                let finding = self.finding(file, &question.fingerprint)?;
                changed(vec![match question.whole_file {
                    true => session.suppress_in_file(&finding, &question.reason)?,
                    false => session.suppress(&finding, &question.reason)?,
                }])
            }
            other => Err(format!("no such question: {other}")),
        }
    }

    /// A file that accepts all that is found.
    fn baseline(&self) -> String {
        let report = self.session.report();
        let mut all: Vec<Finding> = report.findings.iter().chain(&report.baselined).cloned().collect();
        lint_core::baseline::sort(&mut all);
        Baseline::of(&all, "", "").to_json()
    }

    fn report(&self, places: &Places) -> Report {
        let report = self.session.report();
        let message = |file: &str, message: String| Message { file: file.to_owned(), message };
        let skipped = self.found.iter().filter_map(|(path, it)| Some(message(path, it.skipped.clone()?)));
        let source = |source: &Source| JsonSource { file: source.name.clone(), kind: source.kind.name() };
        Report {
            findings: report.findings.iter().map(|finding| places.finding(finding)).collect(),
            accepted: report.accepted.iter().map(|accepted| places.accepted(accepted)).collect(),
            baselined: report.baselined.iter().map(|finding| places.finding(finding)).collect(),
            notes: report.notes.iter().map(|note| message(&note.file, note.message.clone())).collect(),
            unreadable: report.unreadable.iter().map(|(file, why)| message(file, why.to_string())).collect(),
            failures: report
                .failures
                .into_iter()
                .map(|it| JsonFailure { file: it.file, during: it.during, message: it.message })
                .collect(),
            errors: self.configs.errors.iter().cloned().collect(),
            skipped: skipped.collect(),
            sources: self.session.sources().iter().map(source).collect(),
            changed: Vec::new(),
        }
    }

    fn hover(&self, file: &str, offset: u32, places: &Places) -> Result<String, String> {
        let offset = self.offset(file, offset)?;
        let source = self.session.text(file).ok_or_else(|| no_text(file))?;
        let hover = self.session.hover(file, offset, &self.session.findings(file));
        written(&hover.map(|(span, parts)| JsonHover { parts, place: places.place(&source, span) }))
    }

    fn fix_all(&self, file: Option<String>, at_least: Option<&str>) -> Result<String, String> {
        let at_least = match at_least {
            Some("unsafe") => Applicability::Unsafe,
            Some("safe") | None => Applicability::Safe,
            Some(other) => return Err(format!("fixes are safe or unsafe, not {other}")),
        };
        changed(match file {
            Some(file) => self.session.fix_all(&file, at_least, &|_| true),
            None => {
                let (linter, sources) = (self.session.linter(), self.session.sources());
                fix(linter, sources, self.session.files(), at_least, &|_| true).files
            }
        })
    }

    /// The byte of a file that so many units precede.
    fn offset(&self, file: &str, units: u32) -> Result<usize, String> {
        let text = self.texts.text(file).ok_or_else(|| no_text(file))?;
        Ok(Units::of(&text).offset(&text, units))
    }

    fn finding(&self, file: &str, fingerprint: &str) -> Result<Finding, String> {
        let findings = self.session.findings(file);
        let found = findings.into_iter().find(|finding| finding.fingerprint() == fingerprint);
        found.ok_or_else(|| "it is not found any more".to_owned())
    }
}

fn no_text(file: &str) -> String {
    format!("{file}: no such text")
}

fn changed(files: Vec<FixedFile>) -> Result<String, String> {
    let changed = files.into_iter().map(|it| Changed { file: it.name, before: it.before, after: it.after });
    written(&changed.collect::<Vec<_>>())
}

//! The linter that is built in: `shuck-linter`, which reports what ShellCheck does by ShellCheck's codes.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use lint_core::Severity;
use lint_core::shell::{Script, ScriptFinding, ScriptLinter, Shell};
use shuck_linter::{
    AnalysisRequest, Diagnostic, LinterSettings, Rule, ShellCheckCodeMap, ShellCheckLevel, ShellDialect,
    rule_metadata,
};
use shuck_parser::parser::Parser;

/// It parses and walks trees by recursion. Its parser bounds the depth, at more than the two megabytes of a thread have
/// room for.
const STACK: usize = 64 * 1024 * 1024;

/// The longest script it is given, in bytes. Its time grows with the square and the cube: 16 kB of `echo $a;` take a second,
/// four times as much takes minutes, and nothing can stop it meanwhile.
const LONGEST: usize = 16 * 1024;

/// How long all scripts of a run may take. A thousand that people write take a fifth of a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// Codes it has that ShellCheck does not report unless asked to, or does not have: a team must find the same with both.
const NOT_BY_DEFAULT: [u16; 7] = [2230, 2243, 2248, 2249, 2250, 2292, 2312];
const LAST_OF_SHELLCHECK_2: u16 = 2335;

/// What BusyBox's shell lacks of those things that `sh` need not have, as ShellCheck has it. This linter knows no dialect
/// of BusyBox's.
const LACKED_BY_BUSYBOX: [u16; 34] = [
    3001, 3002, 3004, 3005, 3006, 3007, 3008, 3009, 3011, 3015, 3016, 3017, 3018, 3019, 3021, 3023, 3024,
    3025, 3028, 3029, 3030, 3032, 3038, 3039, 3044, 3045, 3047, 3050, 3053, 3054, 3056, 3059, 3061, 3062,
];

/// The linter.
#[derive(Debug)]
pub(super) struct BuiltIn {
    codes: HashMap<Rule, (u16, Severity)>,
    rules: Vec<Rule>,
    /// When the first script was begun.
    begun: OnceLock<Instant>,
}

impl BuiltIn {
    pub(super) fn new() -> Self {
        let mut codes = HashMap::new();
        for (code, rule) in ShellCheckCodeMap::default().mappings() {
            let Ok(code) = u16::try_from(code) else { continue };
            let exists = !(LAST_OF_SHELLCHECK_2 + 1..3000).contains(&code);
            if exists && !NOT_BY_DEFAULT.contains(&code) {
                codes.insert(rule, (code, severity(rule)));
            }
        }
        let rules = codes.keys().copied().collect();
        Self { codes, rules, begun: OnceLock::new() }
    }

    fn settings(&self, shell: Shell) -> LinterSettings {
        let dialect = match shell {
            Shell::Sh => ShellDialect::Sh,
            Shell::Dash | Shell::Ash => ShellDialect::Dash,
            Shell::Bash => ShellDialect::Bash,
            Shell::Ksh => ShellDialect::Ksh,
        };
        // What a script sources lies in the image; here it would be somebody else's file.
        LinterSettings::for_rules(self.rules.iter().copied())
            .with_shell(dialect)
            .with_resolve_source_closure(false)
    }

    fn judge(&self, script: &Script<'_>, settings: &LinterSettings) -> Vec<ScriptFinding> {
        let parsed = Parser::with_dialect(script.text, settings.shell.parser_dialect()).parse();
        let found = AnalysisRequest::from_parse_result(&parsed, script.text, settings).lint();
        found.into_iter().filter_map(|found| self.finding(script, found)).collect()
    }

    fn finding(&self, script: &Script<'_>, found: Diagnostic) -> Option<ScriptFinding> {
        let (code, severity) = *self.codes.get(&found.rule)?;
        if script.shell == Shell::Ash && (3000..4000).contains(&code) && !LACKED_BY_BUSYBOX.contains(&code) {
            return None;
        }
        let severity = match code {
            3000..=3999 if matches!(script.shell, Shell::Dash | Shell::Ash) => Severity::High,
            _ => severity,
        };
        let range = found.span.start.offset()..found.span.end.offset();
        Some(ScriptFinding { code, range, severity, message: found.message })
    }
}

impl ScriptLinter for BuiltIn {
    fn lint(&self, scripts: &[Script<'_>]) -> Vec<Result<Vec<ScriptFinding>, String>> {
        let work = || {
            let mut settings: HashMap<Shell, LinterSettings> = HashMap::new();
            let judge = |script: &Script<'_>| {
                if self.begun.get_or_init(Instant::now).elapsed() > PATIENCE {
                    return Err(format!(
                        "the shell scripts take more than {} s to check",
                        PATIENCE.as_secs()
                    ));
                }
                let settings = settings.entry(script.shell).or_insert_with(|| self.settings(script.shell));
                catch_unwind(AssertUnwindSafe(|| self.judge(script, settings)))
                    .map_err(|_| "the built-in linter of shell scripts failed on this script".to_owned())
            };
            scripts.iter().map(judge).collect()
        };
        thread::scope(|scope| {
            let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_default()
        })
    }

    fn longest(&self) -> usize {
        LONGEST
    }

    fn knows(&self, code: u16) -> bool {
        self.codes.values().any(|(known, _)| *known == code)
    }
}

fn severity(rule: Rule) -> Severity {
    match rule_metadata(rule).and_then(|rule| rule.shellcheck_level) {
        Some(ShellCheckLevel::Error) => Severity::High,
        Some(ShellCheckLevel::Warning) => Severity::Medium,
        Some(ShellCheckLevel::Info) => Severity::Low,
        Some(ShellCheckLevel::Style) => Severity::Style,
        None => match rule.default_severity() {
            shuck_linter::Severity::Error => Severity::High,
            shuck_linter::Severity::Warning => Severity::Medium,
            shuck_linter::Severity::Hint => Severity::Low,
        },
    }
}

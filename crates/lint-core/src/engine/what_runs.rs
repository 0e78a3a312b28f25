//! Hands what runs to the checks that look at it: all of an instruction or a service, each program, each variable.

use lint_parser::shell::MAX_LENGTH;

use crate::engine::unit::Bench;
use crate::finding::label::Place;
use crate::report::Note;
use crate::rule::check::{ServiceSubject, StageSubject};
use crate::rule::context::Subject;
use crate::rule::program::{RunsSubject, VariableSubject};

impl Bench<'_> {
    /// What the texts of a service run.
    pub(super) fn what_service_runs(&mut self, service: ServiceSubject<'_>, subject: &Subject) {
        let work = || (RunsSubject::of_service(service), VariableSubject::of_service(service));
        let Some((runs, variables)) = self.guarded("reading the commands", work) else { return };
        for origin in service.service.unread() {
            self.unread(&service.project.place(origin));
        }
        self.what_runs(subject, &[runs], &variables);
    }

    /// What the instructions of a stage run.
    pub(super) fn what_stage_runs(&mut self, stage: StageSubject<'_>, subject: &Subject) {
        let work = || -> (Vec<_>, Vec<_>) {
            let runs = stage.instructions().filter_map(RunsSubject::of_instruction);
            (runs.collect(), stage.instructions().flat_map(VariableSubject::of_instruction).collect())
        };
        let Some((runs, variables)) = self.guarded("reading the commands", work) else { return };
        for span in stage.instructions().flat_map(|instruction| stage.plan.unread(instruction.index)) {
            self.unread(&stage.place(span));
        }
        self.what_runs(subject, &runs, &variables);
    }

    /// The programs and variables of an instruction or a service.
    fn what_runs(&mut self, subject: &Subject, runs: &[RunsSubject<'_>], variables: &[VariableSubject<'_>]) {
        let checks = self.run.checks;
        self.checks(&checks.runs, subject, |check, cx| runs.iter().for_each(|runs| check(runs, cx)));
        self.checks(&checks.program, subject, |check, cx| {
            runs.iter().flat_map(|runs| runs.each()).for_each(|program| check(&program, cx));
        });
        self.checks(&checks.variable, subject, |check, cx| {
            variables.iter().for_each(|variable| check(variable, cx));
        });
    }

    /// Takes note of a command that is too long to be read.
    fn unread(&mut self, place: &Place) {
        let (file, line) = (place.file.name().to_owned(), place.file.line(place.span.start()));
        let message = format!(
            "the command at line {line} is longer than {MAX_LENGTH} bytes; nothing is said of what it runs"
        );
        self.outcome.notes.push(Note { file, message });
    }
}

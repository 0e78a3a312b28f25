//! `plimsoll check`: plan, judge, tell.

mod judge;
mod plan;
mod tell;

use crate::args::check::CheckArgs;
use crate::commands::Exit;
use crate::commands::check::plan::{Plan, Planned};
use crate::progress::Progress;

/// Lints and reports.
///
/// # Errors
/// What is wrong with the command line, in one line. What is wrong with single files is printed, and the rest is
/// linted.
pub(crate) fn run(args: &CheckArgs) -> Result<Exit, String> {
    let output = &args.output;
    let progress = Progress::new(!output.quiet && !output.silent && !output.verbose && !output.accessible);
    let plan = match Plan::of(args, &progress)? {
        Planned::Plan(plan) => plan,
        Planned::Done(exit) => return Ok(exit),
    };
    let judged = judge::judge(&plan, progress)?;
    tell::tell(&plan, judged)
}

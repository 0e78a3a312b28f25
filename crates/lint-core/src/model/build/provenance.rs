//! Where the package files come from that an instruction installs: built here, checked by hash or signature, or just there.

use lint_parser::dockerfile::ast::InstructionKind;
use lint_parser::shell::word::Word;

use crate::model::build::BuildPlan;
use crate::model::build::stage::CopySource;
use crate::model::runs::checks::{Checks, verifies};
use crate::model::runs::downloads;
use crate::model::runs::files::holds;
use crate::model::runs::{Course, Program};

/// How many stages a stage is built on are looked at, and how many instructions before one.
const MAX_ANCESTORS: usize = 8;
const MAX_INSTRUCTIONS: usize = 50;

/// What is known of the files that lie there when an instruction begins, and of those that it makes.
#[derive(Debug)]
pub struct Provenance<'a> {
    course: Course<'a>,
    checks: Vec<Checks>,
    /// Whether packages are built here.
    builds: bool,
    /// Paths whose hash is checked as they are added, and those that come from another stage.
    vouched: Vec<String>,
    /// The files that are downloaded.
    downloaded: Vec<String>,
}

impl<'a> Provenance<'a> {
    /// Of what runs by itself: the command of a service.
    #[must_use]
    pub fn of_course(course: Course<'a>) -> Self {
        let mut own = Self {
            course: Course::empty(course.variables()),
            checks: Vec::new(),
            builds: false,
            vouched: Vec::new(),
            downloaded: Vec::new(),
        };
        own.add(&course);
        own.course = course;
        own
    }

    /// Of an instruction of a stage, with those before it and in the stages that the stage is built on.
    #[must_use]
    pub fn of_instruction(plan: &'a BuildPlan, stage: usize, instruction: usize) -> Self {
        let mut own = Self::of_course(plan.course(instruction));
        let stages = plan.chain(stage).take(MAX_ANCESTORS);
        let copies = plan.chain(stage).take(MAX_ANCESTORS).flat_map(|stage| &stage.copies);
        let copies = copies.filter(|copied| matches!(copied.from, CopySource::Stage(_)));
        own.vouched.extend(copies.map(|copied| copied.destination.clone()).take(MAX_INSTRUCTIONS));
        let before = stages.flat_map(|stage| stage.instructions.clone().rev());
        for at in before.filter(|at| *at < instruction).take(MAX_INSTRUCTIONS) {
            let Some(one) = plan.instruction(at) else { continue };
            match &one.kind {
                InstructionKind::Run(_) if matters(plan.programs(at)) => own.add(&plan.course(at)),
                InstructionKind::Copy(copy) | InstructionKind::Add(copy)
                    if one.flag("checksum").is_some() =>
                {
                    let directory =
                        copy.destination.as_ref().map(|word| plan.expand(at, word).shown.to_string());
                    own.vouched.extend(plan.written_paths(at, copy).into_iter().chain(directory));
                }
                _ => {}
            }
        }
        own
    }

    fn add(&mut self, course: &Course<'_>) {
        self.builds |= course.steps.iter().any(|step| builds_packages(step.program));
        let checks = Checks::of(course);
        if !checks.is_empty() {
            self.checks.push(checks);
        }
        self.downloaded.extend(downloads::downloads(course).into_iter().flat_map(|download| download.files));
    }

    /// What a word of a program comes to; `None` where the program is not met.
    #[must_use]
    pub fn read(&self, program: usize, word: &Word) -> Option<String> {
        let step = self.course.steps.iter().find(|step| step.index == program)?;
        self.course.texts(step, word).into_iter().next()
    }

    /// Whether package files that a program installs are built here, or checked by a hash or a signature: nobody else can have
    /// put them there. Names of packages are no files.
    #[must_use]
    pub fn vouches_for(&self, program: usize, operands: &[Word]) -> bool {
        let Some(step) = self.course.steps.iter().find(|step| step.index == program) else { return false };
        let texts: Vec<String> = operands.iter().flat_map(|word| self.course.texts(step, word)).collect();
        !texts.is_empty()
            && texts.iter().all(|text| {
                let path = step.path(text);
                is_file(text) && (self.is_checked(&path) || self.is_ours(&path))
            })
    }

    fn is_checked(&self, path: &str) -> bool {
        self.checks.iter().any(|checks| checks.cover(path, None))
            || self.vouched.iter().any(|vouched| holds(vouched, path) || holds(path, vouched))
    }

    fn is_ours(&self, path: &str) -> bool {
        self.builds && !self.downloaded.iter().any(|file| holds(path, file))
    }

    /// Whether a repository at a path of the machine holds nothing that was downloaded there and not checked.
    #[must_use]
    pub fn vouches_for_repository(&self, path: &str) -> bool {
        !self.downloaded.iter().any(|file| {
            holds(path.trim_end_matches('/'), file)
                && !self.checks.iter().any(|checks| checks.cover(file, None))
        })
    }
}

/// Whether programs check something, download something or build a package: nothing else is asked of a `RUN` before.
fn matters(programs: &[Program]) -> bool {
    verifies(programs) || downloads::any(programs) || programs.iter().any(builds_packages)
}

/// Whether an operand is a package file rather than a name in a repository.
fn is_file(text: &str) -> bool {
    let is_package = [".apk", ".deb", ".rpm", ".pkg.tar.zst", ".pkg.tar.xz"];
    (is_package.iter().any(|ending| text.ends_with(ending)) || text.contains('/')) && !text.contains("://")
}

/// Whether a step builds a package.
fn builds_packages(program: &Program) -> bool {
    let has = |options: &[&str]| program.args().iter().any(|arg| options.iter().any(|option| arg.is(option)));
    match program.name() {
        Some(
            "abuild" | "abuild-rootbld" | "dpkg-buildpackage" | "debuild" | "pdebuild" | "gbp" | "rpmbuild"
            | "makepkg" | "fpm" | "nfpm" | "checkinstall" | "cpack" | "melange" | "equivs-build"
            | "dpkg-repack" | "mk-build-deps" | "rpmrebuild" | "alien" | "mock",
        ) => true,
        Some("dpkg-deb" | "dpkg") => has(&["-b", "--build"]),
        Some("apt-get" | "apt") => has(&["source"]) && has(&["--compile", "--build", "-b"]),
        Some("make" | "cargo" | "just") => {
            has(&["deb", "rpm", "apk", "package", "bindeb-pkg", "generate-rpm", "deb-pkg"])
        }
        _ => false,
    }
}

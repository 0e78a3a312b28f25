use crate::model::project::data_directories::{Beside, beside};
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "volume-beside-data",
        docs: "A volume is mounted beside the directory in which the image keeps its data.

## Why
An image's own `VOLUME` goes over whatever is mounted above it: with `data:/var/lib/postgresql` and PostgreSQL 17 the data lies
in an unnamed volume at `/var/lib/postgresql/data`, which `docker compose down` and the next `up` leave behind, while `data` stays
empty. PostgreSQL 18 moved its data the other way: it lies below `/var/lib/postgresql`, and the image refuses to start with a
volume at `/var/lib/postgresql/data`.

## Instead
Mount the volume where the image declares it: `/var/lib/postgresql/data` up to PostgreSQL 17, `/var/lib/postgresql` from 18 on,
`/data/db` for MongoDB.

## Limits
The volumes of public images are known as far as their build files were read. PostgreSQL without a version is taken for 18 or
later. Images that are built here are not looked at.
",
        severity: Severity::Medium,
        stride: &[Stride::DenialOfService],
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    let Some(image) = subject.image() else { return };
    for Beside { origin, mounted, data, refused } in beside(subject.service, &image) {
        let message = match refused {
            true => format!("this image keeps its data below `{data}` and refuses a volume at `{mounted}`"),
            false => format!(
                "the data lies in `{data}`, in a volume of its own, and not in what is mounted at `{mounted}`"
            ),
        };
        subject.report_at(cx, origin, message).help(format!("mount the volume at `{data}`"));
    }
}

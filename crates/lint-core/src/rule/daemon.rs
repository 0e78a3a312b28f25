//! A Docker daemon's configuration as a check looks at it.

use crate::finding::label::Place;
use crate::model::daemon::daemon_config::{Absence, DaemonConfig};
use crate::rule::context::{Context, Draft};

/// A daemon's configuration.
#[derive(Clone, Copy, Debug)]
pub struct DaemonSubject<'a> {
    /// What its files come to.
    pub config: &'a DaemonConfig,
}

impl<'a> DaemonSubject<'a> {
    /// Reports at a setting.
    pub fn report<'c>(
        &self,
        cx: &'c mut Context<'_>,
        place: &Place,
        message: impl Into<String>,
    ) -> Draft<'c> {
        cx.report(place.clone(), message)
    }

    /// Reports what is not set: below the rule's severity unless every file that could set it is here.
    pub fn report_absence<'c>(
        &self,
        cx: &'c mut Context<'_>,
        absence: Absence<'_>,
        message: impl Into<String>,
    ) -> Draft<'c> {
        let draft = cx.report(absence.place.clone(), message);
        if absence.certain { draft } else { draft.weakened() }
    }

    /// An option of the strict profile that is not set: most daemons do without.
    #[must_use]
    pub fn strict_absence(&self, cx: &Context<'_>, key: &str) -> Option<Absence<'a>> {
        if cx.is_strict() { self.config.absence(key) } else { None }
    }
}

//! Services that wait for each other.

use std::collections::HashMap;

use crate::model::project::consistency::references::{Need, needs};
use crate::model::project::effective::Project;
use crate::model::project::fault::{About, Fault};

/// What is known of a service while cycles are searched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// At this place of the path that leads to where the search is.
    Open(usize),
    Done,
}

/// One fault for each circle, at the dependency that closes it. The search keeps its own stack: a chain of ten
/// thousand services is no reason to run out of the program's.
pub(super) fn check(project: &Project, faults: &mut Vec<Fault>) {
    let services = &project.services;
    let index: HashMap<&str, usize> =
        services.iter().enumerate().map(|(at, service)| (&*service.name, at)).collect();
    let edges: Vec<Vec<Need<'_>>> = services.iter().map(needs).collect();
    let mut states = vec![State::New; services.len()];
    for start in 0..services.len() {
        if states[start] != State::New {
            continue;
        }
        // Each service of the path, with how many of its needs have been looked at.
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        states[start] = State::Open(0);
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            let Some(need) = edges[at].get(*next) else {
                states[at] = State::Done;
                path.pop();
                continue;
            };
            *next += 1;
            let Some(&target) = index.get(need.name) else { continue };
            match states[target] {
                State::Done => {}
                State::New => {
                    states[target] = State::Open(path.len());
                    path.push((target, 0));
                }
                State::Open(place) => {
                    let names = path[place..].iter().map(|&(at, _)| at).chain([target]);
                    let names: Vec<&str> = names.map(|at| &*services[at].name).collect();
                    let message = format!("dependency cycle detected: {}", shortened(&names));
                    let mut fault = Fault::new(About::Cycle, need.origin, message).of(&services[at].name);
                    for &(at, next) in path[place..path.len() - 1].iter().take(8) {
                        if let Some(need) = next.checked_sub(1).and_then(|i| edges[at].get(i)) {
                            fault = fault.with_label(need.origin, format!("needs {}", need.name));
                        }
                    }
                    faults.push(fault);
                }
            }
        }
    }
}

fn shortened(names: &[&str]) -> String {
    match names {
        [first @ .., last] if names.len() > 12 => {
            format!("{} -> ... -> {last}", first[..10].join(" -> "))
        }
        _ => names.join(" -> "),
    }
}

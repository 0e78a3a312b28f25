//! What commands do besides: they go to another directory, run `make`, copy files of variables.

use crate::files::{file_name, join};
use crate::model::calls::Found;
use crate::model::calls::frame::{Frame, is_name};
use crate::model::calls::text::upwards;
use crate::model::kit::holes::UNKNOWN;

/// `cd`, `pushd`
pub(super) fn change_directory(words: &[String], frame: &mut Frame) {
    let to = words.iter().find(|word| !word.starts_with('-') || *word == "-");
    let here = frame.here().to_owned();
    frame.places = match to.map(String::as_str) {
        None | Some("-") => upwards(&here),
        Some(text) if text.starts_with(UNKNOWN) && !text[UNKNOWN.len_utf8()..].starts_with('/') => {
            upwards(&here)
        }
        Some(text) => {
            frame.paths(text).into_iter().map(|path| if path == "." { String::new() } else { path }).collect()
        }
    };
}

/// `make -C dir NAME=value`
pub(super) fn make(words: &[String], frame: &Frame, found: &mut Found) {
    let mut environment = (*frame.environment).clone();
    let mut frame = frame.clone();
    let mut file = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-C" | "--directory" => {
                if let Some(to) = words.next() {
                    change_directory(std::slice::from_ref(to), &mut frame);
                }
            }
            "-f" | "--file" | "--makefile" => file = words.next().cloned(),
            word => {
                if let Some((name, _)) = word.split_once('=').filter(|(name, _)| is_name(name)) {
                    environment.insert(name.to_owned());
                }
            }
        }
    }
    let names = match file {
        Some(file) => vec![file],
        None => ["Makefile", "makefile", "GNUmakefile"].map(str::to_owned).to_vec(),
    };
    for name in names {
        found.runs.push((frame.paths(&name), environment.clone()));
    }
}

/// `cp config/test.env .env`
pub(super) fn copied(words: &[String], frame: &Frame, found: &mut Found) {
    let operands: Vec<&String> = words.iter().filter(|word| !word.starts_with('-')).collect();
    if let [from, to] = operands[..]
        && (file_name(to).contains("env") || file_name(from).contains("env"))
    {
        let to = if file_name(to).contains("env") { to.clone() } else { join(to, file_name(from)) };
        found.copied.push((frame.paths(from), frame.paths(&to)));
    }
}

//! `pack MODULE.wasm UNPACKER.wasm OUT.wasm`: a module that unpacks itself, of one that does not and of this crate's library.

#![allow(clippy::print_stderr, reason = "it is a program")]

use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, unpacker, out] = arguments.as_slice() else {
        eprintln!("pack MODULE.wasm UNPACKER.wasm OUT.wasm");
        return ExitCode::from(2);
    };
    match packed(module, unpacker)
        .and_then(|whole| fs::write(out, whole).map_err(|error| format!("{out}: {error}")))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn packed(module: &str, unpacker: &str) -> Result<Vec<u8>, String> {
    let read = |path: &str| fs::read(path).map_err(|error| format!("{path}: {error}"));
    let packed = packed_module::pack(&read(module)?).map_err(|error| format!("{module}: {error}"))?;
    Ok(packed_module::with_section(&read(unpacker)?, &packed))
}

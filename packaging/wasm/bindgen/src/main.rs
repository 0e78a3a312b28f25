//! `bindgen MODULE.wasm OUT`: makes OUT/core.js and OUT/core_bg.wasm of a module that was compiled with wasm-bindgen.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, out] = arguments.as_slice() else {
        eprintln!("bindgen MODULE.wasm OUT");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    // Without modules, what is made is one function: run again, it is a fresh module with a memory of its own.
    let made = bindgen.no_modules(true).and_then(|bindgen| {
        bindgen.input_path(module).out_name("core").typescript(false).remove_producers_section(true).generate(out)
    });
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

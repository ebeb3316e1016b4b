//! The `chancery` program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    chancery::cli::main()
}

//! `shapan sample`: the built-in sample district as a file.

use std::path::PathBuf;

/// Write 丰润(示例), a sample district
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The district file to make; it must not exist yet
    #[arg(value_name = "FILE.gpkg")]
    pub file: PathBuf,
}

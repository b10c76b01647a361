//! `shapan check`: whether a district file is sound. What is checked is in `store`.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::{Context, Done, print_json};
use crate::domain::Lang;
use crate::store::{CheckFinding, DistrictReader, Error};

#[derive(clap::Args)]
pub(crate) struct Args {
    district: PathBuf,

    /// As JSON: `{"ok", "findings": [{"place", "record", "problem"}], "changed_outside"}`
    #[arg(long)]
    json: bool,
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let (findings, outside) = match DistrictReader::open(&args.district).and_then(|reader| {
        Ok((reader.check()?, reader.external_edits().map_or(0, |changes| changes.len())))
    }) {
        Ok(found) => found,
        // A file too damaged to be opened is a finding, not a failure of the check.
        Err(error @ (Error::Damaged { .. } | Error::Journal { .. })) => (vec![damaged(&error)], 0),
        Err(error) => return Err(error.into()),
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        let rows: Vec<Json> = findings.iter().map(row).collect();
        let answer = json!({ "ok": rows.is_empty(), "findings": rows, "changed_outside": outside });
        print_json(&mut out, &answer)?;
    } else {
        for finding in &findings {
            writeln!(out, "{}: {}: {}", finding.place, finding.record, finding.problem)?;
        }
        writeln!(out, "{}", summary(context.lang, findings.len(), outside))?;
    }
    Ok(if findings.is_empty() { Done::Well } else { Done::WithFindings })
}

fn damaged(error: &Error) -> CheckFinding {
    CheckFinding { place: "sqlite".to_owned(), record: String::new(), problem: error.to_string() }
}

fn row(finding: &CheckFinding) -> Json {
    json!({ "place": finding.place, "record": finding.record, "problem": finding.problem })
}

fn summary(lang: Lang, findings: usize, outside: usize) -> String {
    let verdict = match (lang, findings) {
        (Lang::Zh, 0) => "文件完好".to_owned(),
        (Lang::Zh, count) => format!("发现 {count} 个问题"),
        (Lang::En, 0) => "sound".to_owned(),
        (Lang::En, count) => format!("{count} findings"),
    };
    match (lang, outside) {
        (_, 0) => verdict,
        (Lang::Zh, count) => {
            format!("{verdict}；另有 {count} 条记录由外部程序修改，将随下次修改记入历史")
        }
        (Lang::En, count) => {
            format!(
                "{verdict}; {count} records changed outside, to be journaled with the next edit"
            )
        }
    }
}

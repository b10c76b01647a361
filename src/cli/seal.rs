//! `shapan seal`: what stands for the journal of a district, to be kept elsewhere; and whether a
//! district still has the one that was kept.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::{Context, Done, print_json};
use crate::domain::{KeptSeal, Localized, LocalizedText, Seal, hex};
use crate::store::{DistrictReader, SealAnswer};

/// Print the seal of a district: the number of the last row of its journal and the hash that stands
/// for it and all rows before. Keep it elsewhere, on paper or in a mail: `shapan check --seal` then
/// notices when rows are cut off at the end or the journal is written anew. A `+` behind it: another
/// program changed records since, which the next edit will journal.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// As JSON: `{"revision", "hash", "short", "ahead"}`
    #[arg(long)]
    json: bool,
}

/// Why there is no seal.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no seal yet: nothing was ever edited, or the file is of an older format, which gets its hashes with the next edit"
)]
pub(super) struct NoSealYet;

impl Localized for NoSealYet {
    fn zh(&self) -> String {
        "还没有存证码：文件尚无修改，或为旧格式（下次修改时自动升级并补上）。".to_owned()
    }
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, _: &Context) -> anyhow::Result<Done> {
    let seal = DistrictReader::open(&args.district)?.seal()?.ok_or(NoSealYet)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        print_json(&mut out, &row(&seal))?;
    } else {
        writeln!(out, "{seal}")?;
    }
    Ok(Done::Well)
}

fn row(seal: &Seal) -> Json {
    json!({
        "revision": seal.revision,
        "hash": hex(&seal.hash),
        "short": seal.short(),
        "ahead": seal.is_ahead,
    })
}

/// What `check --seal` found, and whether the seal holds.
pub(super) fn compared(answer: SealAnswer, kept: &KeptSeal) -> (bool, LocalizedText) {
    let words = match answer {
        SealAnswer::Holds { revision, later } => {
            return (
                true,
                LocalizedText::new(
                    format!("存证码吻合：r{revision}，其后又有 {later} 条历史"),
                    format!("the seal holds: r{revision}, with {later} later revisions"),
                ),
            );
        }
        SealAnswer::Rewritten(revision) => LocalizedText::new(
            format!("存证码不符：r{revision} 已不是当时的记录，历史被改写过"),
            format!(
                "the seal does not hold: r{revision} is another now, the journal was rewritten"
            ),
        ),
        SealAnswer::CutOff(last) => {
            let kept = kept.revision.unwrap_or_default();
            LocalizedText::new(
                format!(
                    "存证码不符：历史到 r{last} 为止，缺 r{kept}。末尾被截去，或这是更早的副本"
                ),
                format!(
                    "the seal does not hold: the journal ends at r{last}, before r{kept}; its end was cut off, or this is an older copy"
                ),
            )
        }
        SealAnswer::Unknown => LocalizedText::new(
            "存证码不符：没有一条历史与之对应。末尾被截去、历史被改写，或这是另一个文件",
            "the seal does not hold: no revision has it; the end was cut off, the journal was rewritten, or this is another file",
        ),
        SealAnswer::Unsealed => LocalizedText::new(
            "无法核对存证码：旧格式文件没有校验值",
            "the seal cannot be compared: a file of an older format has no hashes",
        ),
    };
    (false, words)
}

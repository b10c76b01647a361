//! `shapan notice`: what a plan orders, as the paper that announces it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Context, Done, as_of, journaled, render};
use crate::domain::{EditKind, NoticeForm};
use crate::exchange::formats;
use crate::exchange::write::replace;
use crate::geodesy::crs::Crs;
use crate::report::notice::{Edits, Notice, NoticeRequest, blocks, layer, map, notice};
use crate::report::{docx, plain};

/// The notice of a plan, made from its restrictions: where, when, which trucks, who is exempt, which
/// way around, on what grounds. Form, number, issuer, date, repealed papers and sentences written by
/// hand are as the record of the plan says, unless they are given here. What the district does not
/// know stands there as 【待填】. Ends with 1 where something has to be looked at first: an order off
/// the road, a sentence that no longer fits, an act that no longer holds.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The district file
    pub district: PathBuf,
    /// The plan: what restrictions say in `plan`
    pub plan: String,
    /// What to write: a .docx file, with the map and the schedule of signs as annexes, or a .txt file;
    /// or the schedule of signs and cameras alone, as .csv or .xlsx
    pub target: PathBuf,
    /// The date of the paper, which decides the acts that it cites (else that of the plan, else today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<Date>,
    /// The number of the paper, 唐政通字〔2018〕4号 (else that of the plan, else left to be filled in)
    #[arg(long, value_name = "NUMBER")]
    pub number: Option<String>,
    /// Who issues it (else the issuer of the plan, else left to be filled in)
    #[arg(long, value_name = "NAME")]
    pub issuer: Option<String>,
    /// 通告 (to those whom it concerns) or 公告 (to everybody); else that of the plan, else 通告
    #[arg(long, value_name = "通告|公告", value_parser = form)]
    pub form: Option<NoticeForm>,
    /// Sentences written by hand, in place of those of the plan, as JSON: {"KEY":{"text":"…","fingerprint":"…"}}, with keys and
    /// fingerprints as --json prints them
    #[arg(long, value_name = "FILE")]
    pub edits: Option<PathBuf>,
    /// Print the sentences with their keys and fingerprints, and the signs to put up
    #[arg(long)]
    pub json: bool,
}

/// What is written.
enum NoticeFile {
    Word,
    Plain,
    Schedule,
}

fn form(word: &str) -> Result<NoticeForm, String> {
    NoticeForm::from_key(word).ok_or_else(|| "通告 or 公告".to_owned())
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let (world, today) = &as_of::load(&args.district, context.as_of)?;
    let (today, lang) = (*today, context.lang);
    let paper = match ending(&args.target).as_str() {
        "docx" => NoticeFile::Word,
        "txt" => NoticeFile::Plain,
        "csv" | "xlsx" => NoticeFile::Schedule,
        _ => bail!(
            "a notice is written as .docx or .txt, its schedule of signs as .csv or .xlsx: {}",
            args.target.display()
        ),
    };
    let edits = args.edits.as_deref().map(read_edits).transpose()?;
    let asked = NoticeRequest {
        form: args.form,
        number: args.number.as_deref(),
        issuer: args.issuer.as_deref(),
        date: args.date,
        edits: edits.as_ref(),
        ..NoticeRequest::of(&args.plan, today)
    };
    let notice = notice(world, &asked)?;
    match paper {
        NoticeFile::Word => {
            let picture = map(world, &args.plan, notice.date)?;
            render::put(&args.target, &docx::bytes(&blocks(&notice, picture), notice.date)?)?;
        }
        NoticeFile::Plain => {
            render::put(&args.target, plain::text(&blocks(&notice, None)).as_bytes())?;
        }
        NoticeFile::Schedule => {
            let format = formats::by_name(&args.target)?;
            replace(&args.target, format, vec![layer(&notice.entries, &Crs::Wgs84)])
                .with_context(|| format!("{} was not written", args.target.display()))?;
        }
    }
    let asked = [format!("notice {}", args.plan)];
    journaled::journal(&args.district, EditKind::Paper, (&args.target, &asked, world), context);
    for warning in &notice.warnings {
        writeln!(std::io::stderr().lock(), "warning: {}", warning.say(lang))?;
    }
    if args.json {
        writeln!(std::io::stdout().lock(), "{}", json_of(&notice))?;
    }
    Ok(if notice.warnings.is_empty() { Done::Well } else { Done::WithFindings })
}

fn ending(target: &Path) -> String {
    target.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase()
}

fn read_edits(file: &Path) -> anyhow::Result<Edits> {
    let cannot = || format!("the sentences cannot be read: {}", file.display());
    let text = std::fs::read_to_string(file).with_context(cannot)?;
    serde_json::from_str(&text).with_context(cannot)
}

fn json_of(notice: &Notice) -> Json {
    let sentences = notice.sentences.iter().map(|sentence| {
        json!({
            "key": sentence.key(),
            "record": sentence.record.map(|record| record.to_string()),
            "generated": sentence.generated,
            "edited": sentence.edited,
            "fingerprint": sentence.fingerprint,
            "stale": sentence.is_stale,
        })
    });
    let entries = notice.entries.iter().map(|entry| {
        json!({
            "item": entry.item,
            "place": entry.place,
            "lon": entry.at.x,
            "lat": entry.at.y,
            "sign": entry.sign,
            "plate": entry.plate,
            "camera": entry.watch.name(),
            "covered": entry.watch.is_sure(),
        })
    });
    json!({
        "date": notice.date.to_string(),
        "sentences": sentences.collect::<Vec<_>>(),
        "signs": entries.collect::<Vec<_>>(),
        "warnings": notice.warnings.iter().map(|said| said.zh.as_str()).collect::<Vec<_>>(),
    })
}

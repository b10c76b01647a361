//! `shapan notice`: what a plan orders, as the paper that announces it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Done, render};
use crate::domain::{Lang, World};
use crate::report::notice::{Asked, Edits, Form, Notice, blocks, map, notice};
use crate::report::{docx, plain};

/// The notice of a plan, made from its restrictions: where, when, which trucks, who is exempt, which
/// way around, on what grounds. What the district does not know stands there as 【待填】. Ends with 1
/// where something has to be looked at first: an order off the road, a sentence that no longer fits.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The district file
    pub district: PathBuf,
    /// The plan: what restrictions say in `plan`
    pub plan: String,
    /// What to write: a .docx file, with the map and the schedule of signs as annexes, or a .txt file
    pub target: PathBuf,
    /// The date of the paper, which decides the acts that it cites (else today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<Date>,
    /// Who issues it (else left to be filled in)
    #[arg(long, value_name = "NAME")]
    pub issuer: Option<String>,
    /// 通告 (to those whom it concerns) or 公告 (to everybody)
    #[arg(long, value_name = "通告|公告", value_parser = form, default_value = "通告")]
    pub form: Form,
    /// Sentences written by hand, as JSON: {"KEY":{"text":"…","fingerprint":"…"}}, with keys and
    /// fingerprints as --json prints them
    #[arg(long, value_name = "FILE")]
    pub edits: Option<PathBuf>,
    /// Print the sentences with their keys and fingerprints, and the signs to put up
    #[arg(long)]
    pub json: bool,
}

fn form(word: &str) -> Result<Form, String> {
    let all = [Form::Circular, Form::Announcement];
    all.into_iter().find(|form| form.word() == word).ok_or_else(|| "通告 or 公告".to_owned())
}

pub fn run(args: &Args, world: &World, today: Date, lang: Lang) -> anyhow::Result<Done> {
    let is_word = match ending(&args.target).as_str() {
        "docx" => true,
        "txt" => false,
        _ => bail!("a notice is written as .docx or .txt: {}", args.target.display()),
    };
    let edits = args.edits.as_deref().map(read_edits).transpose()?.unwrap_or_default();
    let asked = Asked {
        plan: &args.plan,
        form: args.form,
        issuer: args.issuer.as_deref(),
        date: args.date.unwrap_or(today),
        edits: &edits,
    };
    let notice = notice(world, &asked)?;
    let bytes = if is_word {
        docx::bytes(&blocks(&notice, map(world, &asked)?), asked.date)?
    } else {
        plain::text(&blocks(&notice, None)).into_bytes()
    };
    render::put(&args.target, &bytes)?;
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

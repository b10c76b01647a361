//! `shapan check`: whether a district file is sound. What is checked is in `store`.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::{Context, Done, print_json, seal};
use crate::domain::{KeptSeal, Kind, Lang, Localized as _, LocalizedText, Text};
use crate::store::{CheckFinding, DistrictReader, Error};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// A seal that was kept, as `shapan seal` printed it or a paper shows it: is its row still there?
    #[arg(long, value_name = "SEAL")]
    seal: Option<KeptSeal>,

    /// As JSON: `{"ok", "findings": [{"place", "record", "problem"}], "changed_outside"}`, with
    /// `"seal": {"holds", "said"}` where one was given
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
    let sealed = args.seal.as_ref().map(|kept| compared(args, kept)).transpose()?;
    let holds = sealed.as_ref().is_none_or(|(holds, _)| *holds);
    let mut out = std::io::stdout().lock();
    if args.json {
        let rows: Vec<Json> = findings.iter().map(|found| row(found, context.lang)).collect();
        let is_ok = rows.is_empty() && holds;
        let mut answer = json!({ "ok": is_ok, "findings": rows, "changed_outside": outside });
        if let (Some((holds, said)), Some(answer)) = (&sealed, answer.as_object_mut()) {
            let said = said.say(context.lang);
            answer.insert("seal".to_owned(), json!({ "holds": holds, "said": said }));
        }
        print_json(&mut out, &answer)?;
    } else {
        if let Some((_, said)) = &sealed {
            writeln!(out, "{}", said.say(context.lang))?;
        }
        for finding in &findings {
            let CheckFinding { place, record, problem } = finding;
            let (place, said) = (place_name(place, context.lang), problem.say(context.lang));
            let called = if record.is_empty() { String::new() } else { format!("{record}: ") };
            writeln!(out, "{place}: {called}{said}")?;
        }
        writeln!(out, "{}", summary(context.lang, findings.len(), outside))?;
    }
    Ok(if findings.is_empty() && holds { Done::Well } else { Done::WithFindings })
}

fn compared(args: &Args, kept: &KeptSeal) -> Result<(bool, LocalizedText), Error> {
    let answer = DistrictReader::open(&args.district)?.find_seal(kept)?;
    Ok(seal::compared(answer, kept))
}

fn damaged(error: &Error) -> CheckFinding {
    let (place, record) = ("sqlite".to_owned(), String::new());
    CheckFinding { place, record, problem: error.localized() }
}

fn row(finding: &CheckFinding, lang: Lang) -> Json {
    let CheckFinding { place, record, problem } = finding;
    json!({ "place": place, "record": record, "problem": problem.say(lang) })
}

/// Layers have a name for people, the other places are said as they are called.
pub(super) fn place_name(place: &str, lang: Lang) -> &str {
    let known = match place {
        "sqlite" => Text::new("数据库", "database"),
        "journal" => Text::new("历史", "journal"),
        "shapan_reading" => Text::new("读数", "readings"),
        "shapan_place" => Text::new("读数的站点", "places of readings"),
        "shapan_delivery" => Text::new("读数的批次", "deliveries of readings"),
        "geopackage" => Text::new("GeoPackage", "GeoPackage"),
        layer => return layer.parse().map_or(layer, |kind: Kind| kind.label().say(lang)),
    };
    known.say(lang)
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

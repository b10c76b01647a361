//! `shapan apply`: edits of other programs, a line of JSON each (`exchange::jsonl`).

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::PathBuf;

use super::{Context, Done};
use crate::analysis::ledger;
use crate::domain::{Edit, Localized as _, LocalizedText, Stamp, World, item};
use crate::exchange::jsonl;
use crate::network::plan_lifecycle;
use crate::settings::clock;
use crate::store::{self, Store};

/// Edits as JSON lines, one a line:
///
/// {"op":"create","layer":"site","code":"S1","fields":{"name":"一号工地","kind":"construction"},"lon":118.15,"lat":39.83}
/// {"op":"update","layer":"site","code":"S1","fields":{"phone":"0315-0000000"}}
/// {"op":"delete","layer":"site","code":"S1"}
/// {"op":"step","layer":"item","code":"FR-20261129-017","step":"整改","done_by":"李四","text":"已苫盖","files":["后.jpg"]}
/// {"changes":[…,…]} several changes as one edit
///
/// Each is answered with `ok <revision>` when it is safe on disk, or with `refused <why>`, in the
/// language of --lang.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
#[expect(clippy::doc_link_with_quotes, reason = "the help shows JSON as it is typed")]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// The file with the edits; `-` or nothing for standard input
    edits: Option<PathBuf>,
}

/// A line longer than this is not an edit but an accident.
const LONGEST_LINE: u64 = 64 << 20;

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let mut store = Store::open_session(&args.district)?;
    let mut world = store.load()?;
    let mut ids = clock::ids(&clock::stamp(None));
    let mut input: Box<dyn BufRead> = match &args.edits {
        Some(path) if path.as_os_str() != "-" => {
            let file = File::open(path).map_err(|source| store::Error::of_file(path, source))?;
            Box::new(BufReader::new(file))
        }
        _ => Box::new(std::io::stdin().lock()),
    };
    let mut out = std::io::stdout().lock();
    let mut done = Done::Well;
    while let Some(line) = next_line(&mut *input)? {
        let stamp = clock::stamp(author(&line).as_deref().or(context.by.as_deref()));
        let answer = match jsonl::edit(&line, &world, &stamp, &mut ids) {
            Ok(edit) if let Some(refusal) = plan_lifecycle::taken_name(&world, &edit) => {
                Err(refusal.localized())
            }
            Ok(edit) if let Some(refusal) = item::guard::unlawful(&edit) => {
                Err(refusal.localized())
            }
            Ok(edit) => {
                let edit = plan_lifecycle::with_followers(&world, edit, &stamp);
                let edit = ledger::ready(edit, &world, &stamp);
                apply(&mut store, &mut world, &edit, &stamp)?
            }
            Err(jsonl::LineError(reason)) => Err(reason),
        };
        match answer {
            Ok(revision) => writeln!(out, "ok {revision}")?,
            Err(reason) => {
                done = Done::WithFindings;
                writeln!(out, "refused {}", reason.say(context.lang).replace('\n', " "))?;
            }
        }
        out.flush()?;
    }
    Ok(done)
}

fn next_line(input: &mut dyn BufRead) -> std::io::Result<Option<String>> {
    loop {
        let mut line = Vec::new();
        if input.take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.is_empty() {
            return Ok(Some(text.to_owned()));
        }
    }
}

/// A line may say who speaks.
fn author(line: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(json.get("by")?.as_str()?.to_owned())
}

/// The outer error ends the program, the inner one refuses this edit only.
fn apply(
    store: &mut Store,
    world: &mut World,
    edit: &Edit,
    stamp: &Stamp,
) -> anyhow::Result<Result<u64, LocalizedText>> {
    match store.apply(edit, stamp) {
        Ok(revision) => {
            let revision = revision.unwrap_or(world.revision);
            // An outside change, or an edit of another seat, came between: begin from the file.
            if revision == world.revision + 1 && world.apply(edit).is_ok() {
                world.revision = revision;
            } else if revision != world.revision {
                store.catch_up(world)?;
            }
            Ok(Ok(revision))
        }
        Err(error @ (store::Error::Conflict(_) | store::Error::CodeTaken { .. })) => {
            // The next line is to be made from what stands in the file now.
            store.catch_up(world)?;
            Ok(Err(error.into()))
        }
        Err(error @ (store::Error::Locked(_) | store::Error::DiskFull(_))) => Ok(Err(error.into())),
        Err(error) => Err(error.into()),
    }
}

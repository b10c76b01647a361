//! The program without its window: one file a subcommand, which holds its arguments and `run`. What
//! it computes is in the rooms below.
//!
//! Answers go to standard output, everything else to standard error. Exit status 0: done; 1: done,
//! and something was found or refused; 2: not done.

mod air;
mod air_target;
mod apply;
mod as_of;
mod backup;
mod brief;
mod check;
mod compact;
mod convene;
mod decide;
mod document;
mod episodes;
mod export;
mod export_readings;
mod filter;
mod history;
mod import;
mod import_readings;
mod import_report;
mod item;
mod journaled;
mod ledger;
mod ledger_lists;
mod listen;
mod meeting;
mod mend;
mod network;
mod new;
mod notice;
mod pack;
mod plan;
mod receive;
mod render;
mod restore;
mod rings;
mod sample;
mod schema;
mod seal;
mod step;
mod waiting;
mod watch;
mod withdraw;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::{Parser, Subcommand};

use crate::analysis::ledger::limit;
use crate::analysis::sweeping;
use crate::domain::{Lang, Localized, LocalizedText, Text, calendar, json_fault};
use crate::network::speeds::{self, BadSpeeds};
use crate::store::AsOf;
use crate::{basemap, exchange, intake, map, network as roads, report, settings, store};

#[derive(Parser)]
#[command(
    name = "shapan",
    version,
    about = "沙盘: 大气污染防治指挥地图 · without a command it opens its window"
)]
struct Cli {
    /// The district to open in the window; else the last one, at first the sample
    district: Option<PathBuf>,

    /// Language of what a person reads: zh or en
    #[arg(long, global = true, value_parser = language)]
    lang: Option<Lang>,

    /// Who does it, for the journal (else the login name)
    #[arg(long, global = true)]
    by: Option<String>,

    /// The district as it was: 2026-11-20, 2026-11-20T10:00 or r17, a revision. Only for commands
    /// that read: rings, air, network, plan, notice, meeting, ledger, document, brief, render, export
    #[arg(long, global = true, value_name = "TIME", value_parser = as_of::parse)]
    as_of: Option<AsOf>,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Write an empty district file
    New(new::Args),
    /// Bring files into a district
    Import(import::Args),
    /// Apply edits that come as JSON lines
    Apply(apply::Args),
    /// Is the district file sound?
    Check(check::Args),
    /// Accept what `check` finds in the journal
    Mend(mend::Args),
    /// Print what stands for the journal, to be kept elsewhere
    Seal(seal::Args),
    /// Copy a district file, verified
    Backup(backup::Args),
    /// Give the free room of a district file back to the disk
    Compact(compact::Args),
    /// Put a copy in the place of a damaged district, or list the copies
    Restore(restore::Args),
    /// Take readings in as they come: from instruments by HJ 212, from a folder
    Listen(listen::Args),
    /// Withdraw a delivery of readings, or list the deliveries
    Withdraw(withdraw::Args),
    /// Print AQI, daily values, index, rank and what is left of a target
    Air(air::Args),
    /// List the high values of some days, what was done about them, and how the hour was kept
    Episodes(episodes::Args),
    /// Look for high values as readings come, without a window: for a duty server
    Watch(watch::Args),
    /// List every edit
    History(history::Args),
    /// Take back the latest edit
    Undo(step::Args),
    /// Do again what was taken back
    Redo(step::Args),
    /// List what lies in the rings of the control points
    Rings(rings::Args),
    /// Build the road network: how large it is, what was mended, what looks wrong
    Network(network::Args),
    /// What a plan does to trucks, rings and detours
    Plan(plan::Args),
    /// Write the notice (通告) of a plan: Word or plain text
    Notice(notice::Args),
    /// List the meetings, or what they decided and how that stands; make a new one
    Meeting(meeting::Args),
    /// Take a decision as it is said: 住建局 周五前 A工地雾炮到位
    Decide(decide::Args),
    /// List the ledger: what is due, overdue, to check; who is late; as a file of an office
    Ledger(ledger::Args),
    /// Take a step of an item of the ledger: hand over, mend, check, strike off
    Item(item::Args),
    /// Write a paper of the ledger: 交办单, 督办单, 核查表, 通报 …
    Document(document::Args),
    /// Pack items with their photos and papers for another office
    Pack(pack::Args),
    /// Take in what another office packed
    Receive(receive::Args),
    /// Write the brief of a week or a meeting: Word, PDF, HTML, Excel
    Brief(brief::Args),
    /// Print the map: SVG, PNG or PDF
    Render(render::Args),
    /// Write layers of a district to a file; the ending of its name says the format
    Export(export::Args),
    /// Write 丰润(示例), a sample district
    Sample(sample::Args),
    /// Print the table of fields
    Schema(schema::Args),
}

/// What every subcommand may ask.
pub(crate) struct Context {
    pub lang: Lang,
    pub by: Option<String>,
    pub as_of: Option<AsOf>,
}

/// The answer of a subcommand that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Well,
    WithFindings,
}

fn language(text: &str) -> Result<Lang, String> {
    match text {
        "zh" => Ok(Lang::Zh),
        "en" => Ok(Lang::En),
        _ => Err("zh or en".to_owned()),
    }
}

/// What the command line asked for.
pub enum Invocation {
    /// A subcommand, which is done.
    Command(ExitCode),
    Window {
        district: Option<PathBuf>,
        /// Where it differs from the settings of this seat.
        lang: Option<Lang>,
        by: Option<String>,
    },
}

/// Reads the command line; performs what it names and says how that ended, unless it is the window.
pub fn main() -> Invocation {
    let cli = Cli::parse();
    install_office(cli.lang.unwrap_or_default());
    let Some(command) = &cli.command else {
        // The window remembers it, and starts elsewhere the next time.
        let whole = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let district = cli.district.map(whole);
        return Invocation::Window { district, lang: cli.lang, by: cli.by };
    };
    let context = Context { lang: cli.lang.unwrap_or_default(), by: cli.by, as_of: cli.as_of };
    Invocation::Command(ended(context.lang, run(command, &context)))
}

/// The tables of this office: its holidays, and what its time limits mean.
fn install_office(lang: Lang) {
    let Some(folder) = settings::folder() else { return };
    let office = match settings::Office::load(&folder) {
        Ok(office) => office,
        Err(reason) => {
            let file = settings::Office::file(&folder);
            let LocalizedText { zh, en } = reason.localized();
            let file = file.display();
            warn(
                lang,
                &LocalizedText::new(
                    format!("{file} 无法读取，未使用：{zh}"),
                    format!("{file} cannot be read and is not used: {en}"),
                ),
            );
            return;
        }
    };
    calendar::install(office.holidays);
    let limits = office.limits.into_iter().filter_map(|row| serde_json::from_value(row).ok());
    limit::install(limits.collect());
    install_speeds(office.truck_speeds, lang);
    match office.sweeping.map(serde_json::from_value).transpose() {
        Ok(Some(rules)) => sweeping::install(rules),
        Ok(None) => {}
        Err(fault) => warn(lang, &unused("sweeping", &json_fault(&fault))),
    }
}

/// A table of speeds that is wrong is not used, and that is said: times would rest on it.
fn install_speeds(own: Option<serde_json::Value>, lang: Lang) {
    let Some(own) = own else { return };
    let installed = serde_json::from_value(own)
        .map_err(|fault| json_fault(&fault))
        .and_then(|own| speeds::install(own).map_err(|BadSpeeds(why)| why.into()));
    if let Err(reason) = installed {
        warn(lang, &unused("truck_speeds", &reason));
    }
}

fn unused(table: &str, LocalizedText { zh, en }: &LocalizedText) -> LocalizedText {
    LocalizedText::new(
        format!("office.json 中的 {table} 未使用：{zh}"),
        format!("{table} in office.json is not used: {en}"),
    )
}

/// Nobody is left to tell when standard error itself is gone.
fn warn(lang: Lang, words: &LocalizedText) {
    drop(writeln!(std::io::stderr().lock(), "warning: {}", words.say(lang)));
}

fn ended(lang: Lang, result: anyhow::Result<Done>) -> ExitCode {
    match result {
        Ok(Done::Well) => ExitCode::SUCCESS,
        Ok(Done::WithFindings) => ExitCode::from(1),
        // Whoever read our output had enough of it: `shapan rings … | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(lang, &error);
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command, context: &Context) -> anyhow::Result<Done> {
    ensure!(
        context.as_of.is_none() || command.reads_a_district(),
        "--as-of is only for rings, air, network, plan, notice, meeting, ledger, document, brief, render and export: the past is not written"
    );
    match command {
        Command::New(args) => new::run(args, context),
        Command::Import(args) => import::run(args, context),
        Command::Listen(args) => listen::run(args, context),
        Command::Apply(args) => apply::run(args, context),
        Command::Check(args) => check::run(args, context),
        Command::Mend(args) => mend::run(args, context),
        Command::Seal(args) => seal::run(args, context),
        Command::Backup(args) => backup::run(args),
        Command::Compact(args) => compact::run(args, context),
        Command::Restore(args) => restore::run(args, context),
        Command::Withdraw(args) => withdraw::run(args, context),
        Command::Air(args) => air::run(args, context),
        Command::Episodes(args) => episodes::run(args, context),
        Command::Watch(args) => watch::run(args, context),
        Command::History(args) => history::run(args, context),
        Command::Undo(args) => step::run(args, context, step::Which::Undo),
        Command::Redo(args) => step::run(args, context, step::Which::Redo),
        Command::Rings(args) => rings::run(args, context),
        Command::Network(args) => network::run(args, context),
        Command::Plan(args) => plan::run(args, context),
        Command::Notice(args) => notice::run(args, context),
        Command::Meeting(args) => meeting::run(args, context),
        Command::Decide(args) => decide::run(args, context),
        Command::Ledger(args) => ledger::run(args, context),
        Command::Item(args) => item::run(args, context),
        Command::Document(args) => document::run(args, context),
        Command::Pack(args) => pack::run(args, context),
        Command::Receive(args) => receive::run(args, context),
        Command::Brief(args) => brief::run(args, context),
        Command::Render(args) => render::run(args, context),
        Command::Export(args) => export::run(args, context),
        Command::Sample(args) => sample::run(args, context),
        Command::Schema(args) => schema::run(args, context),
    }
}

impl Command {
    /// Those that can be asked about the past.
    const fn reads_a_district(&self) -> bool {
        matches!(
            self,
            Self::Rings(_)
                | Self::Air(_)
                | Self::Network(_)
                | Self::Plan(_)
                | Self::Notice(_)
                | Self::Meeting(_)
                | Self::Brief(_)
                | Self::Ledger(_)
                | Self::Document(_)
                | Self::Render(_)
                | Self::Export(_)
        )
    }
}

/// For programs, but so that a person can read it too.
fn print_json(out: &mut impl Write, answer: &impl serde::Serialize) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, answer)?;
    Ok(writeln!(out)?)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_broken = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        let of_csv = cause.downcast_ref::<csv::Error>().map(csv::Error::kind);
        let of_json =
            cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        matches!(of_csv, Some(csv::ErrorKind::Io(error)) if is_broken(error))
            || of_json == Some(std::io::ErrorKind::BrokenPipe)
            || cause.downcast_ref::<std::io::Error>().is_some_and(is_broken)
    })
}

/// What a command says a person to do, in both languages.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.en)]
struct Said(LocalizedText);

impl Said {
    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(LocalizedText::new(zh, en))
    }
}

impl Localized for Said {
    fn zh(&self) -> String {
        self.0.zh.clone()
    }
}

/// Errors that have words for a person. One that is not here is told as its technical line.
const WORDED: &[fn(&anyhow::Error) -> Option<LocalizedText>] = &[
    words::<Said>,
    words::<store::Error>,
    words::<export::ExportError>,
    words::<exchange::Error>,
    words::<exchange::counted::NoCounts>,
    words::<exchange::meaning::ImportError>,
    words::<import::UnreadFile>,
    words::<intake::file::IntakeError>,
    words::<intake::package::HandoverError>,
    words::<std::io::Error>,
    words::<basemap::Error>,
    words::<roads::compare::Unready>,
    words::<roads::evaluate::BadBehaviour>,
    words::<roads::turning::BadTurnCosts>,
    words::<map::Error>,
    words::<report::FormatError>,
    words::<report::brief::Error>,
    words::<report::docx::Error>,
    words::<report::ledger::Error>,
    words::<report::notice::Error>,
    words::<report::pdf::Error>,
    words::<plan::BadMoment>,
    words::<plan::WhichPlan>,
    words::<seal::NoSealYet>,
];

fn words<E: Localized + std::error::Error + Send + Sync + 'static>(
    error: &anyhow::Error,
) -> Option<LocalizedText> {
    error.downcast_ref::<E>().map(Localized::localized)
}

/// An error with its causes, but those that it says already, down to the one that has words for a person
/// or is a library's: what stands behind names the parts of others.
fn technical(error: &anyhow::Error, worded: Option<&LocalizedText>) -> String {
    let mut said = String::new();
    for cause in error.chain() {
        let fault = of_library(cause);
        let words = fault.as_ref().map_or_else(|| cause.to_string(), |fault| fault.en.clone());
        if !words.is_empty() && !said.contains(&words) {
            said.push_str(if said.is_empty() { "" } else { ": " });
            said.push_str(&words);
        }
        if fault.is_some() || worded.is_some_and(|worded| worded.en == words) {
            break;
        }
    }
    said
}

/// In words of ours what a library found wrong.
fn of_library(cause: &(dyn std::error::Error + 'static)) -> Option<LocalizedText> {
    let of_json = cause.downcast_ref::<serde_json::Error>().map(json_fault);
    let of_system = || cause.downcast_ref::<std::io::Error>().map(Localized::localized);
    let of_others = || {
        let is_library = cause.is::<csv::Error>()
            || cause.is::<jiff::Error>()
            || cause.is::<std::str::Utf8Error>()
            || cause.is::<std::string::FromUtf8Error>();
        is_library.then(|| UNTOLD.into())
    };
    of_json.or_else(of_system).or_else(of_others)
}

const UNTOLD: Text =
    Text::new("未能完成，原因不明", "it failed for a reason that is not known here");

/// The sentence for the person, then, where that is Chinese, the technical line for the log.
fn complain(lang: Lang, error: &anyhow::Error) {
    let worded = WORDED.iter().find_map(|words| words(error));
    let technical = technical(error, worded.as_ref());
    let sentence = worded.as_ref().map_or(technical.as_str(), |worded| worded.say(lang));
    let log = if sentence == technical { String::new() } else { format!("\n  ({technical})") };
    // Nobody is left to tell when standard error itself is gone.
    drop(writeln!(std::io::stderr().lock(), "shapan: {sentence}{log}"));
}

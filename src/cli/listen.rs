//! `shapan listen`: takes readings in as they come, from instruments by HJ 212 and from a folder.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::{Context, Done};
use crate::domain::{Lang, Localized as _};
use crate::exchange::readings::StationIndex;
use crate::intake::feed::{Running, delivered_words, take_in};
use crate::intake::web::Reach;
use crate::settings::clock;
use crate::settings::feeds::{Feeds, FolderFeed, Hj212Feed};
use crate::store::Store;

/// Take readings in as they come, until it is stopped. What it acknowledged is never lost: where it is
/// killed, the next takes in what waits in DISTRICT.inbox
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The district file.
    district: PathBuf,

    /// Listen for instruments that report by HJ 212, on this address; of this machine alone, unless
    /// another is named
    #[arg(long, value_name = "IP:PORT", num_args = 0..=1, default_missing_value = "127.0.0.1:9212")]
    hj212: Option<SocketAddr>,

    /// A device that is let in, by its MN, beside those whose MN is the code of a record
    #[arg(long, value_name = "MN")]
    allow: Vec<String>,

    /// The key of a device whose packets are encrypted
    #[arg(long, value_name = "MN=HEX")]
    sm4: Vec<String>,

    /// Take in the files of readings that come into this folder
    #[arg(long)]
    folder: Option<PathBuf>,

    /// How often packets are taken into the district, minutes
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1440))]
    every: u32,

    /// Take in what waits, and end
    #[arg(long)]
    once: bool,
}

/// How often it looks whether something is to be done.
const LOOK: Duration = Duration::from_millis(500);

impl Args {
    fn feeds(&self) -> anyhow::Result<Feeds> {
        let keys = self.sm4.iter().map(|pair| {
            let (mn, key) = pair.split_once('=').context("--sm4: write MN=HEX")?;
            Ok((mn.to_owned(), key.to_owned()))
        });
        let keys = keys.collect::<anyhow::Result<BTreeMap<_, _>>>()?;
        let hj212 = Hj212Feed {
            is_on: self.hj212.is_some(),
            address: self.hj212.map(|it| it.to_string()).unwrap_or_default(),
            devices: self.allow.clone(),
            keys,
            every_min: self.every,
        };
        let path = self.folder.as_ref().map(|path| path.display().to_string());
        let folder = FolderFeed { is_on: path.is_some(), path: path.unwrap_or_default() };
        Ok(Feeds { hj212, folder, web: Vec::new() })
    }
}

/// Does what was asked; ends only with `--once` or an error.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let feeds = args.feeds()?;
    ensure!(
        args.once || feeds.any_is_on(),
        "say what to listen to: --hj212 or --folder; --once takes in what waits"
    );
    let mut store = Store::open(&args.district)?;
    let world = store.load()?;
    let index = StationIndex::of(&world);
    let mut running = Running::start(&feeds, store.path(), &index, Reach::default());
    drop(world);
    if let Some(error) = running.seen().values().find_map(|seen| seen.error.clone()) {
        return Err(anyhow::anyhow!(error.say(context.lang).to_owned()));
    }
    let mut out = std::io::stdout();
    if let Some(address) = running.address() {
        match context.lang {
            Lang::Zh => writeln!(out, "监听 {address}（HJ 212）")?,
            Lang::En => writeln!(out, "listening on {address} (HJ 212)")?,
        }
        if !address.ip().is_loopback() {
            match context.lang {
                Lang::Zh => writeln!(out, "! 此地址可被其他机器访问")?,
                Lang::En => writeln!(out, "! other machines reach this address")?,
            }
        }
        out.flush()?;
    }
    let mut is_clean = true;
    loop {
        is_clean &= step(&mut running, &mut store, context, args.once)?;
        if args.once {
            return Ok(if is_clean { Done::Well } else { Done::WithFindings });
        }
        std::thread::sleep(LOOK);
    }
}

/// Takes in what there is; whether all of it could be.
fn step(
    running: &mut Running,
    store: &mut Store,
    context: &Context,
    all_now: bool,
) -> anyhow::Result<bool> {
    let mut out = std::io::stdout();
    let mut is_clean = true;
    for arrived in running.poll(clock::now(), all_now) {
        let stamp = clock::stamp(context.by.as_deref());
        let mut ids = clock::ids(&stamp);
        let world = store.load()?;
        let outcome = take_in(&arrived, store, &world, (&stamp, &mut ids));
        running.done(&arrived, &outcome, stamp.at);
        let words = match &outcome {
            Ok(delivered) => delivered_words(&arrived.name, *delivered),
            Err(error) => {
                is_clean = false;
                error.localized()
            }
        };
        let mark = if outcome.is_ok() { "" } else { "× " };
        writeln!(out, "{mark}{}", words.say(context.lang))?;
        if let Some(heard) = running.heard() {
            let crate::intake::hj212::Heard { packets, kept, foreign, wrong, encrypted, .. } =
                heard;
            match context.lang {
                Lang::Zh => writeln!(
                    out,
                    "  报文 {packets}，入库 {kept}，非本区设备 {foreign}，校验错 {wrong}，加密 {encrypted}"
                )?,
                Lang::En => writeln!(
                    out,
                    "  packets {packets}, kept {kept}, of strangers {foreign}, wrong checksum {wrong}, encrypted {encrypted}"
                )?,
            }
        }
        out.flush()?;
    }
    Ok(is_clean)
}

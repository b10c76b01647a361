//! `shapan meeting DISTRICT --new`: a meeting and its scenes from the template.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use jiff::civil::Date;
use serde_json::json;

use super::{Context, Done};
use crate::analysis::agenda::{Call, MEETING, PlannedScene, agenda, convened};
use crate::domain::{Change, Edit, Lang, Localized as _, World};
use crate::map::layers;
use crate::settings::{self, clock};
use crate::store::Store;

/// What is said of a new meeting; the rest is as at the last one.
#[derive(clap::Args)]
pub(crate) struct NewArgs {
    /// Make a meeting and its scenes from the template: the office's own, else that of the program
    #[arg(long, conflicts_with_all = ["list", "decisions"])]
    pub new: bool,

    /// The day on which it is held (else a week after the last)
    #[arg(long, value_name = "YYYY-MM-DD", requires = "new")]
    date: Option<Date>,

    /// A template of your own: `--print-template` shows the one that comes with the program
    #[arg(long, value_name = "FILE", requires = "new")]
    template: Option<PathBuf>,

    /// Show the template that comes with the program
    #[arg(long)]
    pub print_template: bool,
}

/// Writes a meeting and its scenes into the district.
pub(crate) fn run(
    args: &NewArgs,
    (district, json): (&Path, bool),
    context: &Context,
) -> anyhow::Result<Done> {
    ensure!(context.as_of.is_none(), "--as-of is not for --new: the past is not written");
    let stamp = clock::stamp(context.by.as_deref());
    let mut store = Store::open(district)?;
    let world = store.load()?;
    let planned = planned(args.template.as_deref(), &world, context.lang)?;
    let mut call = Call::next(&world, clock::today());
    if let Some(date) = args.date {
        call = Call { name: Call::named(date), date, ..call };
    }
    let records = convened(&call, &planned, &mut clock::ids(&stamp), &stamp);
    let id = records.first().map(|meeting| meeting.id.to_string());
    store.apply(&Edit::of(records.into_iter().map(Change::create).collect()), &stamp)?;
    let mut out = std::io::stdout().lock();
    let scenes: Vec<&str> = planned.iter().map(|scene| scene.name.as_str()).collect();
    if json {
        let date = call.date.to_string();
        writeln!(
            out,
            "{}",
            json!({ "id": id, "name": call.name, "date": date, "scenes": scenes })
        )?;
    } else {
        writeln!(out, "{}\t{}\t{}", call.date, call.name, scenes.join(" "))?;
    }
    Ok(Done::Well)
}

/// The scenes of a template that was named, else of the office's own, else of ours.
fn planned(named: Option<&Path>, world: &World, lang: Lang) -> anyhow::Result<Vec<PlannedScene>> {
    let own = settings::folder().map(|folder| settings::meeting_template(&folder));
    let file = named.map(Path::to_owned).or_else(|| own.filter(|own| own.exists()));
    let text = match &file {
        Some(file) => std::fs::read_to_string(file)
            .with_context(|| format!("the template is no UTF-8 text: {}", file.display()))?,
        None => MEETING.to_owned(),
    };
    agenda(&text, &layers::names(), world).map_err(|error| {
        let place = file.map_or_else(String::new, |file| format!(" {}", file.display()));
        anyhow::anyhow!("{}{place}", error.localized().say(lang))
    })
}

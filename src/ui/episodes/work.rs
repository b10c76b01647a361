//! What jobs work out of the hours, and the papers.

use std::path::Path;
use std::sync::Arc;

use egui::Ui;

use super::words::station_words;
use crate::analysis::air::Hour;
use crate::analysis::episodes::{
    Episode, Matched, RuleCost, Rules, episodes, matched, rule_cost, watched,
};
use crate::analysis::sources::Candidate;
use crate::domain::{EditKind, Kind, Localized as _, LocalizedText, Record, RecordId, Text, Value};
use crate::files::write_whole;
use crate::jobs::{Derived, Reply, Same};
use crate::report::PaperFormat;
use crate::report::block::Block;
use crate::report::dispatch::{
    EvidenceOf, Order, OrdersOf, Refused, TEMPLATE, evidence, order_paper, orders, sector_map,
};
use crate::settings::clock;
use crate::ui::action::{Action, Actions};
use crate::ui::ctx::Ctx;
use crate::ui::derivation::Derivation;
use crate::ui::model::episodes::{
    CostOf, EpisodesOf, OF_EPISODES, OF_ROWS, RowKey, RowsOf, Sources, SourcesOf, judged_at, lead,
    moment_of, sources,
};
use crate::ui::model::tables::Tables;
use crate::ui::model::{Model, Toast};

/// What the rules find in the hours.
pub struct FindEpisodes;

/// That beside what was done.
pub struct MatchRows;

/// Where the chosen one may come from.
pub struct FindSources;

/// What the rules on trial would have fired.
pub struct TryRules;

/// Days over which rules are tried.
const TRIED_DAYS: u32 = 90;

impl Derivation for FindEpisodes {
    type Key = EpisodesOf;
    type Value = Option<Arc<Vec<Episode>>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.episodes.found
    }

    fn key(model: &Model) -> Option<EpisodesOf> {
        let hours = (*model.air.hours).clone().map(Same)?;
        let world = Arc::clone(&model.district.as_ref()?.world);
        Some((hours, Tables::of(world, &OF_EPISODES), judged_at()))
    }

    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let rules = Rules::of(&reply.key.1.world);
        model.episodes.rules = rules.clone();
        let now = clock::now();
        let work = move |_: &_| {
            let (hours, tables, judged) = &reply.key;
            let stations = watched(&tables.world, hours);
            let at = moment_of(*judged).max(now);
            reply.send(Some(Arc::new(episodes(hours, &stations, &rules, at))));
            Action::Nothing
        };
        Action::Work("episodes", Box::new(work))
    }
}

impl Derivation for MatchRows {
    type Key = RowsOf;
    type Value = Option<Arc<Vec<Matched>>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.episodes.rows
    }

    fn key(model: &Model) -> Option<RowsOf> {
        let episodes = (*model.episodes.found).clone().map(Same)?;
        let world = Arc::clone(&model.district.as_ref()?.world);
        Some((episodes, Tables::of(world, &OF_ROWS)))
    }

    fn work(reply: Reply<Self::Key, Self::Value>, _: &mut Model, _: &Actions) -> Action {
        let work = move |_: &_| {
            let (episodes, tables) = &reply.key;
            let rows = matched(episodes, tables.world.table(Kind::Episode).iter());
            reply.send(Some(Arc::new(rows)));
            Action::Nothing
        };
        Action::Work("episodes rows", Box::new(work))
    }
}

impl Derivation for FindSources {
    type Key = SourcesOf;
    type Value = Option<Arc<Sources>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.episodes.sources
    }

    fn key(model: &Model) -> Option<SourcesOf> {
        model.sources_of().filter(|_| model.known.is_fresh())
    }

    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let known = Arc::clone(&model.known);
        let rules = model.episodes.rules.clone();
        let work = move |_: &_| {
            reply.send(sources(&reply.key, &known.index, &rules).map(Arc::new));
            Action::Nothing
        };
        Action::Work("sources", Box::new(work))
    }
}

impl Derivation for TryRules {
    type Key = CostOf;
    type Value = Option<Arc<RuleCost>>;

    fn place(model: &mut Model) -> &mut Derived<Self::Key, Self::Value> {
        &mut model.episodes.cost
    }

    fn key(model: &Model) -> Option<CostOf> {
        let trial = model.episodes.trial.as_ref()?;
        let hours = (*model.air.hours).clone().map(Same)?;
        let rows = (*model.episodes.rows).clone().map(Same)?;
        let world = Arc::clone(&model.district.as_ref()?.world);
        Some((hours, Tables::of(world, &OF_EPISODES), rows, trial.version(), TRIED_DAYS))
    }

    fn work(reply: Reply<Self::Key, Self::Value>, model: &mut Model, _: &Actions) -> Action {
        let trial = model.episodes.trial.clone().unwrap_or_default();
        let now = clock::now();
        let work = move |_: &_| {
            let (hours, tables, rows, _, days) = &reply.key;
            let stations = watched(&tables.world, hours);
            let records = rows.iter().filter_map(|row| row.record.as_ref());
            let cost = rule_cost(hours, &stations, &trial, records, (now, *days));
            reply.send(Some(Arc::new(cost)));
            Action::Nothing
        };
        Action::Work("rule cost", Box::new(work))
    }
}

/// Sources of a row that nobody has ruled out.
pub fn ticked(sources: &Sources, record: &Record) -> Vec<Candidate> {
    let is_in = |it: &&Candidate| super::sources::ruled_out(record, it.record.id).is_none();
    sources.candidates.iter().filter(is_in).take(12).cloned().collect()
}

/// The orders of a row.
pub fn orders_of(ctx: &Ctx<'_>, row: &Matched, record: &Record) -> Result<Vec<Order>, Refused> {
    let sources = ctx.episodes.sources.as_ref().filter(|sources| sources.of == RowKey::of(row));
    let sources = sources.ok_or(Refused::NoSource)?;
    let candidates = ticked(sources, record);
    let number = |key: &str| record.get(key).and_then(Value::as_f64);
    let world = ctx.world();
    let given: usize =
        world.table(Kind::Episode).iter().map(|record| record.words("orders").len()).sum();
    orders(&OrdersOf {
        station: &station_words(ctx, row),
        pollutant: lead(row),
        hour: row.hour().unwrap_or_else(|| Hour::containing(clock::now())),
        value: number("value").unwrap_or_default(),
        before: number("before"),
        wind: sources.by_wind.wind,
        fingerprint: sources.fingerprint,
        candidates: &candidates,
        template: ctx.settings.order_template.as_deref().unwrap_or(TEMPLATE),
        spray_clear_m: ctx.episodes.rules.spray_clear_m,
        first_number: u32::try_from(given + 1).unwrap_or(1),
        now: clock::now(),
        office: clock::office(),
    })
}

/// Buttons that write papers of a record.
pub fn papers_ui(ui: &mut Ui, ctx: &Ctx<'_>, record: &Record) {
    ui.menu_button(ctx.say(Text::new("成文", "Papers")), |ui| {
        for (words, format) in [
            (Text::new("处置记录 PDF", "Evidence as PDF"), PaperFormat::Pdf),
            (Text::new("处置记录 Word", "Evidence as Word"), PaperFormat::Docx),
        ] {
            if ui.button(ctx.say(words)).clicked() {
                let what = ctx.tell("高值处置记录", "evidence");
                save(ctx, &format!("{what} {}", record.name()), format, proof(ctx, record));
                ui.close();
            }
        }
        let words = ctx.say(Text::new("调度令 Word", "Orders as Word"));
        let given = record.words("orders");
        if ui.add_enabled(!given.is_empty(), egui::Button::new(words)).clicked() {
            let to = record.words("departments");
            let orders: Vec<Order> = (1..)
                .zip(given)
                .map(|(place, text)| {
                    let at = usize::try_from(place).unwrap_or_default();
                    // One of a record that keeps no department for each says them in its words alone.
                    let to = to.get(at - 1).filter(|_| to.len() == given.len());
                    Order::given(place, text, to.map_or("", |to| &**to))
                })
                .collect();
            let signed = clock::today().strftime("%Y年%-m月%-d日").to_string();
            let what = ctx.tell("调度令", "orders");
            let paper = order_paper(&orders, &signed);
            save(ctx, &format!("{what} {}", record.name()), PaperFormat::Docx, move || paper);
            ui.close();
        }
    });
}

/// The page of evidence of a record, to be written by a job: it draws a map.
fn proof(ctx: &Ctx<'_>, record: &Record) -> impl FnOnce() -> Vec<Block> + Send + 'static {
    let is_of = |row: &&Matched| row.record.as_ref().is_some_and(|it| it.id == record.id);
    let row = ctx.episode_rows().iter().find(is_of).cloned();
    let sources = ctx.episodes.sources.as_ref().filter(|it| it.of.record == Some(record.id));
    let sources = sources.map(Arc::clone);
    let place: Option<RecordId> = record.text("station").parse().ok();
    let hours = ctx.air.hours.as_ref().map(Arc::clone);
    let name = row.as_ref().map_or_else(String::new, |row| station_words(ctx, row));
    let (world, record) = (ctx.world(), record.clone());
    move || {
        let candidates = sources.as_ref().map(|it| ticked(it, &record)).unwrap_or_default();
        let fall_back = sources.as_ref().and_then(|sources| sources.fall_back);
        let fall_back = fall_back.map_or_else(String::new, |it| {
            let rate =
                it.rate(0).map_or_else(|| "—".to_owned(), |rate| format!("{:.0}%", rate * 100.0));
            format!(
                "本站同类突升1小时内自然回落的比例为 {rate}（n={}），消除不全因处置。",
                it.within[0].0
            )
        });
        let station = place.and_then(|place| world.get(place));
        // Without its map the page is still the proof.
        let map = station.zip(sources.as_ref()).and_then(|(station, sources)| {
            sector_map(&world, station, &sources.upwind, &candidates, clock::today()).ok()
        });
        evidence(&EvidenceOf {
            record: &record,
            found: row.as_ref().and_then(|row| row.found.as_ref()),
            station: &name,
            hours: place.and_then(|place| hours.as_ref()?.stations.get(&place)),
            wind: sources.as_ref().and_then(|sources| sources.by_wind.wind),
            candidates: &candidates,
            fall_back: &fall_back,
            office: clock::office(),
            now: clock::now(),
            map,
        })
    }
}

/// Asks where, then writes.
fn save(
    ctx: &Ctx<'_>,
    name: &str,
    format: PaperFormat,
    paper: impl FnOnce() -> Vec<Block> + Send + 'static,
) {
    let actions = ctx.actions.clone();
    let outgoing = ctx.outgoing();
    let name = format!("{name}.{}", format.ending());
    let kind = ctx.say(format.words()).to_owned();
    let today = clock::today();
    ctx.actions.work("export", move |_| {
        let Some(target) = actions.ask_where_to_save(&name, &kind) else {
            return Action::Nothing;
        };
        let write = |target: &Path| -> Result<(), LocalizedText> {
            let bytes = format.bytes(&paper(), today, "").map_err(|error| error.localized())?;
            write_whole(target, &bytes)?;
            Ok(())
        };
        match write(&target) {
            Ok(()) => {
                let said = Toast::wrote(Text::new("已生成", "written"), target.clone());
                let went_out = outgoing.written(EditKind::Paper, &target, &[name]);
                Action::All(vec![Action::Say(said), went_out])
            }
            Err(LocalizedText { zh, en }) => Action::Say(Toast::act(
                format!("未能生成：{}（{zh}）", target.display()),
                format!("not written: {}: {en}", target.display()),
            )),
        }
    });
}

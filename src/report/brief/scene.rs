//! The scenes of a meeting as a paper shows them: title, map, table. The speaker's note is for the
//! speaker alone.

use std::sync::Arc;

use super::sections::{self, SectionScope};
use super::{BriefRequest, Desk, Error, air, atlas};
use crate::analysis::Filter;
use crate::analysis::scenes::{MeetingScene, pen_marks, scenes};
use crate::domain::{Field, FieldType, Kind, OrderState, Record, RecordId, World};
use crate::geodesy::wkb::{Bounds, bounds};
use crate::map::view::View;
use crate::map::{Extent, Layer, Mark, MarkGeometry, Sketch, Symbol, layers};
use crate::network::orders::holds;
use crate::report::block::{Block, Picture};

/// As templates call the section.
pub(super) const KEY: &str = "scenes";

/// `{scenes}`: of the meeting, or of the meetings of the week.
pub(super) fn blocks(desk: &Desk<'_>) -> Result<Vec<Block>, Error> {
    let mut blocks = Vec::new();
    let all = of(desk.asked);
    let is_one = all.len() == 1;
    for (meeting, scenes) in all {
        if !is_one {
            blocks.push(Block::Subheading(meeting.name().to_owned()));
        }
        for (number, scene) in (1..).zip(scenes) {
            desk.step()?;
            blocks.extend(of_scene(desk, meeting, scene, number)?);
        }
    }
    if blocks.is_empty() {
        let none = if desk.asked.meeting.is_some() {
            "本次会议没有场景。"
        } else {
            "本期没有会商场景。"
        };
        blocks.push(Block::Paragraph(none.to_owned()));
    }
    Ok(blocks)
}

/// How many there are to draw.
pub(super) fn count(asked: &BriefRequest<'_>) -> usize {
    of(asked).iter().map(|(_, scenes)| scenes.len()).sum()
}

type OfMeeting<'w> = (&'w Record, Vec<&'w Arc<Record>>);

fn of<'w>(asked: &BriefRequest<'w>) -> Vec<OfMeeting<'w>> {
    if let Some(meeting) = asked.meeting {
        return vec![(meeting, scenes(asked.now, meeting))];
    }
    let meetings = asked.now.table(Kind::Meeting).iter();
    let is_in = |meeting: &Record| {
        meeting.date("date").is_some_and(|held| (asked.from..=asked.until).contains(&held))
    };
    let mut meetings: Vec<&Record> =
        meetings.map(AsRef::as_ref).filter(|meeting| is_in(meeting)).collect();
    meetings.sort_by_key(|meeting| (meeting.date("date"), meeting.id));
    let with_scenes = meetings.into_iter().map(|meeting| (meeting, scenes(asked.now, meeting)));
    with_scenes.filter(|(_, scenes)| !scenes.is_empty()).collect()
}

fn of_scene(
    desk: &Desk<'_>,
    meeting: &Record,
    record: &Record,
    number: usize,
) -> Result<Vec<Block>, Error> {
    let scene = MeetingScene::of(record);
    let title = if record.name().is_empty() { "未命名场景" } else { record.name() };
    let mut blocks = vec![Block::Subheading(format!("{number}. {title}"))];
    // Words alone need no map, unless the scene looks somewhere.
    let is_words =
        matches!(&*scene.page, "decisions" | "decide" | "overview" | "changes" | "air_target");
    if !is_words || scene.sight.is_some() {
        blocks.extend(picture(desk, meeting, record, &scene, title)?.map(Block::Picture));
    }
    let world = desk.asked.now;
    let gone = scene.records.iter().filter(|id| world.get(**id).is_none()).count();
    if gone > 0 {
        blocks.push(Block::Note(format!("本场景所选对象中有{gone}个已从区域文件中删除。")));
    }
    let look = SectionScope {
        filter: &scene.filter,
        filter_words: filter_words(&scene.filter, world),
        records: &scene.records,
        plan: &scene.plan,
    };
    blocks.extend(page(desk, &scene.page, &look));
    Ok(blocks)
}

/// What stands beside the map, as `ui::meeting::pages` shows it. A table that the paper has
/// elsewhere is not printed twice.
fn page(desk: &Desk<'_>, key: &str, look: &SectionScope<'_>) -> Vec<Block> {
    let elsewhere = |section: &str| desk.has(section);
    let see = |what: &str| vec![Block::Paragraph(format!("{what}见本文所列。"))];
    match key {
        "decisions" if elsewhere("last_decisions") => see("决定落实情况"),
        "decisions" => sections::last_decisions(desk),
        "decide" if elsewhere("decisions") => see("会议决定"),
        "decide" => sections::decisions_of_meeting(desk),
        "overview" => sections::overview(desk),
        "rings" => sections::rings_of(desk, look),
        "standards" => sections::standards_of(desk, look),
        "townships" => sections::rates_by(desk, "township", look),
        "traffic" => sections::traffic_of(desk, look),
        "air_week" => air::curve(desk).unwrap_or_default(),
        "air_stations" if elsewhere("air_stations") => see("各站空气"),
        "air_stations" => air::stations(desk),
        "air_target" if elsewhere("air") => see("空气目标"),
        "air_target" => air::summary(desk),
        "changes" if elsewhere("changes") => see("本期变化"),
        "changes" => sections::changes_of(desk),
        _ => Vec::new(),
    }
}

fn picture(
    desk: &Desk<'_>,
    meeting: &Record,
    record: &Record,
    scene: &MeetingScene,
    title: &str,
) -> Result<Option<Picture>, Error> {
    let world = desk.asked.now;
    let shown = scene.layers.iter().filter(|layer| layer.opacity > 0.0);
    let mut keys: Vec<&str> = shown.map(|layer| layer.key.as_str()).collect();
    if scene.layers.is_empty() {
        keys = layers::ALL.iter().map(|layer| layer.key()).collect();
    } else {
        // What was drawn in the scene belongs to it, whatever it says of layers.
        let pens = layers::ALL.iter().filter(|layer| layer.kind() == Kind::PenMark);
        let pens: Vec<&str> = pens.map(|layer| layer.key()).collect();
        keys.extend(pens.into_iter().filter(|key| scene.layers.iter().all(|l| l.key != *key)));
    }
    let drawn: Vec<RecordId> =
        pen_marks(world, meeting, Some(record)).iter().map(|mark| mark.id).collect();
    let sieve = scene.filter.on(world);
    let is_shown = |layer: &dyn Layer, mark: &Mark| match layer.kind() {
        // Without areas, control points and roads nobody would know where the rest lies.
        Kind::Area | Kind::ControlPoint => true,
        Kind::Road if !scene.filter.is_about_roads() => true,
        Kind::PenMark => mark.subject.is_some_and(|id| drawn.contains(&id)),
        kind => {
            let of = match &mark.shape {
                MarkGeometry::Recorded(record) => Some(record),
                MarkGeometry::Drawn(_) => mark.subject.and_then(|id| world.get(id)),
            };
            let is_order = kind == Kind::Restriction;
            let is_planned = !is_order || of.is_none_or(|of| in_plan(of, &scene.plan));
            is_planned && of.is_none_or(|of| sieve.lets_through(of))
        }
    };
    let mut sketch = desk.atlas.sketch(&keys, &is_shown);
    if !scene.filter.is_empty() {
        sketch.unlocated = 0;
    }
    if let Some(at) = scene.moment {
        sketch.rest(&|id| world.get(id).is_some_and(|order| !holds(order, at)), false);
    }
    let Some(extent) = extent(scene, &sketch)? else { return Ok(None) };
    Ok(Some(atlas::picture(&sketch, title, extent, desk.asked.until)?))
}

/// Where a plan is looked at: all of its orders, and those of others that are in force.
pub(super) fn in_plan(order: &Record, plan: &str) -> bool {
    plan.is_empty() || order.text("plan") == plan || OrderState::InForce.is_of(order)
}

/// What the scene looks at; else all that it is about; else whatever it shows.
fn extent(scene: &MeetingScene, sketch: &Sketch) -> Result<Option<Extent>, Error> {
    if let Some(sight) = scene.sight {
        let view = View { center: sight.center, zoom: sight.zoom };
        return Ok(Some(atlas::from_window(view)?));
    }
    let is_about = |symbol: Symbol| match &*scene.page {
        "rings" => matches!(symbol, Symbol::Ring { .. }),
        "traffic" => matches!(symbol, Symbol::Restriction { .. } | Symbol::Congestion { .. }),
        "standards" => matches!(symbol, Symbol::Site { .. }),
        _ => matches!(
            symbol,
            Symbol::Site { .. } | Symbol::Ring { .. } | Symbol::ControlPoint { .. }
        ),
    };
    let of = |is_wanted: &dyn Fn(Symbol) -> bool| {
        let marks = sketch.marks.iter().filter(|mark| is_wanted(mark.symbol));
        marks.filter_map(|mark| bounds(mark.geometry()?)).reduce(Bounds::joined_with)
    };
    Ok(of(&is_about).or_else(|| of(&|_| true)).map(Extent::Fit))
}

/// The filter of a scene in words; empty where it lets everything through.
fn filter_words(filter: &Filter, world: &World) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some((id, radius_m)) = filter.ring {
        let name = world.get(id).map_or("已删除的控制点", |record| record.name());
        words.push(format!("{name} {radius_m} m 圈内"));
    }
    words.extend(filter.kind.map(|kind| kind.label().zh.to_owned()));
    words.extend(filter.subkinds.iter().map(|(kind, key)| subkind_words(*kind, key)));
    for (is_on, text) in [
        (filter.is_failing, "不达标"),
        (filter.in_any_ring, "控制圈内"),
        (filter.is_unlocated, "未定位"),
        (filter.bounds.is_some(), "会上屏幕内"),
    ] {
        words.extend(is_on.then(|| text.to_owned()));
    }
    words.extend(
        [&filter.township, &filter.department, &filter.state].into_iter().flatten().cloned(),
    );
    words.extend(filter.columns.iter().map(|((kind, key), of)| {
        let label = kind.field(key).map_or("不合格项", |field| field.label.zh);
        let values: Vec<String> =
            of.values.iter().map(|value| cell_words(*kind, key, value)).collect();
        let values = (!values.is_empty()).then(|| format!("{label}：{}", values.join("、")));
        let from = of.from.as_ref().map(|from| format!("{label} ≥ {from}"));
        let to = of.to.as_ref().map(|to| format!("{label} ≤ {to}"));
        values.into_iter().chain(from).chain(to).collect::<Vec<_>>().join(" · ")
    }));
    let text = filter.text.trim();
    words.extend((!text.is_empty()).then(|| format!("“{text}”")));
    words.join(" · ")
}

/// A value of a column as people read it.
fn cell_words(kind: Kind, key: &str, value: &str) -> String {
    if value.is_empty() {
        return "空".to_owned();
    }
    let Some(field) = kind.field(key) else {
        return kind.field(value).map_or(value, |item| item.label.zh).to_owned();
    };
    let choices = field.choices().unwrap_or_default();
    let choice = choices.iter().find(|choice| choice.key == value);
    choice.map_or(value, |choice| choice.label.zh).to_owned()
}

/// A key as `Record::subkind` gives it, in the words of whatever field it comes from.
fn subkind_words(kind: Kind, key: &str) -> String {
    let choices = kind.fields().iter().filter(|field| matches!(field.ty, FieldType::Choice(_)));
    let choices = choices.filter_map(Field::choices).flatten();
    choices
        .into_iter()
        .find(|choice| choice.key == key)
        .map_or(key, |choice| choice.label.zh)
        .to_owned()
}

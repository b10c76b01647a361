//! What a district of one's own still lacks: step by step, each with what leads on, to be skipped and
//! taken up again. The overview shows it until all is done, its dialog always.

use std::sync::Arc;

use egui::{RichText, Ui};
use lucide_icons::Icon;

use crate::analysis::schematic::sketch_townships;
use crate::domain::divisions;
use crate::domain::{
    AreaRole, Change, ControlPointLevel, Edit, EditKind, Kind, Record, Text, Value, World,
};
use crate::settings::clock;
use crate::ui::action::{Action, DataAction, ToolAction, ToolKind, ViewAction, WindowAction};
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::drawing::{Form, Making};
use crate::ui::widgets::{icon, named, note, strong};

/// A step on the way to a district that can be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Outline,
    Townships,
    Roads,
    Sites,
    ControlPoints,
}

/// How far it is.
struct Standing {
    is_done: bool,
    words: String,
}

impl Step {
    /// In the order in which they are best taken.
    pub const ALL: [Self; 5] =
        [Self::Outline, Self::Townships, Self::Roads, Self::Sites, Self::ControlPoints];

    /// By which the settings know that it was skipped.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Outline => "outline",
            Self::Townships => "townships",
            Self::Roads => "roads",
            Self::Sites => "sites",
            Self::ControlPoints => "control_points",
        }
    }

    const fn title(self) -> Text {
        match self {
            Self::Outline => Text::new("区界", "Outline of the district"),
            Self::Townships => Text::new("乡镇街道", "Townships"),
            Self::Roads => Text::new("道路", "Roads"),
            Self::Sites => Text::new("污染源与点位", "Sites"),
            Self::ControlPoints => Text::new("控制点", "Control points"),
        }
    }

    fn standing(self, ctx: &Ctx<'_>, world: &World) -> Standing {
        let areas = |role: AreaRole| {
            let areas = world.table(Kind::Area).iter().filter(move |area| role.is_of(area));
            areas.fold((0, 0), |(all, placed), area| {
                (all + 1, placed + usize::from(area.geometry.is_some()))
            })
        };
        let of_kind = |kind| {
            let count = world.table(kind).len();
            let words = ctx.tell(format!("{count} 条"), format!("{count} records"));
            Standing { is_done: count > 0, words }
        };
        match self {
            Self::Outline => {
                let (_, placed) = areas(AreaRole::District);
                let is_done = placed > 0;
                let words = if is_done {
                    ctx.tell("已有", "there")
                } else {
                    ctx.tell("还没有：导入边界文件，或在图上画", "none yet: import it or draw it")
                };
                Standing { is_done, words }
            }
            Self::Townships => {
                let (all, placed) = areas(AreaRole::Township);
                let bare = all - placed;
                let words = match (all, bare) {
                    (0, _) => ctx.tell("还没有", "none yet"),
                    (_, 0) => ctx.tell(format!("{all} 个"), format!("{all}")),
                    _ => ctx.tell(
                        format!("{all} 个，{bare} 个没有边界"),
                        format!("{all}, {bare} of them without an outline"),
                    ),
                };
                Standing { is_done: all > 0, words }
            }
            Self::Roads => of_kind(Kind::Road),
            Self::Sites => of_kind(Kind::Site),
            Self::ControlPoints => of_kind(Kind::ControlPoint),
        }
    }

    fn ways_ui(self, ui: &mut Ui, ctx: &Ctx<'_>, world: &World) {
        let import = Text::new("导入…", "Import…");
        let draw = Text::new("在图上画", "Draw");
        match self {
            Self::Outline => {
                command_ui(ui, ctx, import, Command::Import);
                if ui.button(ctx.say(draw)).clicked() {
                    draw_outline(ctx, world);
                }
            }
            Self::Townships => {
                let missing = missing_townships(world);
                if !missing.is_empty() {
                    let count = missing.len();
                    let words = ctx.tell(
                        format!("按名录建立 {count} 个"),
                        format!("Enter {count} from the list"),
                    );
                    if ui.button(words).clicked() {
                        enter(ctx, missing);
                    }
                }
                command_ui(ui, ctx, import, Command::Import);
                if bare_townships(world) > 0 {
                    let words = ctx.say(Text::new("按点位画示意范围", "Sketch from points"));
                    let hint = "各点位取离自己最近的地方，合成本乡镇的大致范围；名称带「示意」，不参与统计";
                    let english = "Each point takes what is nearest to it; the sum is about the \
                        township. Marked as schematic, and nothing counts by it";
                    if ui.button(words).on_hover_text(ctx.tell(hint, english)).clicked() {
                        sketch(ctx);
                    }
                }
            }
            Self::Roads => {
                let words = Text::new("导入 OSM 或道路…", "Import OSM or roads…");
                command_ui(ui, ctx, words, Command::Import);
            }
            Self::Sites => command_ui(ui, ctx, import, Command::Import),
            Self::ControlPoints => {
                command_ui(ui, ctx, import, Command::Import);
                if ui.button(ctx.say(draw)).clicked() {
                    let choice = Some(ControlPointLevel::National.key());
                    let making = Making { kind: Kind::ControlPoint, choice };
                    let take = ToolAction::Take(ToolKind::Draw(Form::Point, Some(making)));
                    ctx.actions.tool(take);
                }
            }
        }
    }
}

/// Whether nothing is left that nobody skipped.
pub fn is_finished(ctx: &Ctx<'_>) -> bool {
    let world = ctx.world();
    left(ctx, &world).next().is_none()
}

fn left<'a>(ctx: &'a Ctx<'_>, world: &'a World) -> impl Iterator<Item = Step> + 'a {
    let is_left = |step: &Step| !is_skipped(ctx, *step) && !step.standing(ctx, world).is_done;
    Step::ALL.into_iter().filter(is_left)
}

fn is_skipped(ctx: &Ctx<'_>, step: Step) -> bool {
    ctx.district_view().is_some_and(|view| view.skipped.iter().any(|key| key == step.key()))
}

/// The steps that are left, for the overview; nothing once none is.
pub fn left_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    let left: Vec<Step> = left(ctx, &world).collect();
    if left.is_empty() || ctx.is_reading() || ctx.district.is_none() {
        return;
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new(ctx.say(Command::Setup.about().words)).heading());
        let (done, all) = (Step::ALL.len() - left.len(), Step::ALL.len());
        ui.label(note(format!("{done}/{all}")));
    });
    for step in left {
        step_ui(ui, ctx, &world, step);
    }
    ui.add_space(8.0);
}

/// All steps, also those that are done or were skipped.
pub fn all_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    for step in Step::ALL {
        step_ui(ui, ctx, &world, step);
    }
}

fn step_ui(ui: &mut Ui, ctx: &Ctx<'_>, world: &World, step: Step) {
    let Standing { is_done, words } = step.standing(ctx, world);
    let (mark, ink) = if is_done {
        (Icon::CircleCheck, ctx.color(|t| t.accent))
    } else {
        (Icon::Circle, ctx.color(|t| t.muted))
    };
    let title = ctx.say(step.title());
    ui.horizontal_wrapped(|ui| {
        ui.label(icon(mark).color(ink));
        ui.label(strong(title));
        ui.label(note(words));
    });
    ui.indent(step.key(), |ui| {
        ui.horizontal_wrapped(|ui| {
            let is_skipped = is_skipped(ctx, step);
            if !is_skipped {
                step.ways_ui(ui, ctx, world);
            }
            if is_done {
                return;
            }
            let words = ctx.say(if is_skipped {
                Text::new("不再跳过", "Do not skip")
            } else {
                Text::new("跳过", "Skip")
            });
            let skip = ui.add(egui::Button::new(words).frame_when_inactive(false));
            named(&skip, &format!("{words}: {title}"));
            if skip.clicked() {
                ctx.actions.window(WindowAction::SkipStep(step.key(), !is_skipped));
            }
        });
    });
    ui.add_space(4.0);
}

fn command_ui(ui: &mut Ui, ctx: &Ctx<'_>, words: Text, command: Command) {
    if ui.button(ctx.say(words)).clicked() {
        ctx.actions.command(command);
    }
}

/// The district itself gets its outline where it is on record; else a new one is drawn.
fn draw_outline(ctx: &Ctx<'_>, world: &World) {
    let mut districts = world.table(Kind::Area).iter().filter(|it| AreaRole::District.is_of(it));
    let bare = districts.find(|district| district.geometry.is_none());
    let making = match bare {
        Some(district) => {
            ctx.actions.select(district.id);
            None
        }
        None => Some(Making { kind: Kind::Area, choice: Some(AreaRole::District.key()) }),
    };
    ctx.actions.tool(ToolAction::Take(ToolKind::Draw(Form::Area, making)));
    ctx.actions.view(ViewAction::Unpin);
}

/// What a district of this code begins with: itself and its townships, none of them with an outline.
pub fn first_edit(ctx: &Ctx<'_>, code: &str, has_townships: bool) -> Edit {
    let stamp = ctx.stamp();
    let mut ids = clock::ids(&stamp);
    let mut area = |division: &divisions::Division, role: AreaRole| {
        let mut area = Record::new(ids.next(), Kind::Area, &stamp);
        area.set("code", Some(Value::text(&division.code)));
        area.set("name", Some(Value::text(division.name)));
        role.put(&mut area);
        Change::create(area)
    };
    let mut changes: Vec<Change> =
        divisions::named(code).into_iter().map(|own| area(own, AreaRole::District)).collect();
    if has_townships {
        changes.extend(divisions::below(code).map(|below| area(below, AreaRole::Township)));
    }
    Edit { kind: EditKind::Found, changes }
}

/// The townships of the list that the district does not have, by code and by name.
fn missing_townships(world: &World) -> Vec<&'static divisions::Division> {
    let areas = || world.table(Kind::Area).iter();
    let codes = areas().filter(|area| AreaRole::District.is_of(area)).filter_map(|it| it.code());
    let is_there = |division: &&divisions::Division| {
        areas().any(|area: &Arc<Record>| {
            area.code() == Some(&*division.code) || area.name() == division.name
        })
    };
    codes
        .filter(|code| code.len() == 6)
        .flat_map(divisions::below)
        .filter(|it| !is_there(it))
        .collect()
}

fn bare_townships(world: &World) -> usize {
    let areas = world.table(Kind::Area).iter().filter(|area| AreaRole::Township.is_of(area));
    areas.filter(|area| area.geometry.is_none()).count()
}

/// Sketches townships without an outline, off the window's thread: of 100,000 points it takes seconds.
fn sketch(ctx: &Ctx<'_>) {
    let (world, stamp) = (ctx.world(), ctx.stamp());
    let mut ids = clock::ids(&stamp);
    ctx.actions.work("sketch townships", move |_| {
        match sketch_townships(&world, &stamp, &mut ids) {
            Ok(changes) => {
                let count = changes.iter().filter(|change| change.after.is_some()).count();
                let said = Toast::done(
                    format!("已画 {count} 个乡镇街道的示意范围，不是行政边界"),
                    format!("{count} townships sketched: these are not their borders"),
                );
                let edit = Edit { kind: EditKind::Batch, changes };
                Action::Data(DataAction::ApplySaying(edit, said.with_undo()))
            }
            Err(lack) => {
                let Text { zh, en } = lack.words();
                Action::Say(Toast::watch(zh, en))
            }
        }
    });
}

fn enter(ctx: &Ctx<'_>, missing: Vec<&'static divisions::Division>) {
    let stamp = ctx.stamp();
    let mut ids = clock::ids(&stamp);
    let count = missing.len();
    let changes = missing.into_iter().map(|division| {
        let mut area = Record::new(ids.next(), Kind::Area, &stamp);
        area.set("code", Some(Value::text(&division.code)));
        area.set("name", Some(Value::text(division.name)));
        AreaRole::Township.put(&mut area);
        Change::create(area)
    });
    let said = Toast::done(
        format!("已按名录建立 {count} 个乡镇街道，边界可导入或画出"),
        format!("{count} townships entered; their outlines can be imported or drawn"),
    );
    ctx.actions.apply_saying(Edit::of(changes.collect()), said.with_undo());
}

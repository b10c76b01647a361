//! Trucks a day from each gate to each other: a matrix that is typed in, one undo step a cell.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Button, Grid, RichText, ScrollArea, TextEdit, Ui};
use rfd::FileDialog;

use crate::domain::{
    Change, Edit, FlowSource, Kind, Localized as _, Record, Text, TruckClass, Value, World,
};
use crate::exchange::ReadOptions;
use crate::exchange::counted::{Counted, NoCounts, counted, empty_hours, read_file};
use crate::network::demand::hourly_counts;
use crate::ui::action::{Action, FileAction, PlannerAction, RoadsAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::parts::words::{figure, subkind_words};
use crate::ui::widgets::{empty, named, named_text, note};

/// Which trucks are shown, what new figures are, and the cell that is being typed in.
pub struct Matrix {
    class: TruckClass,
    is_measured: bool,
    typing: Option<(usize, usize, String)>,
}

/// A gate as flows name it.
struct End {
    key: String,
    name: String,
}

impl Default for Matrix {
    fn default() -> Self {
        Self { class: TruckClass::Heavy, is_measured: false, typing: None }
    }
}

/// Row of the gate from which, column of the gate to which.
type Place = (usize, usize);

const CELL: f32 = 64.0;
const FROM_FILE: Text = Text::new("读计数文件…", "Counts from a file…");

impl Matrix {
    /// Shows the matrix of flows between gates, trucks a day.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        let world = ctx.world();
        let ends: Vec<End> = world.table(Kind::Gate).iter().filter_map(|gate| end(gate)).collect();
        if ends.len() < 2 {
            empty(
                ui,
                ctx.tell("关口不足两个", "There are fewer than two gates"),
                ctx.tell(
                    "画出货车进出的路口和企业，或导入关口表",
                    "Draw where trucks come in and where they go, or import a table of gates",
                ),
            );
            ui.vertical_centered(|ui| {
                if ui.button(ctx.say(Text::new("画关口", "Draw a gate"))).clicked() {
                    super::words::draw_gate(ctx);
                }
                if ui.button(ctx.say(super::words::PROPOSE)).clicked() {
                    ctx.actions.roads(RoadsAction::Propose(Some(false)));
                }
            });
            return;
        }
        self.choices_ui(ui, ctx);
        keys(ui, ctx);
        let mut flows = by_ends(&world, self.class, &ends);
        ScrollArea::both().id_salt("flows").auto_shrink(false).show(ui, |ui| {
            Grid::new("flows").num_columns(ends.len() + 1).spacing([6.0, 3.0]).show(ui, |ui| {
                ui.label(note(ctx.tell("起 ＼ 讫", "from \\ to")));
                for end in &ends {
                    ui.vertical(|ui| {
                        ui.set_width(CELL);
                        ui.add(egui::Label::new(note(&end.name)).wrap());
                    });
                }
                ui.end_row();
                for (row, from) in ends.iter().enumerate() {
                    ui.label(&from.name);
                    for (column, to) in ends.iter().enumerate() {
                        if row == column {
                            ui.label("");
                        } else {
                            let flows = flows.remove(&(row, column)).unwrap_or_default();
                            self.cell_ui(ui, ctx, &flows, (row, column), (from, to));
                        }
                    }
                    ui.end_row();
                }
            });
        });
    }

    fn choices_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.horizontal(|ui| {
            for class in TruckClass::ALL.into_iter().rev() {
                let words = subkind_words(Kind::Flow, class.key(), ctx.lang());
                if ui.add(Button::selectable(self.class == class, words)).clicked() {
                    self.class = class;
                    self.typing = None;
                }
            }
            ui.separator();
            if ui.button(ctx.say(super::words::PROPOSE)).clicked() {
                ctx.actions.roads(RoadsAction::Propose(Some(false)));
            }
            let tip = ctx.tell(
                "用拥堵怠速记录的货车流量估算关口间车流，写入前先看残差",
                "From the trucks that congestion records count; residuals are shown first",
            );
            let tip_of_file = ctx.tell(
                "XLSX、CSV：卡口＋24 个小时列；或 卡口、时间、辆数 三列（多日取日均）；或 起点、终点、辆数",
                "XLSX or CSV: gate and 24 columns of hours; rows of gate, hour, trucks (the mean of \
                 its days); or of from, to, trucks",
            );
            if ui.button(ctx.say(FROM_FILE)).on_hover_text(tip_of_file).clicked() {
                ask_file(ctx);
            }
            let words = ctx.say(Text::new("由计数估算", "Estimate"));
            if ui.button(words).on_hover_text(tip).clicked() {
                ctx.actions.roads(RoadsAction::Estimate(None));
            }
            ui.separator();
            ui.label(note(ctx.tell("填入的数为", "what is typed is")));
            for (is_measured, words) in
                [(false, Text::new("假设", "assumed")), (true, Text::new("实测", "measured"))]
            {
                let button = Button::selectable(self.is_measured == is_measured, ctx.say(words));
                if ui.add(button).clicked() {
                    self.is_measured = is_measured;
                }
            }
            let said = note(ctx.tell(
                "辆/日；清空即删除；* 含多条；可粘贴卡口表、关口 24 小时计数",
                "trucks a day; empty deletes; * holds several; paste counts, or a gate and its 24 hours",
            ));
            ui.add(egui::Label::new(said).truncate());
        });
    }

    fn cell_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        flows: &[Arc<Record>],
        (row, column): (usize, usize),
        (from, to): (&End, &End),
    ) {
        let per_day: f64 = flows.iter().map(|flow| per_day(flow)).sum();
        let name = format!("{} → {}", from.name, to.name);
        if flows.len() > 1 {
            let text = RichText::new(format!("{}*", figure(per_day)));
            let several = ui.add(Button::new(text).min_size(egui::vec2(CELL, 0.0)));
            named(&several, &name);
            if several.clicked() {
                ctx.actions.send(Action::Select(flows.iter().map(|flow| flow.id).collect()));
            }
            return;
        }
        let known = if flows.is_empty() { String::new() } else { per_day.to_string() };
        let typed = self.typing.as_ref().filter(|(r, c, _)| (*r, *c) == (row, column));
        let mut text = typed.map_or_else(|| known.clone(), |(.., text)| text.clone());
        let cell = ui.add(TextEdit::singleline(&mut text).desired_width(CELL - 8.0));
        named_text(&cell, &name, &text);
        if cell.changed() {
            self.typing = Some((row, column, text.clone()));
        }
        if cell.lost_focus() {
            self.typing = None;
            let is_given_up = ui.input(|input| input.key_pressed(egui::Key::Escape));
            if !is_given_up && text.trim() != known {
                self.write(ctx, flows.first(), text.trim(), (from, to));
            }
        }
    }

    fn write(
        &self,
        ctx: &Ctx<'_>,
        flow: Option<&Arc<Record>>,
        text: &str,
        (from, to): (&End, &End),
    ) {
        let change = if text.is_empty() {
            flow.map(|flow| Change::delete(Arc::clone(flow)))
        } else {
            let number = text.parse::<f64>().ok().filter(|n| (0.0..=1_000_000.0).contains(n));
            let Some(per_day) = number else {
                ctx.actions.send(Action::Say(Toast::watch(
                    format!("“{text}”不是每日车辆数"),
                    format!("“{text}” is not a number of trucks a day"),
                )));
                return;
            };
            Some(self.change(ctx, flow, per_day, (from, to)))
        };
        if let Some(change) = change {
            ctx.actions.apply(Edit::of(vec![change]));
        }
    }

    fn change(
        &self,
        ctx: &Ctx<'_>,
        flow: Option<&Arc<Record>>,
        per_day: f64,
        (from, to): (&End, &End),
    ) -> Change {
        let stamp = ctx.stamp();
        let source = if self.is_measured { FlowSource::Measured } else { FlowSource::Assumed };
        let mut record = flow.map_or_else(
            || Record::new(crate::settings::clock::ids(&stamp).next(), Kind::Flow, &stamp),
            |flow| Record::clone(flow),
        );
        if flow.is_none() {
            record.set("name", Some(Value::text(&format!("{} → {}", from.name, to.name))));
            record.set("from", Some(Value::text(&from.key)));
            record.set("to", Some(Value::text(&to.key)));
            record.set("class", Some(Value::Choice(self.class.key())));
        }
        record.set("trucks_per_day", Some(Value::Real(per_day)));
        source.put(&mut record);
        record.meta.change(&stamp);
        match flow {
            Some(flow) => Change::update(Arc::clone(flow), record),
            None => Change::create(record),
        }
    }
}

/// Rows from Excel: flows go to the import dialog, counts of places to the estimate.
fn keys(ui: &Ui, ctx: &Ctx<'_>) {
    if ui.ctx().egui_wants_keyboard_input() || !ui.rect_contains_pointer(ui.max_rect()) {
        return;
    }
    let texts = ui.input(|input| {
        let pasted = input.events.iter().filter_map(|event| match event {
            egui::Event::Paste(text) => Some(text.clone()),
            _ => None,
        });
        pasted.collect::<Vec<_>>()
    });
    for text in texts {
        match counted(&text) {
            Some(counted) => take(ctx, counted),
            None => ctx.actions.send(Action::Say(Toast::watch(
                "粘贴的应是 起点、终点、车型、每日辆数，或 地点、每日辆数，或 关口、24 个小时的辆数",
                "Paste rows of from, to, class, trucks a day; of place, trucks a day; or of gate and \
                 the trucks of 24 hours",
            ))),
        }
    }
}

/// What was counted, pasted or from a file: flows go to the import dialog, counts of places to the
/// estimate, those of hours to the gates.
pub fn take(ctx: &Ctx<'_>, counted: Counted) {
    match counted {
        Counted::Flows(table) => {
            ctx.actions.send(Action::File(FileAction::PastedAs(table, Kind::Flow)));
        }
        Counted::Counts(counts) => ctx.actions.roads(RoadsAction::Estimate(Some(counts))),
        Counted::Hourly(counts) => write_hours(ctx, &counts),
    }
}

/// Asks for a file of counts, which a job reads.
fn ask_file(ctx: &Ctx<'_>) {
    let title = ctx.say(FROM_FILE);
    let actions = ctx.actions.clone();
    ctx.actions.work("open file", move |_| {
        let endings = ["xlsx", "xls", "ods", "csv", "txt"];
        let dialog = FileDialog::new().set_title(title).add_filter("*", &endings);
        let Some(path) = actions.picked(dialog, FileDialog::pick_file) else {
            return Action::Nothing;
        };
        let read = match read_file(&path, &ReadOptions::default()) {
            Ok(Some(counted)) => Ok(counted),
            Ok(None) => Err(NoCounts.localized()),
            Err(error) => Err(error.localized()),
        };
        Action::Planner(PlannerAction::Counted(Box::new(read)))
    });
}

/// What was counted hour by hour at gates: one undo step.
fn write_hours(ctx: &Ctx<'_>, counts: &[(String, [f64; 24])]) {
    let (changes, unknown) = hourly_counts(&ctx.world(), counts, &ctx.stamp());
    let (known, names) = (changes.len(), unknown.join("、"));
    if known > 0 {
        ctx.actions.apply(Edit::of(changes));
    }
    let empty = empty_hours(counts);
    if known > 0 && !empty.is_empty() {
        let places: Vec<&str> = empty.iter().map(|words| words.say(ctx.lang())).collect();
        let places = places.join("、");
        ctx.actions.send(Action::Say(Toast::watch(
            format!("有的小时没有货车或没有计数，按 0 计，请核对：{places}"),
            format!("Hours without trucks, or that nobody counted, count as none: {places}"),
        )));
    }
    ctx.actions.send(Action::Say(if unknown.is_empty() {
        Toast::done(
            format!("{known} 个关口已有分时量，所属车流按它分到各小时"),
            format!("{known} gates have their hours now, and their flows drive in them"),
        )
    } else {
        Toast::watch(
            format!("{known} 个关口已有分时量；没有这些关口：{names}"),
            format!("{known} gates have their hours now; there is no gate {names}"),
        )
    }));
}

/// Flows name a gate by its code, or by its name where it has none.
fn end(gate: &Record) -> Option<End> {
    let key = gate.code().filter(|code| !code.is_empty()).unwrap_or(gate.name());
    (!key.is_empty()).then(|| End { key: key.to_owned(), name: gate.name().to_owned() })
}

/// The flows of one class by the rows of their ends.
fn by_ends(world: &World, class: TruckClass, ends: &[End]) -> BTreeMap<Place, Vec<Arc<Record>>> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, end) in ends.iter().enumerate().rev() {
        rows.insert(&end.name, row);
    }
    // A code goes before a name that happens to be the same.
    for (row, end) in ends.iter().enumerate().rev() {
        rows.insert(&end.key, row);
    }
    let row = |flow: &Record, key: &str| rows.get(flow.text(key)).copied();
    let mut flows: BTreeMap<Place, Vec<Arc<Record>>> = BTreeMap::new();
    for flow in world.table(Kind::Flow).iter() {
        // A flow that does not say counts as heavy, as it does on the network.
        let own = TruckClass::from_key(flow.text("class")).unwrap_or(TruckClass::Heavy);
        if own == class
            && let Some(place) = row(flow, "from").zip(row(flow, "to"))
        {
            flows.entry(place).or_default().push(Arc::clone(flow));
        }
    }
    flows
}

fn per_day(flow: &Record) -> f64 {
    flow.get("trucks_per_day").and_then(Value::as_f64).unwrap_or(0.0)
}

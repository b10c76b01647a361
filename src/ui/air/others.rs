//! The district among other cities or counties, whose indices somebody pastes from a table.

use egui::{Grid, ScrollArea, TextEdit, Ui};

use crate::analysis::air::others::{read, standings_among};
use crate::analysis::air::rank::Standing;
use crate::analysis::air::{DistrictFigures, IndexMethod};
use crate::domain::Text;
use crate::settings::Preference;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_text, note, strong};

/// What is being pasted.
#[derive(Default)]
pub struct Others {
    text: Option<String>,
}

impl Others {
    /// The box to paste into, and the rank that follows.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        figures: &DistrictFigures,
        method: IndexMethod,
    ) {
        let Some(district) = &ctx.district else { return };
        let key = district.path.display().to_string();
        let kept = ctx.settings.districts.get(&key).map_or("", |view| view.others.as_str());
        let text = self.text.get_or_insert_with(|| kept.to_owned());
        let (places, odd) = read(text);
        let own = figures.district.index(method).map(|index| index.value());
        let standings = standings_among(&places, own);
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.label(note(ctx.tell(
                    "粘贴他市综合指数（名称、指数，一行一个）",
                    "Paste others: name and index, one a line",
                )));
                ScrollArea::vertical().id_salt("others pasted").max_height(220.0).show(ui, |ui| {
                    let edit = TextEdit::multiline(text).desired_rows(8).desired_width(240.0);
                    let response = ui.add(edit);
                    let label = ctx.say(Text::new("他市综合指数", "Indices of others"));
                    named_text(&response, label, text);
                });
                if text != kept {
                    let words = ctx.tell("记下此表", "Keep this table");
                    if ui.button(words).clicked() {
                        let (district, text) = (key.clone(), text.clone());
                        ctx.actions.prefer(Preference::Others { district, text });
                    }
                }
                odd_ui(ui, ctx, &odd);
            });
            ui.vertical(|ui| {
                own_ui(ui, ctx, standings.last().copied().flatten(), own);
                let method_name = ctx.say(method.rule().name);
                let (from, through) = (figures.period.ends().0, figures.through);
                ui.label(note(ctx.tell(
                    format!("本区：{from} 至 {through}，{method_name}。粘贴的表须是同一时段、同一方法，否则不可比"),
                    format!("this district: {from} to {through}, {method_name}; the table must be of the same days and method"),
                )));
                let mut rows: Vec<(&str, f64, Option<Standing>)> = places
                    .iter()
                    .zip(&standings)
                    .map(|(it, standing)| (it.name.as_str(), it.index, *standing))
                    .collect();
                rows.extend(own.map(|own| (district.name.as_str(), own, standings[places.len()])));
                rows.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(b.0)));
                ranked_ui(ui, ctx, rows);
            });
        });
    }
}

/// The lines that were left out.
fn odd_ui(ui: &mut Ui, ctx: &Ctx<'_>, odd: &[usize]) {
    if odd.is_empty() {
        return;
    }
    let lines: Vec<String> = odd.iter().map(ToString::to_string).collect();
    let lines = lines.join("、");
    ui.label(note(ctx.tell(
        format!("第 {lines} 行读不出名称和指数，未计入"),
        format!("lines without name and index, left out: {lines}"),
    )));
}

fn ranked_ui(ui: &mut Ui, ctx: &Ctx<'_>, rows: Vec<(&str, f64, Option<Standing>)>) {
    ScrollArea::vertical().id_salt("others ranked").auto_shrink(false).show(ui, |ui| {
        Grid::new("ranked among others").spacing([18.0, 4.0]).show(ui, |ui| {
            for (name, index, standing) in rows {
                ui.label(rank_words(ctx, standing));
                ui.label(name);
                ui.label(format!("{index:.2}"));
                ui.end_row();
            }
        });
    });
}

fn own_ui(ui: &mut Ui, ctx: &Ctx<'_>, standing: Option<Standing>, own: Option<f64>) {
    let words = match (standing, own) {
        (Some(it), _) if it.of > 1 => ctx.tell(
            format!("本区第 {} 名，倒数第 {}，共 {} 个", it.rank, it.bottom_rank, it.of),
            format!("rank {} of {}, {} from the bottom", it.rank, it.of, it.bottom_rank),
        ),
        (_, None) => ctx.tell("本区六项未全，没有综合指数", "this district has no index yet"),
        _ => ctx.tell("还没有他市数据", "there are no others yet"),
    };
    ui.label(strong(words));
    if let Some(other) = standing.and_then(|it| it.other_bottom_rank()) {
        ui.label(note(ctx.tell(
            format!("有并列：另一种算法为倒数第 {other}"),
            format!("with ties the other reading is {other} from the bottom"),
        )));
    }
}

fn rank_words(ctx: &Ctx<'_>, standing: Option<Standing>) -> String {
    standing.map_or_else(
        || "—".to_owned(),
        |it| {
            ctx.tell(
                format!("{}（倒{}）", it.rank, it.bottom_rank),
                format!("{} (−{})", it.rank, it.bottom_rank),
            )
        },
    )
}

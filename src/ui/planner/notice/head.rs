//! The head of a notice: form, number, issuer, date and repealed papers, what has to be looked at,
//! and the ways out of the window.

use std::sync::Arc;

use egui::{Button, RichText, TextEdit, Ui};
use jiff::civil::Date;
use lucide_icons::Icon;

use super::work::{Paper, export};
use crate::domain::{Kind, NoticeForm, Text, Value};
use crate::report::notice::{Notice, blocks};
use crate::report::plain;
use crate::ui::action::{Action, PaperAction, PlannerAction, WindowAction};
use crate::ui::ctx::Ctx;
use crate::ui::model::Toast;
use crate::ui::model::notice::Drafted;
use crate::ui::widgets::{icon, named, named_text, note, strong};

/// The field that is being typed, and what it says so far.
#[derive(Default)]
pub struct Head {
    typing: Option<(&'static str, String)>,
}

impl Head {
    /// Shows what is said of the notice as a whole, and what can be done with it.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        drafted: &Arc<Drafted>,
        notice: &Notice,
        may_edit: bool,
    ) {
        let plan = &drafted.of.plan;
        out_ui(ui, ctx, drafted, notice);
        ui.add_space(4.0);
        ui.add_enabled_ui(may_edit, |ui| form_ui(ui, ctx, plan, notice.head.form));
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let dated = notice.head.dated.map(|date| date.to_string()).unwrap_or_default();
        let rows = [
            (
                "number",
                Text::new("文号", "Number"),
                text(&notice.head.number),
                "唐政通字〔2026〕…号",
            ),
            ("issuer", Text::new("发布机关", "Issuer"), text(&notice.head.issuer), ""),
            ("dated", Text::new("成文日期", "Date"), dated, "2026-12-01"),
        ];
        for (key, words, known, hint) in rows {
            self.field_ui(ui, ctx, plan, (key, words), &known, hint);
        }
        let repealed = notice.head.supersedes.join("\n");
        ui.add_enabled_ui(may_edit, |ui| {
            let words = Text::new("废止文件（一行一件）", "Repeals, one a line");
            self.field_ui(ui, ctx, plan, ("supersedes", words), &repealed, "");
        });
        if !may_edit {
            ui.label(note(ctx.tell(
                "已定稿：文字不再改动，文号和日期仍可填写",
                "Frozen: the text stays; number and date can still be filled in",
            )));
        }
        ui.add_space(6.0);
        law_ui(ui, ctx);
        warnings_ui(ui, ctx, notice);
    }

    fn field_ui(
        &mut self,
        ui: &mut Ui,
        ctx: &Ctx<'_>,
        plan: &str,
        (key, words): (&'static str, Text),
        known: &str,
        hint: &str,
    ) {
        let typed = self.typing.as_ref().filter(|(own, _)| *own == key);
        let mut text = typed.map_or_else(|| known.to_owned(), |(_, text)| text.clone());
        ui.label(note(ctx.say(words)));
        let edit = if key == "supersedes" {
            TextEdit::multiline(&mut text).desired_rows(2)
        } else {
            TextEdit::singleline(&mut text)
        };
        let edit = ui.add(edit.hint_text(hint).desired_width(f32::INFINITY));
        named_text(&edit, ctx.say(words), &text);
        if edit.changed() {
            self.typing = Some((key, text.clone()));
        }
        if edit.lost_focus() {
            self.typing = None;
            let is_given_up = ui.input(|input| input.key_pressed(egui::Key::Escape));
            if !is_given_up && text.trim() != known {
                say(ctx, plan, key, text.trim());
            }
        }
    }
}

/// Sends what was typed into a field, or says how it is written.
fn say(ctx: &Ctx<'_>, plan: &str, key: &'static str, text: &str) {
    let value = match key {
        _ if text.is_empty() => None,
        "dated" => {
            let Ok(date) = text.parse::<Date>() else {
                ctx.actions.send(Action::Say(Toast::watch(
                    "日期应写成 2026-12-05",
                    "A date is written 2026-12-05",
                )));
                return;
            };
            Some(Value::Date(date))
        }
        "supersedes" => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            Some(Value::Words(lines.map(Arc::from).collect()))
        }
        _ => Some(Value::text(text)),
    };
    let action = PaperAction::Head { plan: plan.to_owned(), key, value };
    ctx.actions.planner(PlannerAction::Paper(action));
}

fn form_ui(ui: &mut Ui, ctx: &Ctx<'_>, plan: &str, known: NoticeForm) {
    ui.horizontal(|ui| {
        ui.label(note(ctx.tell("文种", "Form")));
        for (form, words, tip) in [
            (
                NoticeForm::Circular,
                Text::new("通告", "circular"),
                Text::new("向有关单位和个人", "to those whom it concerns"),
            ),
            (
                NoticeForm::Announcement,
                Text::new("公告", "announcement"),
                Text::new("向社会公开", "to everybody"),
            ),
        ] {
            let words = format!("{} {}", form.key(), ctx.tell("", words.en));
            let button = ui.add(Button::selectable(known == form, words.trim()));
            named(&button, &format!("{} {}", ctx.tell("文种", "Form"), form.key()));
            if button.on_hover_text(ctx.say(tip)).clicked() && known != form {
                let value = Some(form.value());
                let action = PaperAction::Head { plan: plan.to_owned(), key: "form", value };
                ctx.actions.planner(PlannerAction::Paper(action));
            }
        }
    });
}

/// Files, and the clipboard.
fn out_ui(ui: &mut Ui, ctx: &Ctx<'_>, drafted: &Arc<Drafted>, notice: &Notice) {
    ui.horizontal_wrapped(|ui| {
        for (mark, words, paper) in [
            (Icon::FileText, Text::new("导出 Word", "Export Word"), Paper::Word),
            (Icon::FileText, Text::new("导出文本", "Export text"), Paper::Plain),
            (
                Icon::FileSpreadsheet,
                Text::new("标志表 Excel", "Signs as Excel"),
                Paper::Schedule("xlsx"),
            ),
            (
                Icon::FileSpreadsheet,
                Text::new("标志表 CSV", "Signs as CSV"),
                Paper::Schedule("csv"),
            ),
        ] {
            let button = ui.button((icon(mark), ctx.say(words)));
            named(&button, ctx.say(words));
            if button.clicked() {
                export(ctx, Arc::clone(drafted), paper);
            }
        }
        let words = ctx.say(Text::new("复制全文", "Copy the text"));
        let copy = ui.button((icon(Icon::Copy), words));
        named(&copy, words);
        if copy.clicked() {
            ctx.actions.window(WindowAction::Copy(plain::text(&blocks(notice, None))));
            let toast = Toast::done("已复制公告全文", "the text of the notice is copied");
            ctx.actions.send(Action::Say(toast));
        }
    });
}

/// What the notice rests on: records of the district, or the list of the program.
fn law_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let world = ctx.world();
    let count = world.table(Kind::LegalBasis).len();
    if count > 0 {
        ui.label(note(ctx.tell(
            format!("法律依据：本区 {count} 条记录，按成文日期取用（表格“法律依据”页可改）"),
            format!("Legal bases: {count} records, by the date of the paper (see the table)"),
        )));
        return;
    }
    ui.label(note(ctx.tell("法律依据：内置清单", "Legal bases: the built-in list")));
    let words = ctx.say(Text::new("载入内置依据", "Load the built-in bases"));
    let tip = ctx.tell(
        "写成本区的记录，即可填写条款、增减文件",
        "Makes them records of the district, so that articles can be filled in",
    );
    if ui.button(words).on_hover_text(tip).clicked() {
        ctx.actions.planner(PlannerAction::Paper(PaperAction::LoadLaw));
    }
}

fn warnings_ui(ui: &mut Ui, ctx: &Ctx<'_>, notice: &Notice) {
    if notice.warnings.is_empty() {
        return;
    }
    ui.add_space(6.0);
    let count = notice.warnings.len();
    ui.label(strong(ctx.tell(format!("待核对 {count}"), format!("To look at: {count}"))));
    for warning in &notice.warnings {
        let watch = ctx.color(|t| t.watch);
        ui.horizontal_top(|ui| {
            ui.label(icon(Icon::TriangleAlert).color(watch));
            ui.add(egui::Label::new(RichText::new(warning.say(ctx.lang()))).wrap());
        });
    }
}
